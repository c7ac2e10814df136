# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of what MainWP ignores."""

from __future__ import annotations

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import PLUGIN, THEME, Extension
from ansible_collections.wpfleet.mainwp.plugins.module_utils._things.ignored import is_junk
from unit.build import ext


@pytest.mark.parametrize(
    ("slug", "kind", "installed", "junk"),
    [
        ("7", PLUGIN, None, True),
        ("0", PLUGIN, None, True),
        ("forms/forms.php", PLUGIN, None, False),
        ("7", PLUGIN, [ext("7", "1.0")], True),  # a plugin's name ends in .php
        ("0", THEME, None, True),
        ("7", THEME, None, False),  # nobody knows
        ("7", THEME, [], True),
        ("7", THEME, [ext("storefront", "1.0")], True),
        ("7", THEME, [ext("storefront", "1.0"), ext("7", "1.0")], False),
        ("storefront", THEME, [], False),
    ],
)
def test_a_rule_of_a_number_is_none(slug: str, kind: str, installed: list[Extension] | None, junk: bool) -> None:
    assert is_junk(slug, kind, installed) is junk
