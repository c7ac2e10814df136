# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a site and its updates. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .. import _verdict as verdict
from .._health import UNKNOWN, Page, compare, paired
from .._models import Site, Update

HELD = "This release failed on other sites of this run."
AFTER_CORE = "Left out because the WordPress update failed."
AFTER_TROUBLE = "Left out because an earlier step on this site failed or its outcome is not known."
WITHDRAWN = "No longer offered after the sync: somebody else moved it, or it was withdrawn."


def held_along(held: Iterable[Update]) -> str:
    """Why an update is held that can only be sent together with ``held`` ones."""
    names = ", ".join(f"{update.name} {update.new_version}" for update in held)
    return f"The Dashboard's own batch would update {names}, too, which failed on other sites of this run."


def health_told(before: Sequence[Page], after: Sequence[Page]) -> dict[str, Any]:
    """The ``health`` of a site in the result."""
    found, message = compare(before, after)
    pages = [
        {"path": page.path, "before": old.state if old else UNKNOWN, "after": page.state, "message": page.message}
        for old, page in paired(before, after)
    ]
    return {"verdict": found, "message": message, "pages": pages}


def pages_failed(message: str, entries: Sequence[verdict.Outcome]) -> str:
    """Which pages are worse, and what may have broken them."""
    moved = [entry.step for entry in entries if entry.moved]
    unread = [entry.step for entry in entries if entry.result == verdict.UNKNOWN]
    parts = [f"{message}."]
    parts += [f"Moved: {', '.join(moved) or 'nothing'}."] if moved or not unread else []
    parts += [f"Sent, and its outcome not known: {', '.join(unread)}."] if unread else []
    return " ".join(parts)


def theme_change(before: Site, after: Site) -> str:
    """What there is to say when another theme is active: an update must not do that. Empty if all is well."""
    was, now = (next((item.slug for item in site.themes or () if item.active), None) for site in (before, after))
    return f"The active theme was {was} and is {now} now." if was and now and was != now else ""
