# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The campaign of trees: a seed draws a tree of several kinds, and what goes wrong with some of its writes.

The tree is rehearsed, done in trouble, and done again when all trouble is over. What the results say is held against what
really happened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any

import haste
import jobs
from modules import code

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from simulator import Child, Client, Fleet, Plugin, Simulator, Site, Tag, Theme

from .kinds import KINDS
from .states import LOSSES

MODULE, NEW, PASSWORD = "mainwp_config", "https://new.example/", "lab-Pass-1"
#: The site that something may be wrong with.
ODD = "https://s2.example/"
FORMS = "forms/forms.php"
NAMES = ["Shop", "R&D", "O'Brien", "Ünïcode 😀", "100 % wool"]


def child(**fields: Any) -> Child:
    """One with a plugin that is not active, and two themes."""
    themes = [Theme("paper", "Paper", "1.0", active=True), Theme("stone", "Stone", "2.0")]
    plugins = [
        Plugin(FORMS, "Forms", "1.0", active=False),
        Plugin("mainwp-child/mainwp-child.php", "MainWP Child", "6.1"),
    ]
    return Child(plugins=plugins, themes=themes, **fields)


def world(random: Random) -> Fleet:
    """Three sites, a child that could be added, a tag and a client; now and then a site that is suspended, down or old."""
    sites = [
        Site(id=n, url=f"https://s{n}.example/", name=f"S {n}", child=child(), ip=f"192.0.2.{n}") for n in (1, 2, 3)
    ]
    new = child(has_key=False, password=PASSWORD)
    made = Fleet(sites, [Tag(1, "Canary"), Tag(2, "Old")], [Client(1, "Acme", "a@acme.example")], strangers={NEW: new})
    made.settings["advanced"] = {"mainwp_minimum_delay": 0, "mainwp_minimum_ip_delay": 0}
    state = random.choice(["", "", "suspended", "down", "old"])
    if state == "suspended":
        made.sites[2].suspended = True
    elif state == "down":
        made.sites[2].child.down = True
        made.sites[2].sync_errors = "ERROR: it did not answer"
    elif state == "old":
        made.sites[2].dts_sync = 1
    return made


def tree(random: Random) -> dict[str, Any]:
    """Some kinds, which need each other."""
    tags = ["Canary", *random.sample(NAMES, random.randint(0, 2))]
    clients = ["Acme", *random.sample(NAMES, random.randint(0, 2))]
    sites = [
        {"site_url": f"s{n}.example", **_site(random, tags, clients)}
        for n in random.sample([1, 2, 3], random.randint(0, 3))
    ]
    if random.random() < 0.5:
        sites.append({"site_url": NEW, "admin": "admin", "admin_password": PASSWORD, **_site(random, tags, clients)})
    here = {"all_sites": True} if random.random() < 0.5 else {"site_tags": [random.choice(tags)]}
    found: dict[str, Any] = {
        "settings": {"general": {"automatic_daily_update": random.random() < 0.5}, "cost_tracker": {"currency": "EUR"}},
        "client_fields": [{"name": "VAT", "description": random.choice(NAMES)}],
        "cost_product_types": [{"title": "Fonts"}],
        "tags": [{"name": name, "color": random.choice(["#abcdef", "#112233"])} for name in tags],
        "clients": [{"name": name, "city": random.choice(NAMES)} for name in clients],
        "sites": sites,
        "ignored_updates": [{"core": random.random() < 0.5, **here}],
        "plugins": [{"plugins": ["forms"], "state": random.choice(["active", "absent"]), **here}],
        "themes": [{"themes": ["stone"], "state": random.choice(["active", "absent"]), **here}],
        "users": [{"login": "anna", "email": "a@x.example", "role": random.choice(["editor", "author"]), **here}],
        "costs": [
            {"name": name, "price": 5, "product_type": "fonts", "clients": [random.choice(clients)]}
            for name in random.sample(NAMES, 2)
        ],
        "api_keys": [{"description": "tree", "permissions": "read"}],
    }
    needed = {"cost_product_types", "tags", "clients"}
    return {kind: entries for kind, entries in found.items() if kind in needed or random.random() < 0.7}


def _site(random: Random, tags: list[str], clients: list[str]) -> dict[str, Any]:
    given = {"name": random.choice(NAMES), "site_tags": random.sample(tags, 1), "client": random.choice(clients)}
    given["suspended"] = False
    return {name: value for name, value in given.items() if random.random() < 0.7}


def truth(sim: Simulator) -> dict[str, Any]:
    """What really is, as far as a tree speaks of it."""
    with sim.fleet.lock:
        found: dict[str, Any] = {kind.module: kind.told(sim.fleet, sim) for kind in KINDS}
        found["settings"] = json.loads(json.dumps(sim.fleet.settings, default=str, sort_keys=True))
        found["sites"] = {
            site.id: (
                [(plugin.slug, plugin.active) for plugin in site.child.plugins],
                [(theme.slug, theme.active) for theme in site.child.themes],
                [(user["username"], user["role"]) for user in site.child.users],
                getattr(site, "ignore_core_updates", None),
            )
            for site in sim.fleet.sites.values()
        }
        return found


class Story:
    """What a seed decides, and what came of it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.seed, self.violations, self.lines = seed, list[str](), list[str]()
        self.dialect = self.random.choice(["abilities", "classic"])
        self.fleet, self.tree = world(self.random), tree(self.random)
        self.losses = [self.random.choice([None, *LOSSES]) for dummy in range(self.random.randint(0, 3))]
        self.purge = self.random.random() < 0.3

    def __str__(self) -> str:
        return "\n".join(
            [
                f"seed {self.seed} {self.dialect} {self.losses} {self.tree}",
                *self.lines,
                *(f"  VIOLATION: {text}" for text in self.violations),
            ]
        )

    def play(self) -> Story:
        """Check mode, the run in trouble, and runs when all trouble is over."""
        with Simulator(self.fleet, dialect=self.dialect) as sim, haste.hurried():
            _Told(self, sim).play()
        return self


class _Told:
    def __init__(self, story: Story, sim: Simulator) -> None:
        self.story, self.sim = story, sim
        self.options = {
            "url": sim.url,
            "api_key": sim.key().token,
            "retry_max_delay": 0.01,
            "connect_timeout": 5,
            "lock_dir": "none",
            "wait_timeout": 20,
            "tree": story.tree,
            **({"purge": ["tags"], "purge_max": 5} if story.purge else {}),
        }

    def wrong(self, text: str) -> None:
        self.story.violations.append(text)

    def task(self, check_mode: bool = False) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
        """The result, and the writes of it."""
        before = len(self.sim.journal.writes())
        result = jobs.done(code(MODULE).DOOR, self.options, Collector(verbose=True), check_mode)
        writes = [
            (entry.method, entry.path, json.dumps(entry.json or entry.form, sort_keys=True))
            for entry in self.sim.journal.writes()[before:]
        ]
        rows = [
            {
                name: row[name]
                for name in ("kind", "name", "site", "standing", "action", "reason", "message")
                if row[name]
            }
            for row in result.get("drift", ())
            if row["standing"] != "extra" or row["action"]
        ]
        self.story.lines.append(
            f"  {'check' if check_mode else 'run'}: {result.get('changed')} {result.get('failed')} {result.get('msg')}"
        )
        self.story.lines += [f"      {row}" for row in rows]
        self.story.lines += [f"      > {method} {path}" for method, path, _body in writes]
        text = json.dumps(result)
        if "Traceback" in text or "a bug in" in text or "report this bug" in text:
            self.wrong(f"a bug: {result}")
        if self.options["api_key"] in text or PASSWORD in text:
            self.wrong("a secret is in the result")
        if result.get("failed") and not (
            result.get("error") or result.get("broken_off") or any(row.get("reason") for row in rows)
        ):
            self.wrong(f"failed without saying why: {result.get('msg')}")
        return result, writes

    def play(self) -> None:
        began = truth(self.sim)
        planned, writes = self.task(check_mode=True)
        if writes or truth(self.sim) != began:
            self.wrong("check mode wrote")
        for loss in self.story.losses:
            if loss:
                method = self.story.random.choice(["POST", "PUT", "DELETE"])
                path = self.story.random.choice(
                    [".*/(add|edit|remove|create|activate|delete)", ".*/add", ".*/edit", ".*/sync"]
                )
                self.sim.faults.add(
                    method=method, path=path, skip=self.story.random.randint(0, 5), **dict(LOSSES[loss][0])
                )
        result, writes = self.task()
        self._judge(began, truth(self.sim), planned, result, writes)
        self.sim.faults.clear()
        for dummy in range(2):
            again, more = self.task()
        moved = truth(self.sim)
        last, writes = self.task()
        work = [path for _method, path, _body in writes if not path.endswith("/sync")]
        if work or last["changed"] or truth(self.sim) != moved:
            self.wrong(f"it does not come to rest: {last['msg']} {work}")
        del again, more

    def _judge(
        self,
        began: Mapping[str, Any],
        after: Mapping[str, Any],
        planned: Mapping[str, Any],
        result: Mapping[str, Any],
        writes: list[tuple[str, str, str]],
    ) -> None:
        moved = began != after
        repeatable = "refused for now" in self.story.losses
        making = [entry for entry in writes if not entry[1].endswith("/sync")]
        if not repeatable and len(making) != len(set(making)):
            self.wrong(f"the same write was sent twice: {[one[:2] for one in making if making.count(one) > 1]}")
        unknown = (
            "nobody could read it" in json.dumps(result)
            or "unverified" in json.dumps(result)
            or "timeout" in json.dumps(result)
        )
        if bool(result["changed"]) != moved and not unknown:
            self.wrong(f"changed is {result['changed']}, but {'something' if moved else 'nothing'} moved")
        if bool(planned.get("error")) and writes:
            self.wrong("check mode refused it, the run did not")
        if not any(self.story.losses) and not planned.get("error"):
            # a site that is new, old or down may show other things once it is synced
            told = [
                {(row["kind"], row["name"], row["site"]) for row in one["drift"] if row["site"] not in (NEW, ODD)}
                for one in (planned, result)
            ]
            if told[0] != told[1]:
                self.wrong(f"check mode and the run found other things: {told[0] ^ told[1]}")


def run(seed: int) -> Story:
    """One story."""
    return Story(seed).play()
