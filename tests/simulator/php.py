# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PHP and WordPress habits that show through the API."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

#: what ``trim`` takes away: no blank of Unicode
TRIMMED = " \t\n\r\0\x0b"


def json_text(value: Any) -> str:
    """``wp_json_encode``: ASCII, slashes escaped, no blanks; an empty map is ``[]``; never written stays ""."""
    if value == "":
        return ""
    return json.dumps(php_arrays(value), separators=(",", ":")).replace("/", "\\/")


def php_arrays(value: Any) -> Any:
    """PHP has one kind of array: an empty map and one with the keys 0, 1, 2… are lists in JSON (core.md §3)."""
    if isinstance(value, dict):
        if [str(key) for key in value] == [str(number) for number in range(len(value))]:
            return [php_arrays(item) for item in value.values()]
        return {str(key): php_arrays(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [php_arrays(item) for item in value]
    return value


def esc_html(text: Any) -> str:
    """``esc_html``: entities that are there already stay."""
    escaped = re.sub(r"&(?!(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);)", "&amp;", str(text))
    return escaped.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#039;")


def unslash(text: str) -> str:
    """``wp_unslash``: a backslash goes, what it stands before stays; but with 0 it makes NUL."""
    return re.sub(r"(?s)\\(.?)", lambda pair: "\0" if pair[1] == "0" else pair[1], text)


def clean_text(value: Any, *, slashed: bool = True) -> str:
    """``sanitize_text_field(wp_unslash())``: no tags, no octets such as %20, one line, single blanks, trimmed. Not
    ``slashed``: without ``wp_unslash``."""
    if isinstance(value, (list, dict)):
        return ""
    text = unslash(php_text(value)) if slashed else php_text(value)
    if "<" in text:
        text = re.sub(r"<[^>]*?(?:(?=<)|>|$)", lambda tag: tag[0] if ">" in tag[0] else esc_html(tag[0]), text)
        text = (
            strip_tags(re.sub(r"(?is)<(script|style)[^>]*?>.*?</\1>", "", text)).strip(TRIMMED).replace("<\n", "&lt;\n")
        )
    text = re.sub(r"[\r\n\t ]+", " ", text).strip(TRIMMED)
    while re.search(r"%[a-fA-F0-9]{2}", text):
        text = re.sub(r" +", " ", re.sub(r"%[a-fA-F0-9]{2}", "", text)).strip(TRIMMED)
    return text


def strip_tags(text: str) -> str:
    """PHP's own, sign by sign: quotes in tags hide their end, ``<`` before a blank is none, comments are told apart."""
    kept: list[str] = []
    #: 0 text, 1 tag, 2 <? … ?>, 3 <! … >, 4 <!-- … -->
    state, depth, quote = 0, 0, ""
    for place, sign in enumerate(text):
        before, follows = text[max(place - 2, 0) : place], text[place + 1 : place + 2]
        if sign == ">" and depth and state != 4:
            depth -= 1
        elif state == 0:
            if sign == "<" and not follows.isspace():
                state = 1
            elif sign != "\0":
                kept.append(sign)
        elif sign == "<" and state == 1 and not quote and not follows.isspace():
            depth += 1
        elif sign == ">" and not quote and before.endswith({2: "?", 4: "--"}.get(state, "")):
            state = 0
        elif sign in "\"'" and state in (1, 2, 3):
            quote = "" if quote == sign else quote or sign
        elif state == 1 and before[-1:] == "<" and sign in "!?":
            state = 3 if sign == "!" else 2
        elif state == 3 and sign == "-" and before == "!-":
            state = 4
    return "".join(kept)


def php_text(value: Any) -> str:
    """``(string)``."""
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)


def collated(text: str) -> str:
    """How the database compares and sorts texts: without regard to case and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def truthy(value: Any) -> bool:
    """PHP's idea of truth: "0" and "" are false, "false" is true."""
    return value not in (None, False, 0, 0.0, "", "0", [], {}, ())


def to_int(value: Any) -> int:
    """``intval``."""
    if isinstance(value, (bool, int, float)):
        return int(value)
    match = re.match(r"\s*[-+]?\d+", value) if isinstance(value, str) else None
    return int(match.group()) if match else 0


def parse_list(value: Any) -> list[str]:
    """``wp_parse_list``: commas and whitespace separate, arrays are taken as they are (core.md §10.12)."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        return [str(item) for item in value.values()]
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    return [item for item in re.split(r"[\s,]+", str(value)) if item]


def parse_ids(value: Any) -> list[int]:
    """``wp_parse_id_list``: unique absolute integers."""
    return list(dict.fromkeys(abs(to_int(item)) for item in parse_list(value)))


def version_key(version: str) -> tuple[int, ...]:
    """Enough of ``version_compare`` for requirement checks: what follows a hyphen and zeros at the end do not count."""
    numbers = [int(part) for part in re.findall(r"\d+", version.split("-", 1)[0])]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def meets(version: str, required: str) -> bool:
    """Does the version satisfy the requirement (an empty one always)?"""
    return not required or version_key(version) >= version_key(required)


def wordpress_meets(version: str, required: str) -> bool:
    """``is_wp_version_compatible`` on a child that tells others this version of its WordPress. One that is hidden or
    made up is so for others only: WordPress itself knows the true one, which does."""
    return not version[:1].isdigit() or meets(version, required)


def bare_url(url: str) -> str:
    """A URL without scheme, www. and trailing slash, for ordering and comparing."""
    return url.split("://", 1)[-1].lower().removeprefix("www.").rstrip("/")
