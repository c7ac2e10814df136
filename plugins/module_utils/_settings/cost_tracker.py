# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Section cost_tracker: how costs are written. PRIVATE to the collection.

The first write of all loses what it does not get, and nothing tells whether it would be the first; so all five are sent.
What is empty counts as not sent. Types of products and ways of payment are resources of their own.
"""

from __future__ import annotations

import re
from typing import Any

from .._api import normalise
from .._resources._fields import Unstorable
from ._fields import Field, choice, line, number
from ._section import Plan, Section, Write, joint


def _currency() -> Field:
    """A code of three letters. Which there are, MainWP knows."""

    def read(value: Any) -> str | None:
        code = normalise.as_written(value)
        return code if re.fullmatch("[A-Z]{3}", code) else None

    def wanted(given: Any) -> str:
        code = read(str(given).strip().upper())
        if code is None:
            raise Unstorable(f"'{given}' is no code of a currency, such as EUR.")
        return code

    return Field("currency", "currency", read, wanted)


def _writes(plan: Plan) -> list[Write]:
    columns = {one.column: plan.state.raw.get(one.path) for one in plan.section.fields}
    known = {name: value for name, value in columns.items() if value not in ("", None)}
    return [Write("cost-tracker", known | joint(plan), plan.changes)]


COST_TRACKER = Section(
    "cost_tracker",
    "cost-tracker",
    (
        _currency(),
        choice("currency_position", "currency_position", "left", "right", "left_space", "right_space"),
        line("thousand_separator"),
        line("decimal_separator"),
        number("decimals", "decimals", 1, 8),
    ),
    writes=_writes,
)
