# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_monitor_info
short_description: Read what the uptime monitors of a MainWP Dashboard found
version_added: 0.3.0
description:
  - Reads the uptime monitors of child sites. Every selected site is returned, one without a monitor with the status C(none).
  - MainWP makes a monitor when a site is added while uptime monitoring is switched on, and never for a site that it has
    already. Of sites without one its API tells that they are down. This module does not.
  - What it returns can be given to M(wpfleet.mainwp.mainwp_report) as C(monitors) in C(sources).
  - It needs API v2.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.selection
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.info
  - wpfleet.mainwp.attributes.actiongroup_mainwp_info
options:
  monitor_status:
    description:
      - Only sites whose monitor says one of these. The API's own filter looks at something else.
      - V(unknown) is a monitor that has checked nothing yet, V(none) a site without one.
    type: list
    elements: str
    choices: [up, down, pending, unknown, none]
  heartbeats_since:
    description:
      - Read what each check found since then, one request for each monitor - a time such as V(2026-11-24T22:30:00Z), a day
        such as V(2026-11-01) (UTC), or V(24h) or V(30d) for so long ago.
      - A site that is checked every five minutes has 8,640 heartbeats in 30 days. For many sites, ask each day for V(25h) and
        keep what is returned - looks may overlap in M(wpfleet.mainwp.mainwp_report). MainWP deletes old heartbeats.
    type: str
  incidents:
    description:
      - Read the last outages, at most 200, one request for each monitor.
    type: bool
    default: false
seealso:
  - module: wpfleet.mainwp.mainwp_report
  - module: wpfleet.mainwp.mainwp_site_info
"""

EXAMPLES = r"""
- name: Read which sites are down, and which nobody watches
  wpfleet.mainwp.mainwp_monitor_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    monitor_status: [down, none]
  register: watched

- name: Read a month of heartbeats
  wpfleet.mainwp.mainwp_monitor_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    heartbeats_since: 30d
  register: monitors

- name: Read the sites
  wpfleet.mainwp.mainwp_site_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: fleet

- name: Draw the fleet with its availability
  wpfleet.mainwp.mainwp_report:
    page: fleet
    dir: /srv/reports
    sources:
      sites: ["{{ fleet }}"]
      monitors: ["{{ monitors }}"]
"""

RETURN = r"""
sites:
  description: The selected sites, sorted by address.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The site's id on this Dashboard.
      type: int
      returned: always
    url:
      description: Its address.
      type: str
      returned: always
    domain:
      description: Its host name without C(www.), lower case; an international one in ASCII (C(xn--)).
      type: str
      returned: always
    name:
      description: Its name.
      type: str
      returned: always
    monitor_id:
      description: The id of its monitor, null for none. It is not the site's id.
      type: int
      returned: always
    monitor_status:
      description: C(up), C(down), C(pending) for a check that is to be repeated, C(unknown) for none yet, or C(none).
      type: str
      returned: always
    type:
      description: What is checked, such as C(http), C(ping) or C(keyword); empty without a monitor.
      type: str
      returned: always
    interval:
      description: Seconds between two checks, null where that is not told.
      type: int
      returned: always
    last_check:
      description: When it was checked last (UTC), null for never.
      type: str
      returned: always
      sample: "2026-11-25T22:45:44Z"
    http_code:
      description: The HTTP status of the last check, null for none.
      type: int
      returned: always
    uptime:
      description: Percent of the time, C(7d) and C(30d), as MainWP counts; null without a monitor.
      type: dict
      returned: always
      sample: {7d: 99.5, 30d: 99.9}
    incident_counts:
      description: How often it went down, C(7d) and C(30d), as MainWP counts; null without a monitor.
      type: dict
      returned: always
      sample: {7d: 0, 30d: 2}
    response_ms:
      description: How long answers took, C(avg), C(min) and C(max), in milliseconds; null without a monitor.
      type: dict
      returned: always
      sample: {avg: 63, min: 4, max: 237}
    heartbeats:
      description: What its checks found, the oldest first.
      type: list
      elements: dict
      returned: with O(heartbeats_since)
      contains:
        time:
          description: When (UTC).
          type: str
          returned: always
        status:
          description: C(up), C(down), or C(pending) for a check that is to be repeated.
          type: str
          returned: always
        http_code:
          description: The HTTP status, null for none.
          type: int
          returned: always
        ping_ms:
          description: How long the answer took, in milliseconds, null for none.
          type: int
          returned: always
    incidents:
      description: Its last outages, the newest first.
      type: list
      elements: dict
      returned: with O(incidents)
      contains:
        started:
          description: The first check that found it down (UTC).
          type: str
          returned: always
        ended:
          description: The check that found it up again (UTC), null while it is down.
          type: str
          returned: always
        seconds:
          description: How long it was down, null while it is.
          type: int
          returned: always
        checks:
          description: How many checks found it down.
          type: int
          returned: always
    pages:
      description:
        - Further monitors of the site, each with C(monitor_id) and the other keys of a monitor. They watch single pages of it,
          and the API does not tell which.
      type: list
      elements: dict
      returned: always
active:
  description: Whether MainWP's uptime monitoring is switched on; null where that cannot be read.
  returned: success
  type: bool
count:
  description: Number of sites returned.
  returned: success
  type: int
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "12 sites: 10 up, 1 down, 1 without a monitor"
dashboard:
  description: Which Dashboard answered. See U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#dashboard).
  returned: when the Dashboard was reached
  type: dict
  sample: {url: "https://dashboard.example", dialect: abilities}
error:
  description: What went wrong with the whole run. See U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#error).
  returned: when the task failed as a whole
  type: dict
  sample: {message: "list the sites: HTTP 401", hint: "Is the key copied whole?", reason: unauthorized, status: 401}
"""

from ..module_utils._dashboard_door import DashboardDoor, run_module
from ..module_utils._jobs import monitor_info as job
from ..module_utils._specs import selection_spec

DOOR = DashboardDoor(
    "mainwp_monitor_info",
    job.options_from,
    job.run,
    {
        **selection_spec(),
        "monitor_status": {"type": "list", "elements": "str", "choices": list(job.STATUSES)},
        "heartbeats_since": {"type": "str"},
        "incidents": {"type": "bool", "default": False},
    },
)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
