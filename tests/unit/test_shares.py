# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No test is lost where the long ones come first."""

from __future__ import annotations

import pytest
from shares import long_first


def test_each_share_begins_with_long_ones() -> None:
    assert long_first("abcdefg", "VWXYZ", 3) == list("VYabWZcdXefg")


@pytest.mark.parametrize("processes", [1, 2, 6])
@pytest.mark.parametrize(("short", "long"), [("", ""), ("a", ""), ("", "XYZ"), ("ab", "UVWXYZ"), ("abcdefghijk", "XY")])
def test_none_is_lost_and_the_short_ones_keep_their_order(short: str, long: str, processes: int) -> None:
    found = long_first(short, long, processes)
    assert sorted(found) == sorted(short + long)
    assert [one for one in found if one in short] == list(short)
