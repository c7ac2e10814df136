# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_settings_info
short_description: Read settings of a MainWP Dashboard
version_added: 0.3.0
description:
  - Reads settings of the Dashboard itself, section by section, in the very names and shape in which
    M(wpfleet.mainwp.mainwp_settings) takes them. Whatever is read can be given to it, and then changes nothing.
  - Secrets are never returned, only whether there are any.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.info
  - wpfleet.mainwp.attributes.actiongroup_mainwp_info
options:
  sections:
    description:
      - Only these. All if not given; each costs one request.
    type: list
    elements: str
    choices: [general, advanced, monitoring, emails, cost_tracker, insights, tools, api_backups]
notes:
  - API v1 cannot do this.
seealso:
  - module: wpfleet.mainwp.mainwp_settings
"""

EXAMPLES = r"""
- name: Read all settings
  wpfleet.mainwp.mainwp_settings_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: known

- name: Insist on a Dashboard that updates nothing on its own
  ansible.builtin.assert:
    that: not known.settings.general.plugin_automatic_daily_update

- name: Read two sections
  wpfleet.mainwp.mainwp_settings_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    sections: [monitoring, emails]
"""

RETURN = r"""
settings:
  description:
    - The sections, each in the shape of its option of M(wpfleet.mainwp.mainwp_settings), whole.
    - Null stands for what was never set, for what MainWP has but nobody could ask it for through its API, and for every secret.
  returned: success
  type: dict
  sample: {insights: {enable_insights_logging: true}}
secrets:
  description: For each secret of O(sections) of which MainWP tells that much, by section and name, whether it is set.
  returned: success
  type: dict
  sample: {api_backups.kinsta.api_key: true}
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "8 sections of settings"
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
from ..module_utils._settings import _info as info
from ..module_utils._settings.sections import sections_spec

DOOR = DashboardDoor("mainwp_settings_info", info.sections_from, info.run, sections_spec())


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
