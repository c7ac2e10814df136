# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: waves
author: wpfleet.mainwp contributors (@wpfleet)
short_description: The sizes of the waves of a play, the canary sites first
version_added: 0.1.0
description:
  - Makes the value of the keyword C(serial) for a play over V(CANARIES:SITES). The first wave is as large as the group
    of canary sites.
  - Without any canary site it refuses, with a sentence that says what to do. An empty first wave would mean one wave of
    everything. It refuses an inventory without hosts, too, which Ansible takes for a success.
positional: canaries, sizes
options:
  _input:
    description: Ansible's C(groups).
    type: dict
    required: true
  canaries:
    description: The name of the group of canary sites.
    type: str
    required: true
  sizes:
    description: The waves after the first, as numbers of sites or percentages of all.
    type: list
    elements: raw
    default: ["100%"]
"""

EXAMPLES = r"""
- name: Update in waves
  hosts: mainwp_tag_canary:mainwp_sites
  gather_facts: false
  serial: "{{ groups | wpfleet.mainwp.waves('mainwp_tag_canary', ['10%', '100%']) }}"
  tasks:
    - name: Maintain the site
      ansible.builtin.import_role:
        name: wpfleet.mainwp.fleet_maintenance
        tasks_from: sites
"""

RETURN = r"""
_value:
  description: The sizes of all waves.
  type: list
  elements: raw
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible import context
from ansible.errors import AnsibleFilterError


def waves(groups: Mapping[str, Sequence[str]], canaries: str, sizes: Sequence[Any] = ("100%",)) -> list[Any]:
    """The number of canary sites, then ``sizes``. Raises AnsibleFilterError when there are none."""
    first = len(groups.get(canaries, ()))
    if not first and not context.CLIARGS.get("syntax"):  # a syntax check has no hosts
        raise AnsibleFilterError(_without_canaries(canaries) if groups.get("all") else _EMPTY)
    return [max(first, 1), *sizes]


_EMPTY = (
    "The inventory has no hosts. Name an inventory file of wpfleet.mainwp.mainwp with -i, and look with "
    "ansible-inventory --graph at what it makes of it."
)


def _without_canaries(group: str) -> str:
    return (
        f"There is no canary site: the inventory has no host in the group {group}. Give one or two sites the tag "
        "canary in MainWP, or name another group with -e mainwp_canaries=GROUP. (Options of the inventory that leave "
        "sites out, such as site_tags, may have left out the canary sites.)"
    )


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"waves": waves}
