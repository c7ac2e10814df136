# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A write is sent once, and what became of it is read: with a Dashboard that is slow, deaf or a liar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _engine as engine
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources import _planning as planning
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._fields import text
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._resource import Resource

NOTE = Resource(
    noun="note",
    routes=lambda api: cast("Any", api).notes,
    fields=(text("name", required=True), text("words")),
    unique=("name",),
)
Row = dict[str, Any]


def lost() -> errors.MainWPError:
    """No answer came."""
    return errors.AnswerLost("no answer", hint="")


def refused() -> errors.MainWPError:
    """An answer, before anything was done."""
    return errors.ApiError("refused", hint="")


@dataclass
class Notes:
    """The routes. What is written comes true when it was read so many times; ``error`` is what the writer is told."""

    stored: list[Row] = field(default_factory=list)
    error: errors.MainWPError | None = None
    reads_until_done: int = 0
    done: bool = True
    log: list[str] = field(default_factory=list)
    _later: list[Callable[[], None]] = field(default_factory=list)
    _reads: int = 0

    @property
    def complete(self) -> list[Row]:
        if self._later and self._reads >= self.reads_until_done:
            self._later.pop()()
        self._reads += 1
        return [dict(row) for row in self.stored]

    def forget(self) -> None:
        self.log.append("read")

    def add(self, given: Row) -> int:
        self._write("add", lambda: self.stored.append({"id": 7, "words": "", **given}))
        return 7

    def edit(self, number: int, given: Row) -> None:
        self._write("edit", lambda: next(row for row in self.stored if row["id"] == number).update(given))

    def remove(self, number: int) -> None:
        self._write("remove", lambda: self.stored.remove(next(row for row in self.stored if row["id"] == number)))

    def _write(self, name: str, work: Callable[[], None]) -> None:
        self.log.append(name)
        self._reads = 0
        if self.done:
            self._later.append(work)
        if self.error:
            raise self.error


class Told:
    def warn(self, text: str) -> None:
        raise AssertionError(text)


def run(notes: Notes, params: Row, check: bool = False) -> tuple[Row, list[float]]:
    """The result, and the pauses that were made."""
    pauses: list[float] = []
    dashboard = SimpleNamespace(
        v2=SimpleNamespace(notes=notes, sites=SimpleNamespace(basic=list)),
        dialect=SimpleNamespace(is_v2=True),
        http=SimpleNamespace(caches=SimpleNamespace(refuse=lambda: None)),
        sleep=pauses.append,
        in_results={},
        key_scope="read_write",
    )
    wanted = planning.wanted_from(NOTE, {"state": "present", **params})
    return engine.run(NOTE, cast(Dashboard, dashboard), wanted, Told(), check), pauses


STATES = {
    "add": ([], {"name": "a"}),
    "edit": ([{"id": 3, "name": "a", "words": ""}], {"name": "a", "words": "x"}),
    "remove": ([{"id": 3, "name": "a", "words": ""}], {"name": "a", "state": "absent"}),
}
ACTIONS = {"add": "created", "edit": "changed", "remove": "removed"}


def world(write: str, **more: Any) -> tuple[Notes, Row]:
    stored, params = STATES[write]
    return Notes([dict(row) for row in stored], **more), params


@pytest.mark.parametrize("write", STATES)
def test_an_answered_write_is_read_once(write: str) -> None:
    notes, params = world(write)
    result, pauses = run(notes, params)
    assert (result["action"], result["changed"], "failed" in result) == (ACTIONS[write], True, False)
    assert (notes.log, pauses) == (["read", write, "read"], [])


@pytest.mark.parametrize("write", STATES)
def test_a_lost_write_is_looked_for_until_it_is_done(write: str) -> None:
    notes, params = world(write, error=lost(), reads_until_done=3)
    result, pauses = run(notes, params)
    assert (result["action"], "failed" in result) == (ACTIONS[write], False)
    assert notes.log.count(write) == 1
    assert pauses == list(engine.PATIENCE[:3])


@pytest.mark.parametrize("write", STATES)
def test_a_write_that_stays_lost_is_a_failure_after_all_patience(write: str) -> None:
    notes, params = world(write, error=lost(), done=False)
    result, pauses = run(notes, params)
    assert (result["failed"], result["changed"], result["error"]["reason"]) == (True, False, "answer_lost")
    assert notes.log.count(write) == 1
    assert pauses == list(engine.PATIENCE)


@pytest.mark.parametrize("write", STATES)
def test_a_write_that_was_refused_is_the_error_itself(write: str) -> None:
    notes, params = world(write, error=refused(), done=False)
    with pytest.raises(errors.ApiError, match="refused"):
        run(notes, params)
    assert notes.log == ["read", write]


@pytest.mark.parametrize(
    ("write", "says"),
    [
        ("add", "note 'a' is not there although MainWP says it was done."),
        ("edit", "note 'a' (id 3): MainWP says it was done, but words is '' in place of 'x'."),
        ("remove", "note 'a' (id 3) is still there although MainWP says it was done."),
    ],
)
def test_an_answer_that_lies_is_a_failure(write: str, says: str) -> None:
    notes, params = world(write, done=False)
    result, pauses = run(notes, params)
    assert (result["failed"], result["changed"], result["error"]["reason"]) == (True, False, "not_stored")
    assert (result["msg"], pauses) == (says, [])


@pytest.mark.parametrize("write", STATES)
def test_an_outcome_that_cannot_be_read_is_told_as_one(write: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notes, params = world(write)
    forget = notes.forget

    def deaf() -> None:
        forget()
        if write in notes.log:
            raise errors.ApiError("the list is closed", hint="x", status=500)

    monkeypatch.setattr(notes, "forget", deaf)
    with pytest.raises(errors.MainWPError, match=r"the list is closed. What was written before may be done") as raised:
        run(notes, params)
    assert raised.value.to_dict()["status"] == 500
    assert notes.log.count(write) == 1


@pytest.mark.parametrize("write", STATES)
def test_check_mode_sends_nothing(write: str) -> None:
    notes, params = world(write)
    result, _pauses = run(notes, params, check=True)
    assert (result["action"], notes.log) == (ACTIONS[write], ["read"])


def test_our_own_double_that_cannot_be_removed_is_told() -> None:
    """Somebody made the same one a moment before us."""

    class Raced(Notes):
        def add(self, given: Row) -> int:
            self.stored.append({"id": 6, "words": "theirs", **given})
            return super().add(given)

        def remove(self, number: int) -> None:
            self.log.append("remove")
            raise refused()

    notes = Raced()
    result, dummy = run(notes, {"name": "a", "words": "x"})
    assert (result["failed"], result["error"]["message"]) == (True, "refused")
    assert notes.log == ["read", "add", "read", "remove", "read"]


def test_our_own_double_may_be_gone_already() -> None:
    class Raced(Notes):
        def add(self, given: Row) -> int:
            self.stored.append({"id": 6, "words": "", **given})
            return super().add(given)

        def remove(self, number: int) -> None:
            self.log.append("remove")
            self.stored.pop()
            raise errors.NotFound("gone already")

    notes = Raced()
    result, dummy = run(notes, {"name": "a"})
    assert not result.get("failed"), result["msg"]
    assert (result["action"], result["note"]["id"]) == ("unchanged", 6)
    assert notes.log == ["read", "add", "read", "remove", "read"]


def test_what_is_as_wanted_is_left_alone() -> None:
    notes = Notes([{"id": 3, "name": "a", "words": "x"}])
    result, dummy = run(notes, {"name": "a", "words": "x"})
    assert (result["action"], notes.log) == ("unchanged", ["read"])


def test_what_is_gone_already_was_removed() -> None:
    notes, params = world("remove", error=errors.NotFound("gone", hint=""))
    result, _pauses = run(notes, params)
    assert (result["action"], "failed" in result) == ("removed", False)
