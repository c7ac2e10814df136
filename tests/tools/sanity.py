# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ``ansible-test sanity`` over the checkout: ``sanity.py [newest|oldest]``.

ansible-test wants to stand in a directory ``ansible_collections/wpfleet/mainwp`` that is no symbolic link, so the
files that git knows or would add are copied into one. It gets a home of its own, in which the script that it would
download to bootstrap pip is replaced by one that uses the pip every Python brings along.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from envs import (
    CACHE,
    ROOT,
    Python,
    core_version,
    environment,
    find_pythons,
    git_files,
    oldest_venv,
    python_at_hand,
    run,
)

BOOTSTRAP = """\
import ensurepip
import pathlib
import runpy
import sys

places = (pathlib.Path(ensurepip.__file__).parent / "_bundled", pathlib.Path("/usr/share/python-wheels"))  # Debian's
sys.path.insert(0, str(next(wheel for place in places for wheel in place.glob("pip-*.whl"))))
sys.argv[1:] = ["install", *(word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel"))]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def copy_checkout(target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for source in git_files("--cached", "--others", "--exclude-standard"):
        copy = target / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy)
    # Without a repository of its own the copy lies in a directory that git ignores, and no file is looked at.
    run(["git", "init", "--quiet"], cwd=target)
    run(["git", "add", "--all"], cwd=target)


def make_home(home: Path, venv: Path) -> Path:
    bootstraps = home / ".ansible" / "test" / "cache"
    bootstraps.mkdir(parents=True, exist_ok=True)
    (source,) = venv.glob("lib/python3.*/site-packages/ansible_test/_internal/python_requirements.py")
    for version in set(re.findall(r"""pip=['"]([0-9.]+)['"]""", source.read_text())):
        (bootstraps / f"get_pip_{version.replace('.', '_')}.py").write_text(BOOTSTRAP)
    for name in (".config/pip", ".pip", ".cache/pip"):  # pip as its user has configured it, and its cache
        mine, users = home / name, Path("~").expanduser() / name
        if users.is_dir() and not mine.exists():
            mine.parent.mkdir(parents=True, exist_ok=True)
            mine.symlink_to(users, target_is_directory=True)
    return home


def search_path(venv: Path, pythons: list[Python]) -> str:
    """The venv, the real Pythons, and the rest without pyenv's shims, which fail for versions that are not active."""
    directories = [str(venv / "bin")]
    directories += [str(python.path.resolve().parent) for python in pythons]
    directories += [name for name in os.environ.get("PATH", os.defpath).split(os.pathsep) if "shims" not in name]
    return os.pathsep.join(dict.fromkeys(directories))


def main() -> int:
    which = sys.argv[1] if len(sys.argv) > 1 else "newest"
    if which == "oldest":
        venv, pythons = oldest_venv(), [python_at_hand()]
    else:
        venv, pythons = Path(sys.prefix), find_pythons()
    place = CACHE / "sanity" / which  # of its own: both may run at a time
    copy = place / "ansible_collections" / "wpfleet" / "mainwp"
    copy_checkout(copy)
    # short, for its Pythons are named behind a "#!", which Linux reads no further than 127 characters
    home = make_home(CACHE / which[:3], venv)
    env = environment(HOME=str(home), PATH=search_path(venv, pythons))
    env.pop("ANSIBLE_CONFIG")
    command = [venv / "bin" / "ansible-test", "sanity", "--venv", "--color", "no"]
    if which == "oldest":
        command += ["--python", pythons[0].version]
    print(f"ansible-test sanity with ansible-core {core_version(venv)}", flush=True)
    done = subprocess.run(
        command,
        cwd=copy,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    (place / "log").write_text(done.stdout)
    if done.returncode or "All targets skipped" in done.stdout:
        print(done.stdout)
        return 1
    tests = re.findall(r'^Running sanity test "([^"]+)"', done.stdout, re.MULTILINE)
    skipped = re.findall(r"^WARNING: (Skipping .*)", done.stdout, re.MULTILINE)
    print("\n".join([f"passed: {' '.join(dict.fromkeys(tests))}", *dict.fromkeys(skipped)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
