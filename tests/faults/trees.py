# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The campaign of trees: a seed draws a Dashboard, a tree of several kinds, and what goes wrong with some of its requests.

The tree is rehearsed, done in trouble – writes get lost, somebody else is at work, the run is told to end –, and done again
when all trouble is over. What the results say is held against what really happened: each thing for itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any
from unittest import mock

import haste
import jobs
from modules import code

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _engine as engine
from ansible_collections.wpfleet.mainwp.plugins.module_utils._settings import _engine as settings
from simulator import Simulator

from .gardens import NEW, OTHER, PASSWORD, RIVALS, SIMPLE, WORD, Key, Truth, secrets, tree, truth, unlike, world
from .states import LOSSES

MODULE = "mainwp_config"
#: The site that something may be wrong with.
ODD = "https://s2.example/"
#: Which writes may be lost.
WRITES = [
    ".*",
    ".*/(add|edit|remove|create|activate|delete)",
    ".*/settings/.*",
    ".*/tags/.*",
    ".*/clients/.*",
    ".*/sites/add",
    r".*/sites/\d+/edit",
    ".*/(plugins|themes)/.*",
    ".*/users/.*",
    ".*/costs/.*",
    ".*/add-key",
    ".*/sync",
]
PURGES = ["client_fields", "cost_product_types", "cost_payment_methods", "tags", "costs"]
Write = tuple[str, str, str]


class Story:
    """What a seed decides, and what came of it."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.seed, self.violations, self.lines = seed, list[str](), list[str]()
        self.dialect = random.choice(["abilities", "classic"])
        self.fleet, self.tree = world(random), tree(random)
        self.losses = [name for dummy in range(random.randint(0, 3)) if (name := random.choice([None, *LOSSES]))]
        self.rivals = random.sample(list(RIVALS), random.choice([0, 0, 0, 1, 2]))
        self.is_broken_off, self.reads_fail = random.random() < 0.15, random.random() < 0.1
        self.purge = [kind for kind in PURGES if kind in self.tree and random.random() < 0.3]
        self.purge_max = random.choice([9, 9, 9, 0])
        if random.random() < 0.08:
            self.tree["clients"][0]["name"] = "Acme Ltd"  # may be what others name
        if random.random() < 0.08:
            self.tree["plugins"] = [{"plugins": ["forms"], "state": "active", "site_tags": ["Cnary"]}]

    def __str__(self) -> str:
        troubles = [*self.losses, *self.rivals, *(["broken off"] if self.is_broken_off else [])]
        troubles += ["reads fail"] if self.reads_fail else []
        return "\n".join(
            [
                f"seed {self.seed} {self.dialect} {troubles} purge {self.purge} {self.purge_max} {self.tree}",
                *self.lines,
                *(f"  VIOLATION: {text}" for text in self.violations),
            ]
        )

    @property
    def is_calm(self) -> bool:
        """Nothing goes wrong, and nobody else is there."""
        return not (self.losses or self.rivals or self.is_broken_off or self.reads_fail)

    def play(self) -> Story:
        """Check mode, the run in trouble, and runs when all trouble is over."""
        patience = (0.01, 0.02, 0.05)
        with (
            Simulator(self.fleet, dialect=self.dialect) as sim,
            haste.hurried(),
            mock.patch.object(engine, "PATIENCE", patience),
            mock.patch.object(settings, "PATIENCE", patience),
        ):
            _Told(self, sim).play()
        return self


class _Told:
    """A story at work."""

    def __init__(self, story: Story, sim: Simulator) -> None:
        self.story, self.sim, self.reporter = story, sim, Collector(verbose=True)
        #: What somebody else had a hand in.
        self.touched: set[Key] = set()
        self.options = {
            "url": sim.url,
            "api_key": sim.key().token,
            "retry_max_delay": 0.01,
            "connect_timeout": 5,
            "lock_dir": "none",
            "wait_timeout": 20,
            "tree": story.tree,
            "secrets": secrets(story.tree),
            **({"purge": story.purge, "purge_max": story.purge_max} if story.purge else {}),
        }

    def wrong(self, text: str) -> None:
        self.story.violations.append(text)

    def task(self, check_mode: bool = False) -> tuple[dict[str, Any], list[Write]]:
        """The result, and the writes of it that were not refused for now."""
        before, began, known = len(self.sim.journal.writes()), truth(self.sim), self._tokens()
        self.reporter = Collector(verbose=True)
        result = jobs.done(code(MODULE).DOOR, self.options, self.reporter, check_mode)
        entries = self.sim.journal.writes()[before:]
        writes = [
            (entry.method, entry.path, json.dumps(entry.json or entry.form, sort_keys=True))
            for entry in entries
            if entry.status != 429
        ]
        self.story.lines.append(
            f"  {'check' if check_mode else 'run'}: {result.get('changed')} {result.get('failed')} {result.get('msg')}"
        )
        for row in result.get("drift", ()):
            if row["standing"] != "extra" or row["action"]:
                said = {name: value for name, value in row.items() if value and name != "changes"}
                self.story.lines.append(f"      {said}")
        self.story.lines += [
            f"      > {entry.method} {entry.path} {entry.status} {entry.fault} {entry.json or entry.form}"
            for entry in entries
        ]
        self._hold_form(result, known)
        if result.get("error") and (writes or truth(self.sim) != began) and not self.touched:
            self.wrong(f"it was refused, and wrote: {result['msg']} {writes}")
        if not check_mode and not result.get("error"):
            self._hold_writes(writes)
            self._hold_moves(result, began, truth(self.sim))
        return result, writes

    def _tokens(self) -> set[str]:
        return {key.token for key in self.sim.keys.keys} | {key.consumer_secret for key in self.sim.keys.keys}

    # -- what any result keeps -----------------------------------------------------------------------------------------

    def _hold_form(self, result: dict[str, Any], known: set[str]) -> None:
        """No bug, no secret, no failure without a reason, and numbers that count what is told."""
        text = json.dumps([result, self.reporter.warnings], ensure_ascii=False)
        if "Traceback" in text or "a bug in" in text or "report this bug" in text:
            self.wrong(f"a bug: {result}")
        shown = [secret for secret in {PASSWORD, WORD} | known | self._tokens() if secret in text]
        if shown:
            self.wrong(f"a secret is in the result: {shown}")
        drift = result.get("drift", ())
        if result.get("failed") and not (
            result.get("error") or result.get("broken_off") or any(row["reason"] for row in drift)
        ):
            self.wrong(f"failed without saying why: {result.get('msg')}")
        for kind, counts in result.get("summary", {}).get("kinds", {}).items():
            rows = [row for row in drift if row["kind"] == kind]
            for standing in ("wrong", "missing", "extra"):
                if counts[standing] != sum(row["standing"] == standing for row in rows):
                    self.wrong(f"summary of {kind} counts other than drift has: {counts}")
            if counts["failed"] > sum(bool(row["reason"]) for row in rows):
                self.wrong(f"summary of {kind} counts failures without reasons: {counts}")

    def _hold_writes(self, writes: list[Write]) -> None:
        """No write was sent twice, nor anything made twice in other words."""
        work = [write for write in writes if not write[1].endswith("/sync")]
        makes = [
            (path, self._named(json.loads(body))) for _method, path, body in work if path.endswith(("/add", "-key"))
        ]
        sents: tuple[list[Any], ...] = (work, makes)
        for sent in sents:
            for one in {one for one in sent if sent.count(one) > 1}:
                self.wrong(f"sent twice: {one}")

    @staticmethod
    def _named(body: dict[str, Any]) -> str:
        return next((str(body[name]) for name in ("url", "name", "title", "description") if body.get(name)), str(body))

    def _hold_moves(self, result: dict[str, Any], began: Truth, after: Truth) -> None:
        """Each thing that moved is told, each that is told moved, and what is called done is as the tree says."""
        rows: dict[Key, dict[str, Any]] = {}
        for row in result["drift"]:
            name = row["name"].split(".")[0] if row["kind"] == "settings" else row["name"]
            rows.setdefault((row["kind"], name, row["site"]), row if row["action"] else {**row, "action": ""})
        done = {key for key, row in rows.items() if row["action"] and not row["reason"]}
        moved = {key for key in began.keys() | after.keys() if began.get(key) != after.get(key)}
        gone = {key[1] for key in began.keys() - after.keys() if key[0] in ("tags", "sites")}
        came = {key[1] for key in after.keys() - began.keys() if key[0] == "sites"}
        ours = {key for key in moved if not self._is_excused(key, began, after, gone, came)} - self.touched
        untold = {key for key in ours if not rows.get(key, {}).get("action") and not rows.get(key, {}).get("reason")}
        if untold:
            self.wrong(f"moved and not told: {sorted(untold)}")
        lies = {key for key in done if key not in moved and key[2] not in came} - self.touched
        if lies:
            self.wrong(f"told done and did not move: {sorted(lies)}")
        self._hold_changed(result, rows, ours, done)
        for key in (began.keys() - after.keys()) & ours:
            if not self._may_go(key):
                self.wrong(f"removed, though neither an entry nor purge says so: {key}")
        if any("(twin" in key[1] for key in after.keys() - began.keys()):
            self.wrong(f"made twice: {[key for key in after if '(twin' in key[1]]}")
        self._hold_tree(result, after, done)

    def _hold_tree(self, result: dict[str, Any], after: Truth, done: set[Key]) -> None:
        """What is called done is as the tree says, and so is all of it where nothing failed."""
        calm = {row["reason"] for row in result["drift"] if row["reason"]} <= {"suspended"}
        for key, text in unlike(self.story.tree, after):
            if key in self.touched or (key[2] and ("sites", key[2], "") in self.touched):
                continue
            if key in done or (not result["failed"] and calm and not result["broken_off"]):
                self.wrong(f"called right or done: {key}: {text}")

    def _hold_changed(
        self, result: dict[str, Any], rows: Mapping[Key, dict[str, Any]], ours: set[Key], done: set[Key]
    ) -> None:
        """``changed`` is what moved."""
        if bool(result["changed"]) is False and done:
            self.wrong("changed is false, though something is called done")
        if ours and not result["changed"] and not any(rows[key]["reason"] for key in ours if key in rows):
            self.wrong("changed is false, though something moved")
        if result["changed"] and not ours and not self.touched and not any(row["reason"] for row in rows.values()):
            self.wrong("changed is true, though nothing moved")

    @staticmethod
    def _is_excused(key: Key, began: Truth, after: Truth, gone: set[str], came: set[str]) -> bool:
        """It goes with something else that is told: the tags of a site with a tag, what is on a site with the site; and of
        two themes one is active."""
        kind, _name, site = key
        if site in gone or site in came:
            return True
        if kind == "themes" and ("themes", "stone", site) in after and key[1] == "paper":
            return True
        if kind == "sites" and key in began and key in after:
            left = [tag for tag in began[key]["site_tags"] if tag not in gone]
            return bool({**began[key], "site_tags": left} == after[key])
        return False

    def _may_go(self, key: Key) -> bool:
        kind, name, site = key
        if site:
            return any(entry.get("state") == "absent" for entry in self.story.tree.get(kind, ()))
        named = SIMPLE[kind][0] if kind in SIMPLE else "name"
        entries = self.story.tree.get(kind, ())
        return (kind in self.story.purge and all(entry.get(named) != name for entry in entries)) or any(
            entry.get(named) == name and entry.get("state") == "absent" for entry in entries
        )

    # -- the story -----------------------------------------------------------------------------------------------------

    def play(self) -> None:
        story = self.story
        began = truth(self.sim)
        planned, writes = self.task(check_mode=True)
        if writes or truth(self.sim) != began:
            self.wrong("check mode wrote")
        self._arrange()
        result, writes = self.task()
        if planned.get("error") and not story.rivals and (writes or not result.get("error")):
            self.wrong("check mode refused it, the run did not")
        if (
            story.purge
            and not story.purge_max
            and any(kind in result.get("extra", {}) for kind in story.purge)
            and writes
        ):
            self.wrong("more would go than purge_max allows, and it wrote")
        if story.is_calm and result.get("error") and not planned.get("error"):
            self.wrong(f"the run refused what check mode did not: {result['msg']}")
        elif story.is_calm and not planned.get("error"):
            self._compare(planned, result)
        self.sim.faults.clear()
        self.touched = set()
        good = result
        for dummy in range(2):
            moved = truth(self.sim)
            again, writes = self.task()
            if not good["failed"] and not story.rivals:
                self._hold_rest(again, writes, moved)
            good = again
        moved = truth(self.sim)
        last, writes = self.task()
        self._hold_rest(last, writes, moved)

    def _hold_rest(self, result: dict[str, Any], writes: list[Write], moved: Truth) -> None:
        """It has nothing to do: a child that cannot be added may be asked again."""
        work = [path for _method, path, _body in writes if not path.endswith(("/sync", "/sites/add"))]
        if work or result["changed"] or truth(self.sim) != moved:
            self.wrong(f"it does not come to rest: {result['msg']} {work}")

    def _compare(self, planned: dict[str, Any], result: dict[str, Any]) -> None:
        """Check mode told what the run did. A site that is new, old or down may show other things once it is synced."""
        told: list[set[tuple[Any, ...]]] = [
            {
                (row["kind"], row["name"], row["site"], row["standing"], row["action"])
                for row in one["drift"]
                if row["site"] not in (NEW, OTHER, ODD) and not (row["reason"] and row["kind"] == "sites")
            }
            for one in (planned, result)
        ]
        if result["failed"]:  # what needs what failed, and a purge, are left out
            told = [{one[:4] for one in each if not (one[3] == "extra" or one[0] == "sites")} for each in told]
        if told[0] != told[1]:
            self.wrong(f"check mode and the run found other things: {told[0] ^ told[1]}")
        if planned["changed"] != result["changed"] and not (planned["stale_sites"] or result["failed"]):
            self.wrong(f"check mode said changed: {planned['changed']}, the run {result['changed']}")

    def _arrange(self) -> None:
        random = self.story.random
        for rival in self.story.rivals:
            self._hook(lambda rival=rival: self._meanwhile(rival), random.randint(0, 5))
        if self.story.is_broken_off:
            self._hook(lambda: setattr(self.reporter, "interrupted", True), random.randint(0, 8))
        for loss in self.story.losses:
            path, skip = random.choice(WRITES), random.choice([0, 0, 1, 2, 5])
            for method in ("POST", "PUT", "DELETE"):
                self.sim.faults.add(method=method, path=path, skip=skip, **dict(LOSSES[loss][0]))
        if self.story.reads_fail:
            path = f".*/{random.choice(['sites', 'tags', 'clients', 'costs', 'users', '.*'])}.*"
            fault = {"action": "status", "code": 500, "body": "<html>500</html>"}
            self.sim.faults.add(method="GET", path=path, times=6, skip=random.randint(0, 12), **fault)

    def _hook(self, deed: Any, skip: int) -> None:
        """At a write, of whatever kind."""
        left = [skip]

        def before() -> None:
            left[0] -= 1
            if left[0] == -1:
                deed()

        for method in ("POST", "PUT", "DELETE"):
            self.sim.faults.add(method=method, action="hook", before=before, times=skip + 1)

    def _meanwhile(self, rival: str) -> None:
        began = truth(self.sim)
        with self.sim.fleet.lock:
            RIVALS[rival](self.sim.fleet)
        now = truth(self.sim)
        self.touched |= {key for key in began.keys() | now.keys() if began.get(key) != now.get(key)}


def run(seed: int) -> Story:
    """One story."""
    return Story(seed).play()
