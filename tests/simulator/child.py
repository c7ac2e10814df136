# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What children do when the Dashboard calls them: the replies of MainWP Child, and what really moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import people
from .php import meets, wordpress_meets
from .state import Child, Offer, Plugin, Site, Theme

if TYPE_CHECKING:
    from .fleet import Fleet

NO_KEY = "Authentication failed! Please deactivate and re-activate the MainWP Child plugin on this site."
NO_ADMINISTRATOR = "Unexisting administrator user. Please verify that it is an existing administrator."
#: text of a child whose PHP or WordPress is too old, when it is asked for that one plugin alone
UNMET = "Current WordPress or PHP versions do not meet minimum requirements for update."
LOCKED = "Another update is currently in progress."
#: what every reply of an upgrade carries besides its result (recorded)
CACHE = {
    "mainwp_cache_control_last_purged": 0,
    "mainwp_cache_control_cache_solution": "Plugin Not Found",
    "mainwp_cache_control_logs": '{"status":"Disabled","action":"SUCCESS","do_purge":"0"}',
}

Reply = dict[str, Any]


class UnreachableError(Exception):
    """The Dashboard got no reply of MainWP Child: ``NOMAINWP`` or ``HTTPERROR`` (core.md §6.4)."""

    def __init__(self, token: str, detail: str = "") -> None:
        super().__init__(token)
        self.token = token
        self.detail = detail


@dataclass
class Outcome:
    """How installing one item went."""

    success: bool
    #: the upgrader got as far as unpacking, which is when the child notes all versions
    ran: bool = False
    error: str = ""
    #: the version that was rolled back
    rolled_back: str = ""


def call(fleet: Fleet, site: Site) -> Reply | None:
    """Reach the child; its error reply if it refuses, None if it listens."""
    fleet.clock.sleep(site.child.latency)
    return answer_of(site)


def answer_of(site: Site) -> Reply | None:
    """The same, once it has taken its time."""
    child = site.child
    if child.unreachable:
        raise UnreachableError("HTTPERROR", child.unreachable)
    if child.down or child.plugin_gone or (child.http_auth and child.http_auth != (site.http_user, site.http_pass)):
        raise UnreachableError("NOMAINWP")
    if child.auth_broken or not child.has_key or child.key_of not in (0, site.id):
        return {"error": child.auth_broken or NO_KEY}
    connected_as = people.by_number(child, child.connection_user)
    if connected_as is None or not people.has_all_rights(connected_as):
        return {"error": NO_ADMINISTRATOR}
    return None


def unmet(child: Child, offer: Offer) -> bool:
    """Does the child's WordPress or PHP not meet what the offer requires?"""
    return not (wordpress_meets(child.core, offer.requires) and meets(child.php_version, offer.requires_php))


def upgrade_plugins(fleet: Fleet, site: Site, slugs: list[str]) -> Reply:
    """``upgradeplugintheme`` for plugins: too new ones are dropped without a word, no ``sync`` in the reply."""
    refusal = call(fleet, site)
    if refusal:
        return refusal
    child = site.child
    accepted = []
    for slug in slugs:
        plugin = child.plugin(slug)
        if plugin and plugin.offer and unmet(child, plugin.offer):
            if len(slugs) == 1:
                return {"error": UNMET}
            continue
        accepted.append(slug)
    if not accepted:
        return {"error": "Invalid request!"}
    return _upgrade(fleet, site, "plugin", accepted, child.plugin) | CACHE


def upgrade_themes(fleet: Fleet, site: Site, slugs: list[str]) -> Reply:
    """``upgradeplugintheme`` for themes: the reply carries ``sync`` (core.md §6.4, staleness)."""
    refusal = call(fleet, site)
    if refusal:
        return refusal
    return _upgrade(fleet, site, "theme", slugs, site.child.theme) | {"sync": True} | CACHE


def upgrade_translations(fleet: Fleet, site: Site, slugs: list[str]) -> Reply:
    """``upgradetranslation``: all languages of a slug; no old version; the reply carries ``sync``."""
    refusal = call(fleet, site)
    if refusal:
        return refusal
    upgrades: dict[str, bool] = {}
    updated: dict[str, dict[str, Any]] = {}
    for translation in [item for item in site.child.translations if item.slug in slugs]:
        fleet.clock.sleep(translation.slow + fleet.update_seconds)
        with fleet.lock:
            success = not translation.fails_with
            if success and translation in site.child.translations:
                site.child.translations.remove(translation)
                fleet.moved(site.id, "translation", translation.slug, "", translation.version)
        upgrades[translation.slug] = success
        updated[translation.slug] = {
            "name": translation.name,
            "slug": translation.slug,
            "type": translation.type,
            "version": translation.version,
            "success": int(success),
        }
    return {"upgrades": upgrades, "other_data": {"updated_data": updated}, "sync": True}


def upgrade_core(fleet: Fleet, site: Site) -> Reply:
    """``upgrade``: SUCCESS also when there is nothing to do; versions only when something moved (recorded)."""
    refusal = call(fleet, site)
    if refusal:
        return refusal
    child = site.child
    if child.core_fails_with:
        return {"error": child.core_fails_with}
    if child.core_answer:
        return {"upgrade": child.core_answer} | CACHE
    if child.core_locked:
        return {"error": LOCKED}
    reply: Reply = {"upgrade": "SUCCESS"}
    if child.core_offer:
        child.core_locked = True
        fleet.clock.sleep(child.core_slow + fleet.update_seconds)
        with fleet.lock:
            before, after = child.core, child.core_offer
            child.core, child.core_offer, child.core_locked = after, None, False
            fleet.moved(site.id, "core", "wordpress", before, after)
        reply |= {"old_version": before, "version": after}
    return reply | CACHE


def update_item(fleet: Fleet, site: Site, kind: str, slug: str) -> None:
    """Update one thing directly on the child, as its own admin would."""
    child = site.child
    if kind == "core":
        upgrade_core(fleet, site)
    elif kind == "translation":
        upgrade_translations(fleet, site, [slug])
    else:
        item = child.plugin(slug) if kind == "plugin" else child.theme(slug)
        if item is None:
            raise KeyError(f"{site.name} has no {kind} {slug}")
        _install(fleet, site, kind, item)


def _upgrade(
    fleet: Fleet, site: Site, kind: str, slugs: list[str], find: Callable[[str], Plugin | Theme | None]
) -> Reply:
    """The bulk upgrader and the child's account of it (child source: ``to_update_plugins``)."""
    before = {slug: item.version for slug in slugs if (item := find(slug))}
    silent = {slug for slug in slugs if (item := find(slug)) and item.offer and item.offer.missing_in_answer}
    outcomes = {slug: _install(fleet, site, kind, find(slug)) for slug in slugs}
    noted = any(outcome.ran for outcome in outcomes.values())
    upgrades: dict[str, bool] = {}
    errors: dict[str, str] = {}
    updated: dict[str, dict[str, Any]] = {}
    for slug, outcome in outcomes.items():
        if slug in silent:
            continue
        item = find(slug)
        if outcome.error:
            errors[slug] = outcome.error
        else:
            upgrades[slug] = outcome.success
        updated[slug] = {
            "name": item.name if item else "",
            # versions are noted when the first item of a call is unpacked: recorded failures n 10 and n 11
            "old_version": before.get(slug, "") if noted else "",
            "slug": slug,
            "success": int(outcome.success),
            "version": item.version if item else "",
        }
        if outcome.rolled_back:
            # WordPress puts the old version back at the very end: the report still sees the new one
            updated[slug] |= {"rollback": 1, "error": outcome.error, "version": outcome.rolled_back}
    reply: Reply = {"upgrades": upgrades, "other_data": {"updated_data": updated}}
    if errors:
        reply["upgrades_error"] = errors
    return reply


def _install(fleet: Fleet, site: Site, kind: str, item: Plugin | Theme | None) -> Outcome:
    """Install what is offered now; "up to date" (and unknown things) count as success (recorded)."""
    offer = item.offer if item else None
    if item is None or offer is None:
        return Outcome(True)
    with fleet.lock:
        site.child.begin(kind, item.slug)
    fleet.clock.sleep(offer.slow + fleet.update_seconds)
    with fleet.lock:
        if site.child.collided(kind, item.slug):
            return _wreck(fleet, site, kind, item)
        return _exchange(fleet, site, kind, item, offer) if item.offer is offer else Outcome(True)


def _exchange(fleet: Fleet, site: Site, kind: str, item: Plugin | Theme, offer: Offer) -> Outcome:
    """Put what is offered into the place of what is there."""
    with fleet.lock:
        if offer.package == "":
            return Outcome(False, error="Update package not available.")
        if unmet(site.child, offer):
            return Outcome(
                False, error=f"The new version requires WordPress {offer.requires}, PHP {offer.requires_php}."
            )
        if offer.broken_package:
            return Outcome(False, error="Download failed.")
        if offer.claims_success_without_moving:
            return Outcome(True, ran=True)
        if offer.fails_with and not offer.rolled_back:
            return Outcome(False, error=offer.fails_with)
        before, after = item.version, offer.only_new_version_at_child or offer.new_version
        fleet.moved(site.id, kind, item.slug, before, after)
        if offer.rolled_back:
            fleet.moved(site.id, kind, item.slug, after, before)
            return Outcome(False, ran=True, error=offer.fails_with or "Could not copy file.", rolled_back=after)
        item.version, item.offer = after, None
        _after_effects(fleet, site, item, offer)
        return Outcome(True, ran=True)


def _after_effects(fleet: Fleet, site: Site, item: Plugin | Theme, offer: Offer) -> None:
    """What a release does to its site once it is installed."""
    if offer.deactivates and item.active:
        item.active = False
        fleet.moved(site.id, "activation", item.slug, "active", "inactive")
    if offer.lowers_health_to is not None:
        site.child.health_score = offer.lowers_health_to
    if offer.breaks_page:
        site.child.page.broken = True
        fleet.moved(site.id, "page", item.slug, "working", "broken")
    if offer.renames_to:
        item.active = False
        if isinstance(item, Plugin):
            item.file = offer.renames_to
        else:
            item.slug = offer.renames_to
    if offer.kills_site:  # PHP dies for every request that follows, the Dashboard's too
        site.child.page.broken = site.child.plugin_gone = True
        fleet.moved(site.id, "page", item.slug, "working", "broken")


def _wreck(fleet: Fleet, site: Site, kind: str, item: Plugin | Theme) -> Outcome:
    """Two at once on one folder: the second finds it half exchanged, and putting "the old one" back takes it away."""
    pool: list[Any] = site.child.plugins if kind == "plugin" else site.child.themes
    if item in pool:
        pool.remove(item)
        fleet.moved(site.id, kind, item.slug, item.version, "")
    return Outcome(False, error=f"Could not remove the old {kind}.")
