# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was promised, and whether it was kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .contenders import ACTIVATE, INVENTORY, LIST, NOOP, PLAN, SYNC, UPDATE
from .fleets import DISTINCT, ITEMS
from .floor import LIMITS
from .rows import Row
from .second import CONFIG, EXPORT, SECOND, SPARE

OVER_FLOOR, FASTER_THAN_BULK, FASTER_THAN_URI = 1.15, 3.0, 20.0
#: Requests of a run with nothing to update, beside pages and reads of what is pending.
SPARE_REQUESTS = 5
#: How much more processor time a site may cost among 5,000 than among 1,000.
LINEAR = 1.25
MEGABYTES = 250
#: Seconds and megabytes for what is about a whole Dashboard.
WHOLE = {CONFIG: (15, 150), EXPORT: (20, 150)}
#: Reading pending updates together, against one by one, with six updates a site.
FEWER_REQUESTS, FASTER_PLANS = 5.0, 4.0
#: Sites on a page of the listing, and pending updates in an answer about several sites.
PAGE, AN_ANSWER = 100, 49


@dataclass(frozen=True)
class Verdict:
    """A target, what was measured, and whether that is good enough."""

    name: str
    aim: str
    measured: str
    met: bool
    #: why, if it is missed
    reason: str = "not looked into yet."

    @property
    def word(self) -> str:
        return "met" if self.met else "**missed**"


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """The targets that these rows can tell of."""
    return [
        *_floors(rows),
        *_contests(rows),
        *_noop(rows),
        *_plans(rows),
        *_seconds(rows),
        *_whole(rows),
        *_linear(rows),
        *_memory(rows),
    ]


def _floors(rows: Sequence[Row]) -> Iterator[Verdict]:
    for operation, sizes in ((SYNC, (20, 200, 1000)), (UPDATE, (200, 1000)), (ACTIVATE, (200,))):
        for sites in sizes:
            found = [row for row in rows if (row.case.operation, row.case.sites) == (operation, sites)]
            over = [(row.over_floor, row) for row in found if row.over_floor is not None]
            if over:
                most, worst = max(over, key=lambda pair: pair[0])
                yield Verdict(
                    f"{operation} of {sites:,} sites over the floor",
                    f"≤ {100 * (OVER_FLOOR - 1):.0f} %",
                    " · ".join(f"{100 * (value - 1):.0f} % ({row.case.addresses})" for value, row in over),
                    most <= OVER_FLOOR,
                    _where_it_went(worst),
                )


def _where_it_went(row: Row) -> str:
    """What a row takes beyond its floor."""
    ours, world = row.ours, row.case.world
    over = ours.seconds - (row.floor or 0.0)
    lanes = min(LIMITS.sync_lanes if row.case.operation == SYNC else LIMITS.update_lanes, len(world.queues))
    stagger = (lanes - 1) * LIMITS.gap
    rest = over - ours.outside - ours.reading - stagger
    each = 1000 * rest * lanes / row.case.factor / ours.requests
    return (
        f"in the worst row ({row.case.addresses}), {over:.1f} s. Of these, Ansible's start and end take "
        f"{ours.outside:.1f} s, and lists and plans {ours.reading:.1f} s before the first call to a site. The last lane "
        f"starts {stagger:.1f} s after the first, for any two syncs are 200 ms apart, which the floor leaves out. The "
        f"rest, {rest:.1f} s, is what client and simulator compute, times the factor {row.case.factor:g}: {each:.0f} ms "
        "of this machine a request."
    )


def _contests(rows: Sequence[Row]) -> Iterator[Verdict]:
    for row in rows:
        kind = (row.case.operation, row.case.sites, row.case.ips)
        if kind == (SYNC, 200, DISTINCT) and row.bulk:
            times = row.bulk.seconds / row.ours.seconds
            name = "bulk sync ÷ ours, distinct IPs, 1 s child latency"
            yield Verdict(name, f"≥ {FASTER_THAN_BULK:g} ×", f"{times:.1f} ×", times >= FASTER_THAN_BULK)
        if kind == (LIST, 200, DISTINCT) and row.uri:
            times = row.uri.seconds / row.ours.seconds
            name = "uri loop ÷ ours, details of 200 sites, 50 ms"
            yield Verdict(name, f"≥ {FASTER_THAN_URI:g} ×", f"{times:.0f} ×", times >= FASTER_THAN_URI)


def _noop(rows: Sequence[Row]) -> Iterator[Verdict]:
    for row in rows:
        if (row.case.operation, row.case.sites) == (NOOP, 1000):
            pages, pending = row.case.sites // PAGE, row.case.sites // 10
            groups = -(-pending // (AN_ANSWER // ITEMS))
            most = pages + groups + SPARE_REQUESTS
            name = "requests of a run with nothing to update on 1,000 sites"
            aim = f"≤ {pages} pages + {groups} for {pending} sites with something pending + {SPARE_REQUESTS}"
            yield Verdict(name, aim, str(row.ours.requests), row.ours.requests <= most)


def _plans(rows: Sequence[Row]) -> Iterator[Verdict]:
    """Of fleets with six updates a site, how much is saved; of all, that nothing is lost."""
    pairs = [(row.case, row.ours.pending, row.alone) for row in rows if row.case.operation == PLAN]
    known = [(case, ours, alone) for case, ours, alone in pairs if ours and alone]
    for case, ours, alone in known:
        if case.offers == 6:
            fewer, faster = alone.requests / ours.requests, alone.seconds / ours.seconds
            name = f"pending updates of {case.sites:,} sites, one by one ÷ together"
            aim = f"≥ {FEWER_REQUESTS:g} × requests, ≥ {FASTER_PLANS:g} × seconds"
            met = fewer >= FEWER_REQUESTS and faster >= FASTER_PLANS
            yield Verdict(name, aim, f"{fewer:.1f} × · {faster:.1f} ×", met)
    if known:
        text = " · ".join(f"{ours.requests} of {alone.requests} ({case.offers})" for case, ours, alone in known)
        met = all(ours.requests <= alone.requests for _case, ours, alone in known)
        yield Verdict("requests about pending updates, by updates a site", "never more than one by one", text, met)


def _seconds(rows: Sequence[Row]) -> Iterator[Verdict]:
    """Of second runs: requests, and memory."""
    found = [row for row in rows if row.case.operation in SECOND]
    if found:
        most = [SECOND[row.case.operation].most(row.case.sites) + SPARE for row in found]
        pairs = list(zip(found, most, strict=True))
        yield Verdict(
            "requests of second runs on 1,000 sites",
            f"≤ {SPARE}, and what grows: pages of the listing, one for 25 sites of users, one a site for `health_threshold` and for "
            "`mainwp_export`, three a cost",
            " · ".join(f"{row.ours.requests:,} of {limit:,} ({row.case.operation})" for row, limit in pairs),
            all(row.ours.requests <= limit for row, limit in pairs),
        )
        megabytes = max(row.ours.process.megabytes for row in found)
        name = "memory of second runs on 1,000 sites, the largest"
        yield Verdict(name, f"< {MEGABYTES} MB", f"{megabytes:.0f} MB", megabytes < MEGABYTES)


def _whole(rows: Sequence[Row]) -> Iterator[Verdict]:
    """Of what is about a whole Dashboard: seconds, and memory."""
    for row in rows:
        aim = WHOLE.get(row.case.operation)
        if aim:
            name = f"{row.case.operation} of {row.case.sites:,} sites, nothing differs, no latency"
            found = (row.ours.seconds, row.ours.process.megabytes)
            met = all(one < most for one, most in zip(found, aim, strict=True))
            yield Verdict(name, "< {} s, < {} MB".format(*aim), "{:.1f} s · {:.0f} MB".format(*found), met)


def _linear(rows: Sequence[Row]) -> Iterator[Verdict]:
    """Of the processor time, less what a fleet of 20 takes: that is start-up."""
    growth = {}
    for operation in (LIST, INVENTORY, NOOP):
        cpu = {row.case.sites: row.ours.process.cpu for row in rows if row.case.operation == operation}
        if {20, 1000, 5000} <= cpu.keys():
            growth[operation] = ((cpu[5000] - cpu[20]) / 4980) / ((cpu[1000] - cpu[20]) / 980)
    if growth:
        text = " · ".join(f"{value:.2f} × ({name})" for name, value in growth.items())
        aim = f"≤ {LINEAR:g} × that of one of 1,000"
        yield Verdict("processor time of one of 5,000 sites", aim, text, max(growth.values()) <= LINEAR)


def _memory(rows: Sequence[Row]) -> Iterator[Verdict]:
    found = {row.case.operation: row.ours.process.megabytes for row in rows if row.case.sites == 5000}
    if found:
        text = " · ".join(f"{value:.0f} MB ({name})" for name, value in found.items())
        yield Verdict("memory at 5,000 sites", f"< {MEGABYTES} MB", text, max(found.values()) < MEGABYTES)
