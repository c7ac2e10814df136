# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was sent and nobody answered: it stays in the words of a lock, whatever becomes of who held it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks
from unit.test_locks import URL, words


@pytest.fixture
def ours(tmp_path: Path) -> Locks:
    return Locks(str(tmp_path), URL)


@pytest.fixture
def theirs(tmp_path: Path) -> Locks:
    return Locks(str(tmp_path), URL)


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)


def test_what_is_sent_and_answered_leaves_nothing(ours: Locks, theirs: Locks, tmp_path: Path) -> None:
    ours.take(["a"])
    ours.sending("a", ["y", "x"])
    (said,) = words(tmp_path)
    assert said["sent"]["what"] == ["x", "y"]
    assert said["sent"]["at"] == pytest.approx(time.time(), abs=60)
    ours.settled("a")
    assert ["sent" in said for said in words(tmp_path)] == [False]
    ours.give(["a"])
    assert words(tmp_path) == []
    theirs.take(["a"])
    assert theirs.unanswered("a") == frozenset()


def test_nobody_notes_under_a_lock_that_is_not_held(ours: Locks, tmp_path: Path) -> None:
    ours.sending("a", ["x"])
    ours.settled("b")
    assert ours.unanswered("a") == frozenset()
    assert list(tmp_path.iterdir()) == []


def test_what_a_run_that_ended_had_sent(ours: Locks, theirs: Locks, tmp_path: Path) -> None:
    ours.take(["a", "b"])
    ours.sending("a", ["y", "x"])
    ours.close()
    assert [(said["lane"], said["sent"]["what"]) for said in words(tmp_path)] == [("a", ["x", "y"])]
    theirs.take(["a", "b"])
    assert theirs.unanswered("a") == {"x", "y"}
    assert theirs.unanswered("b") == frozenset()
    assert theirs.unanswered("never held") == frozenset()


@pytest.mark.parametrize("how", ["give", "close"])
def test_it_is_told_until_somebody_settles_it(how: str, ours: Locks, tmp_path: Path) -> None:
    ours.take(["a"])
    ours.sending("a", ["x"])
    ours.close()
    for _number in range(2):
        next_run = Locks(str(tmp_path), URL)
        next_run.take(["a"])
        assert next_run.unanswered("a") == {"x"}
        next_run.give(["a"]) if how == "give" else next_run.close()
        assert [said["sent"]["what"] for said in words(tmp_path)] == [["x"]]
    last = Locks(str(tmp_path), URL)
    last.take(["a"])
    last.settled("a")
    assert last.unanswered("a") == frozenset()
    last.give(["a"])
    assert words(tmp_path) == []


def test_what_we_send_ourselves_takes_the_place_of_what_was_found(ours: Locks, theirs: Locks, tmp_path: Path) -> None:
    ours.take(["a"])
    ours.sending("a", ["x"])
    ours.close()
    theirs.take(["a"])
    theirs.sending("a", ["z"])
    assert theirs.unanswered("a") == {"z"}
    theirs.give(["a"])
    assert [said["sent"]["what"] for said in words(tmp_path)] == [["z"]]


def test_words_are_never_gone_while_they_are_written_anew(
    ours: Locks, theirs: Locks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is killed between the two steps of writing leaves words behind."""
    ours.take(["a"])
    ours.sending("a", ["something with a long name", "x"])
    ours.close()
    monkeypatch.setattr(os, "ftruncate", lambda *_args: None)
    theirs.take(["a"])
    theirs.settled("a")
    monkeypatch.undo()
    text = next(tmp_path.glob("*.lock")).read_text()
    assert text.count("\n") > 1, "the rest of longer words is still there"
    refused = ours.take(["a"])
    assert refused is not None
    assert refused.who["pid"] == os.getpid()


def test_the_dashboard_does_not_work_for_ever(
    ours: Locks, theirs: Locks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours.take(["a"])
    ours.sending("a", ["x"])
    ours.close()
    later(monkeypatch, 590.0)
    theirs.take(["a"])
    assert theirs.unanswered("a") == {"x"}
    later(monkeypatch, 20.0)
    assert theirs.unanswered("a") == frozenset()
    theirs.give(["a"])
    assert words(tmp_path) == [], "what is too old goes with the lock"


@pytest.mark.parametrize(
    "sent", [{}, [], "x", {"at": "soon", "what": []}, {"at": 1e12}, {"at": 1e12, "what": "x"}, {"what": ["x"]}]
)
def test_a_strange_word_of_what_was_sent(sent: object, ours: Locks, theirs: Locks, tmp_path: Path) -> None:
    ours.take(["a"])
    ours.close()
    next(tmp_path.glob("*.lock")).write_text(json.dumps({"sent": sent}))
    theirs.take(["a"])
    assert theirs.unanswered("a") == frozenset()


def test_words_of_what_was_sent_are_texts(ours: Locks, theirs: Locks, tmp_path: Path) -> None:
    ours.take(["a"])
    ours.close()
    sent = {"at": time.time(), "what": [1, "x"], "more": 1}
    next(tmp_path.glob("*.lock")).write_text(json.dumps({"sent": sent}))
    theirs.take(["a"])
    assert theirs.unanswered("a") == {"1", "x"}


def test_a_long_list_of_what_was_sent_is_read_whole(ours: Locks, theirs: Locks) -> None:
    what = {f"plugin-with-a-long-name-{number}/main.php" for number in range(500)}
    ours.take(["a"])
    ours.sending("a", what)
    ours.close()
    theirs.take(["a"])
    assert theirs.unanswered("a") == what


def test_a_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys, time; from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks;"
        f"Locks({str(tmp_path)!r}, 'd').take(['a']); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        locks = Locks(str(tmp_path), "d")
        wait = locks.take(["a"])
        assert wait is not None
        assert wait.who["pid"] == process.pid
        process.kill()
    assert locks.take(["a"]) is None
    locks.close()


def test_what_a_killed_run_had_sent_outlives_it(tmp_path: Path) -> None:
    code = (
        "import sys, time; from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks;"
        f"locks = Locks({str(tmp_path)!r}, 'd'); locks.take(['site-1']); locks.sending('site-1', ['plugin shop/shop.php']);"
        "print('sent', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "sent\n"
        process.kill()
    locks = Locks(str(tmp_path), "d")
    assert locks.take(["site-1"]) is None
    assert locks.unanswered("site-1") == {"plugin shop/shop.php"}


def test_words_that_are_written_over_longer_ones_are_whole_at_any_moment(tmp_path: Path) -> None:
    """A run that is killed between writing its words and cutting off the rest of the old ones."""
    dead = Locks(str(tmp_path), "d")
    dead.take(["site-1"])
    dead.sending("site-1", ["plugin shop/shop.php"])
    dead.close()
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() + b'hop.php"]}}\n')
    locks = Locks(str(tmp_path), "d")
    assert locks.take(["site-1"]) is None
    assert locks.unanswered("site-1") == {"plugin shop/shop.php"}
    assert file.read_bytes().count(b"\n") == 1
    locks.settled("site-1")
    locks.close()
    assert file.read_bytes() == b""


def test_whoever_does_not_get_all_locks_or_gives_up_forgets_nothing_for_others(tmp_path: Path) -> None:
    dead, other, run, last = (Locks(str(tmp_path), "d") for _number in range(4))
    dead.take(["site-1"])
    dead.sending("site-1", [f"plugin {number}/{'x' * 80}.php" for number in range(100)])
    dead.close()
    other.take(["z"])
    assert run.take(["site-1", "z"]) is not None, "the second one is somebody else's"
    other.close()
    assert run.take(["site-1", "z"]) is None
    assert len(run.unanswered("site-1")) == 100
    run.give(["site-1", "z"])  # out of time, say: it has sent nothing
    assert last.take(["site-1"]) is None
    assert len(last.unanswered("site-1")) == 100
    last.settled("site-1")
    last.close()
    assert {path.read_text() for path in tmp_path.iterdir()} == {""}
