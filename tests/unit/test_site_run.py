# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of one site between its turns."""

from __future__ import annotations

from ansible_collections.wpfleet.mainwp.plugins.module_utils._brakes import Brakes, FailureLimit
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import AnswerLost
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._site_run import SiteRun
from ansible_collections.wpfleet.mainwp.plugins.module_utils._plan import SitePlan
from unit.build import plugin, site


def test_what_is_no_longer_offered_is_told_once_however_often_it_is_planned_again() -> None:
    """A site that waits for what a killed run had sent is synced and planned again and again."""
    item = SiteRun(site(), 0.0, 300, {})
    offered, withdrawn = plugin("one/one.php"), plugin("two/two.php")
    item.planned(SitePlan(item.site, (offered, withdrawn), ()))
    for _turn in range(3):
        item.synced(SitePlan(item.site, (offered,), ()))
    item.all_sent(0.0)
    assert [entry.update for entry in item.report.results] == [withdrawn]
    item.synced(SitePlan(item.site, (offered, withdrawn), ()))
    item.all_sent(0.0)
    assert item.report.results == [], "offered again"


def test_what_a_resumed_step_sent_is_told_when_the_run_is_broken_off() -> None:
    """The step before was read and judged; this one was sent, and then the Dashboard went away."""
    first, second = plugin("a/a.php"), plugin("b/b.php")
    before = site(updates=(first, second))
    item = SiteRun(before, 0.0, 300, {})
    item.planned(SitePlan(before, (first, second), ()))
    item.synced(SitePlan(before, (first, second), ()))
    calls = item.calls(Brakes(FailureLimit(), 0, 1, None, lambda: 0.0), many=False, all_translations_only=False)
    item.sending(next(calls)[1])
    item.struck(AnswerLost("no answer"))
    assert list(calls) == []
    item.verified(before)
    item.resumed(SitePlan(before, (second,), ()))
    item.sending([second])
    item.struck(AnswerLost("no answer"))
    item.interrupted("The Dashboard went away")
    assert {entry.update.slug: entry.result for entry in item.report.results}["b/b.php"] == "unknown"
