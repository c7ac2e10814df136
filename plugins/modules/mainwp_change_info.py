# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_change_info
short_description: Read what was changed on child sites, outside of MainWP or by it
version_added: 0.3.0
description:
  - Reads MainWP's log of changes on the selected sites, one request for up to 200 changes of a site.
  - What was changed on a site itself comes with its next sync. C(last_sync) of each site tells up to when it can be known.
  - MainWP only writes down changes while its Insights logging is on. When it is off, that is a warning, and
    RV(logging) is false.
  - The log says what somebody tried. An entry that something was deleted is no proof that it was there.
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
  source:
    description:
      - V(child) for changes on the sites themselves, outside of MainWP; V(dashboard) for those that the Dashboard made, also
        by its API.
    type: str
    choices: [child, dashboard, all]
    default: child
  since:
    description:
      - Only changes since then - a time such as V(2026-11-24T22:30:00Z), a day such as V(2026-11-01) (UTC), or V(24h) or
        V(30d) for so long ago. The API itself cannot do this.
    type: str
  after_log_id:
    description:
      - Only changes with a higher C(log_id) than this. Ids rise as changes get into the log, so this misses none that a late
        sync brings, as O(since) does. It reads the whole log of a site.
    type: int
    default: 0
  limit:
    description:
      - Return so many changes of a site, the newest ones.
    type: int
    default: 200
seealso:
  - module: wpfleet.mainwp.mainwp_site_info
  - module: wpfleet.mainwp.mainwp_sync
"""

EXAMPLES = r"""
- name: Read what was changed outside of MainWP since yesterday
  wpfleet.mainwp.mainwp_change_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    since: 24h
  register: log

- name: Name what somebody deleted
  ansible.builtin.debug:
    msg: "{{ item.0.url }}: {{ item.1.user }} deleted {{ item.1.item }}"
  loop: "{{ log.sites | subelements('changes') }}"
  loop_control:
    label: "{{ item.1.log_id }}"
  when: item.1.action == 'delete'
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
    last_sync:
      description: When the Dashboard last synced it (UTC), null for never.
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
    complete:
      description: Whether these are all changes that were asked for; false where O(limit) cut them, or it is unknown.
      type: bool
      returned: always
    changes:
      description: The changes, the newest first.
      type: list
      elements: dict
      returned: always
      contains:
        log_id:
          description: Its number in the log.
          type: int
          returned: always
        time:
          description: When it was done (UTC).
          type: str
          returned: always
        source:
          description: C(child) or C(dashboard).
          type: str
          returned: always
        context:
          description: What kind of thing was changed, such as C(plugin), C(theme), C(post) or C(user).
          type: str
          returned: always
        action:
          description: What was done, such as C(activate), C(deactivate), C(update), C(delete) or C(created).
          type: str
          returned: always
        item:
          description: The name of the thing.
          type: str
          returned: always
        slug:
          description: Its slug, where that is told.
          type: str
          returned: always
        user:
          description: The login of who did it, where that is told.
          type: str
          returned: always
        agent:
          description: By what it was done, such as C(wp_rest_api); empty where that is not told.
          type: str
          returned: always
logging:
  description: Whether MainWP writes down changes; null where that cannot be read.
  returned: success
  type: bool
count:
  description: Number of changes returned.
  returned: success
  type: int
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "12 sites: 3 changes"
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

from ..module_utils._api.changes import SOURCES
from ..module_utils._dashboard_door import DashboardDoor, run_module
from ..module_utils._jobs import change_info as job
from ..module_utils._specs import selection_spec

DOOR = DashboardDoor(
    "mainwp_change_info",
    job.options_from,
    job.run,
    {
        **selection_spec(),
        "source": {"type": "str", "choices": list(SOURCES), "default": "child"},
        "since": {"type": "str"},
        "after_log_id": {"type": "int", "default": 0},
        "limit": {"type": "int", "default": 200},
    },
)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
