# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A record of a feed as a flaw: what Wordfence Intelligence v3 tells, bounded and made harmless. Pure. PRIVATE."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._flaws import ANY, Flaw, Range, Software, rating_of
from .._models import CORE, CORE_SLUG, PLUGIN, THEME
from .._secrets import plain

_TYPES = (CORE, PLUGIN, THEME)
#: No more of anything is kept of one record.
_MOST = 500
#: The longest notice.
_NOTICE = 4000


def flaw_of(key: str, record: Mapping[str, Any]) -> Flaw | None:
    """The flaw that a record tells of, without its notices, as far as it can be understood; None if it cannot at all."""
    told = record.get("software")
    if not isinstance(told, list):
        return None
    software = [one for one in map(_software, told[:_MOST]) if one is not None]
    if told and not software:
        return None
    cvss = _map(record.get("cvss"))
    score = _score(cvss.get("score"))
    number = plain(record.get("id") or key, 100)
    return Flaw(
        id=number,
        title=plain(record.get("title")),
        cve=plain(record.get("cve"), 40),
        link=_link(record, number),
        score=score,
        rating=rating_of(score, plain(cvss.get("rating"), 40)),
        informational=record.get("informational") is True,
        published=plain(record.get("published"), 40),
        software=tuple(software),
    )


def is_whole(record: Mapping[str, Any], flaw: Flaw) -> bool:
    """True when all software and all ranges of a record are in the flaw that was made of it."""
    told = record["software"]
    return len(told) == len(flaw.software) and all(
        len(one["affected_versions"]) == len(kept.ranges) for one, kept in zip(told, flaw.software, strict=True)
    )


def _software(told: Any) -> Software | None:
    if not isinstance(told, Mapping):
        return None
    kind, slug = plain(told.get("type"), 40), plain(told.get("slug"), 200)
    ranges = told.get("affected_versions")
    if isinstance(ranges, Mapping):
        ranges = list(ranges.values())
    if kind not in _TYPES or not slug or not isinstance(ranges, list):  # PHP writes an empty map as a list
        return None
    found = [one for one in map(_range, ranges[:_MOST]) if one is not None]
    if ranges and not found:
        return None
    patched = told.get("patched_versions")
    return Software(
        type=kind,
        slug=CORE_SLUG if kind == CORE else slug.casefold(),
        name=plain(told.get("name"), 200),
        ranges=tuple(found),
        patched=tuple(plain(one, 100) for one in patched[:_MOST]) if isinstance(patched, list) else (),
    )


def _range(told: Any) -> Range | None:
    ends = [told.get(name, ()) for name in ("from_version", "to_version")] if isinstance(told, Mapping) else [()]
    if not all(end is None or (isinstance(end, (str, int, float)) and not isinstance(end, bool)) for end in ends):
        return None
    low, high = (plain(end, 100) for end in ends)  # an end without a version is none
    return Range(
        low or ANY, told.get("from_inclusive") is not False, high or ANY, told.get("to_inclusive") is not False
    )


def _score(told: Any) -> float | None:
    try:
        score = float(told)
    except (TypeError, ValueError, OverflowError):
        return None
    return score if math.isfinite(score) and 0 <= score <= 10 else None


def _link(record: Mapping[str, Any], number: str) -> str:
    """The page of the record itself, else the first that it refers to."""
    told = record.get("references")
    links = [text for text in map(_address, told[:_MOST] if isinstance(told, list) else []) if text]
    return next((text for text in links if number and number in text), links[0] if links else "")


def _address(told: Any) -> str:
    text = told.strip() if isinstance(told, str) else ""
    return text if re.fullmatch(r"https?://[!#-&(-;=?-\[\]-_a-z{-~]{1,1000}", text) else ""


def notices_of(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The copyright notices that the terms of a feed ask for beside its texts."""
    told = _map(record.get("copyrights"))
    message = plain(told.get("message"), _NOTICE)
    for holder, one in list(told.items())[:_MOST]:
        if isinstance(one, Mapping):
            yield {
                "holder": plain(holder, 100),
                "message": message,
                "notice": plain(one.get("notice"), _NOTICE),
                "license": plain(one.get("license"), _NOTICE),
                "license_url": _address(one.get("license_url")),
            }


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
