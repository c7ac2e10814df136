# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Section emails: what MainWP writes to people about. PRIVATE to the collection.

A write takes the factory default for whatever it does not get, so each e-mail is sent whole, as it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api import normalise
from .._errors import InputError
from .._resources._fields import Unstorable
from ._fields import Field, address, flag, line
from ._section import Plan, Section, State, Write

_CHECK = "http_check"
_TYPES = ("daily_digest", "uptime", "site_health", "deactivated_license_alert", _CHECK)


def _columns(data: Any) -> dict[str, Any]:
    """A list of e-mails, each with its type."""
    mails = [mail for mail in normalise.as_list(data) if isinstance(mail, dict)]
    return {f"{mail.get('type')}.{column}": value for mail in mails for column, value in mail.items()}


def _absent(one: Field, state: State, earlier: Mapping[str, Plan]) -> str:
    """That of the HTTP check is there only while the check is on."""
    there = one.path in state.raw
    if one.group == _CHECK and "general" in earlier:
        there = bool(earlier["general"].after.get("check_http_response"))
    if there:
        return ""
    if one.group == _CHECK:
        return "MainWP has this e-mail only while general.check_http_response is true."
    return "the Dashboard tells of no such e-mail."


def _kept(plan: Plan, group: str) -> list[Field]:
    """What goes along as it is."""
    return [
        one
        for one in plan.section.fields
        if one.group == group and one.path not in plan.changes and one.path in plan.state.raw
    ]


def _refuse(plan: Plan) -> None:
    """What stays has to survive the write: several recipients do not."""
    for one in (one for group in plan.groups for one in _kept(plan, group)):
        if one.name == "disable":
            continue
        try:
            one.storable(plan.state.values[one.path])
        except Unstorable as problem:
            text = f"it has to be sent along, and what MainWP has cannot be: {problem}"
            raise InputError(
                f"emails.{one.path}", text, "Give it, too, or change the e-mail in MainWP's own pages."
            ) from None


def _writes(plan: Plan) -> list[Write]:
    writes = []
    for group, changed in plan.groups.items():
        kept = {one.column: plan.state.raw[one.path] for one in _kept(plan, group)}
        sent = {one.column: plan.changes[one.path].sent for one in changed}
        writes.append(Write(f"emails/{group}", kept | sent, [one.path for one in changed]))
    return writes


EMAILS = Section(
    "emails",
    "emails",
    tuple(
        one
        for kind in _TYPES
        for one in (
            flag("disable", group=kind),
            line("heading", group=kind),
            line("subject", group=kind),
            address("recipients", kind),
        )
    ),
    columns=_columns,
    writes=_writes,
    absent=_absent,
    refuse=_refuse,
)
