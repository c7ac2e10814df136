# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the collection, look at what is in it, and let galaxy-importer judge it as Galaxy would.

All but one thing: Galaxy's ansible-lint leaves out rules that ours has, and sees no other files than ours, as all that git knows
of what is meant to be shipped is there. So that is left to ``make lint-ansible``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from envs import CACHE, ROOT, environment, git_files, make_venv, python_at_hand, run

CONFIG = """\
[galaxy-importer]
LOG_LEVEL_MAIN = INFO
RUN_ANSIBLE_LINT = False
RUN_ANSIBLE_TEST = False
RUN_FLAKE8 = False
REQUIRE_V1_OR_GREATER = False
"""
SHIPPED = re.compile(
    r"(CHANGELOG|CONTRIBUTING|README|SECURITY)\.md|COPYING|FILES\.json|MANIFEST\.json|requirements\.txt"
    # no pictures: those who read them are online
    r"|(LICENSES|docs(?!/images)|examples|extensions|meta|playbooks|plugins|roles)(/.*)?"
    r"|changelogs(/(changelog|config)\.yaml)?"
)


def main() -> int:
    build = CACHE / "build"
    shutil.rmtree(build, ignore_errors=True)
    build.mkdir(parents=True)
    galaxy = Path(sys.prefix) / "bin" / "ansible-galaxy"
    run([galaxy, "collection", "build", "--output-path", build, ROOT], stdout=subprocess.DEVNULL)
    (artifact,) = build.glob("*.tar.gz")
    with tarfile.open(artifact) as tar:
        shipped = set(tar.getnames())
    known = {path.relative_to(ROOT).as_posix() for path in git_files("--cached", "--others", "--exclude-standard")}
    wrong = [f"{name}: not meant to be shipped" for name in sorted(shipped) if not SHIPPED.fullmatch(name)]
    wrong += [f"{name}: meant to be shipped" for name in sorted(known - shipped) if SHIPPED.fullmatch(name)]
    if wrong:
        print("\n".join(f"{line}, see build_ignore in galaxy.yml" for line in wrong))
        return 1
    config = build / "importer.cfg"
    config.write_text(CONFIG)
    venv = make_venv("importer", python_at_hand(), [], ["importer"])
    done = subprocess.run(
        [venv / "bin" / "python", "-m", "galaxy_importer.main", artifact],
        cwd=build,
        env=environment(venv, GALAXY_IMPORTER_CONFIG=str(config)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    complaints = [line for line in lines if re.match("WARNING|ERROR|CRITICAL", line)]
    succeeded = done.returncode == 0 and "Importer processing completed successfully" in done.stdout
    if not succeeded or complaints:
        print(done.stdout if not succeeded else "\n".join(complaints))
        return 1
    print(f"{artifact.name}: galaxy-importer has no complaint")
    return 0


if __name__ == "__main__":
    sys.exit(main())
