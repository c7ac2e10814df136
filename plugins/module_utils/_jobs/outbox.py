# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_outbox does: keep letters until they are sent, and know which were. PRIVATE to the collection.

``letters.json`` has the letters of a period as they were made, ``sent.json`` what became of them. A note is on the disk
before anything else happens, so whoever is killed leaves ``sending`` behind, and nothing goes out twice by itself.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import _errors as errors
from .._files import differs, folder_of, guarded, write
from .._models import iso
from .._reports import outbox
from ._letters import LETTERS, period_from, period_name
from ._paper import NotPrinted, browser_at, print_page

_WHO = {
    "dashboard": {"type": "str", "required": True},
    "client_id": {"type": "int"},
    "client": {"type": "str"},
}
#: The options; documented in mainwp_outbox.
SPEC = {
    "dir": {"type": "str", "required": True},
    "period": {"type": "str", "default": ""},
    "step": {"type": "str", "choices": ["plan", "sending", "sent", "unsent"], "default": "plan"},
    "letters": {"type": "list", "elements": "dict"},
    "pdf": {"type": "str", "choices": ["auto", "true", "false"], "default": "auto"},
    "browser": {"type": "str", "default": ""},
    "recipients": {
        "type": "list",
        "elements": "dict",
        "options": {
            **_WHO,
            "to": {"type": "list", "elements": "str", "default": []},
            "skip": {"type": "bool", "default": False},
        },
        "required_one_of": [("client_id", "client")],
    },
    "decisions": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {**_WHO, "decision": {"type": "str", "choices": ["send", "sent"], "required": True}},
        "required_one_of": [("client_id", "client")],
    },
    "edition": {"type": "str", "default": ""},
    "letter": {"type": "dict"},
    "failure": {"type": "str", "default": ""},
}
RULES = {
    "required_if": [("step", step, ("letter",)) for step in ("sending", "sent", "unsent")],
    "mutually_exclusive": [("letters", "letter")],
}
#: What a letter of mainwp_report brings along.
_BROUGHT = ("dashboard", "client_id", "client_name", "complete", "missing", "mail")
_FORMAT = 1


def options_from(params: Mapping[str, Any]) -> dict[str, Any]:
    """Check the options. Raises InputError."""
    for entry in params["recipients"] or ():
        who = entry["client"] if entry["client_id"] is None else f"client {entry['client_id']}"
        if bool(entry["to"]) == entry["skip"]:
            raise errors.InputError("recipients", f"{who}: needs either to or skip: true.")
        for address in entry["to"]:
            if "@" not in address or not address.isprintable():
                raise errors.InputError("recipients", f"{who}: '{address}' is no address of a mail.")
    for letter in params["letters"] or ():
        lacking = [name for name in (*_BROUGHT, "file") if name not in letter]
        if lacking:
            raise errors.InputError("letters", f"one has no {', '.join(lacking)}.", "Give what mainwp_report returned.")
    today = datetime.datetime.now(tz=datetime.timezone.utc).date()
    period = period_from(params["period"], today)
    name = period_name(period)
    told = name if len(name) == len("2026-11") else "/".join(map(str, period))
    given = {option: params[option] for option in SPEC}
    return {**given, "period": told, "folder": Path(folder_of(params["dir"], LETTERS, name))}


def run(options: Mapping[str, Any], reporter: Any, check_mode: bool) -> dict[str, Any]:
    """Make a plan for all letters, or note what becomes of one."""
    try:
        return _plan(options, reporter, check_mode) if options["step"] == "plan" else _note(options, check_mode)
    except OSError as exc:
        return {"failed": True, "changed": False, "msg": str(exc)}


# -- a plan for all ---------------------------------------------------------------------------------------------------


def _plan(options: Mapping[str, Any], reporter: Any, check_mode: bool) -> dict[str, Any]:
    """Keep the letters that are given, else take those that were kept, and tell what is to be done about each."""
    folder, changed = options["folder"], False
    if options["letters"] is None:
        letters = _kept(folder)
    else:
        letters, changed = _filed(options, reporter, check_mode)
    edition = outbox.edition_of(letters)
    if options["edition"] not in ("", edition):
        raise errors.InputError(
            "edition", "the letters were made anew since.", "Look at them again; then send what you looked at."
        )
    recipients, wrong, dummy = outbox.fitting(options["recipients"] or (), letters)
    decisions, mistaken, idle = outbox.fitting(options["decisions"], letters)
    if options["recipients"] is not None:
        wrong += outbox.without_recipient(letters, recipients)
    wrong += [f"decisions: {text}" for text in mistaken] + [f"decisions: {text}: no such letter." for text in idle]
    notes = _notes(folder)
    told = []
    for letter in letters:
        key = outbox.key_of(letter)
        decision = decisions.get(key, {}).get("decision")
        plan = outbox.planned(letter, notes.get(key), recipients.get(key), decision)
        files = {name: str(folder / letter[name]) if letter[name] else "" for name in ("page", "pdf")}
        attachment = files["pdf"] or files["page"]
        told.append({**letter, **files, "attachment": attachment, "period": options["period"], **plan})
    undecided = [one for one in told if one["state"] == "sending" and one["todo"] == outbox.NOTHING]
    result = {
        "changed": changed,
        "period": options["period"],
        "edition": edition,
        "file": str(_sent_file(folder)),
        "letters": told,
        "lines": [one["line"] for one in told],
        "undecided": [one["line"] for one in undecided] if options["recipients"] is not None else [],
    }
    return {**result, "failed": True, "msg": f"Nothing was sent. {' '.join(wrong)}"} if wrong else result


def _filed(options: Mapping[str, Any], reporter: Any, check_mode: bool) -> tuple[list[dict[str, Any]], bool]:
    """(the letters as they are kept, whether that changed something). Raises InputError, OSError."""
    folder = options["folder"]
    browser = "" if options["pdf"] == "false" else browser_at(options["browser"])
    if options["pdf"] == "true" and not browser:
        raise errors.InputError(
            "pdf", "there is no chromium on the controller.", "Install it, name it in browser, or attach pages."
        )
    before = {outbox.key_of(letter): letter for letter in _read(folder / "letters.json").get("letters") or ()}
    letters, printed = [], False
    for given in options["letters"]:
        page = _inside(folder, given["file"])
        brought = {name: given[name] for name in _BROUGHT}
        pages = {"page": page, "page_digest": _digest(folder / page, missing=check_mode) if page else ""}
        old = before.get(outbox.key_of(given), {})
        paper = {name: old.get(name, "") for name in ("pdf", "pdf_digest")}
        is_new = old.get("page_digest") != pages["page_digest"] or not _is_there(folder, paper)
        if not browser or not page:
            paper = {"pdf": "", "pdf_digest": ""}
        elif is_new and not check_mode:
            paper = _printed(browser, folder, page, options["pdf"] == "true", reporter)
            printed = True
        digest = outbox.digest_of(given["mail"], pages["page_digest"])
        letters.append({**brought, **pages, **paper, "digest": digest})
    text = _json({"format": _FORMAT, "letters": letters})
    return letters, (differs if check_mode else write)(folder / "letters.json", text) or printed


def _printed(browser: str, folder: Path, page: str, must: bool, reporter: Any) -> dict[str, str]:
    """The PDF of a page; without one the page itself is attached, unless it ``must`` be. Raises InputError, OSError."""
    paper = str(Path(page).with_suffix(".pdf"))
    try:
        print_page(browser, folder / page, folder / paper)
    except NotPrinted as exc:
        if must:
            raise errors.InputError("pdf", f"{page} was not printed: {exc}") from None
        reporter.warn(f"{page} was not printed, so the page itself is attached. {exc}")
        return {"pdf": "", "pdf_digest": ""}
    return {"pdf": paper, "pdf_digest": _digest(folder / paper)}


def _kept(folder: Path) -> list[dict[str, Any]]:
    """The letters that were kept, with their files as they were then. Raises InputError, OSError."""
    if not (folder / "letters.json").exists():
        raise errors.InputError("letters", f"none were kept in {folder}.", "Make them first.")
    letters: list[dict[str, Any]] = list(_read(folder / "letters.json")["letters"])
    for letter in letters:
        for name in ("page", "pdf"):
            if letter[name] and _digest(folder / letter[name]) != letter[f"{name}_digest"]:
                raise errors.InputError(
                    "letters", f"{letter[name]} is not what it was when the letters were made.", "Make them again."
                )
    return letters


def _inside(folder: Path, file: str) -> str:
    """The name of a letter's file below the folder of its period; empty for none. Raises InputError."""
    if not file:
        return ""
    try:
        return str(Path(file).relative_to(folder))
    except ValueError:
        raise errors.InputError(
            "letters", f"{file} is not in {folder}.", "Give mainwp_report the same dir and period."
        ) from None


def _is_there(folder: Path, paper: Mapping[str, str]) -> bool:
    return bool(paper["pdf"]) and _digest(folder / paper["pdf"], missing=True) == paper["pdf_digest"]


def _digest(file: Path, missing: bool = False) -> str:
    """Of what is in a file; empty for one that may be ``missing``. Raises OSError."""
    if missing and not file.is_file():
        return ""
    return hashlib.sha256(file.read_bytes()).hexdigest()


# -- notes about one --------------------------------------------------------------------------------------------------


def _note(options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Note that a letter is being sent, was, or was not. Raises InputError, OSError."""
    letter, step, folder = options["letter"], options["step"], options["folder"]
    lacking = [name for name in (*_BROUGHT, "to", "digest", "seen") if name not in letter]
    if lacking:
        raise errors.InputError("letter", f"has no {', '.join(lacking)}.", "Give one that this module planned.")
    who = outbox.spoken_of(letter)
    told = {"sending": "is sent", "sent": "sent", "unsent": f"not sent: {options['failure'] or 'the mail failed'}"}[
        step
    ]
    result = {"changed": True, "claimed": step == "sending", "line": f"{who}: {told}", "file": str(_sent_file(folder))}
    if check_mode:
        return {**result, "claimed": False, "line": f"{who}: would be sent"}
    with guarded(_sent_file(folder)):
        notes = _notes(folder)
        key = outbox.key_of(letter)
        if step == "sending" and not outbox.is_claimable(notes.get(key), letter["seen"]):
            line = f"{who}: not sent, for another run noted something about it meanwhile."
            return {**result, "changed": False, "claimed": False, "line": line}
        mark = uuid.uuid4().hex
        notes[key] = outbox.noted(step, letter, notes.get(key), iso(time.time()), mark, options["failure"])
        write(_sent_file(folder), _json({"format": _FORMAT, "letters": list(notes.values())}), durably=True)
    return result


def _notes(folder: Path) -> dict[outbox.Key, dict[str, Any]]:
    """What was noted. Raises InputError for what nobody understands: letters would go out twice."""
    return {outbox.key_of(note): note for note in _read(_sent_file(folder)).get("letters") or ()}


def _sent_file(folder: Path) -> Path:
    return folder / "sent.json"


def _read(file: Path) -> dict[str, Any]:
    """A file of ours; empty if there is none. Raises InputError, OSError."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        is_ours = found["format"] == _FORMAT and isinstance(found["letters"], list)
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError):
        is_ours = False
    if not is_ours:
        raise errors.InputError("dir", f"{file} cannot be read as what this module wrote.", "Put it right, or away.")
    return dict(found)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
