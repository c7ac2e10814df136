# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ``tests/events``: rulebooks and the event source in the real ansible-rulebook: ``events.py PYTEST-ARGUMENT...``

ansible-rulebook gets an environment of its own, and the collection is built and installed by ansible-galaxy into a directory
that no Python looks into by itself, as it is for users. ``events.py --can`` tells whether there is the Java that it needs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from envs import CACHE, ROOT, environment, make_venv, python_at_hand, run

#: Where tests/events finds the collection.
INSTALLED = CACHE / "events" / "collections"
JAVA = 17


def lacks_java() -> str:
    """What is missing, in one sentence; empty if nothing is. Looks where ansible-rulebook does."""
    needs = f"Needs Java {JAVA} or newer, for ansible-rulebook: on Debian, apt-get install default-jre-headless"
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home) / "bin" / "java")) if home else shutil.which("java")
    if not java:
        return f"{needs}; there is none in {f'JAVA_HOME ({home})' if home else 'PATH'}."
    told = subprocess.run(
        [java, "-XshowSettings:properties", "-version"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    ).stderr
    # "17", once "1.8"
    found = re.search(r"java\.specification\.version = (?:1\.)?(\d+)", told)
    if found and int(found[1]) >= JAVA:
        return ""
    return f"{needs}; {java} is {f'Java {found[1]}' if found else 'none that runs'}."


def install() -> None:
    """Build the collection and install it, as Galaxy's users do."""
    shutil.rmtree(INSTALLED.parent, ignore_errors=True)
    INSTALLED.mkdir(parents=True)
    galaxy = [Path(sys.prefix) / "bin" / "ansible-galaxy", "collection"]
    run([*galaxy, "build", "--output-path", INSTALLED.parent, ROOT], stdout=subprocess.DEVNULL)
    (artifact,) = INSTALLED.parent.glob("*.tar.gz")
    env = environment(ANSIBLE_COLLECTIONS_PATH=str(INSTALLED))
    # forced, for the checkout counts as installed
    run(
        [*galaxy, "install", "--force", "--offline", "-p", INSTALLED, artifact],
        stdout=subprocess.DEVNULL,
        env=env,
    )


def main(arguments: list[str]) -> int:
    missing = lacks_java()
    if missing or arguments == ["--can"]:
        print(missing, end="\n" if missing else "", file=sys.stderr)
        return int(bool(missing))
    make_venv("events", python_at_hand(), [], ["events"], layout=False)
    install()
    command = [sys.executable, "-m", "pytest", "-q", *arguments, "tests/events"]
    return subprocess.run(command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
