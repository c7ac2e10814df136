# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made present or absent."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of modules that make something present or absent."""

    DOCUMENTATION = r"""
options:
  state:
    description:
      - Whether it shall be there. Only options that are given count; whatever is not given stays as it is.
    type: str
    choices: [present, absent]
    default: present
  id:
    description:
      - Its id on this Dashboard, where its name is not enough - to rename it, or where two have one name.
      - One that does not exist is an error with O(state=present).
    type: int
attributes:
  check_mode:
    support: full
    details:
      - Tells the very plan that the real run carries out.
  diff_mode:
    support: full
    details:
      - One entry for the thing, with a line for each value and each site that differs.
  idempotent:
    support: full
notes:
  - Things are found in the whole list, and their names compared as MainWP stores them - blanks at the ends, double
    blanks and line ends do not count. Two of one name are an error that lists their ids, and so is a name that differs
    from another one in case only.
  - Markup and percent codes (C(%20)) are cut by MainWP. The task does the same before it compares, and warns.
  - Needs a key with Read and Write permission. API v1 cannot do this.
"""

    SLUG = r"""
options:
  state:
    description:
      - Whether it shall be there. Only options that are given count; whatever is not given stays as it is.
    type: str
    choices: [present, absent]
    default: present
  slug:
    description:
      - Its slug on this Dashboard, where its title is not enough - to rename it.
      - One that does not exist is an error with O(state=present), for MainWP makes the slug itself.
    type: str
attributes:
  check_mode:
    support: full
    details:
      - Tells the very plan that the real run carries out.
  diff_mode:
    support: full
    details:
      - One entry for the thing, with a line for each value that differs.
  idempotent:
    support: full
notes:
  - Titles are compared as MainWP stores them - blanks at the ends, double blanks and line ends do not count. A title that
    differs from another one in case only is an error.
  - Markup and percent codes (C(%20)) are cut by MainWP. The task does the same before it compares, and warns.
  - Needs a key with Read and Write permission. API v1 cannot do this.
"""

    SITES = r"""
options:
  sites:
    description:
      - Its child sites, by id, address, domain or name, as with O(wpfleet.mainwp.mainwp_site_info#module:sites). A site
        that does not exist, or a name that hits several, is an error.
      - If not given, sites stay as they are. An empty list with O(sites_mode=replace) leaves none.
      - Staging sites are not listed by the API and cannot be named.
    type: list
    elements: str
  sites_mode:
    description:
      - Whether O(sites) are all its sites, or are put in or taken out.
    type: str
    choices: [replace, add, remove]
    default: replace
"""

    INFO = r"""
options:
  ids:
    description:
      - Only those with one of these ids.
    type: list
    elements: int
  names:
    description:
      - Only those with one of these names, without regard to case. Always write a list, for a name may have commas.
      - What is not there is not returned, and is no error. If several filters are given, one has to fit.
    type: list
    elements: str
"""
