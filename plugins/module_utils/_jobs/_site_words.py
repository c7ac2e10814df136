# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a site and its updates. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .. import _verdict as verdict
from .._health import UNKNOWN, Page, compare, paired
from .._models import PLUGIN, Site, Update

HELD = "This release failed on other sites of this run."
AFTER_CORE = "Left out because the WordPress update failed."
AFTER_TROUBLE = "Left out because an earlier step on this site failed or its outcome is not known."


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


def plugins_lost(before: Site, after: Site, entries: Sequence[verdict.UpdateResult]) -> str:
    """What there is to say of plugins that were active and are not, but for those whose own update tells it: another one may
    have switched them off, or swallowed them. Empty if all is well."""
    told = {entry.update.slug for entry in entries if entry.update.type == PLUGIN and entry.is_trouble}
    updated = {entry.update.slug for entry in entries}
    now = {item.slug: item for item in after.plugins or ()}
    new = {item.name for item in verdict.newcomers(PLUGIN, before, after)}
    had = [item for item in before.plugins or () if item.active and item.slug not in told]
    off = [item for item in had if item.slug in now and not now[item.slug].active]
    gone = [item for item in had if item.slug not in now and item.slug not in updated and item.name not in new]
    if after.plugins is None or not off + gone:
        return ""
    parts = [("No longer active", off), ("no longer installed", gone)]
    text = "; ".join(
        f"{what}: {', '.join(f'{item.name} ({item.slug})' for item in items)}" for what, items in parts if items
    )
    return f"{text[0].upper()}{text[1:]}. It was active right before the updates."


def theme_change(before: Site, after: Site) -> str:
    """What there is to say when another theme is active: an update must not do that. Empty if all is well."""
    was, now = (next((item.slug for item in site.themes or () if item.active), None) for site in (before, after))
    return f"The active theme was {was} and is {now} now." if was and now and was != now else ""
