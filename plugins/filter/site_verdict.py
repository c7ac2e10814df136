# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: site_verdict
author: wpfleet.mainwp contributors (@wpfleet)
short_description: What is wrong with a site after its update
version_added: 0.1.0
description:
  - How the role P(wpfleet.mainwp.fleet_maintenance#role) judges a site, with its entry point C(sites).
  - A site that was not worked on because the Dashboard went away is no failure of its own, but it is not well either.
options:
  _input:
    description: What M(wpfleet.mainwp.mainwp_batch_update) returned for this one site.
    type: dict
    required: true
  held:
    description: Why the site was not touched.
    type: str
    default: ""
  before:
    description: What went wrong before the update.
    type: str
    default: ""
  after:
    description: What went wrong after the update.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Say what is wrong
  ansible.builtin.debug:
    msg: "{{ (fleet_maintenance_result | wpfleet.mainwp.site_verdict).failure }}"
"""

RETURN = r"""
_value:
  description: The verdict.
  type: dict
  contains:
    red:
      description: Whether the site is not well, by what was known when its update was over.
      type: bool
    failure:
      description: All that is wrong, in one line; empty if nothing is.
      type: str
    broken:
      description: Whether the update broke the site's pages.
      type: bool
    unseen:
      description: Why nobody can say that the site's pages are well; empty if somebody can, or nothing was done.
      type: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._reports.waves import TROUBLE


def site_verdict(
    result: Mapping[str, Any] | None, held: str | None = "", before: str | None = "", after: str | None = ""
) -> dict[str, Any]:
    """What is wrong with the site, and what of it matters to whom."""
    result = result or {}
    sites = result.get("sites") or ()
    wrong = (str(text or "").strip() for text in (held, before, _of_the_update(result), after))
    return {
        "red": bool(held or before) if result.get("skipped") else _is_red(result),
        "failure": " – also: ".join(filter(None, wrong)),
        "broken": any(site.get("reason") == "health" for site in sites),
        "unseen": _unseen([site for site in sites if not site.get("expected")]),
    }


def _is_red(result: Mapping[str, Any]) -> bool:
    counted = "failed_sites" in (result.get("summary") or {})
    return not counted or bool(result["summary"]["failed_sites"] or result.get("broken_off"))


def _of_the_update(result: Mapping[str, Any]) -> str:
    if result.get("skipped"):
        return ""
    if "sites" not in result:
        return str(result.get("msg") or "The update failed without a message.")
    lines = [
        f"{site['result']} ({site['reason']}): {site['message']}"
        for site in result["sites"]
        if site["result"] in TROUBLE and not site.get("expected")
    ]
    if not lines and result.get("broken_off"):
        lines = [f"Broken off: {result['broken_off']}"]
    return " ".join(lines)


def _unseen(sites: list[Mapping[str, Any]]) -> str:
    looks = [(site, site.get("health") or {}) for site in sites]
    unwell = [look.get("message") for dummy, look in looks if look.get("verdict") not in ("ok", "not_checked")]
    nobody = [
        look.get("message") or "nobody looked at them"
        for site, look in looks
        if site.get("changed") and look.get("verdict") == "not_checked"
    ]
    return str(next(iter([*unwell, *nobody]), None) or "")


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"site_verdict": site_verdict}
