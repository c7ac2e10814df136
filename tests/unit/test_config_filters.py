# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role dashboard_config computes."""

from __future__ import annotations

import datetime
from collections import UserString
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._filters.config import config_lines, config_tree

#: As ansible-core has ``omit`` while templates are worked out: it leaves out what still is that very thing.
OMIT = object()


def test_variables_become_a_tree() -> None:
    entry = {
        "name": "{{ 1/0 }}",
        "from": datetime.date(2026, 1, 31),
        "password": UserString("opened"),  # as ansible-core 2.16 has what is encrypted
        "price": 1.5,
        "clear": None,
        "icon": OMIT,
    }
    tree = config_tree(
        [
            ("dashboard_config_costs", [entry]),
            ("dashboard_config_costs__more", ()),
            ("dashboard_config_clients", None),
            ("dashboard_config_clients__lost", None),
            ("dashboard_config_settings", {"monitoring": {"enabled": True}}),
            ("dashboard_config_tgas", "nobody knows it, so the module shall tell"),
        ]
    )
    assert tree == {
        "costs": [
            {"name": "{{ 1/0 }}", "from": "2026-01-31", "password": "opened", "price": 1.5, "clear": None, "icon": OMIT}
        ],
        "costs__more": [],
        "clients__lost": None,
        "settings": {"monitoring": {"enabled": True}},
        "tgas": "nobody knows it, so the module shall tell",
    }
    assert tree["settings"]["monitoring"]["enabled"] is True


def drift(kind: str, name: str, standing: str, **more: Any) -> dict[str, Any]:
    common = {"site": "", "place": f"{kind}[0]", "action": "changed", "reason": "", "message": "", "changes": []}
    return {**common, "kind": kind, "name": name, "standing": standing, **more}


def counts(**numbers: int) -> dict[str, int]:
    return dict.fromkeys(("right", "wrong", "missing", "extra", "done", "failed"), 0) | numbers


def test_lines_tell_what_differs_with_both_values() -> None:
    changes = [
        {"key": "color", "before": "#111111", "after": "#222222"},
        {"key": "note", "before": "", "after": "Café"},
        {"key": "city", "before": "Kiel", "after": None},
    ]
    result = {
        "msg": "tags: 1 would change",
        "by_hand": ["Activate MainWP Child on blog.example."],
        "extra": {"tags": [f"old {number}" for number in range(25)], "sites": ["https://old.example/"]},
        "drift": [
            drift("tags", "shops", "wrong", changes=changes),
            drift(
                "settings",
                "general.language",
                "wrong",
                changes=[{"key": "general.language", "before": "", "after": "de"}],
            ),
            drift("tags", "old 1", "extra", action="removed"),
            drift("tags", "old 2", "extra", action=""),
            drift("users", "zoe", "missing", site="https://blog.example/", reason="timeout", message="No answer."),
            drift("users", "kim", "wrong", site="https://blog.example/", reason="stopped"),
        ],
        "summary": {
            "failed": True,
            "kinds": {
                "tags": counts(right=3, wrong=1, extra=25),
                "sites": counts(right=2, extra=1),
                "users": counts(right=2, wrong=1, missing=1, done=0, failed=1),
                "costs": counts(right=4),
                "settings": counts(wrong=1, held=1),
            },
        },
    }
    assert config_lines(result) == [
        "tags: 1 would change",
        "By hand: Activate MainWP Child on blog.example.",
        "tags: 3 right, 1 wrong, 0 missing, 25 extra",
        "  wrong: shops",
        "    color: MainWP has #111111; the tree has #222222",
        "    note: MainWP has nothing; the tree has Café",
        "    city: MainWP has Kiel; the tree has nothing",
        "  extra: old 1",
        "  extra: " + ", ".join(f"old {number}" for number in range(20)) + " and 5 more",
        "sites: 2 right, 0 wrong, 0 missing, 1 extra",
        "  extra: old.example",
        "users: 2 right, 1 wrong, 1 missing, 0 extra, 1 failed",
        "  missing: zoe at blog.example – timeout: No answer.",
        "  wrong: kim at blog.example – stopped",
        "costs: 4 right, 0 wrong, 0 missing, 0 extra",
        "settings: 0 right, 1 wrong, 0 missing, 0 extra, 1 held",
        "  wrong: general.language: MainWP has nothing; the tree has de",
    ]


def test_lines_tell_twins_apart_of_which_one_has_http() -> None:
    result = {
        "extra": {"sites": ["http://old.example/", "https://old.example/"]},
        "drift": [drift("users", "zoe", "missing", site="http://blog.example/")],
        "summary": {"kinds": {"sites": counts(extra=2), "users": counts(missing=1)}},
    }
    lines = config_lines(result)
    assert "  extra: http://old.example, old.example" in lines
    assert "  missing: zoe at http://blog.example" in lines


def test_lines_of_what_never_began_are_its_message() -> None:
    assert config_lines({"msg": "tree: 2 mistakes.\ntags[0].colour: unknown"}) == [
        "tree: 2 mistakes.",
        "tags[0].colour: unknown",
    ]
