# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings as code: lost, odd and refused answers.

Numbers in brackets are exchanges of the recording wp71-resources2.
"""

from __future__ import annotations

import pytest
from integration._fleets import child, fleet
from integration._play import Task
from integration._settings import INFO, MODULE, moved, sent
from modules import SETTINGS

from ansible_collections.wpfleet.mainwp.plugins.module_utils._settings import _engine


@pytest.fixture
def hasty(monkeypatch):
    """Nobody waits long for what may still come."""
    monkeypatch.setattr(_engine, "PATIENCE", (0.01,))


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("fault", ["reset_after", "gateway_timeout", "truncate"])
def test_a_lost_answer_is_looked_for(direct_for, dialect, fault):
    play = direct_for(fleet(child()), dialect)
    play.sim.faults.add(method="PUT", path=r"/mainwp/v2/settings/general/edit", action=fault)
    result = play.task(MODULE, SETTINGS)
    assert (result.failed, result.changed, len(result.writes)) == (False, True, 8)


def test_what_comes_after_a_lost_answer_is_written_too(direct_for):
    play = direct_for(fleet(child()))
    play.sim.faults.add(method="PUT", path=r".*/emails/daily_digest/edit", action="reset_after")
    emails = {kind: {"recipients": "ops@x.example"} for kind in ("daily_digest", "uptime")}
    result = play.task(MODULE, {"emails": emails})
    assert (result.failed, len(result.writes), len(result["changes"])) == (False, 2, 2)


def test_one_email_that_is_refused_keeps_the_ones_before_it(direct_for):
    play = direct_for(fleet(child()))
    body = {"code": "rest_invalid_param", "message": "Invalid parameter(s): recipients", "data": {"status": 400}}
    play.sim.faults.add(method="PUT", path=r".*/emails/uptime/edit", action="status", code=400, body=body)
    emails = {kind: {"recipients": "ops@x.example"} for kind in ("daily_digest", "uptime", "site_health")}
    result = play.task(MODULE, {"emails": emails, "tools": {"theme": "dark"}})
    assert (result.failed, result.changed, len(result.writes)) == (True, True, 2)
    assert list(moved(result)) == ["emails.daily_digest.recipients"]
    assert "emails.uptime.recipients and emails.site_health.recipients" in result.msg.replace(",", " and")


@pytest.mark.usefixtures("hasty")
def test_a_write_that_never_arrived_is_told_with_what_was_written_before(direct_for):
    """Afterwards nothing more is written."""
    play = direct_for(fleet(child()))
    play.sim.faults.add(method="PUT", path=r"/mainwp/v2/settings/monitoring/edit", action="reset_before")
    result, again = play.tasks(Task(MODULE, SETTINGS), Task(MODULE, SETTINGS))
    assert (result.failed, result.changed) == (True, True)
    assert list(sent(result)) == ["general/edit", "advanced/edit", "monitoring/edit"]
    assert {name.partition(".")[0] for name in moved(result)} == {"general", "advanced"}
    assert "Not as wanted since, as far as can be read: monitoring.uptime_monitoring_interval" in result.msg
    assert (again.failed, again.changed) == (False, True)


def test_what_nobody_could_read_after_the_write_is_told_as_that(direct_for):
    play = direct_for(fleet(child()))
    play.sim.faults.add(method="GET", path="/mainwp/v2/settings/general", action="status", code=503, skip=1, times=None)
    result = play.task(MODULE, {"general": {"hide_update_everything": True}, "retries": 0})
    assert result.failed
    assert len(result.writes) == 1
    assert "What was written before may be done or not: nobody could read it." in result.msg


@pytest.mark.usefixtures("hasty")
def test_a_lost_answer_to_what_cannot_be_read_stays_unknown(direct_for):
    play = direct_for(fleet(child()))
    play.sim.faults.add(method="PUT", action="reset_after")
    options = {"api_backups": {"cpanel": {"password": "geheim-und-lang"}}, "update_secrets": "always"}
    result = play.task(MODULE, options)
    assert (result.failed, result.changed) == (True, False)
    assert "api_backups.cpanel.password" in result.msg


def test_a_success_that_stored_something_else_is_a_failure(direct_for):
    play = direct_for(fleet(child()))
    play.sim.faults.add(
        method="PUT", path=r".*/advanced/edit", action="status", code=200, body={"success": 1, "data": {}}
    )
    result = play.task(MODULE, {"advanced": {"maximum_requests": 6}, "tools": {"theme": "dark"}})
    assert (result.failed, result.changed, result["error"]["reason"]) == (True, False, "not_stored")
    assert "advanced.maximum_requests is '4' in place of '6'" in result.msg
    assert len(result.writes) == 1


def test_what_mainwp_refuses_is_told_with_its_reason(direct_for):
    """(778): where "Default" is another word; nothing was written then."""
    play = direct_for(fleet(child()))
    text = "Invalid mainwp_connect_signature_algo. Allowed values: OPENSSL_ALGO_SHA256 (Standard)."
    body = {"code": "rest_invalid_param", "message": "Invalid parameter(s): mainwp_connect_signature_algo"}
    body["data"] = {"status": 400, "params": {"mainwp_connect_signature_algo": text}}
    play.sim.faults.add(method="PUT", action="status", code=400, body=body)
    result = play.task(MODULE, {"advanced": {"connect_signature_algo": "OPENSSL_ALGO_SHA512"}})
    assert (result.failed, result.changed) == (True, False)
    assert text in result.msg
    assert "changes" not in result.data  # as of every task that fails before it does anything


def test_a_key_that_may_only_read_is_refused_but_may_look(direct_for):
    """(678)"""
    play = direct_for(fleet(child()))
    play.connection["api_key"] = play.sim.key("read").token
    real, planned, known = play.tasks(
        Task(MODULE, {"tools": {"theme": "dark"}}),
        Task(MODULE, {"tools": {"theme": "dark"}}, check=True, warns=["may only read"]),
        Task(INFO),
    )
    assert (real.failed, real.writes, real["error"]["reason"]) == (True, [], "unauthorized")
    assert (planned.changed, known.failed) == (True, False)


def test_a_refusal_after_other_writes_keeps_its_own_remedy(direct_for):
    play = direct_for(fleet(child()))
    body = {"code": "mainwp_rest_authentication_error", "message": "No.", "data": {"status": 401}}
    play.sim.faults.add(method="PUT", path=r".*/tools/edit", action="status", code=401, body=body)
    wanted = {"insights": {"enable_insights_logging": False}, "tools": {"theme": "dark"}}
    result = play.task(MODULE, wanted)
    assert (result.failed, result.changed) == (True, True)
    assert "Not as wanted since, as far as can be read: tools.theme. Either the secret in api_key" in result.msg


@pytest.mark.parametrize("data", [[], [1], {"a": 1}, {"general": None}])
def test_an_answer_without_any_of_the_settings_is_not_taken_for_settings_that_were_never_set(direct_for, data):
    play = direct_for(fleet(child()))
    play.sim.faults.add(method="GET", path=r".*/settings/\w+", action="status", code=200, body={"data": data}, times=2)
    known, made = play.tasks(Task(INFO, {"sections": ["tools"]}), Task(MODULE, {"tools": {"theme": "dark"}}))
    for result in (known, made):
        assert (result.failed, result["error"]["reason"], result.writes) == (True, "answer_lost", [])
        assert "read the tools settings: the answer has none of them" in result.msg
