# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is remembered between polls survives a file, whatever else is in it is refused, and no text is a template."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._changes import Found, events_of, remembered
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._known import (
    Away,
    Known,
    Log,
    Seen,
    from_json,
    to_json,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._names import EVENTS, LONGEST, defused
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import PLUGIN, Site, Update
from unit import build

WHOLE = Known(
    {
        1: Seen(
            "https://a.example/",
            "A",
            2,
            ((5, "canary"),),
            lost=True,
            suspended=False,
            last_sync="2026-11-24T02:00:00Z",
            stale=True,
            offers=frozenset({("plugin", "a/a.php", "", "2.0"), ("core", "wordpress", "", "7.1")}),
        )
    },
    {7: "down"},
    {1: Log(12, "2026-11-24T02:00:00Z")},
    {1: frozenset({("plugin", "a/a.php", "id")})},
    Away("2026-11-24T02:00:00Z", "transport"),
)
NOW = 1_795_000_000.0
ALL = frozenset(EVENTS)


def test_what_is_remembered_survives_a_file() -> None:
    for known in (WHOLE, Known(), replace(WHOLE, monitors=None, logs=None, flaws=None, away=None)):
        text = to_json(known, "dashboard.example")
        assert from_json(text) == (known, "dashboard.example", 1)
        assert to_json(from_json(text)[0], "dashboard.example") == text


@pytest.mark.parametrize(
    ("lost", "suspended", "status"),
    [(False, False, "connected"), (True, False, "disconnected"), (False, True, "suspended"), (True, True, "suspended")],
)
def test_a_site_that_is_gone_is_told_as_it_was_seen(lost: bool, suspended: bool, status: str) -> None:
    seen = replace((WHOLE.sites or {})[1], lost=lost, suspended=suspended)
    assert seen.as_site(1).status == status


def damaged(value: Any) -> Iterator[Any]:
    """Every way to put something else in the place of one thing in a JSON value, or to leave it out."""
    for other in (None, 5, "x", [], {}, [[]], True):
        if type(other) is not type(value):
            yield other
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        for one in damaged(value[key]):
            copy = value.copy()
            copy[key] = one
            yield copy
        less = value.copy()
        del less[key]
        yield less


def test_a_damaged_file_is_refused_or_says_something_that_a_poll_could_have_written() -> None:
    text = to_json(WHOLE, "dashboard.example")
    refused = 0
    for one in damaged(json.loads(text)):
        try:
            known, dashboard, number = from_json(json.dumps(one))
        except ValueError:
            refused += 1
            continue
        if number == 1:
            assert from_json(to_json(known, dashboard))[0] == known
    assert refused > 200
    for cut in range(len(text) - 1):
        with pytest.raises(ValueError):
            from_json(text[:cut])


@given(st.text())
def test_no_text_is_a_template(text: str) -> None:
    for one in (text, "{{ " + text + " }}", "#jinja2: " + text, text + "$ANSIBLE_VAULT", "{" + text, f"'\\x7b{text}'"):
        told = defused(one)
        assert not {"{", "$", "\\"} & set(told)
        assert told[:1] not in ("#", " ")
        assert len(told) <= LONGEST
        assert not any(unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") for sign in told)
        assert not any(sign > "\uffff" for sign in told), "Java makes halves of it, of which no YAML can be made"
        assert defused(told) == told


def test_what_is_defused_in_any_depth_and_numbers_stay() -> None:
    value = {"a": ["{{ x }}", {"b": "#x", "c": 1.5, "d": None, "e": True}]}
    assert defused(value) == {"a": ["\uff5b\uff5b x }}", {"b": "\uff03x", "c": 1.5, "d": None, "e": True}]}


# -- comparing -------------------------------------------------------------------------------------------------------


def found(*sites: Site, **more: Any) -> Found:
    return Found(NOW, {site.id: site for site in sites}, frozenset(site.id for site in sites), **more)


def update(slug: str, version: str) -> Update:
    return Update(PLUGIN, slug, slug.title(), "1.0", version)


def test_comparing_with_what_it_was_made_of_tells_nothing() -> None:
    site = build.site(1, updates=(update("a", "2"), update("b", "3")), offers=2, sync_errors="gone")
    read = found(site, monitors={1: [{"monitor_id": 7, "monitor_status": "down"}]}, flaws={1: {}}, logs={1: []})
    known = remembered(Known(), read, 60)
    assert events_of(known, read, ALL, 60) == []
    assert remembered(known, read, 60) == known
    assert events_of(Known(), read, ALL, 60) == [], "nothing was known"


def test_one_release_on_many_sites_is_one_event() -> None:
    sites = [build.site(number, offers=1) for number in range(1, 901)]
    known = remembered(Known(), found(*sites), 60)
    offered = [replace(site, updates=(update("a", "2.0"),)) for site in sites]
    (event,) = events_of(known, found(*offered), ALL, 60)
    assert (event["count"], len(event["sites"])) == (900, 900)


def test_a_release_in_another_spelling_is_no_news_where_it_was_offered_before() -> None:
    seen, other = build.site(1, updates=(update("a", "2.0"),), offers=1), build.site(2, offers=0)
    known = remembered(Known(), found(seen, other), 60)
    respelled = replace(seen, updates=(update("a", "v2.0.0"),))
    assert events_of(known, found(respelled, other), ALL, 60) == []
    assert events_of(remembered(known, found(respelled, other), 60), found(seen, other), ALL, 60) == []
    elsewhere = replace(other, updates=(update("a", "2"),))
    (event,) = events_of(known, found(respelled, elsewhere), ALL, 60)
    assert (event["version"], [one["id"] for one in event["sites"]]) == ("2", [2]), (
        "as the plan for that site spells it"
    )
    (event,) = events_of(known, found(replace(seen, updates=(update("a", "2.0.1"),)), other), ALL, 60)
    assert event["version"] == "2.0.1"


def test_the_order_is_that_of_the_names() -> None:
    site, other = build.site(1, offers=0), build.site(2, offers=0)
    known = remembered(Known(), found(site), 60)
    changed = replace(site, sync_errors="x", suspended=True, updates=(update("a", "2"),))
    told = [event["change"] for event in events_of(known, found(other, changed), ALL, 60)]
    assert told == ["site_added", "site_lost", "site_suspended", "update_offered"]


def test_a_site_selected_later_brings_no_old_flaws_but_a_new_one_does() -> None:
    weak = {("plugin", "a", "flaw"): None}
    old, new = build.site(1, offers=0), build.site(2, offers=0)
    first = Found(NOW, {1: old}, frozenset(), flaws={})
    known = remembered(Known(), first, 60)
    assert known.flaws == {}
    both: Any = {1: weak, 2: weak}
    now = Found(NOW, {1: old}, frozenset({1}), flaws={1: both[1]})
    assert events_of(known, now, ALL, 60) == []
    empty = remembered(known, Found(NOW, {1: old, 2: new}, frozenset({1, 2}), flaws={}), 60)
    assert empty.flaws == {1: frozenset(), 2: frozenset()}, "never synced: what a sync brings is news"
