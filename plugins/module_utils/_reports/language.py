# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words, dates, numbers and plurals of a language, from its wording file. Pure. PRIVATE to the collection."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from typing import Any

_MONTHS = 12


def merged(*files: Mapping[str, Any]) -> dict[str, Any]:
    """Wording files on top of each other: what a later one has not, an earlier one has."""
    result: dict[str, Any] = {}
    for file in files:
        for key, value in file.items():
            known = result.get(key)
            if isinstance(known, Mapping) and isinstance(value, Mapping):
                result[key] = merged(known, value)
            else:
                result[key] = value
    return result


def misfit(file: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """What in a wording file is not of the kind that ``known``, a whole one, has there; empty where all is. What no other
    has is for templates of somebody's own."""
    for key in file.keys() & known.keys():
        value, like = file[key], known[key]
        if isinstance(like, Mapping):
            if not isinstance(value, Mapping):
                return f"{key} has no keys of its own"
            inside = misfit(value, like)
            if inside:
                return f"{key}: {inside}"
        elif isinstance(like, list):
            if not isinstance(value, list) or not all(isinstance(one, (str, int)) for one in value):
                return f"{key} is no list"
            if len(like) == _MONTHS and len(value) != _MONTHS:
                return f"{key} has not {_MONTHS} entries"
        elif not isinstance(value, (str, int, float)):
            return f"{key} is no text"
    return ""


class Language:
    """What templates ask for words. A key that no wording file has is an error of the template: KeyError."""

    def __init__(self, code: str, words: Mapping[str, Any]) -> None:
        self.code = code
        self._words = words

    def text(self, key: str, /, **given: Any) -> str:
        """A sentence with its blanks filled in. What fills them is never read as a sentence itself."""
        return _filled(str(self._words["texts"][key]), given)

    def count(self, key: str, number: int) -> str:
        """``3 updates``: a number with its noun."""
        forms = self._words["counts"][key]
        return _filled(str(forms["one" if number in self._words["singular"] else "other"]), {"n": self.number(number)})

    def number(self, value: int) -> str:
        """``12,345`` as the language groups it."""
        return f"{value:,}".replace(",", str(self._words["thousands"]))

    def decimal(self, value: float) -> str:
        """``1.5``: at most two digits behind the mark."""
        whole, dummy, rest = f"{value:.2f}".rstrip("0").rstrip(".").partition(".")
        return f"{whole}{self._words['decimal_mark']}{rest}" if rest else whole

    def date(self, day: datetime.date) -> str:
        """A whole date."""
        return self._date("date", day)

    def short(self, day: datetime.date) -> str:
        """A date for narrow places."""
        return self._date("short_date", day)

    def _date(self, form: str, day: datetime.date) -> str:
        month, short = (self._words[key][day.month - 1] for key in ("months", "short_months"))
        first = self._words.get("first_of_month") if day.day == 1 else None
        given = {"day": first or day.day, "month": month, "short_month": short, "year": day.year}
        return _filled(str(self._words[form]), given)

    def period(self, since: datetime.date, until: datetime.date) -> str:
        """A month by its name, anything else from day to day."""
        last = calendar.monthrange(until.year, until.month)[1]
        if since.day == 1 and until.day == last and (since.year, since.month) == (until.year, until.month):
            return self._date("month_and_year", since)
        return self.date(since) if since == until else f"{self.date(since)} – {self.date(until)}"

    def reason(self, code: str) -> str:
        """A reason code in plain words; empty for one that has none."""
        return str(self._words["reasons"].get(code) or "")

    def step(self, code: str, **given: Any) -> str:
        """What comes next for a reason; empty where nothing has to be done."""
        return _filled(str(self._words["steps"].get(code) or ""), given)


def _filled(text: str, given: Mapping[str, Any]) -> str:
    """Each blank once; what stands in a name is no blank."""
    parts = text.split("{")
    result = parts[0]
    for part in parts[1:]:
        key, closed, rest = part.partition("}")
        result += f"{given[key]}{rest}" if closed and key in given else "{" + part
    return result
