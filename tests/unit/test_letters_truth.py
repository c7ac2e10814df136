# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters: nothing is said that is not known, nothing is counted twice, and nothing of it is told to the wrong people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.client import clients_of
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.client import letter as markdown

from .letters import AGENCY, SHOPS, TUESDAYS, WHOLE_MONTH, Kept, shown, site, update


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def failed(reason: str, *updates: dict[str, Any], result: str = "failed", **more: Any) -> dict[str, Any]:
    return site(1, *updates, result=result, reason=reason, **more)


# -- nothing to do is not: nothing could be done ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (failed("locked"), "Not maintained on 24 November 2026: another run was at work"),
        (failed("timeout"), "no answer in time"),
        (failed("unauthorized"), "could not be started"),
        (failed("not_found"), "the site is no longer managed"),
        (failed("api_error"), "could not be started"),
        (failed("answer_lost"), "the outcome is not known"),
        (failed("transport"), "the outcome is not known"),
        (failed("error"), "an unexpected error"),
        (failed("nobody_knows"), "an unexpected error"),
        (failed(""), "an unexpected error"),
        (failed("stopped", result="skipped"), "left for the next time"),
        (failed("out_of_time", result="skipped"), "left for the next time"),
        (failed("disconnected"), "the site could not be reached."),
        (failed("child_error", update("failed", reason="child_error")), "the site reported an error"),
        (failed("timeout", update("unknown", reason="timeout")), "Shop: no answer in time"),
    ],
)
def test_where_nothing_could_be_done_nobody_says_that_nothing_was_due(
    kept: Kept, told: dict[str, Any], says: str
) -> None:
    kept.month(told)
    found = kept.letter()
    for text in (shown(found).text, found["mail"]["text"], found["mail"]["html"]):
        assert "nothing to update" not in text
        assert "No updates were due" not in text
        assert "this is what we can tell about the maintenance of your websites (November 2026)" in text
        assert says in text
    (client,) = clients_of([told])
    assert says.rpartition("2026: ")[2] in markdown(client, "2026-11-24", planning=False)


def test_what_updates_tell_is_not_told_again_of_their_site(kept: Kept) -> None:
    kept.month(failed("child_error", update("failed", reason="child_error")))
    assert kept.letter()["mail"]["text"].count("the site reported an error") == 1


def test_nothing_was_to_do_where_that_is_known_of_all_sites_all_the_time(kept: Kept) -> None:
    kept.month(site(1), site(2))
    assert "there was nothing to update" in kept.letter()["mail"]["text"]
    kept.keep("2026-11-25", site(1), complete=False)
    assert "there was nothing to update" not in kept.letter()["mail"]["text"]


def test_what_is_open_stays_so_when_a_run_gets_to_nothing(kept: Kept) -> None:
    kept.month(failed("child_error", update("failed", reason="child_error")))
    kept.keep("2026-11-27", failed("locked"), complete=False)
    text = kept.letter()["mail"]["text"]
    assert "Shop stays at 1.0 (1.1 is available): the site reported an error" in text
    assert "Not maintained on 27 November 2026: another run was at work" in text
    assert "No updates were due" not in text


# -- each run once, and only runs -----------------------------------------------------------------------------------


def test_a_run_that_was_reported_twice_counts_once(kept: Kept) -> None:
    kept.month(site(2))
    turns = [{"began": "2026-11-12T22:30:00.123Z", "seconds": 2.0}]
    worked = site(1, update(), turns=turns, last_sync="2026-11-12T22:30:02Z")
    other = site(2, update(name="Other"), last_sync="2026-11-12T22:30:03Z")
    kept.keep("2026-11-12", worked, other, started="2026-11-12T22:31:00Z", folder="first")
    kept.keep("2026-11-12", worked, other, started="2026-11-12T22:31:02Z", folder="second")
    # the file of a run that was killed after its first site, and what a failed task carries
    kept.keep("2026-11-12", worked, started="2026-11-12T22:29:59Z", complete=False, folder="third")
    shown(kept.letter()).says("updates installed2", "days of work5")


def test_the_same_update_in_two_runs_counts_twice(kept: Kept) -> None:
    kept.month(site())
    for day in ("2026-11-12", "2026-11-13"):  # the site was put back in between
        kept.keep(day, site(1, update(), turns=[{"began": f"{day}T22:30:00.000Z", "seconds": 1.0}]))
    shown(kept.letter()).says("updates installed2")


def test_quiet_runs_that_look_alike_are_runs(kept: Kept) -> None:
    for day in WHOLE_MONTH:
        kept.keep(day, failed("suspended", result="skipped", last_sync="2026-01-01T00:00:00Z"))
    assert kept.letter()["complete"]


@pytest.mark.parametrize("more", [{"check_mode": True}, {}])
def test_a_plan_is_no_run(kept: Kept, more: dict[str, Any]) -> None:
    """Reports of older releases do not say that they are one."""
    for day in WHOLE_MONTH:
        plan = day == TUESDAYS[1]
        kept.keep(day, site(1, update("planned") if plan else update(), site(2)), **(more if plan else {}))
    assert kept.letter()["missing"] == [
        "There is no complete report for the week from 9 November 2026 to 15 November 2026."
    ]


# -- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (update("skipped", reason="policy"), "Shop stays at 1.0 (1.1 is available): a larger step"),
        (update("held", reason="held_release"), "Shop stays at 1.0 (1.1 is available): held back"),
        (update("failed", reason="not_moved"), "Shop stays at 1.0 (1.1 is available): the update had no effect"),
        (update("failed", reason="gone"), "Shop: is no longer there"),
        (update("unknown", reason="timeout"), "Shop: no answer in time"),
        (update("unknown", reason="unverified"), "Shop: could not be checked afterwards"),
        (update("pending", reason="batch_waiting"), "Shop: not finished yet"),
        (update("skipped", reason="drifted"), "Shop stays at 1.0: the planned version is not offered any more"),
        (update("unchanged", reason="deactivated"), "Shop: updated, but no longer active"),
    ],
)
def test_what_is_gone_or_unknown_stays_nowhere(kept: Kept, entry: dict[str, Any], says: str) -> None:
    kept.month(site(1, entry, result="failed", reason=entry["reason"]))
    assert f"- {says}" in kept.letter()["mail"]["text"]
    (client,) = clients_of([site(1, entry)])
    assert f"- {says}" in markdown(client, "2026-11-24", planning=False)


def test_a_plugin_that_somebody_else_left_inactive_is_looked_into(kept: Kept) -> None:
    kept.month(site(1, update("unchanged", reason="deactivated"), result="failed", reason="deactivated"))
    assert "we look into why Shop is no longer active" in kept.letter()["mail"]["text"]


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        (["ok", "ok"], "we looked at its pages 2 times, and found them in order"),
        (["ok", "not_checked"], "we looked at its pages once, and found them in order"),
        (["broken_before", "ok"], ""),
        (["ok", "unknown"], ""),
        (["ok", "failed"], "On 13 November 2026 a page did not look well"),
        (["failed", "failed"], "On 12 November 2026, 13 November 2026 a page did not look well"),
    ],
)
def test_pages_were_in_order_if_they_all_were(kept: Kept, verdicts: list[str], says: str) -> None:
    kept.month(site())
    for day, verdict in zip(("12", "13"), verdicts, strict=True):
        kept.keep(f"2026-11-{day}", site(health={"verdict": verdict}))
    text = kept.letter()["mail"]["text"]
    assert says in text
    assert ("in order" in text) == ("in order" in says)


def test_a_day_with_two_bad_runs_is_named_once(kept: Kept) -> None:
    kept.month(site())
    for hour in ("08", "20"):
        kept.keep("2026-11-12", site(health={"verdict": "failed"}), started=f"2026-11-12T{hour}:00:00Z", folder=hour)
    assert kept.letter()["mail"]["text"].count("12 November 2026") == 1


# -- gaps ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("every", ["day", "week"])
def test_what_is_to_come_is_not_missing(kept: Kept, every: str) -> None:
    kept.today = "2026-11-12"
    for day in ("2026-10-27", *(f"2026-11-{number:02}" for number in range(1, 12))):
        kept.keep(day, site(1, update()))
    found = kept.letter(letter={"every": every})
    assert found["missing"] == []
    assert "16 Nov" not in shown(found).text
    kept.keep("2026-11-12", site(1, update()))
    assert kept.letter(letter={"every": every})["complete"]


def test_yesterday_may_be_missing(kept: Kept) -> None:
    kept.today = "2026-11-12"
    for number in range(1, 11):
        kept.keep(f"2026-11-{number:02}", site(1, update()))
    assert kept.letter(letter={"every": "day"})["missing"] == ["There is no complete report for 11 November 2026."]


def test_a_run_that_was_broken_off_before_a_client_came_is_none_of_theirs(kept: Kept) -> None:
    for day in WHOLE_MONTH:
        sites = [site(2, client=8, name="Other"), *([site(1)] if day >= TUESDAYS[2] else [])]
        kept.keep(day, *sites)
    kept.keep("2026-11-04", site(2, client=8, name="Other"), complete=False)
    kept.keep("2026-11-26", complete=False)
    missing = {key[1]: letter["missing"] for key, letter in kept.letters().items()}
    first, last = (f"The maintenance of {day} November 2026 did not come to its end." for day in (4, 26))
    assert missing == {7: [last], 8: [first, last]}


def test_a_week_without_any_night_is_unknown(kept: Kept) -> None:
    for day in range(1, 31):
        if not 9 <= day <= 15:
            kept.keep(f"2026-11-{day:02}", site(1, update()))
    found = kept.letter(letter={"every": "day"})
    assert len(found["missing"]) == 7
    shown(found).says("26 Oct", "7", "2 Nov", "?", "9 Nov", "7", "16 Nov")


def test_a_dashboard_of_which_nothing_is_heard_is_named(kept: Kept) -> None:
    kept.keep("2026-11-10", site(1, update()))
    for day in ("2026-11-26", "2026-12-03", "2026-12-10", "2026-12-17", "2026-12-24", "2026-12-31"):
        kept.keep(day, site(2, client=8, name="Other"), url=SHOPS)
    # a run that reached nothing tells nothing
    kept.keep("2026-12-03", failed=True)
    told = kept.write(period="2026-12", incomplete="refuse")
    assert told["failed"]
    says = "dash.example: no report of the period tells of any site. The last one that does is of 2026-11-10."
    assert told["msg"] == says
    assert list(kept.letters(period="2026-12")) == [("shops.example/dashboard", 8)]
    assert kept.warnings == [says]
    kept.warnings = []
    # after two months it is taken for one that is looked after no more; before there should be a run nothing is missing
    kept.today = "2027-04-02"
    assert not kept.write(period="2027-02").get("failed")
    assert [text for text in kept.warnings if text.startswith("dash")] == []
    kept.today = "2026-12-01"
    assert not kept.write(period="2026-12", incomplete="refuse").get("failed")


def test_a_client_of_whom_nothing_is_heard_is_named(kept: Kept) -> None:
    kept.keep("2026-10-20", site(1), site(2, client=8, name="Other"), site(3, client=9, name="Moved on"))
    for day in WHOLE_MONTH:
        kept.keep(day, site(2, client=8, name="Other"), site(3, client=8, name="Other"))
    assert list(kept.letters()) == [("dash.example", 8)]
    says = "tells of a site of client 7 (Müller & Söhne). The last one that does is of 2026-10-20."
    assert kept.warnings == [f"dash.example: no report of the period {says}"]


# -- what only you know ----------------------------------------------------------------------------------------------


def noted(kept: Kept, text: str, **more: Any) -> dict[tuple[str, int], dict[str, Any]]:
    extra = kept.folder / "extra.yml"
    extra.write_text(text)
    return kept.letters(sources={"extra": str(extra)}, **more)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("remarks: [{client: 7, text: Secret}]", "client '7' may be any of 7 on dash.example, 7 on shops.example/dash"),
        ("remarks: [{client: Schmidt, text: Secret}]", "client 'Schmidt' may be any of 7 on dash.example, 8 on dash"),
        ("hours: [{client: 7, day: 2026-11-12, hours: 1, what: Secret}]", "client '7' may be any of"),
        ("backups: [{site: 1, at: 2026-11-12}]", "site '1' may be any of 1 on dash.example, 1 on shops.example/dash"),
    ],
)
def test_what_may_be_about_two_is_told_to_none(kept: Kept, text: str, says: str) -> None:
    kept.month(site(1, name="Schmidt"), site(2, client=8, name="Schmidt"))
    kept.month(site(1, name="Lindgren"), url=SHOPS)
    with pytest.raises(InputError, match=re.escape(says)):
        noted(kept, text)
    kind = "client" if "client" in text else "site"
    found = noted(kept, re.sub(rf"{kind}: \w+", rf"{kind}: 1, dashboard: '{SHOPS}'" if kind == "site" else
                               rf"client: 7, dashboard: '{SHOPS}'", text))  # fmt: skip
    told = {key for key, letter in found.items() if re.search("Secret|Last backup", letter["mail"]["text"])}
    assert told == {("shops.example/dashboard", 7)}
    assert kept.warnings == []


def test_what_is_about_nobody_is_named(kept: Kept) -> None:
    for day, name in zip(WHOLE_MONTH, ("Müller", "Müller", "Müller", "Müller & Co", "Müller & Co", "x"), strict=True):
        kept.keep(day, site(1, name=name), site(2, client=0))
    kept.keep("2026-10-20", site(3, client=9, name="Gone"))
    text = (
        "remarks: [{client: Müller, text: By an old name}, {client: Möller, text: x}, {client: 9, text: x}]\n"
        "hours: [{client: 7, day: 2026-11-12, hours: 1, what: x, dashboard: other.example},"
        " {client: 5, day: 2026-10-12, hours: 1, what: x}]\n"
        "backups: [{site: 2, at: 2026-11-12}, {site: s4.example, at: 2026-11-12}, {site: 5, at: 2026-12-12}]\n"
    )
    found = noted(kept, text)
    assert "By an old name" in found["dash.example", 7]["mail"]["text"]
    (said,) = [warning for warning in kept.warnings if warning.startswith("extra: ")]
    assert said == (
        "extra: these entries are about nothing that the other sources have: remarks: client 'Möller', hours: client '7',"
        " backups: site 's4.example', remarks: client 9 on dash.example, who gets no letter."
    )


def test_an_address_is_one_site_whoever_manages_it(kept: Kept) -> None:
    kept.month(site(1))
    kept.month(site(1), url=SHOPS)
    found = noted(kept, "backups: [{site: s1.example, at: 2026-11-20}]")
    assert ["Last backup: 20 November" in letter["mail"]["text"] for letter in found.values()] == [True, True]


# -- words of somebody's own -----------------------------------------------------------------------------------------


def test_a_wording_file_need_only_have_what_differs(kept: Kept) -> None:
    kept.month(site(1, update()), site(2))
    (kept.folder / "words.en.yml").write_text("counts: {tile_sites: {one: site}}\nmine: {deep: [1]}")
    shown(kept.letter(templates=str(kept.folder))).says("websites looked after2")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("texts:", "texts has no keys"),
        ("texts: [x]", "texts has no keys"),
        ("texts: {title: }", "texts: title is no text"),
        ("texts: {title: [x]}", "texts: title is no text"),
        ("counts: {tile_sites: sites}", "counts: tile_sites has no keys"),
        ("counts: {tile_sites: {one: [x]}}", "counts: tile_sites: one is no text"),
        ("months: January", "months is no list"),
        ("months: [January]", "months has not 12 entries"),
        ("singular: 1", "singular is no list"),
        ("reasons: {locked: {}}", "reasons: locked is no text"),
    ],
)
def test_a_wording_file_of_another_shape_is_refused(kept: Kept, text: str, says: str) -> None:
    kept.month(site())
    (kept.folder / "words.en.yml").write_text(text)
    with pytest.raises(InputError, match=says):
        kept.letter(templates=str(kept.folder))


# -- times -----------------------------------------------------------------------------------------------------------


def test_a_run_belongs_to_the_month_in_which_it_began_by_utc(kept: Kept) -> None:
    kept.month(site())
    kept.keep("2026-12-01", site(1, update()), started="2026-12-01T00:30:00+02:00", folder="1")
    kept.keep("2026-11-01", site(1, update(name="Early")), started="2026-11-01T00:30:00+02:00", folder="2")
    found = shown(kept.letter())
    found.says("update installed1", "Shop")
    assert "Early" not in found.text


def test_an_address_as_long_as_can_be_has_a_folder(kept: Kept) -> None:
    urls = [f"https://dash.example/{'a' * 300}{end}" for end in "xy"]
    for url in urls:
        kept.month(site(), url=url)
    found = kept.letters()
    assert len({letter["file"] for letter in found.values()}) == len(found) == 2


def test_colons_are_those_of_the_language(kept: Kept) -> None:
    kept.month(site(1, update(), update("failed", "Cache", reason="not_moved")))
    found = kept.letter(letter={"language": "fr"})
    for text in (found["mail"]["text"], shown(found).text):
        assert "(1.1 est disponible) : " in text
    assert "- Shop : 1.0 → 1.1\n" in found["mail"]["text"]
    assert "Non mis à jour, et pourquoi :\n" in found["mail"]["text"]


def test_two_dashboards_stay_two(kept: Kept) -> None:
    """One update on one id at one time, on each of two Dashboards."""
    kept.month(site(1, update()))
    kept.month(site(1, update(), name="Lindgren"), url=SHOPS)
    assert {key[0] for key in kept.letters()} == {"dash.example", "shops.example/dashboard"}
    assert AGENCY != SHOPS
