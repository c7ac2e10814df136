# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparer can fail: every mutation of a recorded answer that means something is found, no other is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract.compare import FOLLOWED, VOLATILE, Movements, compare, compare_answers, visible_text
from contract.recordings import NAMES, load

SITE = {
    "id": "1",
    "tags": [],
    "suspended": "0",
    "last_sync": "2026-11-23T13:37:12",
    "database_size": "327680",
    "plugins": '[{"slug":"acme-forms\\/acme-forms.php","version":"1.0.0","active":1}]',
}
ANSWER = {"success": 1, "total": 1, "data": [SITE]}


def mutated(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The answer after a change to the answer or its site."""
    answer = copy.deepcopy(ANSWER)
    change(answer)
    return answer


def site(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    return mutated(lambda answer: change(answer["data"][0]))


@pytest.mark.parametrize(
    ("actual", "path"),
    [
        pytest.param(mutated(lambda a: a.update(success=True)), "body.success", id="boolean for integer"),
        pytest.param(mutated(lambda a: a.update(success=1.0)), "body.success", id="number for integer"),
        pytest.param(mutated(lambda a: a.update(success="1")), "body.success", id="string for integer"),
        pytest.param(mutated(lambda a: a.update(total=2)), "body.total", id="other count"),
        pytest.param(mutated(lambda a: a.update(message="x")), "body.message", id="key too many"),
        pytest.param(mutated(lambda a: a.pop("total")), "body.total", id="key missing"),
        pytest.param(mutated(lambda a: a["data"].append(SITE)), "body.data", id="item too many"),
        pytest.param(mutated(lambda a: a.update(data={"1": SITE})), "body.data", id="object for array"),
        pytest.param(mutated(lambda a: a.update(data=None)), "body.data", id="null for array"),
        pytest.param(site(lambda s: s.update(tags={})), "body.data[0].tags", id="empty object for empty array"),
        pytest.param(site(lambda s: s.update(tags="")), "body.data[0].tags", id="empty string for empty array"),
        pytest.param(site(lambda s: s.update(suspended=0)), "body.data[0].suspended", id="integer for string"),
        pytest.param(site(lambda s: s.update(suspended="1")), "body.data[0].suspended", id="other value"),
        pytest.param(
            site(lambda s: s.update(plugins=s["plugins"].replace("1.0.0", "1.1.0"))),
            "body.data[0].plugins(json)[0].version",
            id="other version inside a string",
        ),
        pytest.param(
            site(lambda s: s.update(plugins=json.loads(s["plugins"]))), "body.data[0].plugins", id="array for string"
        ),
        pytest.param(site(lambda s: s.update(plugins="")), "body.data[0].plugins", id="empty string for JSON"),
        pytest.param(
            site(lambda s: s.update(last_sync="2026-11-23 13:37:12")), "body.data[0].last_sync", id="other notation"
        ),
        pytest.param(
            site(lambda s: s.update(last_sync="1970-01-01T00:00:00")), "body.data[0].last_sync", id="never synced"
        ),
        pytest.param(site(lambda s: s.update(last_sync="")), "body.data[0].last_sync", id="empty date"),
        pytest.param(
            site(lambda s: s.update(database_size=327680)), "body.data[0].database_size", id="volatile of another type"
        ),
    ],
)
def test_what_means_something_is_found(actual: dict[str, Any], path: str) -> None:
    assert [difference.path for difference in compare(ANSWER, actual)] == [path]


@pytest.mark.parametrize(
    "actual",
    [
        pytest.param(copy.deepcopy(ANSWER), id="the same"),
        pytest.param(dict(reversed(ANSWER.items())), id="other order of keys"),
        pytest.param(site(lambda s: s.update(last_sync="2030-01-02T03:04:05")), id="other date"),
        pytest.param(site(lambda s: s.update(database_size="1")), id="other size"),
        pytest.param(
            site(lambda s: s.update(plugins=json.dumps(json.loads(s["plugins"]), indent=1))), id="other layout of JSON"
        ),
    ],
)
def test_what_means_nothing_is_passed_over(actual: dict[str, Any]) -> None:
    assert compare(ANSWER, actual) == []


@pytest.mark.parametrize(
    ("key", "recorded", "same", "other"),
    [
        ("job_id", f"sync_{'0' * 8}-0000-4000-8000-{'0' * 12}", f"sync_{'1' * 8}-1111-4111-b111-{'1' * 12}", "sync_1"),
        ("dtsAutomaticSync", "1795441583", "1795999999", "0"),
        ("dtsAutomaticSync", "0", "0", "1795441583"),
        ("dtsSync", "1795441583", "1795441584", 1795441584),
        ("start_time", 1795441242, 1795441300, "1795441300"),
        ("created", "2026-11-23T13:37:12", "2026-11-23T14:00:00", "2026-11-23"),
        ("created", "2001-09-09T01:46:40", "2001-09-09T01:46:40", "2026-11-25T22:31:00"),
        ("href", "https://dash68.lab.test/wp-json/x", "http://127.0.0.1:80/wp-json/x", "http://127.0.0.1:80/wp-json/y"),
        ("author_email", "&#119;apuu", "w&#97;puu", "wapu"),
        ("dbsize", "1", "2", ""),
        ("db_size", "0.84", "0.9", 0.84),
        ("extauth", "<masked>", "secret", None),
    ],
)
def test_volatile_values_keep_their_form(key: str, recorded: Any, same: Any, other: Any) -> None:
    assert compare({key: recorded}, {key: same}) == []
    assert len(compare({key: recorded}, {key: other})) == 1


def test_everything_followed_is_volatile() -> None:
    assert set(FOLLOWED) <= set(VOLATILE)


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_answer_is_like_itself(name: str) -> None:
    """Also: no recorded value of a volatile key has a form that its rule does not know."""
    for exchange in load(name):
        assert compare_answers(exchange.answer, exchange.answer) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_recorded_answer_is_like_an_error(name: str) -> None:
    for exchange in load(name):
        answer = replace(exchange.answer, status=418, body={"code": "teapot", "message": "", "data": None})
        paths = [difference.path for difference in compare_answers(exchange.answer, answer)]
        assert paths[0] == "status"
        assert len(paths) > 1, exchange.title


def test_headers_count_where_they_were_recorded() -> None:
    answer = load("wp71-read")[0].answer
    assert answer.headers is not None
    link = answer.headers["Link"]
    elsewhere = replace(answer, headers={"Link": link.replace("https://dash71.lab.test", "http://127.0.0.1:8080")})
    assert [d.path for d in compare_answers(answer, elsewhere)] == ["headers.Allow"]
    other = replace(answer, headers={"Allow": "POST", "Link": link.replace("wp-json", "api"), "Date": "today"})
    assert [d.path for d in compare_answers(answer, other)] == ["headers.Link", "headers.Allow"]
    assert compare_answers(replace(answer, headers=None), other) == []


def test_error_pages_are_compared_by_their_words() -> None:
    answer = load("wp71-core-translations-probes")[41].answer
    words = visible_text(answer.body)
    assert "critical error" in words
    assert "font-family" not in words
    assert compare_answers(answer, replace(answer, body=f"<html><body><p>{words}</p></body></html>")) == []
    assert [d.path for d in compare_answers(answer, replace(answer, body="<p>Sorry</p>"))] == ["text"]
    assert compare_answers(answer, replace(answer, content_type="application/json; charset=UTF-8")) != []


def moved(*pairs: tuple[str, str], key: str = "last_sync") -> list[str]:
    """What the follower says after a series of recorded and simulated moments of one site."""
    movements = Movements()
    return [
        difference.why
        for expected, actual in pairs
        for difference in movements.follow({"data": [{"id": "1", key: expected}]}, {"data": [{"id": "1", key: actual}]})
    ]


def test_moments_move_together() -> None:
    assert moved(("A", "x"), ("A", "x"), ("B", "y"), ("B", "y")) == []
    assert moved(("A", "x"), ("B", "x")) == ["moved in the recording alone"]
    assert moved(("A", "x"), ("A", "y")) == ["moved in the simulation alone"]
    assert moved(("A", "x"), ("B", "x"), key="note") == []


def test_moments_of_different_sites_are_apart() -> None:
    movements = Movements()
    assert movements.follow({"id": "1", "last_sync": "A"}, {"id": "1", "last_sync": "x"}) == []
    assert movements.follow({"id": "2", "last_sync": "B"}, {"id": "2", "last_sync": "x"}) == []
    assert len(movements.follow({"id": "2", "last_sync": "B"}, {"id": "2", "last_sync": "y"})) == 1
