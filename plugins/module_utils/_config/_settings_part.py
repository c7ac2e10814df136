# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a tree, one map. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .. import _errors as errors
from .._errors import InputError
from .._settings import _engine as engine
from .._settings import _planning as planning
from .._settings import _telling as telling
from .._settings._section import Plan, Wanted
from .._settings.sections import SECTIONS
from ._findings import MISSING, Finding
from ._part import Part, Stage, attempted

#: What MainWP knows only once a site was synced.
LATER = "advanced.sync_data."
_LATER = "It is there only after the first sync of a site, and is set then."


class SettingsPart(Part):
    """Section by section. What is there only after the first sync is put off until there was one."""

    later: frozenset[str] = frozenset()

    def rehearse(self, stage: Stage) -> None:
        """Each setting that cannot be is a mistake of its own."""
        for entry, wanted in zip(self.entries, self.wanted, strict=True):
            plans, refused = _plans(stage, wanted)
            self.later = frozenset(path for path in refused if path.startswith(LATER) and stage.adds_sites)
            for path, exc in refused.items():
                if path in self.later:
                    found = Finding(self.kind.name, path, entry.at(path), "", MISSING, "changed", message=_LATER)
                    self.found.findings.append(found)
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

    def act(self, stage: Stage) -> str:
        """All sections once more, for one may need what another writes."""
        return self._written(
            stage, [one for one in self.found.findings if one.is_open and one.name not in self.later], self.later
        )

    def act_later(self, stage: Stage) -> str:
        """What was put off until a site was synced."""
        return self._written(stage, [one for one in self.found.findings if one.is_open], frozenset())

    def _written(self, stage: Stage, todo: list[Finding], without: frozenset[str]) -> str:
        if not todo:
            return ""
        told: dict[str, Any] = {}

        def write() -> str:
            told.update(engine.run(stage.dashboard, _less(self.wanted[0], without), stage.reporter, False))
            error = told.get("error")
            if error:
                failed(errors.MainWPError(told["msg"], "", error["reason"]))
            general = error and error["reason"] in {kind.reason for kind in errors.OF_THE_DASHBOARD}
            return f"{told['msg']} Nothing more is started." if general else ""

        def failed(exc: errors.MainWPError) -> None:
            self.is_bad = True
            done = {one["setting"] for one in told.get("changes", ())}
            for one in todo:
                if one.name not in done:
                    one.ended(exc.reason, str(exc))
            stage.failed.append("settings")

        broken = attempted(write, failed)
        done = {one["setting"]: one for one in told.get("changes", ())}
        for one in todo:
            if one.name in done:
                one.done, one.message, one.changes = True, "", [_change(done[one.name])]
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
                if path.partition(".")[2] not in section.by_path:
                    plans[section.name] = Plan(section, state)
    return plans, refused


def _less(wanted: Wanted, paths: frozenset[str] | set[str]) -> Wanted:
    """The same without some settings."""
    values = {
        name: {path: value for path, value in given.items() if f"{name}.{path}" not in paths}
        for name, given in wanted.values.items()
    }
    return replace(wanted, values=values)


def _change(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": told["setting"], "before": told["before"], "after": told["after"]}
