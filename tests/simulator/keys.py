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
    #: its description there, once it was changed
    v1_description: str = ""
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
        #: what a Dashboard in another language calls permissions: English, escaped → its own
        self.titles: dict[str, str] = {}
        self._last = 0
        for number, key in enumerate(self.keys, start=1):
            key.id = key.id or number

    def by_scope(self, scope: str) -> Key:
        """The first key of that scope."""
        return next(key for key in self.keys if key.scope == scope)

    def find(self, consumer_key: str) -> Key | None:
        """The key of that name."""
        return next((key for key in self.keys if key.consumer_key == consumer_key), None)

    def make(self, scope: str, description: str, active: bool, by: Key | None) -> Key:
        """A new key of the user of another one; numbers are never given twice."""
        self._last = max(self._last, *(key.id for key in self.keys), 0) + 1
        made = make_key(f"made {self._last}")
        key = Key(scope, made.consumer_key, made.consumer_secret, description, active, id=self._last)
        key.user_id = by.user_id if by else 1
        self.keys.append(key)
        return key
