# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a page of a large fleet takes, to be drawn and, where there is a browser, to be seen."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from browser import specimens
from browser.driver import Browser, browser

from .targets import Verdict

PAGES = "pages"
SITES, UPDATES = 1000, 10
#: What was promised, for each page.
SECONDS, MEGABYTES = 5.0, 3.0


@dataclass(frozen=True)
class PageCost:
    """One page: seconds until it is in its file, and until a browser shows it; None without one."""

    kind: str
    drawn: float
    shown: float | None
    megabytes: float

    @property
    def line(self) -> str:
        """All of it in a sentence."""
        shown = "" if self.shown is None else f", and {self.shown:.1f} s until a browser shows it"
        return f"The {self.kind}: {self.megabytes:.1f} MB in {self.drawn:.1f} s{shown}."


def measured(say: Callable[[str], None]) -> list[PageCost]:
    """Draw each kind of page, and look at it."""
    kinds = {"run": specimens.run_page, "fleet": specimens.fleet_page, "letter": specimens.letter}
    found = []
    entries = specimens.sites(SITES, UPDATES)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, _browser() as opened:
        for kind, draw in kinds.items():
            times: list[float] = []
            # what it is made from is not the page
            with mock.patch.object(specimens, "_do", _timed(specimens._do, times)):
                page = draw(Path(name) / kind, entries)
            shown = opened.open(page) if opened else None
            found.append(PageCost(kind, sum(times), shown, page.stat().st_size / 1e6))
            say(f"{PAGES}: {found[-1].line}")
    return found


def _timed(do: Callable[..., Any], times: list[float]) -> Callable[..., Any]:
    def timed(*given: Any, **more: Any) -> Any:
        began = time.monotonic()
        try:
            return do(*given, **more)
        finally:
            times.append(time.monotonic() - began)

    return timed


@contextlib.contextmanager
def _browser() -> Iterator[Browser | None]:
    """None where there is none."""
    with contextlib.ExitStack() as stack:
        try:
            opened: Browser | None = stack.enter_context(browser())
        except RuntimeError:
            opened = None
        yield opened


def verdicts(costs: list[PageCost]) -> Iterator[Verdict]:
    """Whether that is what was promised."""
    for one in costs:
        slowest = max(one.drawn, one.shown or 0.0)
        yield Verdict(
            f"page of {SITES:,} sites with {SITES * UPDATES:,} updates: the {one.kind}",
            f"< {SECONDS:.0f} s, < {MEGABYTES:.0f} MB",
            f"{slowest:.1f} s · {one.megabytes:.1f} MB",
            slowest < SECONDS and one.megabytes < MEGABYTES,
        )
