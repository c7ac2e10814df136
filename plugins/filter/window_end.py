# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: window_end
author: wpfleet.mainwp contributors (@wpfleet)
short_description: When a daily window closes, or nothing while it is not open
version_added: 0.2.0
description:
  - For a task that may only begin within some hours of the day. A window may go over midnight.
positional: now
options:
  _input:
    description: The window, such as V(22:00-05:30). It is open from its beginning until just before its end.
    type: str
    required: true
  now:
    description: The time on the clock that the window goes by, such as Ansible's C(now()).
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Update at night, and begin nothing after that
  wpfleet.mainwp.mainwp_batch_update:
    all_sites: true
    stop_after: "{{ '22:00-05:30' | wpfleet.mainwp.window_end(now()) }}"
  when: "'22:00-05:30' | wpfleet.mainwp.window_end(now()) | length > 0"
"""

RETURN = r"""
_value:
  description: The end of the window, or an empty text.
  type: str
"""

import datetime
import re
from collections.abc import Callable

from ansible.errors import AnsibleFilterError


def window_end(window: str, now: datetime.datetime) -> str:
    """The end of the window, if ``now`` is within. Raises AnsibleFilterError for one that cannot be read."""
    found = re.fullmatch(r"\s*([01]\d|2[0-3]):([0-5]\d)\s*-\s*(?:([01]\d|2[0-3]):([0-5]\d)|24:00)\s*", str(window))
    if not found:
        raise AnsibleFilterError(f"'{window}' is no window of a day. Use the form 22:00-05:30.")
    begin, end = f"{found[1]}:{found[2]}", f"{found[3]}:{found[4]}" if found[3] else "24:00"
    time = f"{now:%H:%M}"
    is_open = begin <= time < end if begin < end else time >= begin or time < end
    return (end if end != "24:00" else "00:00") if is_open else ""


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., str]]:
        """Name → function."""
        return {"window_end": window_end}
