# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of options and ways: what users read is what the code refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._batch_watch import waiting_reason
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._ways import (
    BATCH_V1,
    DASHBOARD_BATCH,
    REFUSED,
    WAYS,
    given,
    refuse,
)
from ansible_collections.wpfleet.mainwp.plugins.modules.mainwp_batch_update import DOOR

COLUMNS = [way for way in WAYS if way != BATCH_V1]  # which is update_method's own row


def test_the_document_says_which_way_refuses_what() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "updates.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|$", page.split("## By which way")[1], re.MULTILINE)
    written = {
        name: [way for way, cell in zip(COLUMNS, cells.split(" | "), strict=True) if "refused" in cell]
        for name, cells in rows
    }
    assert written == {name: list(ways) for name, (ways, _why) in REFUSED.items() if name != "update_method"}


def test_the_table_knows_only_options_that_there_are() -> None:
    assert set(REFUSED) <= set(DOOR.argument_spec)


def test_what_is_refused_by_one_dialect_only_waits_for_the_dialect() -> None:
    refuse(frozenset({"hold_after"}), DASHBOARD_BATCH, "abilities", "classic")
    refuse(frozenset({"hold_after"}), DASHBOARD_BATCH, "abilities")
    with pytest.raises(InputError, match=r"hold_after: cannot be honoured .* Use update_method: per_item"):
        refuse(frozenset({"hold_after"}), DASHBOARD_BATCH, "classic")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"include_updates": [], "exclude_updates": None, "hold_after": 0, "types": None}, set()),
        ({"types": ["core", "plugins", "themes", "translations"]}, set()),
        ({"types": []}, {"types"}),
        ({"max_backup_age": 0, "proven_on": {"sites": ["1"]}}, {"max_backup_age", "proven_on"}),
        ({"hold_after": 2, "plan": [{}]}, {"hold_after", "plan"}),
    ],
)
def test_what_asks_for_nothing_is_not_refused(params: dict[str, object], expected: set[str]) -> None:
    assert given(params) == expected


@pytest.mark.parametrize(
    ("advanced", "idle", "reason"),
    [
        (False, 179.0, "batch_waiting"),
        (False, 180.0, "cron_dead"),
        (True, 300.0, "batch_waiting"),  # a child may hold the job for so long
        (True, 600.0, "cron_stalled"),
    ],
)
def test_a_batch_is_dead_or_stalled_only_after_long_silence(advanced: bool, idle: float, reason: str) -> None:
    assert waiting_reason(advanced, idle) == reason
