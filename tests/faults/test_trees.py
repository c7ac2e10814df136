# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short campaign of trees; ``make soak ARGS=--trees`` for a long one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _caches
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config import _telling
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._engine import _Work

from .trees import run

#: A story of many kinds in which an answer is lost.
LOST = 53100001


@pytest.fixture(autouse=True)
def _slack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_caches, "SLACK", _caches.SLACK * 100)  # time goes faster, a busy machine does not


@pytest.mark.parametrize("seed", range(8))
def test_a_tree_is_told_as_it_was_done(seed: int) -> None:
    story = run(seed)
    assert not story.violations, str(story)


def test_a_write_that_is_sent_twice_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    once = _Work._send

    def again(self: _Work, write: Any) -> Any:
        answer = once(self, write)
        return once(self, write) if self.problem and self.problem.may_have_started else answer

    monkeypatch.setattr(_Work, "_send", again)
    assert "sent twice" in str(run(LOST).violations)


def test_what_is_called_done_and_is_not_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Work, "_is", lambda *dummy: True)
    assert "called right or done" in str(run(LOST).violations)


def test_what_moved_and_is_not_told_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _telling.result

    def half(*args: Any) -> dict[str, Any]:
        told = whole(*args)
        return {**told, "drift": [row for row in told["drift"] if row["kind"] != "tags"]}

    monkeypatch.setattr(_telling, "result", half)
    assert "moved and not told" in str(run(LOST).violations)
