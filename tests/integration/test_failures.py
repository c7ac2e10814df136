# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the Dashboard cannot be reached or something else answers, one sentence names the likely cause."""

from __future__ import annotations

import pytest
from integration._play import Task
from modules import REMOTE, TABLE, code

from simulator import Key, scenarios

#: Failures come out of the HTTP libraries.
pytestmark = pytest.mark.wire

FIREWALL = "<!DOCTYPE html><html><head><title>Access denied</title></head><body><h1>Access denied</h1></body></html>"
AUTH = "mainwp_rest_authentication_"
PAGE = {"body": FIREWALL}
#: fault → reason, part of the message
STORIES = [
    ({"code": 403, **PAGE}, "not_the_api", "HTTP 403 with a web page instead of JSON: Access denied"),
    ({"code": 403, **PAGE}, "not_the_api", "a firewall, captcha, bot protection or login page"),
    ({"code": 200, **PAGE}, "not_the_api", "HTTP 200 with a web page instead of JSON"),
    ({"code": 202, **PAGE}, "not_the_api", "captcha"),
    ({"code": 415, **PAGE}, "not_the_api", "HTTP 415"),
    ({"code": 404, **PAGE}, "not_the_api", "pretty permalinks are on (Settings > Permalinks, anything but Plain)"),
    ({"code": 404, "body": {"code": "rest_no_route", "message": "x"}}, "no_route", "pretty permalinks are on"),
    ({"code": 503, **PAGE}, "answer_lost", "HTTP 503 with a web page instead of JSON"),
    ({"code": 500, "body": '<div class="wp-die-message">x</div>'}, "api_error", "PHP failed on the Dashboard"),
    ({"code": 401, **PAGE}, "unauthorized", "The web server itself asks for a password"),
    (
        {"code": 401, "body": {"code": f"{AUTH}error", "message": "Consumer secret is invalid."}},
        "unauthorized",
        "Consumer secret is invalid. (HTTP 401).",
    ),
    (
        {"code": 401, "body": {"code": f"{AUTH}error", "message": "Nicht angemeldet."}},
        "unauthorized",
        "strips the Authorization header (then use auth_method: query)",
    ),
    ({"code": 400, "body": {"code": f"{AUTH}bad_request", "message": "x"}}, "unauthorized", "Use the https:// address"),
    (
        {"code": 418, "body": {"code": "teapot", "message": "I am a <b>teapot</b>"}},
        "api_error",
        "I am a teapot (HTTP 418)",
    ),
]


def test_who_answered_and_what_to_do(direct_for):
    play = direct_for(scenarios.small(1))
    play.connection["retries"] = 0

    def strike(number: int):
        def act() -> None:
            play.sim.faults.clear()
            if number < len(STORIES):
                play.sim.faults.add(action="status", times=None, **STORIES[number][0])

        return act

    strike(0)()
    results = play.tasks(*(Task("mainwp_site_info", {}, after=strike(n + 1)) for n in range(len(STORIES))))
    for result, (fault, reason, text) in zip(results, STORIES, strict=True):
        assert result.failed
        assert result["error"]["reason"] == reason, fault
        assert result["error"]["status"] == fault["code"]
        assert text in result.msg
        assert "list the sites (mainwp/v2/sites)" in result.msg
        assert "<" not in result.msg
        assert len(result.journal) == (2 if reason == "not_the_api" and fault["code"] == 404 else 1)
        assert not any(value is None for value in result["error"].values())


def test_keys_that_the_dashboard_does_not_take(direct_for, dialect):
    play = direct_for(scenarios.small(1), dialect)
    good, disabled = play.sim.key(), play.sim.key("disabled")
    stranger = Key("read", "ck_" + "9" * 40, "cs_" + "8" * 40)
    wrong = Key("read", good.consumer_key, "cs_" + "7" * 40)
    cases = [
        ({"api_key": disabled.token}, "does not know this key, or it is switched off"),
        ({"api_key": stranger.token}, "does not know this key, or it is switched off"),
        ({"api_key": wrong.token}, "the secret in api_key is wrong"),
        ({"api_key": "", "consumer_key": wrong.consumer_key, "consumer_secret": wrong.consumer_secret}, "is wrong"),
    ]
    for module in ("mainwp_site_info", "mainwp_batch_update"):
        results = play.tasks(*(Task(module, {**TABLE[module].call, "sites": ["1"], **key}) for key, _text in cases))
        for result, (_key, text) in zip(results, cases, strict=True):
            assert result.failed
            assert result["error"]["reason"] == "unauthorized"
            assert text in result.msg
            assert len(result.journal) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.claim("redirects")
def test_a_redirect_to_the_right_name_is_told(direct_for, status):
    play = direct_for(scenarios.small(1))
    meant = play.sim.url.replace("http:", "https:")
    target = f"{meant}/wp-json/mainwp/v2/sites"
    play.sim.faults.add(action="redirect", code=status, location=target, times=None)
    tasks = [Task(name, TABLE[name].call) for name in (REMOTE if status == 301 else ["mainwp_site_info"])]
    for result in play.tasks(*tasks):
        assert result.failed
        assert result["error"]["reason"] == "redirected"
        assert f"Did you mean url: {meant} ?" in result.msg
        assert len(result.journal) == 1


def test_nobody_there(direct_for):
    play = direct_for(scenarios.small(1))
    play.connection |= {"retries": 0, "connect_timeout": 2}
    refused, unknown = play.tasks(
        Task("mainwp_site_info", {"url": "http://127.0.0.1:9"}),
        Task("mainwp_site_info", {"url": "https://nosuch.invalid"}),
    )
    for result, host in ((refused, "127.0.0.1:9"), (unknown, "nosuch.invalid")):
        assert result.failed
        assert result["error"]["reason"] == "connect_failed"
        assert f"cannot connect to {host}" in result.msg
        assert "Check the url, DNS and any firewall or proxy" in result.msg
        assert len(result.msg) < 400
        assert "object at 0x" not in result.msg


@pytest.mark.usefixtures("hurry")
def test_passing_failures_of_reads_are_tried_again_and_told(direct_for, dialect):
    play = direct_for(scenarios.small(2), dialect)
    for fault in ({"action": "status", "code": 503, **PAGE}, {"action": "reset_before"}, {"action": "truncate"}):
        play.sim.faults.add(method="GET", path="/mainwp/v2/sites", **fault)
    result = play.task("mainwp_site_info", {}, warns=["HTTP 503", "aborted", "broke"])
    assert not result.failed, result.msg
    assert result["count"] == 2
    for text in result.warnings:
        assert "Trying again in" in text
        assert text.count("list the sites (mainwp/v2/sites)") == 1


def chooses_sites(module: str) -> bool:
    return "fail_on_missing" in code(module).DOOR.argument_spec and "sites" in TABLE[module].call


NONSENSE = [None, [], "text", 5, {"data": 5}, {"success": 1, "data": [None, 5, {"id": "x"}, {"id": {}}]}, {}]


@pytest.mark.claim("no-crash")
@pytest.mark.once
def test_nonsense_is_no_crash(direct_for):
    """The helper fails on any "bug in wpfleet.mainwp"."""
    play = direct_for(scenarios.small(1))
    play.connection["retries"] = 0

    def answer_with(body: object):
        def act() -> None:
            play.sim.faults.clear()
            play.sim.faults.add(action="garbage", body=body, times=None)

        return act

    tasks = [
        Task(name, {**TABLE[name].call, **({"sites": ["1"], "fail_on_missing": False} if chooses_sites(name) else {})})
        for _body in NONSENSE
        for name in REMOTE
    ]
    for number, task in enumerate(tasks):
        task.warns = None
        task.after = answer_with(NONSENSE[min((number + 1) // len(REMOTE), len(NONSENSE) - 1)])
    answer_with(NONSENSE[0])()
    for result in play.tasks(*tasks):
        assert result.failed or result["dashboard"]
        assert not result.changed
        assert result.work == []
