# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .contenders import ACTIVATE, PLAN, SYNC, UPDATE
from .measure import Measured
from .recorded import fitted
from .rows import TELLS_TIME, Row, Start
from .second import SECOND
from .targets import Verdict

BEGIN, END = "<!-- written by make bench: begin -->", "<!-- written by make bench: end -->"
NONE = "–"
#: What the limits of a Dashboard bound; the others only read.
BOUND = (SYNC, UPDATE, ACTIVATE)
Column = tuple[str, Callable[[Row], str]]


def table(heads: Sequence[str], lines: Iterable[Sequence[str]], left: int = 1) -> str:
    """A Markdown table; the first ``left`` columns are words, the others figures."""
    rule = ["---" if number < left else "---:" for number in range(len(heads))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, rule, *lines))


def seconds(value: float | None) -> str:
    """Three figures, hardly more."""
    if value is None:
        return NONE
    return f"{value:.1f} s" if value < 100 else f"{value:,.0f} s"


def ratio(value: float | None) -> str:
    """How many times."""
    return NONE if value is None else f"{value:.2f} ×" if value < 10 else f"{value:.0f} ×"


def _time(row: Row) -> str:
    return seconds(row.ours.seconds if row.case.factor <= TELLS_TIME else None)


def _against(name: str) -> list[Column]:
    def its(row: Row) -> Measured | None:
        found: Measured | None = getattr(row, name)
        return found

    return [
        (name, lambda row: seconds(found.seconds if (found := its(row)) else None)),
        (f"{name} ÷ ours", lambda row: ratio(found.seconds / row.ours.seconds if (found := its(row)) else None)),
    ]


NAMES: list[Column] = [
    ("operation", lambda row: row.case.operation),
    ("sites", lambda row: f"{row.case.sites:,}"),
]
COSTS: list[Column] = [
    ("requests", lambda row: f"{row.ours.requests:,}"),
    ("memory", lambda row: f"{row.ours.process.megabytes:.0f} MB"),
]
FLOORED: list[Column] = [
    *NAMES,
    ("child IPs", lambda row: row.case.addresses),
    ("factor", lambda row: f"{row.case.factor:g}"),
    ("ours", _time),
    ("floor", lambda row: seconds(row.floor)),
    ("ours ÷ floor", lambda row: ratio(row.over_floor)),
    *_against("bulk"),
    *_against("uri"),
    *COSTS,
    ("a site", lambda row: f"{row.ours.requests / row.case.sites:.2f}"),
]
OURS: list[Column] = [
    *NAMES,
    ("ours", _time),
    ("processor, a site", lambda row: f"{row.ours.process.cpu / row.case.sites * 1000:.1f} ms"),
]
READING: list[Column] = [*OURS, *_against("uri"), *COSTS]


def sites_table(rows: Sequence[Row]) -> str:
    """Operations that the Dashboard's limits bound."""
    return _columns(FLOORED, [row for row in rows if row.case.operation in BOUND])


def reading_table(rows: Sequence[Row]) -> str:
    """Operations that only read."""
    return _columns(READING, [row for row in rows if reads(row)])


def reads(row: Row) -> bool:
    """Is it about reading, but for what has tables of its own?"""
    return row.case.operation not in (*BOUND, PLAN, *SECOND)


def second_table(rows: Sequence[Row]) -> str:
    """Second runs, which only read, too."""
    return _columns([*OURS, *COSTS], rows)


def _columns(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    return table([name for name, dummy in columns], ([cell(row) for dummy, cell in columns] for row in rows))


def starts_table(found: Sequence[Start]) -> str:
    """Start-up."""
    heads = ["one task", "each further task", "a play of one"]
    return table(heads, ([one.name, f"{one.task * 1000:.0f} ms", seconds(one.play)] for one in found))


def plans_table(rows: Sequence[Row]) -> str:
    """Reads of pending updates: many sites together, and one by one."""
    heads = [
        "sites",
        "updates a site",
        "requests",
        "one by one",
        "ratio",
        "seconds",
        "one by one",
        "ratio",
        "whole run",
    ]
    return table(heads, (_plan(row, row.ours.pending, row.alone) for row in rows), left=0)


def _plan(row: Row, ours: Measured | None, alone: Measured | None) -> list[str]:
    if ours is None or alone is None:
        raise ValueError(f"{row.case.name} was measured without what it is held against.")
    requests = [f"{ours.requests:,}", f"{alone.requests:,}", ratio(alone.requests / ours.requests)]
    times = [seconds(ours.seconds), seconds(alone.seconds), ratio(alone.seconds / ours.seconds)]
    return [f"{row.case.sites:,}", str(row.case.offers), *requests, *times, seconds(row.ours.seconds)]


def targets_table(verdicts: Sequence[Verdict]) -> str:
    """Targets, and whether they were met."""
    heads = ["target", "aim", "measured", ""]
    lines = ([one.name, one.aim, one.measured, one.word] for one in verdicts)
    return table(heads, lines, left=4)


def report(
    facts: str,
    rows: Sequence[Row],
    found: Sequence[Start],
    verdicts: Sequence[Verdict],
    feeds: Sequence[str] = (),
    pages: Sequence[str] = (),
) -> str:
    """All of it."""
    parts = [facts]
    if verdicts:
        parts += ["## Targets", targets_table(verdicts)]
        parts += [f"**{one.name}** – missed: {one.reason}" for one in verdicts if not one.met]
    if any(row.case.operation in BOUND for row in rows):
        parts += ["## Syncing, updating, activating", sites_table(rows)]
    if any(reads(row) for row in rows):
        parts += ["## Reading", reading_table(rows)]
    second = [row for row in rows if row.case.operation in SECOND]
    if second:
        parts += ["## Second runs", second_table(second)]
    plans = [row for row in rows if row.case.operation == PLAN]
    if plans:
        parts += ["## Pending updates", f"The Dashboard takes {fitted()}.", plans_table(plans)]
    if found:
        parts += ["## Start-up", starts_table(found)]
    if feeds:
        parts += ["## A feed of vulnerabilities", *feeds]
    if pages:
        parts += ["## Pages of a large fleet", *pages]
    return "\n\n".join(parts)


def placed(document: str, text: str) -> str:
    """``document`` with ``text`` between its marks; what people wrote around them stays."""
    before, begin, rest = document.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The document lacks the marks {BEGIN} and {END}.")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"
