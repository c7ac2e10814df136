# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Versions and how they relate: pure. PRIVATE to the collection.

``order`` is PHP's, ``same`` tells one release in two spellings, ``meets_php`` and ``meets_wp`` are WordPress's rules for
requirements. All of them take any text, for a site may claim any version.
"""

from __future__ import annotations

import re
from itertools import pairwise

PATCH, MINOR, MAJOR = "patch", "minor", "major"
CHANGES = (PATCH, MINOR, MAJOR)

#: Longer ones are cut: Python refuses to read numbers of thousands of digits.
_LONGEST = 1000
#: What PHP's strtol makes of larger numbers.
_LARGEST = 2**63 - 1
#: PHP's order of words by how they begin; any other word comes first, and a number (or nothing) stands at _NUMBER.
_WORDS = ((b"dev", 0), (b"alpha", 1), (b"a", 1), (b"beta", 2), (b"b", 2), (b"RC", 3), (b"rc", 3), (b"#", 4), (b"p", 5))
_NUMBER = 4
_DIGITS = b"0123456789"
_ALNUM = _DIGITS + b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Other names of the words in versions.
_ALIASES = {"a": "alpha", "b": "beta", "c": "rc", "p": "pl"}


def order(left: str, right: str) -> int:
    """-1, 0 or 1, exactly as PHP's version_compare: 6.0 is above 6, and odd texts are as odd as there."""
    if not left or not right:
        return bool(left) - bool(right)
    one, two = _parts(left), _parts(right)
    # The nothing behind a last dot is compared with nothing.
    shared = min(len(parts) - (not parts[-1]) for parts in (one, two))
    for pair in zip(one[:shared], two[:shared], strict=True):
        if found := _compare(*pair):
            return found
    return _against_nothing(one[shared:]) if shared < len(one) else -_against_nothing(two[shared:])


def _parts(version: str) -> list[bytes]:
    """``7.1-beta2`` → ``[7, 1, beta, 2]``, as PHP splits it: byte by byte, the first one as it is."""
    raw = version.encode("utf-8", "replace")[:_LONGEST]
    if raw.startswith(b"#"):
        return raw.split(b".")
    made = bytearray(raw[:1])
    for last, byte in pairwise(raw):
        border = (_is_word(last) and byte in _DIGITS) or (last in _DIGITS and _is_word(byte))
        kept = byte not in b"-_+" and (border or byte in _ALNUM)
        if (border or not kept) and made[-1:] != b".":
            made += b"."
        if kept:
            made.append(byte)
    return bytes(made).split(b".")


def _is_word(byte: int) -> bool:
    return byte not in _DIGITS and byte != ord(".")


def _compare(one: bytes, two: bytes) -> int:
    if one[:1].isdigit() and two[:1].isdigit():
        first, second = (min(int(re.findall(rb"\d+", part)[0]), _LARGEST) for part in (one, two))
        return _sign(first - second)
    return _sign(_rank(one) - _rank(two))


def _rank(part: bytes) -> int:
    if part[:1].isdigit():
        return _NUMBER
    return next((rank for word, rank in _WORDS if part.startswith(word)), -1)


def _against_nothing(rest: list[bytes]) -> int:
    """What one version has more than the other: a number raises it, a word does what it says."""
    for part in rest:
        if part[:1].isdigit():
            return 1
        if _rank(part) != _NUMBER:
            return _sign(_rank(part) - _NUMBER)
    return 0


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def bare(version: str) -> str:
    """The version without blanks around it and without the v in front of a number."""
    text = version.strip()
    return text[1:] if re.match(r"[vV]\d", text) else text


def spelling(version: str) -> str:
    """One spelling for all spellings of a release: no leading v, no zeros at the end of a row of numbers, words in lower
    case and in full. ``v2.5.0`` → ``2.5``, ``1.0.0-B2`` → ``1.beta.2``."""
    parts = [
        part.lstrip("0") or "0" if part[:1].isdigit() else _ALIASES.get(part, part)
        for part in re.findall(r"\d+|[^\W\d_]+", bare(version)[:_LONGEST].lower())
    ]
    kept: list[str] = []
    for part in reversed(parts):
        if part != "0" or (kept and kept[-1][:1].isdigit()):
            kept.append(part)
    return ".".join(reversed(kept)) or ("0" if parts else version)


def same(left: str, right: str) -> bool:
    """True for one release, however it is spelled: 2.5, v2.5 and 2.5.0. An unknown version is only like itself."""
    return left == right or (bool(left) and bool(right) and spelling(left) == spelling(right))


def lower(one: str, other: str) -> bool:
    """True when ``one`` is an older release than ``other``, whatever the spelling."""
    return not same(one, other) and order(bare(one), bare(other)) < 0


def meets_php(present: str, needed: str) -> bool:
    """WordPress's is_php_version_compatible, on a site with PHP ``present``."""
    # Of a version that a site hides or makes up WordPress itself knows the true one, so let it decide.
    told = re.match(r"0*[1-9]", present)
    return needed in ("", "0") or not told or order(present, needed) >= 0  # these two PHP calls empty


def meets_wp(present: str, needed: str) -> bool:
    """WordPress's is_wp_version_compatible, on a site with WordPress ``present``: as with PHP, but what follows a hyphen
    does not count (7.0-RC3 meets 7.0), and 6.9.0 is read as 6.9."""
    trimmed = needed.strip()
    if trimmed.count(".") > 1 and trimmed.endswith(".0"):
        needed = trimmed[:-2]
    return meets_php(present.split("-", 1)[0], needed)


def version_change(old: str, new: str, core: bool = False) -> str:
    """The size of a step: patch, minor or major.

    For WordPress itself x.y is a major release and x.y.z a minor one. A version that cannot be read is major.
    """
    before, after = _leading_numbers(old), _leading_numbers(new)
    if not before or not after or before[0] != after[0]:
        return MAJOR
    if before[1:2] == after[1:2]:
        return MINOR if core else PATCH
    return MAJOR if core else MINOR


def _leading_numbers(version: str) -> list[int | None]:
    """The first two numbers, a missing one as 0, a word in the second place as None; empty if it begins with a word."""
    parts = re.findall(r"\d+|[^\W\d_]+", bare(version)[:_LONGEST])
    if not parts or not parts[0].isdecimal():
        return []
    second = parts[1] if len(parts) > 1 else "0"
    return [int(parts[0]), int(second) if second.isdecimal() else None]
