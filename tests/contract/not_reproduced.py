# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded exchanges that the simulator does not reproduce, by recording and number, with the reason.

``test_not_reproduced.py`` keeps the list honest: what is listed exists, and really differs.
"""

from __future__ import annotations

#: something happened outside the exchanges that nobody wrote down
OUTSIDE = "unrecorded outside event"

NOT_REPRODUCED: dict[tuple[str, int], str] = {
    # the list of API keys: made, named and last used outside the exchanges
    ("wp68-resources", 69): OUTSIDE,
    ("wp71-resources", 69): OUTSIDE,
}
