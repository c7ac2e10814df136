# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The health check against the children's pages: what an update broke fails, what is not its doing does not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from integration import _fleets as fleets
from integration._direct import Direct
from integration._play import Play, Result, Task

from simulator import Child, Fleet, Offer, Page, Simulator

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

PlayFor = Callable[..., Play]
DirectFor = Callable[..., Direct]

CRITICAL = (
    '<!DOCTYPE html><html><body id="error-page"><div class="wp-die-message"><p>Es gab einen kritischen Fehler.</p>'
    "</div></body></html>"
)
CAPTCHA = "<html><body>One moment, we are checking that you are no robot</body></html>"


def updating() -> Child:
    """A child with an update."""
    return fleets.child(Offer("1.1.0"))


def check(
    direct_for: DirectFor,
    *after: Callable[[Page], Any] | None,
    dialect: str = "abilities",
    before: Callable[[Page], Any] | None = None,
    **options: Any,
) -> tuple[Result, Simulator]:
    """Update a site for each entry of ``after``, which says what becomes of the site's pages by the update."""
    fleet: Fleet = fleets.fleet(*(updating() for dummy in after))
    play = direct_for(fleet, dialect)
    play.sim.serve_children()
    for number, change in enumerate(after, start=1):
        page = fleet.sites[number].child.page
        if before:
            before(page)
        if change:
            play.sim.faults.add(
                action="hook",
                method="POST",
                path=fleets.UPDATE.format(number, "plugins"),
                after=lambda page=page, change=change: change(page),
            )
    # all have the same release, and each story is to be told
    settings = {"health_check": {"patience": 3, **options}, "hold_after": 0}
    return play.task("mainwp_batch_update", {"all_sites": True, **settings}), play.sim


def become(**fields: Any) -> Callable[[Page], None]:
    """Change a page."""

    def change(page: Page) -> None:
        for name, value in fields.items():
            setattr(page, name, value)

    return change


def test_a_page_that_the_update_broke_fails_the_site_and_names_what_moved(direct_for: DirectFor, dialect: str) -> None:
    result, sim = check(direct_for, None, become(broken=True), dialect=dialect)
    assert result.failed
    bad = result.site(2)
    assert (bad["result"], bad["reason"], bad["health"]["verdict"]) == ("failed", "health", "failed")
    assert bad["message"] == "/: HTTP 500. Moved: Shop 1.0.0 → 1.1.0."
    assert [update["result"] for update in bad["updates"]] == ["updated"]
    assert [(page["before"], page["after"]) for page in bad["health"]["pages"]] == [("ok", "bad"), ("ok", "bad")]
    assert result["summary"]["failed_sites"] == [sim.child_url(2)]
    assert len(fleets.moves(sim)) == 2
    alone, sim = check(direct_for, None, dialect=dialect)
    assert not alone.failed
    assert alone.site(1)["health"]["verdict"] == "ok"


def test_what_pages_tell(direct_for: DirectFor) -> None:
    elsewhere = "http://127.0.0.1:1/parked/"
    cases: list[tuple[Callable[[Page], Any], str, str]] = [
        (become(body=CRITICAL), "failed", "/: WordPress' page for a critical error"),
        (become(body=""), "failed", "/: the page is empty"),
        (become(body="   \n"), "failed", "/: the page is empty"),
        (become(status=404), "failed", "/: HTTP 404"),
        (become(location=elsewhere), "failed", "cannot be fetched"),
        (become(status=202, body=CAPTCHA), "unknown", "HTTP 202: the answer is meant for us"),
        (become(status=403, body=CAPTCHA), "unknown", "HTTP 403"),
        (become(status=401), "unknown", "HTTP 401"),
        (become(status=429), "unknown", "HTTP 429"),
        (become(body="<html>All is well</html>"), "ok", ""),
    ]
    result, dummy = check(direct_for, *(change for change, verdict, text in cases))
    found = [result.site(number)["health"] for number in range(1, len(cases) + 1)]
    assert [health["verdict"] for health in found] == [verdict for change, verdict, text in cases]
    for health, (change, verdict, text) in zip(found, cases, strict=True):
        assert text in health["message"], (change, verdict)
    troubled = [number for number in range(1, len(cases) + 1) if result.site(number)["reason"] == "health"]
    assert troubled == [1, 2, 3, 4, 5]


@pytest.mark.claim("pages-one-host")
def test_a_redirect_to_another_host_is_bad_and_one_within_the_site_is_not(direct_for: DirectFor) -> None:
    fleet = fleets.fleet(updating(), updating(), fleets.child())
    play = direct_for(fleet)
    play.sim.serve_children()
    target = play.sim.child_url(3)
    for number, location in ((1, target.replace("127.0.0.1", "localhost")), (2, target)):
        page = fleet.sites[number].child.page
        play.sim.faults.add(
            action="hook",
            method="POST",
            path=fleets.UPDATE.format(number, "plugins"),
            after=lambda page=page, location=location: setattr(page, "location", location),
        )
    result = play.task("mainwp_batch_update", {"all_sites": True, "health_check": {"paths": ["/"]}})
    assert result.site(2)["health"]["verdict"] == "ok"
    assert result.site(1)["health"]["message"] == "/: redirects to localhost"
    assert result.site(1)["reason"] == "health"


def test_what_was_broken_before_is_named_and_not_blamed(direct_for: DirectFor) -> None:
    result, sim = check(direct_for, None, before=become(status=500, body="Error"))
    assert not result.failed
    health = result.site(1)["health"]
    assert health["verdict"] == "broken_before"
    assert health["message"] == "/: HTTP 500, as before the update"
    assert result.site(1)["result"] == "updated"
    assert len(fleets.moves(sim)) == 1


@pytest.mark.usefixtures("hurry")
def test_maintenance_mode_is_waited_for(direct_for: DirectFor) -> None:
    def begin(page: Page) -> None:
        page.maintenance = True
        threading.Timer(2.0, become(maintenance=False), [page]).start()

    result, dummy = check(direct_for, begin, become(maintenance=True), patience=8)
    assert result.site(1)["health"]["verdict"] == "ok"
    assert result.site(1)["result"] == "updated"
    stuck = result.site(2)
    assert (stuck["reason"], stuck["health"]["message"]) == ("health", "/: HTTP 503")


def test_a_page_from_a_cdn_does_not_hide_a_dead_site(direct_for: DirectFor) -> None:
    """The front page still comes from the cache; the login page is asked for past it."""
    result, sim = check(direct_for, become(cached=True, broken=True))
    site = result.site(1)
    assert [(page["path"], page["after"]) for page in site["health"]["pages"]] == [
        ("/", "ok"),
        ("/wp-login.php", "bad"),
    ]
    assert (site["result"], site["reason"]) == ("failed", "health")
    queries = [tuple(visit.query.items()) for visit in sim.visits.entries if visit.path.endswith("/wp-login.php")]
    assert len(queries) == len(set(queries)) == 2


@pytest.mark.parametrize(("page", "verdict"), [("<p>Basket</p>", "ok"), ("<p>Welcome to nginx</p>", "failed")])
def test_the_expected_text_must_stand_on_the_first_page(direct_for: DirectFor, page: str, verdict: str) -> None:
    result, dummy = check(direct_for, become(body=page), before=become(body="<p>Basket</p>"), expect="Basket")
    assert result.site(1)["health"]["verdict"] == verdict


def test_each_page_may_have_texts_of_its_own(direct_for: DirectFor) -> None:
    """The text that must not be there comes with the update, on the second page."""
    paths = ["/", {"path": "/basket/", "expect": "Basket", "forbid": "Notice: "}]
    result, sim = check(
        direct_for,
        become(body="<p>Basket</p>Notice: Undefined variable"),
        become(body="<p>Welcome</p>"),
        None,
        before=become(body="<p>Basket</p>"),
        paths=paths,
    )
    assert [result.site(number)["health"]["message"] for number in (1, 2, 3)] == [
        "/basket/: 'Notice: ' is on the page",
        "/basket/: 'Basket' is not on the page",
        "",
    ]
    assert {visit.path.split("/", 3)[3] for visit in sim.visits.entries} == {"", "basket/"}


def test_check_mode_and_sites_without_work_are_not_looked_at(direct_for: DirectFor) -> None:
    play = direct_for(fleets.fleet(updating(), fleets.child()))
    play.sim.serve_children()
    result = play.task("mainwp_batch_update", {"all_sites": True, "health_check": {}}, check=True)
    assert {result.site(number)["health"]["verdict"] for number in (1, 2)} == {"not_checked"}
    result = play.task("mainwp_batch_update", {"all_sites": True, "health_check": {}})
    assert [result.site(number)["health"]["verdict"] for number in (1, 2)] == ["ok", "not_checked"]


@pytest.mark.claim("pages-no-credentials")
def test_no_credentials_are_sent_to_a_site(play_for: PlayFor, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret-of-netrc\n")
    play = play_for(fleets.fleet(updating()))
    play.sim.serve_children()
    task = Task("mainwp_batch_update", {"all_sites": True, "health_check": {}})
    (result,) = play.tasks(task, env={"NETRC": str(netrc)})
    assert result.site(1)["health"]["verdict"] == "ok"
    assert len(play.sim.visits.entries) == 4
    assert {visit.auth for visit in play.sim.visits.entries} == {"none"}
