# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: run_id
author: wpfleet.mainwp contributors (@wpfleet)
short_description: An id of this run of ansible-playbook
version_added: 0.1.0
description:
  - Returns a text that is the same for all hosts, tasks and plays of one run of C(ansible-playbook), and another one in
    each run.
  - For what several hosts add to, such as a report. A fact would come too late for hosts that begin together under
    C(strategy=free).
options:
  _terms:
    description: Nothing.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Let all hosts add to one file
  ansible.builtin.debug:
    msg: "/tmp/run-{{ lookup('wpfleet.mainwp.run_id') }}.json"
"""

RETURN = r"""
_raw:
  description: The id, 16 hexadecimal digits.
  type: list
  elements: str
"""

import hashlib
import multiprocessing
from typing import Any

from ansible.plugins.lookup import LookupBase

from ..plugin_utils._supported import refuse_older_core

refuse_older_core()


class LookupModule(LookupBase):
    """Ansible's workers inherit a random key from the process that started them."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """The id."""
        del terms
        self.set_options(var_options=variables, direct=kwargs)
        return [hashlib.sha256(multiprocessing.current_process().authkey).hexdigest()[:16]]
