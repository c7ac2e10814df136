# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API keys. PRIVATE to the collection.

Known by their descriptions, which are not unique. The token of a new one is told once, to whoever made it. Keys of API v1
are listed, never touched: there the id is a secret's name.
"""

from __future__ import annotations

from typing import Any

from .._dashboard import Dashboard
from .._errors import AnswerLost, InputError
from ._fields import Field, flag, text
from ._resource import Resource, State, Thing, Wanted

_SENT = {"read": "read", "write": "write", "read_write": "read,write"}
_FRESH = {"version": "v2", "truncated_key": "", "last_access": None, "own": False}


def _never_its_own(_dashboard: Dashboard, _state: State, key: Thing | None, wanted: Wanted) -> Wanted:
    """Who cuts off the branch that it sits on cannot even say so."""
    if key is None or not key.more["own"]:
        return wanted
    held = {*key.values["permissions"].split("_")}
    taken = held - {*wanted.values.get("permissions", key.values["permissions"]).split("_")}
    for option, is_cut, what in (
        ("state", not wanted.present, "it is not removed"),
        ("active", wanted.values.get("active") is False, "it is not switched off"),
        ("permissions", bool(taken), "none of its permissions is taken"),
    ):
        if is_cut:
            text = f"{API_KEY.called(key)} is the key that this task itself uses, so {what}."
            raise InputError(option, text, "Do it with another key, or in MainWP's own pages.")
    return wanted


def _with_token(dashboard: Dashboard, wanted: Wanted, told: dict[str, Any]) -> dict[str, Any]:
    """The token of a new key goes into the result if it is asked for, and nowhere else."""
    asked, made = wanted.options.get("return_token"), told["action"] == "created"
    # Nothing is done only where somebody else was quicker, who alone knows the token.
    if not made and not (asked and told["action"] == "unchanged"):
        return told
    token, key = dashboard.v2.keys.token, told["api_key"]
    if not asked:
        return {**told, "msg": f"{told['msg']} Nobody was told its token, for return_token is false."}
    if token and key["truncated_key"] and token.endswith(key["truncated_key"]):
        return {**told, "token": token}
    lost = AnswerLost(
        f"API key '{key['description']}' (id {key['id']}) is there, but nobody knows its token: the answer that told it was "
        "lost, or somebody else made the key at the same moment.",
        "MainWP tells a token only once: remove the key and make it again.",
    )
    return {**told, "msg": str(lost), "failed": True, "error": lost.to_dict()}


API_KEY = Resource(
    noun="API key",
    kind="api_key",
    routes=lambda api: api.keys,
    fields=(
        text("description", limit=200, required=True),
        Field(
            "permissions",
            "permissions",
            sent=_SENT.__getitem__,
            blank="read",
            always=True,
            spec={"type": "str", "choices": list(_SENT)},
        ),
        flag("active", blank=True),
    ),
    keys=("description",),
    unique=("description",),
    options={"return_token": {"type": "bool", "no_log": False}},
    has_sites=False,
    more=lambda row: {name: row[name] for name in _FRESH if name in row},
    fresh=_FRESH,
    manages=lambda thing: thing.id != 0,
    prepare=_never_its_own,
    finished=_with_token,
)
