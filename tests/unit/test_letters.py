# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters to clients: whose work is in whose letter, and what is said to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from .letters import SHOPS, TUESDAYS, WHOLE_MONTH, Kept, shown, site, update


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


# -- what it says --------------------------------------------------------------------------------------------------


def test_a_letter_about_a_month(kept: Kept) -> None:
    kept.keep("2026-10-27", site(1, update(name="Before")))
    kept.keep(TUESDAYS[0], site(1, update(), update(name="Nordic", type="theme")))
    kept.keep(TUESDAYS[1], site(1, update(before="1.1", after="1.2"), health={"verdict": "ok"}), site(2))
    kept.keep(
        TUESDAYS[2],
        site(1, update(type="core", name="", before="7.0.4", after="7.1"), health={"verdict": "ok"}),
        site(2, update(type="translation", language="de_DE")),
    )
    last = [
        update("skipped", "Cache", "2.0", "3.0", reason="requires_php"),
        update("skipped", "Quiet", reason="ignored"),
    ]
    kept.keep(TUESDAYS[3], site(1, *last), site(2))
    kept.keep("2026-12-01", site(1, update(name="After")))
    letter = kept.letter(letter={"sender": "Atlas Studio\nHarbour 1"})
    assert (letter["client_name"], letter["complete"], letter["missing"]) == ("Müller & Söhne", True, [])
    assert letter["file"] == str(kept.folder / "out" / "letters" / "2026-11" / "dash.example" / "7-mueller-soehne.html")
    found = shown(letter)
    found.says(
        "Your websites, November 2026",
        "For Müller & Söhne",
        "websites looked after2",
        "updates installed5",
        "days of work4",
        "Updates by week",
        "0",
        "26 Oct",
        "2",
        "2 Nov",
        "1",
        "9 Nov",
        "2",
        "16 Nov",
        "What we did",
        "Site 1",
        "Shop",
        "1.0 → 1.2",
        "Nordic (theme)",
        "WordPress",
        "7.0.4 → 7.1",
        "Not updated, and why",
        "Cache stays at 2.0 (3.0 is available): needs a newer PHP than the server has",
        "looked at its pages 2 times",
        "Runs WordPress 7.1.",
        "Site 2",
        "Translation of Shop (de_DE)",
        "Next steps",
        "Site 1: the server needs a newer PHP, so that Cache can be updated.",
        "Kind regards",
        "Atlas Studio",
        "Harbour 1",
    )
    for absent in ("Before", "After our dinner", "Quiet", "cannot tell"):
        assert absent not in found.text
    assert letter["mail"]["subject"] == "Your websites, November 2026"
    text = letter["mail"]["text"]
    assert "- Shop: 1.0 → 1.2\n" in text
    assert "Cache stays at 2.0 (3.0 is available): needs a newer PHP" in text
    assert "Atlas Studio\nHarbour 1\n" in text
    assert "\n\n\n" not in text
    assert "<table" in letter["mail"]["html"]
    assert "<svg" not in letter["mail"]["html"]


def test_what_is_open_is_what_the_last_run_left(kept: Kept) -> None:
    kept.month(site())
    kept.keep("2026-11-04", site(1, update("failed", reason="child_error")))
    kept.keep("2026-11-05", site(1, update("updated")))
    found = shown(kept.letter())
    assert "Not updated" not in found.text
    assert "Next steps" not in found.text


# -- whose it is ----------------------------------------------------------------------------------------------------


def test_one_id_on_two_dashboards_is_two_clients(kept: Kept) -> None:
    kept.month(site(1, update(name="Here")))
    kept.month(site(1, update(name="There"), name="Lindgren"), url=SHOPS)
    found = kept.letters()
    here, there = (shown(found[key]) for key in (("dash.example", 7), ("shops.example/dashboard", 7)))
    assert "Here" in here.text
    assert "There" not in here.text
    assert "Lindgren" in there.text
    assert "Here" not in there.text


def test_a_site_that_moved_to_another_client_is_in_both_letters_with_its_own_part(kept: Kept) -> None:
    left = update("skipped", "Cache", reason="policy")
    kept.keep(WHOLE_MONTH[0], site(name="Old"))
    for day, client, name in zip(TUESDAYS, (7, 7, 8, 8), ("Old", "Old", "New", "New"), strict=True):
        kept.keep(day, site(1, update(name=f"Of {day}"), left, client=client, name=name))
    found = kept.letters()
    old, new = shown(found["dash.example", 7]), shown(found["dash.example", 8])
    old.says("Of 2026-11-03", "Of 2026-11-10", "Looked after for you until 10 November 2026.")
    new.says("Of 2026-11-17", "Of 2026-11-24", "Looked after for you since 17 November 2026.")
    assert "Of 2026-11-17" not in old.text
    assert "Of 2026-11-10" not in new.text
    assert "Cache" not in old.text
    assert "Cache" in new.text
    assert found["dash.example", 7]["complete"]
    assert found["dash.example", 8]["complete"]


def test_a_renamed_client_has_one_letter_with_the_name_of_the_newest_report(kept: Kept) -> None:
    for day, name in zip(TUESDAYS, ("Müller", "Müller", "Müller & Co", "Müller & Co"), strict=True):
        kept.keep(day, site(1, update(name=day), name=name))
    letter = kept.letter()
    assert letter["client_name"] == "Müller & Co"
    shown(letter).says("For Müller & Co", *TUESDAYS)


def test_a_site_without_a_client_is_in_no_letter(kept: Kept) -> None:
    kept.month(site(1, update(name="Nobodys"), client=0, name=""))
    assert kept.letters() == {}
    assert not list(kept.folder.glob("out/**/*.html"))


# -- what is missing -------------------------------------------------------------------------------------------------


def test_a_missing_week_is_said(kept: Kept) -> None:
    for day in (*WHOLE_MONTH[:3], WHOLE_MONTH[4]):
        kept.keep(day, site(1, update()))
    letter = kept.letter()
    gap = "There is no complete report for the week from 16 November 2026 to 22 November 2026."
    assert (letter["complete"], letter["missing"]) == (False, [gap])
    shown(letter).says("What this letter cannot tell", gap, "1", "9 Nov", "?", "16 Nov")
    assert gap in letter["mail"]["text"]
    assert gap in letter["mail"]["html"]


def test_a_missing_night_is_said_where_each_night_should_have_a_run(kept: Kept) -> None:
    for day in range(1, 31):
        if day not in (12, 30):
            kept.keep(f"2026-11-{day:02}", site())
    missing = kept.letter(letter={"every": "day"})["missing"]
    assert missing == [
        "There is no complete report for 12 November 2026.",
        "There is no complete report for 30 November 2026.",
    ]
    assert kept.letter()["missing"] == []


def test_a_run_that_was_broken_off_is_said_and_its_week_has_no_whole_report(kept: Kept) -> None:
    for day in WHOLE_MONTH:
        kept.keep(day, site(1, update()), complete=day != TUESDAYS[1])
    assert kept.letter()["missing"] == [
        "There is no complete report for the week from 9 November 2026 to 15 November 2026.",
        "The maintenance of 10 November 2026 did not come to its end.",
    ]
    kept.keep("2026-11-11", site())
    assert kept.letter()["missing"] == ["The maintenance of 10 November 2026 did not come to its end."]


def test_runs_of_others_are_none_of_this_client(kept: Kept) -> None:
    for day in WHOLE_MONTH:
        sites = [site(2, client=8, name="Other")]
        kept.keep(day, *(sites if day == TUESDAYS[2] else [*sites, site(1)]))
    found = kept.letters()
    assert not found["dash.example", 7]["complete"]
    assert found["dash.example", 8]["complete"]


def test_weeks_before_a_client_came_are_not_missing(kept: Kept) -> None:
    for day in WHOLE_MONTH:
        kept.keep(day, site(2, client=8, name="Other"), *([site(1)] if day >= TUESDAYS[2] else []))
    assert all(letter["complete"] for letter in kept.letters().values())


def test_letters_that_are_not_whole_can_be_refused(kept: Kept) -> None:
    kept.keep(TUESDAYS[0], site(1, update()))
    told = kept.write(incomplete="refuse")
    assert told["failed"]
    assert "There is no complete report for the week from 9 November 2026" in told["msg"]
    assert not (kept.folder / "out").exists()


def test_plans_and_copies_do_not_count(kept: Kept) -> None:
    kept.month(site())
    kept.keep("2026-11-04", site(1, update()), check_mode=True)
    kept.keep("2026-11-05", site(1, update()))
    copy = kept.folder / "reports" / "copy"
    copy.mkdir()
    (copy / "report.json").write_bytes(next(kept.folder.rglob("2026-11-05*/report.json")).read_bytes())
    (kept.folder / "reports" / "report.json").write_text("[]")
    shown(kept.letter()).says("update installed1")


# -- what cannot be written ------------------------------------------------------------------------------------------


def test_letters_of_which_one_cannot_be_written_are_not_called_unchanged(kept: Kept) -> None:
    kept.month(site(1), site(2, client=8, name="Other"))
    blocked = kept.folder / "out" / "letters" / "2026-11" / "dash.example" / "8-other.html"
    blocked.mkdir(parents=True)
    told = kept.write()
    assert (told["failed"], told["changed"]) == (True, True)
    assert "8-other.html" in told["msg"]
    assert [path.name for path in blocked.parent.iterdir() if path.is_file()] == ["7-mueller-soehne.html"]
    assert not kept.write()["changed"]
