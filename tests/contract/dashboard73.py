# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Dashboard of ``wp71-resources2``: empty at first; what the exchanges that are left out did to its sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from contract import fleets
from contract.moments import unix
from contract.recordings import numbered
from simulator import Child, Clock, Fleet, Simulator, Site, Translation, dashboard

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
    return fleets.child_of(
        row,
        ip=row["ip"],
        core_offer="7.1" if row["wp_upgrades"] != "[]" else None,
        translations=[Translation("acme-forms", "Acme Forms", "1.1.0")],
        has_key=False,
        users=[fleets.admin_of(url)],
    )


def _number_2_was_given(simulator: Simulator) -> None:
    """Exchanges 42 to 58: a second row of Mike came and went."""
    simulator.fleet.new_id("sites")


def _mike_can_be_added(simulator: Simulator) -> None:
    """MainWP Child was activated again by hand."""
    simulator.fleet.strangers["http://mike.test/"].has_key = False


def _goes(simulator: Simulator, number: int) -> None:
    """A site is removed; its child can be added again."""
    site = simulator.fleet.sites.pop(number)
    site.child.has_key = False
    simulator.fleet.strangers[site.url] = site.child


def _was_synced(simulator: Simulator) -> None:
    """A sync that is left out, of exchange 48 or before: what can be synced is saved since."""
    synclist = dict.fromkeys(dashboard.SYNC_DATA, 1)
    simulator.fleet.settings.setdefault("advanced", {}).setdefault("sync_data", synclist)


def _mike_becomes_6(simulator: Simulator) -> None:
    """Exchanges 485 to 489 and later ones: removed and added, edited, and no longer to be synced."""
    _goes(simulator, 5)
    url = "http://mike.test/"
    site = Site(6, url, "Mike B", simulator.fleet.strangers.pop(url), client_id=1, sync_errors="Error")
    simulator.fleet.add(site)


def _before_1567(simulator: Simulator) -> None:
    """Mike was removed again; Oscar was edited."""
    _goes(simulator, 6)
    oscar = simulator.fleet.sites[4]
    oscar.name, oscar.client_id = "Oscar B", 0


def _mike_loses_its_client(simulator: Simulator) -> None:
    """Exchange 1693: an edit without the client."""
    simulator.fleet.sites[7].client_id = 0


def _oscar_goes(simulator: Simulator) -> None:
    """Exchange 1894, and MainWP Child was activated again by hand."""
    _goes(simulator, 4)


def _user(number: int, login: str, email: str, role: str = "administrator", posts: str = "0") -> dict[str, Any]:
    return {"id": number, "username": login, "name": login, "email": email, "role": role, "posts": posts}


def _before_1297(simulator: Simulator) -> None:
    """Mike's last change of number came before; Oscar has two more administrators, and is connected as the first."""
    if 6 not in simulator.fleet.sites:
        _mike_becomes_6(simulator)
    mike = simulator.fleet.sites[6]
    mike.sync_errors, mike.child.has_key = "", True
    oscar = simulator.fleet.sites[4].child
    oscar.users += [_user(2, "kurt", "kurt@oscar.test"), _user(3, "ula", "ula@oscar.test")]
    oscar.connection_user = 2


def _mike_is_not_synced(simulator: Simulator) -> None:
    """Exchange 1490 finds it so."""
    mike = simulator.fleet.sites[6]
    mike.sync_errors, mike.child.has_key = "Error", False


def _before_1695(simulator: Simulator) -> None:
    """Mike has ula, and is connected as her."""
    mike = simulator.fleet.sites[7].child
    mike.users += [_user(9, "hand", "hand@x.test", "subscriber"), _user(10, "ula", "ula@mike.test")]
    mike.connection_user = mike.last_user = 10


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


EVENTS: Mapping[int, Callable[[Simulator], None]] = {
    12: partial(_keys_of_the_laboratory, 12),
    45: _number_2_was_given,
    72: _mike_can_be_added,
    668: _was_synced,
    1165: _costs_have_a_format,
    1297: _before_1297,
    1421: partial(_keys_of_the_laboratory, 1421),
    1490: _mike_is_not_synced,
    1567: _before_1567,
    1695: _before_1695,
    1716: _oscar_is_noticed,
    1717: _berta_writes,
    1733: _mike(down=True),
    1814: _mike_loses_its_client,
    1846: _more_people,
    1895: _oscar_goes,
    1953: _mike(down=True),
    1958: _half2_is_imported,
}
