# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What events are called, and how what they tell is made harmless. Pure. PRIVATE to the collection."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from .._secrets import printable

SITE_ADDED, SITE_REMOVED = "site_added", "site_removed"
SITE_LOST, SITE_BACK = "site_lost", "site_back"
SITE_SUSPENDED, SITE_RESUMED = "site_suspended", "site_resumed"
UPDATE_OFFERED, CORE_OFFERED = "update_offered", "core_offered"
MONITOR_DOWN, MONITOR_UP = "monitor_down", "monitor_up"
SYNC_STALE, CHANGED_OUTSIDE, VULNERABLE = "sync_stale", "changed_outside", "vulnerable"
DASHBOARD_LOST, DASHBOARD_BACK = "dashboard_lost", "dashboard_back"

#: All of them, in the order in which a poll tells them.
EVENTS = (
    DASHBOARD_LOST,
    DASHBOARD_BACK,
    SITE_REMOVED,
    SITE_ADDED,
    SITE_LOST,
    SITE_BACK,
    SITE_SUSPENDED,
    SITE_RESUMED,
    CORE_OFFERED,
    UPDATE_OFFERED,
    MONITOR_DOWN,
    MONITOR_UP,
    SYNC_STALE,
    CHANGED_OUTSIDE,
    VULNERABLE,
)

Event: TypeAlias = "dict[str, Any]"
#: No text in an event is longer.
LONGEST = 500


#: What makes something else of a text, and what stands for it: ``{`` begins a template, ``$`` a vault and what a shell puts in.
#: And ``\\`` hides both, for ansible-rulebook reads a text that has quotes around it as Python does.
_SIGNS = str.maketrans({"{": "\uff5b", "$": "\uff04", "\\": "\uff3c"})
#: Emoji and what else the rules of ansible-rulebook, which are Java, hand on as two halves. No playbook starts with such halves
#: among its variables: they are no YAML.
_HALVED = re.compile("[\U00010000-\U0010ffff]+")


def defused(value: Any) -> Any:
    """A copy of ``value`` (any nesting of dicts and lists) that nobody takes for a template.

    What is in an event becomes variables of a playbook, and Ansible runs what it finds in those between braces; a child site
    may claim any name. So no text keeps an opening brace, for two of them may meet where two texts do. Nor a ``#`` in front,
    by which Ansible is told other signs for templates. Nor what hinders a playbook from starting.
    """
    if isinstance(value, str):
        text = _HALVED.sub("\ufffd", printable(value)).strip().translate(_SIGNS)
        text = "\uff03" + text[1:] if text.startswith("#") else text
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    if isinstance(value, dict):
        return {key: defused(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [defused(item) for item in value]
    return value
