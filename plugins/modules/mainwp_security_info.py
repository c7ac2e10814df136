# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_security_info
short_description: Read what child sites say of their own security
version_added: 0.3.0
description:
  - Asks each selected site for MainWP's security checks. The Dashboard asks the site at that moment, one request for each
    site, several at a time.
  - A site that cannot be reached is C(unknown), with a warning. That does not fail the task.
  - MainWP's API cannot repair what it finds. It needs API v2.
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
  only_issues:
    description:
      - Return only sites with an issue, and those that are unknown.
    type: bool
    default: false
seealso:
  - module: wpfleet.mainwp.mainwp_vulnerability_info
  - module: wpfleet.mainwp.mainwp_site_info
"""

EXAMPLES = r"""
- name: Read which sites have an issue
  wpfleet.mainwp.mainwp_security_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    only_issues: true
  register: security

- name: Name those that show PHP's errors to visitors
  ansible.builtin.debug:
    msg: >-
      {{ security.sites | selectattr('issues', 'contains', 'php_reporting')
      | map(attribute='url') }}
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
    issues:
      description: The checks that found an issue.
      type: list
      elements: str
      returned: always
      sample: [sslprotocol, sec_inactive_plugins]
    checks:
      description:
        - Check to whether it is fine, null where the site does not say; null as a whole where it is unknown.
        - C(db_reporting) and C(php_reporting) - errors are not shown; C(wp_uptodate), C(sec_outdated_plugins) and
          C(sec_outdated_themes) - nothing is out of date; C(sec_inactive_plugins) and C(sec_inactive_themes) - nothing is
          installed that is not active; C(phpversion_matched) - PHP is new enough; C(sslprotocol) - HTTPS is used;
          C(debug_disabled) - debugging is off.
      type: dict
      returned: always
count:
  description: Number of issues.
  returned: success
  type: int
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "12 sites: 9 issues, 1 unknown"
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
from ..module_utils._jobs import security_info as job
from ..module_utils._specs import selection_spec

DOOR = DashboardDoor(
    "mainwp_security_info",
    job.options_from,
    job.run,
    {**selection_spec(), "only_issues": {"type": "bool", "default": False}},
)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
