# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of the simulated world: a Dashboard's rows and, apart from them, the real children."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from . import people


@dataclass
class Offer:
    """An update that wordpress.org (or a vendor) offers to a child, and how installing it turns out."""

    new_version: str
    #: ``None``: a believable address; ``""``: no package, as unlicensed premium plugins have
    package: str | None = None
    requires: str = "6.0"
    requires_php: str = "7.4"
    tested: str = "7.1"
    #: more (or other) fields of the ``update`` object
    info: dict[str, Any] = field(default_factory=dict)
    #: the download fails: "Download failed."
    broken_package: bool = False
    #: the child installs it and puts the old version back
    rolled_back: bool = False
    #: installed, but the plugin is inactive afterwards
    deactivates: bool = False
    #: installed, but the front page is broken afterwards
    breaks_page: bool = False
    #: installed, but PHP dies from then on: neither visitors nor the Dashboard get an answer of WordPress
    kills_site: bool = False
    #: installed, but Site Health's score is this afterwards
    lowers_health_to: int | None = None
    #: the child installs this instead: something newer came out after the last sync
    only_new_version_at_child: str | None = None
    #: seconds (of the fleet's clock) that installing takes
    slow: float = 0.0
    #: the child's error text for this item
    fails_with: str | None = None
    #: installed, but the slug is absent from the answer (premium updaters)
    missing_in_answer: bool = False
    #: the answer says success, nothing moved
    claims_success_without_moving: bool = False
    #: installed under this file (or stylesheet), as another release may be called; WordPress leaves it inactive
    renames_to: str = ""


@dataclass
class Plugin:
    """A plugin as it really is on a child."""

    file: str
    name: str
    version: str
    active: bool = True
    offer: Offer | None = None
    mu: bool = False
    description: str = ""
    #: plugin headers for the update list (PluginURI, Author, …); RequiresPHP, RequiresWP and RequiresPlugins are obeyed
    info: dict[str, Any] = field(default_factory=dict)
    #: it dies when it is loaded, so WordPress does not come to the end of activating it
    fatal: bool = False
    #: the front page is broken once it is "active", or is not any more ("inactive")
    breaks_page_when: str = ""
    #: once it is active PHP dies for every request that follows
    kills_site: bool = False
    #: when it had its last release (Unix time), if that is long ago
    abandoned_since: int = 0

    @property
    def slug(self) -> str:
        return self.file

    @property
    def directory(self) -> str:
        return self.file.split("/")[0].removesuffix(".php")


@dataclass
class Theme:
    """A theme as it really is on a child."""

    slug: str
    name: str
    version: str
    active: bool = False
    offer: Offer | None = None
    description: str = ""
    parent_active: bool = False
    #: the theme that it builds on
    parent: str = ""
    #: when it had its last release (Unix time), if that is long ago
    abandoned_since: int = 0
    #: more fields of the item in the theme list
    info: dict[str, Any] = field(default_factory=dict)


@dataclass
class Translation:
    """A translation that waits to be installed. There is no old version (core.md §6.4)."""

    slug: str
    name: str
    version: str
    language: str = "de_DE"
    type: str = "plugin"
    slow: float = 0.0
    fails_with: str | None = None


@dataclass
class Page:
    """What visitors of a child see (served under ``/__child__/<site id>/``)."""

    body: str = "<!DOCTYPE html><html><head><title>{name}</title></head><body><h1>{name}</h1></body></html>"
    status: int = 200
    broken: bool = False
    maintenance: bool = False
    #: a CDN answers with what it has, whatever became of the site, but for PHP files
    cached: bool = False
    location: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Child:
    """A WordPress site with MainWP Child, as it really is now."""

    plugins: list[Plugin] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    #: translations offered
    translations: list[Translation] = field(default_factory=list)
    #: premium updates offered: file -> update info (not reachable by the item endpoints)
    premium: dict[str, dict[str, Any]] = field(default_factory=dict)
    core: str = "7.1"
    core_offer: str | None = None
    core_fails_with: str | None = None
    #: answer of a core upgrade other than SUCCESS (LOCALIZATION, NORESPONSE, WPERROR)
    core_answer: str | None = None
    core_slow: float = 0.0
    #: another core update holds the lock
    core_locked: bool = False
    php_version: str = "8.2.36"
    child_version: str = "6.1"
    #: what WordPress was switched to though it is not there
    missing_theme: str = ""
    health_score: int = 100
    #: issues found by Site Health; lowers nothing by itself
    security: dict[str, str] = field(default_factory=dict)
    ip: str | None = None
    #: texts of the sync reply: memory_limit, mysql_version, database_size, recent_posts, … (see ``TEXTS``)
    texts: dict[str, Any] = field(default_factory=dict)
    #: its users (``people.py``); without any given, an administrator
    users: list[dict[str, Any]] = field(default_factory=list)
    #: the number of the one that the Dashboard connects as; no route tells it
    connection_user: int = 1
    #: the highest number of a user that was ever given
    last_user: int = 0
    page: Page = field(default_factory=Page)
    #: the web root is gone: HTTP 404 for every URL
    down: bool = False
    #: no connection at all (cURL error text), e.g. "Connection timed out after 20001 milliseconds"
    unreachable: str = ""
    #: the MainWP Child plugin is not there
    plugin_gone: bool = False
    #: the child answers every call with an error (its text)
    auth_broken: str = ""
    #: the admin's password, for sites/add ("": any will do)
    password: str = ""
    #: connected to some Dashboard; cleared by disconnect
    has_key: bool = True
    #: the row whose key it has; 0: that of its only row, or of another Dashboard
    key_of: int = 0
    #: its key is that of a Dashboard at another address
    elsewhere: bool = False
    #: the unique security id that it asks for
    unique_id: str = ""
    #: what HTTP authentication in front of it asks for: user, password
    http_auth: tuple[str, str] | None = None
    #: seconds (of the fleet's clock) before any answer
    latency: float = 0.0
    #: (kind, slug) -> how many calls install it right now, and whether they ever were two at once
    installing: dict[tuple[str, str], tuple[int, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.users = people.settled(self.users)

    def begin(self, kind: str, slug: str) -> None:
        """A call begins to install something. Nothing in WordPress keeps a second one away."""
        count, met = self.installing.get((kind, slug), (0, False))
        self.installing[kind, slug] = (count + 1, met or count > 0)

    def collided(self, kind: str, slug: str) -> bool:
        """That call ends; True for the last one of several at once. WordPress puts its old copy back then: nothing."""
        count, met = self.installing.pop((kind, slug))
        if count > 1:
            self.installing[kind, slug] = (count - 1, met)
        return met and count == 1

    def plugin(self, file: str) -> Plugin | None:
        return next((plugin for plugin in self.plugins if plugin.file == file), None)

    def theme(self, slug: str) -> Theme | None:
        return next((theme for theme in self.themes if theme.slug == slug), None)


@dataclass
class Stored:
    """What the Dashboard remembers of a child since the last sync (decoded; ``""`` = never written)."""

    plugins: Any = ""
    themes: Any = ""
    wp_upgrades: Any = ""
    plugin_upgrades: Any = ""
    theme_upgrades: Any = ""
    translation_upgrades: Any = ""
    premium_upgrades: Any = ""
    rollback: dict[str, Any] = field(default_factory=dict)
    site_info: dict[str, Any] = field(default_factory=dict)
    database_size: str = "0"
    last_post_time: str = "0"
    recent_posts: Any = ""
    recent_pages: Any = ""
    recent_comments: Any = ""
    categories: Any = ""
    health_score: int = 0
    health_status: int = 0
    security_issues: str = ""


@dataclass
class Site:
    """A row of the Dashboard's sites table, and the child it stands for."""

    id: int
    url: str
    name: str
    child: Child = field(default_factory=Child)
    client_id: int = 0
    #: ids of tags
    tags: list[int] = field(default_factory=list)
    ip: str = "127.0.0.1"
    suspended: bool = False
    is_staging: bool = False
    note: str = ""
    icon: str = ""
    sync_errors: str = ""
    #: stored child version; "0" after a failed sync (core.md §7.4). ``None``: as the child's
    version: str | None = None
    #: time of the last sync; ``None``: when the fleet was made; 0: never
    dts_sync: float | None = None
    dts_automatic_sync: int = 0
    dts_automatic_sync_start: int = 0
    #: 1 online, -1 offline, 0 never checked; written by checks only
    offline_check_result: int = 0
    offline_checks_last: int = 0
    http_response_code: int = 0
    ignore_core: bool = False
    ignore_plugins: bool = False
    ignore_themes: bool = False
    #: the stored maps, working form (slug -> {Name, ignored_versions}) or broken index form; ``""`` = never written
    ignored_plugins: Any = ""
    ignored_themes: Any = ""
    verify_certificate: int = 2
    force_use_ipv4: int = 0
    ssl_version: int = 0
    automatic_update: int = 0
    disable_health_check: int = 0
    health_threshold: int = 0
    admin: str = "admin"
    unique_id: str = ""
    http_user: str = ""
    http_pass: str = ""
    #: when it was added; 0: when the fleet was made
    added: int = 0
    #: rows of the log "changes made without MainWP"
    changes: list[dict[str, Any]] = field(default_factory=list)
    #: per-site options, as ``custom_fields`` reads them
    options: dict[str, str] = field(default_factory=dict)
    #: other columns of the raw row (v1)
    columns: dict[str, Any] = field(default_factory=dict)
    #: ``None``: the picture of a sync at ``dts_sync``
    stored: Stored | None = None


@dataclass
class Tag:
    id: int
    name: str
    color: str = ""


@dataclass
class Client:
    id: int
    name: str
    client_email: str = ""
    created: float = 0.0
    suspended: int = 0
    #: the other columns: address_1, city, note, …
    fields: dict[str, str] = field(default_factory=dict)
    #: values of the client fields by the fields' numbers; no route tells them
    values: dict[int, str] = field(default_factory=dict)


@dataclass
class ClientField:
    id: int
    name: str
    description: str


@dataclass
class Beat:
    """What one check of a monitor found: 0 down, 1 up, 2 to be repeated, 3 the first."""

    id: int
    at: float
    status: int
    http_code: int = 200
    ping_ms: int = 40
    #: it found something else than the one before
    important: bool = False


@dataclass
class Monitor:
    """An uptime monitor of a site; further ones of a site watch single pages, which the API does not tell."""

    id: int
    site_id: int
    type: str = "http"
    #: between two checks; 0: as MainWP's settings say
    minutes: int = 5
    #: the oldest first
    beats: list[Beat] = field(default_factory=list)

    def found(self, at: float, status: int, http_code: int = 200, ping_ms: int = 40) -> None:
        """One more check."""
        number = self.beats[-1].id + 1 if self.beats else 1
        known = [beat.status for beat in self.beats if beat.status != 2]
        important = status != 2 and (not known or known[-1] != status)
        self.beats.append(Beat(number, at, status, http_code, ping_ms, important))


#: the columns of a cost in the order of the table; a number where the database has one
COST = {
    **dict.fromkeys(("name", "url", "type", "product_type", "slug", "license_type", "cost_status"), ""),
    "payment_method": "",
    "price": "0.00000000",
    "renewal_type": "",
    **dict.fromkeys(("last_renewal", "next_renewal", "next_renewal_today", "last_alert"), "0"),
    **dict.fromkeys(("cost_icon", "cost_color", "sites", "groups", "clients", "note"), ""),
}


@dataclass
class Cost:
    id: int
    #: as the database has them: texts, ids as JSON
    columns: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.columns = {**COST, **self.columns}

    @property
    def row(self) -> dict[str, str]:
        """As it is told by itself."""
        return {"id": str(self.id), **self.columns}

    def ids(self, column: str) -> set[int]:
        """To whom it belongs."""
        return set(json.loads(self.columns[column] or "[]"))


@dataclass(frozen=True)
class Moved:
    """Something that really happened on a child."""

    site_id: int
    type: str
    slug: str
    before: str
    after: str
    at: float
    by: str


class Truth(list[Moved]):
    """All that really happened, in order; the oracle that reports are compared with."""

    def of(self, site_id: int | None = None, kind: str | None = None, slug: str | None = None) -> list[Moved]:
        """The events of a site, a type or a slug."""
        return [
            event
            for event in self
            if site_id in (None, event.site_id) and kind in (None, event.type) and slug in (None, event.slug)
        ]
