# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: normal_address
author: wpfleet.mainwp contributors (@wpfleet)
short_description: The one form of an address by which two of them can be compared
version_added: 0.1.0
description:
  - Leaves out scheme, C(www.), the scheme's own port and the slash at the end, writes the host in lower case, and an
    international one in ASCII (IDNA 2008).
  - This is how the modules of this collection compare addresses when nothing more was said. Two sites that differ in
    C(www.) or in C(http) and C(https) alone have the same form.
options:
  _input:
    description: An address of a Dashboard or site, with or without scheme.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Pick what the monitoring knows of this site
  ansible.builtin.set_fact:
    monitored: "{{ monitors | selectattr('address', 'eq', mainwp_site_url | wpfleet.mainwp.normal_address) | list }}"
"""

RETURN = r"""
_value:
  description: The address, such as V(xn--strae-oqa.example/de) for V(https://www.Straße.example:443/de/).
  type: str
"""

from collections.abc import Callable
from typing import Any

from ..module_utils._addresses import normal_url


def normal_address(text: str | None) -> str:
    """``https://www.Straße.example:443/de/`` → ``xn--strae-oqa.example/de``."""
    return normal_url("" if text is None else str(text))


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name → function."""
        return {"normal_address": normal_address}
