# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings as code: written once, partly where that is safe and whole where it is not, and read again.

Numbers in brackets are exchanges of the recording wp71-resources2.
"""

from __future__ import annotations

import json

import pytest
from integration._fleets import child, fleet
from integration._play import Task
from integration._settings import INFO, MODULE, moved, saved, sent
from modules import SETTINGS

ADMIN = "admin@dashboard.example"


def test_something_of_each_section_is_planned_written_once_and_then_as_wanted(direct_for, dialect):
    play = direct_for(fleet(child()), dialect)
    planned, made, again = play.tasks(
        Task(MODULE, SETTINGS, check=True, diff=True), Task(MODULE, SETTINGS, diff=True), Task(MODULE, SETTINGS)
    )
    assert (planned.changed, planned.writes) == (True, [])
    assert planned["changes"] == made["changes"]
    assert planned["diff"] == made["diff"]
    assert planned["settings"] == made["settings"]
    assert len(sent(made)) == len(made.writes) == 8
    assert (again.changed, again.writes, again["changes"]) == (False, [], [])
    assert again["settings"] == made["settings"]
    entry = next(entry for entry in made["diff"] if entry["after_header"] == "general.timezone_string")
    assert (entry["before"], entry["after"]) == ("UTC+0\n", "UTC+5:30\n")
    assert made.msg.startswith("11 settings were changed: general.timezone_string")


def test_all_that_is_read_can_be_given_again_and_changes_nothing(direct_for, dialect):
    """Fresh (13-20), with everything saved by ourselves, and with what only MainWP's pages or others can set."""
    play = direct_for(fleet(child()), dialect)

    def strange() -> None:
        settings = play.sim.fleet.settings
        settings["advanced"]["mainwp_maximum_requests"] = 0  # (708)
        settings["monitoring"]["mainwp_uptime_monitoring_method"] = "brew"  # (1051)
        settings["monitoring"]["mainwp_uptime_monitoring_up_status_codes"] = [""]  # (1043)
        settings["emails"]["daily_digest"] = {"recipients": "a@x.example,b@x.example", "heading": "A &lt;b&gt; c"}
        settings["cost-tracker"] |= {"decimals": 0, "currency_position": "", "thousand_separator": ""}  # (1129)
        settings["general"]["mainwp_primary_backup"] = {"3": {"value": "updraftplus", "title": "UpdraftPlus"}}
        settings["general"] |= {"time_daily_update": "1", "frequency_auto_update": "yearly"}  # (800)

    for change in (None, {"general": {"check_http_response": True}}, SETTINGS, strange):
        if callable(change):
            change()
        elif change:
            play.task(MODULE, change)
        known = play.task(INFO)
        again = play.task(MODULE, known["settings"])
        assert (again.failed, again.changed, again.writes) == (False, False, [])
        assert again["settings"] == known["settings"]
    assert known["settings"]["emails"]["daily_digest"]["recipients"] == "a@x.example,b@x.example"
    assert known["settings"]["monitoring"]["uptime_monitoring_method"] is None
    assert known["settings"]["monitoring"]["uptime_monitoring_up_status_codes"] is None


def test_only_what_differs_is_sent_as_numbers_and_by_put(direct_for):
    """(680, 720, 860, 1209): the rest is kept; text such as "no" would be taken for off, and so would "yes"."""
    play = direct_for(fleet(child()))
    wanted = {
        "general": {"hide_update_everything": True, "show_language_updates": True, "frequency_daily_update": 3},
        "advanced": {"wp_cron": False, "optimize": True, "maximum_requests": 6},
        "insights": {"enable_insights_logging": False},
        "tools": {"guided_tours": True, "chatbase": False},
    }
    made = play.task(MODULE, wanted)
    assert sent(made) == {
        "general/edit": {"hide_update_everything": 1, "frequency_daily_update": 3},
        "advanced/edit": {"mainwp_wp_cron": 0, "mainwp_maximum_requests": 6},
        "dashboard-insights/edit": {"enable_insights_logging": 0},
        "tools/edit": {"guided_tours": 1},
    }
    assert {entry.method for entry in made.writes} == {"PUT"}
    assert {entry.headers["Content-Type"] for entry in made.writes} == {"application/json"}  # (668)
    back = {"general": {"hide_update_everything": False}, "tools": {"guided_tours": False}}
    off, again = play.tasks(Task(MODULE, back), Task(MODULE, back))
    assert (off.changed, again.changed, saved(play, "tools")["guided_tours"]) == (True, False, "0")


def test_flags_that_were_never_saved_are_neither_on_nor_off(direct_for):
    """(852, 981): told as false, "0", "1" or a number."""
    play = direct_for(fleet(child()))
    off = {"general": {"notification_on_backup_fail": False, "backups_on_server": 3}}
    known, first, second = play.tasks(Task(INFO, {"sections": ["general"]}), Task(MODULE, off), Task(MODULE, off))
    assert known["settings"]["general"]["notification_on_backup_fail"] is None
    assert moved(first)["general.notification_on_backup_fail"] == (None, False)
    assert sent(first)["general/edit"] == {"mainwp_notification_on_backup_fail": 0, "mainwp_backups_on_server": "3"}
    assert (second.changed, second["settings"]["general"]["notification_on_backup_fail"]) == (False, False)


@pytest.mark.parametrize(
    ("given", "stored", "read"),
    [
        ("Europe/Riga", None, None),  # (829): its offset of this moment
        ("Asia/Kathmandu", 5.75, "UTC+5:45"),
        ("UTC+5:30", 5.5, "UTC+5:30"),  # (824): told as UTC+5.5, which MainWP does not take
        ("utc+5.5", 5.5, "UTC+5:30"),
        ("UTC-3", -3, "UTC-3"),
    ],
)
def test_a_time_zone_is_the_same_in_all_its_forms(direct_for, given, stored, read):
    play = direct_for(fleet(child()))
    wanted = {"general": {"timezone_string": given}}
    first, second = play.tasks(Task(MODULE, wanted), Task(MODULE, wanted))
    assert (first.changed, second.changed, second.writes) == (True, False, [])
    if stored is not None:
        assert play.sim.gmt_offset == stored
        assert moved(first)["general.timezone_string"] == ("UTC+0", read)
    known = play.task(INFO, {"sections": ["general"]})["settings"]
    assert not play.task(MODULE, known).changed


def test_utc_is_where_it_was(direct_for):
    """(845)"""
    result = direct_for(fleet(child())).task(MODULE, {"general": {"timezone_string": "UTC"}})
    assert (result.failed, result.changed) == (False, False)


def test_a_zone_with_a_name_of_wordpress_itself_is_no_silent_success(direct_for):
    """WordPress prefers it to any offset, and MainWP says that it was stored."""
    play = direct_for(fleet(child()))
    play.sim.named_timezone = True
    result = play.task(MODULE, {"general": {"timezone_string": "UTC+2"}})
    assert (result.failed, result.changed, result["error"]["reason"]) == (True, False, "not_stored")
    assert "general.timezone_string is 'UTC+0' in place of 'UTC+2'" in result.msg
    assert "Settings > General" in result.msg


def test_times_of_the_day_are_compared_as_times(direct_for):
    """(803): MainWP keeps them as they are written."""
    play = direct_for(fleet(child()))
    play.sim.fleet.settings["general"] = {"time_daily_update": "3:05"}
    same, other = play.tasks(
        Task(MODULE, {"general": {"time_daily_update": "03:05"}}),
        Task(MODULE, {"general": {"time_daily_update": "4:05", "date_format": "", "time_format": "H:i"}}),  # (821)
    )
    assert (same.changed, same["settings"]["general"]["time_daily_update"]) == (False, "03:05")
    assert sent(other)["general/edit"] == {"time_daily_update": "04:05", "date_format": "", "time_format": "H:i"}


def test_the_way_of_backups_goes_with_its_flag(direct_for):
    """(956-976)"""
    play = direct_for(fleet(child()))
    by_api, alone, both, back = play.tasks(
        Task(MODULE, {"general": {"primary_backup": "module-api-backups"}}),
        Task(MODULE, {"general": {"primary_backup": "native"}}),
        Task(MODULE, {"general": {"primary_backup": "native", "enable_legacy_backup_feature": True}}),
        Task(MODULE, {"general": {"primary_backup": "module-api-backups", "enable_legacy_backup_feature": False}}),
    )
    assert sent(by_api)["general/edit"] == {
        "mainwp_primary_backup": "module-api-backups",
        "mainwp_enable_legacy_backup_feature": 0,
    }
    assert (alone.failed, alone.writes) == (True, [])
    assert "native needs enable_legacy_backup_feature: true" in alone.msg
    assert sent(both)["general/edit"] == {"mainwp_primary_backup": "", "mainwp_enable_legacy_backup_feature": 1}
    assert back["settings"]["general"]["primary_backup"] == "module-api-backups"


def test_the_signature_is_named_without_the_word_for_default(direct_for):
    """(778, 781)"""
    play = direct_for(fleet(child()))
    names = ["OPENSSL_ALGO_SHA512", "OPENSSL_ALGO_SHA256"]
    other, back, again = play.tasks(
        *(Task(MODULE, {"advanced": {"connect_signature_algo": name}}) for name in (*names, names[1]))
    )
    assert sent(back)["advanced/edit"] == {"mainwp_connect_signature_algo": "OPENSSL_ALGO_SHA256 (Default)"}
    assert (other.changed, back.changed, again.changed) == (True, True, False)


def test_what_a_sync_fetches_is_known_from_the_first_sync_on(direct_for):
    """(14, 672, 786): the rest of the map is kept."""
    play = direct_for(fleet(child()))
    wanted = {"advanced": {"sync_data": {"security_stats": False, "users": True}}}
    before, _synced, after, again = play.tasks(
        Task(MODULE, wanted),
        Task("mainwp_sync", {"all_sites": True, "max_age": 0}),
        Task(MODULE, wanted),
        Task(MODULE, wanted),
    )
    assert (before.failed, before.writes) == (True, [])
    assert "advanced.sync_data.security_stats: MainWP knows what it syncs only after the first sync" in before.msg
    assert sent(after)["advanced/edit"] == {"sync_data": {"securityStats": 0}}
    stored = saved(play, "advanced")["sync_data"]
    assert (stored["securityStats"], sum(stored.values()), len(stored)) == (0, 19, 20)
    assert not again.changed


def test_status_codes_are_a_set(direct_for):
    """(1030, 1035)"""
    play = direct_for(fleet(child()))
    codes = {"monitoring": {"uptime_monitoring_up_status_codes": [301, 200, 200, 204]}}
    first, second = play.tasks(Task(MODULE, codes), Task(MODULE, codes))
    assert first["settings"]["monitoring"]["uptime_monitoring_up_status_codes"] == [200, 204, 301]
    assert (first.changed, second.changed) == (True, False)


def test_an_email_is_always_sent_whole(direct_for, dialect):
    """(1094, 1105): what is not sent goes back to the factory default."""
    play = direct_for(fleet(child()), dialect)
    mail = {"heading": 'H & "x" ü', "subject": "S", "recipients": "ops@x.example", "disable": True}
    whole, one, again = play.tasks(
        Task(MODULE, {"emails": {"uptime": mail}}),
        Task(MODULE, {"emails": {"uptime": {"subject": "S2"}}}),
        Task(MODULE, {"emails": {"uptime": {"subject": "S2"}}}),
    )
    assert saved(play, "emails") == {"uptime": {**mail, "subject": "S2", "disable": 1}}
    assert sent(one) == {"emails/uptime/edit": {**mail, "subject": "S2", "disable": 1}}
    assert moved(one) == {"emails.uptime.subject": ("S", "S2")}
    assert (whole.changed, again.changed) == (True, False)


def test_several_recipients_survive_no_write_so_none_is_made(direct_for):
    """(1099): MainWP's pages take several, its API one."""
    play = direct_for(fleet(child()))
    play.sim.fleet.settings["emails"] = {"uptime": {"recipients": "a@x.example,b@x.example"}}
    refused, given = play.tasks(
        Task(MODULE, {"emails": {"uptime": {"subject": "S"}}}),
        Task(MODULE, {"emails": {"uptime": {"subject": "S", "recipients": "a@x.example"}}}),
    )
    assert (refused.failed, refused.writes) == (True, [])
    assert "emails.uptime.recipients: it has to be sent along" in refused.msg
    assert saved(play, "emails")["uptime"]["recipients"] == "a@x.example"
    assert given.changed


def test_the_email_of_the_check_comes_and_goes_with_it(direct_for, dialect):
    """(1114, 1937-1940)"""
    play = direct_for(fleet(child()), dialect)
    mail = {"emails": {"http_check": {"disable": True}}}
    on, off = ({"general": {"check_http_response": flag}} for flag in (True, False))
    refused, planned, made, again, away, alone = play.tasks(
        Task(MODULE, mail),
        Task(MODULE, {**on, **mail}, check=True),
        Task(MODULE, {**on, **mail}),
        Task(MODULE, {**on, **mail}),
        Task(MODULE, {**off, **mail}),
        Task(MODULE, off),
    )
    assert "only while general.check_http_response is true" in refused.msg
    assert moved(planned)["emails.http_check.disable"] == (None, True)
    assert sent(made)["emails/http_check/edit"] == {
        "disable": 1,
        "heading": "Sites Check",
        "subject": "HTTP response check",
        "recipients": ADMIN,
    }
    assert (again.changed, away.failed, away.writes, alone.failed) == (False, True, [], False)


def test_the_format_of_costs_survives_the_first_write(direct_for):
    """(1128, 1129): a first partial edit wipes what it does not hold."""
    play = direct_for(fleet(child()))
    first, second = play.tasks(*2 * [Task(MODULE, {"cost_tracker": {"currency": "eur"}})])
    assert first["settings"]["cost_tracker"] == {
        "currency": "EUR",
        "currency_position": "left",
        "thousand_separator": ",",
        "decimal_separator": ".",
        "decimals": 2,
    }
    assert not second.changed


def test_a_wiped_format_can_be_set_again(direct_for):
    """(1136)"""
    play = direct_for(fleet(child()))
    lost = dict.fromkeys(("currency_position", "thousand_separator", "decimal_separator", "decimals"), "")
    play.sim.fleet.settings["cost-tracker"] = {"currency": "EUR", **lost}
    wanted = {"currency_position": "right_space", "thousand_separator": ".", "decimal_separator": ",", "decimals": 3}
    result = play.task(MODULE, {"cost_tracker": wanted})
    assert result["settings"]["cost_tracker"] == {"currency": "EUR", **wanted}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"general": {"time_daily_update": "25:00"}}, "'25:00' is no time of the day"),  # (797)
        ({"general": {"time_daily_update": ""}}, "general.time_daily_update: '' is no time"),  # (800)
        ({"general": {"time_auto_update": 185}}, "'185' is no time of the day: write '03:05', in quotes"),
        ({"general": {"timezone_string": "Mars/X"}}, "'Mars/X' is no time zone"),  # (839)
        ({"general": {"timezone_string": "US/Eastern"}}, "no time zone that MainWP takes"),
        ({"general": {"timezone_string": "UTC+5:45"}}, "name a zone"),
        ({"general": {"frequency_daily_update": 13}}, "13 is not among what MainWP takes: 1 to 12"),  # (813)
        ({"general": {"delay_autoupdate": 9}}, "value of delay_autoupdate must be one of"),  # (892)
        ({"general": {"date_format": "2026"}}, "characters that MainWP does not take"),
        ({"general": {"date_format": "\\"}}, "no more than MainWP would cut"),
        ({"general": {"primary_backup": "module-api-backups", "enable_legacy_backup_feature": True}}, "Give both"),
        ({"advanced": {"maximum_requests": 0}}, "0 is not among what MainWP takes: 1 to 20"),  # (690)
        ({"advanced": {"maximum_requests": [1]}}, "maximum_requests"),  # (711): would be a fatal error
        ({"advanced": {"minimum_delay": 150}}, "100 to 5000 in steps of 100"),  # (717)
        ({"monitoring": {"uptime_monitoring_up_status_codes": []}}, "take every answer for a failure"),  # (1043)
        ({"monitoring": {"uptime_monitoring_up_status_codes": [308]}}, "knows no status 308"),
        ({"monitoring": {"uptime_monitoring_method": "brew"}}, "must be one of"),  # (1051)
        ({"monitoring": {"uptime_monitoring_interval": "7m"}}, "must be one of"),  # (1003)
        ({"monitoring": {"sitehealth_threshold": 90}}, "must be one of"),  # (1064)
        ({"emails": {"uptime": {"recipients": "a@x.example,b@x.example"}}}, "takes just one"),  # (1099)
        ({"emails": {"uptime": {"recipients": "bad"}}}, "'bad' is not one e-mail address"),  # (1102)
        ({"emails": {"uptime": {"recipients": ""}}}, "is not one e-mail address"),  # (1125)
        ({"emails": {"uptime": {"subject": ""}}}, "cannot empty it"),
        ({"emails": {"uptime": {"subject": "D\x07own"}}}, "has control characters"),
        ({"emails": {"uptime": {"heading": "<b>H</b>"}}}, "MainWP would make 'H' of it"),  # (1089)
        ({"emails": {"nosuch": {}}}, "nosuch"),  # (1111)
        ({"emails": {"uptime": True}}, "uptime"),
        ({"cost_tracker": {"decimals": 0}}, "1 to 8"),  # (1141)
        ({"cost_tracker": {"thousand_separator": " "}}, "cannot empty it"),  # (1149)
        ({"cost_tracker": {"currency": "XXX"}}, "MainWP knows no currency 'XXX'"),  # (1133)
        ({"tools": {"theme": "pink"}}, "must be one of"),  # (1220)
        ({"api_backups": {"cpanel": {"password": "50%20percent"}}}, "would store another one"),
        ({"api_backups": {"cpanel": {"password": "i <3 you"}}}, "would store another one"),
        ({"monitoring": {"uptime_monitoring_keyword": "a < b"}}, "make an entity of <"),
        ({"api_backups": {"vultr": {"api_key": ""}}}, "cannot empty it"),  # (1262)
        ({"api_backups": {"kinsta": {"account_email": "nobody"}}}, "not one e-mail address"),
        ({"api_backups": {"plesk": {"url": "p.example"}}}, "'p.example' is no whole address"),
        ({"general": {"check_http_response": True}, "api_version": "v1"}, "needs API v2"),
    ],
)
def test_what_cannot_be_is_refused_before_any_write(direct_for, options, says):
    """Also where another section is fine."""
    play = direct_for(fleet(child()))
    for check in (False, True):
        result = play.task(MODULE, {"insights": {"enable_insights_logging": False}, **options}, check=check)
        assert result.failed
        assert says in result.msg
        assert result.writes == []


def test_what_is_not_given_or_null_is_left_alone(direct_for):
    play = direct_for(fleet(child()))
    nothing, empty = play.tasks(
        Task(MODULE, {"general": {"frequency_daily_update": None}, "emails": {"uptime": None}, "tools": None}),
        Task(MODULE, {}),
    )
    assert (nothing.changed, nothing.writes, nothing.msg) == (False, [], "All settings are as wanted.")
    assert (empty.failed, empty.changed, empty.writes) == (False, False, [])


def test_just_the_sections_are_read_that_are_asked_for(direct_for):
    play = direct_for(fleet(child()))
    every, some, change = play.tasks(
        Task(INFO), Task(INFO, {"sections": ["tools", "emails"]}), Task(MODULE, {"tools": {"theme": "dark"}})
    )
    assert list(every["settings"]) == list(SETTINGS)
    assert len(every.journal) == 8
    assert list(some["settings"]) == ["emails", "tools"]
    assert len(some.journal) == 2
    assert [entry.path.rpartition("/settings/")[2] for entry in change.journal if "/settings/" in entry.path] == [
        "tools",
        "tools/edit",
        "tools",
    ]
    assert some["settings"]["emails"]["daily_digest"] == {
        "disable": False,
        "heading": "Daily Digest",
        "subject": "Daily Digest from Your MainWP Dashboard",
        "recipients": ADMIN,
    }


@pytest.mark.parametrize(
    ("options", "data", "says"),
    [
        (
            {"advanced": {"optimize": False}},
            {"mainwp_maximum_requests": 4},
            "advanced.optimize: the Dashboard tells of no such setting. Its MainWP may be older",
        ),
        (
            {"emails": {"uptime": {"subject": "Down"}}},
            [{"type": "site_health", "heading": "H", "subject": "S", "recipients": "a@x.example", "disable": 0}],
            "emails.uptime.subject: the Dashboard tells of no such e-mail",
        ),
    ],
)
def test_what_a_dashboard_does_not_have_is_not_written(direct_for, options, data, says):
    play = direct_for(fleet(child()))
    (section,) = options
    body = {"success": 1, "data": data}
    play.sim.faults.add(
        method="GET",
        path=f"/mainwp/v2/settings/{section}",
        action="status",
        code=200,
        body=json.dumps(body),
        content_type="application/json",
        times=None,
    )
    result = play.task(MODULE, options)
    assert (result.failed, result.writes) == (True, [])
    assert says in result.msg
