# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters on their way: who gets which, and what became of it. Pure. PRIVATE to the collection.

Everything is keyed by (Dashboard, client). A letter without a recipient is a problem, as is a recipient that fits two
letters: no letter goes to anybody on a guess. A letter that went out, or may have, does not go out again by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._addresses import normal_url, spoken
from .._secrets import plain

Key = tuple[str, int]
#: What is to be done about a letter: mail it, only note that it counts as sent, or nothing.
SEND, NOTE, NOTHING = "send", "note", "nothing"
_DECIDE = "Decide it with decisions: send, or sent if it is to count as sent."


def key_of(letter: Mapping[str, Any]) -> Key:
    """The Dashboard's address in its normal form, and the client's id there."""
    return str(letter["dashboard"]), int(letter["client_id"])


def spoken_of(letter: Mapping[str, Any]) -> str:
    """``Harbour Trading (client 7 of dashboard.example)``"""
    return f"{plain(letter['client_name'], 200)} (client {letter['client_id']} of {spoken(str(letter['dashboard']))})"


def digest_of(mail: Mapping[str, str], page_digest: str) -> str:
    """What tells a letter from one that says something else."""
    told = json.dumps([mail["subject"], mail["text"], mail["html"], page_digest])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def edition_of(letters: Iterable[Mapping[str, Any]]) -> str:
    """What tells all letters of a period, as they were made, from others."""
    told = json.dumps(sorted([*key_of(letter), letter["digest"]] for letter in letters))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


# -- who gets which ---------------------------------------------------------------------------------------------------


def fitting(
    entries: Sequence[Mapping[str, Any]], letters: Sequence[Mapping[str, Any]]
) -> tuple[dict[Key, Mapping[str, Any]], list[str], list[str]]:
    """(letter → the one entry that is about it, what is wrong, what no letter fits). An entry names the ``dashboard``, and
    ``client_id``, ``client`` (the name), or both."""
    found: dict[Key, Mapping[str, Any]] = {}
    wrong: list[str] = []
    idle: list[str] = []
    for entry in entries:
        dashboard, name, number = normal_url(str(entry["dashboard"])), entry.get("client"), entry.get("client_id")
        told = f"client {number}" if number is not None else f"'{plain(name, 200)}'"
        there = [letter for letter in letters if letter["dashboard"] == dashboard]
        fits = [letter for letter in there if _is_meant(letter, number, name)]
        if len(fits) > 1:
            ids = ", ".join(str(letter["client_id"]) for letter in fits)
            wrong.append(f"{told} of {spoken(dashboard)}: several clients bear that name ({ids}). Give client_id.")
        elif not fits:
            idle.append(f"{told} of {spoken(dashboard)}")
        elif number is not None and name is not None and _name(fits[0]["client_name"]) != _name(name):
            wrong.append(f"{spoken_of(fits[0])}: an entry calls this client '{plain(name, 200)}'.")
        elif key_of(fits[0]) in found:
            wrong.append(f"{spoken_of(fits[0])}: two entries are about this client.")
        else:
            found[key_of(fits[0])] = entry
    return found, wrong, idle


def _is_meant(letter: Mapping[str, Any], number: int | None, name: str | None) -> bool:
    return letter["client_id"] == number if number is not None else _name(letter["client_name"]) == _name(name)


def _name(value: Any) -> str:
    return " ".join(str(value).split())


def without_recipient(letters: Iterable[Mapping[str, Any]], recipients: Mapping[Key, Any]) -> list[str]:
    """Those to whom nobody says where their letter goes."""
    return [f"{spoken_of(letter)}: no recipient." for letter in letters if key_of(letter) not in recipients]


# -- what is to be done -----------------------------------------------------------------------------------------------


def planned(
    letter: Mapping[str, Any],
    note: Mapping[str, Any] | None,
    recipient: Mapping[str, Any] | None,
    decision: str | None = None,
) -> dict[str, Any]:
    """What is to be done about a letter: its ``state`` and ``todo``, whom it goes ``to``, and that in a ``line``.

    ``note`` is what was noted about it, ``seen`` by what that is known again. Without a recipient nothing is to be done.
    """
    note = note or {}
    state = _state(letter, note)
    to = list(recipient["to"] or ()) if recipient else []
    if recipient is not None and recipient["skip"]:
        state, todo = "skipped", NOTHING
    elif recipient is None or state == "sent":
        todo = NOTHING
    elif decision:
        todo = NOTE if decision == "sent" else SEND
    else:
        todo = SEND if state in ("new", "failed") else NOTHING
    line = f"{spoken_of(letter)}: {_told(state, todo, to, note)}"
    return {"state": state, "todo": todo, "to": to, "seen": str(note.get("mark", "")), "line": line}


def _state(letter: Mapping[str, Any], note: Mapping[str, Any]) -> str:
    state = str(note.get("state", "new"))
    return "changed" if state == "sent" and note.get("digest") != letter["digest"] else state


def _told(state: str, todo: str, to: Sequence[str], note: Mapping[str, Any]) -> str:
    then = {
        "new": "",
        "failed": f"an earlier mail failed at {note.get('at')} ({plain(note.get('message'), 300)})",
        "sending": f"it was being sent at {note.get('at')}, and nobody noted how that ended: it may have arrived or not",
        "changed": f"changed since it was sent at {note.get('at')}",
        "sent": f"sent to {_list(note.get('to'))} at {note.get('at')}",
        "skipped": "skipped, as you say",
    }[state]
    if todo == SEND:
        return f"goes to {_list(to)}" + (f"; {then}" if then else "")
    if todo == NOTE:
        return "counts as sent, as you decided" + (f"; {then}" if then else "")
    if state == "changed":
        return f"{then}; not sent again. {_DECIDE}"
    if state == "sending":
        return f"{then}. {_DECIDE}"
    return then or "made"


def _list(names: Any) -> str:
    return ", ".join(plain(name, 200) for name in names or ()) or "nobody"


# -- what became of it ------------------------------------------------------------------------------------------------


def is_claimable(note: Mapping[str, Any] | None, seen: str) -> bool:
    """True while nobody noted anything since the plan was made."""
    return str((note or {}).get("mark", "")) == seen


def noted(
    state: str, letter: Mapping[str, Any], note: Mapping[str, Any] | None, at: str, mark: str, message: str = ""
) -> dict[str, Any]:
    """The new note about a letter.

    A mail that failed leaves what was known before it: one that was sent earlier stays sent.
    """
    before = dict(note or {})
    if state == "unsent":
        earlier = before.get("previous") or {}
        if earlier.get("state") in ("sent", "sending"):
            return dict(earlier)
        state = "failed"
    known: dict[str, Any] = {
        "dashboard": letter["dashboard"],
        "client_id": letter["client_id"],
        "client_name": letter["client_name"],
        "state": state,
        "at": at,
        "to": list(letter["to"]),
        "subject": letter["mail"]["subject"],
        "digest": letter["digest"],
        "mark": mark,
    }
    if message:
        known["message"] = message
    if state == "sending" and before:
        known["previous"] = {name: value for name, value in before.items() if name != "previous"}
    return known
