# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: failed_task
author: wpfleet.mainwp contributors (@wpfleet)
short_description: What went wrong, in one line, in a rescue section
version_added: 0.1.0
description:
  - Names the task that failed, and says why. A message that is known already is told without the task.
positional: task, known
options:
  _input:
    description: Ansible's C(ansible_failed_result).
    type: dict
    required: true
  task:
    description: The name of the task, from Ansible's C(ansible_failed_task).
    type: str
    default: ""
  known:
    description: A message that speaks for itself, mostly that of an update.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Do something, and tell when it goes wrong
  block:
    - name: Back up
      ansible.builtin.command: backup
      changed_when: true
  rescue:
    - name: Say what went wrong
      ansible.builtin.debug:
        msg: "{{ ansible_failed_result | wpfleet.mainwp.failed_task(ansible_failed_task.name) }}"
"""

RETURN = r"""
_value:
  description: A line such as V(Back up - no space left), with a colon.
  type: str
"""

from collections.abc import Callable, Mapping
from typing import Any


def failed_task(result: Mapping[str, Any] | None, task: str | None = "", known: str | None = "") -> str:
    """``Back up: no space left``."""
    message = (result or {}).get("msg")
    if known and message == known:
        return str(known)
    return f"{task or 'A task'}: {message or 'failed'}"


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"failed_task": failed_task}
