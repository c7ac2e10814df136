# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs real playbooks against the simulator and checks what must hold for every task of the collection."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from integration._ansible import run_ansible

from simulator import Simulator
from simulator.journal import WORK, Entry
from simulator.serving import Serving

COLLECTION = "wpfleet.mainwp."
#: Requests to MainWP's API: its version, and what is below it.
_API = re.compile(r"/mainwp/(v\d)(/.*|)")
#: A key of this name is shadowed by a method of dict in Jinja's ``result.items``.
RESERVED = {"items", "keys", "values", "update", "get", "copy", "pop"}


@dataclass
class Task:
    """One task of a playbook: ``Task("mainwp_sync", {...}, check=True)``."""

    module: str
    options: Mapping[str, Any] = field(default_factory=dict)
    check: bool = False
    diff: bool = False
    door: str = ""
    #: parts of warnings that must appear; any other warning fails the test. None: whatever comes is fine
    warns: Sequence[str] | None = ()
    #: what the world does after this task and before the next one
    after: Callable[[], Any] | None = None
    #: other keywords: vars, environment, no_log, loop, …
    keywords: Mapping[str, Any] = field(default_factory=dict)
    #: instead of the connection options of all
    connection: Mapping[str, Any] | None = None


@dataclass
class Result:
    """What came of a task, with the requests that it sent."""

    task: Task
    data: dict[str, Any]
    journal: list[Entry]
    play: Outcome | None = None

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    @property
    def failed(self) -> bool:
        return bool(self.data.get("failed"))

    @property
    def changed(self) -> bool:
        return bool(self.data.get("changed"))

    @property
    def msg(self) -> str:
        return str(self.data.get("msg", ""))

    @property
    def warnings(self) -> list[str]:
        return [str(text) for text in self.data.get("warnings") or []]

    @property
    def writes(self) -> list[Entry]:
        return [entry for entry in self.journal if entry.is_write]

    @property
    def work(self) -> list[Entry]:
        """Requests that started work."""
        return [entry for entry in self.writes if WORK.fullmatch(entry.path)]

    def site(self, number: int) -> dict[str, Any]:
        """The report on a site, by its id."""
        return next(site for site in self.data["sites"] if site["id"] == number)

    def update(self, number: int, slug: str) -> dict[str, Any]:
        """The report on an update, by the site's id and the (start of the) slug."""
        return next(entry for entry in self.site(number)["updates"] if entry["slug"].startswith(slug))

    def updates(self, *results: str) -> list[tuple[int, str, str, str, str]]:
        """(site id, type, slug, version before, version after or planned) of all updates with one of the results."""
        return sorted(
            (
                site["id"],
                entry["type"],
                entry["slug"],
                entry["version_before"],
                entry["version_planned" if entry["result"] == "planned" else "version_after"],
            )
            for site in self.data["sites"]
            for entry in site["updates"]
            if entry["result"] in results
        )


@dataclass
class Outcome:
    """What came of a playbook."""

    rc: int
    stdout: str
    stderr: str
    results: list[Result]

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)


class Play:
    """Playbooks against one simulator. ``connection`` replaces or adds connection options of every task."""

    def __init__(self, folder: Path, sim: Simulator, **connection: Any) -> None:
        self.folder = folder
        self.sim = sim
        self.connection = {"url": sim.url, "api_key": sim.key().token, **connection}
        self._count = 0

    def task(self, module: str, options: Mapping[str, Any] | None = None, **keywords: Any) -> Result:
        """Run one task in a playbook of its own. Keywords are those of :class:`Task`."""
        return self.tasks(Task(module, options or {}, **keywords)).results[0]

    def tasks(
        self,
        *tasks: Task,
        args: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        fresh: bool | None = None,
    ) -> Outcome:
        """Run tasks in one playbook; a failing one does not end it. ``args`` go to ansible-playbook."""
        held = Held(self.sim, tasks, "--check" in args or "-C" in args)
        with _Post(held) as post:
            plays: list[dict[str, Any]] = []
            for dummy, group in groupby(enumerate(tasks), key=lambda entry: entry[1].connection):
                numbers, ours = zip(*group, strict=True)
                plays.append(self._play(ours, post.url, numbers[0]))
            done = self.run(plays, args=args, env=env, fresh=fresh)
        assert not held.problems, "\n".join(held.problems)
        outcome = Outcome(done.returncode, done.stdout, done.stderr, held.results)
        assert len(held.results) == len(tasks), outcome.output
        for result in held.results:
            result.play = outcome
        assert_no_secrets(self.sim, outcome.output)
        assert "[DEPRECATION WARNING]" not in outcome.output, outcome.output
        if all(task.warns is not None and not task.warns for task in tasks):
            assert "[WARNING]" not in outcome.output, outcome.output
        return outcome

    def run(
        self,
        plays: list[dict[str, Any]],
        *,
        args: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        fresh: bool | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a playbook of one's own making; nothing is checked but that no secret is shown."""
        self._count += 1
        path = self.folder / f"play{self._count}.yml"
        path.write_text(yaml.safe_dump(plays, sort_keys=False))
        done = run_ansible("ansible-playbook", *args, str(path), env=env, fresh=fresh)
        assert_no_secrets(self.sim, done.stdout + done.stderr)
        return done

    def _play(self, tasks: Sequence[Task], url: str, first: int = 0) -> dict[str, Any]:
        """Tasks of one connection; ``first`` is the number of the first one."""
        steps: list[dict[str, Any]] = []
        for number, task in enumerate(tasks, first):
            name = task.module if "." in task.module else COLLECTION + task.module
            options = {**task.options, **({"run_on": task.door} if task.door else {})}
            steps.append(
                {
                    "name": f"Task {number} {task.module}",
                    name: options,
                    "register": "result",
                    "ignore_errors": True,
                    **({"check_mode": True} if task.check else {}),
                    **({"diff": True} if task.diff else {}),
                    **task.keywords,
                }
            )
            report = {"url": f"{url}/{number}", "result": "{{ result | to_json }}"}
            steps.append({"name": f"Hand over {number}", "hand_over": report})
        return {
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {f"group/{COLLECTION}mainwp": dict(tasks[0].connection or self.connection)},
            "tasks": steps,
        }


def secrets_of(sim: Simulator) -> list[str]:
    """All that must never be seen, of all keys."""
    found = []
    for key in sim.keys.keys:
        found += [key.token, key.consumer_key.removeprefix("ck_"), key.consumer_secret.removeprefix("cs_")]
    return found


def assert_no_secrets(sim: Simulator, text: str) -> None:
    """No key of the simulator is in ``text`` (which is not printed, for it may hold one)."""
    where = [text.index(secret) for secret in secrets_of(sim) if secret in text]
    assert not where, f"a secret was shown at {where}"


def assert_no_reserved_keys(data: Any, path: str = "result") -> None:
    """No key at any depth is a method of dict."""
    if isinstance(data, dict):
        assert not RESERVED & data.keys(), f"{path} has {RESERVED & data.keys()}"
        for key, value in data.items():
            # what Ansible adds: the task's own arguments and, in lists, the loop's items
            if key != "invocation":
                assert_no_reserved_keys(value, f"{path}.{key}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            assert_no_reserved_keys(value, f"{path}[{number}]")


def uncovered(module: str, journal: Sequence[Entry]) -> list[str]:
    """Requests of a module to routes that the table of routes does not name it for."""
    from ansible_collections.wpfleet.mainwp.plugins.module_utils._routes import route_of  # not before Ansible's loader

    asked = {(entry.method, found[1], found[2]) for entry in journal if (found := _API.fullmatch(entry.path))}
    name = module.removeprefix(COLLECTION)
    missing = []
    for method, version, path in sorted(asked):
        route = route_of(version, "GET" if method == "HEAD" else method, path)
        if method != "OPTIONS" and name != "mainwp_api" and not (route and route.is_asked_by(name)):
            missing.append(f"{name}: {method} {path} ({version})")
    return missing


class Held:
    """Results of tasks as they come in, one after another: what holds for every task is checked, and the world goes on."""

    def __init__(self, sim: Simulator, tasks: Sequence[Task], check: bool = False) -> None:
        self.sim, self.all_tasks, self.check = sim, tasks, check
        self.results: list[Result] = []
        self.problems: list[str] = []
        self._seen = len(sim.journal.entries)

    def take(self, number: int, body: str) -> None:
        """A result came in."""
        entries = list(self.sim.journal.entries)
        result = Result(self.all_tasks[number], json.loads(body), entries[self._seen :])
        self.results.append(result)
        try:
            self._hold(result, body)
            if result.task.after:
                result.task.after()
        except AssertionError as problem:
            self.problems.append(f"task {number} {result.task.module}: {problem}")
        self._seen = len(self.sim.journal.entries)

    def _hold(self, result: Result, body: str) -> None:
        """What holds for every task of the collection."""
        task = result.task
        if "return_token" in json.dumps(task.options):  # told in one place, because somebody asked for it
            body = json.dumps({key: value for key, value in result.data.items() if key not in ("token", "tokens")})
        assert_no_secrets(self.sim, body)
        if "mainwp_" not in task.module:
            return
        assert_no_reserved_keys(result.data)
        assert "bug in wpfleet.mainwp" not in body, result.msg
        from integration._documented import assert_as_documented  # not before Ansible's loader is set up

        assert_as_documented(task.module.removeprefix(COLLECTION), result.data)
        unknown = uncovered(task.module, result.journal)
        assert not unknown, f"module_utils/_routes.py does not tell of {unknown}; see tests/unit/test_routes.py"
        if task.check or self.check or task.module.endswith("_info"):
            assert not result.writes, f"wrote: {[(entry.method, entry.path) for entry in result.writes]}"
        if task.warns is None:
            return
        for text in result.warnings:
            assert any(part in text for part in task.warns), f"unexpected warning: {text}"
        for part in task.warns:
            assert any(part in text for text in result.warnings), f"no warning says {part!r}: {result.warnings}"


class _Post(ThreadingHTTPServer):
    """Takes results from a running playbook."""

    daemon_threads = True

    def __init__(self, held: Held) -> None:
        super().__init__(("127.0.0.1", 0), _PostHandler)
        self.held = held

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> _Post:
        self._serving = Serving(self)
        return self

    def __exit__(self, *error: object) -> None:
        self._serving.stop()


class _PostHandler(BaseHTTPRequestHandler):
    server: _Post

    def do_POST(self) -> None:  # the name is http.server's
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.held.take(int(self.path.strip("/")), body)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""
