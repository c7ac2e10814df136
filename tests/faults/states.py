# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The campaign of what is present or absent: tags, clients, client fields, costs, payment methods, API keys, child sites.

A seed makes a story: a Dashboard in which names are doubled, one task, and what goes wrong with it – a write that is lost
before or after it was done, or is answered well and not done; somebody else who edits, removes or makes the same thing
between our reading and our writing. The task is done in check mode, for real, and once more when all trouble is over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest import mock

import jobs
from modules import code

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _engine as engine
from simulator import Simulator

from .kinds import ABSENT, KINDS, NAMES, PRESENT, TWIN, Kind, fleet

#: Ways in which a write goes wrong: name → (rule of the simulator, is it done all the same?).
LOSSES: Mapping[str, tuple[dict[str, Any], bool]] = {
    "reset before it was done": ({"action": "reset_before"}, False),
    "reset after it was done": ({"action": "reset_after"}, True),
    "504 before it was done": ({"action": "status", "code": 504, "body": "<html>504</html>"}, False),
    "504 while it is being done": ({"action": "gateway_timeout"}, True),
    "500 after it was done": ({"action": "status", "code": 500, "body": "<html>500</html>", "after_work": True}, True),
    "cut short": ({"action": "truncate"}, True),
    "said done and did nothing": ({"action": "status", "code": 200, "body": {"success": 1, "message": "Done."}}, False),
    "refused for now": (
        {"action": "status", "code": 429, "headers": {"Retry-After": "0"}, "body": {"code": "x"}},
        False,
    ),
}
RIVALS = ("edits it", "removes it", "makes one of the same name")


@dataclass
class Story:
    """What a seed decides, and what came of it."""

    seed: int
    kind: Kind
    violations: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    #: what it has a part in showing
    shows: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return "\n".join([f"seed {self.seed}", *self.lines, *(f"  VIOLATION: {text}" for text in self.violations)])


def run(seed: int, dry: bool = False) -> Story:
    """One story; ``dry``: only what it would show."""
    random, kind = Random(seed), KINDS[seed % len(KINDS)]
    story = Story(seed, kind)
    state = random.choice([PRESENT, PRESENT, ABSENT])
    name = random.choice([kind.known, kind.known, TWIN, *random.sample(NAMES, 3)])
    options = {**kind.key(name), **({} if state == ABSENT else kind.fields(random)), "state": state}
    loss = random.choice([None, *LOSSES])
    rival = random.choice([None, None, *RIVALS]) if loss is None else None
    # the second write goes wrong now and then, not the first
    skip = random.choice([0, 0, 1])
    dialect = random.choice(["abilities", "classic"])
    story.shows |= {state, dialect, *filter(None, (loss, rival))}
    if not dry:
        with Simulator(fleet(), dialect=dialect) as sim, mock.patch.object(engine, "PATIENCE", (0.01, 0.02, 0.05)):
            _Told(story, sim, kind, options, name).play(loss, rival, skip)
    return story


def violation(tell: Callable[[int], Any], seed: int) -> str:
    """The story of a seed, if something is wrong with it; in a process of its own as well."""
    story = tell(seed)
    return str(story) if story.violations else ""


class _Told:
    """A story at work."""

    def __init__(self, story: Story, sim: Simulator, kind: Kind, options: dict[str, Any], name: str) -> None:
        self.story, self.sim, self.kind, self.options, self.name = story, sim, kind, options, name
        self.connection = {"url": sim.url, "api_key": sim.key().token, "retry_max_delay": 0.01, "connect_timeout": 5}

    def wrong(self, text: str) -> None:
        self.story.violations.append(text)

    def truth(self) -> dict[str, dict[Any, Any]]:
        """Everything of every kind."""
        with self.sim.fleet.lock:
            return {kind.module: kind.told(self.sim.fleet, self.sim) for kind in KINDS}

    def task(self, check_mode: bool = False) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
        """The result, and the writes of it."""
        before = len(self.sim.journal.writes())
        door = code(self.kind.module).DOOR
        result = jobs.done(door, {**self.connection, **self.options}, Collector(verbose=True), check_mode)
        writes = [
            (entry.method, entry.path, json.dumps(entry.json or entry.form, sort_keys=True))
            for entry in self.sim.journal.writes()[before:]
        ]
        shown = {key: result.get(key) for key in ("changed", "failed", "action", "msg")}
        self.story.lines.append(f"  {'check' if check_mode else 'run'} {self.options}: {shown} {writes}")
        if result.get("failed") and not result.get("error"):
            self.wrong(f"failed without saying why: {result}")
        if "Traceback" in json.dumps(result) or "bug" in str(result.get("msg")):
            self.wrong(f"a bug: {result}")
        if self.connection["api_key"] in json.dumps(result):
            self.wrong("the key is in the result")
        return result, writes

    def play(self, loss: str | None, rival: str | None, skip: int) -> None:
        """Check mode, the run in trouble, and runs when all trouble is over."""
        began = self.truth()
        planned, writes = self.task(check_mode=True)
        if writes or self.truth() != began:
            self.wrong(f"check mode wrote: {writes}")
        self._arrange(loss, rival, skip)
        result, writes = self.task()
        after = self.truth()
        self._judge(began, after, planned, result, writes, loss, rival)
        self.sim.faults.clear()
        settled = self.truth()
        again, more = self.task()
        if not result.get("failed") and (again["changed"] or more) and rival is None:
            self.wrong(f"a second run changed something: {again.get('msg')} {more}")
        last, writes = self.task()
        if (writes or last["changed"]) and not last.get("failed"):
            self.wrong(f"it does not come to rest: {last.get('msg')} {writes}")
        if bool(planned.get("failed")) and self.truth() != settled:
            self.wrong("what was refused was done later")

    def _arrange(self, loss: str | None, rival: str | None, skip: int) -> None:
        for method in ("POST", "PUT", "DELETE"):
            if loss:
                rule = dict(LOSSES[loss][0])
                self.sim.faults.add(method=method, skip=skip, **rule)
            if rival:
                deed = {"edits it": self.kind.edit, "removes it": self.kind.remove}.get(rival, self.kind.make)
                self.sim.faults.add(method=method, action="hook", before=lambda deed=deed: deed(self.sim, self.name))

    def _judge(
        self,
        began: Mapping[str, Any],
        after: Mapping[str, Any],
        planned: Mapping[str, Any],
        result: Mapping[str, Any],
        writes: list[tuple[str, str, str]],
        loss: str | None,
        rival: str | None,
    ) -> None:
        moved = began != after
        repeatable = loss == "refused for now"  # a 429 is the promise that nothing was done
        makes = [entry for entry in writes if entry[1].endswith(("/add", "/add-key"))]
        if len(makes) > 1 + repeatable:
            self.wrong(f"made more than once: {makes}")
        if not repeatable and len(writes) != len(set(writes)):
            self.wrong(f"the same write was sent twice: {writes}")
        if bool(planned.get("failed")) and (writes or not result.get("failed")):
            self.wrong(f"check mode refused it, the run did not: {planned['msg']} – {result['msg']}")
        if rival is None:
            if bool(result["changed"]) != moved and not self._is_not_known(result):
                self.wrong(f"changed is {result['changed']}, but {'something' if moved else 'nothing'} moved")
            if loss is None and (planned.get("action"), planned.get("failed")) != (
                result.get("action"),
                result.get("failed"),
            ):
                self.wrong(
                    f"check mode said {planned.get('action')}, the run {result.get('action')}: {result.get('msg')}"
                )
            self._hold_others(began, after)

    @staticmethod
    def _is_not_known(result: Mapping[str, Any]) -> bool:
        """The failure says that nobody knows."""
        return bool(result.get("failed")) and "nobody could read it" in str(result.get("msg"))

    def _hold_others(self, began: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """What the task does not speak of is as it was. Sites may go from one tag or client to another."""
        mine = self.kind.module
        for module in began.keys() - {mine, "mainwp_site"}:
            if [self._own(thing) for thing in began[module].values()] != [
                self._own(thing) for thing in after[module].values()
            ]:
                self.wrong(f"{module} changed beside it: {began[module]} → {after[module]}")
        for number, site in began["mainwp_site"].items() if mine != "mainwp_site" else ():
            now = after["mainwp_site"].get(number)
            if now is None or any(now[part] != site[part] for part in self._kept()):
                self.wrong(f"site {number} lost something: {site} → {now}")

    @staticmethod
    def _own(thing: Any) -> Any:
        """What one has beside its sites."""
        return thing[:-1] if isinstance(thing, tuple) and isinstance(thing[-1], list) else thing

    def _kept(self) -> list[int]:
        """The parts of a site that the task must not change."""
        taken = {"mainwp_tag": 2, "mainwp_client": 3}.get(self.kind.module)
        return [part for part in range(5) if part != taken]
