# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_user_info
short_description: Read the users of the child sites of a MainWP Dashboard
version_added: 0.3.0
description:
  - Tells who is on which site, by role or by login. MainWP asks the sites themselves for it, at this moment.
  - What it returns is what M(wpfleet.mainwp.mainwp_report) takes as O(wpfleet.mainwp.mainwp_report#module:sources.users). Kept
    day by day, it shows administrators that came.
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
options:
  roles:
    description:
      - Users who have one of these roles, be it beside another one. Without O(logins) and without this one, administrators.
      - MainWP's API knows these five. Who has only other ones can be found by O(logins).
    type: list
    elements: str
    choices: [administrator, editor, author, contributor, subscriber]
  logins:
    description:
      - Users of these names, whatever their role, unless O(roles) are given, too. Upper and lower case are the same, as in
        WordPress.
    type: list
    elements: str
  include_email:
    description:
      - Return e-mail addresses, too. Results end up in logs and in databases such as AWX's, so think of it twice.
    type: bool
    default: false
notes:
  - A site that does not answer is not empty; it has no C(users), but a reason. That is no failure of the task.
  - MainWP does not ask sites that are suspended, or whose last sync failed.
  - Sites are asked together, 25 by a request. Of one that such an answer leaves out nobody knows whether it has no such user or
    was not reached, so it is asked once more, alone. With O(logins) that may be a request for each site.
seealso:
  - module: wpfleet.mainwp.mainwp_user
  - module: wpfleet.mainwp.mainwp_report
"""

EXAMPLES = r"""
- name: Find all administrators
  wpfleet.mainwp.mainwp_user_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
  register: administrators

- name: Keep who they are, to see later who came
  ansible.builtin.copy:
    content: "{{ administrators | to_nice_json }}"
    dest: "administrators-{{ administrators.at }}.json"
    mode: "0600"
  delegate_to: localhost

- name: Find where somebody who leaves still has an account
  wpfleet.mainwp.mainwp_user_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    logins: [anna]
  register: anna

- name: Name these sites
  ansible.builtin.debug:
    msg: >-
      {{ anna.sites | selectattr('users', 'defined')
      | rejectattr('users', 'eq', []) | map(attribute='url') }}
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
    users:
      description: Its users that were asked for, by login.
      type: list
      elements: dict
      returned: when the site answered
      contains:
        id:
          description: The user's id there.
          type: int
          returned: always
        login:
          description: The name to log in with.
          type: str
          returned: always
        role:
          description: The first of the roles; MainWP tells no other one.
          type: str
          returned: always
        posts:
          description: How many posts are theirs.
          type: int
          returned: always
        email:
          description: The e-mail address.
          type: str
          returned: with O(include_email=true)
count:
  description: Number of users returned; one on two sites counts as two.
  returned: success
  type: int
at:
  description: When the sites were asked (UTC), by the Dashboard's clock.
  returned: success
  type: str
  sample: "2026-11-24T22:30:00Z"
roles:
  description: The roles that were asked for; empty if any.
  returned: success
  type: list
  elements: str
logins:
  description: The logins that were asked for; empty if any.
  returned: success
  type: list
  elements: str
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "14 users on 10 sites · 2 not known"
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
from ..module_utils._jobs import user_info as job
from ..module_utils._specs import selection_spec
from ..module_utils._users import ROLES

DOOR = DashboardDoor(
    "mainwp_user_info",
    job.options_from,
    job.run,
    {
        **selection_spec(),
        "roles": {"type": "list", "elements": "str", "choices": list(ROLES)},
        "logins": {"type": "list", "elements": "str"},
        "include_email": {"type": "bool", "default": False},
    },
)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
