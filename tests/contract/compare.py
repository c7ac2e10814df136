# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a recorded answer with a simulated one: status, envelope, keys, JSON types and values.

Every value must be equal, unless its key is listed in :data:`VOLATILE`: such a value must have the same type and the
same form on both sides. JSON inside a JSON string is compared as JSON. :class:`Movements` compares *when* a volatile
value changes: a site's ``last_sync`` must move exactly where it moved in the recording.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

#: what is absent on one side
ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    """One place where the answers differ."""

    path: str
    expected: Any
    actual: Any
    why: str

    def __str__(self) -> str:
        return f"{self.path}: {self.why}: recorded {_short(self.expected)}, simulated {_short(self.actual)}"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, reduced to what the contract is about. ``headers`` is ``None`` where none were recorded."""

    status: int
    content_type: str
    body: Any
    headers: dict[str, str] | None = None


#: tells whether a pair of volatile values is alike; each value alone must have the form, too
Likeness = Callable[[Any, Any], bool]


def _form(pattern: str) -> Likeness:
    """Both are strings of that form."""
    compiled = re.compile(pattern)

    def alike(expected: Any, actual: Any) -> bool:
        return all(isinstance(value, str) and compiled.fullmatch(value) for value in (expected, actual))

    return alike


def _moment(expected: Any, actual: Any) -> bool:
    """Both are dates of the same notation (empty where empty), or both are "never"."""
    form = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)?")
    if not all(isinstance(value, str) and form.fullmatch(value) for value in (expected, actual)):
        return False
    never = ("", "1970-01-01T00:00:00")
    return expected == actual if expected in never or actual in never else expected[10] == actual[10]


def _stamp(expected: Any, actual: Any) -> bool:
    """Both are Unix times of the same JSON type, or both are 0, "" or null."""
    if type(expected) is not type(actual):
        return False
    if not expected or not actual or "0" in (expected, actual):
        return bool(expected == actual)
    return all(re.fullmatch(r"1[789]\d{8}", str(value)) for value in (expected, actual))


def _created(expected: Any, actual: Any) -> bool:
    """Equal, or both are dates of one year (others were written), or both are Unix times."""
    same_year = _moment(expected, actual) and expected[:4] == actual[:4]
    return expected == actual or same_year or _stamp(expected, actual)


def _unescaped(expected: Any, actual: Any) -> bool:
    """Equal once HTML entities (WordPress picks them at random to hide addresses) are resolved."""
    texts = (expected, actual)
    return all(isinstance(value, str) for value in texts) and html.unescape(expected) == html.unescape(actual)


def _size(expected: Any, actual: Any) -> bool:
    """Both are numbers in strings; or equal, where it is the switch that says whether a sync asks for it."""
    return expected == actual or _form(r"\d+")(expected, actual)


def _address(expected: Any, actual: Any) -> bool:
    """Equal addresses, but for the Dashboard's own host and port."""
    both = all(isinstance(value, str) for value in (expected, actual))
    return both and _hostless(expected) == _hostless(actual)


def _hostless(text: str) -> str:
    return re.sub(r"https?://[^/>]+", "http://dashboard", text)


def _password(expected: Any, actual: Any) -> bool:
    """Equal, or both are made up by WordPress."""
    made_up = _form(r"[a-zA-Z0-9!@#$%^&*()]{24}")
    return expected == actual or made_up(expected, actual)


_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

#: key -> how to tell that two values of it are alike
VOLATILE: dict[str, Likeness] = {
    "last_sync": _moment,
    "last_time_start_batch_updates": _moment,
    "created": _created,
    "registered": _moment,
    "last_access": _moment,
    "dtsAutomaticSync": _stamp,
    "dtsAutomaticSyncStart": _stamp,
    "dtsSync": _stamp,
    "dtsSyncStart": _stamp,
    "offline_checks_last": _stamp,
    "statsUpdate": _stamp,
    "added_timestamp": _stamp,
    "start_time": _stamp,
    "job_id": _form(rf"(sync|update)_{_UUID}"),
    "database_size": _form(r"\d+"),
    "dbsize": _size,
    "db_size": _form(r"\d+(\.\d+)?"),
    "href": _address,
    "author_email": _unescaped,
    "token": _form(r"[0-9a-f]{40}==[0-9a-f]{40}"),
    "truncated_key": _form(r"[0-9a-f]{7}"),
    "user_pass": _password,
    # a secret, masked in the recordings
    "extauth": _form(r".*"),
}

#: volatile keys whose changes are followed by :class:`Movements`
FOLLOWED = ("last_sync", "dtsAutomaticSync", "dtsAutomaticSyncStart", "last_time_start_batch_updates")


def compare(expected: Any, actual: Any, path: str = "body") -> list[Difference]:
    """All differences between two JSON values, ``expected`` being the recorded one."""
    return list(_walk(expected, actual, path, ""))


def compare_answers(expected: Answer, actual: Answer) -> list[Difference]:
    """All differences between a recorded and a simulated HTTP answer."""
    found: list[Difference] = []
    if expected.status != actual.status:
        found.append(Difference("status", expected.status, actual.status, "other status"))
    if _media(expected.content_type) != _media(actual.content_type):
        found.append(Difference("content type", expected.content_type, actual.content_type, "other content type"))
    if expected.headers is not None:
        found += compare(_portable(expected.headers), _portable(actual.headers or {}), "headers")
    if _media(expected.content_type).startswith("text/html"):
        texts = [visible_text(str(answer.body)) for answer in (expected, actual)]
        return found + compare(*texts, "text")
    return found + compare(expected.body, actual.body)


def visible_text(page: str) -> str:
    """The words of an HTML page: what carries meaning of an error page."""
    page = re.sub(r"(?s)<style.*?</style>|<script.*?</script>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def _walk(expected: Any, actual: Any, path: str, key: str) -> Iterator[Difference]:
    if key in VOLATILE:
        if not VOLATILE[key](expected, actual):
            yield Difference(path, expected, actual, "not alike")
        return
    if type(expected) is not type(actual):
        yield Difference(path, expected, actual, f"{_kind(expected)} became {_kind(actual)}")
    elif isinstance(expected, dict):
        yield from _walk_object(expected, actual, path)
    elif isinstance(expected, list):
        if len(expected) != len(actual):
            yield Difference(path, expected, actual, f"{len(expected)} items became {len(actual)}")
        for number, (before, after) in enumerate(zip(expected, actual, strict=False)):
            yield from _walk(before, after, f"{path}[{number}]", "")
    elif isinstance(expected, str) and _embedded(expected) is not None and _embedded(actual) is not None:
        yield from _walk(_embedded(expected), _embedded(actual), f"{path}(json)", "")
    elif expected != actual:
        yield Difference(path, expected, actual, "other value")


def _walk_object(expected: dict[str, Any], actual: dict[str, Any], path: str) -> Iterator[Difference]:
    for key in [*expected, *(key for key in actual if key not in expected)]:
        where = f"{path}.{key}"
        if key not in actual:
            yield Difference(where, expected[key], ABSENT, "key missing")
        elif key not in expected:
            yield Difference(where, ABSENT, actual[key], "key too many")
        else:
            yield from _walk(expected[key], actual[key], where, key)


def _embedded(text: Any) -> Any:
    """The list or object that a string holds as JSON, ``None`` if it holds none."""
    if not isinstance(text, str) or text[:1] not in ("[", "{"):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _portable(headers: dict[str, str]) -> dict[str, str]:
    """The recorded headers, without the Dashboard's own address."""
    wanted = {name: headers[name] for name in ("Link", "Allow") if name in headers}
    if "Link" in wanted:
        wanted["Link"] = _hostless(wanted["Link"])
    return wanted


def _media(content_type: str) -> str:
    return content_type.replace(" ", "").lower()


def _kind(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    return names.get(type(value), "null")


def _short(value: Any) -> str:
    text = value if value is ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:297]}…"


class Movements:
    """Follows the times of each object through a story: they must move when, and only when, the recorded ones do."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[Any, Any]] = {}

    def follow(self, expected: Any, actual: Any) -> list[Difference]:
        """Differences in movement since the answers before."""
        return list(self._follow(expected, actual, "body"))

    def _follow(self, expected: Any, actual: Any, path: str) -> Iterator[Difference]:
        if isinstance(expected, list) and isinstance(actual, list):
            for number, (before, after) in enumerate(zip(expected, actual, strict=False)):
                yield from self._follow(before, after, f"{path}[{number}]")
        elif isinstance(expected, dict) and isinstance(actual, dict):
            for key in FOLLOWED:
                if key in expected and key in actual:
                    yield from self._moved(str(expected.get("id", "")), key, expected[key], actual[key], path)
            for key in expected:
                if key in actual:
                    yield from self._follow(expected[key], actual[key], f"{path}.{key}")

    def _moved(self, owner: str, key: str, expected: Any, actual: Any, path: str) -> Iterator[Difference]:
        before = self._last.get((owner, key))
        self._last[owner, key] = (expected, actual)
        if before is None:
            return
        moves = (expected != before[0], actual != before[1])
        if moves == (True, False):
            yield Difference(f"{path}.{key}", expected, actual, "moved in the recording alone")
        elif moves == (False, True):
            yield Difference(f"{path}.{key}", expected, actual, "moved in the simulation alone")
