# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was changed outside of MainWP, and what sites say of their security. Numbers are exchanges of wp71-resources2."""

from __future__ import annotations

from typing import Any

from integration._fleets import child, fleet
from integration._play import Task

from simulator import Fleet

LOG = r"/mainwp/v2/sites/\d+/non-mainwp-changes"


def entry(number: int, created: float, connector: str = "non-mainwp-changes", **more: Any) -> dict[str, Any]:
    """An entry of the log, as 1462 has it."""
    return {
        "log_id": str(number),
        "item": "Acme &amp; Forms <b>Plugin</b>",
        "user_login": "admin",
        "action": "deactivate",
        "context": "plugin",
        "connector": connector,
        "created": int(created),
        "user_meta_json": '{"agent":"wp_rest_api","ip":"127.0.0.1"}' if connector == "installer" else '{"agent":""}',
        "extra_info": '{"name":"Acme Forms","slug":"acme-forms\\/acme-forms.php"}',
        **more,
    }


def logged(*rows: dict[str, Any]) -> Fleet:
    made = fleet(child(), child())
    made.sites[1].changes = list(rows)
    return made


def ids(result: Any) -> list[int]:
    return [change["log_id"] for change in result.site(1)["changes"]]


def test_changes_of_both_sources_newest_first(direct_for, dialect):
    """1462 to 1464: what the API is to do is the child's log, unless another one is named."""
    made = logged()
    now = int(made.clock.now())
    made.sites[1].changes = [entry(80, now - 60), entry(75, now - 7200, "installer"), entry(90, now - 90000)]
    play = direct_for(made, dialect)
    child_log, dashboard, both, recent, after = play.tasks(
        Task("mainwp_change_info"),
        Task("mainwp_change_info", {"source": "dashboard"}),
        Task("mainwp_change_info", {"source": "all"}),
        Task("mainwp_change_info", {"source": "all", "since": "24h"}),
        Task("mainwp_change_info", {"source": "all", "after_log_id": 80}),
    )
    assert (ids(child_log), ids(dashboard), ids(both)) == ([80, 90], [75], [80, 75, 90])
    assert ids(recent) == [80, 75], "1471: the API does not look at since"
    assert ids(after) == [90], "a late sync brings new ids with old times"
    assert all("since" not in request.query for request in recent.journal)
    change = both.site(1)["changes"][0]
    assert (change["item"], change["slug"]) == ("Acme & Forms Plugin", "acme-forms/acme-forms.php")
    assert (change["source"], change["action"], change["context"], change["user"], change["agent"]) == (
        "child", "deactivate", "plugin", "admin", "",
    )  # fmt: skip
    assert both.site(1)["changes"][1]["agent"] == "wp_rest_api"
    assert (both["count"], both.msg, both["logging"]) == (3, "2 sites: 3 changes", True)
    assert both.site(2)["complete"] is both.site(1)["complete"] is True


def test_a_long_log_is_read_as_far_as_it_is_asked_for(direct_for):
    made = logged()
    now = int(made.clock.now())
    made.sites[1].changes = [entry(number, now - 86400 + number) for number in range(1, 451)]
    some, more, few, new = direct_for(made).tasks(
        Task("mainwp_change_info", {"sites": ["1"]}),
        Task("mainwp_change_info", {"sites": ["1"], "limit": 1000}),
        Task("mainwp_change_info", {"sites": ["1"], "limit": 1}),
        Task("mainwp_change_info", {"sites": ["1"], "limit": 1000, "after_log_id": 440}),
    )
    assert (len(ids(some)), some.site(1)["complete"]) == (200, False)
    assert (ids(more), more.site(1)["complete"]) == (list(range(450, 0, -1)), True)
    assert (ids(few), few.site(1)["complete"]) == ([450], False)
    assert (len(ids(new)), new.site(1)["complete"]) == (10, True)
    pages = [
        len([request for request in one.journal if "non-mainwp" in request.path]) for one in (some, more, few, new)
    ]
    assert pages == [2, 3, 1, 3]


def test_a_log_that_is_off_is_said_to_be(direct_for):
    """1209 to 1455: it had been switched off, and nothing told so."""
    made = logged()
    made.settings["dashboard-insights"] = {"enable_insights_logging": 0}
    result = direct_for(made).task("mainwp_change_info", warns=["Insights logging is off"])
    assert result["logging"] is False


def test_a_site_that_is_gone_meanwhile_is_unknown(direct_for):
    """1472."""
    play = direct_for(logged())
    play.sim.faults.add(
        action="status",
        path=LOG.replace(r"\d+", "2"),
        code=404,
        body={"code": "mainwp_rest_invalid_site_id", "message": "Gone."},
    )
    result = play.task("mainwp_change_info", warns=["s02.example/: no changes"])
    assert (result.site(2)["result"], result.site(2)["reason"], result.site(2)["complete"]) == (
        "unknown", "not_found", False,
    )  # fmt: skip
    assert result.site(1)["result"] == "read"


def test_security_of_sites_and_of_one_that_is_down(direct_for, dialect):
    """1458 and 481: a site that is down is not known, and that is no 404."""
    made = fleet(child(security={"db_reporting": "Y_UNABLE", "php_reporting": "N_UNABLE"}), child(), child())
    made.sites[2].child.plugin_gone = True
    made.sites[3].child.security = {"debug_disabled": "N"}
    play = direct_for(made, dialect)
    whole, issues = play.tasks(
        Task("mainwp_security_info", warns=["s02.example/: no security report"]),
        Task("mainwp_security_info", {"only_issues": True}, warns=None),
    )
    assert not whole.failed
    assert whole.site(1)["issues"] == ["php_reporting", "sec_inactive_themes"]
    assert whole.site(1)["checks"]["db_reporting"] is True
    gone = whole.site(2)
    assert (gone["result"], gone["reason"], gone["checks"], gone["issues"]) == ("unknown", "disconnected", None, [])
    assert "MainWP Child does not answer there" in gone["message"]
    assert whole.msg == "3 sites: 4 issues, 1 unknown"
    assert [site["id"] for site in issues["sites"]] == [1, 2, 3]
    assert [request.path for request in whole.journal].count("/mainwp/v2/sites/2/security") == 1


def test_security_of_a_site_that_refuses_is_not_known(direct_for, dialect):
    """It answers 200 with a sentence where the report would be, which is not a report without issues."""
    made = fleet(child(security={"debug_disabled": "N"}), child())
    made.sites[2].child.has_key = False
    result, read = direct_for(made, dialect).tasks(
        Task("mainwp_security_info", {"only_issues": True}, warns=["s02.example/: no security report"]),
        Task("mainwp_site_info", {"gather_subset": ["security"]}, warns=["s02.example/: no security"]),
    )
    refused = result.site(2)
    assert (refused["result"], refused["reason"], refused["checks"]) == ("unknown", "disconnected", None)
    assert refused["message"].startswith("Authentication failed!")
    assert result.msg.endswith("1 unknown")
    assert read.site(2)["security"] is None
