# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_plugin_info
short_description: Read which plugins the sites of a MainWP fleet have
version_added: 0.3.0
description:
  - Tells which plugins the selected sites have, in which version and state, and for which there is an update, as the Dashboard
    knows it from the last sync of each site. M(wpfleet.mainwp.mainwp_sync) makes that new.
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
  plugins:
    description:
      - Only these, each by its slug (V(akismet/akismet.php)), its folder or file (V(akismet)), or its whole name. One that is on none
        of the selected sites brings a warning.
    type: list
    elements: str
  state:
    description:
      - Only those in this state.
    type: str
    choices: [any, active, inactive, must_use]
    default: any
  abandoned:
    description:
      - Whether to ask which had no release for so long that MainWP calls them abandoned. That takes one request for each
        site; all else comes with the listing of sites.
    type: bool
    default: false
seealso:
  - module: wpfleet.mainwp.mainwp_plugin
  - module: wpfleet.mainwp.mainwp_site_info
"""

EXAMPLES = r"""
- name: Read which sites have a plugin, and in which version
  wpfleet.mainwp.mainwp_plugin_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    plugins: [woocommerce]
  register: shops

- name: Show them
  ansible.builtin.debug:
    msg: >-
      {{ item.0.url }}: {{ item.1.version }}
      ({{ item.1.state }}) {{ item.1.update_version }}
  loop: "{{ shops.sites | subelements('plugins') }}"
  loop_control:
    label: "{{ item.0.name }}"

- name: Read which plugins lie about on the blogs and are abandoned
  wpfleet.mainwp.mainwp_plugin_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_tags: [blogs]
    state: inactive
    abandoned: true
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
    name:
      description: Its name.
      type: str
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
    status:
      description: C(connected), C(disconnected) or C(suspended).
      type: str
      returned: always
    last_sync:
      description: When the Dashboard last synced it (UTC), null for never.
      type: str
      returned: always
      sample: "2026-11-23T13:45:33Z"
    plugins:
      description: Its plugins, sorted by slug.
      type: list
      elements: dict
      returned: always
      contains:
        slug:
          description: Its file, as WordPress names it.
          type: str
          returned: always
          sample: akismet/akismet.php
        name:
          description: Its name.
          type: str
          returned: always
        version:
          description: The version that is installed.
          type: str
          returned: always
        state:
          description: C(active), C(inactive) or C(must_use).
          type: str
          returned: always
        update_version:
          description: The version that is offered, also where the update is ignored in MainWP; empty for none.
          type: str
          returned: always
        abandoned_since:
          description: When it had its last release (UTC), if MainWP calls it abandoned; null if not, and without O(abandoned).
          type: str
          returned: always
          sample: "2017-07-14T02:40:00Z"
count:
  description: How many plugins that are, over all sites.
  returned: success
  type: int
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: 12 plugins on 3 sites
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

from ..module_utils._dashboard_door import run_module
from ..module_utils._thing_doors import extensions_door

DOOR = extensions_door("mainwp_plugin_info", "plugin", ["active", "inactive", "must_use"])


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
