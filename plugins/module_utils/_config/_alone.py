# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run at a time applies a tree to a Dashboard: two that make the same things at once make some of them twice. PRIVATE to
the collection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from .. import _errors as errors
from .._dashboard import Dashboard
from .._jobs._common import Reporter
from .._locks import POLL, SPEC, Locks, lock_directory

#: What the lock is called; those of sites are called otherwise.
NAME = "config"


@contextlib.contextmanager
def alone(dashboard: Dashboard, task: Mapping[str, Any], reporter: Reporter) -> Iterator[bool]:
    """Nobody else who shares the folder of locks applies a tree meanwhile; whether somebody did until now. Raises MainWPError
    where that takes too long."""
    patience = float(task.get("lock_timeout", SPEC["lock_timeout"]["default"]))
    with contextlib.closing(Locks(lock_directory(task.get("lock_dir")), dashboard.connection.url)) as locks:
        waited = False
        while wait := locks.take([NAME]):
            if wait.seconds >= patience or reporter.interrupted:
                text = f"Another run applies a tree to this Dashboard: {wait}. Waited {wait.seconds:.0f} s for it (lock_timeout)."
                raise errors.MainWPError(text, "Nothing was sent.", "locked")
            waited = True
            reporter.waiting([f"the lock of {wait}"])
            dashboard.sleep(POLL)
        yield waited
