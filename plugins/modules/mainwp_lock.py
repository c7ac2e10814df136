# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_lock
short_description: Keep two runs on a controller away from each other
version_added: 0.1.0
description:
  - Takes a lock that holds until it is given back, by whatever task, or until the run of C(ansible-playbook) that took it is
    over. It guards runs that share the directory, nothing else.
  - The lock is a file that says who holds it. A run on this machine that has ended without giving it back holds it no more,
    where the system (Linux) can tell; other locks are broken once they are older than O(max_age). RV(warning) tells of both.
  - The modules lock sites and servers by themselves. This is for what belongs together in a playbook of your own.
  - Runs on the controller only, and sends no request to anybody.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - Nothing is locked, and nobody is in the way. A file that could not be written is told of.
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - A lock that is held is refused, also to the run that holds it. It never counts as a change.
options:
  name:
    description: What the lock is for, such as the address of a Dashboard.
    type: str
    required: true
  dir:
    description: The directory for lock files, on the controller.
    type: str
    default: ~/.ansible/mainwp-locks
  state:
    description: V(present) takes the lock, V(absent) gives it back.
    type: str
    choices: [present, absent]
    default: present
  token:
    description:
      - With O(state=absent), the RV(token) of the task that took the lock. A lock with another token is somebody else's, and
        is left alone.
    type: str
    default: ""
  max_age:
    description: A lock that is older than so many seconds was left by a run that died, and is broken.
    type: float
    default: 43200
  wait_timeout:
    description: How long to wait for a lock that somebody holds, in seconds. Then the task fails.
    type: float
    default: 0
seealso:
  - module: wpfleet.mainwp.mainwp_batch_update
"""

EXAMPLES = r"""
- name: Have the fleet for yourself, and wait for whoever is at work
  wpfleet.mainwp.mainwp_lock:
    name: dashboard.example
    wait_timeout: 600
  register: mine

- name: Do what nobody is to disturb
  ansible.builtin.command: backup
  changed_when: true

- name: Give it back, best in an always section
  wpfleet.mainwp.mainwp_lock:
    name: dashboard.example
    state: absent
    token: "{{ mine.token | default('') }}"
"""

RETURN = r"""
file:
  description: The file of the lock.
  returned: always
  type: str
token:
  description: By this the lock is given back. Empty if it was not taken.
  returned: always
  type: str
holder:
  description: Who holds the lock, when it was refused, such as V(ops on ctl01, process 4711, since 2026-11-24T22:30:00Z).
  returned: always
  type: str
warning:
  description:
    - Whose lock was broken, and why; or that nothing keeps a second run away, for the file cannot be written. That is no
      failure.
  returned: always
  type: str
msg:
  description: What went wrong.
  returned: when the task failed
  type: str
error:
  description: What went wrong with the whole run. See U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#error).
  returned: when the task failed as a whole
  type: dict
  sample: {message: "list the sites: HTTP 401", hint: "Is the key copied whole?", reason: unauthorized, status: 401}
"""

from ..module_utils._door import Door, run_nowhere_else
from ..module_utils._jobs import lock as job

DOOR = Door("mainwp_lock", job.options_from, job.run, job.SPEC)


def main() -> None:
    """It has only one door."""
    run_nowhere_else(DOOR)


if __name__ == "__main__":
    main()
