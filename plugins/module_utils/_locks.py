# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lock files, so that separate processes on one machine do not work on one child server at once. PRIVATE."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError


@contextlib.contextmanager
def lane(directory: str | None, dashboard: str, name: str) -> Iterator[None]:
    """Hold the lane ``name`` of ``dashboard`` while the block runs; without a directory there is nothing to hold.

    The lock ends with the process, whatever ends it. Raises InputError when the directory cannot be used.
    """
    if not directory:
        yield
        return
    digest = hashlib.sha256(f"{dashboard} {name}".encode()).hexdigest()[:24]
    try:
        Path(directory).mkdir(mode=0o700, parents=True, exist_ok=True)
        # Nothing is written, and in a directory of others no link is followed.
        handle = os.open(Path(directory) / f"{digest}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as exc:
        raise InputError(
            "lock_dir", f"{directory} cannot be used: {exc}.", "Give a directory that can be written."
        ) from exc
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
