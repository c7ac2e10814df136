# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual environments for the tests, and which ansible-core runs on which Python.

``envs.py layout VENV`` makes the checkout importable in VENV as the installed collection. Imported by the other tools.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"

# Pythons that a controller of each branch supports: first and last minor version of Python 3.
CORES: dict[str, tuple[int, int]] = {
    "2.16": (10, 12),
    "2.17": (10, 12),
    "2.18": (11, 13),
    "2.19": (11, 13),
    "2.20": (12, 14),
    "2.21": (12, 14),
}


@dataclass(frozen=True)
class Python:
    minor: int
    path: Path

    @property
    def version(self) -> str:
        return f"3.{self.minor}"

    def runs(self, core: str) -> bool:
        first, last = CORES[core]
        return first <= self.minor <= last


def python_at_hand() -> Python:
    return Python(sys.version_info.minor, Path(sys.executable))


def find_pythons() -> list[Python]:
    """One working interpreter per minor version: this one, then PATH, then pyenv's."""
    found = {sys.version_info.minor: python_at_hand()}
    candidates = [
        Path(directory) / f"python3.{minor}"
        for directory in os.environ.get("PATH", os.defpath).split(os.pathsep)
        for minor in range(10, 20)
    ]
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    candidates += sorted(pyenv.glob("versions/3.*/bin/python3.*"), reverse=True)
    for path in candidates:
        match = re.fullmatch(r"python3\.(\d+)", path.name)
        if not match or int(match[1]) in found or not os.access(path, os.X_OK):
            continue
        python = Python(int(match[1]), path)
        if works(python):
            found[python.minor] = python
    return [found[minor] for minor in sorted(found)]


def works(python: Python) -> bool:
    """A pyenv shim may be there for a version that is not active; a Python may lack what a venv needs."""
    code = f"import sys, ssl, venv; sys.exit(sys.version_info[:2] != (3, {python.minor}))"
    try:
        done = subprocess.run(
            [python.path, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def environment(venv: Path | None = None, **extra: str) -> dict[str, str]:
    """The caller's environment without what would reach into the tests, the venv's programs first."""
    unwanted = re.compile(
        r"(MAINWP|ANSIBLE|PYTEST|COVERAGE|MYPY)_.*"
        r"|PYTHON(PATH|HOME|STARTUP|DONTWRITEBYTECODE)|VIRTUAL_ENV|UV_PYTHON"
        r"|GIT_(DIR|WORK_TREE|INDEX_FILE)"  # set in git's hooks
    )
    env = {name: value for name, value in os.environ.items() if not unwanted.fullmatch(name)}
    path = f"{(venv or Path(sys.prefix)) / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**env, "PATH": path, "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"), "LC_ALL": "C.UTF-8", **extra}


def git_files(*options: str) -> list[Path]:
    """The files of the checkout that git lists and that exist."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", *options],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in sorted(set(listing.split("\0"))) if name and (ROOT / name).is_file()]


def make_venv(name: str, python: Python, requirements: list[str], groups: list[str], *, layout: bool = True) -> Path:
    """Create ``.cache/venv/<name>``, or leave it alone if it is already what is asked for. Without ``layout`` it does not know
    the checkout."""
    venv = CACHE / "venv" / name
    stamp = venv / ".stamp"
    files = [ROOT / "pyproject.toml", ROOT / "requirements.txt", Path(__file__)]
    key = hashlib.sha256(repr((str(venv), str(python.path), requirements, groups, layout)).encode())
    for file in files:
        key.update(file.read_bytes())
    if stamp.is_file() and stamp.read_text() == key.hexdigest():
        return venv
    uv = Path(sys.prefix) / "bin" / "uv"
    shutil.rmtree(venv, ignore_errors=True)
    run([uv, "venv", "--quiet", "--python", python.path, venv])
    wanted: list[str | Path] = ["-r", ROOT / "requirements.txt", *requirements]
    for group in groups:
        wanted += ["--group", f"{ROOT}/pyproject.toml:{group}"]
    run([uv, "pip", "install", "--quiet", "--python", venv / "bin" / "python", *wanted])
    if layout:
        link_layout(venv)
    stamp.write_text(key.hexdigest())
    return venv


def core_venv(core: str, python: Python) -> Path:
    """What the tests need, with the newest release of one ansible-core branch."""
    return make_venv(f"core-{core}-py{python.version}", python, [f"ansible-core~={core}.0"], ["test"])


def oldest_venv() -> Path:
    """The oldest ansible-core branch that the Python at hand can run, and the oldest requests, with urllib3 1.26."""
    python = python_at_hand()
    for core in CORES:
        if python.runs(core):
            wanted = [f"ansible-core~={core}.0", "requests==2.28.*"]
            return make_venv(f"oldest-core-{core}-py{python.version}", python, wanted, ["test"])
    sys.exit(f"No supported ansible-core branch runs on Python {python.version}")


def link_layout(venv: Path) -> None:
    """Let everything in the venv find the checkout as ansible_collections.wpfleet.mainwp, without any variable."""
    namespace = venv / "layout" / "ansible_collections" / "wpfleet"
    namespace.mkdir(parents=True, exist_ok=True)
    link = namespace / "mainwp"
    link.unlink(missing_ok=True)
    link.symlink_to(ROOT, target_is_directory=True)
    for site_packages in venv.glob("lib/python3.*/site-packages"):
        (site_packages / "wpfleet_mainwp_layout.pth").write_text(f"{venv / 'layout'}\n")


def run(command: list[str | Path], **options: object) -> None:
    options.setdefault("env", environment())
    done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"failed with {done.returncode}: {' '.join(map(str, command))}")


def core_version(venv: Path) -> str:
    code = "from ansible.release import __version__; print(__version__)"
    return subprocess.run(
        [venv / "bin" / "python", "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    ).stdout.strip()


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "layout":
        sys.exit(__doc__)
    link_layout(Path(sys.argv[2]).resolve())
