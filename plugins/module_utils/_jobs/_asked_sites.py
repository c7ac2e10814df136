# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules share that read something of each selected site: which sites, since when, and what one could not tell.
PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .. import _errors as errors
from .._api.resource import parallel
from .._dashboard import Dashboard
from .._models import Site, picked
from .._reports.keys import moment_of
from .._selection import Selection
from ._common import Reporter, chosen_sites, in_words, read_sites

T = TypeVar("T")
_AGO = re.compile(r"(\d{1,5})\s*([hd])")
_HOURS = {"h": 1, "d": 24}

#: What came of reading it: ``read`` or ``unknown``, with reason and message.
READ: dict[str, str] = {"result": "read", "reason": "", "message": ""}


def asked_sites(dashboard: Dashboard, selection: Selection, reporter: Reporter) -> tuple[Site, ...]:
    """The selected sites, and which dialect the Dashboard speaks."""
    chosen = chosen_sites(dashboard, read_sites(dashboard, selection), selection, reporter)
    if chosen:
        dashboard.detect(chosen[0].id)
    return chosen


def head(site: Site) -> dict[str, Any]:
    """Which site an entry is about."""
    return picked(site, "id", "url", "domain", "name")


def of_each(
    sites: tuple[Site, ...], what: str, read: Callable[[Site], T], reporter: Reporter
) -> list[tuple[T | None, dict[str, str]]]:
    """What ``read`` says of each site, in lanes, and what came of it. One that cannot tell is unknown, with a warning; what
    would be the same for every site is raised."""

    def one(site: Site) -> tuple[T | None, dict[str, str]]:
        try:
            return read(site), READ
        except errors.OF_THE_DASHBOARD:
            raise
        except errors.MainWPError as exc:
            reason, message = in_words(exc)
            reporter.warn(f"{site.url}: no {what}: {message}")
            return None, {"result": "unknown", "reason": reason, "message": message}

    return parallel(one, sites)


def since_from(params: Mapping[str, Any], option: str) -> float | None:
    """A time as unix seconds, or so many seconds ago (negative); None where it was not given. Raises InputError."""
    text = str(params.get(option) or "").strip()
    if not text:
        return None
    ago = _AGO.fullmatch(text)
    if ago:
        return -3600.0 * int(ago[1]) * _HOURS[ago[2]]
    moment = moment_of(text)
    if moment is None or moment.timestamp() <= 0:
        remedy = "Use a time such as 2026-11-24T22:30:00Z, a day such as 2026-11-01, or 24h or 30d for so long ago."
        raise errors.InputError(option, f"'{text}' is no time.", remedy)
    return moment.timestamp()


def begin_of(since: float, now: float) -> float:
    """The moment that ``since_from`` means, by the Dashboard's clock."""
    return now + since if since < 0 else since
