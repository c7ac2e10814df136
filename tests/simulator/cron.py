# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WP-Cron of the Dashboard: the classic batch's minute job, and the abilities' queued jobs (core.md §9)."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from . import batch, dashboard
from .child import UnreachableError
from .php import json_text
from .state import Site, Stored

if TYPE_CHECKING:
    from .server import Simulator

MODES = {"visits": 60.0, "slow": 600.0, "manual": None, "dead": None}
#: a run of the minute job takes so many sites and items
SITES, ITEMS = 3, 3
ALL_TIMEOUT, INDIVIDUAL_TIMEOUT = 4 * 3600, 3 * 3600


class Cron:
    """The flags of the classic batch, what is planned per site, and the runs."""

    def __init__(self, sim: Simulator, mode: str = "visits") -> None:
        if mode not in MODES:
            raise ValueError(f"unknown cron mode {mode!r}; known: {', '.join(MODES)}")
        self.sim = sim
        self.mode = mode
        self.running_all = False
        self.start_all = 0
        self.running_individual = False
        self.start_individual = 0
        self.jobs: list[batch.Job] = []
        self._busy = threading.Lock()
        self._last = sim.fleet.clock.now()

    # -- starting ----------------------------------------------------------------------------------------------

    def begin_all(self) -> bool:
        """Start the batch of all connected, unsuspended sites; False if one is running (core.md §9.1)."""
        with self.sim.fleet.lock:
            if self.running_all:
                return False
            self.running_all, self.start_all = True, self.sim.local_now()
            for site in self.sim.fleet.ordered():
                if not site.sync_errors and not site.suspended:
                    self._prepare(site)
                    site.dts_automatic_sync_start = self.start_all
        return True

    def begin_site(self, site: Site) -> None:
        """Queue one site for the individual batch."""
        with self.sim.fleet.lock:
            self._prepare(site)
            if not self.running_individual:
                self.running_individual, self.start_individual = True, self.sim.local_now()
            site.options["batch_individual_queue_time"] = str(self.sim.local_now())

    def queued(self, site: Site) -> bool:
        """Is the site in the running individual batch?"""
        since = int(site.options.get("batch_individual_queue_time") or 0)
        return self.running_individual and since > 0 and since >= self.start_individual

    def _prepare(self, site: Site) -> None:
        """Plan the stored, not ignored updates; premium ones too, translations never."""
        fleet, stored = self.sim.fleet, site.stored or Stored()
        todo = dashboard.pending(fleet, site)
        plugins = {slug: _item(slug, "plugin", info) for slug, info in dict(todo["plugins"] or {}).items()}
        for slug, info in dict(stored.premium_upgrades or {}).items():
            if info.get("type", "plugin") == "plugin" and not site.ignore_plugins:
                plugins[slug] = _item(slug, "plugin", info)
        themes = {slug: _item(slug, "theme", info) for slug, info in dict(todo["themes"] or {}).items()}
        core = [{"current": todo["wp"]["current"], "new_version": todo["wp"]["new"]}] if todo["wp"] else []
        site.options["bulk_wp_upgrades"] = json_text(core)
        site.options["bulk_plugin_upgrades"] = json_text(plugins)
        site.options["bulk_theme_upgrades"] = json_text(themes)
        total = len(core) + len(plugins) + len(themes)
        site.options["bulk_updates_info"] = json_text({"total": total, "start_time": self.sim.local_now()})

    # -- running -----------------------------------------------------------------------------------------------

    def visit(self) -> None:
        """Somebody visits the Dashboard: if the job is due, it starts behind the request."""
        pause = MODES[self.mode]
        if pause is None or self._busy.locked():
            return
        if self.sim.clock.now() - self._last >= pause or any(job.due <= self.sim.clock.now() for job in self.jobs):
            threading.Thread(target=self.run, name="wp-cron", daemon=True).start()

    def run(self) -> None:
        """One tick: the minute job, and a chunk of each queued job (whether due or not, when called by hand)."""
        if self.mode == "dead" or not self._busy.acquire(blocking=False):
            return
        try:
            self._last = self.sim.clock.now()
            with self.sim.fleet.acting("cron"):
                self._minute()
                for job in list(self.jobs):
                    if self.mode == "manual" or job.due <= self.sim.clock.now():
                        batch.work_off(self.sim.fleet, job)
                    if not job.sites:
                        self.jobs.remove(job)
        finally:
            self._busy.release()

    def _minute(self) -> None:
        """``mainwp_cronupdatescheck_action``: general batch first; flags drop when nothing is left (§9.1)."""
        now = self.sim.local_now()
        if self.running_all and now > self.start_all + ALL_TIMEOUT:
            self.running_all = False
        if self.running_individual and now > self.start_individual + INDIVIDUAL_TIMEOUT:
            self.running_individual = False
        sites: list[Site] = []
        individual = False
        if self.running_all:
            sites = [site for site in self._eligible() if 0 < site.dts_automatic_sync_start <= self.start_all]
            sites = [site for site in sites if site.dts_automatic_sync < site.dts_automatic_sync_start][:SITES]
            self.running_all = bool(sites)
        if not sites and self.running_individual:
            individual = True
            sites = [site for site in self._eligible() if self.queued(site)][:SITES]
            self.running_individual = bool(sites)
        for site in sites:
            if self._advance(site) < ITEMS:
                self._finish(site, individual)

    def _eligible(self) -> list[Site]:
        return [site for site in self.sim.fleet.ordered() if not site.sync_errors and not site.suspended]

    def _finish(self, site: Site, individual: bool) -> None:
        if individual:
            site.options["batch_individual_queue_time"] = "0"
        else:
            site.dts_automatic_sync = self.sim.local_now()

    def _advance(self, site: Site) -> int:
        """Up to three items of a site: plugins, themes, core; noted before the call, each tried once."""
        info = json.loads(site.options.get("bulk_updates_info") or "{}")
        processed = info.setdefault("updates_processed", {"wp": [], "plugins": [], "themes": []})
        count = 0
        for kind, group, off in (("plugin", "plugins", site.ignore_plugins), ("theme", "themes", site.ignore_themes)):
            planned = {} if off else json.loads(site.options.get(f"bulk_{kind}_upgrades") or "[]") or {}
            done = processed[group] or {}
            now = [slug for slug in planned if slug not in done][: ITEMS - count]
            if not now:
                continue
            processed[group] = done | {slug: planned[slug] for slug in now}
            site.options["bulk_updates_info"] = json_text(info)
            count += len(now)
            self._call(site, kind, now)
        core = [] if site.ignore_core else json.loads(site.options.get("bulk_wp_upgrades") or "[]")
        if core and count < ITEMS:
            processed["wp"] = core
            site.options["bulk_updates_info"] = json_text(info)
            count += 1
            error = self._call(site, "core", [])
            if error:
                info["wp"] = {"error": error}
                site.options["bulk_updates_info"] = json_text(info)
        return count

    def _call(self, site: Site, kind: str, slugs: list[str]) -> str:
        """Update; exceptions are swallowed (core.md §9.1)."""
        try:
            dashboard.upgrade(self.sim.fleet, site, kind, slugs)
        except UnreachableError as error:
            return error.token
        return ""


def _item(slug: str, kind: str, info: dict[str, Any]) -> dict[str, Any]:
    """A planned update as the per-site option holds it."""
    url = info.get("update", {}).get("url", "")
    item = {
        "slug": slug,
        kind: info.get("Name", slug),
        "current": info.get("Version", ""),
        "new_version": info.get("update", {}).get("new_version", ""),
    }
    return item | ({"change_log": url + "#developers" if url else ""} if kind == "plugin" else {})
