# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report for a client, in Markdown: names and versions, in plain words. Pure. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._secrets import printable
from .names import file_name
from .owner import NOT_DONE, NOTED, is_offered, is_open, note_of, stays
from .reasons import SETTLED
from .wording import WORDING

_MOVED = ("updated", "planned")


def clients_of(sites: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sites by client: ``id``, ``name`` (empty without a client), ``file`` without its suffix, ``sites``."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    for site in sites:
        found.setdefault(int(site.get("client_id") or 0), []).append(site)
    return [_client(number, found[number]) for number in sorted(found)]


def _client(number: int, sites: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = (str(site["client_name"]) for site in sites if site.get("client_name"))
    name = next(names, f"Client {number}") if number else ""
    file = "-".join(filter(None, (str(number), file_name(name)))) if number else "no-client"
    return {"id": number, "name": name, "file": file, "sites": list(sites)}


def letter(client: Mapping[str, Any], day: str, planning: bool) -> str:
    """The report for one client."""
    to = f" for {_text(client['name'])}" if client["name"] else ""
    lines = [f"# Website maintenance{to}, {day}"]
    if planning:
        lines += ["", "This is a plan. Nothing was changed."]
    for site in client["sites"]:
        lines += ["", *_site(site, planning)]
    return "\n".join(lines) + "\n"


def _site(site: Mapping[str, Any], planning: bool) -> list[str]:
    updates = site.get("updates") or ()
    moved = [entry for entry in updates if entry["result"] in _MOVED]
    left = [entry for entry in updates if is_open(entry, SETTLED)]
    lines = [f"## {_text(site['name'])}", "", _text(site["url"])]
    note = note_of(site, updates)
    if note:
        not_done = not updates and site.get("result") in NOT_DONE and note not in NOTED
        title = "Not maintained" if not_done else "Please note"
        lines += ["", f"**{title}:** {WORDING.get(note) or WORDING['error']}."]
    if moved:
        lines += ["", "To be updated:" if planning else "Updated:", "", *map(_moved, moved)]
    if left:
        lines += ["", "Not updated:", "", *map(_left, left)]
    if not moved and not left and site.get("result") == "unchanged":
        version = f" (WordPress {_text(site['wp_version'])})" if site.get("wp_version") else ""
        lines += ["", f"No updates were due{version}."]
    return lines


def _moved(entry: Mapping[str, Any]) -> str:
    after = entry["version_planned" if entry["result"] == "planned" else "version_after"]
    before = f"{_text(entry['version_before'])} → " if entry["version_before"] else ""  # some sites hide it
    step = f": {before}{_text(after)}" if entry["type"] != "translation" else ""
    return f"- {_what(entry)}{step}" + (" – **no longer active**" if entry.get("reason") == "deactivated" else "")


def _left(entry: Mapping[str, Any]) -> str:
    text = _what(entry)
    if entry["type"] != "translation" and entry["version_before"] and stays(entry):
        text += f" stays at {_text(entry['version_before'])}"
        if entry["version_planned"] not in ("", entry["version_before"]) and is_offered(entry):
            text += f" ({_text(entry['version_planned'])} is available)"
    words = WORDING.get(entry.get("reason") or "")
    return f"- {text}" + (f": {words}" if words else "")


def _what(entry: Mapping[str, Any]) -> str:
    if entry["type"] == "core":
        return "WordPress"
    name = _text(entry["name"])
    if entry["type"] == "translation":
        return f"Translation of {name} ({_text(entry['language'])})"
    return name + (" (theme)" if entry["type"] == "theme" else "")


def _text(value: Any) -> str:
    """Names come from the sites: nothing in them may become markup, at the beginning of a line nor within."""
    text = printable(re.sub(r"[\x00-\x20\x7f]+", " ", "" if value is None else str(value))).strip()
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*\[\]#|~])", r"\\\1", text)
    text = re.sub(r"\b_+|_+\b", lambda found: r"\_" * len(found[0]), text)  # within a word they are none
    # what would begin a list, or underline a heading
    return re.sub(r"\A(\d{1,9})([.)])(?=\s|\Z)", r"\1\\\2", re.sub(r"\A([-+=])", r"\\\1", text))
