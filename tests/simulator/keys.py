# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API keys of the simulated Dashboard."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

#: what each scope may do (core.md §1.5); "disabled" is a switched-off read_write key
SCOPES = ("read", "write", "read_write", "delete", "disabled")


@dataclass
class Key:
    """A row of the keys table (core.md §1.6), with the secret in clear."""

    scope: str
    consumer_key: str
    consumer_secret: str
    description: str = ""
    enabled: bool = True
    #: also in the v1 option, with these letters ("r,w,d"); "" = not there
    v1: str = ""
    id: int = 0
    user_id: int = 1
    last_access: str = field(default="", compare=False)

    @property
    def permissions(self) -> str:
        """The ``permissions`` column."""
        return "read_write" if self.scope == "disabled" else self.scope

    @property
    def token(self) -> str:
        """The Bearer token as the Dashboard shows it: secret and key without their prefixes (core.md §1.3)."""
        return f"{self.consumer_secret.removeprefix('cs_')}=={self.consumer_key.removeprefix('ck_')}"


def make_key(scope: str) -> Key:
    """The same key for the same scope on every run."""
    return Key(
        scope=scope,
        consumer_key="ck_" + hashlib.sha1(f"key {scope}".encode()).hexdigest(),
        consumer_secret="cs_" + hashlib.sha1(f"secret {scope}".encode()).hexdigest(),
        description=f"simulator {scope}",
        enabled=scope != "disabled",
        v1={"read": "r", "read_write": "r,w,d"}.get(scope, ""),
    )


class KeyRing:
    """All keys of a Dashboard."""

    def __init__(self, keys: Iterable[Key] | None = None) -> None:
        self.keys = list(keys) if keys is not None else [make_key(scope) for scope in SCOPES]
        for number, key in enumerate(self.keys, start=1):
            key.id = key.id or number

    def by_scope(self, scope: str) -> Key:
        """The first key of that scope."""
        return next(key for key in self.keys if key.scope == scope)

    def find(self, consumer_key: str) -> Key | None:
        """The key of that name."""
        return next((key for key in self.keys if key.consumer_key == consumer_key), None)
