# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a cost belongs to."""

from __future__ import annotations

from integration._fleets import child, fleet
from integration._play import Task

COST = "mainwp_cost"


def test_a_cost_goes_from_sites_to_tags_to_clients_and_back(direct_for, dialect):
    """Of the three lists the first that is sent counts, and an empty one is refused."""
    play = direct_for(fleet(child(), child()), dialect)
    play.tasks(Task("mainwp_client", {"name": "Acme"}), Task("mainwp_tag", {"name": "canary"}))
    steps = ({"sites": ["1"]}, {"site_tags": ["canary"]}, {"clients": ["Acme"]}, {"sites": ["2"]})
    for given in steps:
        done, again = play.tasks(*(Task(COST, {"name": "Hosting", **given}) for dummy in range(2)))
        (owners,) = given
        held = [name for name in ("sites", "site_tags", "clients") if done["cost"][name]]
        assert (done["changed"], held, again.writes) == (True, [owners], [])
