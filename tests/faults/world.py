# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world of a scenario: a random fleet behind a simulator, what goes wrong in it, and how it is healed."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from simulator import Child, Clock, Fleet, Offer, Plugin, Simulator, Site, Tag, Theme, Translation
from simulator.faults import Fault
from simulator.journal import Journal

from .quick import SCALE

ABILITIES, CLASSIC, V1 = "abilities", "classic", "v1"
DIALECTS = (ABILITIES, CLASSIC, V1)

Item = tuple[int, str, str]
#: Did what was arranged really happen?
Hit = Callable[[], bool]

#: which requests a trouble strikes: (method, path) by what they are for
_V2 = {
    "work": ("POST", r"/mainwp/v2/updates/(?:\d+/)?update(?:/\w+)?"),
    "sync": ("POST", r"/mainwp/v2/sites/\d+/(?:sync|reconnect|check)"),
    "list": ("GET", r"/mainwp/v2/sites(?:/\d+)?"),
    "pending": ("GET", r"/mainwp/v2/updates(?:/\d+)?"),
    "any": (None, r"/mainwp/.*"),
}
_V1 = {
    "work": ("PUT", r"/mainwp/v1/site/site-update-.*"),
    "sync": (None, r"/mainwp/v1/site/(?:sync|reconnect)-site"),
    "list": ("GET", r"/mainwp/v1/(?:sites/all-sites|site/site)"),
    "pending": ("GET", r"/mainwp/v1/site/site-available-updates"),
    "any": (None, r"/mainwp/.*"),
}
_RELEASES = {
    "acme-cache/acme-cache.php": ("Acme Cache", "3.4.2", "3.5.0"),
    "acme-forms/acme-forms.php": ("Acme Forms", "1.0.0", "1.0.1"),
    "acme-seo/acme-seo.php": ("Acme SEO", "2.0.0", "3.0.0"),
    "hello.php": ("Hello", "1.7", "1.8"),
}
CANARY = "canary"
_THEMES = {"acme-theme": ("Acme Theme", "1.0", "1.2"), "paper": ("Paper", "0.9", "1.0")}


@dataclass
class Start:
    """A batch that the Dashboard began (or did not, for one was running): by which request, for which site (0: all)."""

    request: int
    site_id: int
    begun: bool


class World:
    """One scenario's Dashboard. Everything random in it comes from the seed."""

    def __init__(self, seed: int, dialect: str, least: int = 2) -> None:
        self.random = random.Random(f"{seed} world")
        self.dialect = dialect
        clock = Clock(scale=SCALE)
        #: the moment of the clock, for processes that live as fast
        self.clock = (clock.now(), time.monotonic())
        self.fleet = Fleet(
            self._sites(least),
            tags=[Tag(1, CANARY)],
            clock=clock,
            sync_seconds=self.random.choice([0, 0, 1]),
            update_seconds=self.random.choice([0, 1, 3]),
        )
        self.sim = Simulator(self.fleet, ABILITIES if dialect == V1 else dialect, throttle=self.random.random() < 0.2)
        if dialect == V1 and self.random.random() < 0.5:
            self.sim.dialect = CLASSIC
        if self.fleet.throttle:
            self.fleet.throttle.clock = Clock(scale=SCALE)  # of its own: nobody waits for hours after the clock jumped
        self.starts: list[Start] = []
        self._note_starts()
        self._note_moments()
        self.where = _V1 if dialect == V1 else _V2
        #: names of troubles -> did they happen
        self.arranged: dict[str, Hit] = {}
        #: children whose core update somebody holds up
        self.locked: list[Child] = []
        #: sends a signal to the running process: (signal) -> None
        self.kill: Callable[[int], None] = lambda _number: None
        self._prepare_gates()
        self.offered = {item for site in self.fleet.sites.values() for item in offers(site)}
        #: (site, type, slug, version) of what was offered in the beginning
        self.first_plan = self.planned()
        self._age()

    # -- the fleet -------------------------------------------------------------------------------------------------

    def _sites(self, least: int) -> list[Site]:
        pick = self.random
        count = max(least, pick.randint(2, 12) if pick.random() < 0.5 else pick.randint(2, 6))
        addresses = [f"192.0.2.{number}" for number in range(1, pick.randint(1, count) + 1)]
        return [self._site(number, addresses) for number in range(1, count + 1)]

    def _prepare_gates(self) -> None:
        """The first site is a canary that runs some releases already; backups are new, old, or not there."""
        for site in self.fleet.sites.values():
            site.tags = [1] if site.id == 1 or self.random.random() < 0.2 else []
            age = self.random.choice([3600, 3600, 3 * 86400, None])
            if age is not None:
                site.options["primary_lasttime_backup"] = str(int(self.fleet.clock.now() - age))
        canary = self.fleet.sites[1].child
        for thing in (*canary.plugins[3:], *canary.themes):
            if thing.offer:
                thing.version, thing.offer = thing.offer.new_version, None
        self._relearn(self.fleet.sites[1])

    def rolls_back(self, item: Item) -> bool:
        """Is this update put back by the child itself?"""
        thing = self.fleet.sites[item[0]].child.plugin(item[2]) or self.fleet.sites[item[0]].child.theme(item[2])
        return bool(thing and thing.offer and thing.offer.rolled_back)

    def planned(self) -> list[tuple[int, str, str, str]]:
        """(site, type, slug, version) of what the Dashboard knows to be offered now."""
        found = []
        for site in self.fleet.sites.values():
            for number, kind, slug in offers(site):
                thing = site.child.plugin(slug) if kind == "plugin" else site.child.theme(slug)
                if thing and thing.offer:
                    found.append((number, kind, slug, thing.offer.new_version))
        return found

    def _site(self, number: int, addresses: list[str]) -> Site:
        pick = self.random
        site = Site(
            id=number,
            url=f"https://s{number:02d}.example/",
            name=f"S {number}",
            ip=pick.choice(addresses),
            suspended=pick.random() < 0.05,
            ignored_plugins={"hello.php": {"Name": "Hello", "ignored_versions": ["all_versions"]}}
            if pick.random() < 0.1
            else "",
        )
        site.child = self._child(lively=number <= 2)
        return site

    def _child(self, lively: bool) -> Child:
        """A child; a lively one surely has something to update."""
        pick = self.random
        plugins = [
            Plugin(file, name, old, active=pick.random() < 0.8, offer=self._offer(new, lively))
            for file, (name, old, new) in _RELEASES.items()
            if lively or pick.random() < 0.7
        ]
        themes = [
            Theme(slug, name, old, active=slug == "paper", offer=self._offer(new, False))
            for slug, (name, old, new) in _THEMES.items()
        ]
        translations = [Translation("acme-seo", "Acme SEO", "2.0.0")] if pick.random() < 0.4 else []
        offer = pick.choice([None, None, "7.1"])
        child = Child(plugins, themes, translations, core="7.0.4" if offer else "7.1", core_offer=offer)
        child.latency = pick.choice([0, 0, 0.5])
        return child

    def _offer(self, version: str, surely: bool) -> Offer | None:
        pick = self.random
        if not surely and pick.random() < 0.5:
            return None
        # most are sound; what the rest do is what happens to everybody now and then
        defects: list[dict[str, Any]] = [
            {"broken_package": True},
            {"rolled_back": True},
            {"deactivates": True},
            {"fails_with": "Could not create directory."},
            {"requires_php": "8.4"},
            {"only_new_version_at_child": version + ".1"},
        ]
        return Offer(version, **(pick.choice(defects) if not surely and pick.random() < 0.12 else {}))

    def _age(self) -> None:
        """Some stored pictures are old, and the world has gone on since; some sites were locked out."""
        for site in self.fleet.sites.values():
            if self.random.random() < 0.5:
                site.dts_sync = float(site.dts_sync or 0) - self.random.randint(60, 7200)
                things = [item for item in offers(site) if item[1] != "core"]
                if things and site.id > 2 and self.random.random() < 0.2:
                    self.fleet.outside_update(*self.random.choice(things))
            if site.id > 2 and self.random.random() < 0.05:
                site.sync_errors, site.version = "ERROR: it did not answer", "0"

    # -- trouble ---------------------------------------------------------------------------------------------------

    def strike(self, where: str, action: str, *, skip: int | None = None, times: int | None = 1, **options: Any) -> Hit:
        """Let a fault hit requests of a kind, after a few have passed."""
        method, path = self.where[where]
        passing = {"work": 1, "sync": 2, "list": 1, "pending": 1, "any": 8}[where]
        skip = self.random.randint(0, passing) if skip is None else skip
        fault: Fault = self.sim.faults.add(action=action, method=method, path=path, times=times, skip=skip, **options)
        return lambda: fault.hits > 0

    def meanwhile(
        self,
        where: str,
        change: Callable[[], object],
        *,
        skip: int | None = None,
        times: int | None = 1,
        after: bool = False,
    ) -> Hit:
        """Change the world right before (or after the work of) a request."""
        return self.strike(where, "hook", skip=skip, times=times, **{"after" if after else "before": change})

    def some_site(self) -> Site:
        """One of the sites that surely have something to update."""
        return self.fleet.sites[self.random.randint(1, 2)]

    def sites(self, share: float) -> list[Site]:
        """Some of the sites, at least one of the lively ones."""
        return [self.some_site(), *(site for site in self.fleet.sites.values() if self.random.random() < share)]

    def spoil(self, **defect: Any) -> list[Offer]:
        """Give one release a defect wherever it is offered, sometimes on some sites only."""
        file = self.random.choice(list(_RELEASES)[:3])
        everywhere = self.random.random() < 0.5
        found = []
        for site in self.fleet.sites.values() if everywhere else self.sites(0.3):
            plugin = site.child.plugin(file)
            if plugin and plugin.offer:
                for name, value in defect.items():
                    setattr(plugin.offer, name, value)
                found.append(plugin.offer)
                self._relearn(site)
        return found

    def _relearn(self, site: Site) -> None:
        """The Dashboard knows the offer as it is now."""
        from simulator import picture

        if not site.sync_errors:
            picture.remember(site)

    def restart(self, pause: float) -> None:
        """The Dashboard's server goes down and comes up on the same port; what it was doing goes on to its end."""

        def again() -> None:
            self.sim.stop()
            self.fleet.clock.sleep(pause)
            self.sim.start()

        threading.Thread(target=again, name="behind-restart", daemon=True).start()

    def heal(self) -> None:
        """All faults are over; what was under way has ended."""
        self.sim.faults.clear()
        end = time.monotonic() + 10
        while self._busy() and time.monotonic() < end:
            time.sleep(0.002)
        with self.fleet.lock:
            for child in self.locked:
                child.core_locked = False
            for key in self.sim.keys.keys:
                key.enabled = key.scope != "disabled"
            self.sim.cron.mode = "visits"
            for site in self.fleet.sites.values():
                child = site.child
                child.down = child.plugin_gone = False
                child.unreachable = child.auth_broken = ""
                child.latency = child.core_slow = 0.0
                for thing in (*child.plugins, *child.themes):
                    if thing.offer:
                        thing.offer.slow, thing.offer.kills_site = 0.0, False

    def _busy(self) -> bool:
        """Is a request being worked on, or is there anything behind one?"""
        names = ("behind-", "wp-cron")
        return any(thread.name.startswith(names) for thread in threading.enumerate()) or any(
            entry.ended is None for entry in list(self.sim.journal.entries)
        )

    @staticmethod
    def stopwatch() -> float:
        """Simulated seconds by a clock that no trouble sets."""
        return time.monotonic() * SCALE

    # -- the truth -------------------------------------------------------------------------------------------------

    def _note_moments(self) -> None:
        """Journal and truth go by the stopwatch."""
        self.sim.journal = Journal(self.stopwatch)
        truth, moved = self.fleet.truth, self.fleet.moved

        def by_stopwatch(*event: Any) -> None:
            with self.fleet.lock:
                moved(*event)
                truth[-1] = replace(truth[-1], at=self.stopwatch())

        self.fleet.moved = by_stopwatch  # type: ignore[method-assign]

    def _note_starts(self) -> None:
        """Write down which request really began a batch: the answers are all alike."""
        cron, actor = self.sim.cron, self.fleet._actor
        begin_all, begin_site = cron.begin_all, cron.begin_site

        def number() -> int:
            return int(getattr(actor, "name", "request 0").removeprefix("request "))

        def all_sites() -> bool:
            begun = begin_all()
            self.starts.append(Start(number(), 0, begun))
            return begun

        def one_site(site: Site) -> None:
            self.starts.append(Start(number(), site.id, True))
            begin_site(site)

        cron.begin_all, cron.begin_site = all_sites, one_site  # type: ignore[method-assign]


def offers(site: Site) -> list[Item]:
    """Everything that is offered to a child now."""
    child = site.child
    found: list[Item] = [(site.id, "plugin", plugin.file) for plugin in child.plugins if plugin.offer]
    found += [(site.id, "theme", theme.slug) for theme in child.themes if theme.offer]
    found += [(site.id, "core", "wordpress")] if child.core_offer else []
    return found + [(site.id, "translation", item.slug) for item in child.translations]


def fails_by_nature(site: Site, item: Item) -> bool:
    """Is this update tried each time, and does it fail each time?"""
    thing = site.child.plugin(item[2]) if item[1] == "plugin" else site.child.theme(item[2])
    offer = thing.offer if thing else None
    refused = offer is not None and (
        offer.package == ""
        or offer.requires_php > site.child.php_version
        or not newer(thing.version, offer.new_version)
    )
    behind_core = item[1] == "translation" and bool(site.child.core_offer)
    ignored = item[1] == "plugin" and item[2] in (site.ignored_plugins or {})
    return broken_by_nature(site, item) and not (site.suspended or refused or behind_core or ignored)


def broken_by_nature(site: Site, item: Item) -> bool:
    """Will this update never succeed, or never be tried, whatever anybody does about it?"""
    _number, kind, slug = item
    child = site.child
    if site.suspended or (kind == "plugin" and slug in (site.ignored_plugins or {})):
        return True
    if kind == "core":
        return bool(child.core_fails_with or child.core_answer)
    if kind == "translation":
        # translations are left out behind a WordPress update that failed
        if child.core_offer and broken_by_nature(site, (site.id, "core", "wordpress")):
            return True
        return any(one.fails_with for one in child.translations if one.slug == slug)
    thing = child.plugin(slug) if kind == "plugin" else child.theme(slug)
    offer = thing.offer if thing else None
    return offer is None or bool(
        offer.broken_package
        or offer.rolled_back
        or offer.fails_with
        or offer.claims_success_without_moving
        or offer.package == ""
        or offer.requires_php > child.php_version
        or not newer(thing.version, offer.new_version)
    )


def newer(old: str, new: str) -> bool:
    """Is this version above that one? For the plain ones of this world: v, zeros at the end and what follows a dash are
    no difference that counts."""
    one, two = (_numbers(version) for version in (old, new))
    return two > one


def _numbers(version: str) -> list[int]:
    numbers = [int(part) for part in version.removeprefix("v").partition("-")[0].split(".") if part]
    while numbers and not numbers[-1]:
        numbers.pop()
    return numbers
