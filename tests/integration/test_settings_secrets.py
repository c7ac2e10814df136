# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings as code: accounts with providers, their keys and passwords.

Numbers in brackets are exchanges of the recording wp71-resources2.
"""

from __future__ import annotations

import json

import pytest
from integration._fleets import child, fleet
from integration._play import Task
from integration._settings import INFO, MODULE, moved, saved, sent

KEY = "kinsta-key-of-tests-1234"


def test_keys_are_compared_by_their_last_four_characters_and_never_told(direct_for, dialect):
    """(1247-1262): answers to writes repeat them in clear."""
    play = direct_for(fleet(child()), dialect)
    kinsta = {"enabled": True, "account_email": "ops@x.example", "api_key": KEY}
    wanted = {"api_backups": {"kinsta": kinsta}}
    other = {"api_backups": {"kinsta": {"api_key": "another-key-5678"}}}
    results = play.tasks(
        Task(MODULE, wanted, check=True, diff=True),
        Task(MODULE, wanted, diff=True),
        Task(MODULE, wanted),
        Task(MODULE, {**wanted, "update_secrets": "always"}),
        Task(MODULE, other, diff=True),
        Task(INFO, {"sections": ["api_backups"]}),
        Task(MODULE, {"api_backups": {"kinsta": {"account_email": "new@x.example"}}}),
        verbosity=4,
    )
    planned, made, again, always, changed, known, partial = results
    assert [result.changed for result in results] == [True, True, False, True, True, False, True]
    assert moved(made)["api_backups.kinsta.api_key"] == ("not set", "written")
    assert moved(changed) == {"api_backups.kinsta.api_key": ("set", "written")}
    body = sent(made)["api-backups/kinsta/edit"]
    assert body == {"enabled": 1, "account_email": "ops@x.example", "secrets": {"api_key": KEY}}
    assert sent(partial)["api-backups/kinsta/edit"] == {"account_email": "new@x.example"}
    assert saved(play, "api-backups")["kinsta"]["api_key"] == "another-key-5678"
    assert known["settings"]["api_backups"]["kinsta"]["api_key"] is None
    assert known["secrets"]["api_backups.kinsta.api_key"] is True
    assert known["secrets"]["api_backups.vultr.api_key"] is False
    told = json.dumps([result.data for result in results])
    for piece in (KEY, KEY[-4:], "another-key-5678", "5678"):
        assert piece not in told
    assert planned.writes == again.writes == []
    assert always["changes"][0]["setting"] == "api_backups.kinsta.api_key"


def test_texts_of_accounts_can_be_emptied_but_for_e_mail_addresses(direct_for):
    play = direct_for(fleet(child()))
    full = {"cpanel": {"url": "https://c.example:2083/a?b=1&c=%20x", "site_path": "/x"}, "kinsta": {"company_id": "c"}}
    none = {"cpanel": {"url": "", "site_path": ""}, "kinsta": {"company_id": ""}}
    mail = {"kinsta": {"account_email": ""}}
    first, again, emptied, empty, account = play.tasks(
        *(Task(MODULE, {"api_backups": accounts}) for accounts in (full, full, none, none)),
        Task(MODULE, {"api_backups": {"kinsta": {"account_email": "a@x.example"}}}),
    )
    assert [result.changed for result in (first, again, emptied, empty, account)] == [True, False, True, False, True]
    assert "not one e-mail address" in play.task(MODULE, {"api_backups": mail}).msg


def test_cpanels_password_goes_along_with_a_change_of_its_account(direct_for):
    """(1270-1275): nothing tells whether there is one."""
    play = direct_for(fleet(child()))
    account = {"enabled": True, "url": "https://c.example", "username": "u", "password": "geheim-und-lang"}

    def task(**more):
        return Task(MODULE, {"api_backups": {"cpanel": {**account, **more}}})

    first, second, other, alone, user = play.tasks(
        task(),
        task(),
        task(password="anders-und-lang"),
        Task(MODULE, {"api_backups": {"cpanel": {"password": "anders-und-lang"}}, "update_secrets": "always"}),
        task(username="u2", password="dritte-und-lang"),
    )
    assert [result.changed for result in (first, second, other, alone, user)] == [True, False, False, True, True]
    assert moved(alone) == {"api_backups.cpanel.password": ("unknown", "written")}
    assert sent(user)["api-backups/cpanel/edit"] == {"username": "u2", "password": "dritte-und-lang"}
    assert saved(play, "api-backups")["cpanel"]["api_key"] == "dritte-und-lang"


@pytest.mark.usefixtures("hurry")
def test_a_stored_key_is_not_quoted_from_an_answer_that_cannot_be_read(direct_for):
    """Answers to writes repeat it in clear (1252), also where the task does not know it."""
    play = direct_for(fleet(child()))
    kinsta = {"enabled": True, "account_email": "ops@x.example", "api_key": KEY}
    play.task(MODULE, {"api_backups": {"kinsta": kinsta}})
    echo = json.dumps({"success": 1, "data": {"kinsta": {"secrets": {"api_key": KEY}}}})[:-3]
    body = f"<br />\n<b>Warning</b>: x in y on line 3<br />\n{echo}"
    play.sim.faults.add(method="PUT", action="status", code=200, body=body)
    result = play.task(MODULE, {"api_backups": {"kinsta": {"account_email": "new@x.example"}}})
    assert result.failed
    assert "the answer cannot be read" in result.msg
    assert KEY not in json.dumps(result.data)
