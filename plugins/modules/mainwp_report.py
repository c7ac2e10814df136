# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_report
short_description: Make report files of what became of sites
version_added: 0.1.0
description:
  - Makes files of what other modules of this collection returned, for machines (JSON) and for clients (Markdown).
  - Each file is written as a whole or not at all, and only its owner may read it. Text that comes from sites is never
    markup in what people read.
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
      - Nothing is written; RV(reports) tells what would be.
  diff_mode:
    support: none
  idempotent:
    support: full
    details:
      - With the same O(started), or O(run_id), and nothing new to tell, no file changes.
options:
  results:
    description: What became of one or more hosts.
    type: list
    elements: dict
    required: true
    suboptions:
      host:
        description: The host of the inventory.
        type: str
        required: true
      name:
        description: The name of the report, mostly that of the Dashboard in the inventory. By default it is that of the host.
        type: str
      result:
        description:
          - What a task returned, such as one with M(wpfleet.mainwp.mainwp_batch_update). It should have been called with
            C(details) set to V(all), for a task that fails returns only some sites otherwise.
        type: dict
        default: {}
      failure:
        description: What went wrong, if O(results[].result) does not tell. It takes the place of its message.
        type: str
        default: ""
  dir:
    description:
      - The directory for reports, on the controller. Each report has a folder of its own below it, by its name and the time
        when the run began.
      - Without it nothing is written.
    type: str
    default: ""
  formats:
    description:
      - V(json) is C(report.json), with all that is known.
      - V(markdown) is a file for each client, with names and versions in plain words.
    type: list
    elements: str
    choices: [json, markdown]
    default: [json, markdown]
  started:
    description: When the run began, such as V(2026-11-24T22:30:00Z). By default it begins now.
    type: str
  run_id:
    description:
      - Makes one report of what several tasks of a run tell, for each O(results[].name). Tasks with the same id, such as one
        for each wave, add to it, also at the same time. A site that was worked on twice loses nothing.
      - P(wpfleet.mainwp.run_id#lookup) is such an id.
    type: str
  state_dir:
    description: A directory for notes about the run, on the controller. Needed with O(run_id). Check mode keeps no notes.
    type: str
  last:
    description:
      - With O(run_id), whether the run ends with this task. Until then, and for a run that was broken off, C(complete) is
        V(false) in the reports.
    type: bool
    default: true
  client_texts:
    description:
      - Texts that take the place of those for clients, in the order of P(wpfleet.mainwp.client_texts#lookup). For one result
        only.
    type: list
    elements: str
seealso:
  - module: wpfleet.mainwp.mainwp_batch_update
  - plugin: wpfleet.mainwp.client_texts
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Update all sites
  wpfleet.mainwp.mainwp_batch_update:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    all_sites: true
    details: all
  register: night
  ignore_errors: true

- name: Report, whatever happened
  wpfleet.mainwp.mainwp_report:
    results:
      - host: agency
        result: "{{ night }}"
    dir: mainwp-reports

- name: Add what became of the sites of this wave to the report of the run
  wpfleet.mainwp.mainwp_report:
    results: "{{ ansible_play_batch | wpfleet.mainwp.wave_results(hostvars) }}"
    dir: mainwp-reports
    run_id: "{{ lookup('wpfleet.mainwp.run_id') }}"
    state_dir: ~/.ansible/mainwp-locks
    last: false
  run_once: true
"""

RETURN = r"""
reports:
  description: The reports to which this task added something, by name. A report that could not be written is here, too.
  returned: unless the options are wrong, or notes of the run cannot be read or written
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      returned: always
      type: str
    file:
      description: The JSON report; empty if none is written.
      returned: always
      type: str
    clients:
      description: The reports for clients.
      returned: always
      type: list
      elements: dict
      contains:
        id:
          description: The client's id; 0 for sites without a client.
          returned: always
          type: int
        name:
          description: The client's name.
          returned: always
          type: str
        file:
          description: The file; empty if none is written.
          returned: always
          type: str
        text:
          description: What is in it.
          returned: always
          type: str
    lines:
      description: The run in lines for people, what moved and which sites are in trouble included where there is O(run_id).
      returned: always
      type: list
      elements: str
    stats:
      description: The counts, fit for M(ansible.builtin.set_stats).
      returned: always
      type: dict
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
from ..module_utils._jobs import report as job

DOOR = Door("mainwp_report", job.options_from, job.run, job.SPEC)


def main() -> None:
    """It has only one door."""
    run_nowhere_else(DOOR)


if __name__ == "__main__":
    main()
