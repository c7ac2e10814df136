# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door of a whole tree: its secrets stand in maps that no argument spec describes. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._dashboard_door import DashboardDoor
from .._secrets import Secrets
from .._specs import health_spec, lanes_spec
from ._tree import secrets_of


class TreeDoor(DashboardDoor):
    """Knows what is secret in a tree by the options of the modules whose entries it holds."""

    def hidden(self, params: Mapping[str, Any]) -> Secrets:
        """What must not be seen."""
        return super().hidden(params) | secrets_of(params)


def tree_spec() -> dict[str, Any]:
    """The options of mainwp_config."""
    lanes = lanes_spec()
    names = {"type": "list", "elements": "str"}
    return {
        "tree": {"type": "dict", "required": True},
        "tree_prefix": {"type": "str", "default": ""},
        "secrets": {"type": "dict", "no_log": False},
        "only": names,
        "purge": {**names, "default": []},
        "purge_max": {"type": "int", "default": 0},
        "partial": {"type": "bool", "default": False},
        "max_age": {"type": "int", "default": 86400},
        **{name: lanes[name] for name in ("max_failed_sites", "stop_after", "lock_dir", "lock_timeout")},
        "hold_after": {"type": "int", "default": 2},
        "wait_timeout": {"type": "int", "default": 600},
        **health_spec(),
    }
