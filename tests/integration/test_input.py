# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input gets one clear sentence that names the option, before anything is sent."""

from __future__ import annotations

import pytest
from integration._play import Task

from simulator import Key, scenarios

KEY = {"api_key": "0123456789abcdef==fedcba9876543210"}
ALL = {"all_sites": True}
PLAN = [{"site_id": 1, "type": "plugin", "slug": "a/a.php", "version_planned": "1"}]
BATCH = {**ALL, "update_method": "dashboard_batch"}
#: options of mainwp_batch_update (url and api_key are there unless given) → what the message says
SELECTION = [
    ({}, "sites: no sites are selected, and nothing selected never means everything"),
    ({"exclude_sites": ["1"]}, "sites: no sites are selected"),
    ({**ALL, "sites": ["1"]}, "all_sites: given together with sites"),
    ({"plan": [{"site_id": 1}]}, "plan: entry 1 is not an entry of a plan"),
    ({"plan": PLAN, "update_method": "dashboard_batch"}, "plan: cannot be used with update_method"),
]
#: the same beside all_sites: true
OTHERS = [
    ({"api_key": "fedcba9876543210=0123456789"}, "api_key: is not of the form secret==key"),
    ({"api_key": "fedcba9876543210==0123…4567"}, "api_key: has characters that no MainWP key has"),
    ({"api_key": ""}, "api_key: no credentials. Give api_key (or MAINWP_API_KEY)"),
    ({"consumer_key": "ck_0123456789"}, "api_key: given together with consumer_key"),
    ({"api_key": "", "consumer_key": "ck_0123456789"}, "consumer_secret: is missing while consumer_key is given"),
    ({"url": ""}, "url: is missing. Give the Dashboard's address, or set MAINWP_URL"),
    ({"url": "dashboard.example"}, "url: 'dashboard.example' is not an https:// address"),
    ({"url": "http://dashboard.example"}, "url: 'http://dashboard.example' is not encrypted"),
    ({"url": "https://dashboard.example/wp-json/mainwp/v2"}, "Use https://dashboard.example instead."),
    ({"url": "https://example.com/dash/wp-admin/"}, "Use https://example.com/dash instead."),
    ({"url": "https://admin:secretword@dashboard.example"}, "url: carries a user name or password"),
    ({"timeout": 0}, "timeout: 0.0 is not a positive number of seconds"),
    ({"connect_timeout": -1}, "connect_timeout: -1.0 is not a positive number of seconds"),
    ({"retry_max_delay": -1}, "retry_max_delay: -1.0 is not a positive"),
    ({"retries": -1}, "retries: -1 is negative"),
    ({"concurrency": 0}, "concurrency: 0 is less than 1"),
    ({"ca_path": "/nonexistent/ca.pem"}, "ca_path: there is no file /nonexistent/ca.pem"),
    ({"client_key": "/etc/passwd"}, "client_key: given without client_cert"),
    ({"proxy": "proxy.example:3128"}, "proxy: has no scheme"),
    ({"headers": {"Authorization": "Basic x"}}, "headers: Authorization is set by the collection itself"),
    ({"headers": {"X-A": "a\nX-B: b"}}, "headers: 'X-A' is not a valid header"),
    ({"max_age": -1}, "max_age: -1 is negative"),
    ({"wait_timeout": -1}, "wait_timeout: -1 is negative"),
    ({"poll_interval": -1}, "poll_interval: -1 is negative"),
    ({"hold_after": -1}, "hold_after: -1 is negative"),
    ({"max_failed_sites": "many"}, "max_failed_sites: 'many' is neither a number nor a percentage"),
    ({"max_failed_sites": "101%"}, "max_failed_sites: '101%' is neither"),
    ({"stop_after": "25:00"}, "stop_after: '25:00' is neither seconds nor a time"),
    ({"stop_after": "-5"}, "stop_after: '-5' is neither"),
    ({"max_version_change": "huge"}, "max_version_change: 'huge' is not a step"),
    ({"max_version_change": {"translations": "minor"}}, "max_version_change: there is no type 'translations'"),
    ({"exclude_updates": ["plugin:"]}, "exclude_updates: has an empty pattern"),
    ({"expected_failures": [{"site": "1", "until": "soon"}]}, "expected_failures: entry 1: 'soon' is no day"),
    ({**BATCH, "include_updates": ["a"]}, "include_updates: cannot be used with update_method: dashboard_batch"),
    ({**BATCH, "exclude_updates": ["a"]}, "exclude_updates: cannot be used with update_method: dashboard_batch"),
    ({**BATCH, "max_version_change": "minor"}, "max_version_change: cannot be used with update_method"),
    ({**BATCH, "types": ["plugins"]}, "types: cannot be narrowed with update_method: dashboard_batch"),
    ({"api_version": "v1", "update_method": "dashboard_batch"}, "update_method: dashboard_batch does not exist"),
    ({"api_version": "v1", "auth_method": "bearer"}, "auth_method: bearer does not work with api_version v1"),
]
BAD = [*SELECTION, *(({**ALL, **options}, text) for options, text in OTHERS)]
#: one of each room that checks
BAD_ON_HOST = [BAD[number] for number in (0, 5, 12, -7)]


@pytest.mark.parametrize(("door", "bad"), [("", BAD), ("host", BAD_ON_HOST)], ids=["controller", "host"])
@pytest.mark.claim("secrets-input", "http-loopback")
def test_one_sentence_before_any_request(play_for, direct_for, door, bad):
    play = play_for(scenarios.small(1)) if door else direct_for(scenarios.small(1))
    results = play.tasks(*(Task("mainwp_batch_update", options, door=door) for options, _text in bad))
    for result, (options, text) in zip(results, bad, strict=True):
        assert result.failed, options
        assert not result.changed
        assert text in result.msg
        assert result.msg == f"{result['error']['message']} {result['error']['hint']}".strip()
        assert result.msg.count("\n") == 0
        assert len(result.msg) < 350
        assert result["error"]["reason"] == "invalid_input"
        assert result["error"]["option"] == text.split(":")[0] or text.startswith("Use ")
        assert result.journal == []
        assert "secretword" not in str(result.data)


def test_other_modules_check_before_any_request_too(direct_for):
    play = direct_for(scenarios.small(1))
    results = play.tasks(
        Task("mainwp_sync", {}),
        Task("mainwp_sync", {**ALL, "max_age": -1}),
        Task("mainwp_update_info", {"max_version_change": "huge"}),
        Task("mainwp_update_info", {"max_age": -1}),
        Task("mainwp_site_info", {**ALL, "sites": ["1"]}),
        Task("mainwp_site_info", {"api_version": "v1", "gather_subset": ["security"]}),
        Task("mainwp_dashboard_info", {"url": "https://dashboard.example/wp-json"}),
    )
    options = ["sites", "max_age", "max_version_change", "max_age", "all_sites", "gather_subset", "url"]
    assert [result["error"]["option"] for result in results] == options
    assert [result.journal for result in results] == [[]] * len(results)


def test_what_the_argument_spec_refuses(play_for, direct_for):
    bad = [
        {"nosuch": 1},
        {"auth_method": "digest"},
        {"types": ["languages"]},
        {"retries": "many"},
        {"site_status": ["gone"]},
        {"health_check": True},
        {"proven_on": 5},
        {"expected_failures": [True]},
    ]
    on_host = bad[:2] + bad[-2:]
    direct, play = direct_for(scenarios.small(1)), play_for(scenarios.small(1))
    controller = direct.tasks(*(Task("mainwp_batch_update", {**ALL, **options}) for options in bad))
    host = play.tasks(*(Task("mainwp_batch_update", {**ALL, **options}, door="host") for options in on_host))
    for result, options in zip([*controller, *host], [*bad, *on_host], strict=True):
        (name,) = options
        assert result.failed
        assert name in result.msg
        assert "iterable" not in result.msg
        assert result.journal == []


@pytest.mark.parametrize("method", ["per_item", "dashboard_batch"])
@pytest.mark.claim("read-key")
def test_a_read_only_key_is_named_before_the_first_site_is_touched(direct_for, dialect, method):
    play = direct_for(scenarios.small(2), dialect)
    play.connection["api_key"] = play.sim.key("read").token
    update, sync, check = play.tasks(
        Task("mainwp_batch_update", {**ALL, "update_method": method}),
        Task("mainwp_sync", {**ALL, "max_age": 0}),
        Task("mainwp_batch_update", {**ALL, "update_method": method}, check=True, warns=["The API key may only read"]),
    )
    for result in (update, sync):
        assert result.failed
        assert "The API key may only read; this task needs a key with Read and Write permission." in result.msg
        assert result["error"]["reason"] == "unauthorized"
        assert result.writes == []
    assert (check.failed, check.changed) == (False, True)
    assert play.sim.truth == []


def test_a_key_that_may_only_write_cannot_even_list(direct_for, dialect):
    play = direct_for(scenarios.small(1), dialect)
    play.connection["api_key"] = play.sim.key("write").token
    result = play.task("mainwp_batch_update", ALL)
    assert result.failed
    assert "does not have read permissions" in result.msg
    assert "reading needs Read; all else needs Read and Write" in result.msg
    assert result.writes == []


@pytest.mark.claim("credentials-as-a-set")
def test_credentials_from_the_environment_give_way_as_a_set(play_for):
    """A consumer key in the task and an API key in the environment are no contradiction."""
    play = play_for(scenarios.small(1))
    good, stranger = play.sim.key(), Key("read", "ck_" + "9" * 40, "cs_" + "8" * 40)
    env = {
        "MAINWP_URL": play.sim.url,
        "MAINWP_API_KEY": stranger.token,
        "MAINWP_CONSUMER_KEY": "",
        "MAINWP_CONSUMER_SECRET": "",
    }
    play.connection.clear()
    pair = {"consumer_key": good.consumer_key, "consumer_secret": good.consumer_secret}
    results = play.tasks(
        *(
            Task("mainwp_site_info", options, door=door, keywords={"environment": declared})
            for door in ("controller", "host")
            for options, declared in (
                (pair, {}),
                ({}, {}),
                ({}, {"MAINWP_API_KEY": good.token}),
                ({"consumer_key": good.consumer_key}, {}),
            )
        ),
        env=env,
    ).results
    for task_wins, environment, declared, half in (results[:4], results[4:]):
        assert task_wins["count"] == 1, task_wins.msg
        assert environment.failed
        assert environment["error"]["reason"] == "unauthorized"
        assert declared["count"] == 1, declared.msg
        assert half.failed
        assert "consumer_secret: is missing while consumer_key is given" in half.msg
        assert {entry.auth for entry in task_wins.journal} == {"basic"}
        assert {entry.auth for entry in declared.journal} == {"bearer"}


def test_every_connection_option_may_come_from_the_environment(play_for):
    play = play_for(scenarios.small(1), prefix="dash")
    key = play.sim.key()
    env = {
        "MAINWP_URL": f"{play.sim.url}/",
        "MAINWP_CONSUMER_KEY": key.consumer_key,
        "MAINWP_CONSUMER_SECRET": key.consumer_secret,
        "MAINWP_AUTH_METHOD": "query",
        "MAINWP_RETRIES": "0",
        "MAINWP_TIMEOUT": "20",
    }
    play.connection.clear()
    declared = {"MAINWP_AUTH_METHOD": "bearer", "MAINWP_TIMEOUT": "0"}
    results = play.tasks(
        *(
            Task("mainwp_site_info", {}, door=door, keywords=keywords)
            for door in ("controller", "host")
            for keywords in ({}, {"environment": declared})
        ),
        env=env,
    ).results
    for plain, keyword in (results[:2], results[2:]):
        assert plain["count"] == 1, plain.msg
        assert {entry.auth for entry in plain.journal} == {"query"}
        assert "timeout: 0.0 is not a positive number" in keyword.msg
