# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a client reads: plain words, in the right places, and never markup of somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from codes import OF_THINGS, REASONS

from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.client import clients_of, letter
from ansible_collections.wpfleet.mainwp.plugins.module_utils._reports.wording import WORDING


def update(result: str = "updated", **more: Any) -> dict[str, Any]:
    return {
        "type": "plugin",
        "slug": "shop/shop.php",
        "language": "",
        "name": "Shop",
        "version_before": "1.0",
        "version_planned": "1.1",
        "version_after": "1.1",
        "result": result,
        "reason": "",
        **more,
    }


def site(*updates: dict[str, Any], **more: Any) -> dict[str, Any]:
    known = {"id": 1, "url": "https://s.example/", "name": "S", "client_id": 0, "client_name": "", "wp_version": "7.1"}
    return {**known, "result": "updated", "reason": "", "updates": list(updates), **more}


def text(*sites: dict[str, Any], planning: bool = False) -> str:
    (client,) = clients_of(sites)
    return letter(client, "2026-11-24", planning)


@pytest.mark.parametrize("reason", ["ignored", "excluded", "same_version", "older", "not_installed"])
def test_what_nobody_will_do_is_no_news(reason: str) -> None:
    left = update("skipped", version_planned="0.9", reason=reason)
    found = text(site(left, result="unchanged"))
    assert "Not updated" not in found
    assert found.endswith("No updates were due (WordPress 7.1).\n")


def test_nothing_is_said_of_a_version_that_the_site_hides() -> None:
    moved = update("updated", type="core", name="", version_before="", version_after="7.1")
    found = text(site(moved, update("failed", name="Bare", version_before="", version_after="", reason="child_error")))
    assert "- WordPress: 7.1\n" in found
    assert "- Bare: the site reported an error\n" in found


def test_a_letter() -> None:
    found = text(
        site(
            update(),
            update("updated", type="theme", name="Nordic", reason="deactivated"),
            update("updated", type="core", name="", version_before="7.0", version_after="7.1"),
            update("updated", type="translation", name="Shop", language="de_DE"),
            update("skipped", name="Cache", version_planned="2.0", reason="policy"),
            update("skipped", name="Ignored", reason="ignored"),
            update("unchanged", name="Elsewhere", reason="moved_elsewhere"),
            update("failed", name="Same", version_planned="1.0", reason="nobody_knows"),
            client_id=7,
            client_name="Müller & Söhne",
        )
    )
    assert found.splitlines() == [
        "# Website maintenance for Müller & Söhne, 2026-11-24",
        "",
        "## S",
        "",
        "https://s.example/",
        "",
        "Updated:",
        "",
        "- Shop: 1.0 → 1.1",
        "- Nordic (theme): 1.0 → 1.1 – **no longer active**",
        "- WordPress: 7.0 → 7.1",
        "- Translation of Shop (de_DE)",
        "",
        "Not updated:",
        "",
        "- Cache stays at 1.0 (2.0 is available): a larger step, left for later on purpose",
        "- Same stays at 1.0",
    ]


def test_a_plan_and_a_site_without_work() -> None:
    found = text(site(update("planned", version_after="")), site(result="unchanged", id=2), planning=True)
    assert "\nThis is a plan. Nothing was changed.\n" in found
    assert "\nTo be updated:\n\n- Shop: 1.0 → 1.1\n" in found
    assert found.endswith("\nNo updates were due (WordPress 7.1).\n")
    assert found.startswith("# Website maintenance, 2026-11-24\n")


@pytest.mark.parametrize(
    "reason", ["suspended", "disconnected", "locked_out", "theme_changed", "plugins_lost", "health"]
)
def test_what_an_owner_must_know(reason: str) -> None:
    assert f"\n**Please note:** {WORDING[reason]}.\n" in text(site(reason=reason, result="failed"))


@pytest.mark.claim("text-markup")
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("*a* _b_ `c` [d](e) ![f](g)", r"\*a\* \_b\_ \`c\` \[d\](e) !\[f\](g)"),
        ("snake_case stays", "snake_case stays"),
        ("__bold__ ___", r"\_\_bold\_\_ \_\_\_"),
        ("a &amp; b & c", "a &amp;amp; b & c"),
        ("one\ntwo\r\n# three", "one two \\# three"),
        ("# heading", "\\# heading"),
        ("- list", "\\- list"),
        ("+ list", "\\+ list"),
        ("1. list", "1\\. list"),
        ("2) list", "2\\) list"),
        ("=====", "\\====="),
        ("1.2.3", "1.2.3"),
        ("{{ 1/0 }}", "{{ 1/0 }}"),
        ("{% raw %}", "{% raw %}"),
        ("!unsafe x", "!unsafe x"),
        ("a\x1b[2Jb\u202ec\x00d", "a \\[2Jbc d"),
        ("", ""),
        (None, ""),
    ],
)
def test_names_are_never_markup(name: str | None, read: str) -> None:
    (line,) = [line for line in text(site(update(name=name))).splitlines() if line.startswith("- ")]
    assert line == f"- {read}: 1.0 → 1.1"


def test_sites_by_client() -> None:
    clients = clients_of(
        [
            site(client_id=3, client_name=""),
            site(client_id=0, client_name="nobody's", id=2),
            site(client_id=3, client_name="Müller GmbH", id=3),
            site(client_id=2, client_name=None, id=4),
            site(client_id=None, id=5),
        ]
    )
    assert [(one["id"], one["name"], one["file"], [each["id"] for each in one["sites"]]) for one in clients] == [
        (0, "", "no-client", [2, 5]),
        (2, "Client 2", "2-client-2", [4]),
        (3, "Müller GmbH", "3-mueller-gmbh", [1, 3]),
    ]


def test_there_are_words_for_every_reason() -> None:
    """But for what becomes of things that no report tells: tags and clients, plugins that shall be active."""
    assert WORDING.keys() == REASONS - OF_THINGS - {"", "not_stored"}
