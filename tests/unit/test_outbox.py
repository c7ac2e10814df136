# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mainwp_outbox: who gets which letter, that each goes out once, and what becomes of those that nobody knows about."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from jobs import done
from modules import LETTER

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import outbox as job
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_outbox import DOOR

DASH, SHOPS = "https://dash.example/", "https://shops.example/mainwp"
HARBOUR = {"dashboard": DASH, "client_id": 7, "to": ["office@harbour.example"]}


class Outbox:
    """A folder of letters."""

    def __init__(self, folder: Path) -> None:
        self.dir = folder / "reports"
        self.folder = self.dir / "letters" / "2026-11"
        self.reporter = Collector()

    def letter(self, number: int = 7, name: str = "Harbour", text: str = "Dear all", at: str = "dash.example") -> Any:
        """What mainwp_report returns for a client, with its page."""
        file = self.folder / at.replace("/", "_") / f"{number}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"<p>{text}</p>")
        mail = {"subject": "November", "text": text, "html": f"<p>{text}</p>"}
        told = {"dashboard": at, "client_id": number, "client_name": name, "file": str(file), "mail": mail}
        return {**LETTER, **told}

    def plan(self, *letters: Any, check: bool = False, **more: Any) -> dict[str, Any]:
        given = {"letters": list(letters)} if letters else {}
        return self._ask({"pdf": "false", "recipients": [HARBOUR], **given, **more}, check)

    def step(self, step: str, letter: Any, check: bool = False, **more: Any) -> dict[str, Any]:
        return self._ask({"step": step, "letter": letter, **more}, check)

    def send(self, *letters: Any, fails: bool = False, **more: Any) -> list[int]:
        """What the playbook does; the clients whose mail went out."""
        out = []
        for letter in self.plan(*letters, **more)["letters"]:
            if letter["todo"] == "note":
                self.step("sent", letter)
            if letter["todo"] == "send" and self.step("sending", letter)["claimed"]:
                self.step("unsent" if fails else "sent", letter, failure="full" if fails else "")
                out += [] if fails else [letter["client_id"]]
        return out

    def _ask(self, options: dict[str, Any], check: bool) -> dict[str, Any]:
        return done(DOOR, {"dir": str(self.dir), "period": "2026-11", **options}, self.reporter, check)

    def state(self, **more: Any) -> tuple[str, str]:
        (letter,) = self.plan(**more)["letters"]
        return letter["state"], letter["todo"]

    def notes(self) -> list[dict[str, Any]]:
        return list(json.loads((self.folder / "sent.json").read_text())["letters"])


@pytest.fixture
def box(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


# -- who gets which ------------------------------------------------------------------------------------------------


def test_a_plan_names_whom_each_letter_goes_to(box: Outbox) -> None:
    told = box.plan(box.letter())
    (letter,) = told["letters"]
    assert (letter["to"], letter["state"], letter["todo"]) == (["office@harbour.example"], "new", "send")
    assert letter["attachment"] == letter["page"] == str(box.folder / "dash.example" / "7.html")
    assert told["lines"] == ["Harbour (client 7 of dash.example): goes to office@harbour.example"]
    assert (told["period"], told["undecided"]) == ("2026-11", [])
    assert stat.S_IMODE((box.folder / "letters.json").stat().st_mode) == 0o600


@pytest.mark.claim("letters-own")
def test_ids_are_those_of_one_dashboard(box: Outbox) -> None:
    other = box.letter(at="shops.example/mainwp", name="Meadow")
    told = box.plan(box.letter(), other)
    assert told["msg"] == "Nothing was sent. Meadow (client 7 of shops.example/mainwp): no recipient."
    assert told["failed"]
    meadow = {"dashboard": SHOPS, "client_id": 7, "to": ["m@meadow.example"]}
    told = box.plan(recipients=[meadow, HARBOUR])
    assert [letter["to"] for letter in told["letters"]] == [["office@harbour.example"], ["m@meadow.example"]]


@pytest.mark.claim("letters-own")
@pytest.mark.parametrize(
    ("recipients", "message"),
    [
        ([], "Harbour (client 7 of dash.example): no recipient. Harbour (client 8 of dash.example): no recipient."),
        ([HARBOUR], "Harbour (client 8 of dash.example): no recipient."),
        ([HARBOUR, {**HARBOUR, "to": ["x@y.example"]}], "Harbour (client 7 of dash.example): two entries are about"),
        ([{"dashboard": DASH, "client": "Harbour", "to": ["x@y.example"]}], "several clients bear that name (7, 8)"),
        ([{**HARBOUR, "client": "Meadow"}], "Harbour (client 7 of dash.example): an entry calls this client 'Meadow'."),
        ([{**HARBOUR, "dashboard": SHOPS}], "Harbour (client 7 of dash.example): no recipient."),
    ],
)
def test_a_letter_goes_to_nobody_on_a_guess(box: Outbox, recipients: list[dict[str, Any]], message: str) -> None:
    told = box.plan(box.letter(), box.letter(8), recipients=recipients)
    assert told["failed"]
    assert message in told["msg"]


def test_a_name_will_do_where_there_is_one_of_it(box: Outbox) -> None:
    named = [
        {"dashboard": DASH, "client": " Harbour  Trading", "to": ["a@b.example", "Büro <c@d.example>"]},
        {"dashboard": DASH, "client_id": 8, "client": "Meadow", "skip": True},
    ]
    told = box.plan(box.letter(name="Harbour Trading"), box.letter(8, "Meadow"), recipients=named)
    assert [(letter["to"], letter["todo"]) for letter in told["letters"]] == [
        (["a@b.example", "Büro <c@d.example>"], "send"),
        ([], "nothing"),
    ]
    assert told["lines"][1] == "Meadow (client 8 of dash.example): skipped, as you say"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"to": []}, "recipients: client 7: needs either to or skip: true."),
        ({"skip": True}, "recipients: client 7: needs either to or skip: true."),
        ({"to": ["office"]}, "recipients: client 7: 'office' is no address of a mail."),
        ({"to": ["a@b.example\nBcc: x@y.example"]}, "is no address of a mail."),
    ],
)
def test_a_recipient_that_cannot_be_is_refused(box: Outbox, entry: dict[str, Any], message: str) -> None:
    told = box.plan(box.letter(), recipients=[{**HARBOUR, **entry}])
    assert told["failed"]
    assert message in told["msg"]


def test_without_recipients_letters_are_only_kept(box: Outbox) -> None:
    told = box.plan(box.letter(), recipients=None)
    assert told["changed"]
    assert told["lines"] == ["Harbour (client 7 of dash.example): made"]
    assert box.send(recipients=None) == []


# -- once ----------------------------------------------------------------------------------------------------------


@pytest.mark.claim("letters-once")
def test_what_was_sent_is_not_sent_again(box: Outbox) -> None:
    assert box.send(box.letter()) == [7]
    (note,) = box.notes()
    assert (note["state"], note["to"], note["subject"]) == ("sent", ["office@harbour.example"], "November")
    assert stat.S_IMODE((box.folder / "sent.json").stat().st_mode) == 0o600
    told = box.plan(box.letter())
    assert not told["changed"]
    assert told["lines"] == [f"Harbour (client 7 of dash.example): sent to office@harbour.example at {note['at']}"]
    assert box.send(box.letter(), decisions=[{"dashboard": DASH, "client_id": 7, "decision": "send"}]) == []


def test_a_letter_that_changed_since_is_told_and_sent_if_asked(box: Outbox) -> None:
    box.send(box.letter())
    changed = box.letter(text="Dear all!")
    told = box.plan(changed)
    assert "changed since it was sent at 20" in told["lines"][0]
    assert "not sent again" in told["lines"][0]
    assert box.send() == []
    decision = {"dashboard": DASH, "client": "Harbour", "decision": "send"}
    assert box.send(decisions=[decision], fails=True) == []
    assert box.state() == ("changed", "nothing")  # that it went out once is not forgotten
    assert box.send(decisions=[decision]) == [7]
    assert box.send(decisions=[decision]) == []


def test_a_mail_that_failed_is_tried_again(box: Outbox) -> None:
    assert box.send(box.letter(), fails=True) == []
    assert box.state() == ("failed", "send")
    assert "an earlier mail failed at 20" in box.plan()["lines"][0]
    assert "(full)" in box.plan()["lines"][0]
    assert box.send() == [7]


@pytest.mark.claim("letters-once")
@pytest.mark.parametrize("decision", ["send", "sent"])
def test_what_a_run_that_was_killed_may_have_sent_waits_for_a_decision(box: Outbox, decision: str) -> None:
    (letter,) = box.plan(box.letter())["letters"]
    assert box.step("sending", letter)["claimed"]
    told = box.plan(box.letter())
    assert told["undecided"] == told["lines"]
    assert "it may have arrived or not" in told["lines"][0]
    assert box.send() == []
    decided = [{"dashboard": DASH, "client_id": 7, "decision": decision}]
    if decision == "send":
        assert box.send(decisions=decided, fails=True) == []
        assert box.state() == ("sending", "nothing")  # of the first mail nobody knows still
    assert box.send(decisions=decided) == ([7] if decision == "send" else [])
    assert box.state() == ("sent", "nothing")


def test_a_decision_about_nobody_is_a_slip(box: Outbox) -> None:
    told = box.plan(box.letter(), decisions=[{"dashboard": DASH, "client_id": 70, "decision": "send"}])
    assert told["msg"] == "Nothing was sent. decisions: client 70 of dash.example: no such letter."


@pytest.mark.claim("letters-once")
def test_two_runs_at_once_send_a_letter_once(box: Outbox) -> None:
    (mine,) = box.plan(box.letter())["letters"]
    (theirs,) = box.plan(box.letter())["letters"]
    assert box.step("sending", mine)["claimed"]
    late = box.step("sending", theirs)
    assert not late["claimed"]
    assert "another run noted something about it meanwhile" in late["line"]
    box.step("sent", mine)
    assert not box.step("sending", theirs)["claimed"]


@pytest.mark.claim("letters-once")
@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "letters": []}', '{"format": 1, "letters'])
def test_notes_that_nobody_understands_send_nothing(box: Outbox, text: str) -> None:
    (letter,) = box.plan(box.letter())["letters"]
    (box.folder / "sent.json").write_text(text)
    for told in (box.plan(), box.step("sending", letter)):
        assert told["failed"]
        assert "cannot be read as what this module wrote" in told["msg"]
    assert (box.folder / "sent.json").read_text() == text


def test_a_note_that_cannot_be_written_is_an_error_before_the_mail(box: Outbox) -> None:
    (letter,) = box.plan(box.letter())["letters"]
    (box.folder / "sent.json").mkdir()
    assert box.step("sending", letter)["failed"]


def test_check_mode_writes_nothing(box: Outbox) -> None:
    told = box.plan(box.letter(), check=True)
    assert told["changed"]
    (letter,) = told["letters"]
    assert letter["todo"] == "send"
    assert not box.step("sending", letter, check=True)["claimed"]
    box.step("sent", letter, check=True)
    assert sorted(path.name for path in box.folder.iterdir()) == ["dash.example"]


# -- what was approved is what is sent -----------------------------------------------------------------------------


@pytest.mark.claim("letters-approved")
def test_letters_are_those_that_were_kept(box: Outbox) -> None:
    made = box.plan(box.letter())
    assert not box.plan(box.letter())["changed"]
    assert box.plan(edition=made["edition"])["letters"] == made["letters"]
    anew = box.plan(box.letter(text="Something else"))
    assert anew["edition"] != made["edition"]
    told = box.plan(edition=made["edition"])
    assert told["msg"].startswith("edition: the letters were made anew since.")


@pytest.mark.claim("letters-approved")
def test_a_page_that_somebody_changed_is_not_sent(box: Outbox) -> None:
    (letter,) = box.plan(box.letter())["letters"]
    Path(letter["page"]).write_text("<p>Send money</p>")
    told = box.plan()
    assert told["failed"]
    assert "7.html is not what it was when the letters were made" in told["msg"]


def test_there_must_be_letters(box: Outbox) -> None:
    assert "none were kept in" in box.plan()["msg"]
    letter = {**box.letter(), "file": "/etc/passwd"}
    assert "/etc/passwd is not in" in box.plan(letter)["msg"]
    assert "one has no mail" in box.plan({name: letter[name] for name in letter if name != "mail"})["msg"]
    assert "has no to, digest, seen" in box.step("sent", letter)["msg"]


@pytest.mark.parametrize(
    ("period", "name", "told"),
    [
        ("2026-11-01/2026-11-30", "2026-11", "2026-11"),
        ("2026-11-01/2026-11-15", "2026-11-01_2026-11-15", "2026-11-01/2026-11-15"),
        ("2026-11-05/2026-11-05", "2026-11-05", "2026-11-05/2026-11-05"),
    ],
)
def test_a_period_is_told_as_the_option_takes_it(tmp_path: Path, period: str, name: str, told: str) -> None:
    params = {option: entry.get("default") for option, entry in job.SPEC.items()}
    options = job.options_from({**params, "dir": str(tmp_path), "period": period})
    assert (options["folder"].name, options["period"]) == (name, told)
    assert job.options_from({**params, "dir": str(tmp_path), "period": told})["folder"].name == name


# -- paper ---------------------------------------------------------------------------------------------------------


def chromium(folder: Path, script: str) -> str:
    """A program that pretends to be one; ``$out`` is where the PDF goes."""
    file = folder / "bin" / "chromium"
    file.parent.mkdir(exist_ok=True)
    head = '#!/bin/sh\nfor given in "$@"; do case "$given" in --print-to-pdf=*) out="${given#*=}";; esac; done\n'
    file.write_text(f'{head}echo "$@" >> {folder}/calls\n{script}\n')
    file.chmod(0o755)
    return str(file)


def test_a_page_is_printed_where_there_is_a_browser(box: Outbox, tmp_path: Path) -> None:
    browser = chromium(tmp_path, 'echo "%PDF-1.4" > "$out"')
    told = box.plan(box.letter(), pdf="auto", browser=browser)
    (letter,) = told["letters"]
    assert letter["attachment"] == letter["pdf"] == str(box.folder / "dash.example" / "7.pdf")
    assert stat.S_IMODE(Path(letter["pdf"]).stat().st_mode) == 0o600
    assert sorted(path.name for path in Path(letter["pdf"]).parent.iterdir()) == ["7.html", "7.pdf"]
    assert not box.plan(box.letter(), pdf="true", browser=browser)["changed"]
    assert box.plan()["letters"] == told["letters"]
    assert len((tmp_path / "calls").read_text().splitlines()) == 1  # the same page is printed once
    box.plan(box.letter(text="Else"), pdf="true", browser=browser)
    assert len((tmp_path / "calls").read_text().splitlines()) == 2


def test_without_a_browser_there_is_no_paper(box: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (letter,) = box.plan(box.letter(), pdf="auto")["letters"]
    assert (letter["pdf"], letter["attachment"]) == ("", letter["page"])
    told = box.plan(box.letter(), pdf="true")
    assert told["msg"].startswith("pdf: there is no chromium on the controller.")
    assert "no program on the controller" in box.plan(box.letter(), pdf="auto", browser="/no/chromium")["msg"]


def test_a_browser_that_does_not_print_costs_the_paper_or_the_task(box: Outbox, tmp_path: Path) -> None:
    browser = chromium(tmp_path, "echo cannot open display >&2")
    (letter,) = box.plan(box.letter(), pdf="auto", browser=browser)["letters"]
    assert letter["attachment"] == letter["page"]
    assert "7.html was not printed" in box.reporter.warnings[0]
    assert "chromium: cannot open display" in box.reporter.warnings[0]
    told = box.plan(box.letter(), pdf="true", browser=browser)
    assert told["failed"]
    assert "was not printed: chromium: cannot open display" in told["msg"]


def test_without_its_sandbox_only_where_there_is_none(
    box: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    browser = chromium(
        tmp_path,
        'case "$*" in *--no-sandbox*) echo "%PDF-1.4" > "$out";; *) echo "No usable sandbox!" >&2; exit 1;; esac',
    )
    (letter,) = box.plan(box.letter(), pdf="true", browser=browser)["letters"]
    assert letter["pdf"]
    calls = (tmp_path / "calls").read_text().splitlines()
    assert ["--no-sandbox" in call for call in calls] == [False, True]
    assert all("--host-resolver-rules=MAP * ~NOTFOUND" in call for call in calls)
