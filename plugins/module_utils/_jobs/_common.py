# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several jobs need. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from .. import _errors as errors
from .._api.resource import parallel
from .._api.sites import SLIM
from .._dashboard import Dashboard, Limits
from .._locks import Wait
from .._models import Site
from .._selection import Selection, find_sites, is_sure, select


class Reporter(Protocol):
    """Where a job's running commentary goes. ``verbose`` asks for everything in the result; ``interrupted`` says that
    nothing new may start. A job that looks at it sets ``patient``: then a signal raises nothing."""

    verbose: bool
    interrupted: bool
    patient: bool

    def warn(self, text: str) -> None:
        """A warning for the user."""

    def progress(self, done: int, total: int, failed: int, finished: Any) -> None:
        """One more site is finished."""

    def show(self, lines: Sequence[str]) -> None:
        """Something to be read while the job goes on."""

    def waiting(self, waits: Sequence[str]) -> None:
        """What sites wait for, such as somebody's lock; called again and again, also when there is nothing."""


def until_interrupted(reporter: Reporter, then: Callable[[], None] = lambda: None) -> Callable[[], None]:
    """What a Fleet calls all the time: ``then``, and once the run is interrupted, KeyboardInterrupt at a place where it
    does no harm. From now on a signal raises nothing by itself, so the report is safe."""
    reporter.patient = True
    told = False

    def tick() -> None:
        nonlocal told
        then()
        if reporter.interrupted and not told:
            told = True
            raise KeyboardInterrupt

    return tick


def pace(dashboard: Dashboard, lanes: int) -> tuple[int, float]:
    """So many ``lanes``, and the Dashboard's pause on one server; unless the user says how many, then without a pause."""
    asked = dashboard.connection.concurrency
    return (lanes, dashboard.limits.ip_gap) if asked is None else (asked, 0.0)


def chosen_sites(
    dashboard: Dashboard, listed: Sequence[Site], selection: Selection, reporter: Reporter
) -> tuple[Site, ...]:
    """The selected sites; tolerated missing names become warnings. Raises InputError."""
    chosen = select(listed, selection, lambda: dashboard.tags, lambda: dashboard.clients)
    for text in chosen.missing:
        reporter.warn(text)
    return chosen.sites


def read_sites(dashboard: Dashboard, selection: Selection, more: Sequence[str] = ()) -> list[Site]:
    """The sites that ``selection`` needs to look at: just those named by id, else all. ``more``: fields beside those that
    every listing has.

    A task per host must not list the whole fleet for each.
    """
    ids = selection.only_ids
    if ids is not None:
        found = list(dashboard.api.sites.by_id(ids, (*SLIM, *more)).values())
        if len(found) == len(ids):
            return dashboard.named(found)
    return dashboard.sites((*SLIM, *more))


def among_all(
    dashboard: Dashboard, listed: Sequence[Site], is_whole: bool, names: Iterable[str]
) -> tuple[Sequence[Site], bool]:
    """(the sites among which ``names`` mean what they say, whether these are all): ``listed``, unless only some were read and
    a name may be that of another one."""
    if is_whole or all(is_sure(text, site) for text in names for site in find_sites(text, listed)):
        return listed, is_whole
    return dashboard.v2.sites.basic() if dashboard.dialect.is_v2 else dashboard.sites(), True


def chosen_with(
    dashboard: Dashboard, selection: Selection, more: Sequence[str], reporter: Reporter
) -> tuple[Site, ...]:
    """The selected sites with the fields ``more``, which may be long: those of sites that nobody asked for are not read."""
    at_once = selection.only_ids is not None or not selection.names_some
    listed = read_sites(dashboard, selection, more if at_once else ())
    chosen = chosen_sites(dashboard, listed, selection, reporter)
    if at_once or not more:
        return chosen
    whole = dashboard.api.sites.by_id([site.id for site in chosen], (*SLIM, *more))
    return tuple(dashboard.named(whole.get(site.id, site) for site in chosen))


def before_writing(
    dashboard: Dashboard, sites: Sequence[Site], reporter: Reporter, check_mode: bool, in_lanes: bool
) -> None:
    """Read, at one time, the dialect, what the key may do and – for work ``in_lanes`` – the limits. Raises what the first
    of them that fails raises, such as Unauthorized."""
    reads: tuple[Callable[[], object], ...] = (
        lambda: dashboard.detect(sites[0].id) if sites else None,
        lambda: refuse_read_only_key(dashboard, reporter, check_mode),
        lambda: dashboard.limits if in_lanes and not check_mode else None,
    )
    parallel(lambda read: read(), reads)


def before_lanes(
    dashboard: Dashboard, selection: Selection, sites: Sequence[Site], reporter: Reporter, check_mode: bool
) -> None:
    """The same before work in lanes. One site of a task per host has no lanes to find out, and a key that may not write is
    refused at the first sync, before anything is touched."""
    if selection.only_ids is None or len(sites) != 1:
        before_writing(dashboard, sites, reporter, check_mode, True)
        return
    dashboard.limits = Limits()
    if check_mode and sites[0].sync_errors:
        dashboard.detect(sites[0].id)  # what becomes of a disconnected site depends on the dialect


def refuse_read_only_key(dashboard: Dashboard, reporter: Reporter, check_mode: bool) -> None:
    """Name a key without write permission before the first site is touched. Raises Unauthorized."""
    if not dashboard.dialect.is_v2:
        return  # v1 cannot tell; its first write does
    try:
        scope = dashboard.key_scope
    except errors.ApiError:
        return
    if scope != "read":
        return
    message = "The API key may only read; this task needs a key with Read and Write permission."
    if check_mode:
        reporter.warn(f"{message} Check mode goes on.")
        return
    raise errors.Unauthorized(message, hint="Edit the key under API Access > API Keys, or use another one.")


def not_negative(params: Mapping[str, Any], name: str, default: int) -> int:
    """An option in seconds or counts. Raises InputError."""
    value = default if params.get(name) is None else int(params[name])
    if value < 0:
        raise errors.InputError(name, f"{value} is negative.", "Use 0 or more.")
    return value


def in_words(exc: Exception) -> tuple[str, str]:
    """(reason, sentence) of whatever went wrong, a bug included."""
    if isinstance(exc, errors.MainWPError):
        return exc.reason, str(exc)
    return "error", errors.bug_sentence(exc)


#: Why a site was not worked on, or not to the end.
AWAY = "The Dashboard was away for too long"


def locked_sentence(wait: Wait) -> str:
    """Why a site was not touched although nothing is wrong with it."""
    return f"Another run works on this server: {wait}. Waited {wait.seconds:.0f} s for it (lock_timeout)."
