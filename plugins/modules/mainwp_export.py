# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_export
short_description: Write a MainWP Dashboard down as code
version_added: 0.4.0
description:
  - Reads a Dashboard - settings, tags, clients, sites, costs and so on - and writes it down as variables of the role
    P(wpfleet.mainwp.dashboard_config#role), to be kept in git, compared every night, and applied to an empty Dashboard after a
    disaster.
  - Applied to the Dashboard that it was read from, what is written changes nothing. Each entry is tried before it is written.
  - The same Dashboard gives the same bytes, whenever and in whatever order its API answers.
  - What cannot be read, or could not be applied, is left out. A comment names it at its kind, and so does RV(left_out).
  - Secrets are never written. MainWP tells none of them.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
attributes:
  check_mode:
    support: full
    details:
      - Reads everything, and writes no file.
  diff_mode:
    support: full
    details:
      - Shows each file that changes, whole, old and new.
  idempotent:
    support: full
    details:
      - A file that has the very bytes already is left alone.
options:
  dest:
    description:
      - Where to write it, a file or a folder. What ends with a slash, or is a folder already, gets a file for each kind, such as
        C(tags.yml).
      - Files are for their owner only (mode 0600), and are replaced whole or not at all. Missing folders are made. git does not
        keep modes, so a checkout can be readable for others.
      - What is there is lost, so a file that has other variables than those of the role's kinds, or that ansible-vault has
        encrypted, is not replaced. The task fails before anything is read, in check mode, too.
      - An export of another Dashboard is replaced, so several of them, as in a loop, need a place each. The role refuses one place
        for several, the module does not.
      - Without it nothing is written, and RV(tree) has all.
    type: path
  only:
    description: Only these kinds. All if not given.
    type: list
    elements: str
    choices:
      - settings
      - client_fields
      - cost_product_types
      - cost_payment_methods
      - tags
      - clients
      - sites
      - ignored_updates
      - plugins
      - themes
      - users
      - costs
      - api_keys
  include_personal:
    description:
      - Whether personal data is written - users of sites, contact fields of clients, and e-mail addresses that MainWP writes to.
      - What is in git once is there for good. An address in old commits is hard to erase.
      - Without it, clients of one name cannot be told apart, and are left out.
    type: bool
    default: false
  per_site_settings:
    description:
      - Whether to read what costs a request for each site - C(automatic_update), C(health_checking), C(health_threshold) and, with
        O(include_personal), C(monitoring_emails), which is one more. They are written only where they are not MainWP's defaults.
    type: bool
    default: true
notes:
  - C(plugins) and C(themes) are policy. What is active on every connected site is written, as something that has to be active;
    the rest is counted in a comment.
  - C(users) asks all sites at this moment, for everybody but subscribers.
  - C(connected) is never written, for a site that is down tonight is no policy. A comment names such sites.
  - Texts that Ansible would evaluate (C({{)) are written as C(!unsafe), so they come back as they are.
  - With O(run_on=host) the file is written there.
  - Like any result, RV(tree) is without characters that steer terminals or the direction of text. A file is exact.
  - API v1 cannot do this.
seealso:
  - module: wpfleet.mainwp.mainwp_config
  - module: wpfleet.mainwp.mainwp_settings_info
  - module: wpfleet.mainwp.mainwp_site_info
"""

EXAMPLES = r"""
- name: Write the whole Dashboard down, a file for each kind
  wpfleet.mainwp.mainwp_export:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    dest: host_vars/dashboard.example/
  diff: true

- name: Write it into one file, with clients' addresses and users
  wpfleet.mainwp.mainwp_export:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    dest: dashboard.yml
    include_personal: true

- name: Look at the tags as they would be written
  wpfleet.mainwp.mainwp_export:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    only: [tags]
  register: export

- name: Show them
  ansible.builtin.debug:
    msg: "{{ export.tree.tags | default([]) | map(attribute='name') }}"
"""

RETURN = r"""
dest:
  description: O(dest), as it was understood.
  returned: success, with O(dest)
  type: str
  sample: host_vars/dashboard.example/
files:
  description: The files, whether they had to be written or not.
  returned: success, with O(dest)
  type: list
  elements: str
  sample: [host_vars/dashboard.example/tags.yml]
tree:
  description: What there is of each kind, in the shape of the role's variables. A kind of which there is nothing is not there.
  returned: success, without O(dest)
  type: dict
  sample: {tags: [{name: Shops, color: "#2d6cdf"}]}
left_out:
  description: What the tree lacks, and why, each in one sentence that begins with the kind.
  returned: success
  type: list
  elements: str
  sample: ["clients: Contact fields are left out without include_personal: true."]
summary:
  description: How many entries each kind has; of C(settings), how many settings.
  returned: success
  type: dict
  sample: {tags: 4, sites: 140}
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "412 entries of 13 kinds"
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

from ..module_utils._config import _export as job
from ..module_utils._dashboard_door import DashboardDoor, run_module

DOOR = DashboardDoor("mainwp_export", job.options_from, job.run, job.SPEC)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
