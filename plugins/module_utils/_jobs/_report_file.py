# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a run in a file, from its start on, so that a run that is killed leaves what it knew. PRIVATE."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .. import _errors as errors
from .._files import write
from .._models import iso
from .._secrets import Secrets
from .._stored import FORMAT

#: Writing takes at most one part in so many of a run's time, whatever the size of the fleet.
_SHARE = 20


class ReportFile:
    """``path`` holds the newest report, whole at any time and readable by its owner only; None: nothing is written.

    Trouble with the file is told to ``warn``, once, and never stops a run.
    """

    def __init__(self, path: str | None, secrets: Secrets, warn: Callable[[str], None]) -> None:
        self._path = Path(path) if path else None
        self._secrets = secrets
        self._warn = warn
        self._started = iso(time.time())
        self._not_before = 0.0

    def save(self, compose: Callable[[], Mapping[str, Any]], complete: bool = False, last: bool = False) -> None:
        """Write what ``compose`` returns, if it is time or for the last time. ``complete``: the run came to its end."""
        begun = time.monotonic()
        if self._path is None or (begun < self._not_before and not last):
            return
        head = {"format": FORMAT, "complete": complete, "started": self._started, "finished": iso(time.time())}
        try:
            report = self._secrets.mask_all({**head, **compose()})
            write(self._path, json.dumps(report, ensure_ascii=False, indent=1) + "\n")
        except OSError as exc:
            self._warn(f"report_file: {self._path} cannot be written: {exc}. The run goes on without it.")
            self._path = None
        except Exception as exc:  # noqa: BLE001  # a bug in telling must not end what is being done
            self._warn(f"report_file: {errors.bug_sentence(exc)}")
        self._not_before = begun + _SHARE * (time.monotonic() - begun)
