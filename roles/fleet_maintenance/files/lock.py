# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep two runs of the role away from one Dashboard: ``lock.py take FILE MAX_AGE`` and ``lock.py give FILE TOKEN``.

``take`` writes JSON with a token and, if need be, a warning. It fails only if another run holds the lock: a lock that
cannot be had for technical reasons must not keep anybody from maintaining sites.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pathlib
import platform
import sys
import time
import uuid
from collections.abc import Iterator


@contextlib.contextmanager
def guarded(path: pathlib.Path) -> Iterator[None]:
    """Look and act in one step, whoever else does the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".guard").open("w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def read(path: pathlib.Path) -> dict[str, str] | None:
    """Who holds the lock; None for nobody. A file that cannot be understood is somebody's all the same."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}


def take(path: pathlib.Path, max_age: float) -> str:
    """Take the lock; a warning, or nothing. Exits if somebody else has it."""
    holder = read(path)
    if holder is None:
        return ""
    age = time.time() - path.stat().st_mtime
    who = f"on {holder.get('host', 'an unknown machine')} since {holder.get('since', 'some time')}"
    if age < max_age:
        sys.exit(
            f"Another run maintains this Dashboard ({who}). Wait for it; if it died, remove {path}, or set "
            "fleet_maintenance_lock: false."
        )
    return f"Broke the lock of a run ({who}) that is older than fleet_maintenance_lock_max_age."


def hold(path: pathlib.Path, holder: dict[str, str]) -> None:
    """Say whose the lock is. Half a file would be somebody's for a day, and nobody could give it back."""
    try:
        path.write_text(json.dumps(holder) + "\n", encoding="utf-8")
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def main(action: str, file: str, value: str) -> None:
    """Take or give."""
    path = pathlib.Path(file)
    os.umask(0o077)
    if action == "give":
        with contextlib.suppress(OSError), guarded(path):
            if (read(path) or {}).get("token") == value:
                path.unlink()
        return
    token = uuid.uuid4().hex
    try:
        with guarded(path):
            warning = take(path, float(value))
            since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            hold(path, {"token": token, "host": platform.node(), "since": since})
    except OSError as exc:
        token, warning = "", f"Nothing keeps a second run away from this Dashboard: {exc}."
    sys.stdout.write(json.dumps({"token": token, "warning": warning}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
