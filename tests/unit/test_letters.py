# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters to clients: whose work is in whose letter, what is said to be missing, in which words."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _letters
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import report as job
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._drawing import TEMPLATES
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.wording import WORDING

from .pages import HOSTILE, Page

AGENCY, SHOPS = "https://dash.example/", "https://shops.example/dashboard/"
#: Each of these Tuesdays ends a week of November 2026 with a report.
TUESDAYS = ("2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24")
WHOLE_MONTH = ("2026-10-27", *TUESDAYS, "2026-12-01")


def update(
    result: str = "updated", name: str = "Shop", before: str = "1.0", after: str = "1.1", **more: Any
) -> dict[str, Any]:
    known = {"type": "plugin", "slug": f"{name}/a.php", "language": "", "name": name, "reason": "", "result": result}
    return {**known, "version_before": before, "version_planned": after, "version_after": after, **more}


def site(
    number: int = 1, *updates: dict[str, Any], client: int = 7, name: str = "Müller & Söhne", **more: Any
) -> dict[str, Any]:
    known = {"id": number, "url": f"https://s{number}.example/", "name": f"Site {number}", "client_id": client}
    results = [entry["result"] for entry in updates]
    result = next((name for name in ("failed", "unknown", "updated", "planned") if name in results), "unchanged")
    known |= {"client_name": name, "wp_version": "7.1", "result": result, "reason": ""}
    return {**known, "updates": list(updates), **more}


class Kept:
    """A folder of stored reports, and the letters made of it on ``today``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.today = "2027-01-15"
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def keep(self, day: str, *sites: dict[str, Any], url: str = AGENCY, complete: bool = True, **more: Any) -> None:
        stamp = f"{day}T22:30:00Z"
        sites = tuple({"last_sync": stamp, **site} for site in sites)
        report = {"dashboard": {"url": url}, "complete": complete, "started": stamp, "finished": stamp, "host": "dash"}
        place = (
            self.folder
            / "reports"
            / re.sub(r"\W", "_", url[:40] + url[-9:])
            / more.pop("folder", stamp.replace(":", ""))
        )
        place.mkdir(parents=True)
        (place / "report.json").write_text(json.dumps({**report, "sites": list(sites), **more}))

    def month(self, *sites: dict[str, Any], url: str = AGENCY) -> None:
        """Quiet runs on each Tuesday, so that nothing is missing."""
        for day in WHOLE_MONTH:
            self.keep(day, *sites, url=url)

    def write(self, check: bool = False, **more: Any) -> dict[str, Any]:
        defaults = {name: option.get("default") for name, option in job.SPEC.items()}
        given = {"page": "client", "dir": str(self.folder / "out"), "period": "2026-11"}
        sources = {"reports": str(self.folder / "reports"), **more.pop("sources", {})}
        options = job.options_from({**defaults, **given, "sources": sources, **more})
        assert isinstance(options, _letters.LetterOptions)
        now = datetime.datetime.fromisoformat(f"{self.today}T07:00:00+00:00").timestamp()
        return job.run(replace(options, beside=replace(options.beside, now=now)), self, check)

    def letters(self, **more: Any) -> dict[tuple[str, int], dict[str, Any]]:
        told = self.write(**more)
        assert not told.get("failed"), told
        return {(letter["dashboard"], letter["client_id"]): letter for letter in told["letters"]}

    def letter(self, **more: Any) -> dict[str, Any]:
        (found,) = self.letters(**more).values()
        return found


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def shown(letter: dict[str, Any]) -> Page:
    return Page(Path(letter["file"]).read_text())


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


# -- manner -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("de", ["Ihre Websites, November 2026", "Aktualisierung installiert1", "vom 25. November 2026", "2. Nov."]),
        ("fr", ["Vos sites, novembre 2026", "mise à jour effectuée1", "du 25 novembre 2026", "2 nov."]),
        ("es", ["Sus sitios web, noviembre de 2026", "actualización hecha1", "del 25 de noviembre de 2026", "2 nov"]),
    ],
)
def test_other_languages(kept: Kept, code: str, says: list[str]) -> None:
    kept.month(site())
    kept.keep("2026-11-25", site(1, update()), complete=False)
    letter = kept.letter(letter={"language": code})
    shown(letter).says(*says)
    assert f'lang="{code}"' in Path(letter["file"]).read_text()
    assert letter["mail"]["subject"] == says[0]


def test_numbers_and_first_days_by_language() -> None:
    first = datetime.date(2026, 11, 1)
    found = {code: _letters.language(code, "") for code in ("en", "de", "fr", "es")}
    assert {code: words.number(1234567) for code, words in found.items()} == {
        "en": "1,234,567",
        "de": "1.234.567",
        "fr": "1\u202f234\u202f567",
        "es": "1.234.567",
    }
    assert {code: words.date(first) for code, words in found.items()} == {
        "en": "1 November 2026",
        "de": "1. November 2026",
        "fr": "1er novembre 2026",
        "es": "1 de noviembre de 2026",
    }
    assert [found["fr"].count("tile_updates", number) for number in (0, 1, 2)] == [
        "mise à jour effectuée",
        "mise à jour effectuée",
        "mises à jour effectuées",
    ]
    assert found["en"].text("to", client="{period}{client}") == "For {period}{client}"


WORDS = {path.name.split(".")[1]: yaml.safe_load(path.read_text()) for path in TEMPLATES.glob("words.*.yml")}


def test_the_wording_files_have_the_same_keys_and_blanks() -> None:
    assert sorted(WORDS) == ["de", "en", "es", "fr"]
    assert WORDS["en"]["reasons"] == WORDING
    for code, words in WORDS.items():
        for part in ("texts", "counts", "reasons", "steps"):
            assert words[part].keys() == WORDS["en"][part].keys(), code
            for key, text in words[part].items():
                blanks = [set(re.findall(r"\{\w+\}", str(value))) for value in (text, WORDS["en"][part][key])]
                assert blanks[0] == blanks[1], (code, part, key)
        assert len(words["months"]) == len(words["short_months"]) == 12


def test_every_wording_is_used() -> None:
    files = [*TEMPLATES.glob("*.j2"), *TEMPLATES.parent.glob("client_page.py")]
    text = "\n".join(path.read_text() for path in files)
    assert [
        key for part in ("texts", "counts") for key in WORDS["en"][part] if not re.search(rf"[\"']{key}[\"']", text)
    ] == []


def test_a_language_of_ones_own_is_one_file(kept: Kept) -> None:
    kept.month(site(1, update()))
    own = kept.folder / "own"
    own.mkdir()
    (own / "words.nl.yml").write_text(
        '{texts: {title: "Uw websites, {period}"}, months: [a,b,c,d,e,f,g,h,i,j,november,l]}'
    )
    (own / "words.de.yml").write_text('{texts: {greeting: "Moin,"}}')
    shown(kept.letter(letter={"language": "nl"}, templates=str(own))).says("Uw websites, november 2026", "What we did")
    shown(kept.letter(letter={"language": "de"}, templates=str(own))).says("Ihre Websites, November 2026", "Moin,")


def test_logo_colour_greeting_and_remarks(kept: Kept) -> None:
    kept.month(site(1, update()))
    logo = kept.folder / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    extra = kept.folder / "extra.yml"
    extra.write_text(
        "remarks: [{client: 7, text: Thanks for the <cake>.}, {client: Müller & Söhne, text: By name.}, {client: 8, text: No},"
        f" {{client: 7, dashboard: '{SHOPS}', text: Elsewhere}}]"
    )
    manner = {"logo": str(logo), "color": "#2d6cdf", "greeting": "Dear Ms Müller,", "sender": "Atlas"}
    letter = kept.letter(letter=manner, sources={"extra": str(extra)})
    text = Path(letter["file"]).read_text()
    assert 'src="data:image/svg+xml;base64,' in text
    assert "--brand: #2d6cdf" in text
    found = shown(letter)
    found.says("Dear Ms Müller,", "Remarks", "Thanks for the <cake>.", "By name.")
    assert "Elsewhere" not in found.text


def test_hours_and_backups(kept: Kept) -> None:
    kept.month(site(1, update()), site(2))
    extra = kept.folder / "extra.yml"
    extra.write_text(
        "hours:\n"
        "  - {client: 7, day: 2026-11-12, hours: 1.5, what: New <form>}\n"
        "  - {client: Müller & Söhne, day: '2026-11-02', hours: 2, what: Photos}\n"
        "  - {client: 7, day: 2026-12-02, hours: 9, what: Later}\n"
        "  - {client: 8, day: 2026-11-02, hours: 9, what: Others}\n"
        "backups: [{site: 1, at: 2026-11-20}, {site: s1.example, at: 2026-11-27}, {site: 1, at: 2026-12-01}]\n"
    )
    letter = kept.letter(letter={"language": "de"}, sources={"extra": str(extra)})
    found = shown(letter)
    found.says("Letzte Sicherung: 27. November 2026.", "Arbeitsstunden", "2. November 2026", "Photos", "2")
    found.says("12. November 2026", "New <form>", "1,5", "Summe", "3,5")
    assert found.text.count("Letzte Sicherung") == 1
    assert "Later" not in found.text
    assert "Others" not in found.text
    assert "- 12. November 2026: 1,5 (New <form>)\n- Summe: 3,5\n" in letter["mail"]["text"]
    assert "New &lt;form&gt;" in letter["mail"]["html"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "no keys"),
        ("backup: []", "backup: unknown"),
        ("hours: {}", "no list"),
        ("hours: [{client: 7, day: 2026-11-12, what: x}]", "an entry has no hours"),
        ("hours: [{client: 7, day: soon, hours: 1, what: x}]", "soon"),
        ("hours: [{client: 7, day: 2026-11-12, hours: many, what: x}]", "many"),
        ("remarks: [x]", "has no client, text"),
        ("{", "extra.yml"),
    ],
)
def test_what_is_wrong_in_your_own_file_is_refused(kept: Kept, text: str, says: str) -> None:
    kept.month(site())
    extra = kept.folder / "extra.yml"
    extra.write_text(text)
    with pytest.raises(InputError, match=says):
        kept.letter(sources={"extra": str(extra)})


@pytest.mark.claim("text-pages")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_inert(kept: Kept, name: str) -> None:
    moved = update(name=name, after=name, version_planned=name)
    left = update("failed", name, reason="child_error", before=name, after=f"{name}2")
    kept.month(site(1, moved, left, name=name) | {"name": name, "url": f"https://{name}/", "wp_version": name})
    letter = kept.letter(letter={"sender": name.replace("\x00", "")})
    plain = "".join(char for char in name if char not in "\u202e\u2066\u2067\x00\x1b\ud800")
    assert shown(letter).text.count(plain) >= 6
    assert "<script" not in letter["mail"]["html"]
    assert "<img" not in letter["mail"]["html"]
    assert plain in letter["mail"]["text"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"sources": {"reports": ""}}, "no reports"),
        ({"sources": {"reports": "/none"}}, "no directory"),
        ({"period": "last"}, "no period"),
        ({"period": "2026-13"}, "no period"),
        ({"period": "2026-11-20/2026-11-01"}, "ends before"),
        ({"letter": {"language": "tlh"}}, "words.tlh.yml"),
        ({"letter": {"language": "../x"}}, "no language"),
        ({"letter": {"color": "red;} body{}"}}, "no colour"),
        ({"letter": {"logo": "/none.png"}}, "none.png"),
        ({"letter": {"logo": "/etc/passwd"}}, "none of"),
    ],
)
def test_what_is_wrong_is_refused(kept: Kept, more: dict[str, Any], says: str) -> None:
    kept.month(site())
    with pytest.raises(InputError, match=says):
        kept.write(**more)


def test_check_mode_writes_nothing_and_a_second_time_nothing_changes(kept: Kept) -> None:
    kept.month(site(1, update()))
    assert kept.write(check=True)["changed"]
    assert not (kept.folder / "out").exists()
    assert [kept.write()["changed"] for dummy in range(2)] == [True, False]
    (file,) = kept.folder.glob("out/**/*.html")
    assert file.stat().st_mode & 0o777 == 0o600


def test_periods() -> None:
    today = datetime.date(2026, 1, 15)
    assert _letters.period_from("", today) == (datetime.date(2025, 12, 1), datetime.date(2025, 12, 31))
    assert _letters.period_from("2028-02", today) == (datetime.date(2028, 2, 1), datetime.date(2028, 2, 29))
    assert _letters.period_from("2026-11-02/2026-11-08", today) == (
        datetime.date(2026, 11, 2),
        datetime.date(2026, 11, 8),
    )
