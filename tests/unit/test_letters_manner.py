# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters to clients: in which words and manner, and what you can say about that."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from modules import yaml_of

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _letters
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._drawing import TEMPLATES
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.wording import WORDING

from .letters import SHOPS, Kept, shown, site, update
from .pages import HOSTILE


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


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


WORDS = {path.name.split(".")[1]: yaml_of(path) for path in TEMPLATES.glob("words.*.yml")}


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
