# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways to update, and which options each of them cannot honour: one table. Pure. PRIVATE to the collection.

What is not in the table is honoured by every way; what a way cannot honour is refused, never passed over in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._errors import InputError
from .._models import TYPE_OF_OPTION

PER_ITEM, DASHBOARD_BATCH = "per_item", "dashboard_batch"

#: update_method and what it works against: the API v2 or v1, or the dialect of API v2.
ITEMS_V2, ITEMS_V1 = (PER_ITEM, "v2"), (PER_ITEM, "v1")
BATCH_ABILITIES, BATCH_CLASSIC, BATCH_V1 = ((DASHBOARD_BATCH, place) for place in ("abilities", "classic", "v1"))
WAYS = (ITEMS_V2, ITEMS_V1, BATCH_ABILITIES, BATCH_CLASSIC, BATCH_V1)

_BATCHES = (BATCH_ABILITIES, BATCH_CLASSIC)
_WHATEVER = "with update_method: dashboard_batch, which updates whatever it finds."
_NEEDS_V2 = "needs API v2."
_AT_ONCE = "cannot be honoured with update_method: dashboard_batch here: this Dashboard starts all sites at once."

#: option → (the ways that refuse it, why)
REFUSED: Mapping[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "include_updates": (_BATCHES, f"cannot be used {_WHATEVER}"),
    "exclude_updates": (_BATCHES, f"cannot be used {_WHATEVER}"),
    "max_version_change": (_BATCHES, f"cannot be used {_WHATEVER}"),
    "plan": (_BATCHES, f"cannot be used {_WHATEVER}"),
    "types": (_BATCHES, f"cannot be narrowed {_WHATEVER}"),
    "update_method": ((BATCH_V1,), "dashboard_batch does not exist in API v1."),
    "proven_on": ((ITEMS_V1,), _NEEDS_V2),
    "max_backup_age": ((ITEMS_V1,), _NEEDS_V2),
    "hold_after": ((BATCH_CLASSIC,), _AT_ONCE),
}
#: What asks for something; for the others it is any value that is not empty.
_ASKS: Mapping[str, Callable[[Any], bool]] = {
    "max_backup_age": lambda value: value is not None,
    "types": lambda value: value is not None and set(value) != set(TYPE_OF_OPTION),
}


def given(params: Mapping[str, Any]) -> frozenset[str]:
    """The options of the table that ask for something."""
    return frozenset(name for name in REFUSED if params.get(name) is not None and _ASKS.get(name, bool)(params[name]))


def refuse(options: frozenset[str], method: str, *places: str) -> None:
    """Raise InputError for the first of ``options`` that ``method`` refuses at each of ``places``: as long as the dialect
    is not known, those of both."""
    for name, (ways, why) in REFUSED.items():
        if name in options and all((method, place) in ways for place in places):
            remedy = "Use API v2." if why == _NEEDS_V2 else "Use update_method: per_item."
            raise InputError(name, why, remedy)
