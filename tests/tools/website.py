# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the site: guides and the reference of modules, plugins and roles as HTML in ``.cache/docs/html``.

Then every link and every anchor of it is followed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from envs import CACHE, ROOT, environment, make_venv, python_at_hand, run
from pages import REFERENCE, broken, pages

WEBSITE = ROOT / "tests" / "website"
SOURCE, HTML = CACHE / "docs" / "source", CACHE / "docs" / "html"


def lay_out() -> None:
    """The sources, each under the name of its page."""
    for file, page in pages(ROOT).items():
        target = SOURCE / f"{page}{Path(file).suffix}"
        if not page.startswith(f"{REFERENCE}/"):  # antsibull-docs puts these there
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, target)
    shutil.copytree(ROOT / "docs" / "images", SOURCE / "images")


def main() -> int:
    venv = make_venv("docs", python_at_hand(), [], ["docs"])
    bin_dir = venv / "bin"
    shutil.rmtree(CACHE / "docs", ignore_errors=True)
    lay_out()
    reference = SOURCE / REFERENCE
    reference.mkdir(mode=0o755)
    reference.chmod(0o755)  # antsibull-docs insists that nobody else can write there
    docs = [bin_dir / "antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--dest-dir", reference]
    run([*docs, "wpfleet.mainwp"], env=environment(venv))
    # in one process: several take a quarter more of all processors, on which other checks run meanwhile
    sphinx = [bin_dir / "sphinx-build", "-q", "-W", "--keep-going"]
    run([*sphinx, "-c", WEBSITE, "-d", CACHE / "docs" / "trees", SOURCE, HTML])
    gone = list(broken(HTML))
    for line in gone:
        print(f"leads to nothing: {line}")
    print(f"The site is in {(HTML / 'index.html').relative_to(ROOT)}")
    return int(bool(gone))


if __name__ == "__main__":
    sys.exit(main())
