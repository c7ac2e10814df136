# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Dashboard is asked, and how much of it at a time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, cast

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _http
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.sites import SLIM, Sites
from ansible_collections.wpfleet.mainwp.plugins.module_utils._caches import Answer
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._http import Transport
from simulator import Child, Client, Fleet, Offer, Plugin, Simulator, Site, Tag


class Slow:
    """A Dashboard that answers only when it is asked for two chunks at a time."""

    def __init__(self) -> None:
        self.both = threading.Barrier(2, timeout=120)
        self.asked: list[int] = []

    def read(self, _path: str, query: Mapping[str, Any], _step: str) -> Answer:
        ids = query["include"].split(",")
        self.asked.append(len(ids))
        self.both.wait()
        return Answer(200, {"data": [{"id": key, "name": query["_fields"]} for key in ids]}, None)


def test_sites_are_read_by_id_in_parallel_chunks() -> None:
    slow = Slow()
    sites = Sites(cast(Transport, slow))
    found = sites.by_id(range(1, 141), ["name"])
    assert [(key, site.id, site.name) for key, site in found.items()] == [(n, n, "name") for n in range(1, 141)]
    assert sorted(slow.asked) == [40, 100]
    assert sites.by_id([], ["name"]) == {}


def heavy(count: int) -> Fleet:
    """Sites with an update that carries its whole changelog, as those of premium plugins do."""
    info = {"sections": {"changelog": "<p>" + "fixed " * 500}}
    plugins = [Plugin("shop/shop.php", "Shop", "1.0.0", offer=Offer("1.1.0", info=info))]
    return Fleet(
        Site(id=number, url=f"https://s{number}.example/", name=f"S {number}", child=Child(plugins=list(plugins)))
        for number in range(1, count + 1)
    )


@pytest.mark.parametrize("dialect", ["abilities", "classic"])
def test_pages_that_are_too_large_are_read_in_parts(monkeypatch: pytest.MonkeyPatch, dialect: str) -> None:
    """A hundred such sites may take more than the client accepts."""
    monkeypatch.setattr(_http, "MAX_BODY", {"v2": 100_000})
    with Simulator(heavy(230), dialect) as sim:
        dashboard = Dashboard(connection_from({"url": sim.url, "api_key": sim.key().token}))
        assert sorted(site.id for site in dashboard.sites()) == list(range(1, 231))
        ids = [7, 230, 1, *range(30, 150)]
        assert list(dashboard.api.sites.by_id(ids, SLIM)) == ids
        dashboard.close()


def test_a_single_site_that_is_too_large_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "MAX_BODY", {"v2": 1000})
    with Simulator(heavy(2)) as sim:
        dashboard = Dashboard(connection_from({"url": sim.url, "api_key": sim.key().token}))
        with pytest.raises(errors.AnswerLost, match="larger than 0 MB"):
            dashboard.sites()
        dashboard.close()


def test_names_are_told_as_they_are_asked_for() -> None:
    with Simulator(heavy(1)) as sim:
        sim.fleet.tags = {1: Tag(1, " Canary ")}
        sim.fleet.clients = {1: Client(1, "Lind ")}
        dashboard = Dashboard(connection_from({"url": sim.url, "api_key": sim.key().token}))
        assert (dashboard.tags, dashboard.clients) == ({1: "Canary"}, {1: "Lind"})


def test_lists_are_asked_for_once_and_again_after_a_write_of_ours() -> None:
    with Simulator(heavy(1)) as sim:
        dashboard = Dashboard(connection_from({"url": sim.url, "api_key": sim.key().token}))

        def asked(route: str) -> int:
            return sum(entry.path.endswith(f"/{route}") for entry in sim.journal.entries)

        for names, route, resource in (
            ("tags", "tags", dashboard.v2.tags),
            ("clients", "clients", dashboard.v2.clients),
        ):
            assert [getattr(dashboard, names) for _time in range(2)] == [{}, {}]
            assert asked(route) == 1
            number = resource.add({"name": "R&D"})
            assert getattr(dashboard, names) == {number: "R&D"}
            assert asked(route) == 2
            resource.remove(number)
            assert getattr(dashboard, names) == {}
        for _time in range(2):
            assert dashboard.v2.settings.group("advanced")
            assert dashboard.limits.sync_lanes
        assert asked("settings/advanced") == 1
        dashboard.close()
