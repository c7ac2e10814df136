# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the reference of modules, plugins and roles as HTML in ``.cache/docs/html``."""

from __future__ import annotations

import shutil
import sys

from envs import CACHE, environment, make_venv, python_at_hand, run

SETTINGS = {
    "project": "wpfleet.mainwp",
    "extensions": "sphinx_antsibull_ext",
    "html_theme": "sphinx_ansible_theme",
    "pygments_style": "ansible",
    "highlight_language": "YAML+Jinja",
    "default_role": "any",
    "html_copy_source": "0",
    # References into Ansible's own documentation: resolving them takes the network. antsibull-docs checks ours.
    "suppress_warnings": "ref.ref,ref.any",
}


def main() -> int:
    venv = make_venv("docs", python_at_hand(), [], ["docs"])
    bin_dir = venv / "bin"
    source, html = CACHE / "docs" / "rst", CACHE / "docs" / "html"
    shutil.rmtree(CACHE / "docs", ignore_errors=True)
    source.mkdir(parents=True, mode=0o755)
    source.chmod(0o755)  # antsibull-docs insists that nobody else can write there
    docs = [bin_dir / "antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--dest-dir", source]
    run([*docs, "wpfleet.mainwp"], env=environment(venv))
    settings = [word for name, value in SETTINGS.items() for word in ("-D", f"{name}={value}")]
    # in one process: several take a quarter more of all processors, on which other checks run meanwhile
    run([bin_dir / "sphinx-build", "-q", "-W", "--keep-going", "-C", *settings, source, html])
    print(f"The reference is in {(html / 'index.html').relative_to(CACHE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
