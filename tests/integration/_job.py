# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs in this process against a simulator: for stories about a result, without the seconds of a playbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jobs

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector, Door
from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_batch_update
from simulator import Fleet, Simulator


def at_once(fleet: Fleet) -> Fleet:
    """``fleet`` on a Dashboard without pauses."""
    fleet.settings.setdefault("advanced", {}).update(mainwp_minimum_delay=0, mainwp_minimum_ip_delay=0)
    return fleet


def job(
    sim: Simulator,
    door: Door = mainwp_batch_update.DOOR,
    *,
    check_mode: bool = False,
    reporter: Collector | None = None,
    **options: Any,
) -> dict[str, Any]:
    """A module's result; its warnings are those of ``reporter``."""
    connection = {"url": sim.url, "api_key": sim.key().token, "retries": 0, "concurrency": 4}
    return jobs.done(door, {**connection, **options}, reporter, check_mode)


def site(result: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What the result says of a site."""
    found: dict[str, Any] = next(entry for entry in result["sites"] if entry["id"] == number)
    return found
