# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mainwp_client_info in the controller's process; the documentation is the module's."""

from __future__ import annotations

from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_client_info import DOOR
from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._action import JobAction


class ActionModule(JobAction):
    """The same job through the other door."""

    door = DOOR
