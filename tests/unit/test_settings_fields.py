# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings as values: every shape in which they are told, and that whatever is read can be given again."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from contract.recordings import load
from hypothesis import given

from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._fields import Unstorable
from ansible_collections.wpfleet.mainwp.plugins.module_utils._settings import _planning as planning
from ansible_collections.wpfleet.mainwp.plugins.module_utils._settings.sections import SECTIONS, settings_spec
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import refusable
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_settings
from unit.hostile import JSON, examples

WINTER, SUMMER = 1_795_700_000, 1_783_000_000
BY_NAME = {section.name: section for section in SECTIONS}


def field(path: str) -> Any:
    section, _dot, rest = path.partition(".")
    return BY_NAME[section].by_path[rest]


def round_trip(section: Any, data: Any) -> None:
    """What is read is taken by the spec, and asks for nothing."""
    state = section.state(data)
    told = section.told(state.values)
    params = {section.name: told}
    checked = ArgumentSpecValidator(settings_spec()).validate(refusable(settings_spec(), params))
    assert not checked.error_messages
    wanted = planning.wanted_from(checked.validated_parameters)
    assert planning.plan(section, state, wanted, WINTER, {}).changes == {}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_all_recorded_answers_can_be_given_again(section: Any) -> None:
    answers = [
        exchange.response["body"]["data"]
        for exchange in load("wp71-resources2")
        if exchange.request["path"].endswith(f"/settings/{section.route}")
        and exchange.request["method"] == "GET"
        and exchange.response["status"] == 200
    ]
    assert answers
    for data in {json.dumps(answer): answer for answer in answers}.values():
        assert {one.place for one in section.fields} - {"cpanel.password"} - set(section.columns(data)) <= {
            f"{one.group}.{one.column}" for one in section.fields if one.group in ("http_check", "sync_data")
        }
        round_trip(section, data)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
@examples(15)
@given(value=JSON)
def test_any_answer_can_be_given_again(section: Any, value: Any) -> None:
    """Each field told as any JSON, and the whole."""
    groups: dict[str, dict[str, Any]] = {}
    for one in section.fields:
        groups.setdefault(one.group, {})[one.column] = value
    plain = groups.pop("", {})
    listed = [{"type": group, **mail} for group, mail in groups.items()]
    shapes = {"emails": listed, "api_backups": {"api_backups": groups}}
    round_trip(section, shapes.get(section.name, {**plain, **groups}))
    round_trip(section, value)


@pytest.mark.parametrize(
    ("path", "told", "read"),
    [
        ("general.hide_update_everything", "0", False),
        ("general.hide_update_everything", 1, True),
        ("general.hide_update_everything", False, None),
        ("general.chunked_backup_tasks", "1", True),
        ("general.time_daily_update", "3:05", "03:05"),
        ("general.time_daily_update", "1", None),
        ("general.time_daily_update", "", None),
        ("general.timezone_string", "UTC+5.5", "UTC+5:30"),
        ("general.timezone_string", "UTC-9.5", "UTC-9:30"),
        ("general.timezone_string", "UTC+0", "UTC+0"),
        ("general.primary_backup", {"value": "", "title": "Native backups"}, "native"),
        ("general.primary_backup", [{"value": "module-api-backups", "title": "API Backups"}], "module-api-backups"),
        ("general.primary_backup", {"2": {"value": "updraftplus", "title": "U"}}, None),
        ("general.backups_on_server", "3", 3),
        ("general.backups_on_server", False, None),
        ("advanced.maximum_install_update_requests", 0, None),
        ("advanced.maximum_requests", "8", 8),
        ("advanced.connect_signature_algo", "OPENSSL_ALGO_SHA256 (Standard)", "OPENSSL_ALGO_SHA256"),
        ("monitoring.uptime_monitoring_up_status_codes", ["200", "204"], [200, 204]),
        ("monitoring.uptime_monitoring_up_status_codes", [""], None),
        ("monitoring.uptime_monitoring_timeout", "No limit", "No limit"),
        ("cost_tracker.decimals", "2", 2),
        ("cost_tracker.decimals", "", None),
        ("emails.uptime.subject", "R&amp;D  down", "R&D down"),
        ("tools.guided_tours", "1", True),
        ("api_backups.kinsta.api_key", "****1234", "****1234"),
        ("api_backups.cpanel.password", "whatever", None),
    ],
)
def test_every_shape_is_read(path: str, told: Any, read: Any) -> None:
    assert field(path).read(told) == read


@pytest.mark.parametrize(
    ("given_", "now", "stored"),
    [
        ("Europe/Riga", WINTER, "UTC+2"),
        ("Europe/Riga", SUMMER, "UTC+3"),
        ("America/St_Johns", WINTER, "UTC-3:30"),
        ("Asia/Kathmandu", WINTER, "UTC+5:45"),
        ("utc", WINTER, "UTC+0"),
        ("UTC-0:30", WINTER, "UTC-0:30"),
        ("UTC+05:30", WINTER, "UTC+5:30"),
    ],
)
def test_a_zone_becomes_its_offset_of_the_moment(given_: str, now: float, stored: str) -> None:
    zone = field("general.timezone_string")
    zone.storable(zone.wanted(given_)) if "/" not in given_ else None
    assert zone.target(zone.wanted(given_), now) == stored


def ranges() -> list[tuple[str, range]]:
    """What the documentation promises: "…, 100 to 5000 in steps of 100"."""
    pages = yaml.safe_load(mainwp_settings.DOCUMENTATION)["options"]
    return [
        (f"{section}.{name}", range(int(found[1]), int(found[2]) + 1, int(found[3] or 1)))
        for section in BY_NAME
        for name, option in pages[section]["suboptions"].items()
        if option["type"] == "int" and "choices" not in option
        for found in [
            re.search(r"(\d+)(?: for \w+)? to (\d+)(?: for \w+| in steps of (\d+))?", str(option["description"]))
        ]
        if found
    ]


@pytest.mark.parametrize(("path", "allowed"), ranges(), ids=lambda value: value if isinstance(value, str) else "")
def test_the_documented_range_is_what_is_taken_and_told(path: str, allowed: range) -> None:
    one = field(path)
    for number in (allowed[0], allowed[1], allowed[-1]):
        assert (one.wanted(number), one.read(number), one.read(str(number))) == (number, number, number)
    for number in (allowed[0] - 1, allowed[-1] + 1, allowed[-1] + allowed.step, allowed[0] + allowed.step // 2 + 1):
        if number not in allowed:
            assert one.read(number) is None
            with pytest.raises(Unstorable, match=f"^{number} is not among"):
                one.wanted(number)


def test_every_number_has_a_documented_range() -> None:
    numbers = {
        f"{section.name}.{one.path}"
        for section in SECTIONS
        for one in section.fields
        if one.spec["type"] == "int" and "choices" not in one.spec
    }
    assert {path for path, _allowed in ranges()} == numbers


@pytest.mark.parametrize("address", ["a@x.yz", "a@x.example", "first.last+tag@sub.x-y.example", "o'brien@x.example"])
def test_addresses_are_addresses(address: str) -> None:
    field("emails.uptime.recipients").storable(address)


@pytest.mark.parametrize(
    "text", ["", "a", "a@x", "a@x.y", "a@x.example, b@x.example", "a b@x.example", "a@-x.example", "ä@x.example"]
)
def test_others_are_none(text: str) -> None:
    with pytest.raises(Unstorable):
        field("emails.uptime.recipients").storable(text)
