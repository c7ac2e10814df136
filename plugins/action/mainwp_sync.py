# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of all modules, which ``meta/runtime.yml`` maps to it.

It bears a module's name because ansible-test wants a module that documents each action.
"""

from __future__ import annotations

from ..plugin_utils._supported import refuse_older_core

refuse_older_core()

from ..plugin_utils._action import JobAction as ActionModule

__all__ = ["ActionModule"]
