# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was found that is not as the tree says, and what became of it: values. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: How something stands to the tree: it is another one, it is not there, no entry mentions it.
WRONG, MISSING, EXTRA = "wrong", "missing", "extra"
Change = Mapping[str, Any]
_STOPPED = "stopped"


@dataclass
class Finding:
    """One thing that is not as the tree says: a setting, a thing of a Dashboard, a thing at a site."""

    kind: str
    name: str
    #: Where the tree says it; empty where it does not.
    place: str = ""
    #: The address of the site, for a thing at one.
    site: str = ""
    standing: str = WRONG
    #: What is to be done, or was; empty if nothing can be.
    action: str = ""
    reason: str = ""
    message: str = ""
    changes: Sequence[Change] = ()
    #: It moved, by what was read afterwards.
    done: bool = False
    failed: bool = False

    @property
    def is_open(self) -> bool:
        """Something is still to be done, and nothing speaks against it."""
        return self.is_left and not self.reason

    @property
    def is_left(self) -> bool:
        """Something was to be done, and was not."""
        return bool(self.action) and not (self.done or self.failed)

    @property
    def stays(self) -> bool:
        """It is not as the tree says, by what is known at the end."""
        return self.standing != EXTRA and (self.failed or not self.done) and bool(self.action or self.reason)

    def ended(self, reason: str, message: str) -> None:
        """It was not done, or not whole. What was left alone because the run ended is no failure of its own."""
        self.reason, self.message = reason, message
        self.failed = self.reason != _STOPPED

    def moved(self, changes: Sequence[Change]) -> None:
        """It was done."""
        self.done, self.failed, self.reason, self.message, self.changes = True, False, "", "", changes

    def settled(self) -> None:
        """Somebody was quicker: it is as wanted by now."""
        self.action, self.message = "", "It is as wanted by now."

    def to_dict(self) -> dict[str, Any]:
        """The entry in ``drift``."""
        names = ("kind", "name", "site", "place", "standing", "action", "reason", "message")
        return {**{name: getattr(self, name) for name in names}, "changes": [dict(one) for one in self.changes]}


@dataclass
class Found:
    """What was found of one kind."""

    right: int = 0
    #: Left alone: suspended sites, what is not installed where it is to be ignored.
    skipped: int = 0
    findings: list[Finding] = field(default_factory=list)

    def __iadd__(self, other: Found) -> Found:
        self.right += other.right
        self.skipped += other.skipped
        self.findings += other.findings
        return self

    def counts(self) -> dict[str, int]:
        """The row in ``summary.kinds``."""
        standings = [one.standing for one in self.findings]
        return {
            "right": self.right,
            **{standing: standings.count(standing) for standing in (WRONG, MISSING, EXTRA)},
            "skipped": self.skipped,
            "done": sum(one.done for one in self.findings),
            "failed": sum(one.failed for one in self.findings),
        }
