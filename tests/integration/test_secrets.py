# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret, nor a piece of one, is shown anywhere: at -vvvv, in logs, results, warnings, through either door."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from integration._play import Task
from modules import REMOTE, TABLE

from simulator import Simulator, scenarios

#: A piece this long tells too much; shorter ones could be there by chance.
PIECE = 10
PROXY, GATEWAY = "pro/xy-passw0rd", "cf-access-s3cret-value"


def forms_of(sim: Simulator) -> Iterator[str]:
    """All forms in which the secrets of a connection could turn up."""
    for key in sim.keys.keys:
        yield from (key.token, key.consumer_key, key.consumer_secret)
        for pair in (f"{key.consumer_key}:{key.consumer_secret}", key.token):
            yield base64.b64encode(pair.encode()).decode()
    for secret in (PROXY, GATEWAY, f"user:{PROXY}"):
        yield from (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode())


@cache
def pieces(*sims: Simulator) -> set[str]:
    """Every piece of every form."""
    forms = {form for sim in sims for form in forms_of(sim)}
    return {form[start : start + PIECE] for form in forms for start in range(len(form) - PIECE + 1)}


def shown(text: str, *sims: Simulator) -> list[str]:
    """Where pieces of their secrets are, with the secret itself left out."""
    known = pieces(*sims)
    hits = [start for start in range(len(text) - PIECE + 1) if text[start : start + PIECE] in known]
    return [text[max(0, start - 60) : start] + "…" for start in hits[:3]]


FORMS = ["token", "pasted", "pair", "query", "v1", "v1-query", "environment"]


def credentials(form: str, sim: Simulator) -> dict[str, str]:
    key = sim.key()
    pair = {"consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret}
    return {
        "token": {"api_key": key.token},
        "pasted": {"api_key": f" Bearer {key.token} "},
        "pair": pair,
        "query": {**pair, "auth_method": "query"},
        "v1": {"api_key": key.token, "api_version": "v1"},
        "v1-query": {**pair, "auth_method": "query", "api_version": "v1"},
        "environment": {},
    }[form]


def echoes(sim: Simulator) -> None:
    """What is between us and the Dashboard repeats the credentials in every field."""
    key = sim.key()
    text = f"Bad request: {key.token} {key.consumer_key} {quote(key.token, safe='')} {GATEWAY}"
    text += " " + base64.b64encode(f"{key.consumer_key}:{key.consumer_secret}".encode()).decode()
    sim.faults.clear()
    sim.faults.add(action="status", code=400, body={"code": key.token, "message": text, "data": {"x": text}})
    sim.faults.add(action="status", code=403, body=f"<html><p>{text}")


def elsewhere(sim: Simulator) -> None:
    key = sim.key()
    path = f"/login/{key.token}?consumer_key={key.consumer_key}&consumer_secret={key.consumer_secret}"
    sim.faults.clear()
    sim.faults.add(action="redirect", location=f"https://elsewhere.example{path}", times=None)


def broken(sim: Simulator) -> None:
    sim.faults.clear()
    sim.faults.add(action="reset_before", times=None)


def stories(sim: Simulator) -> list[Task]:
    """Every module as it should be, then failing in many ways."""
    dead = {"url": "http://127.0.0.1:9/a/rather/long/path/that/a/dashboard/may/be/installed/in/on/some/server"}
    dead_proxy = {"proxy": f"http://user:{quote(PROXY, safe='')}@127.0.0.1:9"}
    tls = {"url": sim.url.replace("http:", "https:")}
    calls = [(name, TABLE[name].call) for name in REMOTE]
    return [
        *(Task(name, options, diff=True) for name, options in calls),
        *(Task(name, {**options, **dead}) for name, options in calls),
        Task("mainwp_batch_update", {"all_sites": True, **dead_proxy}),
        Task("mainwp_sync", {"all_sites": True, **dead_proxy}),
        Task("mainwp_site_info", tls),
        Task("mainwp_site_info", {"ca_path": "/etc/hostname", **tls}),
        Task("mainwp_site_info", {"nosuch": 1}),
        Task("mainwp_site_info", {"timeout": 0}, after=lambda: echoes(sim)),
        Task("mainwp_site_info", {}),
        Task("mainwp_sync", {"all_sites": True}, after=lambda: elsewhere(sim)),
        Task("mainwp_update_info", {}),
        Task("mainwp_batch_update", {"all_sites": True}, after=lambda: broken(sim)),
        Task("mainwp_dashboard_info", {}, after=sim.faults.clear),
    ]


def choice(sim: Simulator, door: str, every: bool = False) -> list[Task]:
    """One call that goes well (or of ``every`` module) and one that finds nobody, and what fails in a way of its own."""
    tasks = stories(sim)
    own = tasks[2 * len(REMOTE) :]
    good, dead = REMOTE.index("mainwp_batch_update"), len(REMOTE) + REMOTE.index("mainwp_client_info")
    well = tasks[: len(REMOTE)] if every else [tasks[good]]
    chosen = [*well, tasks[dead], *(own if door == "controller" else [own[0], *own[-7:-3]])]
    for task in chosen:
        task.door = door
    return chosen


def secretive(form: str, sim: Simulator) -> dict[str, Any]:
    """The connection options of a form, with headers that are secret, too."""
    return {
        "url": sim.url,
        "retries": 0,
        "concurrency": 4,
        "headers": {"CF-Access-Client-Secret": GATEWAY, "X-Short": "1"},
        **credentials(form, sim),
    }


def environment(form: str, sim: Simulator) -> dict[str, str]:
    return {"MAINWP_API_KEY": sim.key().token, "MAINWP_PROXY": ""} if form == "environment" else {}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.claim("secrets-output", "secrets-forms")
def test_no_result_of_any_module_shows_a_piece_of_a_secret(direct_for, form, monkeypatch, capfd):
    direct = direct_for(scenarios.demo())
    direct.connection = secretive(form, direct.sim)
    for name, value in environment(form, direct.sim).items():
        monkeypatch.setenv(name, value)
    tasks = stories(direct.sim)
    for task in tasks:
        task.warns = None
    results = direct.tasks(*tasks, verbosity=4)
    assert any(result.failed for result in results)
    for result in results:
        assert shown(json.dumps(result.data), direct.sim) == [], result.task
    assert shown("".join(capfd.readouterr()), direct.sim) == []


@pytest.fixture
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty file for Ansible's log. One place for all, for Ansible opens it at its start, and is kept for the next story."""
    path = tmp_path_factory.getbasetemp() / "ansible.log"
    path.write_text("")
    return path


@pytest.mark.parametrize(
    ("forms", "door"),
    [
        # what a core shows hangs on the option, not on what we make of its value
        (["query"], "controller"),
        pytest.param([form for form in FORMS[:-1] if form != "query"], "controller", marks=pytest.mark.once),
        (FORMS[-1:], "controller"),
        (["token"], "host"),
        pytest.param(["query", "v1"], "host", marks=pytest.mark.once),
    ],
    ids=["controller", "other forms", "environment", "host", "other forms on host"],
)
@pytest.mark.claim("secrets-output", "secrets-forms")
@pytest.mark.slow
def test_no_piece_of_a_secret_is_shown(play_for, log, forms, door):
    """A play for each form, with a Dashboard of its own. With the environment, Ansible starts in the process, too."""
    plays = {form: play_for(scenarios.demo()) for form in forms}
    env = {"ANSIBLE_LOG_PATH": str(log), "ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "false"}
    tasks = []
    for form, play in plays.items():
        env |= environment(form, play.sim)
        for task in choice(play.sim, door, every=(form, door) == ("query", "controller")):
            task.warns, task.connection = None, secretive(form, play.sim)
            tasks.append(task)
    outcome = play.tasks(*tasks, args=["-vvvv"], env=env, fresh="environment" in forms)
    for form, play in plays.items():
        results = [result for result in outcome if result.task.connection == secretive(form, play.sim)]
        assert any(result.failed for result in results)
        # short values do not turn everything into asterisks
        assert "1.4" in json.dumps(
            next(result.data for result in results if result.task.module == "mainwp_batch_update")
        )
    sims = [play.sim for play in plays.values()]
    for result in outcome:
        assert shown(json.dumps(result.data), *sims) == [], result.task
    assert shown(outcome.output, *sims) == []
    assert shown(log.read_text(), *sims) == []
    assert log.stat().st_size > 1000 * len(forms)


def test_the_detector_finds_pieces(direct_for):
    sim = direct_for(scenarios.small(1)).sim
    key = sim.key()
    for text in (key.token[5:17], key.consumer_secret[-10:], base64.b64encode(GATEWAY.encode()).decode()):
        assert shown(f"before {text} after", sim)
    assert shown("nothing at all, " * 100, sim) == []


@pytest.mark.claim("secrets-output")
@pytest.mark.once
def test_credentials_of_the_environment_keyword_are_on_no_command_line(play_for):
    """Ansible would put them there, and show them at -vvv."""
    play = play_for(scenarios.small(1))
    key = play.sim.key()
    play.connection.clear()
    declared = {
        "MAINWP_URL": play.sim.url,
        "MAINWP_API_KEY": key.token,
        "MAINWP_PROXY": f"http://user:{PROXY.replace('/', '%2F')}@127.0.0.1:9",
        "OTHER": "stays-there",
    }
    host, wins = play.tasks(
        Task("mainwp_site_info", {"retries": 0}, door="host", keywords={"environment": declared}),
        Task("mainwp_site_info", {"proxy": ""}, door="host", keywords={"environment": declared}),
        args=["-vvvv"],
    )
    assert "the proxy failed" in host.msg
    assert wins["count"] == 1
    assert shown(host.play.output, play.sim) == []
    assert "OTHER=stays-there" in host.play.output
