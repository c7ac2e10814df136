# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins on many sites as code: active, inactive, absent; and what MainWP says is done that is not."""

from __future__ import annotations

from typing import Any

from integration._fleets import child, fleet
from integration._play import Task

from simulator import Plugin

CALLS = r"/mainwp/v2/sites/\d+/(plugins|themes)/(activate|deactivate|delete)"
FORMS = "acme-forms/acme-forms.php"


def told(result: Any, plural: str = "plugins") -> list[tuple[str, str, str, str]]:
    """Before, after, result and reason of every entry, site after site."""
    return [
        (entry["before"], entry["after"], entry["result"], entry["reason"])
        for site in result["sites"]
        for entry in site[plural]
    ]


def test_a_plugin_becomes_active_inactive_and_absent(direct_for, dialect):
    play = direct_for(fleet(child(None, Plugin(FORMS, "Acme Forms", "1.0.0", active=False)), child()), dialect)
    on = {"all_sites": True, "plugins": ["acme-forms"], "state": "active"}
    first = {"sites": ["1"], "plugins": [FORMS]}
    planned, made, again = play.tasks(
        Task("mainwp_plugin", {**on, "sites": None, "exclude_sites": ["2"]}, check=True, diff=True),
        Task("mainwp_plugin", {**on, "exclude_sites": ["2"]}, diff=True),
        Task("mainwp_plugin", {**on, "exclude_sites": ["2"]}),
    )
    assert told(planned) == [("inactive", "active", "planned", "")]
    assert told(made) == [("inactive", "active", "changed", "")]
    assert planned["diff"] == made["diff"]
    assert [*planned.writes, *again.writes] == []
    assert told(again) == [("active", "active", "unchanged", "")]
    refused, off, gone = play.tasks(
        Task("mainwp_plugin", {**first, "state": "absent"}),
        Task("mainwp_plugin", {**first, "state": "inactive"}),
        Task("mainwp_plugin", {**first, "state": "absent"}),
    )
    assert refused["failed"]
    assert refused.writes == []
    assert told(refused) == [("active", "active", "failed", "is_active")]
    assert told(off) == [("active", "inactive", "changed", "")]
    assert told(gone) == [("inactive", "absent", "changed", "")]
    assert play.sim.fleet.sites[1].child.plugin(FORMS) is None
