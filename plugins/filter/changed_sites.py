# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: changed_sites
author: wpfleet.mainwp contributors (@wpfleet)
short_description: The sites on which something moved
version_added: 0.1.0
description:
  - Picks those sites of a result of this collection on which something moved, or, in check mode, would move.
options:
  _input:
    description: The sites, as M(wpfleet.mainwp.mainwp_batch_update) returns them.
    type: list
    elements: dict
    required: true
  check_mode:
    description: Whether the sites are those of check mode, mostly Ansible's C(ansible_check_mode).
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Name them
  ansible.builtin.debug:
    msg: "{{ night.sites | wpfleet.mainwp.changed_sites(ansible_check_mode) | map(attribute='url') }}"
"""

RETURN = r"""
_value:
  description: The sites.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..module_utils._reports import run


def changed_sites(sites: Iterable[Mapping[str, Any]] | None, check_mode: bool = False) -> list[Mapping[str, Any]]:
    """Those of a real run, or of a plan."""
    return run.changed_sites(sites or (), check_mode)


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"changed_sites": changed_sites}
