# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: file_name
author: wpfleet.mainwp contributors (@wpfleet)
short_description: A name of a client or site that people can read as the name of a file
version_added: 0.1.0
description:
  - Makes V(mueller-gmbh) of V(Müller GmbH). Letters with marks become the letters that passports have for them, other
    letters stay, everything else becomes a hyphen. The result is lower case and at most 80 bytes long, begins and ends with
    no hyphen or dot, and is the same on every system.
  - It may be empty, and two names may become the same. Put something before it that is unique, such as an id.
options:
  _input:
    description: The name.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Write a file for each client
  ansible.builtin.copy:
    dest: "{{ folder }}/{{ item.id }}-{{ item.name | wpfleet.mainwp.file_name }}.txt"
    content: "{{ item.name }}"
    mode: "0600"
  loop: "{{ clients }}"
"""

RETURN = r"""
_value:
  description: The name for a file, without any suffix.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ..module_utils._reports.names import file_name


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"file_name": file_name}
