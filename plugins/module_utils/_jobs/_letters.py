# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letters to clients about a month, from reports that were kept. PRIVATE to the collection."""

from __future__ import annotations

import base64
import calendar
import datetime
import functools
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import _errors as errors
from .._addresses import normal_url
from .._files import differs, folder_of, write
from .._reports.belonging import BACKUPS, Belonging, counts, sorted_out, warning
from .._reports.client_page import Beside, client_page, gaps
from .._reports.keys import Key
from .._reports.language import Language, merged, misfit
from .._reports.letters import ONE_DAY, Day, Letter, Period, left, letters, silent
from .._reports.names import file_name
from .._reports.runs import Run, runs_in
from .._reports.vulnerable import looks_of
from ._drawing import TEMPLATES, drawn, own_templates
from ._report_sources import Sources, sources_from

#: The option ``letter``; documented in mainwp_report.
SPEC: dict[str, Any] = {
    "type": "dict",
    "default": {},
    "options": {
        "language": {"type": "str", "default": "en"},
        "sender": {"type": "str", "default": ""},
        "greeting": {"type": "str", "default": ""},
        "logo": {"type": "str", "default": ""},
        "color": {"type": "str", "default": ""},
        "every": {"type": "str", "choices": ["day", "week"], "default": "week"},
    },
}
#: The folder of all letters, below that of the reports.
LETTERS = "letters"
_LOGOS = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp", ".svg": "svg+xml"}
#: A logo is in each letter, so it should not be larger than the rest.
_LARGEST_LOGO = 300_000


@dataclass(frozen=True)
class LetterOptions:
    """The checked options of the page ``client``."""

    folder: str
    templates: str
    sources: Sources
    period: tuple[Day, Day]
    every: str
    incomplete: str
    words: Language
    manner: Mapping[str, Any]
    beside: Beside

    def make(self, check_mode: bool, reporter: Any) -> dict[str, Any]:
        """Compose the letters, and write them; all of them, or none where one must not be sent."""
        today = datetime.datetime.fromtimestamp(self.beside.now, tz=datetime.timezone.utc).date()
        runs, period = runs_in(self.sources.reports), Period(*self.period, self.every, today)
        found = letters(runs, period)
        extra, strangers = self._extra(runs, found)
        text = "{}: no report of the period tells of {}. The last one that does is of {}."
        lacking = [text.format(place, "any site", day) for place, day in silent(runs, period)]
        missing = [letter for letter in found if not letter.is_whole]
        if (missing or lacking) and self.incomplete == "refuse":
            told = [f"{len(missing)} letters would not be whole."] if missing else []
            told += [f"{letter.dashboard}: {' '.join(gaps(letter, self.words))}" for letter in missing[:3]]
            return {"failed": True, "changed": False, "msg": " ".join([*told, *lacking]), "letters": []}
        for place, client, name, day in left(runs, period):
            lacking.append(text.format(place, f"a site of client {client} ({name})", day))
        for sentence in [*lacking, *([warning(strangers)] if strangers else [])]:
            reporter.warn(sentence)
        made = [self._letter(letter, replace(self.beside, extra=extra)) for letter in found]
        files = [one["file"] for one in made if one["file"]]
        if len(set(files)) < len(files):
            raise errors.InputError(
                "sources", "two Dashboards make the same folder.", "Make letters for one at a time."
            )
        changed = False
        try:
            for one in made:
                if one["file"]:
                    changed = (differs if check_mode else write)(Path(one["file"]), one["page"]) or changed
        except OSError as exc:
            return {"failed": True, "changed": changed, "msg": str(exc), "letters": []}
        return {"changed": changed, "letters": [{key: one[key] for key in one if key != "page"} for one in made]}

    def _extra(self, runs: Iterable[Run], found: Iterable[Letter]) -> tuple[Belonging, list[str]]:
        """What you noted for the period, by whom it is about, and what nobody will read."""
        given = self.sources.extra
        noted = {name: [entry for entry in given[name] if counts(entry, *self.period)] for name in given}
        sites: dict[Key, set[str]] = {}
        clients: dict[Key, set[str]] = {}
        for run in runs:
            for site, client, entry in run.told():
                sites.setdefault(site, set()).add(normal_url(str(entry.get("url") or "")))
                if client[1]:
                    clients.setdefault(client, set()).add(str(entry.get("client_name") or ""))
        extra, strangers = sorted_out(noted, sites, clients)
        readers = {(letter.dashboard, letter.client) for letter in found}
        strangers += [
            f"{name}: client {key[1]} on {key[0]}, who gets no letter"
            for name, about in extra.items()
            for key in about
            if name != BACKUPS and key not in readers
        ]
        return extra, strangers

    def _letter(self, letter: Letter, beside: Beside) -> dict[str, Any]:
        page = client_page(letter, self.words, self.period, self.manner, beside)
        values = {"page": page, "words": self.words}
        name = "-".join(filter(None, (str(letter.client), file_name(letter.name))))
        folder = folder_of(self.folder, LETTERS, period_name(self.period), letter.dashboard or "dashboard")
        return {
            "dashboard": letter.dashboard,
            "client_id": letter.client,
            "client_name": letter.name,
            "complete": letter.is_whole,
            "missing": page["gaps"],
            "file": f"{folder}/{name}.html" if folder else "",
            "mail": {
                "subject": page["title"],
                "text": re.sub(r"\n{3,}", "\n\n", drawn("mail.txt.j2", self.templates, values)).strip() + "\n",
                "html": drawn("mail.html.j2", self.templates, values),
            },
            "page": drawn("client.html.j2", self.templates, values),
        }


def options_from(params: Mapping[str, Any]) -> LetterOptions:
    """Check the options, and read the sources. Raises InputError."""
    given = {name: option["default"] for name, option in SPEC["options"].items()} | dict(params.get("letter") or {})
    sources = params.get("sources") or {}
    if not sources.get("reports"):
        raise errors.InputError("sources", "has no reports.", "Letters are made of the reports of the role.")
    if given["color"] and not re.fullmatch(r"#[0-9a-fA-F]{6}", given["color"]):
        raise errors.InputError("letter", f"color: '{given['color']}' is no colour.", "Use #2d6cdf.")
    templates = own_templates(params["templates"])
    told, now = sources_from(sources), time.time()
    today = datetime.datetime.fromtimestamp(now, tz=datetime.timezone.utc).date()
    return LetterOptions(
        folder=params["dir"] or "",
        templates=templates,
        sources=told,
        period=period_from(params.get("period") or "", today),
        every=given["every"],
        incomplete=params["incomplete"],
        words=language(given["language"], templates),
        manner={**given, "logo": _logo(given["logo"])},
        beside=Beside(
            watches=told.watches,
            looks=looks_of(told.vulnerabilities) if params["client_vulnerabilities"] == "closed" else {},
            now=now,
        ),
    )


def period_from(given: str, today: Day) -> tuple[Day, Day]:
    """``2026-11``, or ``2026-11-01/2026-11-15``; without one the month before this one. Raises InputError."""
    if not given:
        last = today.replace(day=1) - ONE_DAY
        return last.replace(day=1), last
    try:
        if re.fullmatch(r"\d{4}-\d\d", given):
            first = Day.fromisoformat(f"{given}-01")
            return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
        first, last = map(Day.fromisoformat, given.split("/"))
    except ValueError:
        raise errors.InputError("period", f"'{given}' is no period.", "Use 2026-11 or 2026-11-01/2026-11-15.") from None
    if first > last:
        raise errors.InputError("period", f"'{given}' ends before it begins.")
    return first, last


def period_name(period: tuple[Day, Day]) -> str:
    """The folder of a period's letters: ``2026-11``, or ``2026-11-01_2026-11-15``."""
    since, until = period
    is_month = since.day == 1 and (until + ONE_DAY).day == 1 and since.isoformat()[:7] == until.isoformat()[:7]
    return since.isoformat()[:7] if is_month else "_".join(dict.fromkeys(map(str, period)))


def language(code: str, templates: str) -> Language:
    """The words of a language: your own before the collection's, and English for what neither has. Raises InputError."""
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", code):
        raise errors.InputError("letter", f"language: '{code}' is no language.")
    return _language(code, templates) if templates else _ours(code)


@functools.lru_cache(maxsize=8)
def _ours(code: str) -> Language:
    """Of the collection's files alone, which do not change: read once, and their templates are compiled once."""
    return _language(code, "")


def _language(code: str, templates: str) -> Language:
    names = dict.fromkeys(("en", code))
    folders = [TEMPLATES, *([Path(templates)] if templates else [])]
    found = [folder / f"words.{name}.yml" for name in names for folder in folders]
    files = [path for path in found if path.is_file()]
    if not any(path.name == f"words.{code}.yml" for path in files):
        raise errors.InputError(
            "letter", f"language: there is no words.{code}.yml.", "Put one into the folder of templates."
        )
    words: dict[str, Any] = {}
    for file in files:
        told = _words(file)
        wrong = misfit(told, words)
        if wrong:
            raise errors.InputError("letter", f"language: {file}: {wrong}.", "Copy the shape of words.en.yml.")
        words = merged(words, told)
    return Language(code, words)


def _words(file: Path) -> Mapping[str, Any]:
    import yaml

    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise errors.InputError("letter", f"language: {file}: {exc}") from None
    if not isinstance(found, Mapping):
        raise errors.InputError("letter", f"language: {file} has no keys.")
    return found


def _logo(given: str) -> str:
    """The picture as part of the page."""
    if not given:
        return ""
    file = Path(given).expanduser()
    kind = _LOGOS.get(file.suffix.lower())
    if kind is None:
        raise errors.InputError("letter", f"logo: {file.name} is none of {', '.join(_LOGOS)}.")
    try:
        data = file.read_bytes()
    except OSError as exc:
        raise errors.InputError("letter", f"logo: {exc}") from None
    if len(data) > _LARGEST_LOGO:
        raise errors.InputError(
            "letter", f"logo: {file.name} has more than {_LARGEST_LOGO // 1000} kB.", "Make it smaller."
        )
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
