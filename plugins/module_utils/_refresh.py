# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sync one site and learn the truth of it, lock-outs included. PRIVATE to the collection.

A failed sync says only ``success: 0``. On abilities it also locks the site out of further syncs until ``reconnect``;
a site that a check found offline is refused until a check finds it up (core.md §7.1, §7.4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import _errors as errors
from ._api.sites import EXTENSIONS, SLIM
from ._dashboard import Dashboard
from ._fleet import Pace
from ._models import Site, epoch

#: Pause before a sync is tried again after its answer was lost or its site was busy, seconds.
SECOND_TRY = 2.0
#: How long a sync whose answer was lost may still take to show, seconds.
PATIENCE = 120.0
#: A gateway that answers sooner has asked nobody, seconds.
AT_ONCE = 5.0
#: How often a sync is sent at most, when a gateway refuses each; the pauses in between double.
MOST_TRIES = 6
WHOLE = (*SLIM, *EXTENSIONS)
_REFUSED = "MainWP refuses to sync this site since an earlier failure. mainwp_sync with reconnect: true repairs that."
_REFUSED_AT_FIRST = (
    "MainWP refuses to sync this site that was never synced. mainwp_sync with reconnect: true repairs that."
)
_NO_REASON = (
    "MainWP could not sync the site, and neither tells nor stores a reason. Try a sync in the Dashboard itself: if it was "
    "moved, it may lack the keys of its sites."
)


@dataclass(frozen=True)
class Refreshed:
    """What a sync brought: the fresh site, or the reason (disconnected, locked_out, timeout …), a sentence, and the site
    as it is stored, if that was read."""

    site: Site | None
    reason: str = ""
    message: str = ""
    stored: Site | None = None

    @property
    def ok(self) -> bool:
        """True when ``site`` is fresh."""
        return self.site is not None


class Refresher:
    """Syncs sites of one Dashboard at its pace. ``reconnect`` repairs sites that are disconnected; ``patience`` is how
    long to wait for a sync whose answer was lost, seconds."""

    def __init__(self, dashboard: Dashboard, reconnect: bool, patience: float = PATIENCE) -> None:
        self._dashboard = dashboard
        self._reconnect = reconnect
        self._patience = min(patience, PATIENCE)
        self._pace = Pace(dashboard.limits.sync_gap, dashboard.sleep)

    def refresh(self, site: Site, updated: bool = False) -> Refreshed:
        """Sync ``site``, which is as it was read last. ``updated``: updates were sent since.

        A site that was well when it was read and fails now is locked out by this very failure: that is lifted once by a
        reconnect, unless its child site itself refuses the Dashboard, for it may have been disconnected on purpose.

        Raises those OF_THE_DASHBOARD, which speak of the key or the Dashboard; every other trouble is
        in the result.
        """
        try:
            return self._refresh(site, updated)
        except errors.OF_THE_DASHBOARD:
            raise
        except errors.MainWPError as exc:
            return Refreshed(None, exc.reason if exc.reason != "answer_lost" else "timeout", str(exc))

    def _refresh(self, site: Site, updated: bool) -> Refreshed:
        began = self._dashboard.clock()
        if fresh := self._sync(site, updated):
            return Refreshed(fresh)
        self._dashboard.detect(site.id)
        known = self.read(site)
        ours = updated or _broken_by_syncing(site, known, self._by_its_clock(began))
        if fresh := self._repair(site, known, updated, ours):
            return Refreshed(fresh)
        tried = self._offline(known) or ours or self._reconnect
        return self._failure(site, self.read(site) if tried else known, ours)

    def _repair(self, site: Site, known: Site, updated: bool, ours: bool) -> Site | None:
        """The fresh site after a failed sync, as far as the rules allow. ``ours``: it is the sync that broke it."""
        locks_out = self._dashboard.dialect.locks_out
        fresh: Site | None = None
        if self._offline(known):
            if not self._dashboard.api.sites.check(site):
                return None
            fresh = self._sync(site, updated)
        if fresh is None and ours:
            self._dashboard.sleep(SECOND_TRY)
            if not locks_out:
                fresh = self._sync(site, updated)
        if fresh is None and (self._reconnect or (ours and locks_out)):
            fresh = self._reconnected(site, known, updated)
        return fresh

    def _reconnected(self, site: Site, known: Site, updated: bool) -> Site | None:
        """The site after a reconnect, which stores a fresh picture if its own sync goes through: the read decides."""
        asked = self._dashboard.clock()
        try:
            done = self._dashboard.api.sites.reconnect(site)
        except errors.MainWPError as exc:
            if not exc.may_have_started:
                raise
            self._await_sync(known, asked, asked, self._patience if exc.may_be_running else 0.0, updated)
            done = True
        stored = self.read(site)
        if _moved_on(site, stored):
            return stored
        return self._sync(site, updated) if done else None

    def read(self, site: Site) -> Site:
        """The site as the Dashboard stores it now, long lists and the last check's result included."""
        found = self._dashboard.api.sites.by_id([site.id], WHOLE, ("offline_check_result",)).get(site.id)
        if found is None:
            raise errors.NotFound(f"{site.url} (id {site.id}) is gone from the Dashboard, or is a staging site.")
        return found

    def _sync(self, site: Site, updated: bool) -> Site | None:
        """Sync: when an answer is lost, the Dashboard may still finish, so the stored state is read until it moved or
        patience ends; then once more. What a gateway refused at once never reached WordPress: that is tried until patience
        ends. ``updated``: updates were sent since ``site`` was read."""
        clock = self._dashboard.clock
        began, started = clock(), None
        pause = SECOND_TRY
        tries = 0
        while True:
            self._pace.wait()
            asked = clock()
            started = asked if started is None else started
            tries += 1
            try:
                return self._dashboard.api.sites.sync(site)
            except errors.MainWPError as exc:
                if not exc.may_have_started:
                    raise
                refused = exc.details.get("status") in (502, 503) and clock() - asked < AT_ONCE
                patience = self._patience if exc.may_be_running and not refused else 0.0
                known = self._await_sync(site, started, asked, patience, updated)
                if known is not None:
                    return None if known.sync_errors else known
                if tries >= (MOST_TRIES if refused and clock() + pause - began < self._patience else 2):
                    raise
                if updated or refused:
                    self._dashboard.sleep(pause)  # into another second
                    pause *= 2

    def _await_sync(self, site: Site, started: float, asked: float, patience: float, updated: bool) -> Site | None:
        """The site once a sync that began at ``started`` shows in it, good or bad; None when patience ends, when the
        Dashboard was away since it was ``asked``, or when only another sync can tell.

        The Dashboard's times have whole seconds; our idea of its clock may be late by one, but is never early. What is
        read tells it better than what came before, which may have been all but away. After
        updates (``updated``) a sync that shows may be one that a theme's update did in passing, before the update of
        WordPress that followed. Only one of a later second surely came after all of them.
        """
        ends = self._dashboard.clock() + patience
        while True:
            known = self.read(site)
            second = math.floor(self._by_its_clock(started))
            synced = epoch(known.last_sync) or 0.0
            if _moved_on(site, known) and synced >= second - 1:
                return known if synced > second or not updated else None
            if known.sync_errors and not site.sync_errors:
                return known
            if self._dashboard.clock() >= ends or self._dashboard.was_away_since(asked):
                return None
            self._dashboard.sleep(SECOND_TRY)

    def _by_its_clock(self, moment: float) -> float:
        """A moment of ``clock`` in the Dashboard's time, as far as that is known by now."""
        return self._dashboard.now() - (self._dashboard.clock() - moment)

    def _offline(self, known: Site) -> bool:
        """True when the refusal comes from an earlier check that found the site down."""
        return self._dashboard.dialect.locks_out and known.extra.get("offline_check_result") == -1

    def _failure(self, before: Site, known: Site, ours: bool) -> Refreshed:
        if self._offline(known):
            return Refreshed(None, "disconnected", "A check finds the site offline.", known)
        if self._locked_out(before, known, ours):
            told = _REFUSED if known.sync_errors or known.last_sync else _REFUSED_AT_FIRST
            return Refreshed(None, "locked_out", f"{told} Stored error: {known.sync_errors or 'none'}", known)
        return Refreshed(None, "disconnected", known.sync_errors or _NO_REASON, known)

    def _locked_out(self, before: Site, known: Site, ours: bool) -> bool:
        """True with evidence that MainWP did not even try: an error from before this run, or its own word."""
        if not self._dashboard.dialect.locks_out or self._reconnect or ours:
            return False
        return bool(before.sync_errors) or (not known.sync_errors and self._dashboard.v2.sites.refuses(known))


def _broken_by_syncing(before: Site, known: Site, began: float) -> bool:
    """True when ``before``, without an error, has one since a sync that ``began`` then, and not by the word of its child.

    A child that answers with an error of its own, as one does that was disconnected on purpose, is told by MainWP's mark,
    and by the time of the last sync, which then moves all the same (core.md §7.4): texts are translated.
    """
    if before.sync_errors or not known.sync_errors:
        return False
    moved = known.last_sync != before.last_sync and (epoch(known.last_sync) or 0.0) >= math.floor(began) - 1
    return not moved and not known.sync_errors.startswith("ERROR")


def _moved_on(before: Site, known: Site) -> bool:
    """True when a sync went well since ``before`` was read."""
    return not known.sync_errors and bool(known.last_sync) and (known.last_sync or "") > (before.last_sync or "")
