# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Dashboard of ``wp71-resources2``: empty at first; what the exchanges that are left out did to its sites."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from contract import fleets
from contract.moments import unix
from contract.recordings import numbered
from simulator import Child, Clock, Fleet, Plugin, Simulator, Theme, Translation, dashboard

PLUGIN_URI = "http://wordpress.org/plugins/hello-dolly/"
#: the children by the numbers of their sites in exchange 293, the first that tells of all three
CHILDREN = {"http://mike.test/": 5, "http://november.test/": 3, "http://oscar.test/": 4}


def fleet() -> Fleet:
    """No sites, tags, clients or settings; three children that wait to be added."""
    made = Fleet(
        clock=Clock(scale=0, start=unix("2026-11-25T22:28:00")), strangers={url: _child(url) for url in CHILDREN}
    )
    made.admin_email = "admin@dash73.test"
    return made


def _child(url: str) -> Child:
    row = fleets.rows("wp71-resources2", 293)[CHILDREN[url]]
    child = fleets.child_of(
        row,
        ip=row["ip"],
        core_offer="7.1" if row["wp_upgrades"] != "[]" else None,
        translations=[Translation("acme-forms", "Acme Forms", "1.1.0")],
        has_key=False,
        password="lab-Pass-1",
        users=[fleets.admin_of(url)],
    )
    if url == "http://mike.test/":
        child.unique_id = "uid-mike-1"
    elif url == "http://november.test/":
        child.http_auth = ("httpuser", "http Päss&%1")
    else:
        child.users += [_kurt(2), _ula(3, "oscar.test")]
    return child


#: the password of two administrators
HARD = "p%20+ä&\"'"


def _kurt(number: int) -> dict[str, Any]:
    """Made by wp-cli, which keeps a password as it is."""
    return _user(number, "kurt", "kurt@oscar.test") | {"_password": HARD.encode()}


def _ula(number: int, domain: str) -> dict[str, Any]:
    """Made on WordPress's own page, which keeps backslashes before quotes."""
    slashed = HARD.replace('"', '\\"').replace("'", "\\'")
    return _user(number, "ula", f"ula@{domain}") | {"_password": slashed.encode()}


def _mike_is_active_again(simulator: Simulator) -> None:
    """MainWP Child was activated by hand; it has no key then."""
    fleet = simulator.fleet
    child = fleet.strangers.get("http://mike.test/") or fleet.sites[1].child
    child.plugin_gone = child.has_key = False


def _mike_was_synced(simulator: Simulator) -> None:
    """Exchanges 456 and 457: the answers about plugins carry a sync."""
    dashboard.sync(simulator.fleet, simulator.fleet.sites[5])


def _mike_is_away(simulator: Simulator) -> None:
    """503 for everything."""
    child = simulator.fleet.sites[5].child
    child.plugin_gone, child.page.status = True, 503


def _mike_is_back(simulator: Simulator) -> None:
    """With MainWP Child active, and with the key of the row that is gone."""
    child = simulator.fleet.strangers["http://mike.test/"]
    child.plugin_gone, child.page.status = False, 200


def _was_synced(simulator: Simulator) -> None:
    """A sync that is left out, of exchange 48 or before: what can be synced is saved since."""
    synclist = dict.fromkeys(dashboard.SYNC_DATA, 1)
    simulator.fleet.settings.setdefault("advanced", {}).setdefault("sync_data", synclist)


def _before_492(simulator: Simulator) -> None:
    """Mike and November have more plugins, and a theme that builds on another one."""
    mike = simulator.fleet.sites[6]
    november = simulator.fleet.sites[3]
    for site, number in ((mike, 492), (november, 580)):
        row = fleets.rows("wp71-resources2", number)[site.id]
        site.child.plugins, site.child.themes = fleets.plugins_of(row), fleets.themes_of(row)
    next(theme for theme in november.child.themes if theme.slug == "twentytwentyfive").active = True
    for child in (mike.child, november.child):
        _theme(child, "acme-child").parent = "acme-theme"
    _plugin(mike.child, "acme-broken/acme-broken.php").info["RequiresPHP"] = "9.9"
    _plugin(mike.child, "acme-fatal/acme-fatal.php").fatal = True


def _plugin(child: Child, file: str) -> Plugin:
    return next(plugin for plugin in child.plugins if plugin.file == file)


def _theme(child: Child, slug: str) -> Theme:
    return next(theme for theme in child.themes if theme.slug == slug)


def _november_has_abandoned_things(simulator: Simulator) -> None:
    """Written straight into the Dashboard's store."""
    rows = {
        "plugins": {"hello.php": {"Name": "Hello Dolly", "PluginURI": PLUGIN_URI, "Version": "1.7.2"}},
        "themes": {"acme-theme": {"Name": "Acme Theme", "Version": "1.0"}},
    }
    for kind, found in rows.items():
        told = {slug: {**row, "last_updated": 1500000000} for slug, row in found.items()}
        simulator.fleet.sites[3].options[f"{kind}_outdate_info"] = json.dumps(told)


def _cache_is_activated_outside(simulator: Simulator) -> None:
    """On November."""
    _plugin(simulator.fleet.sites[3].child, "acme-cache/acme-cache.php").active = True


def _hello_is_deleted_on_disk(simulator: Simulator) -> None:
    """On November."""
    child = simulator.fleet.sites[3].child
    child.plugins.remove(_plugin(child, "hello.php"))


def _oscar_was_edited(simulator: Simulator) -> None:
    """Exchanges 1474 and others."""
    oscar = simulator.fleet.sites[4]
    oscar.name, oscar.client_id = "Oscar B", 0


def _before_1566(simulator: Simulator) -> None:
    """MainWP Child was activated by hand, without a security id, and Mike has ula."""
    mike = simulator.fleet.strangers["http://mike.test/"]
    mike.plugin_gone = mike.has_key = False
    mike.unique_id = ""
    mike.users.append(_ula(10, "mike.test"))
    mike.last_user = 10


def _mike_loses_its_client(simulator: Simulator) -> None:
    """Exchange 1693: an edit without the client."""
    simulator.fleet.sites[7].client_id = 0


def _all_were_disconnected(simulator: Simulator) -> None:
    """Exchange 1822, by a job of the Dashboard."""
    for number in (3, 7):
        child = simulator.fleet.sites[number].child
        child.down = child.has_key = False


def _oscar_can_be_added(simulator: Simulator) -> None:
    """MainWP Child was activated by hand."""
    child = simulator.fleet.strangers["http://oscar.test/"]
    child.plugin_gone = child.has_key = False


def _oscar(answers: bool) -> Callable[[Simulator], None]:
    def happens(simulator: Simulator) -> None:
        simulator.fleet.sites[8].child.down = not answers

    return happens


def _user(number: int, login: str, email: str, role: str = "administrator", posts: str = "0") -> dict[str, Any]:
    return {"id": number, "username": login, "name": login, "email": email, "role": role, "posts": posts}


def _before_1297(simulator: Simulator) -> None:
    """Mike was renamed and synced."""
    mike = simulator.fleet.sites[6]
    mike.name, mike.sync_errors = "Mike B", ""


def _mike_is_not_synced(simulator: Simulator) -> None:
    """Exchange 1490 finds it so."""
    mike = simulator.fleet.sites[6]
    mike.sync_errors, mike.child.has_key = "Error", False


def _mike_is_synced(simulator: Simulator) -> None:
    """Before 1565."""
    mike = simulator.fleet.sites[6]
    mike.sync_errors, mike.child.has_key = "", True


def _before_1695(simulator: Simulator) -> None:
    """Mike has one more user."""
    simulator.fleet.sites[7].child.users.append(_user(9, "hand", "hand@x.test", "subscriber"))


def _berta_writes(simulator: Simulator) -> None:
    """Before 1717."""
    simulator.fleet.sites[7].child.users.append(_user(11, "berta", "b@x.test", "author", "1"))


def _oscar_is_noticed(simulator: Simulator) -> None:
    """Exchange 1716: a sync fails, for its connection user is gone."""
    dashboard.sync(simulator.fleet, simulator.fleet.sites[4])


def _mike(down: bool) -> Callable[[Simulator], None]:
    def happens(simulator: Simulator) -> None:
        simulator.fleet.sites[7].child.down = down

    return happens


def _more_people(simulator: Simulator) -> None:
    """Exchanges 1727 to 1845: imports."""
    _mike(False)(simulator)
    simulator.fleet.sites[7].child.last_user = 15
    simulator.fleet.sites[3].child.users.append(_user(5, "imp6", "", "editor"))


def _half2_is_imported(simulator: Simulator) -> None:
    """Exchange 1956, which also made half2 on the other site."""
    _mike(False)(simulator)
    november = simulator.fleet.sites[3].child
    november.users.append(_user(7, "half2", "", "author"))


def _keys_of_the_laboratory(n: int, simulator: Simulator) -> None:
    """As exchange n lists them: made in another order, two of them keys of API v1 as well."""
    rows = numbered("wp71-resources2", n).answer.body["data"]
    scopes = {"RW": "read_write", "READ": "read", "WRITE": "write", "DELETE": "delete", "DISABLED": "disabled"}
    for row in rows:
        word = row["description"].removeprefix("lab ")
        if word not in scopes:
            continue
        key = simulator.key(scopes[word])
        key.description = row["description"]
        if row["version"] == "v1":
            key.consumer_key = row["id"]
        else:
            key.id, key.last_access = int(row["id"]), row["last_access"]


def _costs_have_a_format(simulator: Simulator) -> None:
    """Exchanges 1128 to 1155."""
    saved = simulator.fleet.settings.setdefault("cost-tracker", {})
    shape = {"currency_position": "right_space", "thousand_separator": ".", "decimal_separator": ",", "decimals": 3}
    saved.update({"currency": "USD", **shape})


def _before_1458(simulator: Simulator) -> None:
    """Mike's name, and what it says of its security then."""
    mike = simulator.fleet.sites[6]
    mike.name = "Mike"
    told = numbered("wp71-resources2", 1458).answer.body["data"]
    mike.child.security = {name: word for name, word in told.items() if isinstance(word, str)}


def _mike_was_changed(simulator: Simulator) -> None:
    """Before 1461, by hand, and much earlier by the Dashboard: as exchange 1464 has it all."""
    rows = numbered("wp71-resources2", 1464).answer.body["data"]
    simulator.fleet.sites[6].changes = [
        {name: value for name, value in row.items() if name not in ("log_site_name", "url")} for row in rows
    ]


def _mike_is_renamed_again(simulator: Simulator) -> None:
    """Exchange 1474."""
    simulator.fleet.sites[6].name = "Mike B"
    _mike_is_not_synced(simulator)


def _is_checked(at: str, *found: tuple[int, int, int]) -> Callable[[Simulator], None]:
    """The monitor of Mike finds (up or down, HTTP status, milliseconds)."""

    def happens(simulator: Simulator) -> None:
        (monitor,) = simulator.fleet.monitors.values()
        for status, code, ping in found:
            monitor.found(unix(at), status, code, ping)
        simulator.clock.advance(max(0.0, unix(at) - simulator.clock.now()))

    return happens


def _by_sites_check(simulator: Simulator) -> None:
    """Exchange 1574: what that took, and when."""
    (monitor,) = simulator.fleet.monitors.values()
    monitor.beats[-1].at, monitor.beats[-1].ping_ms = unix("2026-11-25T22:45:23"), 48


def _mike_goes_down(simulator: Simulator) -> None:
    """Exchanges 1618 to 1629: other settings, and checks that find a 503, the first of which is to be repeated."""
    simulator.fleet.settings["monitoring"]["mainwp_uptime_monitoring_interval"] = "10m"
    simulator.fleet.sites[7].offline_check_result = -1
    _is_checked("2026-11-25T22:45:39", (2, 503, 5))(simulator)
    _is_checked("2026-11-25T22:45:40", (0, 503, 4))(simulator)


def _mike_is_up(simulator: Simulator) -> None:
    """Exchange 1636."""
    simulator.fleet.sites[7].offline_check_result = 1
    _is_checked("2026-11-25T22:45:44", (1, 200, 237))(simulator)


EVENTS: Mapping[int, Callable[[Simulator], None]] = {
    12: partial(_keys_of_the_laboratory, 12),
    63: _mike_is_active_again,
    72: _mike_is_active_again,
    459: _mike_was_synced,
    473: _mike_is_away,
    489: _mike_is_back,
    492: _before_492,
    668: _was_synced,
    1165: _costs_have_a_format,
    1297: _before_1297,
    1421: partial(_keys_of_the_laboratory, 1421),
    1458: _before_1458,
    1462: _mike_was_changed,
    1490: _mike_is_renamed_again,
    1563: _oscar_was_edited,
    1565: _mike_is_synced,
    1566: _before_1566,
    1575: _by_sites_check,
    1585: _is_checked("2026-11-25T22:45:25", (0, 200, 40), (0, 200, 47)),
    1630: _mike_goes_down,
    1637: _mike_is_up,
    1695: _before_1695,
    1716: _oscar_is_noticed,
    1717: _berta_writes,
    1733: _mike(down=True),
    1814: _mike_loses_its_client,
    1824: _all_were_disconnected,
    1846: _more_people,
    1895: _oscar_can_be_added,
    1912: _oscar(answers=False),
    1914: _oscar(answers=True),
    1941: _november_has_abandoned_things,
    1943: _cache_is_activated_outside,
    1946: _hello_is_deleted_on_disk,
    1953: _mike(down=True),
    1958: _half2_is_imported,
}
