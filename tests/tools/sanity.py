# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ``ansible-test sanity`` over the checkout: ``sanity.py [newest|oldest|BRANCH]``, such as 2.18.

ansible-test wants to stand in a directory ``ansible_collections/wpfleet/mainwp`` that is no symbolic link, so the
files that git knows or would add are copied into one. It gets a home of its own, in which the script that it would
download to bootstrap pip is replaced by ``pip_by_uv.py``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from envs import (
    CACHE,
    CORES,
    ROOT,
    Python,
    core_venv,
    core_version,
    environment,
    find_pythons,
    git_files,
    oldest_venv,
    python_at_hand,
    run,
)

TOOLS = Path(__file__).resolve().parent
# What uv is told of the caller's environment, of which ansible-test passes nothing on.
FOR_UV = re.compile(r"HOME|PATH|XDG_.*|UV_.*|SSL_CERT_.*|(http|https|all|no)_proxy", re.IGNORECASE)
# First come the environments into which something is put before they are used.
PRIMED = ["--prime-venvs", "--test", "import", "--test", "changelog", "--test", "pylint"]
# What ansible-test is asked for, both at a time: each keeps one core busy, and pylint takes half of all. The oldest pylint has
# nothing to say about our tests, which nobody gets: of what the newest does not look for, there is only what Python deprecates,
# and super() with another class.
REST, PYLINT = ["--skip-test", "pylint"], ["--test", "pylint"]
RUNS: dict[str, list[list[str]]] = {"oldest": [REST, [*PYLINT, "plugins/"]]}


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
        shutil.copy(TOOLS / "pip_by_uv.py", bootstraps / f"get_pip_{version.replace('.', '_')}.py")
    passed = {name: value for name, value in environment().items() if FOR_UV.fullmatch(name)}
    how = home / "uv.json"
    how.touch(mode=0o600)  # an address of an index may hold a password
    how.write_text(json.dumps({"program": str(Path(sys.prefix) / "bin" / "uv"), "environment": passed}))
    return home


def search_path(venv: Path, pythons: list[Python]) -> str:
    """The venv, the real Pythons, and the rest without pyenv's shims, which fail for versions that are not active."""
    directories = [str(venv / "bin")]
    directories += [str(python.path.resolve().parent) for python in pythons]
    directories += [name for name in os.environ.get("PATH", os.defpath).split(os.pathsep) if "shims" not in name]
    return os.pathsep.join(dict.fromkeys(directories))


def compile_once(home: Path) -> None:
    """Speed up the import check, which runs in environments that have no packages."""
    for packages in home.glob(".ansible/test/venv/sanity/*/*/lib/python3.*/site-packages"):
        shutil.copy(TOOLS / "compile_once.py", packages)
        (packages / "compile_once.pth").write_text("import compile_once\n")


def leave_garbage(home: Path) -> None:
    """Let pylint keep its garbage, a tenth of what it holds: looking for it takes a fifth of its time."""
    for packages in home.glob(".ansible/test/venv/sanity.pylint/*/*/lib/python3.*/site-packages"):
        (packages / "leave_garbage.pth").write_text("import gc; gc.disable()\n")


def compile_quietly(home: Path) -> None:
    """Compile the old docutils of some branches: newer Pythons warn meanwhile, which the check takes for its own failure."""
    for python in home.glob(".ansible/test/venv/sanity.changelog/*/*/bin/python"):
        packages = next(python.parents[1].glob("lib/python3.*/site-packages"))
        run([python, "-W", "ignore", "-m", "compileall", "-q", packages])


def ways_to_run(which: str) -> tuple[Path, list[Python]]:
    """(environment with ansible-core, Pythons to check with)."""
    if which == "newest":
        return Path(sys.prefix), find_pythons()
    if which == "oldest":
        return oldest_venv(), [python_at_hand()]
    if which not in CORES:
        sys.exit(f"There is no branch {which!r}: {', '.join(CORES)}")
    able = [python for python in find_pythons() if python.runs(which)]
    if not able:
        sys.exit(f"No Python 3.{CORES[which][0]} to 3.{CORES[which][1]} found, for ansible-core {which}")
    return core_venv(which, able[-1]), able[-1:]


def main() -> int:
    which = sys.argv[1] if len(sys.argv) > 1 else "newest"
    venv, pythons = ways_to_run(which)
    place = CACHE / "sanity" / which  # of its own: both may run at a time
    shutil.rmtree(place, ignore_errors=True)
    # short, for its Pythons are named behind a "#!", which Linux reads no further than 127 characters
    home = make_home(CACHE / which[-4:], venv)
    env = environment(HOME=str(home), PATH=search_path(venv, pythons))
    env.pop("ANSIBLE_CONFIG")
    command = [venv / "bin" / "ansible-test", "sanity", "--venv", "--color", "no"]
    if which != "newest":
        command += ["--python", pythons[0].version]
    print(f"ansible-test sanity with ansible-core {core_version(venv)}", flush=True)

    def ask(words: list[str]) -> tuple[bool, str]:
        """(whether it passed, what it said), in a copy of the checkout of its own."""
        copy = place / str(asked.index(words)) / "ansible_collections" / "wpfleet" / "mainwp"
        copy_checkout(copy)
        done = subprocess.run(
            [*command, *words],
            cwd=copy,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode == 0 and "All targets skipped" not in done.stdout, done.stdout

    asked = [PRIMED, *RUNS.get(which, [REST, PYLINT])]
    results = [ask(PRIMED)]
    compile_once(home)
    compile_quietly(home)
    leave_garbage(home)
    with ThreadPoolExecutor() as pool:
        results += pool.map(ask, asked[1:])
    logs = [log for dummy, log in results]
    (place / "log").write_text("".join(logs))
    if not all(passed for passed, dummy in results):
        print("".join(logs))
        return 1
    log = "".join(logs[1:])
    tests = re.findall(r'^Running sanity test "([^"]+)"', log, re.MULTILINE)
    skipped = re.findall(r"^WARNING: (Skipping .*)", log, re.MULTILINE)
    print("\n".join([f"passed: {' '.join(sorted(set(tests)))}", *dict.fromkeys(skipped)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
