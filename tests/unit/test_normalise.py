# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API's values made regular, whatever their shape; checked with what two real Dashboards sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from contract.recordings import NAMES, load
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._api import normalise
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import (
    CORE,
    PLUGIN,
    THEME,
    TRANSLATION,
    ItemAnswer,
    Site,
    Tag,
    Update,
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
KEYS = st.sampled_from(
    ["id", "url", "name", "tags", "plugins", "themes", "update", "new_version", "slug", "wp", "translations", "error"]
    + ["wp_upgrades", "plugin_upgrades", "theme_upgrades", "translation_upgrades", "premium_upgrades", "sync_errors"]
    + ["last_sync", "health_score", "status", "suspended", "client_id", "bulk_updates_info", "package", "success", "1"]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=6)
        | inner.map(json.dumps)
    ),  # the API's JSON in strings
    max_leaves=25,
)


@pytest.mark.parametrize(
    ("value", "number"),
    [("5", 5), (5, 5), (True, 1), ("", 0), (None, 0), ("x", 0), ([], 0), ({}, 0), ("1.5", 0), (1.9, 1), (" 7 ", 7)]
    + [(float("inf"), 0), (float("nan"), 0), ("9" * 9999, 0)],
)
def test_numbers(value: Any, number: int) -> None:
    assert normalise.as_int(value) == number
    assert normalise.as_int(value).__class__ is int


@pytest.mark.parametrize(
    ("value", "flag"),
    [("1", True), (1, True), (True, True), ("true", True), (" Yes ", True), ("0", False), ("", False), (None, False)]
    + [(0, False), ("false", False), ("no", False), ([], False), ("2", False)],
)
def test_flags(value: Any, flag: bool) -> None:
    assert normalise.as_bool(value) is flag


@pytest.mark.parametrize(
    ("value", "text"),
    [("a &amp; b", "a & b"), (" x ", "x"), (None, ""), ([], ""), ({}, ""), (True, ""), (7.1, "7.1"), (0, "0")]
    + [("M&uuml;ller &#8211; Co", "Müller – Co"), ("{{ lookup('pipe', 'id') }}", "{{ lookup('pipe', 'id') }}")],
)
def test_texts(value: Any, text: str) -> None:
    assert normalise.as_text(value) == text


@pytest.mark.parametrize(
    ("value", "mapped"),
    [({"a": 1}, {"a": 1}), ('{"a": 1}', {"a": 1}), ([], {}), ("[]", {}), ("", {}), (None, {}), ("{broken", {})]
    + [(["x"], {"0": "x"}), ('"text"', {}), (5, {}), ("[" * 100000, {})],
)
def test_maps(value: Any, mapped: dict[str, Any]) -> None:
    assert normalise.as_map(value) == mapped


@pytest.mark.parametrize(
    ("value", "listed"),
    [([1], [1]), ("[1]", [1]), ({"a": 1}, [1]), ('{"a": 1}', [1]), (None, []), ("", []), ("x", []), (5, [])],
)
def test_lists(value: Any, listed: list[Any]) -> None:
    assert normalise.as_list(value) == listed


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-11-23T13:37:11", "2026-11-23T13:37:11Z"),
        ("2026-11-23 13:37:11", "2026-11-23T13:37:11Z"),
        ("2026-11-23T13:37:11Z", "2026-11-23T13:37:11Z"),
        ("1970-01-01T00:00:00", None),
        ("", None),
        (None, None),
        ("never", None),
        ("0000-00-00 00:00:00", None),
        (5, None),
    ],
)
def test_times(value: Any, time: str | None) -> None:
    assert normalise.as_time(value) == time


@pytest.mark.parametrize(
    ("value", "time"), [("1795441031", "2026-11-23T13:37:11Z"), (0, None), ("", None), (-5, None), (10**15, None)]
)
def test_unix_times(value: Any, time: str | None) -> None:
    assert normalise.epoch_as_time(value) == time


def test_a_site() -> None:
    offer = {"Name": "Forms &amp; Co", "Version": "1.0", "update": {"new_version": "1.1", "package": ""}}
    made = normalise.site(
        {
            "id": "7",
            "url": "https://shop.example/",
            "name": "Sommer &amp; S&ouml;hne",
            "tags": {"2": "B, &amp; C", "1": "A"},
            "client_id": "3",
            "suspended": "0",
            "status": "connected",
            "sync_errors": "<b>HTTP</b> error",
            "health_score": "",
            "plugin_upgrades": json.dumps({"forms/forms.php": offer}),
            "theme_upgrades": "[]",
            "plugins": '[{"slug":"b/b.php","name":"B","version":"1.0","active":1},{"slug":"a/a.php","active":"0"}]',
            "dtsAutomaticSync": "5",
        }
    )
    assert (made.id, made.name, made.client_id, made.health_score) == (7, "Sommer & Söhne", 3, None)
    assert made.tags == (Tag(1, "A"), Tag(2, "B, & C"))
    assert (made.status, made.sync_errors, made.suspended) == ("disconnected", "HTTP error", False)
    assert made.updates == (Update(PLUGIN, "forms/forms.php", "Forms & Co", "1.0", "1.1", package=False),)
    assert [(entry.slug, entry.name, entry.active) for entry in made.plugins or ()] == [
        ("a/a.php", "a/a.php", False),
        ("b/b.php", "B", True),
    ]
    assert made.themes is None  # not asked for is not the same as none
    assert made.extra == {"dtsAutomaticSync": 5}


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ({}, "connected"),
        ({"sync_errors": "x"}, "disconnected"),
        ({"suspended": "1"}, "suspended"),
        ({"suspended": 1, "sync_errors": "x"}, "suspended"),
        ({"status": "suspended"}, "suspended"),
    ],
)
def test_statuses(raw: dict[str, Any], status: str) -> None:
    assert normalise.site(raw).status == status


def test_requirements_and_packages_of_an_offer() -> None:
    (found,) = normalise.extension_updates(
        PLUGIN,
        {
            "x/x.php": {
                "Name": "X",
                "Version": "1",
                "php_compatible": False,
                "wp_compatible": True,
                "update": {
                    "new_version": "2",
                    "package": "https://w.org/x.zip",
                    "requires": "6.5",
                    "requires_php": "8",
                },
            },
            "none/none.php": {"Name": "No offer", "update": {}},
            "odd": "text",
        },
    )
    assert (found.package, found.requires_wp, found.requires_php, found.blocked) == (
        True,
        "6.5",
        "8",
        ("requires_php",),
    )


def test_premium_updates_are_marked() -> None:
    found = normalise.stored_updates(
        {
            "premium_upgrades": {
                "g/g.php": {"Name": "G", "type": "plugin", "Version": "1", "update": {"new_version": "2"}}
            }
        }
    )
    assert found == (Update(PLUGIN, "g/g.php", "G", "1", "2", premium=True),)


def test_answers_of_items() -> None:
    found = normalise.item_answers(
        {
            "good/good.php": {"success": 1, "old_version": "1.0", "version": "1.1"},
            "bad%2Fbad.php": {"error": "Download failed. <em>x</em>"},
            "bad/bad.php": {"success": True, "old_version": "1.0", "version": "1.0"},
            "odd": 5,
        }
    )
    assert found == {
        "good/good.php": ItemAnswer(True, "1.0", "1.1"),
        "bad/bad.php": ItemAnswer(False, "1.0", "1.0", "Download failed. x"),
    }
    assert normalise.item_answers([]) == {}


@given(st.dictionaries(KEYS, JSON, max_size=12))
def test_a_site_of_any_shape(raw: dict[str, Any]) -> None:
    made = normalise.site(raw)
    assert isinstance(made, Site)
    assert isinstance(made.id, int)
    assert made.status in ("connected", "disconnected", "suspended")
    assert all(isinstance(update.new_version, str) and isinstance(update.slug, str) for update in made.updates)
    made.age(0.0)
    assert made.sort_key


@given(JSON)
def test_updates_of_any_shape(data: Any) -> None:
    for update in normalise.pending_updates(data):
        assert update.type in (CORE, PLUGIN, THEME, TRANSLATION)
        assert isinstance(update.name, str)
    for slug, answer in normalise.item_answers(data).items():
        assert isinstance(slug, str)
        assert isinstance(answer.success, bool)


# -- what real Dashboards sent ----------------------------------------------------------------------------------------


def site_objects(data: Any) -> Iterator[dict[str, Any]]:
    """Every v2 site object in a recorded body."""
    if isinstance(data, dict):
        if "url" in data and "sync_errors" in data and "plugin_upgrades" in data and "last_sync" in data:
            yield data
        for value in data.values():
            yield from site_objects(value)
    elif isinstance(data, list):
        for value in data:
            yield from site_objects(value)


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_site_is_understood(name: str) -> None:
    found = [raw for item in load(name) for raw in site_objects(item.response["body"])]
    for raw in found:
        made = normalise.site(raw)
        assert made.id == int(raw["id"]) > 0
        assert made.url.startswith("http")
        assert made.name
        assert made.last_sync is None or made.last_sync.endswith("Z")
        assert made.wp_version
        assert made.php_version
        if raw.get("plugins"):
            assert made.plugins
            # none where the site was told to use one that is not there (578)
            assert bool(made.active_theme) == any(theme.active for theme in made.themes or ())
        count = sum(len(normalise.as_map(raw[key])) for key in ("plugin_upgrades", "theme_upgrades") if raw.get(key))
        assert len([update for update in made.updates if update.type in (PLUGIN, THEME)]) == count
        for update in made.updates:
            assert update.slug
            assert update.new_version
            assert update.type == TRANSLATION or update.version
    assert found or name in ("wp68-auth", "wp71-auth", "wp71-large-fleet"), "a recording lost its sites"


PENDING = [
    item
    for name in NAMES
    for item in load(name)
    if item.request["method"] == "GET"
    and item.request["path"].rsplit("/", 2)[-2:-1] == ["updates"]
    and item.request["path"].rsplit("/", 1)[-1].isdigit()
    and item.response["status"] == 200
]


def test_every_recorded_list_of_updates_is_understood() -> None:
    assert len(PENDING) >= 4
    seen = set()
    for item in PENDING:
        body = item.response["body"]
        found = normalise.pending_updates(body["data"])
        seen |= {update.type for update in found}
        for update in found:
            assert update.new_version, item.title
            assert update.name, item.title
    assert {PLUGIN, THEME} <= seen


@pytest.mark.claim("bounded-size")
def test_names_and_versions_have_an_end() -> None:
    (update,) = normalise.extension_updates(
        "plugin", {"a/a.php": {"Name": "x" * 10**6, "update": {"new_version": "9" * 10**6}}}
    )
    assert len(update.name) == len(update.new_version) == normalise.LONGEST
    assert normalise.site({"note": "x" * 2000}).extra["note"] == "x" * 2000
