# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option of mainwp_batch_update, in one table. A new option, or a new value, is one more entry of ``CHOICES``.

``mattered`` is asked after a run: did this value make a difference, or would any other have done the same?
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .case import Case
from .runs import is_batch, is_sync, site_of
from .world import ABILITIES, CANARY, CLASSIC, DIALECTS, World

Seen = Callable[[Case], bool]
V2 = (ABILITIES, CLASSIC)
BATCH = "dashboard_batch"


@dataclass(frozen=True)
class Choice:
    """A value of an option. ``value`` may need the world: its plan, its folder."""

    option: str
    value: Any
    mattered: Seen
    dialects: tuple[str, ...] = DIALECTS
    #: may a task have it that knows one site only?
    per_site: bool = True
    #: options that come with it
    beside: tuple[tuple[str, Any], ...] = ()
    label: str = ""

    @property
    def name(self) -> str:
        """``hold_after: 1``."""
        return f"{self.option}: {self.label or self.value}"


# -- did it matter? ----------------------------------------------------------------------------------------------------


def reason(*names: str) -> Seen:
    """One of these reasons was told."""
    return lambda case: bool(case.reasons() & set(names))


def result(*names: str) -> Seen:
    """An update had one of these results."""
    return lambda case: any(entry["result"] in names for entry in case.told().values())


def looked_again(case: Case) -> bool:
    """A site was synced more than twice, so somebody waited."""
    return any(count > 2 for count in Counter(site_of(entry) for entry in case.own if is_sync(entry)).values())


def waited(case: Case) -> bool:
    return looked_again(case) or result("unknown", "pending")(case)


def polled(case: Case) -> bool:
    looks = Counter((entry.path, str(entry.query)) for entry in case.own if not entry.is_write)
    return looked_again(case) or any(count > 2 for count in looks.values())


def a_read_failed(case: Case) -> bool:
    return any(not entry.is_write and (entry.fault or (entry.status or 500) >= 400) for entry in case.own)


def at_once(most: int) -> Seen:
    """More than one site had work, and so many requests were under way together."""

    def seen(case: Case) -> bool:
        spans = [(entry.time, entry.ended or entry.time) for entry in case.own if entry.is_write]
        together = [sum(begin <= start < end for begin, end in spans) for start, _end in spans]
        return len({site_of(entry) for entry in case.work}) > 1 and max(together) >= most

    return seen


def left_out(*kinds: str) -> Seen:
    """Something of these kinds was offered, and left."""
    return lambda case: bool(case.work) and any(item[1] in kinds for item in case.world.offered - case.told().keys())


def unnamed(case: Case) -> bool:
    """A site with offers is not in the report."""
    told = {site["id"] for site in case.sites}
    return bool(told) and any(item[0] not in told for item in case.world.offered)


def stale(is_so: bool) -> Seen:
    return lambda case: any(site.get("stale") is is_so for site in case.sites)


def reconnected(case: Case) -> bool:
    return any("reconnect" in entry.path for entry in case.own)


def failed_release(case: Case) -> bool:
    return any(entry["result"] == "failed" and entry["type"] == "plugin" for entry in case.told().values())


def trouble(case: Case) -> bool:
    return any(site["result"] in ("failed", "unknown") for site in case.sites)


def visited(path: str) -> Seen:
    return lambda case: any(entry.path.endswith(path) for entry in list(case.world.sim.visits.entries))


def moved(case: Case) -> bool:
    return bool(case.moves())


def beside_another(case: Case) -> bool:
    """Another run was at work meanwhile."""
    return bool(case.work) and any(
        other is not case.run and other.began < case.run.over and (other.over or case.run.over) > case.run.began
        for other in case.runs
    )


# -- values that need the world ------------------------------------------------------------------------------------------


def plan_of(world: World) -> list[dict[str, Any]]:
    """A plan of some of the updates, of which some have drifted since."""
    pick = world.random
    entries = []
    for site_id, kind, slug, version in world.planned():
        if pick.random() < 0.7:
            told = version if pick.random() < 0.8 else f"{version}.0.9"
            entries.append({"site_id": site_id, "type": kind, "slug": slug, "version_planned": told})
    return entries or [
        {"site_id": 1, "type": "plugin", "slug": "acme-forms/acme-forms.php", "version_planned": "1.0.1"}
    ]


CANARIES = {"site_tags": [CANARY]}

CHOICES = (
    Choice("max_age", 0, stale(True)),
    Choice("max_age", 60, stale(True)),
    Choice("max_age", 3600, stale(False)),
    Choice("reconnect", True, reconnected),
    Choice("hold_after", 0, failed_release),
    Choice("hold_after", 1, result("held")),
    Choice("hold_after", 2, result("held")),
    Choice("wait_timeout", 30, waited),
    Choice("wait_timeout", 120, waited),
    Choice("poll_interval", 1, polled),
    Choice("poll_interval", 15, polled),
    Choice("retries", 0, a_read_failed),
    Choice("retries", 3, a_read_failed),
    Choice("concurrency", 1, at_once(1)),
    Choice("concurrency", 2, at_once(2)),
    Choice("concurrency", 8, at_once(2)),
    Choice("update_method", BATCH, lambda case: any(is_batch(entry) for entry in case.work), V2, per_site=False),
    Choice("update_method", BATCH, reason("backup_too_old"), V2, per_site=False, label="dashboard_batch behind backups",
           beside=(("max_backup_age", 86400),)),
    Choice("update_method", BATCH, reason("unproven"), V2, per_site=False, label="dashboard_batch behind canaries",
           beside=(("proven_on", CANARIES),)),
    Choice("wait", False, result("pending"), (CLASSIC,), per_site=False, beside=(("update_method", BATCH),)),
    Choice("exclude_updates", ["acme-cache"], reason("excluded")),
    Choice("include_updates", ["plugin:*", "core:*"], left_out("theme")),
    Choice("include_updates", ["acme-forms", "acme-seo"], left_out("theme", "plugin")),
    Choice("types", ["plugins", "core"], left_out("theme")),
    Choice("max_version_change", "minor", reason("policy")),
    Choice("plan", plan_of, lambda case: reason("drifted")(case) or moved(case), label="some"),
    Choice("max_failed_sites", "1", trouble),
    Choice("max_failed_sites", "30%", trouble),
    Choice("expected_failures", [{"site": "1"}], lambda case: any(site.get("expected") for site in case.sites)),
    Choice("exclude_sites", ["2"], unnamed, per_site=False),
    Choice("site_tags", [CANARY], unnamed, per_site=False, beside=(("all_sites", False),)),
    Choice("sites", ["1", "nowhere"], unnamed, per_site=False,
           beside=(("all_sites", False), ("fail_on_missing", False))),
    Choice("health_check", {"patience": 10}, visited("/wp-login.php")),
    Choice("health_check", {"patience": 10, "paths": ["/shop/", {"path": "/wp-login.php", "expect": "Log In"}]}, visited("/shop/"),
           label="other paths"),
    Choice("health_check", {"patience": 10, "paths": [{"path": "/", "forbid": "Fatal"}]}, visited("/"), label="forbidden text"),
    Choice("proven_on", CANARIES, reason("unproven"), V2),
    Choice("unproven", "allow", moved, V2, beside=(("proven_on", CANARIES),)),
    Choice("proven_for", 3600, reason("unproven"), V2, beside=(("proven_on", CANARIES), ("proven_history", "history"))),
    Choice("max_backup_age", 86400, reason("backup_too_old"), V2),
    Choice("min_offer_age", 86400, reason("too_new"), beside=(("offer_history", "offers"),)),
    Choice("stop_after", "15", reason("out_of_time")),
    Choice("lock_dir", "locks", beside_another),
    # API v1 tells nobody who moved what.
    Choice("lock_dir", "none", beside_another, V2),
    Choice("lock_timeout", 5, reason("locked")),
    Choice("details", "all", trouble),
    Choice("headers", {"Origin": "https://dashboard.example", "X-Tenant": "acme-seo"}, moved),
)  # fmt: skip
BY_NAME = {choice.name: choice for choice in CHOICES}
#: what makes a difference only where two runs meet
FOR_TWO = ("lock_dir", "lock_timeout")
OPTIONS = tuple(dict.fromkeys(choice.option for choice in CHOICES))
#: what a run has where nothing else was drawn: a world of seconds has no patience for the module's defaults
DEFAULTS = {"all_sites": True, "max_age": 300, "wait_timeout": 60, "poll_interval": 5, "retries": 3}
#: how often a value is drawn beside the one whose turn it is
_RATES = {"max_age": 0.3, "wait_timeout": 0.3, "poll_interval": 0.3, "retries": 0.3, "concurrency": 0.3,
          "hold_after": 0.3, "update_method": 0.15, "wait": 0.1}  # fmt: skip
#: the Dashboard's own batch cannot be told these
_FILTERS = ("plan", "include_updates", "exclude_updates", "types", "max_version_change")
#: two of these leave nothing to do
_NARROW = (*_FILTERS, "sites", "site_tags", "proven_on", "max_backup_age", "min_offer_age", "stop_after")


def draw(pick: random.Random, first: int, dialect: str, per_site: bool, fixed: Mapping[str, Any]) -> tuple[Choice, ...]:
    """A mix of choices that get along with each other and with what is ``fixed``: the one whose turn it is, if it can be,
    and some others."""
    turn = CHOICES[first % len(CHOICES)]
    rest = [choice for choice in CHOICES if pick.random() < _RATES.get(choice.option, 0.04)]
    chosen: list[Choice] = []
    given = set(fixed)
    for choice in (turn, *pick.sample(rest, len(rest))):
        names = {choice.option, *dict(choice.beside)}
        together = options_of([*chosen, choice]) | dict(fixed)
        allowed = dialect in choice.dialects and not (per_site and not choice.per_site)
        if allowed and not names & given and _get_along(together, dialect):
            chosen.append(choice)
            given |= names
    return tuple(chosen)


def _get_along(options: Mapping[str, Any], dialect: str) -> bool:
    """Does the module take these together, and do they leave anything to do?"""
    if options.get("update_method") == BATCH:
        refused = (*_FILTERS, *(("hold_after",) if dialect == CLASSIC and options.get("hold_after") else ()))
        if any(name in options for name in refused):
            return False
    return sum(name in options for name in _NARROW) <= 1


def options_of(choices: Iterable[Choice]) -> dict[str, Any]:
    """What the choices mean; values that need a world are still functions."""
    options: dict[str, Any] = dict(DEFAULTS)
    for choice in choices:
        options |= {choice.option: choice.value, **dict(choice.beside)}
    return options
