# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_outbox
short_description: Keep clients' letters until they are sent, and know which were
version_added: 0.2.0
description:
  - Keeps the letters that M(wpfleet.mainwp.mainwp_report) made, tells which of them goes to whom, and notes which went out.
    It sends nothing itself; mails are yours. The playbook C(wpfleet.mainwp.letters) does all of it.
  - Everything is keyed by the Dashboard and the client. A letter without a recipient is a failure before any mail.
  - A letter that went out, or that may have, does not go out again by itself. Notes are in C(sent.json), beside the letters,
    which only its owner may read.
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
      - Nothing is written. RV(letters) tells what would be sent, and no letter is RV(claimed).
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - The step V(plan) changes nothing for letters that are kept already. The others are notes about what happens, each of
        them new.
options:
  dir:
    description: The directory of reports, on the controller, the same as for M(wpfleet.mainwp.mainwp_report).
    type: str
    required: true
  period:
    description: What the letters are about, as for M(wpfleet.mainwp.mainwp_report). By default it is the month before this one.
    type: str
    default: ""
  step:
    description:
      - V(plan) keeps O(letters), if there are any, and tells what is to be done about each.
      - V(sending) claims O(letter) right before its mail. Who is killed then leaves this note behind, and the letter waits
        for one of O(decisions).
      - V(sent) notes that its mail went out; V(unsent) that it did not, and that the next run may try again.
    type: str
    choices: [plan, sending, sent, unsent]
    default: plan
  letters:
    description:
      - What M(wpfleet.mainwp.mainwp_report) returned for the page V(client). It is kept in C(letters.json).
      - Without it the letters are those that were kept, and their pages must be what they were then.
    type: list
    elements: dict
  pdf:
    description:
      - Whether O(letters) are printed as PDF, to be attached instead of the page. V(auto) prints where there is a chromium on
        the controller; with V(true) it is an error if there is none, or if it does not print.
      - The browser has no network, and a profile that is gone afterwards. Where its own sandbox cannot be had, as for root
        and in most containers, it runs without; the page has no scripts.
    type: str
    choices: ["auto", "true", "false"]
    default: auto
  browser:
    description: The chromium to print with. By default it is looked for in C(PATH).
    type: str
    default: ""
  recipients:
    description:
      - Who gets the letter of each client. With it each letter must have exactly one entry; without it nothing is to be sent.
    type: list
    elements: dict
    suboptions:
      dashboard:
        description: The Dashboard's address.
        type: str
        required: true
      client_id:
        description: The client's id there.
        type: int
      client:
        description:
          - The client's name there. With O(recipients[].client_id) it must be that of this very client.
          - Without, there must be a single letter to a client of that name.
        type: str
      to:
        description: Addresses of mail.
        type: list
        elements: str
        default: []
      skip:
        description: Whether this client gets no letter, on purpose.
        type: bool
        default: false
  decisions:
    description:
      - What becomes of letters that do not go out by themselves, for they changed since they were sent, or nobody knows
        whether they were. An entry for a letter that was sent as it is has no meaning.
    type: list
    elements: dict
    default: []
    suboptions:
      dashboard:
        description: The Dashboard's address.
        type: str
        required: true
      client_id:
        description: The client's id there.
        type: int
      client:
        description: The client's name there.
        type: str
      decision:
        description: V(send) lets it go out, V(sent) lets it count as sent.
        type: str
        choices: [send, sent]
        required: true
  edition:
    description: With it, the letters must be those of this RV(edition), such as somebody approved. Otherwise the task fails.
    type: str
    default: ""
  letter:
    description: One of RV(letters). Needed for all steps but V(plan).
    type: dict
  failure:
    description: Why it was not sent.
    type: str
    default: ""
seealso:
  - module: wpfleet.mainwp.mainwp_report
"""

EXAMPLES = r"""
- name: Write last month's letters
  wpfleet.mainwp.mainwp_report:
    page: client
    dir: mainwp-reports
    sources:
      reports: mainwp-reports
  register: month

- name: Keep them, and see who gets which
  wpfleet.mainwp.mainwp_outbox:
    dir: mainwp-reports
    letters: "{{ month.letters }}"
    pdf: auto
    recipients:
      - dashboard: https://dashboard.example
        client_id: 7
        client: Harbour Trading
        to: [office@harbour.example]
      - dashboard: https://dashboard.example
        client_id: 9
        skip: true
  register: outbox

- name: Show it
  ansible.builtin.debug:
    msg: "{{ outbox.lines }}"

- name: Note that a letter is being sent, right before its mail
  wpfleet.mainwp.mainwp_outbox:
    dir: mainwp-reports
    step: sending
    letter: "{{ item }}"
  loop: "{{ outbox.letters | selectattr('todo', 'eq', 'send') }}"
  loop_control:
    label: "{{ item.client_name }}"
"""

RETURN = r"""
period:
  description: The period, as the option takes it.
  returned: with the step V(plan)
  type: str
  sample: 2026-11
edition:
  description: What tells these letters, as they were made, from others.
  returned: with the step V(plan)
  type: str
file:
  description: The file with the notes.
  returned: always
  type: str
letters:
  description: The letters, by Dashboard and client.
  returned: with the step V(plan)
  type: list
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
    period:
      description: The period, as the option takes it.
      returned: always
      type: str
    mail:
      description: The letter as a mail, as M(wpfleet.mainwp.mainwp_report) returns it.
      returned: always
      type: dict
    to:
      description: Whom it goes to.
      returned: always
      type: list
      elements: str
    page:
      description: The letter as a page.
      returned: always
      type: str
    pdf:
      description: The letter as PDF; empty if none was printed.
      returned: always
      type: str
    attachment:
      description: The PDF, or the page where there is none.
      returned: always
      type: str
    state:
      description:
        - V(new), V(failed) (an earlier mail did), V(sent), V(changed) (since it was sent), V(sending) (nobody noted how that
          ended), or V(skipped).
      returned: always
      type: str
    todo:
      description: What is to be done about it, V(send), V(note) (that it counts as sent), or V(nothing).
      returned: always
      type: str
    line:
      description: All of that in a sentence.
      returned: always
      type: str
    digest:
      description: What tells this letter from one that says something else.
      returned: always
      type: str
    page_digest:
      description: The same of its page alone.
      returned: always
      type: str
    pdf_digest:
      description: And of its PDF.
      returned: always
      type: str
    seen:
      description: What tells the last note about it from others; empty if there is none.
      returned: always
      type: str
lines:
  description: A sentence about each letter.
  returned: with the step V(plan)
  type: list
  elements: str
undecided:
  description: Those about letters of which nobody knows whether they were sent, and which wait for O(decisions).
  returned: with the step V(plan)
  type: list
  elements: str
claimed:
  description: Whether the letter is yours to send now. It is not if another run noted something about it meanwhile.
  returned: with the other steps
  type: bool
line:
  description: What was noted, in a sentence.
  returned: with the other steps
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
from ..module_utils._jobs import outbox as job

DOOR = Door("mainwp_outbox", job.options_from, job.run, job.SPEC, job.RULES)


def main() -> None:
    """It has only one door."""
    run_nowhere_else(DOOR)


if __name__ == "__main__":
    main()
