# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_site
short_description: Make a child site of a MainWP Dashboard present or absent
version_added: 0.3.0
description:
  - Adds a child site, changes what the Dashboard keeps of it, suspends, disconnects and removes it.
  - One site per task, or with O(child_sites) as many as there are, for which the Dashboard is read once. One by one they are
    removed only.
  - A site is known by its address. Scheme, C(www.), upper and lower case and a slash at the end do not count.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
  - wpfleet.mainwp.state
options:
  child_sites:
    description:
      - Several sites, each with the options of one, to be present. Nothing of one site stands beside the list.
      - What is wrong with any of them is told for all at once, with its place in the list such as C(child_sites[3]), and
        before anything is written. What fails at one site later on keeps no other from its turn.
      - Sites are added, connected and disconnected in as many lanes as the Dashboard allows itself, or O(concurrency), one at a
        time for each server.
    type: list
    elements: dict
    suboptions: &of_one
      id:
        description:
          - Its id.
        type: int
      site_url:
        description:
          - Its address, such as V(https://shop.example/). With its scheme where it is to be added.
          - Of sites that differ in C(www.) or C(http://) alone it means the one that it spells; where it spells none of them, O(id)
            is needed, and so it is in a list where two of them are named.
          - O(url) is the address of the Dashboard.
          - MainWP's API cannot change the address of a site, but for its O(protocol).
        type: str
      another_child:
        description:
          - Says that the site to be added is a WordPress of its own although it has the host of a managed site with another path
            or port, or its address is that of the server of a managed site. Without, that is refused.
          - MainWP takes every address for a new site. If it leads to a child that is managed already, adding it takes the
            connection from that one.
        type: bool
        default: false
      name:
        description:
          - Its name in MainWP. A new site has its host's name unless it is given another one.
          - It is kept as it is, markup and line ends included, but for blanks around it. It cannot be empty.
        type: str
      client:
        description:
          - Its client, by e-mail address, name or id; empty for none. One that does not exist is an error.
        type: str
      site_tags:
        description:
          - Its tags, by name or id. A tag that does not exist is an error, for MainWP would make a new one of a typo.
          - If not given, tags stay as they are. An empty list with O(site_tags_mode=replace) leaves none.
        type: list
        elements: str
      site_tags_mode:
        description:
          - Whether O(site_tags) are all its tags, or are put on it or taken off.
        type: str
        choices: [replace, add, remove]
        default: replace
      suspended:
        description:
          - Whether it is suspended. MainWP sends no updates to suspended sites; it does sync them.
        type: bool
      connected:
        description:
          - Whether the Dashboard shall have the key to it. A sync verifies it.
          - V(false) has MainWP Child forget the key. It stays active, and the site stays in MainWP. Behind HTTP authentication this
            cannot be done, for MainWP sends that one call without the credentials.
          - V(true) connects it again, without a password, as the administrator that MainWP knows it by. This works as well for a
            site that the Dashboard lost.
          - A site is disconnected only if its child says that it has no key. One that is down or answers anything else is lost,
            see RV(site.connection) - then disconnecting it is tried, and a failure if its child cannot be told.
          - What the last sync left counts. Somebody who disconnected a site since shows after the next sync only, for example by
            M(wpfleet.mainwp.mainwp_sync).
        type: bool
      ignore_core_updates:
        description: Whether MainWP ignores all updates of WordPress itself there.
        type: bool
      ignore_plugin_updates:
        description: Whether MainWP ignores all updates of plugins there.
        type: bool
      ignore_theme_updates:
        description: Whether MainWP ignores all updates of themes there.
        type: bool
      automatic_update:
        description:
          - Whether MainWP's own automatic updates reach it.
          - To read this, O(health_checking) and O(health_threshold) costs one more request.
        type: bool
      health_checking:
        description: Whether MainWP watches its Site Health.
        type: bool
      health_threshold:
        description: Below which Site Health score MainWP calls it bad, 0 to 100; V(0) is as in the Dashboard's settings.
        type: int
      monitoring_emails:
        description:
          - Who is told when it is down, besides those in the Dashboard's settings; an empty list for nobody. To read this costs
            one more request.
        type: list
        elements: str
      ssl_version:
        description: With which version of TLS MainWP talks to it.
        type: str
        choices: [auto, "1.x", "1.0", "1.1", "1.2", "1.3"]
      force_use_ipv4:
        description: Whether MainWP talks to it by IPv4 only; V(global) is as in the Dashboard's settings.
        type: str
        choices: ["false", "true", global]
      protocol:
        description:
          - How MainWP calls it. The scheme of O(site_url) does not change that of a site which is there.
        type: str
        choices: [http, https]
      admin:
        description:
          - The login of the administrator of the site as whom MainWP works there. Needed to add a site.
          - MainWP never tells it, nor O(unique_id), O(http_user) and O(http_pass); see O(update_password).
        type: str
      admin_password:
        description:
          - Its password, to add the site. MainWP does not keep it.
          - WordPress keeps a password that was set on its own pages with a backslash before each quote and backslash. So if the site
            says that the password is wrong and it has such characters, it is sent once more in that form.
        type: str
      unique_id:
        description: The unique security ID, if MainWP Child on the site asks for one.
        type: str
      http_user:
        description: The user for HTTP authentication in front of the site. MainWP's API cannot clear it.
        type: str
      http_pass:
        description: The password for HTTP authentication in front of the site. MainWP's API cannot clear it.
        type: str
      update_password:
        description:
          - When to write what cannot be read - O(admin), O(unique_id), O(http_user) and O(http_pass). V(on_create) does so when the
            site is added; V(always) does so each time, so each run is a change.
        type: str
        choices: [on_create, always]
        default: on_create
  <<: *of_one
  lock_dir:
    description:
      - The directory for lock files, as with O(wpfleet.mainwp.mainwp_batch_update#module:lock_dir). Removing, connecting and
        disconnecting take the locks of the site and its server, so that it never happens while another run works there.
    type: path
    default: ~/.ansible/mainwp-locks
  lock_timeout:
    description:
      - How long to wait for one and the same holder of a lock, in seconds. Then the task fails with the reason C(locked), and
        nothing was sent.
    type: int
    default: 600
notes:
  - Removing a site deactivates MainWP Child on it, where it can be reached, and RV(msg) says so. To add it again, activate
    MainWP Child by hand before.
  - Adding a site connects it and syncs it in one request, which may take a minute. It is sent once; if its answer is lost the
    site is looked for, never added again.
  - Staging sites are not listed by the API and cannot be named.
  - The note, whether its certificate is verified, the backup before updates and HTTP authentication that is not needed any
    more can only be changed in MainWP itself.
seealso:
  - module: wpfleet.mainwp.mainwp_site_info
  - module: wpfleet.mainwp.mainwp_sync
  - module: wpfleet.mainwp.mainwp_tag
  - module: wpfleet.mainwp.mainwp_client
"""

EXAMPLES = r"""
- name: Have a site
  wpfleet.mainwp.mainwp_site:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_url: https://blog.example/
    name: Lindgren's "Blog"
    client: office@lindgren.example
    site_tags: [First wave, Blogs]
    admin: wpadmin
    admin_password: "{{ vault_blog_password }}"

- name: Put one more tag on it and ignore updates of WordPress itself
  wpfleet.mainwp.mainwp_site:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_url: blog.example
    site_tags: [Hotels]
    site_tags_mode: add
    ignore_core_updates: true

- name: Leave several sites alone while they are moved
  wpfleet.mainwp.mainwp_site:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_url: "{{ item }}"
    suspended: true
  loop: [blog.example, shop.example]

- name: Connect a site again
  wpfleet.mainwp.mainwp_site:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_url: blog.example
    connected: true

- name: Have the whole fleet as it is written down
  wpfleet.mainwp.mainwp_site:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    child_sites:
      - site_url: https://shop.example/
        client: office@lindgren.example
        site_tags: [First wave]
        admin: wpadmin
        admin_password: "{{ vault_shop_password }}"
      - site_url: https://blog.example/
        name: Lindgren's "Blog"
        suspended: false
        ignore_core_updates: true

- name: Part with a site
  wpfleet.mainwp.mainwp_site:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_url: https://blog.example/
    state: absent
"""

RETURN = r"""
site:
  description: The site as it is afterwards, or in check mode would be; as it was where it is removed; null where there is none.
  returned: without O(child_sites), on success, and when the task fails after it began to write
  type: dict
  contains:
    id:
      description: Its id; null for one that check mode would add.
      type: int
      returned: always
    url:
      description: Its address.
      type: str
      returned: always
    name:
      description: Its name, as it is stored.
      type: str
      returned: always
    status:
      description: C(connected), C(disconnected) or C(suspended), as in M(wpfleet.mainwp.mainwp_site_info).
      type: str
      returned: always
    connection:
      description:
        - C(connected); C(disconnected) if its child says that it has no key of this Dashboard; C(lost) if its last sync failed
          for any other reason, so that nobody knows.
      type: str
      returned: always
    sync_errors:
      description: Why its last sync failed, as plain text; empty if it did not.
      type: str
      returned: always
    suspended:
      description: Whether it is suspended.
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
    ignore_core_updates:
      description: Whether all updates of WordPress itself are ignored.
      type: bool
      returned: always
    ignore_plugin_updates:
      description: Whether all updates of plugins are ignored.
      type: bool
      returned: always
    ignore_theme_updates:
      description: Whether all updates of themes are ignored.
      type: bool
      returned: always
    force_use_ipv4:
      description: C(false), C(true) or C(global).
      type: str
      returned: always
    ssl_version:
      description: As in O(ssl_version); a number of curl's where MainWP has one that is none of these.
      type: str
      returned: always
    automatic_update:
      description: Whether MainWP's own automatic updates reach it; null if none of the options was given that need it read.
      type: bool
      returned: always
    health_checking:
      description: Whether its Site Health is watched; null as with RV(site.automatic_update).
      type: bool
      returned: always
    health_threshold:
      description: As in O(health_threshold); null as with RV(site.automatic_update).
      type: int
      returned: always
    monitoring_emails:
      description: Who is told when it is down; null if O(monitoring_emails) was not given.
      type: list
      elements: str
      returned: always
action:
  description: C(created), C(changed), C(removed) or C(unchanged); in check mode what would be done.
  returned: without O(child_sites), on success, and when the task fails after it began to write
  type: str
sites:
  description: What became of each of O(child_sites), in their order.
  returned: with O(child_sites), unless the task failed as a whole
  type: list
  elements: dict
  contains:
    id:
      description: Its id; null for one that is not there.
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
    action:
      description: As RV(action).
      type: str
      returned: always
    changed:
      description: Whether it is another one than before; in check mode whether it would be.
      type: bool
      returned: always
    reason:
      description: What went wrong, as a code of U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#reason-codes); empty
        if nothing did. With C(stopped) nothing was tried.
      type: str
      returned: always
    message:
      description: One sentence about it.
      type: str
      returned: always
    site:
      description: As RV(site), null included. Where the task failed before it wrote anything there, as it was read.
      type: dict
      returned: always
summary:
  description: All of them in numbers, and RV(msg) once more.
  returned: with O(child_sites), unless the task failed as a whole
  type: dict
  contains:
    sites:
      description: How many sites were given.
      type: int
      returned: always
    created:
      description: How many were added, or in check mode would be.
      type: int
      returned: always
    changed:
      description: How many others were changed, or in check mode would be.
      type: int
      returned: always
    unchanged:
      description: How many were as wanted.
      type: int
      returned: always
    failed_sites:
      description: Addresses of the sites with trouble that was not announced.
      type: list
      elements: str
      returned: always
    stopped_sites:
      description: The addresses of those at which nothing was tried, for the run was broken off before.
      type: list
      elements: str
      returned: always
    failed:
      description: Whether the task failed, also where C(failed_when) or C(ignore_errors) say otherwise.
      type: bool
      returned: always
    msg:
      description: The same line as RV(msg).
      type: str
      returned: always
broken_off:
  description: Why the run was broken off before its end; empty if it was not.
  returned: with O(child_sites), unless the task failed as a whole
  type: str
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "Site 'https://blog.example/' (id 3) was removed. MainWP Child was deactivated on it."
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
from ..module_utils._resource_doors import spec_of
from ..module_utils._resources import site_list
from ..module_utils._resources.sites import SITE

SPEC = {**spec_of(SITE), **site_list.SPEC}
DOOR = DashboardDoor("mainwp_site", site_list.wanted_from, site_list.run, SPEC, site_list.RULES)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
