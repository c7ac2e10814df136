# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: report_folder
author: wpfleet.mainwp contributors (@wpfleet)
short_description: Where reports of this collection are
version_added: 0.1.0
description:
  - The folder of a report below the directory for reports, by the very names that M(wpfleet.mainwp.mainwp_report)
    gives to folders. What a file system could take for more than a name becomes an underscore.
positional: names
options:
  _input:
    description: The directory for reports. C(~) is the user's home; without a directory there is no folder.
    type: str
    required: true
  names:
    description:
      - The names of the folders below it, such as that of a Dashboard in the inventory. Each is a positional argument of its
        own; they cannot be given by keyword.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: List the reports on a Dashboard
  ansible.builtin.find:
    paths: "{{ 'mainwp-reports' | wpfleet.mainwp.report_folder('agency') }}"
    patterns: report.json
    recurse: true
"""

RETURN = r"""
_value:
  description: An absolute path; empty without a directory.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ..module_utils._files import folder_of


def report_folder(base: str | None, *names: str) -> str:
    """``reports``, ``shop: eu`` → ``/home/ops/reports/shop_eu``."""
    return folder_of(str(base or ""), *map(str, names))


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"report_folder": report_folder}
