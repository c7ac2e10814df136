# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole jobs against a Dashboard one of whose answers is broken: a report that holds what it promises, or one error.

The simulator answers in this process. The oracle is what it was asked and what really moved in it.
"""

from __future__ import annotations

import importlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, partial
from typing import Any
from unittest import mock

import jobs
import pytest
from codes import REASONS
from hypothesis import given
from hypothesis import strategies as st
from integration._documented import ANSIBLES, differences
from integration._fleets import child, fleet, german
from modules import ALL_SUBSETS
from returns import promised

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _dashboard_door, _verdict
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard
from simulator import Client, Clock, Offer, Plugin, Simulator, Tag, Translation
from unit.hostile import MUTATIONS, Mutation, examples
from unit.wire import URL, Key, Wire, plugged, simulated

#: The sites that the writing jobs are told to work on. Site 4 is the canary, and must not be touched.
ASKED = ["1", "2", "3"]
GATES = {"proven_on": {"sites": ["4"]}, "unproven": "allow"}
BATCH = {"sites": ASKED, "update_method": "dashboard_batch"}
#: name → (module, api, options, check mode)
SCENARIOS: dict[str, tuple[str, str, dict[str, Any], bool]] = {
    f"{name}-{api}{'-check' if check else ''}": (module, api, options, check)
    for name, module, apis, options, checks in (
        ("info", "site_info", ("abilities", "classic"), {"gather_subset": ALL_SUBSETS}, (False,)),
        ("info", "site_info", ("v1",), {"gather_subset": ALL_SUBSETS[:3], "site_tags": ["canary"]}, (False,)),
        ("doctor", "dashboard_info", ("abilities", "classic"), {}, (False,)),
        ("plan", "update_info", ("abilities", "classic"), {"clients": ["Harbour"], "max_backup_age": 10**9}, (False,)),
        ("sync", "sync", ("abilities", "classic", "v1"), {"sites": ASKED, "reconnect": True}, (False, True)),
        ("update", "batch_update", ("abilities", "classic", "v1"), {"sites": ASKED}, (False, True)),
        ("gated", "batch_update", ("classic",), {"sites": ASKED, **GATES}, (False,)),
        ("batch", "batch_update", ("abilities", "classic"), BATCH, (False, True)),
        ("fleet", "batch_update", ("classic",), {"all_sites": True, "update_method": "dashboard_batch"}, (False,)),
    )
    for api in apis
    for check in checks
}
#: These say of each update, separately, whether it moved; so one lie does not make an "updated".
TWO_WITNESSES = ("update-abilities", "update-classic", "gated-classic")


def world(clock: Clock) -> Any:
    """Every kind of update, and every kind of outcome that one run can have."""
    bad = Plugin("bad/bad.php", "Bad", "1.0", offer=Offer("1.1", broken_package=True))
    back = Plugin("back/back.php", "Back", "2.0", offer=Offer("2.1", rolled_back=True))
    full = child(
        Offer("1.1.0"),
        bad,
        back,
        theme=Offer("1.2"),
        core="7.0.4",
        core_offer="7.1",
        translations=[german(), Translation("bad", "Bad", "1.0", fails_with="no")],
        premium={"p/p.php": {"Name": "P", "Version": "1", "type": "plugin", "update": {"new_version": "2"}}},
    )
    canary = child(None, bad)
    canary.plugins[0].version = "1.1.0"
    more = (child(Offer("1.1.0", deactivates=True)), child(Offer("1.1.0")), canary)
    made = fleet(full, *more, tags=[Tag(1, "canary")], clients=[Client(1, "Harbour")], clock=clock)
    for site in made.sites.values():
        site.tags, site.client_id, site.dts_sync = [1], 1, clock.now() - 3600
    made.sites[3].child.down = True
    return made


def play(name: str, target: Key | None = None, change: Mutation | None = None, always: bool = False) -> Any:
    """Run a scenario; (result, simulator, wire). ``always``: break every answer of that kind from ``target`` on."""
    module, api, options, check = SCENARIOS[name]
    clock = Clock(scale=0)
    sim = Simulator(world(clock), "classic" if api == "classic" else "abilities", clock=clock)
    real = simulated(sim)

    def answer(request: Any) -> Any:
        clock.advance(1)
        return real(request)

    def tamper(key: Key, text: str) -> str:
        hit = target is not None and key[:2] == target[:2] and (key[2] == target[2] or (always and key[2] > target[2]))
        return change.body(json.loads(text)) if hit and change else text

    door = importlib.import_module(f"ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_{module}").DOOR
    pair = {"consumer_key": sim.key().consumer_key, "consumer_secret": sim.key().consumer_secret}
    version = "v1" if api == "v1" else "v2"
    quick = {"concurrency": 2, "retries": 1, "retry_max_delay": 0.1}
    quick |= {"wait_timeout": 1, "poll_interval": 1} if module == "batch_update" else {}
    quick |= {"max_age": 0} if module == "sync" else {}
    given_options = {"url": URL, "api_version": version, **pair, **quick, **options}
    wire = Wire(answer, tamper)
    slept = partial(Dashboard, sleep=lambda seconds: clock.advance(max(seconds, 20)), clock=clock.now)
    with plugged(wire), mock.patch.object(_dashboard_door, "Dashboard", slept):
        result = jobs.done(door, given_options, check_mode=check)
    return result, sim, wire


@cache
def requests_of(name: str) -> list[Key]:
    """What an undisturbed run asks."""
    return sorted(play(name)[2].asked)


def entries(result: Mapping[str, Any]) -> list[tuple[tuple[int, str, str], dict[str, Any]]]:
    return [
        ((site["id"], entry["type"], entry["slug"]), entry)
        for site in result.get("sites", ())
        for entry in site.get("updates") or ()
    ]


def sent(sim: Simulator) -> list[tuple[int, str, str]]:
    """Each update that the Dashboard was told to start, as (site, type, slug)."""
    found = []
    for entry in sim.journal.work():
        kind = re.fullmatch(r"/mainwp/v2/updates/(\d+)/update/(plugin|theme|translation|wp)s?", entry.path)
        if kind and kind[2] == "wp":
            found.append((int(kind[1]), "core", "wordpress"))
        elif kind:
            found += [(int(kind[1]), kind[2], slug) for slug in entry.json["slug"]]
        elif entry.path.endswith("/site-update-item"):
            found.append((int(entry.query["site_id"]), entry.query["type"], entry.query["slug"]))
    return found


def sites_written(sim: Simulator) -> set[str]:
    """The sites that a write was about."""
    found = set()
    for entry in sim.journal.writes():
        number = re.match(r"/mainwp/v2/(?:sites|updates)/([^/]+)/", entry.path)
        found.add(number[1] if number else str(entry.query.get("site_id", "all")))
    return found


def holds(name: str, result: dict[str, Any], sim: Simulator) -> None:
    """What is true of every result, whatever the Dashboard answered."""
    module, _api, options, check = SCENARIOS[name]
    text = json.dumps(result, allow_nan=False, ensure_ascii=False)
    text.encode()
    assert "bug in wpfleet" not in text, text
    assert "exception" not in result
    assert (
        differences({key: result[key] for key in result if key not in ANSIBLES}, promised(f"mainwp_{module}"), "") == []
    )
    if check or module.endswith("_info"):
        assert sim.journal.writes() == []
        assert sim.truth == []
    elif "sites" in options:
        assert sites_written(sim) <= set(ASKED)
    for _key, entry in entries(result):
        if module == "batch_update":
            assert entry["result"] in _verdict.RESULTS
            assert entry["reason"] in REASONS
    assert all(count == 1 for count in Counter(sent(sim)).values()), "sent twice"
    if "error" in result:
        assert result["failed"]
        assert result["error"]["message"]
        assert result["error"]["reason"] in (*REASONS, "invalid_input")
        assert not sim.journal.work(), "work was started, and the report is lost"
        return
    if module != "batch_update" or check:
        return
    told = entries(result)
    for key in sent(sim):
        # more than one entry: translations in several languages
        results = {entry["result"] for about, entry in told if about == key}
        assert results - {"planned", "skipped", "held"}, f"{key} was sent, and the report says {results or 'nothing'}"
    moved = {(event.site_id, event.type, event.slug) for event in sim.truth}
    if name in TWO_WITNESSES:
        for key, entry in told:
            assert entry["result"] != "updated" or key in moved, entry
            assert entry["result"] != "updated" or key in sent(sim), entry


EACH = pytest.mark.parametrize("name", SCENARIOS)
API = "/wp-json/mainwp/v2/"
#: What once broke a promise. Paths count from the beginning of the answer: "data" is 1, of a site "id" is 0.
MENDED = {
    "the sync of a site tells of another": ("update-classic", ("POST", f"{API}sites/1/sync", 0), (1, 0), "4"),
    "endless pauses": ("update-abilities", ("GET", f"{API}settings/advanced", 0), (1, 1), 10**400),
    "a list of sites that is none": ("doctor-classic", ("GET", f"{API}sites?page=1", 0), (2,), False),
    "details of another type": ("info-classic", ("GET", f"{API}sites/1/security", 0), (0,), ["x"]),
}


@EACH
@examples(10)
@given(data=st.data(), change=MUTATIONS, always=st.booleans())
def test_one_answer_broken(name: str, data: st.DataObject, change: Mutation, always: bool) -> None:
    target = data.draw(st.sampled_from(requests_of(name)))
    result, sim, _wire = play(name, target, change, always)
    holds(name, result, sim)


@pytest.mark.parametrize("case", MENDED)
def test_mended(case: str) -> None:
    name, target, path, value = MENDED[case]
    assert target in requests_of(name)
    result, sim, _wire = play(name, target, Mutation("replace", path, value))
    holds(name, result, sim)
    if case == "a list of sites that is none":
        assert "the answer is not such a list" in result["msg"]


@EACH
def test_an_undisturbed_run(name: str) -> None:
    """The oracle agrees with what is well, and the scenario does something."""
    result, sim, wire = play(name)
    holds(name, result, sim)
    assert "error" not in result, result
    assert len(wire.asked) > 3
    if name.startswith(("update", "batch", "fleet", "gated")) and not SCENARIOS[name][3]:
        kinds = {entry["result"] for _key, entry in entries(result)}
        assert {"updated", "failed"} <= kinds, kinds
