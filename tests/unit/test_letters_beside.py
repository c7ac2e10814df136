# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters: availability and closed vulnerabilities, and that nothing is said which nobody knows. All records are invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import iso

from .letters import AGENCY, SHOPS, Kept, shown, site, update
from .test_fleet_looks import flaw, item, looked, seen

#: October 2026, of which nothing is to come. Each of these days ends a week with a run.
OCTOBER, RUNS = 1790812800, ("2026-10-01", "2026-10-06", "2026-10-13", "2026-10-20", "2026-10-27")


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def watched(number: int = 1, down: tuple[int, ...] = (), days: int = 31, first: int = 0) -> dict[str, Any]:
    """Heartbeats of a site, one each hour; of some days down."""
    beats = [
        {"time": iso(OCTOBER + hour * 3600), "status": "down" if hour in down else "up"}
        for hour in range(first * 24, days * 24)
    ]
    return {"id": number, "interval": 3600, "heartbeats": beats}


def monitors(*sites: dict[str, Any], url: str = AGENCY) -> dict[str, Any]:
    return {"dashboard": {"url": url}, "sites": list(sites)}


def month(kept: Kept, *sites: dict[str, Any], **more: Any) -> None:
    for day in RUNS:
        kept.keep(day, *sites, **more)


def letter(kept: Kept, **more: Any) -> dict[str, Any]:
    return kept.letter(period="2026-10", **more)


# -- availability -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (watched(), ["reachable all the time: 100%"]),
        (
            watched(down=(5, 6, 99)),
            ["reachable 99.59% of the time that was measured", "2 outages, the longest 120 minutes"],
        ),
        (watched(days=30), ["no outage seen", "96.77% of the time was measured"]),
        (watched(days=30, down=(5,)), ["reachable 99.86% of the time", "1 outage, the longest 60 minutes · 96.77%"]),
    ],
)
def test_availability_is_of_what_was_measured(kept: Kept, told: dict[str, Any], says: list[str]) -> None:
    month(kept, site(1), site(2))
    found = letter(kept, sources={"monitors": [monitors(told)]})
    shown(found).says(
        "Availability", "Time that nobody measured counts as neither", "Site 1", *says, "Site 2", "not measured"
    )
    for part in ("text", "html"):
        assert says[0] in found["mail"][part]
        assert "not measured" in found["mail"][part]
    whole = told["heartbeats"][5]["status"] != "down" and len(told["heartbeats"]) == 31 * 24
    assert ("100%" in shown(found).text) == whole


@pytest.mark.parametrize(
    "told", [[], [monitors(watched(2))], [monitors(watched(1), url=SHOPS)], [monitors(watched(days=-1))]]
)
def test_where_nothing_was_measured_nothing_is_said(kept: Kept, told: list[dict[str, Any]]) -> None:
    month(kept, site(1))
    found = letter(kept, sources={"monitors": told})
    for text in (shown(found).text, found["mail"]["text"], found["mail"]["html"]):
        assert "vailab" not in text


def test_one_id_on_two_dashboards_is_measured_apart(kept: Kept) -> None:
    month(kept, site(1))
    month(kept, site(1), url=SHOPS)
    sources = {"monitors": [monitors(watched(1, down=(5,))), monitors(watched(1), url=SHOPS)]}
    found = kept.letters(period="2026-10", sources=sources)
    shown(found["dash.example", 7]).says("1 outage")
    shown(found["shops.example/dashboard", 7]).says("reachable all the time")


def test_a_site_that_moved_is_measured_while_it_was_ours(kept: Kept) -> None:
    for day in RUNS:
        kept.keep(day, site(1, client=7 if day < "2026-10-13" else 8, name=""))
    hour = 24 * 20  # the 21st, when it was the other client's
    found = kept.letters(period="2026-10", sources={"monitors": [monitors(watched(down=(hour,)))]})
    shown(found["dash.example", 7]).says("reachable all the time: 100%")
    shown(found["dash.example", 8]).says("1 outage, the longest 60 minutes")


def test_time_to_come_is_not_unmeasured(kept: Kept) -> None:
    """Nobody can have measured what is still to come; what nobody measured so far is said."""
    kept.today = "2027-01-01"
    kept.keep("2026-10-01", site(1))
    found = kept.letter(period="2026-10-01/2099-12-31", sources={"monitors": [monitors(watched())]})
    share = float(shown(found).text.split("no outage seen")[1].split("%")[0])
    assert 1 < share < 100


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (
            "de",
            ["Erreichbarkeit", "erreichbar in 99,86\u00a0% der gemessenen Zeit", "1 Ausfall, der längste 60 Minuten"],
        ),
        ("fr", ["Disponibilité", "accessible 99,86\u00a0% du temps mesuré", "1 panne, 60 minutes pour la plus longue"]),
        ("es", ["Disponibilidad", "accesible el 99,86\u00a0% del tiempo medido", "1 caída, 60 minutos la más larga"]),
    ],
)
def test_availability_in_other_languages(kept: Kept, code: str, says: list[str]) -> None:
    month(kept, site(1))
    found = letter(kept, letter={"language": code}, sources={"monitors": [monitors(watched(down=(5,)))]})
    text = shown(found).text
    assert [part for part in says if part not in text] == []


def test_health_is_told_where_a_report_knows_it(kept: Kept) -> None:
    for day, score in zip(RUNS, (60, 92, None, 0, None), strict=True):
        kept.keep(day, site(1, health_score_after=score), site(2))
    text = shown(letter(kept)).text
    assert text.count("its own health") == 1
    assert "at 92 of 100" in text


# -- closed vulnerabilities ---------------------------------------------------------------------------------------


OPEN, GONE = ("2026-10-05T00:00:00Z", "2026-10-30T00:00:00Z")


def looks(*more: dict[str, Any], before: str = OPEN, after: str = GONE, **changed: Any) -> list[dict[str, Any]]:
    """Open in an earlier look, gone in a later one."""
    first = looked(seen(1, item(flaw(**changed), flaw(2, **changed)), last_sync=before))
    return [first, looked(seen(1, *more, last_sync=after))]


def closed(kept: Kept, told: list[dict[str, Any]], **more: Any) -> bool:
    """Does the letter say so, everywhere?"""
    given = {"client_vulnerabilities": "closed", **more}
    found = letter(kept, sources={"vulnerabilities": told}, **given)
    texts = (shown(found).text, found["mail"]["text"], found["mail"]["html"])
    said = {"known security flaw" in text for text in texts}
    assert len(said) == 1
    for text in texts:
        for words in ("Flaw 1", "CVE", "feed.example", "Nobody"):
            assert words not in text
    return said == {True}


def test_what_was_closed_is_counted_in_our_own_words(kept: Kept) -> None:
    month(kept, site(1))
    kept.keep("2026-10-14", site(1, update()))
    assert closed(kept, looks())
    shown(letter(kept, client_vulnerabilities="closed", sources={"vulnerabilities": looks()})).says(
        "Site 1", "Shop", "closed 2 known security flaws", "1.0 → 1.1"
    )


def test_by_default_nothing_is_said_of_vulnerabilities(kept: Kept) -> None:
    month(kept, site(1))
    kept.keep("2026-10-14", site(1, update()))
    assert not closed(kept, looks(), client_vulnerabilities="none")
    assert "ulnerab" not in shown(letter(kept)).text


NOT_PROVEN: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "still open": (update(), looks(item(flaw(), flaw(2)))),
    "the later look does not know": (update(), [*looks()[:1], looked(seen(1, known=False, last_sync=GONE))]),
    "no later look": (update(), looks()[:1]),
    "no earlier look": (update(), looks()[1:]),
    "looked only afterwards": (update(), looks(before="2026-10-20T00:00:00Z")),
    "looked only before": (update(), looks(after="2026-10-06T00:00:00Z")),
    "another plugin moved": (update(name="Cache"), looks()),
    "it did not move": (update("failed", reason="child_error"), looks()),
    "not to the release that fixes it": (update(after="1.0.5"), looks()),
    "from a release that had it no more": (update(before="1.1", after="1.2"), looks()),
    "no release is known to fix it": (update(), looks(fixed_in="", fixed_by="")),
    "the release that was offered is another": (update(after="1.2"), looks(fixed_in="", fixed_by="1.1")),
    "of another Dashboard": (update(), [{**one, "dashboard": {"url": SHOPS}} for one in looks()]),
    "open again later": (
        update(),
        [*looks(), looked(seen(1, item(flaw(), flaw(2)), last_sync="2026-11-05T00:00:00Z"))],
    ),
}


@pytest.mark.parametrize("why", NOT_PROVEN)
def test_what_cannot_be_proven_is_not_said(kept: Kept, why: str) -> None:
    entry, told = NOT_PROVEN[why]
    month(kept, site(1))
    kept.keep("2026-10-14", site(1, entry))
    assert not closed(kept, told)


def test_it_is_in_the_letter_of_the_client_that_had_the_site(kept: Kept) -> None:
    for day in RUNS:
        kept.keep(day, site(1, client=7 if day < "2026-10-20" else 8, name=""))
    kept.keep("2026-10-14", site(1, update(), name=""))
    found = kept.letters(period="2026-10", sources={"vulnerabilities": looks()}, client_vulnerabilities="closed")
    assert {key[1]: "security flaws" in letter["mail"]["text"] for key, letter in found.items()} == {7: True, 8: False}


def test_a_release_that_was_offered_closes_what_the_feed_knows_no_release_for(kept: Kept) -> None:
    month(kept, site(1))
    kept.keep("2026-10-14", site(1, update()))
    assert closed(kept, looks(fixed_in="", fixed_by="1.1"))


@pytest.mark.parametrize(
    ("before", "seen_as", "after", "known"),
    [
        ("1.0", "1.0", "1.1", {"fixed_in": "1.1.0"}),
        ("1.0", "1.0.0", "1.1", {"fixed_in": "1.1"}),
        ("v1.0", "v1.0", "v1.1", {"fixed_in": "1.1.0"}),
        ("1.0", "1.0", "1.1", {"fixed_in": "", "fixed_by": "v1.1.0"}),
    ],
)
def test_however_its_release_is_spelled_it_was_closed(
    kept: Kept, before: str, seen_as: str, after: str, known: dict[str, str]
) -> None:
    month(kept, site(1))
    kept.keep("2026-10-14", site(1, update(before=before, after=after)))
    first = looked(seen(1, item(flaw(**known), flaw(2, **known), version=seen_as), last_sync=OPEN))
    assert closed(kept, [first, looked(seen(1, last_sync=GONE))])


def test_what_was_accepted_and_closed_was_closed(kept: Kept) -> None:
    month(kept, site(1))
    kept.keep("2026-10-14", site(1, update()))
    assert closed(kept, looks(state="accepted"))
