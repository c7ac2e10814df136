# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a tree, one map. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import _errors as errors
from .._errors import InputError
from .._settings import _engine as engine
from .._settings import _planning as planning
from .._settings import _telling as telling
from .._settings._section import Plan, Wanted
from .._settings.sections import SECTIONS
from ._entry import Entry
from ._findings import MISSING, Finding
from ._part import Part, Stage, attempted
from .kinds import Kind

#: What MainWP knows only once a site was synced.
LATER = "advanced.sync_data."
#: Reasons that would be the same for every kind.
_GENERAL = {kind.reason for kind in errors.OF_THE_DASHBOARD}
_LATER = "It is there only after the first sync of a site, and is set then."


class SettingsPart(Part):
    """Section by section. What is there only after the first sync is put off until there was one."""

    def __init__(self, kind: Kind, entries: Sequence[Entry], task: Mapping[str, Any]) -> None:
        super().__init__(kind, entries, task)
        #: Path → why it cannot be set before a sync.
        self.later: dict[str, InputError] = {}

    def rehearse(self, stage: Stage) -> None:
        """Each setting that cannot be is a mistake of its own."""
        for entry, wanted in zip(self.entries, self.wanted, strict=True):
            plans, refused = _plans(stage, wanted)
            for path, exc in refused.items():
                if path.startswith(LATER):
                    self.later[path] = exc
                else:
                    stage.refuse(entry, exc)
            told = telling.result(stage.dashboard, plans, None, True)
            self.diff += told["diff"]
            self.found.findings += [
                Finding(
                    self.kind.name, one["setting"], entry.at(one["setting"]), action="changed", changes=[_change(one)]
                )
                for one in told["changes"]
            ]
            given = sum(len(values) for values in wanted.values.values())
            self.found.right = given - len(refused) - len(told["changes"])

    def settle(self, stage: Stage) -> None:
        """What is there only after a sync is put off, if there will be one."""
        for path, exc in self.later.items():
            entry = self.entries[0]
            if stage.will_sync:
                found = Finding(self.kind.name, path, entry.at(path), "", MISSING, "changed", message=_LATER)
                self.found.findings.append(found)
            else:
                stage.refuse(entry, exc)

    def act(self, stage: Stage) -> str:
        """Sections with something to be done, planned once more; but for what is put off."""
        todo = [one for one in self.found.findings if one.is_open and one.name not in self.later]
        return self._written(stage, todo, _less(self.wanted[0], self.later)) if todo else ""

    def act_later(self, stage: Stage) -> str:
        """What was put off until a site was synced."""
        todo = [one for one in self.found.findings if one.is_open and one.name in self.later]
        values = {"advanced": {path: self.wanted[0].values["advanced"][path] for path in map(_inner, self.later)}}
        return self._written(stage, todo, replace(self.wanted[0], values=values)) if todo else ""

    def _written(self, stage: Stage, todo: Sequence[Finding], wanted: Wanted) -> str:
        """Section by section: what fails in one keeps no other from its turn."""
        broken = ""
        for name in dict.fromkeys(_outer(one.name) for one in todo):
            mine = [one for one in todo if _outer(one.name) == name]
            broken = broken or self._section(stage, mine, replace(wanted, values={name: wanted.values[name]}))
        return broken

    def _section(self, stage: Stage, todo: Sequence[Finding], wanted: Wanted) -> str:
        told: dict[str, Any] = {}

        def write() -> str:
            told.update(engine.run(stage.dashboard, wanted, stage.reporter, False))
            if "error" not in told:
                return ""
            failed(errors.MainWPError(told["msg"], "", told["error"]["reason"]))
            return f"{told['msg']} Nothing more is started." if told["error"]["reason"] in _GENERAL else ""

        def failed(exc: errors.MainWPError) -> None:
            self.is_bad = True
            for one in todo:
                one.ended(exc.reason, stage.blame(str(exc)) if isinstance(exc, InputError) else str(exc))
            stage.failed.append(todo[0].place)

        broken = attempted(write, failed)
        done = {one["setting"]: one for one in told.get("changes", ())}
        for one in todo:
            if one.name in done:
                one.moved([_change(done[one.name])])
            elif one.is_open:
                one.settled()
        self.diff += told.get("diff", ())
        return broken


def _plans(stage: Stage, wanted: Wanted) -> tuple[dict[str, Plan], dict[str, InputError]]:
    """What is to be done to each section, and why what cannot be cannot: each setting is looked at, whatever others are."""
    plans: dict[str, Plan] = {}
    refused: dict[str, InputError] = {}
    sections = [section for section in SECTIONS if section.name in wanted.values]
    for section, state in zip(sections, engine.read(stage.dashboard, sections), strict=True):
        left = wanted
        while section.name not in plans:
            try:
                plans[section.name] = planning.plan(section, state, left, stage.dashboard.now(), plans)
            except InputError as exc:
                path = str(exc.details.get("option"))
                refused[path] = exc
                left = _less(left, {path})
                if _inner(path) not in section.by_path:
                    plans[section.name] = Plan(section, state)
    return plans, refused


def _less(wanted: Wanted, paths: Collection[str]) -> Wanted:
    """The same without some settings."""
    values = {
        name: {path: value for path, value in given.items() if f"{name}.{path}" not in paths}
        for name, given in wanted.values.items()
    }
    return replace(wanted, values=values)


def _outer(path: str) -> str:
    """The section of a path."""
    return path.partition(".")[0]


def _inner(path: str) -> str:
    """A path without its section."""
    return path.partition(".")[2]


def _change(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": told["setting"], **{name: telling.line(told[name]) for name in ("before", "after")}}
