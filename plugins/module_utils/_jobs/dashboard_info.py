# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_dashboard_info does: examine one Dashboard like a doctor, read only. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .. import _errors as errors
from .._api import normalise
from .._dashboard import Dashboard
from .._fleet import Fleet
from .._health import BAD, OK, UNKNOWN, HealthOptions, health_options_from
from .._locks import locking_host
from .._models import Site, iso
from .._probe import Prober
from .._report import and_more, plural
from .._symptoms import CACHE_PASSED, CACHED
from ._common import Reporter

_LOCKS = "Locks of mainwp_batch_update keep away runs that use the same lock_dir on"
_NO_LOCKS = (
    "They do not keep away other machines, other containers, a run here beside one with run_on: host, "
    "nor people in the Dashboard and on the sites."
)
_LET_US_SEE = "Let their firewalls know this machine, or name pages that it may see in health_check."
#: A clock that is off by more makes freshness by max_age wrong, seconds.
_SKEW = 120
#: MainWP's scheduled sync runs at least daily; the margin is for time zones and a bad day. Seconds.
_CRON_QUIET = 3 * 86400
#: So many sites are asked for the time of their last scheduled sync.
_ASKED = 100
#: As many sites' pages are looked at at once: they are servers of their own, and nothing is changed.
_AT_ONCE = 8
#: (code, message, hint)
Finding = tuple[str, str, str]
#: /settings/general: MainWP's own automatic updates (resources.md §6.1).
_AUTOMATIC = {
    "automatic_daily_update": "core",
    "plugin_automatic_daily_update": "plugins",
    "theme_automatic_daily_update": "themes",
    "trans_automatic_daily_update": "translations",
}


def options_from(params: Mapping[str, Any]) -> HealthOptions | None:
    """Check the one option. Raises InputError."""
    return health_options_from(params.get("health_check"))


def run(dashboard: Dashboard, options: HealthOptions | None, reporter: Reporter, _check_mode: bool) -> dict[str, Any]:
    """What there is to know of the Dashboard, and what looks wrong.

    Raises MainWPError when the Dashboard or its API cannot be reached: there is nothing to examine then.
    """
    sites = dashboard.sites()
    dialect = dashboard.detect(sites[0].id if sites else None).name
    scope: str | None = None
    with contextlib.suppress(errors.ApiError):
        scope = dashboard.key_scope
    advanced, general = dashboard.v2.settings.group("advanced"), dashboard.v2.settings.group("general")
    automatic = [name for key, name in _AUTOMATIC.items() if normalise.as_int(general.get(key)) > 0]
    skew = round(dashboard.http.caches.skew or 0.0)
    cron = normalise.as_bool(advanced["mainwp_wp_cron"]) if "mainwp_wp_cron" in advanced else None
    ticked = _scheduled_sync(dashboard, sites)
    counts = Counter(site.status for site in sites)
    states = {name: counts[name] for name in ("connected", "disconnected", "suspended")}
    limits = dataclasses.asdict(dashboard.limits)
    connection = dashboard.connection
    noted = [
        *_on_the_way(dashboard),
        *_findings(dialect, scope, cron, automatic, skew, counts),
        *_cron_quiet(cron, ticked, dashboard.now()),
        *_locks(),
    ]
    pages = None if options is None else _pages(dashboard, sites, options, reporter)
    noted += _sights(pages or [])
    findings = [{"code": code, "message": message, "hint": hint} for code, message, hint in noted]
    return {
        "changed": False,
        "msg": f"{connection.url}: {dialect}, {plural(len(sites), 'site')}, {plural(len(findings), 'finding')}",
        "dashboard": {
            "url": connection.url,
            "dialect": dialect,
            "api_version": connection.api_version,
            "apis": [name for name in dashboard.namespaces if name.startswith("mainwp/")],
            "key_scope": scope,
            "auth_method": connection.auth_method,
            "tls": {"used": connection.url.startswith("https:"), "verified": connection.verify is not False},
            "clock_skew": skew,
            "wp_cron": {"enabled": cron, "last_seen": _local(ticked)},
            "automatic_updates": automatic,
            "limits": limits,
            "sites": {"total": len(sites), **states},
        },
        "locking": {"host": locking_host(), "message": f"{_LOCKS} {locking_host()}. {_NO_LOCKS}"},
        **({} if pages is None else {"pages": pages}),
        "findings": findings,
    }


def _pages(
    dashboard: Dashboard, sites: Sequence[Site], options: HealthOptions, reporter: Reporter
) -> list[dict[str, Any]]:
    """The connected sites whose pages are not all good, each with the worst."""
    connected = [site for site in sites if site.status == "connected"]
    prober = Prober(options, dashboard.sleep)
    found: dict[int, dict[str, Any]] = {}
    seen = itertools.count(1)

    def look(site: Site) -> None:
        worst = max(prober.look(site), key=lambda page: (OK, UNKNOWN, BAD).index(page.state), default=None)
        if worst is not None and worst.state != OK:
            text = f"{worst.path}: {worst.message}"
            found[site.id] = {"id": site.id, "url": site.url, "verdict": worst.state, "message": text}

    def done(_site: Site) -> None:
        reporter.progress(next(seen), len(connected), 0, None)

    if not Fleet(look, lambda site: site.lane, _AT_ONCE, on_done=done).run(connected):
        raise KeyboardInterrupt
    return [found[site.id] for site in sorted(connected, key=lambda site: site.url) if site.id in found]


def _sights(pages: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """What the pages mean for a health check."""
    for verdict, code, text, hint in (
        (UNKNOWN, "pages_unknown", "cannot be judged from here", _LET_US_SEE),
        (BAD, "pages_bad", "are bad already", "An update that breaks them further is not seen."),
    ):
        urls = [page["url"] for page in pages if page["verdict"] == verdict]
        if urls:
            yield code, f"The pages of {plural(len(urls), 'site')} {text}: {and_more(urls)}.", hint


def _scheduled_sync(dashboard: Dashboard, sites: Sequence[Site]) -> int | None:
    """When WP-Cron last did something with a site: unix seconds by the Dashboard's local time, 0 for never, None when
    that cannot be read."""
    asked = [site.id for site in sites if site.status == "connected"][:_ASKED]
    try:
        clocks = dashboard.v2.batches.clocks(asked) if asked else {}
    except errors.ApiError:
        return None
    return max((max(pair) for pair in clocks.values()), default=None)


def _local(seconds: int | None) -> str | None:
    """A time without a zone, for the Dashboard's is not known."""
    return iso(seconds).removesuffix("Z") if seconds else None


def _cron_quiet(cron: bool | None, ticked: int | None, now: float) -> Iterator[Finding]:
    """No sign that WP-Cron runs although MainWP relies on it."""
    if cron and ticked is not None and now - ticked >= _CRON_QUIET:
        since = f"since {_local(ticked)} (the Dashboard's time)" if ticked else "so far"
        text = f"MainWP relies on WP-Cron, but no scheduled sync of a site has run {since}."
        hint = "Have wp-cron.php called every minute; update_method: dashboard_batch may need it, per_item does not."
        yield "wp_cron_quiet", text, hint


def _on_the_way(dashboard: Dashboard) -> Iterator[Finding]:
    """What is between here and the API: redirects and caches; and where it is, if not where the options say."""
    http = dashboard.http
    if http.root != http.usual_root:
        prefix = http.root.removeprefix(http.usual_root.removesuffix(dashboard.connection.rest_prefix))
        hint = f"rest_prefix: {prefix} saves the search." if prefix != http.root else "Give url as WordPress names it."
        yield "api_elsewhere", f"The API is at {http.root}.", hint
    for _time in range(2):  # a cache that was empty answers the second time
        dashboard.v2.sites.count()
    if http.caches.passed or http.caches.found:
        message = f"Answers come from a cache ({http.caches.found or http.caches.passed})."
        yield "cached", message, CACHED.hint if http.caches.found else CACHE_PASSED.hint
    if http.detour:
        yield "redirected", http.detour.message, f"Only reads can follow; syncs and updates fail. {http.detour.hint}"


def _locks() -> Iterator[Finding]:
    """Where locks do not reach."""
    if any(name in os.environ for name in ("AWX_PRIVATE_DATA_DIR", "AWX_HOST")):  # which AWX sets for its jobs
        text = (
            "Each job of AWX has a container, and a default lock_dir, of its own: locks do not keep another job away."
        )
        yield (
            "locks_in_job",
            text,
            "Put all that writes behind one template or workflow with allow_simultaneous: false.",
        )


def _findings(
    dialect: str, scope: str | None, cron: bool | None, automatic: list[str], skew: int, counts: Counter[str]
) -> Iterator[Finding]:
    """What somebody should know before the first update run."""
    if scope == "read":
        yield "key_read_only", "The API key may only read.", "All that writes needs Read and Write."
    if scope is None:
        yield "key_scope_unknown", "The Dashboard does not tell what the key may do.", "Try a sync of one site."
    if cron is False:
        hint = "MainWP's scheduled work needs its cron scripts to be called from outside."
        if dialect == "classic":
            hint = "update_method: dashboard_batch works only if something calls MainWP's cron scripts every minute."
        yield "wp_cron_off", "MainWP does not use WP-Cron.", hint
    if automatic:
        text = f"MainWP's own automatic updates are on for {', '.join(automatic)}."
        hint = (
            "They act beside Ansible: what they move is reported as moved elsewhere. mainwp_settings switches them off."
        )
        yield "automatic_updates", text, hint
    if abs(skew) > _SKEW:
        text = f"The Dashboard's clock is off by {skew} s."
        yield "clock_skew", text, "Freshness goes by the Dashboard's clock."
    if counts["disconnected"]:
        text = f"Disconnected: {plural(counts['disconnected'], 'site')}."
        yield "disconnected_sites", text, "mainwp_sync with reconnect: true repairs those that can be reached."
