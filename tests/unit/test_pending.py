# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many sites' pending updates in few requests: the same as site by site, and never by more requests."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _http
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.several import CUT, MOST_SITES, grouped
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Update
from ansible_collections.wpfleet.mainwp.plugins.module_utils._pending import Pending, read_pending
from simulator import Child, Fleet, Offer, Plugin, Simulator, Site, Theme, Translation
from unit import build

DIALECTS = ("abilities", "classic")
BOTH = pytest.mark.parametrize("dialect", DIALECTS)
UPDATES = "/mainwp/v2/updates"
REFUSED = '{"code": "mainwp_rest_authentication_error", "message": "No.", "data": {"status": 401}}'
ALWAYS = {"Name": "x", "ignored_versions": ["all_versions"]}


@contextmanager
def dashboard_of(sim: Simulator) -> Iterator[Dashboard]:
    dashboard = Dashboard(connection_from({"url": sim.url, "api_key": sim.key().token, "retries": 0}))
    yield dashboard
    dashboard.close()


def asked(sim: Simulator) -> list[tuple[int, ...]]:
    """The ids of each request about pending updates, so far; a new list begins after that."""
    found = [entry for entry in sim.journal.entries if entry.path.startswith(UPDATES)]
    sim.journal.entries.clear()
    return [
        tuple(int(text) for text in (entry.query.get("include") or entry.path.rsplit("/", 1)[1]).split(","))
        for entry in found
    ]


def child(plugins: int = 0, themes: int = 0, languages: int = 0, **more: Any) -> Child:
    """A child with so many offers of each type; every other plugin needs a PHP of its own."""
    return Child(
        plugins=[
            Plugin(f"p{n}/p{n}.php", f"P {n}", "1.0", offer=Offer("1.1", requires_php="9.9" if n % 2 else "7.4"))
            for n in range(plugins)
        ],
        themes=[Theme(f"t{n}", f"T {n}", "1.0", offer=Offer("1.1", package="")) for n in range(themes)],
        translations=[
            Translation("p0", "P 0", "1.1", language) for language in ("de_DE", "fr_FR", "it_IT")[:languages]
        ],
        **more,
    )


def fleet(*children: Child, **more: Any) -> Fleet:
    """Sites 1, 2, … whose addresses sort otherwise than their ids."""
    return Fleet(
        (Site(n, f"https://s{999 - n}.example/", f"S {n}", one) for n, one in enumerate(children, start=1)), **more
    )


def one_by_one(dashboard: Dashboard, sites: list[Any]) -> dict[int, tuple[Update, ...]]:
    return {site.id: dashboard.api.updates.pending(site) for site in sites}


def as_sets(found: dict[int, Any]) -> dict[int, set[Update]]:
    return {key: set(updates) for key, updates in found.items()}


children = st.builds(
    child,
    plugins=st.one_of(st.integers(0, 4), st.integers(0, 60)),
    themes=st.integers(0, 2),
    languages=st.integers(0, 3),
    core_offer=st.sampled_from([None, "7.2"]),
    premium=st.sampled_from([{}, {"pro/pro.php": {"Name": "Pro", "Version": "1", "update": {"new_version": "2"}}}]),
)


@settings(max_examples=40)
@given(
    st.lists(children, max_size=14),
    st.sampled_from(DIALECTS),
    st.booleans(),
    st.lists(st.sampled_from(["core", "plugins", "themes", "p1", ""]), min_size=14, max_size=14),
    st.booleans(),
)
def test_the_same_as_site_by_site_and_never_more_requests(
    made: list[Child], dialect: str, detected: bool, ignored: list[str], everywhere: bool
) -> None:
    world = fleet(*made, ignored_plugins={"p0/p0.php": ALWAYS} if everywhere else "")
    for site, what in zip(world.sites.values(), ignored, strict=False):
        site.ignore_core, site.ignore_plugins, site.ignore_themes = (what == x for x in ("core", "plugins", "themes"))
        site.ignored_plugins = {"p1/p1.php": ALWAYS} if what == "p1" else ""
        site.suspended, site.sync_errors = site.id % 5 == 0, "gone" * (site.id % 7 == 0)
    with Simulator(world, dialect) as sim, dashboard_of(sim) as dashboard:
        sites = dashboard.sites()
        if detected:
            dashboard.detect(1)
        sim.journal.entries.clear()
        found = read_pending(dashboard, sites)
        together = asked(sim)
        wanted = [site for site in sites if any(not update.premium for update in site.updates)]
        assert as_sets(found) == as_sets(one_by_one(dashboard, wanted))
        assert len(together) <= len(asked(sim)) == len(wanted)


counts = st.one_of(st.none(), st.integers(1, 60))


@given(st.lists(counts, max_size=60), st.booleans())
def test_every_site_is_in_one_group_and_no_answer_can_be_cut(offers: list[int | None], whole: bool) -> None:
    sites = [build.site(number, offers=count) for number, count in enumerate(offers, start=1)]
    groups = grouped(sites, whole)
    assert sorted(site.id for group in groups for site in group) == [site.id for site in sites]
    for group in groups:
        assert [site.id for site in group] == sorted(site.id for site in group)
        if whole:
            assert len(group) <= MOST_SITES
        elif len(group) > 1:
            assert sum(site.offers or 999 for site in group) < CUT
    if whole:
        assert len(groups) == -(-len(sites) // MOST_SITES)


@pytest.mark.parametrize(("offers", "requests"), [(2, 17), (6, 50), (12, 100), (24, 200), (25, 400), (60, 400)])
def test_four_hundred_sites_take_so_many_requests(offers: int, requests: int) -> None:
    sites = [build.site(number, offers=offers) for number in range(1, 401)]
    assert len(grouped(sites, whole=False)) == requests
    assert len(grouped(sites, whole=True)) == 16


def test_small_sites_fill_the_room_that_large_ones_leave() -> None:
    sites = [build.site(number, offers=40 if number % 2 else 9) for number in range(1, 21)]
    assert [sum(site.offers or 0 for site in group) for group in grouped(sites, whole=False)] == [49] * 10


@BOTH
def test_an_unknown_dialect_is_told_by_the_first_answer(dialect: str) -> None:
    """No request is spent on finding out."""
    with Simulator(fleet(*(child(6) for _number in range(60))), dialect) as sim, dashboard_of(sim) as dashboard:
        read_pending(dashboard, dashboard.sites())
        assert len(asked(sim)) == {"abilities": 8, "classic": 1 + 3}[dialect]


@BOTH
def test_what_was_synced_after_the_listing_is_asked_for_alone(dialect: str) -> None:
    """The listing's requirements are those of another release."""
    with Simulator(fleet(child(3), child(3), child(3)), dialect) as sim, dashboard_of(sim) as dashboard:
        sites = dashboard.sites()
        dashboard.detect(1)
        sim.fleet.sites[2].child.plugins[0].offer = Offer("1.2", requires_php="5.6")
        with dashboard_of(sim) as somebody:
            somebody.api.sites.sync(sites[1])
        found = read_pending(dashboard, sites)
        assert asked(sim) == ([(1, 2, 3), (2,)] if dialect == "abilities" else [(1, 2, 3)])
        assert as_sets(found) == as_sets(one_by_one(dashboard, sites))


def test_an_answer_that_may_be_cut_is_asked_for_in_smaller_groups() -> None:
    """Sites that got more offers since they were listed: what stands before the last one in a full answer is sure."""
    with Simulator(fleet(*(child(9) for _number in range(5)))) as sim, dashboard_of(sim) as dashboard:
        sites = sorted(dashboard.sites(), key=lambda site: site.id)
        dashboard.detect(1)
        sim.fleet.sites[3].child.plugins = copy.deepcopy(child(40).plugins)
        with dashboard_of(sim) as somebody:
            somebody.api.sites.sync(sites[2])
        found = read_pending(dashboard, sites)
        assert asked(sim) == [(1, 2, 3, 4, 5), (3,), (4,), (5,)]
        assert as_sets(found) == as_sets(one_by_one(dashboard, sites))


@BOTH
def test_one_sites_trouble_is_its_own(dialect: str) -> None:
    with Simulator(fleet(child(1), child(2), child(3)), dialect) as sim, dashboard_of(sim) as dashboard:
        sites = dashboard.sites()
        sim.faults.add(action="status", path=UPDATES, code=500, times=None)
        sim.faults.add(action="status", path=f"{UPDATES}/2", code=500)
        found = read_pending(dashboard, sites)
        assert {key: isinstance(told, errors.MainWPError) for key, told in found.items()} == {1: 0, 2: 1, 3: 0}


@BOTH
def test_a_question_that_is_in_vain_is_not_repeated(dialect: str) -> None:
    with Simulator(fleet(*(child(9) for _number in range(60))), dialect) as sim, dashboard_of(sim) as dashboard:
        sites = dashboard.sites()
        sim.faults.add(action="status", path=UPDATES, code=403, times=None, body="<html>Forbidden</html>")
        found = read_pending(dashboard, sites)
        together = [ids for ids in asked(sim) if len(ids) > 1]
        assert len(together) == 1
        assert as_sets(found) == as_sets(one_by_one(dashboard, sites))


@BOTH
def test_answers_about_other_sites_are_not_believed(dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something on the way drops the query: the Dashboard answers with what it has."""
    read = _http.Transport.read

    def without_query(self: _http.Transport, path: str, query: Any, step: str) -> _http.Answer:
        return read(self, path, None if path == "mainwp/v2/updates" else query, step)

    with Simulator(fleet(*(child(9) for _number in range(30))), dialect) as sim, dashboard_of(sim) as dashboard:
        sites = [site for site in dashboard.sites() if site.id > 3]
        dashboard.detect(4)
        monkeypatch.setattr(_http.Transport, "read", without_query)
        assert as_sets(read_pending(dashboard, sites)) == as_sets(one_by_one(dashboard, sites))


def test_answers_that_are_too_large_are_read_site_by_site(monkeypatch: pytest.MonkeyPatch) -> None:
    with Simulator(fleet(*(child(20) for _number in range(8))), "classic") as sim, dashboard_of(sim) as dashboard:
        sites = dashboard.sites()
        monkeypatch.setattr(_http, "MAX_BODY", {"v2": 30_000})
        assert as_sets(read_pending(dashboard, sites)) == as_sets(one_by_one(dashboard, sites))


@BOTH
def test_a_dashboard_that_is_away_is_not_asked_for_each_site(dialect: str) -> None:
    with Simulator(fleet(child(1), child(2)), dialect) as sim:
        dashboard = Dashboard(connection_from({"url": sim.url, "api_key": sim.key().token, "retries": 0}))
        sites = dashboard.sites()
    found: dict[int, Pending] = read_pending(dashboard, sites)
    assert {type(told) for told in found.values()} == {errors.ConnectFailed}
    assert found[1] is found[2]


def test_a_key_that_is_refused_ends_it() -> None:
    with Simulator(fleet(child(1), child(2))) as sim, dashboard_of(sim) as dashboard:
        sites = dashboard.sites()
        sim.faults.add(action="status", path=UPDATES, code=401, body=REFUSED, content_type="application/json")
        with pytest.raises(errors.Unauthorized):
            read_pending(dashboard, sites)
