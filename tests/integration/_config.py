# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dashboards for stories about trees."""

from __future__ import annotations

from typing import Any

from integration._fleets import child, fleet
from integration._site_plugins import off

from simulator import Fleet

CONFIG = "mainwp_config"
#: Addresses and password of children that no Dashboard knows yet.
NEW, OTHER, PASSWORD = "http://new.example/", "http://other.example/", "lab-Pass-1"
SECRETS = {"sites": {"*": {"admin_password": PASSWORD}}}


def world(**fields: Any) -> Fleet:
    """Sites s01 to s03, each with an inactive plugin, and two children that could be added."""
    strangers = {url: child(None, off(), password=PASSWORD, has_key=False) for url in (NEW, OTHER)}
    made = fleet(*(child(None, off()) for dummy in range(3)), strangers=strangers, **fields)
    made.settings["advanced"] = {"mainwp_minimum_delay": 0, "mainwp_minimum_ip_delay": 0}
    return made


def drift(result: Any) -> list[tuple[str, str, str, str]]:
    """Kind, name, site and standing of what is not as the tree says; without what it does not mention."""
    names = ("kind", "name", "site", "standing")
    return [tuple(row[name] for name in names) for row in result["drift"] if row["standing"] != "extra"]


def counts(result: Any, kind: str) -> dict[str, int]:
    """The counts of one kind that are not 0."""
    return {name: number for name, number in result["summary"]["kinds"][kind].items() if number}
