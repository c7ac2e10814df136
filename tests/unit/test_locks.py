# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Locks between processes: who gets what, who is told what, and what is left behind.

A lock belongs to an open file, so two :class:`Locks` of one process refuse each other as two processes do.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import resource
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _locks as locks
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._locks import Locks, Wait, lock_directory

URL = "https://dash.example/"


class Ticking:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ours(tmp_path: Path) -> Locks:
    return Locks(str(tmp_path), URL)


@pytest.fixture
def theirs(tmp_path: Path) -> Locks:
    return Locks(str(tmp_path), URL)


def words(folder: Path) -> list[dict[str, Any]]:
    """What the locks' files say; those that say nothing left out."""
    texts = [path.read_text() for path in sorted(folder.glob("*.lock"))]
    assert all(text == "" or text.endswith("}\n") for text in texts)
    return [json.loads(text) for text in texts if text]


@pytest.mark.parametrize("value", ["none", "off", "no", "false", " NONE ", "Off", "False"])
def test_words_that_switch_locking_off(value: str) -> None:
    assert lock_directory(value) is None


@pytest.mark.parametrize("value", [None, "", False])
def test_the_default_folder(value: object) -> None:
    assert lock_directory(value) == str(Path("~/.ansible/mainwp-locks").expanduser())


def test_a_folder_of_ones_own() -> None:
    assert lock_directory(" ~/locks ") == str(Path("~/locks").expanduser())
    assert lock_directory("/run/nofalse") == "/run/nofalse"


def test_without_a_folder_everything_is_granted() -> None:
    off, other = Locks(None, URL), Locks(None, URL)
    off.check()
    assert off.take(["a"]) is None
    assert other.take(["a"]) is None
    off.sending("a", ["x"])
    assert off.unanswered("a") == frozenset()
    off.give(["a"])
    off.close()
    assert off.told() == {"dir": "", "host": platform.node()}


def test_what_a_result_tells(ours: Locks, tmp_path: Path) -> None:
    assert ours.told() == {"dir": str(tmp_path), "host": platform.node()}


def test_one_holder_at_a_time(ours: Locks, theirs: Locks) -> None:
    assert ours.take(["a"]) is None
    assert theirs.take(["a"]) is not None
    ours.give(["a"])
    assert theirs.take(["a"]) is None
    assert ours.take(["a"]) is not None


def test_another_name_is_another_lock(ours: Locks, theirs: Locks) -> None:
    assert ours.take(["a"]) is None
    assert theirs.take(["b"]) is None


def test_all_or_none(ours: Locks, theirs: Locks) -> None:
    assert theirs.take(["b"]) is None
    assert ours.take(["a", "b"]) is not None
    assert theirs.take(["a"]) is None, "what was taken before the refusal was given back"


def test_held_as_often_as_taken(ours: Locks, theirs: Locks) -> None:
    for _number in range(3):
        assert ours.take(["a", "a"]) is None
    for _number in range(2):
        ours.give(["a"])
        assert theirs.take(["a"]) is not None
    ours.give(["a", "not held"])
    assert theirs.take(["a"]) is None


def test_a_refusal_leaves_what_was_held_before(ours: Locks, theirs: Locks) -> None:
    assert ours.take(["a"]) is None
    assert theirs.take(["b"]) is None
    assert ours.take(["a", "b"]) is not None
    ours.give(["a"])
    assert theirs.take(["a"]) is None, "the refused attempt did not count"


def test_close_gives_everything_back(ours: Locks, theirs: Locks, tmp_path: Path) -> None:
    assert ours.take(["a", "b"]) is None
    assert ours.take(["b"]) is None
    ours.close()
    assert words(tmp_path) == []
    assert theirs.take(["a", "b"]) is None
    ours.give(["a"])  # nothing is held any more
    assert ours.take(["a"]) is not None


def test_what_the_file_says(ours: Locks, tmp_path: Path) -> None:
    assert ours.take(["lane 1"]) is None
    (said,) = words(tmp_path)
    assert said.pop("since").startswith("20")
    assert said == {
        "host": platform.node(),
        "pid": os.getpid(),
        "user": getpass.getuser(),
        "dashboard": "dash.example",
        "lane": "lane 1",
        "parent": os.getppid(),
        "number": 1,
    }
    ours.give(["lane 1"])
    assert words(tmp_path) == []
    ours.take(["lane 1"])
    assert [said["number"] for said in words(tmp_path)] == [2]


def test_who_is_waited_for(ours: Locks, theirs: Locks) -> None:
    ours.take(["a"])
    refused = theirs.take(["a"])
    assert refused is not None
    who = f"{getpass.getuser()} on {platform.node()} (process {os.getpid()}, since {refused.who['since']})"
    assert str(refused) == who
    assert refused.seconds == 0.0


def test_the_clock_runs_for_one_holder(ours: Locks, tmp_path: Path) -> None:
    clock = Ticking()
    waiting = Locks(str(tmp_path), URL, clock)
    waited = []
    ours.take(["a"])
    for _number in range(3):
        refused = waiting.take(["a"])
        assert refused is not None
        waited.append(refused.seconds)
        clock.now += 10
    ours.give(["a"])
    ours.take(["a"])  # the same run, another holding
    refused = waiting.take(["a"])
    assert refused is not None
    assert [*waited, refused.seconds] == [0.0, 10.0, 20.0, 0.0]
    clock.now += 5
    refused = waiting.take(["a"])
    assert refused is not None
    assert refused.seconds == 5.0


def test_a_lock_that_was_got_forgets_the_wait(ours: Locks, tmp_path: Path) -> None:
    clock = Ticking()
    waiting = Locks(str(tmp_path), URL, clock)
    path = tmp_path / "words"
    ours.take(["a"])
    path.write_bytes(next(tmp_path.glob("*.lock")).read_bytes())
    assert waiting.take(["a"]) is not None
    ours.give(["a"])
    assert waiting.take(["a"]) is None
    waiting.give(["a"])
    clock.now += 30
    ours.take(["a"])
    next(tmp_path.glob("*.lock")).write_bytes(path.read_bytes())
    refused = waiting.take(["a"])
    assert refused is not None
    assert refused.seconds == 0.0


def test_close_forgets_the_wait(ours: Locks, tmp_path: Path) -> None:
    clock = Ticking()
    waiting = Locks(str(tmp_path), URL, clock)
    ours.take(["a"])
    waiting.take(["a"])
    waiting.close()
    clock.now += 30
    refused = waiting.take(["a"])
    assert refused is not None
    assert refused.seconds == 0.0


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "5", '"text"', "\xff"])
def test_words_that_nobody_understands(text: str, ours: Locks, theirs: Locks, tmp_path: Path) -> None:
    ours.take(["a"])
    next(tmp_path.glob("*.lock")).write_text(text, encoding="latin-1")
    refused = theirs.take(["a"])
    assert refused is not None
    assert (dict(refused.who), str(refused), refused.is_sibling) == ({}, "another process", False)


def test_words_with_gaps() -> None:
    assert str(Wait({"user": "x" * 300, "pid": 0}, 1.0)).startswith("x" * 99)
    assert str(Wait({"user": "mo"}, 1.0)) == "mo on ? (process ?, since ?)"


@pytest.mark.parametrize(
    ("change", "sibling"),
    [
        ({}, True),
        ({"host": "elsewhere"}, False),
        ({"parent": 1}, False),
        ({"pid": os.getpid()}, False),
        ({"parent": None}, False),
    ],
)
def test_siblings(change: dict[str, Any], sibling: bool) -> None:
    who = {"host": platform.node(), "parent": os.getppid(), "pid": os.getpid() + 1}
    assert Wait({**who, **change}, 0.0).is_sibling is sibling


def test_check_leaves_nothing_held(ours: Locks, theirs: Locks, tmp_path: Path) -> None:
    ours.check()
    assert words(tmp_path) == []
    assert len(list(tmp_path.glob("*.lock"))) == 1
    assert theirs.take(["check"]) is None
    ours.check()  # held by another: the folder can be used all the same


def test_a_folder_is_made_for_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert Locks(str(folder), URL).take(["a"]) is None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_a_file_is_shared_as_far_as_its_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o770)
    before = os.umask(0o077)
    try:
        assert Locks(str(tmp_path), URL).take(["a"]) is None
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()] == [0o660]


def test_a_file_that_is_there_keeps_its_mode(ours: Locks, tmp_path: Path) -> None:
    ours.take(["a"])
    ours.close()
    path = next(tmp_path.glob("*.lock"))
    path.chmod(0o640)
    assert ours.take(["a"]) is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_somebody_makes_the_file_first(ours: Locks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open
    asked = []

    def racing(path: Any, flags: int, *more: Any) -> int:
        asked.append(flags & os.O_CREAT)
        if len(asked) == 2:
            os.close(real(path, os.O_RDWR | os.O_CREAT, 0o600))
        return real(path, flags, *more)

    monkeypatch.setattr(os, "open", racing)
    assert ours.take(["a"]) is None
    assert [bool(flag) for flag in asked] == [False, True, False]


def test_no_link_is_followed(ours: Locks, tmp_path: Path) -> None:
    ours.take(["a"])
    ours.close()
    path = next(tmp_path.glob("*.lock"))
    path.unlink()
    (tmp_path / "elsewhere").write_text("keep me")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError) as caught:
        ours.take(["a"])
    assert f"{tmp_path} cannot be used for locks" in caught.value.message
    assert "lock_dir: none" in str(caught.value)
    assert (tmp_path / "elsewhere").read_text() == "keep me"


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError):
        Locks(str(tmp_path / "file"), URL).check()


def test_no_handle_is_left_open(ours: Locks, theirs: Locks) -> None:
    def handles() -> int:
        return len(os.listdir("/proc/self/fd"))

    before = handles()
    ours.take(["a"])
    assert handles() == before + 1
    for _number in range(3):
        theirs.take(["b", "a"])
    assert handles() == before + 1
    ours.give(["a"])
    assert handles() == before


def test_a_full_disk_does_not_lose_the_lock(ours: Locks, theirs: Locks, monkeypatch: pytest.MonkeyPatch) -> None:
    ours.take(["a"])

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    ours.sending("a", ["x"])
    monkeypatch.undo()
    assert theirs.take(["a"]) is not None
    assert ours.unanswered("a") == {"x"}


def test_a_file_that_cannot_be_emptied_is_let_go(ours: Locks, theirs: Locks, monkeypatch: pytest.MonkeyPatch) -> None:
    ours.take(["a"])

    def broken(*_args: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "ftruncate", broken)
    ours.give(["a"])
    monkeypatch.undo()
    assert theirs.take(["a"]) is None


@pytest.mark.parametrize(
    ("limits", "files", "set_to"),
    [
        ((1024, 4096), 10, None),
        ((1024, 4096), 768, None),
        ((1024, 4096), 769, (1025, 4096)),
        ((1024, 2000), 5000, (2000, 2000)),
        ((1024, resource.RLIM_INFINITY), 5000, (5256, resource.RLIM_INFINITY)),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), 5000, None),
    ],
)
def test_room_for_the_files_of_a_whole_fleet(
    limits: tuple[int, int], files: int, set_to: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _what: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _what, values: done.append(values))
    locks._make_room(files)
    assert done == ([set_to] if set_to else [])


def test_room_is_made_for_what_is_held_and_wanted(ours: Locks, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(locks, "_make_room", asked.append)
    ours.take(["a", "b"])
    ours.take(["c"])
    assert asked == [2, 3]


@pytest.mark.parametrize("error", [KeyError("uid not found"), OSError("no")])
def test_a_user_without_a_name(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert locks.user_name() == str(os.getuid())


def test_spellings_of_one_dashboard_are_one_lock_and_another_has_its_own(tmp_path: Path) -> None:
    locks = Locks(str(tmp_path), "https://Dash.example:443/wp/")
    assert locks.take(["a"]) is None
    for other in ("http://www.dash.example/wp", "https://dash.example/wp/"):
        assert Locks(str(tmp_path), other).take(["a"]) is not None
    for other in ("https://dash.example", "https://dash.example:8443/wp"):
        assert Locks(str(tmp_path), other).take(["a"]) is None
    locks.close()
