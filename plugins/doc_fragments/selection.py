# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sites a task is about."""

from __future__ import annotations


class ModuleDocFragment:
    """Selection options."""

    DOCUMENTATION = r"""
options:
  sites:
    description:
      - Child sites by id, address, domain or name. An empty list selects nothing.
      - A whole address, with C(https://), chooses exactly that site, also where another one differs only in C(www.) or
        C(http://). Without such a twin neither matters. International domains can be given in letters or as C(xn--).
      - A name, domain or shortened address that hits several sites is an error that lists them.
      - Staging sites are not listed by the API and cannot be selected.
    type: list
    elements: str
  site_tags:
    description:
      - Sites that have one of these tags, by name or id. A known tag without sites is fine.
    type: list
    elements: str
  clients:
    description:
      - Sites of one of these clients, by name or id.
    type: list
    elements: str
  site_status:
    description:
      - Sites with one of these statuses.
    type: list
    elements: str
    choices: [connected, disconnected, suspended]
  all_sites:
    description:
      - All sites of the Dashboard.
    type: bool
    default: false
  exclude_sites:
    description:
      - Sites to leave out, in the forms of O(sites). One that does not exist is always an error, for a typo here would
        touch the very site that was to be protected.
    type: list
    elements: str
    default: []
  fail_on_missing:
    description:
      - Whether a site, tag or client that does not exist is an error. With V(false) it is a warning.
    type: bool
    default: true
notes:
  - Several entries of one selection option are alternatives; several selection options must all hold.
"""
