# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: wave_gate
author: wpfleet.mainwp contributors (@wpfleet)
short_description: Why a site of a wave must not be touched, after what became of earlier waves
version_added: 0.1.0
description:
  - What the role P(wpfleet.mainwp.fleet_maintenance#role) asks before it touches a site, with its entry point C(sites).
  - The gate is closed when more sites of earlier waves failed than are tolerated, or when nobody saw the pages of a canary
    site healthy after its update. Sites of the same wave close it for nobody.
options:
  _input:
    description:
      - What is noted of sites, by host. Each may have C(failure) and C(unseen), texts that are empty when all is well, C(held),
        why a site was left alone, and C(wave), the hosts of its wave.
      - A host that is gone from the play has an entry, too, if perhaps an empty one.
    type: dict
    required: true
  host:
    description: The host that wants to begin.
    type: str
    required: true
  everybody:
    description: Ansible's C(ansible_play_hosts_all).
    type: list
    elements: str
    required: true
  active:
    description: Ansible's C(ansible_play_hosts).
    type: list
    elements: str
    required: true
  batch:
    description: Ansible's C(ansible_play_batch).
    type: list
    elements: str
    required: true
  max_failed_sites:
    description: How many sites of earlier waves may have failed, as a number or as a percentage of the sites in them.
    type: str
    default: "0"
  require_health:
    description: Whether the pages of each canary site must have been seen healthy.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Say why this site is not touched
  vars:
    noted:
      canary:
        failure: no answer
        wave: [canary]
  ansible.builtin.debug:
    msg: >-
      {{
        noted | wpfleet.mainwp.wave_gate(
          host=inventory_hostname, everybody=ansible_play_hosts_all, active=ansible_play_hosts, batch=ansible_play_batch
        )
      }}
"""

RETURN = r"""
_value:
  description: A sentence; empty when the site may be touched.
  type: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._brakes import failure_limit
from ..module_utils._errors import InputError
from ..module_utils._report import and_more


def wave_gate(
    noted: Mapping[str, Mapping[str, Any]],
    host: str,
    everybody: Sequence[str],
    active: Sequence[str],
    batch: Sequence[str],
    max_failed_sites: Any = None,
    require_health: bool = True,
) -> str:
    """A sentence about why ``host`` is not touched; empty if it is. Raises AnsibleFilterError."""
    before = everybody[: everybody.index(batch[0])]
    gone = set(everybody) - set(active)
    if gone.issuperset(before):  # nobody is left of an earlier wave, so this is the first
        return ""
    failed, unseen = [], []
    for other in (name for name in everybody if name in noted):
        note = noted[other]
        elsewhere = host not in note.get("wave", ())
        lost = other in gone and other in before and not note.get("failure") and not note.get("held")
        if lost or (note.get("failure") and elsewhere):
            failed.append(other)
        if note.get("unseen") and elsewhere:
            unseen.append(f"{other} ({note['unseen']})")
    try:
        limit = failure_limit(max_failed_sites or 0)
    except InputError as exc:
        raise AnsibleFilterError(f"fleet_maintenance_{exc}") from exc
    if limit.exceeded(len(failed), len(before)):
        return f"Not touched, because of sites that failed in an earlier wave: {and_more(failed)}."
    if require_health and unseen:
        return (
            f"Not touched, because nobody saw the pages of these canary sites healthy after their update: {and_more(unseen)}. "
            "Name pages that can be judged from here in fleet_maintenance_health_check, or set "
            "fleet_maintenance_require_health to false."
        )
    return ""


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"wave_gate": wave_gate}
