# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``make mutants`` makes of code, and that its list of survivors is honest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import mutants  # noqa: E402  # a tool, which is no package

SOURCE = '''"""Words of the module."""

from __future__ import annotations

LIMIT: dict[str, int] = {"ä": 3}
T = TypeVar("T")


class Box:
    size: int = 1

    def fits(self, item: str, strict: bool = True) -> bool:
        """Does it?"""
        self.seen = item
        if strict and len(item) < LIMIT["ä"]:
            return False
        print(f"{item} fits", "a sentence")
        del strict
        del self.old["key"], item
        for one, two in zip(self.left, [7], strict=True):
            while time.monotonic() < one.until != two:
                self.wait(2)
        return item not in ("a", "b")
'''


def made() -> list[tuple[str, str, str]]:
    return [(one.where, one.before, one.after) for one in mutants.mutants_of("x", "x.py", SOURCE.encode())]


@pytest.mark.parametrize(
    "expected",
    [
        ("", "3", "(4)"),
        ("Box", "1", "(2)"),
        ("Box.fits", "True", "(False)"),
        ("Box.fits", "self.seen = item", "pass"),
        ("Box.fits", "strict and len(item) < LIMIT['ä']", "(strict or len(item) < LIMIT['ä'])"),
        ("Box.fits", "len(item) < LIMIT['ä']", "(len(item) <= LIMIT['ä'])"),
        ("Box.fits", "False", "(True)"),
        ("Box.fits", "item not in ('a', 'b')", "(item in ('a', 'b'))"),
        ("Box.fits", "return item not in ('a', 'b')", "return None"),
        ("Box.fits", "'a'", "('ax')"),
        ("Box.fits", "7", "(8)"),
        ("Box.fits", "del self.old['key'], item", "pass"),
        ("Box.fits", "time.monotonic() < one.until != two", "(time.monotonic() < one.until == two)"),
    ],
)
def test_what_is_changed(expected: tuple[str, str, str]) -> None:
    assert expected in made()


def test_what_is_left_alone() -> None:
    """Annotations, docstrings, sentences, returns of nothing, and what only the reader needs."""
    changed = {before for _where, before, _after in made()}
    assert not changed & {"'T'", "del strict"}
    assert [after for _where, _before, after in made() if "monotonic" in after] == [
        "(time.monotonic() < one.until == two)"
    ]
    assert [before for where, before, _after in made() if before == "True"] == ["True"], "that of an argument"
    assert not changed & {"'a sentence'", "dict[str, int]", "'Does it?'", "'Words of the module.'", "return False"}


@pytest.mark.parametrize("room", mutants.ROOMS)
def test_mutants_of_the_house_are_other_programs(room: str) -> None:
    for file, source in sources(room).items():
        for one in mutants.mutants_of(room, file, source)[::12]:
            changed = one.applied(source)
            assert changed != source
            compile(changed, file, "exec")


def test_survivors_that_are_listed_can_still_be_drawn() -> None:
    keys = {
        one.key
        for room in mutants.ROOMS
        for file, source in sources(room).items()
        for one in mutants.mutants_of(room, file, source)
    }
    assert set(mutants.SURVIVORS) <= keys


def test_the_tests_of_each_room_exist() -> None:
    for stages in mutants.ROOMS.values():
        assert [name for stage in stages for name in stage if not (ROOT / "tests" / name).is_file()] == []


def sources(room: str) -> dict[str, bytes]:
    folder = ROOT / mutants.UTILS
    paths = sorted((folder / room).glob("*.py")) or [folder / room]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}
