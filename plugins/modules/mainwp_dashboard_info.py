# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_dashboard_info
short_description: Examine a MainWP Dashboard before trusting it with a run
version_added: 0.1.0
description:
  - Tells whether the Dashboard can be reached, which dialect of the API it speaks, what the key may do, how its clock
    runs, which limits it sets, and what looks wrong.
  - Fails only if the Dashboard or its API cannot be reached; everything else is a finding.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.health
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.info
  - wpfleet.mainwp.attributes.actiongroup_mainwp_info
seealso:
  - module: wpfleet.mainwp.mainwp_site_info
  - module: wpfleet.mainwp.mainwp_update_info
"""

EXAMPLES = r"""
- name: Examine the Dashboard
  wpfleet.mainwp.mainwp_dashboard_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: doctor

- name: Insist on a key that may write
  ansible.builtin.assert:
    that: doctor.dashboard.key_scope == 'read_write'

- name: Look at the pages of all sites, too
  wpfleet.mainwp.mainwp_dashboard_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    health_check: {}
  register: doctor

- name: Name the sites that cannot be judged from here or are bad already
  ansible.builtin.debug:
    msg: "{{ doctor.pages }}"
"""

RETURN = r"""
dashboard:
  description: What there is to know of the Dashboard.
  returned: success
  type: dict
  contains:
    url:
      description: Its address.
      type: str
      returned: always
    dialect:
      description: C(abilities) on WordPress 6.9 or newer, else C(classic).
      type: str
      returned: always
    api_version:
      description: The version of the API that was used.
      type: str
      returned: always
    apis:
      description: MainWP's API namespaces that the Dashboard announces; empty where its index is hidden.
      type: list
      elements: str
      returned: always
      sample: [mainwp/v1, mainwp/v2]
    key_scope:
      description: C(read) or C(read_write); null if the Dashboard does not tell.
      type: str
      returned: always
    auth_method:
      description: How the credentials travelled.
      type: str
      returned: always
    tls:
      description: Whether TLS was C(used), and whether certificates are C(verified).
      type: dict
      returned: always
    clock_skew:
      description: Seconds by which the Dashboard's clock is ahead of this machine's.
      type: int
      returned: always
    wp_cron:
      description:
        - Whether MainWP's setting C(enabled) WP-Cron (null if it does not tell), and when it was C(last_seen) at work on a
          site, by the Dashboard's local time (null for never, and if that cannot be read).
      type: dict
      returned: always
    automatic_updates:
      description: The types that MainWP updates by itself.
      type: list
      elements: str
      returned: always
    limits:
      description: Lanes and pauses (seconds) towards child sites - C(sync_lanes), C(sync_gap), C(ip_gap), C(update_lanes).
      type: dict
      returned: always
    sites:
      description: Number of sites C(total), C(connected), C(disconnected) and C(suspended).
      type: dict
      returned: always
locking:
  description: What the locks of M(wpfleet.mainwp.mainwp_batch_update) keep away, and what they do not.
  returned: success
  type: dict
  contains:
    host:
      description: The machine on which they hold.
      type: str
      returned: always
    message:
      description: What they guard, in words.
      type: str
      returned: always
pages:
  description: Sites whose pages are not all good, by address.
  returned: success, with O(health_check)
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
    verdict:
      description: C(bad), or C(unknown) when nobody can judge them from here.
      type: str
      returned: always
    message:
      description: The page, and what was found.
      type: str
      returned: always
findings:
  description: What somebody should know before the first run, each with C(code), C(message) and C(hint).
  returned: success
  type: list
  elements: dict
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "https://dashboard.example: abilities, 140 sites, 1 finding"
error:
  description: What went wrong with the whole run. See U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#error).
  returned: when the task failed as a whole
  type: dict
  sample: {message: "list the sites: HTTP 401", hint: "Is the key copied whole?", reason: unauthorized, status: 401}
"""

from ..module_utils._dashboard_door import DashboardDoor, run_module
from ..module_utils._jobs import dashboard_info as job
from ..module_utils._specs import health_spec

DOOR = DashboardDoor("mainwp_dashboard_info", job.options_from, job.run, health_spec())


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
