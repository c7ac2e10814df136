# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: wave_results
author: wpfleet.mainwp contributors (@wpfleet)
short_description: What became of the sites of a wave, for their report
version_added: 0.1.0
description:
  - Collects what the role P(wpfleet.mainwp.fleet_maintenance#role) noted of each host, with its entry point C(sites), in
    the shape of the option O(wpfleet.mainwp.mainwp_report#module:results).
positional: hostvars
options:
  _input:
    description: The hosts, mostly Ansible's C(ansible_play_batch).
    type: list
    elements: str
    required: true
  hostvars:
    description: Ansible's C(hostvars).
    type: dict
    required: true
  held:
    description: Why the sites of this wave were not touched.
    type: str
    default: ""
  batch:
    description: The hosts of this wave, if O(_input) has others, too.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Report this wave
  wpfleet.mainwp.mainwp_report:
    results: "{{ ansible_play_batch | wpfleet.mainwp.wave_results(hostvars) }}"
    dir: mainwp-reports
    run_id: "{{ lookup('wpfleet.mainwp.run_id') }}"
    state_dir: ~/.ansible/mainwp-locks
  run_once: true
"""

RETURN = r"""
_value:
  description: An entry for each host that has something to tell.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import pass_context

#: What a report is made of.
_TOLD = ("broken_off", "dashboard", "msg", "sites")


@pass_context
def wave_results(
    context: Any,
    hosts: Sequence[str],
    hostvars: Mapping[str, Mapping[str, Any]],
    held: str | None = "",
    batch: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """The entries. What ``hostvars`` holds is data: until ansible-core 2.18 only the context can say so."""
    if hasattr(context, "unsafe"):
        context.unsafe = True
    entries = (_entry(host, hostvars[host], held if batch is None or host in batch else None) for host in hosts)
    return [entry for entry in entries if entry["failure"] or entry["result"].get("sites")]


def _entry(host: str, facts: Mapping[str, Any], held: str | None) -> dict[str, Any]:
    """``held`` is None for a host of an earlier wave, which notes itself what became of it."""
    result = facts.get("fleet_maintenance_result") or {}
    before = facts.get("_fleet_maintenance_before_failure") or ""
    if held is None:
        noted = facts.get("_fleet_maintenance_trouble") or {}
        held = noted.get("held") or ""
    return {
        "host": host,
        "name": facts.get("mainwp_site_dashboard") or host,
        "result": {} if result.get("skipped") else {key: result[key] for key in _TOLD if key in result},
        "failure": str(
            (held or before) if result.get("skipped") else (not result.get("sites") and result.get("msg")) or ""
        ),
    }


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"wave_results": wave_results}
