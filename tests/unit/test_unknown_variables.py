# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of variables that a role does not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._filters.variables import unknown_variables

ROOT = Path(__file__).resolve().parents[2]
KNOWN = ("all_sites", "exclude_sites", "exclude_updates", "lock_dir")


@pytest.mark.parametrize("names", [[], ["shop_all_sites"], ["shop_lock_dir", "shop_exclude_sites"]])
def test_what_is_there_is_not_told_of(names: list[str]) -> None:
    assert unknown_variables(names, KNOWN, "shop_") == ""


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("shop_al_sites", "shop_all_sites"),
        ("shop_exclude_site", "shop_exclude_sites"),
        ("shop_Lock_Dir", "shop_lock_dir"),
        ("shop_exclude", "shop_exclude_sites"),
        ("shop_exclud_updates", "shop_exclude_updates"),
    ],
)
def test_what_may_have_been_meant(name: str, meant: str) -> None:
    assert unknown_variables([name], KNOWN, "shop_") == f"{name}: there is no such variable. Did you mean {meant}?"


def test_only_what_is_near_to_one_is_told_where_the_others_may_be_somebody_elses() -> None:
    told = unknown_variables(["shop_zz", "shop_lock_dri"], KNOWN, "shop_", near=True)
    assert told == "shop_lock_dri: there is no such variable. Did you mean shop_lock_dir?"


def test_all_of_them_are_told_in_order() -> None:
    told = unknown_variables(["shop_zz", "shop_lock_dri", "shop_all_sites"], KNOWN, "shop_")
    assert told == (
        "shop_lock_dri: there is no such variable. Did you mean shop_lock_dir? "
        "shop_zz: there is no such variable. Variables that begin with shop_ are all the role's: give yours another name."
    )


@pytest.mark.parametrize("name", ["letters", "patch_vulnerable"])
def test_a_playbook_knows_each_variable_that_it_obeys(name: str) -> None:
    prefix = f"{name.partition('_')[0]}_"
    text = (ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8")
    (play,) = yaml.safe_load(text)
    obeyed = set(re.findall(rf"(?<!\w){prefix}\w+", text)) - {name}
    known = re.findall(r"\w+", str(play["vars"][f"_{prefix}options"]))
    assert obeyed == {prefix + one for one in known}
