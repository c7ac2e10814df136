# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: run_start
author: wpfleet.mainwp contributors (@wpfleet)
short_description: When a run begins, a second that no other run has
version_added: 0.5.0
description:
  - Returns the time, in UTC, by which the folder of a report is called, and makes that folder, for its owner only. Whoever
    asks for the same folder within the same second waits for the next one, so that two runs do not write into one.
  - Nothing is made without a folder, and where none can be made the time is told all the same.
options:
  _terms:
    description: Where the reports on one Dashboard are, as P(wpfleet.mainwp.report_folder#filter) tells it, or an empty text.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Begin a report
  ansible.builtin.set_fact:
    started: "{{ lookup('wpfleet.mainwp.run_start', reports) }}"
  vars:
    reports: "{{ 'mainwp-reports' | wpfleet.mainwp.report_folder('agency') }}"
"""

RETURN = r"""
_raw:
  description: The time, such as V(2026-11-24T22:30:00Z), for each folder.
  type: list
  elements: str
"""

import time
from pathlib import Path
from typing import Any

from ansible.plugins.lookup import LookupBase

from ..plugin_utils._supported import refuse_older_core

refuse_older_core()

from ..module_utils._files import second_of_its_own
from ..module_utils._models import iso


class LookupModule(LookupBase):
    """The folder is the claim: only one of those who make it succeeds."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """A time for each folder."""
        self.set_options(var_options=variables, direct=kwargs)
        return [_begun(str(term)) for term in terms or [""]]


def _begun(folder: str) -> str:
    try:
        return second_of_its_own(Path(folder)) if folder else iso(time.time())
    except OSError:  # who writes the report says why it cannot be
        return iso(time.time())
