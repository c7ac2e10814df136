# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_site_info
short_description: Read facts about the child sites of a MainWP Dashboard
version_added: 0.1.0
description:
  - Reads child sites as the Dashboard last saw them, in one stable shape, sorted by address.
  - Without any selection option it returns all sites.
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
  gather_subset:
    description:
      - What to read beyond that which comes with the listing.
      - V(plugins) and V(themes) add the installed extensions; V(updates) the pending updates after MainWP's ignore
        rules (one request for up to 25 sites that have any, or for 49 updates).
      - V(security), V(changes), V(costs) and V(client) cost one request per site; V(security) makes the Dashboard
        ask the child site.
      - V(settings) adds what M(wpfleet.mainwp.mainwp_site) writes, and costs three requests per site.
    type: list
    elements: str
    choices: [updates, plugins, themes, security, changes, costs, client, settings]
    default: []
seealso:
  - module: wpfleet.mainwp.mainwp_site
  - module: wpfleet.mainwp.mainwp_update_info
  - module: wpfleet.mainwp.mainwp_dashboard_info
"""

EXAMPLES = r"""
- name: Read all child sites
  wpfleet.mainwp.mainwp_site_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: fleet

- name: Name the sites that are disconnected
  ansible.builtin.debug:
    msg: >-
      {{ fleet.sites | selectattr('status', 'eq', 'disconnected')
      | map(attribute='url') }}

- name: Read the plugins of one client's shops
  wpfleet.mainwp.mainwp_site_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_tags: [shops]
    clients: [Acme Ltd]
    gather_subset: [plugins, updates]

- name: Read the sites through the legacy API
  wpfleet.mainwp.mainwp_site_info:
    url: https://dashboard.example
    consumer_key: "{{ vault_mainwp_consumer_key }}"
    consumer_secret: "{{ vault_mainwp_consumer_secret }}"
    api_version: v1
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
    status:
      description: C(connected), C(disconnected) or C(suspended).
      type: str
      returned: always
    sync_errors:
      description: Why the last sync failed, as plain text; empty if it did not.
      type: str
      returned: always
    suspended:
      description: Whether it is suspended in MainWP.
      type: bool
      returned: always
    client_id:
      description: The id of its client, 0 for none.
      type: int
      returned: always
    client_name:
      description: The name of its client, empty for none.
      type: str
      returned: always
    tags:
      description: Its tags, each with C(id) and C(name).
      type: list
      elements: dict
      returned: always
    ip:
      description: The server's address as the Dashboard knows it.
      type: str
      returned: always
    wp_version:
      description: Its WordPress version.
      type: str
      returned: always
    php_version:
      description: Its PHP version.
      type: str
      returned: always
    child_version:
      description: The version of MainWP Child.
      type: str
      returned: always
    mysql_version:
      description: Its database's version.
      type: str
      returned: always
    active_theme:
      description: Name and version of the active theme.
      type: str
      returned: always
    health_score:
      description: MainWP's health score, null if not known.
      type: int
      returned: always
    http_status:
      description: The result of the last uptime check, for example C(200 - OK).
      type: str
      returned: always
    last_sync:
      description: When the Dashboard last synced it (UTC), null for never.
      type: str
      returned: always
      sample: "2026-11-23T13:45:33Z"
    note:
      description: The note kept in MainWP.
      type: str
      returned: always
    update_counts:
      description:
        - Number of stored offers by C(core), C(plugins), C(themes), C(translations), C(premium) and C(total), before
          MainWP's ignore rules.
      type: dict
      returned: always
    plugins:
      description: Installed plugins, each with C(slug), C(name), C(version) and C(active).
      type: list
      elements: dict
      returned: with O(gather_subset) V(plugins)
    themes:
      description: Installed themes, each with C(slug), C(name), C(version) and C(active).
      type: list
      elements: dict
      returned: with O(gather_subset) V(themes)
    updates:
      description:
        - Pending updates after MainWP's ignore rules, each with C(type), C(slug), C(language), C(name), C(version) and
          C(new_version); null where the Dashboard cannot tell.
      type: list
      elements: dict
      returned: with O(gather_subset) V(updates)
    security:
      description: The security report that the child site gives, as MainWP returns it; null where it cannot tell.
      type: dict
      returned: with O(gather_subset) V(security)
    changes:
      description: Changes made outside MainWP, as MainWP returns them; null where it cannot tell.
      type: list
      elements: dict
      returned: with O(gather_subset) V(changes)
    costs:
      description: Costs of the site, as MainWP returns them; null where it cannot tell.
      type: raw
      returned: with O(gather_subset) V(costs)
    client:
      description: The site's client, as MainWP returns it; null for none.
      type: dict
      returned: with O(gather_subset) V(client)
    settings:
      description:
        - What MainWP keeps of the site. C(connection), C(ignore_core_updates), C(ignore_plugin_updates),
          C(ignore_theme_updates), C(force_use_ipv4), C(ssl_version), C(automatic_update), C(health_checking),
          C(health_threshold) and C(monitoring_emails), as RV(wpfleet.mainwp.mainwp_site#module:site) has them; null where
          the Dashboard cannot tell.
      type: dict
      returned: with O(gather_subset) V(settings)
count:
  description: Number of sites returned.
  returned: success
  type: int
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "12 sites"
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
from ..module_utils._jobs import site_info as job
from ..module_utils._specs import selection_spec

DOOR = DashboardDoor(
    "mainwp_site_info",
    job.options_from,
    job.run,
    {
        **selection_spec(),
        "gather_subset": {"type": "list", "elements": "str", "choices": list(job.SUBSETS), "default": []},
    },
    serves_v1=True,
)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
