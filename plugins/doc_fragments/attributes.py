# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules promise, in a form that machines can read."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes shared by the modules."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and tell what would change, without changing anything.
  diff_mode:
    description: Shows what changed, or in check mode would change, as old and new.
  idempotent:
    description: Run again in the same situation, it changes nothing.
  async:
    description: Supports being used with the C(async) keyword.
    support: none
  platform:
    description: Where it can run.
    platforms: posix
    support: full
  action:
    description: Has an action plugin, so that it runs in Ansible's own process on the controller.
    support: full
  connection:
    description: Uses the host's connection to run there.
  become:
    description: Heeds C(become) and what belongs to it.
  delegation:
    description: Heeds C(delegate_to) and what belongs to it.
"""

    CONTROLLER = r"""
options: {}
requirements:
  - python >= 3.10
attributes:
  connection:
    support: none
    details:
      - It runs on the controller, and needs no connection to the host.
  become:
    support: none
    details:
      - It runs as whoever runs Ansible.
  delegation:
    support: none
    details:
      - It runs on the controller, whatever the host.
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - It only reads.
  diff_mode:
    support: N/A
    details:
      - It changes nothing.
  idempotent:
    support: full
    details:
      - It only reads.
"""

    ACTIONGROUP_MAINWP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/wpfleet.mainwp.mainwp) in C(module_defaults) to set options for all modules at once.
    support: full
    membership:
      - wpfleet.mainwp.mainwp
"""

    ACTIONGROUP_MAINWP_INFO = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/wpfleet.mainwp.mainwp_info) in C(module_defaults) to set options for what only reads.
    support: full
    membership:
      - wpfleet.mainwp.mainwp
      - wpfleet.mainwp.mainwp_info
"""
