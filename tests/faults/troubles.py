# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can go wrong, in one table. A new fault is one more entry of ``TROUBLES``.

``arrange`` puts the fault into a world and returns a question to be asked afterwards: did it happen?
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from simulator import Offer, Plugin
from simulator.child import UnreachableError

from .world import CLASSIC, DIALECTS, Hit, World, offers

HTML = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
#: the processes' signals
KILL, TERM, INT = signal.SIGKILL, signal.SIGTERM, signal.SIGINT


@dataclass(frozen=True)
class Trouble:
    """A kind of fault: its name and what it does to a world."""

    name: str
    arrange: Callable[[World], Hit]
    dialects: tuple[str, ...] = DIALECTS
    #: options of mainwp_batch_update without which it shows nothing; they hold where it leads a scenario
    options: Mapping[str, Any] = field(default_factory=dict)
    #: a result of an update that comes of it sooner or later
    leads_to: str = ""
    #: "once", "killed" (and run again) or "twice" (two runs at once)
    runs: str = "once"
    #: does the world stand still but for our own runs?
    still: bool = False
    #: so many sites at least; a task for each of them
    sites: int = 2
    per_site: bool = False


def always(_world: World) -> Hit:
    return lambda: True


# -- children ------------------------------------------------------------------------------------------------------


def child_state(**state: Any) -> Callable[[World], Hit]:
    """Some children are like this from the start."""

    def arrange(world: World) -> Hit:
        for site in world.sites(0.2):
            for name, value in state.items():
                setattr(site.child, name, value)
        return lambda: True

    return arrange


def child_turns(where: str, after: bool = False, **state: Any) -> Callable[[World], Hit]:
    """One child changes like this in the middle."""

    def arrange(world: World) -> Hit:
        sites = world.sites(0.2)

        def change() -> None:
            with world.fleet.lock:
                for site in sites:
                    for name, value in state.items():
                        setattr(site.child, name, value)

        return world.meanwhile(where, change, after=after)

    return arrange


def flaps(world: World) -> Hit:
    """A child is gone for some of the requests and back again."""
    site = world.some_site()

    def goes(down: bool) -> Callable[[], None]:
        return lambda: setattr(site.child, "down", down)

    first = world.random.randint(0, 3)
    hit = world.meanwhile("any", goes(True), skip=first + 3)
    world.meanwhile("any", goes(False), skip=first + world.random.randint(4, 12))
    return hit


def release(**defect: Any) -> Callable[[World], Hit]:
    """A release is broken in this way."""

    def arrange(world: World) -> Hit:
        spoiled = world.spoil(**defect)
        return lambda: bool(spoiled)

    return arrange


def kills(world: World) -> Hit:
    """A release kills every site that gets it."""
    for site in world.fleet.sites.values():
        if not site.child.plugin("acme-forms/acme-forms.php"):
            site.child.plugins.append(Plugin("acme-forms/acme-forms.php", "Acme Forms", "1.0.0"))
        forms = site.child.plugin("acme-forms/acme-forms.php")
        assert forms
        forms.offer = Offer("1.0.1", kills_site=True)
        world._relearn(site)
    return lambda: any(site.child.plugin_gone for site in world.fleet.sites.values())


def breaks_unseen(world: World) -> Hit:
    """A release breaks the front page, the answers to the writes are lost, and somebody else does the rest."""
    for site in world.fleet.sites.values():
        for plugin in site.child.plugins:
            if plugin.offer:
                plugin.offer.breaks_page = True
        world._relearn(site)

    def the_rest() -> None:
        for site in world.fleet.sites.values():
            things = [item for item in offers(site) if item[1] == "theme"]
            with contextlib.suppress(UnreachableError, IndexError):
                world.fleet.outside_update(*things[0 if site.child.page.broken else 99])

    world.meanwhile("sync", the_rest, skip=0, times=None)
    return world.strike("work", "reset_after", skip=0, times=world.random.choice([1, 2, 4]))


def not_newer(world: World) -> Hit:
    """Some offers are what is installed, spelled otherwise, or older."""
    for site in world.sites(0.5):
        for plugin in site.child.plugins:
            if plugin.offer and world.random.random() < 0.5:
                same = [f"{plugin.version}.0", f"v{plugin.version}"]
                plugin.offer = Offer(world.random.choice([*same, "0.9", "0.1-beta"]))
        world._relearn(site)
    return lambda: True


def release_candidate(world: World) -> Hit:
    """A site's WordPress is nearly what a release asks for, and WordPress itself takes it for enough."""
    for site in world.sites(0.5):
        site.child.core, site.child.core_offer = "7.0-RC3", None
        for plugin in site.child.plugins:
            if plugin.offer:
                plugin.offer.requires = "7.0"
        world._relearn(site)
    return lambda: True


def locked_out(world: World) -> Hit:
    """The Dashboard failed to sync some sites once; they are fine."""
    for site in world.sites(0.3):
        site.sync_errors, site.version = "ERROR: it did not answer", "0"
    return lambda: True


def core(**state: Any) -> Callable[[World], Hit]:
    """The WordPress update of a site goes like this."""

    def arrange(world: World) -> Hit:
        site = world.some_site()
        site.child.core, site.child.core_offer = "7.0.4", "7.1"
        world._relearn(site)
        for name, value in state.items():
            setattr(site.child, name, value)
        if "core_locked" in state:
            world.locked.append(site.child)
        return lambda: True

    return arrange


# -- what answers instead of the Dashboard, and lost answers -----------------------------------------------------------


def answers(
    code: int, body: str = HTML, places: tuple[str, ...] = ("any", "sync", "work"), **options: Any
) -> Callable[[World], Hit]:
    """Some requests get this answer; a write's work may have been done all the same."""

    def arrange(world: World) -> Hit:
        pick = world.random
        more = {name: value(world) if callable(value) else value for name, value in options.items()}
        return world.strike(
            pick.choice(places), "status", code=code, body=body, times=pick.choice([1, 1, 2, 5]),
            after_work=code in (200, 500, 502, 503, 504) and pick.random() < 0.5, **more,
        )  # fmt: skip

    return arrange


def breaks(action: str, *places: str, **options: Any) -> Callable[[World], Hit]:
    """The answers to some requests are lost in this way."""

    def arrange(world: World) -> Hit:
        pick = world.random
        return world.strike(pick.choice(places or ("any", "sync", "work", "work")), action,
                            times=pick.choice([1, 1, 2, 4]), **options)  # fmt: skip

    return arrange


def in_a_minute(world: World) -> dict[str, str]:
    """Retry-After as a date."""
    return {"Retry-After": formatdate(world.fleet.clock.now() + 60, usegmt=True)}


def gateway_gives_up(world: World) -> Hit:
    """504 at once, and the work goes on behind it: soon, or after the client has lost patience."""
    return world.strike("work", "gateway_timeout", delay=world.random.choice([1, 10, 40, 150]), times=2)


def key_is_revoked(world: World) -> Hit:
    def revoke() -> None:
        world.sim.key().enabled = False

    return world.meanwhile(world.random.choice(["any", "sync", "work"]), revoke, skip=world.random.randint(0, 4))


# -- the Dashboard ---------------------------------------------------------------------------------------------------


def cron_is(mode: str) -> Callable[[World], Hit]:
    def arrange(world: World) -> Hit:
        world.sim.cron.mode = mode
        return lambda: bool(world.starts)

    return arrange


def clock_is_off(world: World) -> Hit:
    world.fleet.clock.advance(world.random.choice([-7200, -600, 600, 7200, 36000]))
    world.sim.gmt_offset = world.random.choice([-8, 0, 5.5])
    return lambda: True


def clock_jumps(world: World) -> Hit:
    step = world.random.choice([-3600, -90, 90, 3600])
    return world.meanwhile(world.random.choice(["sync", "work"]), lambda: world.fleet.clock.advance(step))


def restarts(world: World) -> Hit:
    pause = world.random.choice([0, 2, 10, 60])
    return world.meanwhile(world.random.choice(["any", "sync", "work"]), lambda: world.restart(pause))


# -- other people ----------------------------------------------------------------------------------------------------


def somebody_updates(world: World) -> Hit:
    """Somebody updates on the child itself, right before our own writes arrive."""
    sites, draw = world.sites(0.3), world.random.random()

    def update() -> None:
        for site in sites:
            things = [item for item in offers(site) if item[1] != "core"]
            with contextlib.suppress(UnreachableError, IndexError):
                world.fleet.outside_update(*things[int(draw * len(things))])

    return world.meanwhile(world.random.choice(["pending", "work", "work"]), update)


def somebody_suspends(world: World) -> Hit:
    site = world.some_site()
    return world.meanwhile("sync", lambda: setattr(site, "suspended", True))


def a_release_comes_out(world: World) -> Hit:
    """What is offered changes between the plan and the write."""
    sites = world.sites(0.3)

    def publish() -> None:
        with world.fleet.lock:
            for site in sites:
                for plugin in site.child.plugins:
                    if plugin.offer and not plugin.offer.rolled_back:
                        plugin.offer = Offer(plugin.offer.new_version + ".7")

    return world.meanwhile(world.random.choice(["sync", "work"]), publish)


# -- the process -------------------------------------------------------------------------------------------------------


def dies(number: int, where: str, after: bool = False) -> Callable[[World], Hit]:
    """A signal at a certain request: before it has any effect, or when its work is done and its answer is not."""

    def arrange(world: World) -> Hit:
        return world.meanwhile(where, lambda: world.kill(number), after=after)

    return arrange


def dies_any_time(number: int) -> Callable[[World], Hit]:
    """A signal at a random moment, told from the first request."""

    def arrange(world: World) -> Hit:
        pause = world.random.uniform(0, 60)

        def later() -> None:
            world.fleet.clock.sleep(pause)
            world.kill(number)

        return world.meanwhile(
            "any", lambda: threading.Thread(target=later, name="behind-kill", daemon=True).start(), skip=0
        )

    return arrange


BATCH = {"update_method": "dashboard_batch", "wait_timeout": 120}

TROUBLES = (
    Trouble("nothing at all", always, still=True),
    Trouble("sites are locked out", locked_out, leads_to="failed", still=True),
    Trouble("hosts are locked out", locked_out, still=True, per_site=True),
    Trouble("child down", child_state(down=True), leads_to="failed"),
    Trouble("child unreachable", child_state(unreachable="Connection timed out after 20001 milliseconds")),
    Trouble("child goes down after the write", child_turns("work", after=True, down=True)),
    Trouble("child slow", child_state(latency=20.0)),
    Trouble("child flaps", flaps),
    Trouble("child plugin gone", child_turns("work", plugin_gone=True)),
    Trouble("child disconnects", child_turns("work", auth_broken="Authentication failed!")),
    Trouble("child forgets its key", child_turns("sync", has_key=False)),
    Trouble("package missing", release(package=""), leads_to="skipped", still=True),
    Trouble("package broken", release(broken_package=True), options={"hold_after": 1}, leads_to="held", still=True),
    Trouble("update rolled back", release(rolled_back=True), leads_to="failed", still=True),
    Trouble("plugin deactivated", release(deactivates=True), still=True),
    Trouble("a release kills sites", kills, options={"hold_after": 1, "types": ["plugins"]}, sites=10),
    Trouble(
        "a release kills sites in waves",
        kills,
        options={"hold_after": 2, "types": ["plugins"]},
        sites=10,
        per_site=True,
    ),
    Trouble("offers are not newer", not_newer, leads_to="skipped", still=True),
    Trouble("WordPress is a release candidate", release_candidate, still=True),
    Trouble("half an answer", release(missing_in_answer=True)),
    Trouble("empty success", release(claims_success_without_moving=True)),
    Trouble("child installs a newer release", release(only_new_version_at_child="9.9")),
    Trouble("update takes long", release(slow=100.0)),
    Trouble("front page breaks", release(breaks_page=True), options={"health_check": {"patience": 10}}),
    Trouble(
        "front page breaks behind a lost answer",
        breaks_unseen,
        options={"health_check": {"patience": 10}, "types": ["plugins", "themes"]},
    ),
    Trouble("core update fails", core(core_fails_with="Could not copy files.")),
    Trouble("core update is busy", core(core_locked=True)),
    Trouble("core update needs long", core(core_slow=100.0)),
    Trouble("firewall page 200", answers(200)),
    Trouble("firewall page 403", answers(403)),
    Trouble("firewall page 415", answers(415)),
    Trouble("firewall page 503", answers(503)),
    Trouble("captcha 202", answers(202, "")),
    Trouble("key revoked", key_is_revoked),
    Trouble("429 with seconds", answers(429, headers={"Retry-After": "2"})),
    Trouble("429 with a date", answers(429, headers=in_a_minute)),
    Trouble("429 without Retry-After", answers(429)),
    Trouble("500", answers(500, "<html><body><p class='wp-die-message'>critical error</p></body></html>")),
    Trouble("502", answers(502)),
    Trouble("503", answers(503, '{"code":"internal_server_error","message":"busy"}')),
    Trouble("504", answers(504), options={"wait_timeout": 30}),
    Trouble("504 while the work goes on", gateway_gives_up, leads_to="updated"),
    Trouble("reset before the write", breaks("reset_before"), leads_to="unknown"),
    Trouble("reset after the write", breaks("reset_after")),
    Trouble("truncated JSON", breaks("truncate")),
    Trouble("enormous JSON", breaks("huge", "any", "list", size=70 * 2**20)),
    Trouble("wrong types", breaks("garbage")),
    Trouble("slow answer", breaks("slow", delay=90.0)),
    Trouble("redirected", breaks("redirect", location="https://elsewhere.example/login")),
    Trouble("WP-Cron dead", cron_is("dead"), (CLASSIC,), BATCH, leads_to="pending"),
    Trouble("WP-Cron slow", cron_is("slow"), (CLASSIC,), BATCH),
    Trouble("clock off", clock_is_off),
    Trouble("clock jumps", clock_jumps),
    Trouble("Dashboard restarts", restarts),
    Trouble("somebody else updates", somebody_updates, leads_to="unchanged"),
    Trouble("somebody suspends a site", somebody_suspends),
    Trouble("a newer release comes out", a_release_comes_out),
    Trouble("two runs at once", always, runs="twice"),
    Trouble("killed any time", dies_any_time(KILL), runs="killed"),
    Trouble("killed before a write", dies(KILL, "work"), runs="killed"),
    Trouble("killed behind a write", dies(KILL, "work", after=True), runs="killed"),
    Trouble("killed at a sync", dies(KILL, "sync"), runs="killed"),
    Trouble("SIGTERM", dies_any_time(TERM), runs="killed"),
    Trouble("SIGTERM at a write", dies(TERM, "work"), runs="killed"),
    Trouble("Ctrl-C", dies(INT, "any"), runs="killed"),
)
BY_NAME = {trouble.name: trouble for trouble in TROUBLES}
DEATHS = tuple(trouble for trouble in TROUBLES if trouble.runs == "killed")
