# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways of doing it: this collection, ``ansible.builtin.uri`` in a loop, and the Dashboard's own bulk endpoints."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import requests

from ansible_collections.wpfleet.mainwp.plugins.module_utils._api.resource import parallel
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard as Client

from .dashboard import Dashboard, dashboard
from .fleets import ALL, ITEMS, World
from .measure import BenchError, Measured, Process, Request, Span, busy, each, reading, run, unscaled, whole
from .recorded import sites_of
from .second import PLUGIN, SECOND

LIST, SYNC, NOOP, UPDATE, INVENTORY = "listing", "sync", "nothing to update", "update", "inventory"
PLAN = "plan"
ACTIVATE = "activate"
API = "/wp-json/mainwp/v2"
COLLECTION = "wpfleet.mainwp.mainwp_"
Task = dict[str, Any]


def ours(operation: str, world: World) -> Measured:
    """What a user of this collection runs: one task of a playbook, or ``ansible-inventory``."""

    def command(board: Dashboard, folder: Path) -> list[str]:
        if operation == INVENTORY:
            plugin = {"plugin": "wpfleet.mainwp.mainwp", "url": board.url, "api_key": board.token}
            return ["ansible-inventory", "--list", "-i", _written(folder / "bench.mainwp.yml", plugin)]
        return _playbook(folder, [_task(operation, board)])

    if operation in SECOND:
        return _second_run(operation, world)
    return _measured(operation, world, command, whole)


def _second_run(operation: str, world: World) -> Measured:
    """The same play twice; what the second one costs, which must find all as it is wanted."""
    with dashboard(world) as board, tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        second = SECOND[operation]
        options = {"url": board.url, "api_key": board.token}
        play = _playbook(
            folder,
            [
                {COLLECTION + second.module.removeprefix("mainwp_"): {**options, **one}}
                for one in second.tasks(world.sites)
            ],
        )
        run(play, folder)
        before, moved = len(board.requests()), board.moved()
        process = run(play, folder)
        came = board.requests()[before:]
        insist(operation, world, came, board.moved() - moved)
    return Measured(unscaled(whole(came), process.seconds, world.factor), len(came), process)


def uri_loop(operation: str, world: World) -> Measured:
    """What one writes without it. No plan, no limits, nothing read afterwards."""

    def command(board: Dashboard, folder: Path) -> list[str]:
        return _playbook(folder, _uri_tasks(operation, board))

    return _measured(operation, world, command, each)


def bulk(operation: str, world: World) -> Measured:
    """One request, in which the Dashboard walks from site to site. Neither plan nor verification."""
    path = {SYNC: f"{API}/sites/sync", UPDATE: f"{API}/updates/update"}[operation]
    with dashboard(world) as board:
        began = time.perf_counter()
        answer = requests.post(board.url + path, headers=_headers(board), timeout=1200)
        wall = time.perf_counter() - began
        answer.raise_for_status()
        if "job_id" in answer.json():
            raise BenchError("The bulk endpoint only queued the work.")
        came = board.requests()
        moved = board.moved()
    if operation == UPDATE and moved != ITEMS * world.sites:
        raise BenchError(f"The bulk endpoint moved {moved} of {ITEMS * world.sites} updates.")
    return Measured(unscaled(whole(came), wall, world.factor), len(came), Process(wall, 0, 0))


def one_by_one(world: World) -> Measured:
    """A request for each site that has updates, four at a time: how it was done before."""
    with dashboard(world) as board:
        ours = Client(connection_from({"url": board.url, "api_key": board.token}))
        sites = ours.sites()
        began = time.perf_counter()
        found = parallel(ours.api.updates.pending, sites)
        wall = time.perf_counter() - began
        ours.close()
        came = [one for one in board.requests() if about_updates(one)]
    if sum(map(len, found)) != world.offers * world.sites:
        raise BenchError(f"{PLAN}: {sum(map(len, found))} updates, one by one")
    return Measured(busy(whole(came)), len(came), Process(wall, 0, 0))


def about_updates(request: Request) -> bool:
    """Is it a read of pending updates?"""
    return sites_of(request.path, "-") is not None


def repeated(task: Task, times: int, board: Dashboard, folder: Path) -> Process:
    """A playbook of the same task, several times."""
    return run(_playbook(folder, [task] * times), folder)


def doors(board: Dashboard) -> dict[str, Task]:
    """Single tasks whose start is compared."""
    info = f"{COLLECTION}site_info"
    options = {"url": board.url, "api_key": board.token}
    return {
        "`ansible.builtin.debug`, which does nothing": {"ansible.builtin.debug": {"msg": "nothing"}},
        "`mainwp_site_info` in the controller's process (the default)": {info: options},
        "`mainwp_site_info` as a module (`run_on: host`)": {info: {**options, "run_on": "host"}},
        "`ansible.builtin.uri`, one `GET /sites`": _uri(board, "/sites"),
    }


def _measured(
    operation: str,
    world: World,
    command: Callable[[Dashboard, Path], list[str]],
    spans: Callable[[Sequence[Request]], list[Span]],
) -> Measured:
    with dashboard(world) as board, tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        process = run(command(board, folder), folder)
        came = board.requests()
        insist(operation, world, came, board.moved())
    seconds = unscaled(spans(came), process.seconds, world.factor)
    pending = [one for one in came if about_updates(one)]
    return Measured(
        seconds,
        len(came),
        process,
        seconds - busy(spans(came)),
        reading(came),
        Measured(busy(whole(pending)), len(pending), Process(0, 0, 0)),
    )


def insist(operation: str, world: World, came: Sequence[Request], moved: int) -> None:
    """Nothing is measured that was not done, or not done well."""
    bad = [one for one in came if one.status != 200]
    if bad:
        raise BenchError(f"{operation}: {len(bad)} bad answers, the first to {bad[0].method} {bad[0].path}")
    syncs = sum(one.path.endswith("/sync") for one in came)
    if operation == SYNC and syncs != world.sites:
        raise BenchError(f"{operation}: {syncs} syncs of {world.sites} sites")
    writes = [one for one in came if one.method != "GET"]
    if operation in SECOND and (writes or not came):
        raise BenchError(f"{operation}: {len(writes)} writes among {len(came)} requests of a second run")
    due = (
        world.sites
        if operation == ACTIVATE
        else ITEMS * world.sites
        if operation == UPDATE and world.pending == ALL
        else 0
    )
    if moved != due:
        raise BenchError(f"{operation}: {moved} of {due} updates moved")


def _task(operation: str, board: Dashboard) -> Task:
    options = {"url": board.url, "api_key": board.token, "all_sites": True}
    return {
        LIST: {f"{COLLECTION}site_info": {**options, "gather_subset": ["plugins", "themes"]}},
        SYNC: {f"{COLLECTION}sync": {**options, "max_age": 0}},
        NOOP: {f"{COLLECTION}batch_update": options},
        UPDATE: {f"{COLLECTION}batch_update": options},
        PLAN: {f"{COLLECTION}update_info": options},
        ACTIVATE: {f"{COLLECTION}plugin": {**options, "plugins": [PLUGIN], "state": "active"}},
    }[operation]


def _uri_tasks(operation: str, board: Dashboard) -> list[Task]:
    pages = range(1, -(-board.world.sites // 100) + 1)
    listing = _uri(board, "/sites?_fields=id&per_page=100&page={{ item }}") | {"loop": list(pages), "register": "pages"}
    method, path = {
        LIST: ("GET", "/sites/{{ item }}"),
        SYNC: ("POST", "/sites/{{ item }}/sync"),
        NOOP: ("GET", "/updates/{{ item }}"),
        UPDATE: ("POST", "/updates/{{ item }}/update"),
    }[operation]
    every = "{{ pages.results | map(attribute='json.data') | flatten | map(attribute='id') | list }}"
    return [listing, _uri(board, path, method) | {"loop": every, "register": "answers"}]


def _uri(board: Dashboard, path: str, method: str = "GET") -> Task:
    headers = _headers(board)
    return {"ansible.builtin.uri": {"url": board.url + API + path, "method": method, "headers": headers}}


def _headers(board: Dashboard) -> dict[str, str]:
    return {"Authorization": f"Bearer {board.token}"}


def _playbook(folder: Path, tasks: list[Task]) -> list[str]:
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    return ["ansible-playbook", _written(folder / "play.yml", [play])]


def _written(path: Path, content: Any) -> str:
    """JSON is YAML."""
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return str(path)
