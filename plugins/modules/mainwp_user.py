# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_user
short_description: Make a user present or absent on the sites of a MainWP fleet
version_added: 0.3.0
description:
  - Makes one user there, with role and e-mail address, or gone, on all selected sites, in lanes.
  - Sites are asked for the user at this moment, and once more right before each write and after it. What is read then is the
    result. A site that does not answer fails, for whether the user is there nobody knows. Check mode asks, too.
  - MainWP's API tells of a user the login, the e-mail address and the first role, nothing else. So only these are compared.
    Passwords, names and the like are written to a new user, or each time where you say so.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.selection
  - wpfleet.mainwp.lanes
  - wpfleet.mainwp.lanes.things
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
attributes:
  check_mode:
    support: full
    details:
      - Asks the sites, and writes nothing.
  diff_mode:
    support: full
    details:
      - Shows role and, with O(email), e-mail address as they were and as they are. Of what cannot be read it names what is
        written. Never a password.
  idempotent:
    support: full
    details:
      - A second run finds nothing to do and writes nothing, unless O(update_password=always) or O(update_profile=always) says so.
options:
  login:
    description:
      - The name to log in with, at most 60 unaccented letters, digits, single blanks and V(_.-@). WordPress would make another
        name of anything else. Upper and lower case are the same. A login cannot be changed.
    type: str
    required: true
  state:
    description:
      - V(present) makes the user, or gives the one who is there O(role) and O(email).
      - V(absent) deletes the user, which needs O(posts).
    type: str
    choices: [present, absent]
    default: present
  role:
    description:
      - One of the five roles of WordPress; the API takes no other one. It takes the place of all roles that the user has.
      - A new user without it is a subscriber.
    type: str
    choices: [administrator, editor, author, contributor, subscriber]
  email:
    description:
      - The e-mail address, which a new user needs. No two users of a site have the same.
      - What WordPress takes for no address is refused, for MainWP would drop it without a word.
      - WordPress itself writes to the old address when it changes.
    type: str
  password:
    description:
      - The password. Without it WordPress makes one for a new user that nobody knows, which can be reset by e-mail.
      - A blank at an end would be cut. With a quotation mark or a backslash nobody could log in, for WordPress's own login page
        adds backslashes to them, and MainWP does not. Such passwords are refused.
      - The same password on several sites brings a warning. See the examples for one for each site.
    type: str
  update_password:
    description:
      - V(on_create) gives it to a new user only.
      - V(always) writes it each time, for nobody can read whether it is the same, so the task is changed each time. An edit
        stores other than ASCII characters so that nobody can log in, so these are refused then. WordPress tells the user of it
        by e-mail.
    type: str
    choices: [on_create, always]
    default: on_create
  first_name:
    description: First name. Like the other texts it cannot be read, and not be emptied.
    type: str
  last_name:
    description: Last name.
    type: str
  user_url:
    description: The user's own web page, at most 100 characters.
    type: str
  nickname:
    description: Nickname. MainWP can give this and the two that follow to a user who is there only, so it takes a second write.
    type: str
  display_name:
    description: The name that visitors see.
    type: str
  description:
    description: What there is to say about the user. MainWP makes one line of it.
    type: str
  update_profile:
    description:
      - V(on_create) gives names, page and description to a new user only.
      - V(always) writes them each time, for nobody can read whether they are the same, so the task is changed each time.
    type: str
    choices: [on_create, always]
    default: on_create
  send_password:
    description:
      - Let the site send a new user the login and the password, readable, by e-mail.
    type: bool
    default: false
  posts:
    description:
      - What O(state=absent) makes of the user's posts. MainWP gives them to the user that it connects as, and knows no other
        way, so there is one choice. It has to be spelled out.
    type: str
    choices: [reassign_to_connection_user]
  allow_administrator:
    description:
      - Whether an administrator may be deleted, or given another role.
      - MainWP connects to each site as one of its administrators, and nothing tells which. Without that user the site is cut
        off. So one site goes ahead alone and is synced. The others are synced, too, and once one is lost, nothing more is
        started. Sites that are worked on at that moment are finished, so O(concurrency) limits what can be lost.
      - Who has a role that is none of the five needs no leave, but goes one site ahead, too, for it may have all rights.
    type: bool
    default: false
notes:
  - The first user of a site, that with the id 1, cannot be changed or deleted by the API. That is a failure with the reason
    C(protected), where there is something to change.
  - MainWP does not ask sites whose last sync failed. They fail with what it says, unless O(reconnect=true) brings them back.
  - E-mail addresses end up in logs and in databases such as AWX's. They are in results only where O(email) was given.
  - To make users known to the fleet, such as a help desk, give each site another password.
seealso:
  - module: wpfleet.mainwp.mainwp_user_info
"""

EXAMPLES = r"""
- name: Have an editor on the shops
  wpfleet.mainwp.mainwp_user:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    site_tags: [shops]
    login: anna
    email: anna@agency.example
    role: editor
    first_name: Anna
    last_name: Lindgren

- name: Have an account for the help desk, with another password on each site
  wpfleet.mainwp.mainwp_user:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    sites: ["{{ item }}"]
    login: helpdesk
    email: helpdesk@agency.example
    role: administrator
    password: >-
      {{ lookup('ansible.builtin.password', 'passwords/' ~ item,
      chars=['ascii_letters', 'digits'], length=24) }}
  loop: [shop.example, blog.example]

- name: See where somebody who leaves would be deleted
  wpfleet.mainwp.mainwp_user:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    login: anna
    state: absent
    posts: reassign_to_connection_user
  check_mode: true

- name: Take an administrator's rights, one site ahead of the others
  wpfleet.mainwp.mainwp_user:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    login: contractor
    email: contractor@agency.example
    role: subscriber
    allow_administrator: true
"""

RETURN = r"""
sites:
  description: The selected sites, with the keys of M(wpfleet.mainwp.mainwp_batch_update) but for those about updates.
  returned: when the task got as far
  type: list
  elements: dict
  contains:
    users:
      description: The user there, one entry; none where the site was not asked.
      type: list
      elements: dict
      returned: always
      contains:
        login:
          description: The login, as O(login) has it.
          type: str
          returned: always
        name:
          description: Empty.
          type: str
          returned: always
        administrator:
          description: Whether the user was an administrator there before. Roles beside the first are looked at only where they would be lost.
          type: bool
          returned: always
        action:
          description: What was to be done - C(create), C(edit) or C(delete); empty if nothing was.
          type: str
          returned: always
        before:
          description: C(role) and, with O(email), C(email), right before. Null where there was no such user.
          type: dict
          returned: always
        after:
          description:
            - C(role) and C(email) likewise, as read afterwards; in check mode as it would be. Null where there is no such
              user, or nobody knows.
          type: dict
          returned: always
        result:
          description:
            - C(changed), C(unchanged), C(failed), C(unknown), C(skipped), C(held) or C(planned).
          type: str
          returned: always
        reason:
          description:
            - A stable code, for example C(administrator), C(protected), C(email_missing), C(email_taken), C(not_changed),
              C(child_error), C(timeout) or C(out_of_time). The collection's documentation lists all.
          type: str
          returned: always
        message:
          description: One sentence about it; empty where it is the one of the whole site.
          type: str
          returned: always
summary:
  description:
    - Counts, with the keys of M(wpfleet.mainwp.mainwp_batch_update) but for what is about updates.
  returned: when the task got as far
  type: dict
  contains:
    users:
      description: Number of users C(total) and by result, over all sites.
      type: dict
      returned: always
trouble:
  description: The trouble as people read it. A line for each kind of it, with the sites that have it.
  returned: when the task got as far
  type: list
  elements: str
  sample: ["shop.example, old.example: failed (disconnected). The site did not answer."]
locking:
  description:
    - Where locks kept other runs away, with the keys of M(wpfleet.mainwp.mainwp_batch_update).
  returned: when the task got as far
  type: dict
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "131 ok (12 user changes) · 1 failed - new: shop.example (disconnected)"
broken_off:
  description: Why the run was broken off before its end; empty if it was not.
  returned: when the task got as far
  type: str
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
from ..module_utils._thing_doors import thing_door
from ..module_utils._things import users

DOOR = thing_door("mainwp_user", users.users_from, users.OPTIONS, live=True)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
