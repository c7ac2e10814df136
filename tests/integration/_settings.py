# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stories of settings look at."""

from __future__ import annotations

MODULE, INFO = "mainwp_settings", "mainwp_settings_info"


def saved(play, group):
    """What the Dashboard has saved of a group."""
    return play.sim.fleet.settings.get(group, {})


def sent(result):
    """The bodies of writes, by what follows ``settings/``."""
    return {entry.path.partition("/settings/")[2]: entry.json for entry in result.writes}


def moved(result):
    """setting → (before, after)"""
    return {change["setting"]: (change["before"], change["after"]) for change in result["changes"]}
