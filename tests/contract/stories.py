# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stories of recordings/STORIES.md as code: the fleet at the start of each recording, and what happened outside."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from contract import dashboard73, fleets
from contract.moments import unix
from contract.recordings import load
from simulator import Child, Fleet, Simulator, Site, Tag

Event = Callable[[Simulator], None]
FORMS = "acme-forms/acme-forms.php"
IGNORED_FORMS = {"Name": "Acme Forms", "ignored_versions": ["all_versions"]}
#: what the index bug of *ignore* writes: it ignores nothing
IGNORED_INDEX = [{"Name": FORMS, "ignored_versions": ["all_versions"]}]
#: Authorization headers of requests marked "raw"
RAW = {
    "auth": {
        5: "bearer: garbage",
        6: "bearer: unknown key",
        7: "bearer: wrong secret",
        10: "basic: unknown key",
    },
    "core-translations-probes": {25: "bearer: wrong secret"},
}


@dataclass(frozen=True)
class Story:
    """How to play a recording. ``events`` happen before the exchange of that number."""

    name: str
    fleet: Callable[[], Fleet]
    cron: str = "dead"
    events: Mapping[int, Event] = field(default_factory=dict)
    #: when exchanges were sent (Unix time), where it matters and the answers do not tell
    sent_at: Mapping[int, float] = field(default_factory=dict)

    @property
    def dashboard(self) -> str:
        """``wp68`` or ``wp71``."""
        return self.name.partition("-")[0]

    @property
    def dialect(self) -> str:
        """The abilities of WordPress 6.9 and newer make the difference."""
        return {"wp68": "classic", "wp71": "abilities"}[self.dashboard]

    @property
    def raw(self) -> Mapping[int, str]:
        """How requests marked "raw" authenticate."""
        return RAW.get(self.name.partition("-")[2], {})


def _first(dashboard: str) -> Callable[[], Fleet]:
    return lambda: fleets.fleet(fleets.first_sites(dashboard))


def _failures(dashboard: str) -> Callable[[], Fleet]:
    """All was updated and synced; then the children were put back to the old versions, unsynced."""

    def build() -> Fleet:
        sites = fleets.first_sites(dashboard)
        for site in sites:
            fleets.update_everything(site.child)
            site.dts_sync = unix("2026-11-23T13:43:30")
        fleet = fleets.fleet(sites)
        for site in sites:
            fleets.put_back(site, dashboard)
        return fleet

    return build


def _resources(dashboard: str) -> Callable[[], Fleet]:
    """After the failures: all sites checked and synced, with one must-use plugin more."""

    def build() -> Fleet:
        sites = fleets.first_sites(dashboard)
        for site in sites:
            site.dts_sync = unix("2026-11-23T13:47:59")
            fleets.was_checked(site, "2026-11-23T13:46:51")
            site.dts_automatic_sync = site.dts_automatic_sync_start = int(unix("2026-11-23T13:46:23"))
            if dashboard == "wp71":
                fleets.add_second_must_use_plugin(site.child)
                site.child.ip = fleets.own_address(site, dashboard)
        if dashboard == "wp68":
            _update(sites[0].child, "acme-seo/acme-seo.php")
            sites[0].options["bulk_updates_info"] = '{"total":0,"start_time":1795441242}'
        fleet = fleets.fleet(sites, strangers={"http://alpha.lab.test/": Child(has_key=True)})
        if dashboard == "wp68":
            for site in sites:
                fleets.add_second_must_use_plugin(site.child)
                fleets.put_back(site, dashboard)
                site.child.ip = fleets.own_address(site, dashboard)
        return fleet

    return build


def _later(sites: list[Site], dashboard: str) -> list[Site]:
    """What *resources* left behind: a new name, a nameless tag, ignored updates in both forms."""
    for site in sites:
        fleets.add_second_must_use_plugin(site.child)
        fleets.was_checked(site, "2026-11-23T13:46:51")
        site.child.ip = fleets.own_address(site, dashboard)
    sites[0].name = "Alpha renamed"
    sites[0].tags = [1]
    sites[0].ignored_plugins = copy.deepcopy(IGNORED_INDEX)
    sites[1].ignored_plugins = {FORMS: dict(IGNORED_FORMS)}
    return sites


def _tags() -> list[Tag]:
    return [Tag(1, "", "#0000ff"), Tag(2, "Canary (1)")]


def _batch_progress() -> Fleet:
    """What was deleted from site 3 came back to its child, unsynced."""
    sites = _later(fleets.first_sites("wp68"), "wp68")
    synced = ("13:58:54", "13:58:45", "13:58:55", "13:47:59")
    automatic = (1795441583, 1795441590, 1795441592, 1795441583)
    for site, clock_time, moment in zip(sites, synced, automatic, strict=True):
        site.dts_sync = unix(f"2026-11-23T{clock_time}")
        site.dts_automatic_sync = moment
        site.dts_automatic_sync_start = 1795441583
    third = sites[2].child
    third.plugins = [plugin for plugin in third.plugins if plugin.file != "acme-cache/acme-cache.php"]
    third.themes = [theme for theme in third.themes if theme.slug != "acme-theme"]
    # the last site, not synced since, is not known to have the second must-use plugin or an address of its own
    last = sites[3]
    last.child.plugins = [plugin for plugin in last.child.plugins if plugin.file != "lat.php"]
    last.child.ip = None
    fleet = fleets.fleet(sites, tags=_tags())
    fleets.add_second_must_use_plugin(last.child)
    last.child.ip = fleets.own_address(last, "wp68")
    fleets.put_back(sites[2], "wp68")
    return fleet


def _probes(dashboard: str) -> Callable[[], Fleet]:
    """Core and translations are offered; the Dashboard learns of it by the first exchange."""

    def build() -> Fleet:
        sites = _later(fleets.first_sites(dashboard), dashboard)
        automatic = {"wp68": (1795442434, 1795442358), "wp71": (1795441548, 1795441548)}[dashboard]
        for site in sites:
            if dashboard == "wp68":
                fleets.update_everything(site.child, *([FORMS] if site.id == 2 else []))
            site.dts_sync = unix("2026-11-23T14:02:36")
            site.dts_automatic_sync, site.dts_automatic_sync_start = automatic
        sites[3].child.core = "7.0.4"
        # what scheduled jobs of the Dashboard had written meanwhile
        row = load(f"{dashboard}-core-translations-probes")[31].response["body"]
        sites[2].columns |= {key: row[key] for key in ("statsUpdate", "users")}
        fleet = fleets.fleet(sites, tags=_tags())
        sites[3].child.core_offer = "7.1"
        for site in sites:
            fleets.put_back(site, dashboard)
            site.child.translations = fleets.german()
        return fleet

    return build


def _large_fleet() -> Fleet:
    """Four hundred sites, the most of which are clones whose keys the children refuse."""
    sites = fleets.first_sites("wp71")
    for number in range(5, 401):
        child = copy.deepcopy(sites[0].child)
        clone = Site(number, f"http://s{number:04}.lab.test/", f"Shop {number}", child, dts_sync=sites[0].dts_sync)
        sites.append(clone)
    fleet = fleets.fleet(sites)
    for site in sites[4:]:
        site.child.auth_broken = "Authentication failed"
    return fleet


def _six(dashboard: str) -> Callable[[], Fleet]:
    return lambda: fleets.fleet(fleets.six_sites(dashboard), tags=[Tag(2, "shop &amp; co")])


def _ignored_everywhere(*, on: bool) -> Event:
    """Rules for the whole fleet, as MainWP's Updates page writes them."""

    def happens(simulator: Simulator) -> None:
        simulator.fleet.ignored_plugins = {FORMS: dict(IGNORED_FORMS)} if on else ""
        theme = {"acme-theme": {"Name": "Acme Theme", "ignored_versions": ["all_versions"]}}
        simulator.fleet.ignored_themes = theme if on else ""

    return happens


def _site_5(*, down: bool) -> Event:
    def happens(simulator: Simulator) -> None:
        simulator.fleet.sites[5].child.down = down

    return happens


def _clones_of_site_1(simulator: Simulator) -> None:
    """Twenty sites in all."""
    for number in range(7, 21):
        clone = copy.deepcopy(simulator.fleet.sites[1])
        clone.id, clone.url, clone.name = number, f"http://shop-{number}.test/", f"Shop {number}"
        simulator.fleet.add(clone)


_INCLUDE: dict[int, Event] = {
    7: _ignored_everywhere(on=True),
    10: _ignored_everywhere(on=False),
    15: _site_5(down=True),
    17: _site_5(down=False),
    20: _clones_of_site_1,
}


def _update(child: Child, *files: str) -> None:
    kept = [item.slug for item in [*child.plugins, *child.themes] if item.slug not in files]
    fleets.update_everything(child, *kept)


def _break(simulator: Simulator) -> None:
    """Site 2's web root goes, site 3's MainWP Child goes, the package of acme-forms goes."""
    sites = simulator.fleet.sites
    sites[2].child.down = True
    sites[3].child.plugin_gone = True
    _package_of_forms(simulator, broken=True)


def _repair(simulator: Simulator) -> None:
    sites = simulator.fleet.sites
    sites[2].child.down = False
    sites[3].child.plugin_gone = False
    _package_of_forms(simulator, broken=False)


def _package_of_forms(simulator: Simulator, *, broken: bool) -> None:
    for site in simulator.fleet.sites.values():
        plugin = site.child.plugin(FORMS)
        if plugin and plugin.offer:
            plugin.offer.broken_package = broken


def _site_4_put_back(dashboard: str) -> Event:
    return lambda simulator: fleets.put_back(simulator.fleet.sites[4], dashboard)


def _plugins_of_site_2_move(simulator: Simulator) -> None:
    """The minute job ran once and got no further."""
    for plugin in list(simulator.fleet.sites[2].child.plugins):
        if plugin.offer:
            simulator.fleet.outside_update(2, "plugin", plugin.file)


def _web_root_of_site_3(*, gone: bool) -> Event:
    def happens(simulator: Simulator) -> None:
        simulator.fleet.sites[3].child.down = gone

    return happens


_PROBES: dict[int, Event] = {
    41: _web_root_of_site_3(gone=True),
    44: _web_root_of_site_3(gone=False),
    48: _web_root_of_site_3(gone=True),
    49: _web_root_of_site_3(gone=False),
}


def _minute_job(start: str, runs: Mapping[int, int]) -> dict[int, Event]:
    """The minute job runs before those exchanges, so many seconds after the start."""

    def at(seconds: int) -> Event:
        def happens(simulator: Simulator) -> None:
            simulator.clock.set(unix(start) + seconds)
            simulator.cron.run()

        return happens

    return {n: at(seconds) for n, seconds in runs.items()}


def _watched(start: str) -> dict[int, float]:
    """When the exchanges of ``wp68-batch-progress`` were sent: their notes tell the seconds since the start."""
    moments = {2: unix(start)}
    for exchange in load("wp68-batch-progress"):
        since = re.search(r"t\+(\d+)s", exchange.note)
        if since and exchange.request["path"].endswith("/v2/updates"):
            moments[exchange.n] = moments[2] + int(since.group(1))
    return moments | {34: moments[31] + 1 + 75}


STORIES = {
    story.name: story
    for story in (
        Story("wp68-auth", _first("wp68")),
        Story("wp68-read", _first("wp68")),
        Story(
            "wp68-update-lifecycle",
            _first("wp68"),
            events={33: _site_4_put_back("wp68"), 40: _plugins_of_site_2_move},
        ),
        Story("wp68-failures", _failures("wp68"), events={1: _break, 19: _repair}),
        Story("wp68-resources", _resources("wp68")),
        Story(
            "wp68-batch-progress",
            _batch_progress,
            cron="manual",
            events=_minute_job("2026-11-23T13:59:18", {6: 18, 15: 76, 21: 136, 31: 198}),
            sent_at=_watched("2026-11-23T13:59:18"),
        ),
        Story("wp68-core-translations-probes", _probes("wp68"), events=_PROBES),
        Story("wp71-auth", _first("wp71")),
        Story("wp71-read", _first("wp71")),
        Story("wp71-update-lifecycle", _first("wp71"), events={24: _site_4_put_back("wp71")}),
        Story("wp71-failures", _failures("wp71"), events={1: _break, 23: _repair}),
        Story("wp71-large-fleet", _large_fleet),
        Story("wp71-resources", _resources("wp71")),
        Story("wp71-core-translations-probes", _probes("wp71"), events=_PROBES),
        Story("wp68-updates-include", _six("wp68"), events={n: _INCLUDE[n] for n in _INCLUDE if n < 20}),
        Story("wp71-updates-include", _six("wp71"), events=_INCLUDE),
        Story("wp71-resources2", dashboard73.fleet, events=dashboard73.EVENTS),
    )
}
