# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_ignored_update_info
short_description: Read which updates MainWP ignores on its sites
version_added: 0.3.0
description:
  - Tells for each site which plugins and themes MainWP ignores updates of, and whether it ignores all of them, or WordPress.
  - The Dashboard keeps these rules, so no site is asked, and the listing of the sites tells all.
  - Without any selection option it reads all sites.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.selection
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.info
  - wpfleet.mainwp.attributes.actiongroup_mainwp_info
notes:
  - Rules for all sites, and ignored versions of WordPress, cannot be read by the API.
  - MainWP's own routes for this answer with an error on WordPress 7.1, so they are not used.
seealso:
  - module: wpfleet.mainwp.mainwp_ignored_update
"""

EXAMPLES = r"""
- name: Read all rules
  wpfleet.mainwp.mainwp_ignored_update_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: ignored

- name: Name the sites on which WordPress itself is ignored
  ansible.builtin.debug:
    msg: >-
      {{ ignored.sites | selectattr('core', 'true') | map(attribute='url') }}

- name: Show each rule
  ansible.builtin.debug:
    msg: "{{ item.0.url }}: {{ item.1.name }}"
  loop: "{{ ignored.sites | subelements('rules') }}"
  loop_control:
    label: "{{ item.0.name }}"
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
    result:
      description: C(read), or C(unknown) where it could not be read.
      type: str
      returned: always
    reason:
      description: Why it is unknown, a code of U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#reason-codes).
      type: str
      returned: always
    message:
      description: One sentence about it.
      type: str
      returned: always
    core:
      description: Whether updates of WordPress itself are ignored; null where nobody knows.
      type: bool
      returned: always
    all_plugins:
      description: Whether updates of all plugins are ignored; null where nobody knows.
      type: bool
      returned: always
    all_themes:
      description: Whether updates of all themes are ignored; null where nobody knows.
      type: bool
      returned: always
    rules:
      description: Single rules, by type and slug, each with C(type), C(slug), C(name), and with C(versions), empty for all.
      type: list
      elements: dict
      returned: always
    junk:
      description: What is named by rules that have a number for a slug. They ignore nothing; take them away in MainWP.
      type: list
      elements: str
      returned: always
count:
  description: Number of single rules.
  returned: success
  type: int
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "3 rules on 12 sites"
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
from ..module_utils._specs import selection_spec
from ..module_utils._things import ignored_info as job

DOOR = DashboardDoor("mainwp_ignored_update_info", job.options_from, job.run, selection_spec())


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
