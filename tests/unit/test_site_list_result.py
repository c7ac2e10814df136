# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One site of a list of sites, when the run ends before its time."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._resource import Plan
from ansible_collections.wpfleet.mainwp.plugins.module_utils._resources._site_list_result import Item

FAILED = errors.MainWPError("No.", reason="api_error")


@pytest.mark.parametrize(
    ("stood", "reason"),
    [
        ({}, "stopped"),
        ({"began": True}, "unverified"),
        ({"began": True, "told": {"changed": True, "msg": "Changed."}}, ""),
        ({"began": True, "problem": FAILED}, "api_error"),
    ],
)
def test_an_interrupted_run_says_of_each_site_how_far_it_came(stood: dict[str, Any], reason: str) -> None:
    nothing: Any = None
    item = Item(0, nothing, nothing, Plan(None, None), **stood)
    item.interrupted()
    assert item.reason == reason
