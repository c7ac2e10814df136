# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_report
short_description: Make report files of what became of sites
version_added: 0.1.0
description:
  - Makes files of what other modules of this collection returned, for machines (JSON), for whoever runs the fleet (HTML)
    and for clients (Markdown).
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
      - Nothing is written or removed; RV(reports) and RV(removed) tell what would be.
  diff_mode:
    support: partial
    details:
      - Shows the old reports that are removed.
  idempotent:
    support: full
    details:
      - With the same O(started), or O(run_id), and nothing new to tell, no file changes.
options:
  page:
    description:
      - What to report about.
      - V(run) is a run, in the O(formats) that are wanted, from O(results).
      - V(fleet) is all sites, as they are known from O(sources). It is C(fleet.html) in O(dir).
      - V(client) is a letter for each client about a O(period), made of the reports in O(sources). They are below
        C(letters) in O(dir). A site that a report names no client for is in no letter.
    type: str
    version_added: 0.2.0
    choices: [run, fleet, client]
    default: run
  results:
    description: What became of one or more hosts. Needed for the page V(run).
    type: list
    elements: dict
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
      vulnerabilities:
        description:
          - What is known to be vulnerable. It is C(vulnerabilities) in the JSON report as it was returned, notices included.
          - Not with O(run_id).
        type: dict
        version_added: 0.2.0
        suboptions:
          before:
            description: What M(wpfleet.mainwp.mainwp_vulnerability_info) returned before the run.
            type: dict
          after:
            description: What it returned after the run.
            type: dict
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
      - V(html) is C(report.html), a page to look at, on a screen, a phone or paper. It is one file without scripts, and
        asks nothing of anybody.
    type: list
    elements: str
    choices: [json, markdown, html]
    default: [json, markdown]
  templates:
    description:
      - A directory with templates of your own, on the controller. A file in it takes the place of that of the same name in
        C(plugins/module_utils/_reports/templates) of the collection.
    type: str
    version_added: 0.2.0
    default: ""
  report_keep:
    description:
      - Remove reports of the same name below O(dir) whose run began more than so many days ago, once the new one is written.
        V(0) keeps all. It needs V(json) in O(formats).
      - It counts days, for what reads reports does, too - a letter needs a whole month and the week before it, so V(70) is the
        least for letters that are made within a month. The age of pending updates, and the time for which canary sites have
        run a release, reach no further back either.
      - Only folders that this collection wrote are removed. Such a folder is named by the time of a run and holds a
        C(report.json) of that name, and nothing but files that this module writes. A report that is not complete is kept
        until nobody has written to it for two days. Links are not followed.
    type: int
    default: 0
    version_added: 0.2.0
  started:
    description:
      - When the run began, such as V(2026-11-24T22:30:00Z). By default it begins now.
      - Give it where several tasks report the same run, so that they make one report.
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
  title:
    description: What the page V(fleet) is called.
    type: str
    version_added: 0.2.0
    default: Fleet
  sources:
    description:
      - What the pages V(fleet) and V(client) are made from. Sites are known by their Dashboard's address and their id there, so several
        Dashboards go together. Of a site that several sources tell of, the last sync counts.
      - On the page V(fleet), a site is left out that no result has which is at most 7 days older than the newest of its
        Dashboard. So keep what was asked about all sites.
      - What no source tells is not on the page.
    type: dict
    version_added: 0.2.0
    default: {}
    suboptions:
      sites:
        description:
          - What M(wpfleet.mainwp.mainwp_site_info) returned, for each Dashboard, as it is or as a file in JSON. With
            C(updates) in its C(gather_subset) it tells pending updates, too.
        type: list
        elements: raw
        default: []
      updates:
        description:
          - What M(wpfleet.mainwp.mainwp_update_info) returned, for each Dashboard. With C(max_backup_age) it tells which
            sites have no recent backup.
        type: list
        elements: raw
        default: []
      monitors:
        description:
          - Heartbeats of MainWP's uptime monitors, for each Dashboard, for the availability in fleets (30 days) and letters -
            what M(wpfleet.mainwp.mainwp_monitor_info) returned with C(heartbeats_since), or a file of yours.
          - An entry, or a file in JSON, has C(dashboard.url), and C(sites) with C(id), the site's id (not the monitor's),
            C(interval), the seconds between two checks, and C(heartbeats), each with C(time), such as
            V(2026-11-24T22:30:00Z), and C(status) - C(up), C(down), or C(pending) for a check that is to be repeated. The
            API's numbers 1, 0 and 2 mean the same. Looks may overlap.
          - A heartbeat holds until the next one, if that comes within two intervals; otherwise for one interval. All other
            time is not measured, which is neither up nor down, and 100 % is said only of what was measured all the time.
        type: list
        elements: raw
        default: []
        version_added: 0.2.0
      vulnerabilities:
        description:
          - What M(wpfleet.mainwp.mainwp_vulnerability_info) returned, for each Dashboard. The fleet shows what is open by
            the newest look at each site, with the notices of the feed. See O(client_vulnerabilities) for letters.
          - Those that runs left in the reports of O(sources.reports) count, too.
        type: list
        elements: raw
        default: []
        version_added: 0.2.0
      users:
        description:
          - Looks at users, as M(wpfleet.mainwp.mainwp_user_info) returns them, for each Dashboard. The fleet shows
            administrators that a later look has and the one before has not, as it shows plugins from O(sources.sites) with
            the subset V(plugins). Nothing of this collection installs plugins, and M(wpfleet.mainwp.mainwp_user) makes
            administrators only where it is told to. What the first look has, nobody can tell.
          - An entry, or a file in JSON, has C(dashboard.url), C(at), the time, C(roles), which were asked for, and C(sites)
            with C(id), C(url), C(name), and C(users), each with C(id), C(login) and C(role). Of a site without C(users),
            and where C(roles) has no V(administrator) or C(logins) were asked for, nobody knows anything.
        type: list
        elements: raw
        default: []
        version_added: 0.2.0
      reports:
        description:
          - The directory of reports that the role or this module wrote, of one or many Dashboards. Letters are made of
            them; for the fleet they tell since when updates have been pending.
        type: str
        default: ""
      extra:
        description:
          - A YAML file of your own with three lists. C(dashboard), an address, may stand in each entry, and has to where
            several Dashboards have such a site or client. An entry that may be about two is an error, one that is about
            nobody a warning.
          - C(backups) has C(site) (its id or address) and C(at) (the day), for the fleet and letters.
          - C(hours) has C(client) (its id or name), C(day), C(hours) and C(what); C(remarks) has C(client) and C(text). They
            are for letters.
        type: str
        default: ""
  period:
    description:
      - What letters are about, by the days (UTC) on which runs began, such as V(2026-11), or V(2026-11-01/2026-11-15) with
        both days. By default it is the month before this one.
    type: str
    version_added: 0.2.0
    default: ""
  incomplete:
    description:
      - What to do where runs did not come to their end, or spans of O(letter.every) have no run that did and had the
        client's sites. A week is judged in the period in which it ends, by all its days.
      - V(note) says so in the letter. V(refuse) writes no letter at all.
      - A Dashboard that had a run in the two months before the period, and of whose sites no report of it tells, is a
        warning with V(note), and an error with V(refuse).
    type: str
    version_added: 0.2.0
    choices: [note, refuse]
    default: note
  client_vulnerabilities:
    description:
      - What letters say of vulnerabilities. V(closed) counts those that an update of the period surely closed - open in a
        look of O(sources.vulnerabilities) before a run of the client's reports passed the release that fixes them, and gone
        in the newest look, which is after it. It is told in words of the letter, never in those of the feed.
    type: str
    choices: [none, closed]
    default: none
    version_added: 0.2.0
  letter:
    description: The manner of letters.
    type: dict
    version_added: 0.2.0
    default: {}
    suboptions:
      language:
        description:
          - V(en), V(de), V(fr), V(es), or any other for which there is a file C(words.<language>.yml) in O(templates).
        type: str
        default: en
      sender:
        description: Who writes, in as many lines as you like.
        type: str
        default: ""
      greeting:
        description: The first line. By default it is that of the language.
        type: str
        default: ""
      logo:
        description: A picture (PNG, JPEG, GIF, WebP or SVG) on the controller. It becomes part of the letter.
        type: str
        default: ""
      color:
        description: The colour of what is drawn, such as V(#2d6cdf).
        type: str
        default: ""
      every:
        description: How often there should be a run. Where there was none, the letter says so.
        type: str
        choices: [day, week]
        default: week
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

- name: Report, whatever happened, with a page to look at
  wpfleet.mainwp.mainwp_report:
    results:
      - host: agency
        result: "{{ night }}"
    dir: mainwp-reports
    formats: [json, markdown, html]

- name: Add what became of the sites of this wave to the report of the run
  wpfleet.mainwp.mainwp_report:
    results: "{{ ansible_play_batch | wpfleet.mainwp.wave_results(hostvars) }}"
    dir: mainwp-reports
    run_id: "{{ lookup('wpfleet.mainwp.run_id') }}"
    state_dir: ~/.ansible/mainwp-locks
    last: false
  run_once: true

- name: Look at all sites
  wpfleet.mainwp.mainwp_site_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    gather_subset: [updates]
  register: fleet

- name: Make a page of the fleet
  wpfleet.mainwp.mainwp_report:
    page: fleet
    dir: mainwp-reports
    title: Our sites
    sources:
      sites: ["{{ fleet }}"]
      reports: mainwp-reports

- name: Write last month's letters
  wpfleet.mainwp.mainwp_report:
    page: client
    dir: mainwp-reports
    sources:
      reports: mainwp-reports
    letter:
      language: de
      sender: |
        Atlas Studio
        +49 30 901820
      logo: files/logo.svg
  register: month

- name: Show what would be mailed
  ansible.builtin.debug:
    msg: "{{ item.mail.subject }}: {{ item.mail.text }}"
  loop: "{{ month.letters }}"
  loop_control:
    label: "{{ item.client_name }}"
"""

RETURN = r"""
page:
  description: The page; empty if none is written.
  returned: for the page V(fleet)
  type: str
  version_added: 0.2.0
letters:
  description: The letters, by Dashboard and client.
  returned: for the page V(client)
  type: list
  version_added: 0.2.0
  elements: dict
  contains:
    dashboard:
      description: The Dashboard's address, in its normal form.
      returned: always
      type: str
    client_id:
      description: The client's id there.
      returned: always
      type: int
    client_name:
      description: The client's name, by the newest report of the period.
      returned: always
      type: str
    complete:
      description: Whether nothing is missing.
      returned: always
      type: bool
    missing:
      description: What is missing, in sentences of the letter.
      returned: always
      type: list
      elements: str
    file:
      description: The letter as a page; empty if none is written.
      returned: always
      type: str
    mail:
      description: The letter as a mail.
      returned: always
      type: dict
      contains:
        subject:
          description: What the mail is about.
          returned: always
          type: str
        text:
          description: The letter as plain text.
          returned: always
          type: str
        html:
          description: The letter as simple HTML with a table, without pictures.
          returned: always
          type: str
removed:
  description: >-
    The folders of old reports that were removed; in check mode those that would be. Of one that cannot be removed a warning
    tells.
  returned: for the page V(run), unless the options are wrong, or notes of the run cannot be read or written
  type: list
  elements: str
reports:
  description: The reports to which this task added something, by name. A report that could not be written is here, too.
  returned: for the page V(run), unless the options are wrong, or notes of the run cannot be read or written
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
    page:
      description: The page to look at; empty if none is written.
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
      description:
        - The counts, fit for M(ansible.builtin.set_stats).
        - C(url), C(msg), C(failed), C(changed) and C(check_mode) of the run; C(sites) and C(updates), how many by result;
          C(changed_sites) and C(failed_sites), their addresses; C(report), the JSON file.
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

DOOR = Door("mainwp_report", job.options_from, job.run, job.SPEC, job.RULES)


def main() -> None:
    """It has only one door."""
    run_nowhere_else(DOOR)


if __name__ == "__main__":
    main()
