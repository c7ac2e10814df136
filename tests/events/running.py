# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real ansible-rulebook with the collection that ``make events`` installed, and what it says."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".cache" / "venv" / "events" / "bin"
COLLECTIONS = ROOT / ".cache" / "events" / "collections"
COLLECTION = COLLECTIONS / "ansible_collections" / "wpfleet" / "mainwp"
RULEBOOKS = COLLECTION / "extensions" / "eda" / "rulebooks"
EXAMPLES = COLLECTION / "examples" / "eda"
INVENTORY = EXAMPLES / "inventory.yml"
#: Whatever takes longer hangs.
PATIENCE = 120


def environment(home: Path, **more: str) -> dict[str, str]:
    """That of a user who has nothing but the collection and ansible-rulebook."""
    kept = ("LANG", "LC_ALL", "JAVA_HOME", "TMPDIR")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        **more,
    }


class Running:
    """A rulebook at work in ``folder``. All that it says, and what it starts says, is in one file."""

    def __init__(self, folder: Path, rulebook: str | Path, *options: str | Path, **env: str) -> None:
        self.folder = folder
        self.output = folder / "output.txt"
        self._from = self.output.stat().st_size if self.output.exists() else 0
        command = [BIN / "ansible-rulebook", "-r", rulebook, *options]
        with self.output.open("ab") as out:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=environment(folder, **env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """What was said since it began."""
        with self.output.open("rb") as file:
            file.seek(self._from)
            return file.read().decode(errors="replace")

    def _end(self) -> str:
        """The last of what was said, without single requests."""
        lines = [line for line in self.said().splitlines() if "urllib3.connectionpool" not in line]
        return "\n".join(lines[-100:])

    def until(self, what: str, true: Callable[[], Any]) -> None:
        """Wait until something is so, as long as it runs."""
        end = time.monotonic() + PATIENCE
        while not true():
            if self._process.poll() is not None and not true():
                raise AssertionError(f"It ended before {what}:\n{self._end()}")
            if time.monotonic() > end:
                raise AssertionError(f"It took too long until {what}:\n{self._end()}")
            time.sleep(0.05)

    def until_said(self, text: str, times: int = 1) -> None:
        self.until(f"it said {text!r}", lambda: self.said().count(text) >= times)

    def ended(self) -> int:
        """The status with which it ends by itself."""
        return self._process.wait(PATIENCE)

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *exc_info: object) -> None:
        """As a service manager ends it."""
        for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            if self._process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(patience)


def written(path: Path, content: object) -> Path:
    """A file of YAML."""
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return path


def ruleset(arguments: Mapping[str, object], **rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A rulebook of rules by name, for the source with these arguments."""
    return [
        {
            "name": "Test",
            "hosts": "localhost",
            "sources": [{"name": "changes", "wpfleet.mainwp.dashboard_changes": {"interval": 1, **arguments}}],
            "rules": [{"name": name, **rule} for name, rule in rules.items()],
        }
    ]
