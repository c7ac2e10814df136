# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values made into YAML that people read and Ansible loads as variables: pure. PRIVATE to the collection.

A writer of our own: the bytes must not depend on what PyYAML there is, a host of ``run_on: host`` has none at all, and emoji
stay readable. What comes in are maps with plain names, lists, texts, numbers and flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

#: A text that no reader of YAML takes for anything else, in either version of it, stands as it is …
_PLAIN = re.compile(r"[^\W\d_](?:[\w ./+(),'&;@=%!?$-]|:(?=[\w/]))*(?<! )")
#: … unless it is one of these words.
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"}
#: What has to be written by its number between quotes: what YAML takes for the end of a line, or cannot hold.
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
#: Half a character: no YAML holds it.
_HALF = re.compile("[\ud800-\udfff]")
#: What no YAML holds, not even in a comment.
_UNWRITABLE = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]")
#: Several lines that stand as they are: none begins or ends with a blank, and the last one may end.
_LINES = re.compile(r"\S(?:.*\S)?(?:\n+\S(?:.*\S)?)+\n?")
#: What makes Ansible evaluate a text.
_TEMPLATE = re.compile(r"\{[{%#]|\A#jinja2:")


def comment(text: str) -> str:
    """A text in one line, of which nothing ends a comment."""
    return _UNWRITABLE.sub("", " ".join(text.split()))


def block(value: Any, indent: int = 0) -> Iterator[str]:
    """A map or a list in lines, each entry of it below the other."""
    pad = " " * indent
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _below(f"{pad}{name}:", one, indent)
    else:
        for one in value:
            if isinstance(one, Mapping) and one:
                lines = list(block(one, indent + 2))
                yield f"{pad}- {lines[0][indent + 2 :]}"
                yield from lines[1:]
            else:
                yield from _below(f"{pad}-", one, indent)


def _below(head: str, value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, (Mapping, list, tuple)):
        if value:
            yield head
            yield from block(value, indent + 2)
        else:
            yield f"{head} {'{}' if isinstance(value, Mapping) else '[]'}"
    else:
        yield f"{head} {scalar(value, indent + 2)}"


def scalar(value: Any, indent: int) -> str:
    """A value that has no parts; of several lines all but the first are indented."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole, dummy, rest = f"{value:.8f}".partition(".")
        return f"{whole}.{rest.rstrip('0') or '0'}"
    if isinstance(value, int):
        return str(value)
    text = _HALF.sub("\ufffd", str(value))
    mark = "!unsafe " if _TEMPLATE.search(text) else ""
    if not mark and _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    if _LINES.fullmatch(text) and not _ESCAPED.search(text.translate(_HARMLESS)):
        head = "|" if text.endswith("\n") else "|-"
        return "\n".join(
            [mark + head, *(f"{' ' * indent}{line}".rstrip(" ") for line in text.rstrip("\n").split("\n"))]
        )
    return f'{mark}"{_ESCAPED.sub(_escape, text)}"'


#: What needs no number in lines that stand as they are.
_HARMLESS = {ord(sign): None for sign in '"\\\n'}


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    return _SHORT.get(sign) or (f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}")
