# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible import context
from ansible.errors import AnsibleFilterError

from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._filters.fleet import waves


def test_the_first_wave_is_the_canaries() -> None:
    groups = {"all": ["a", "b", "c"], "mainwp_tag_canary": ["a", "b"]}
    assert waves(groups, "mainwp_tag_canary", ["10%", "100%"]) == [2, "10%", "100%"]


@pytest.mark.parametrize("groups", [{"all": ["a"]}, {"all": ["a"], "pilots": []}])
def test_no_canary_is_refused(groups: dict[str, list[str]]) -> None:
    """An empty first wave would be a wave of everything."""
    with pytest.raises(AnsibleFilterError, match=r"no host in the group pilots.*-e mainwp_canaries"):
        waves(groups, "pilots")


def test_an_empty_inventory_is_refused() -> None:
    """Ansible says that no hosts matched, and is green."""
    with pytest.raises(AnsibleFilterError, match="inventory has no hosts"):
        waves({"all": [], "ungrouped": []}, "mainwp_tag_canary")


def test_a_syntax_check_has_no_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "CLIARGS", {"syntax": True})
    assert waves({"all": [], "ungrouped": []}, "mainwp_tag_canary") == [1, "100%"]
