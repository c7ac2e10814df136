# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How pages of sites are looked at."""

from __future__ import annotations


class ModuleDocFragment:
    """The option that names pages."""

    DOCUMENTATION = r"""
options:
  health_check:
    description:
      - Fetch pages of sites from the machine that runs the job, as a visitor would, without credentials. An empty map is
        enough to switch it on.
      - M(wpfleet.mainwp.mainwp_batch_update), M(wpfleet.mainwp.mainwp_plugin) and M(wpfleet.mainwp.mainwp_theme) do it for each
        site right before the first write and after the last one. A page that became bad makes the site failed with the reason
        C(health). What was bad before is named, not blamed, unless it was merely
        missing and is dead now.
      - M(wpfleet.mainwp.mainwp_dashboard_info) does it once for each connected site, and names those whose pages cannot be
        judged from here, or are bad already. With hundreds of sites that takes a minute or more.
      - Bad is an HTTP error, an empty page, WordPress' page for a critical error, a redirect to another host, the expected
        text gone, or a forbidden one there. Answers meant for us (401, 403, captcha) are C(unknown).
    type: dict
    suboptions:
      enabled:
        description: Whether to check.
        type: bool
        default: true
      paths:
        description:
          - The pages, below the site's address. By default the front page, and the login page, which runs PHP past any
            page cache.
          - An entry is a path, or a map of C(path), C(expect), a text that must stand on this page, and C(forbid), one
            that must not.
        type: list
        elements: raw
      expect:
        description: Text that must stand on the first page, if that has no C(expect) of its own.
        type: str
      timeout:
        description: How long to wait for a page, in seconds.
        type: float
        default: 15.0
      patience:
        description: How long to wait for maintenance mode (HTTP 503) to end, in seconds.
        type: float
        default: 60.0
      validate_certs:
        description: Verify the sites' TLS certificates.
        type: bool
        default: true
"""
