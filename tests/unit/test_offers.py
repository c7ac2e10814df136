# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Since when a release has been offered: the notes that runs share, and what they never allow."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _offers
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import PLUGIN, TRANSLATION, Update
from ansible_collections.wpfleet.mainwp.plugins.module_utils._offers import Offers

HOUR, DAY = 3600, 86400
START = 1_800_000_000.0


def update(version: str = "1.1.0", slug: str = "shop/shop.php", kind: str = PLUGIN) -> Update:
    return Update(kind, slug, "Shop", "1.0.0", version)


class Notes:
    """Runs one after another, each at a time of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.time = folder, START
        self.warnings: list[str] = []

    def run(self, min_age: int = DAY, keeps: bool = True) -> Offers:
        return Offers(str(self.folder), min_age, keeps, self.warnings.append, lambda: self.time)

    def looked(self, *updates: Update, **more: Any) -> list[str]:
        """What speaks against these, of which the first is asked about, once all were seen."""
        offers = self.run(**more)
        offers.see(updates)
        return [offers.objection(one) for one in updates]

    @property
    def told(self) -> Any:
        return json.loads((self.folder / "offers.json").read_text())


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "offers")


def test_a_release_waits_from_the_moment_it_was_first_seen(notes: Notes) -> None:
    assert notes.looked(update()) == ["1.1.0 was first seen offered 0 min ago; min_offer_age asks for 24 h."]
    notes.time += 23 * HOUR
    assert notes.looked(update()) == ["1.1.0 was first seen offered 23 h ago; min_offer_age asks for 24 h."]
    notes.time += HOUR - 60
    assert notes.looked(update()) == ["1.1.0 was first seen offered 23 h ago; min_offer_age asks for 24 h."]
    notes.time += 60
    assert notes.looked(update()) == [""]
    assert notes.looked(update("1.1.1"))[0].startswith("1.1.1 was first seen offered 0 min ago")
    assert notes.warnings == []


def test_what_counts_is_the_release_not_its_spelling_and_nothing_else(notes: Notes) -> None:
    notes.looked(update("v2.5.0"))
    notes.time += DAY
    same, other, theme = update("2.5"), update("2.5", slug="other/shop.php"), update("2.5", kind="theme")
    assert [bool(text) for text in notes.looked(same, other, theme)] == [False, True, True]


def test_translations_and_an_age_of_nothing_hold_nothing(notes: Notes) -> None:
    assert notes.looked(update(kind=TRANSLATION)) == [""]
    assert notes.looked(update(), min_age=0) == [""]
    assert list(notes.told["releases"]) == ['["plugin", "shop/shop.php", "1.1"]']


def test_what_was_never_shown_to_it_counts_as_just_seen(notes: Notes) -> None:
    assert notes.run().objection(update()) == "1.1.0 is seen for the first time; min_offer_age asks for 24 h."
    endless = update(slug="x" * 1000)
    notes.looked(endless)
    notes.time += 10 * DAY
    assert notes.looked(endless) != [""]


@pytest.mark.claim("offers-late")
def test_a_clock_that_is_set_back_lets_nothing_run_early(notes: Notes) -> None:
    notes.looked(update("1.1.0"))
    notes.time -= 30 * DAY
    assert "which is not yet by the clock here" in notes.looked(update("1.1.0"))[0]
    notes.looked(update("1.2.0"))  # seen while the clock is wrong
    notes.time += 30 * DAY + 23 * HOUR  # it is right again, 23 hours after both were seen
    assert all(notes.looked(update("1.1.0"), update("1.2.0")))
    notes.time += HOUR
    assert notes.looked(update("1.1.0"), update("1.2.0")) == ["", ""]


def test_notes_of_the_future_are_told_and_wait(notes: Notes) -> None:
    notes.time += 3000 * DAY
    notes.looked(update("1.1.0"))
    notes.time -= 3000 * DAY
    assert "is noted as first seen at 2035-" in notes.looked(update("1.1.0"))[0]
    assert "not yet by the clock" in notes.looked(update("1.2.0"))[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"latest": "x", "releases": {}}',
        '{"latest": 1, "releases": 5}',
        "[" * 100_000,
        "\x00\xff",
    ],
)
def test_notes_that_cannot_be_understood_are_begun_anew(notes: Notes, text: str) -> None:
    notes.folder.mkdir()
    (notes.folder / "offers.json").write_text(text, encoding="latin-1")
    assert notes.looked(update()) != [""]
    assert "cannot be understood, so everything counts as just seen" in notes.warnings[0]
    notes.time += DAY
    assert notes.looked(update()) == [""]


@pytest.mark.parametrize(
    "entry", [5, [1], [1, 2, 3], ["a", "b"], [-5, 1], [0, 1], [float("-inf"), 1], [float("nan"), 1], None]
)
@pytest.mark.claim("offers-late")
def test_an_entry_that_cannot_be_understood_counts_as_just_seen(notes: Notes, entry: Any) -> None:
    notes.looked(update())
    told = notes.told
    told["releases"] = dict.fromkeys(told["releases"], entry)
    (notes.folder / "offers.json").write_text(json.dumps(told))
    assert notes.looked(update()) != [""]


def test_check_mode_writes_nothing_and_knows_what_was_written(notes: Notes) -> None:
    assert notes.looked(update(), keeps=False) != [""]
    assert not notes.folder.exists()
    notes.looked(update())
    before = (notes.folder / "offers.json").read_bytes()
    notes.time += DAY
    assert [bool(text) for text in notes.looked(update(), update("9.9"), keeps=False)] == [False, True]
    assert (notes.folder / "offers.json").read_bytes() == before


@pytest.mark.claim("files-offers")
def test_the_notes_are_for_their_owner_only(notes: Notes) -> None:
    notes.looked(update())
    assert notes.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in notes.folder.iterdir()} == {0o600}
    assert sorted(path.name for path in notes.folder.iterdir()) == ["offers.guard", "offers.json"]


def test_what_is_long_gone_is_forgotten_and_what_is_still_offered_is_not(notes: Notes) -> None:
    notes.looked(update("1.0"), update("2.0"))
    for _month in range(7):
        notes.time += 30 * DAY
        notes.looked(update("2.0"))
    assert list(notes.told["releases"]) == ['["plugin", "shop/shop.php", "2"]']
    assert notes.looked(update("1.0"), update("2.0"))[1] == ""
    assert notes.looked(update("1.0"))[0] != ""


def test_there_is_an_end_to_what_is_noted(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_offers, "_MOST", 10)
    notes.looked(*(update(f"1.{number}") for number in range(1, 9)))
    notes.time += 2 * DAY
    notes.looked(*(update(f"2.{number}") for number in range(1, 9)))
    assert len(notes.told["releases"]) == 10
    assert sum('"2.' in name for name in notes.told["releases"]) == 8


def test_a_folder_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="offer_history"):
        Offers(str(tmp_path / "file" / "offers"), DAY, True, print)


def test_a_disk_that_is_full_later_makes_releases_wait(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    offers = notes.run()

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_offers, "write", full)
    offers.see([update()])
    assert offers.objection(update()) != ""
    assert len(notes.warnings) == 1


def _note(folder: str, number: int) -> None:
    offers = Offers(folder, DAY, True, print)
    offers.see(update(f"{number}.{part}") for part in range(1, 6))


def test_many_processes_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_note, args=(str(tmp_path), number)) for number in range(1, 9)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 8
    assert len(json.loads((tmp_path / "offers.json").read_text())["releases"]) == 40
