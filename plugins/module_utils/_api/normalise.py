# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API's values made regular, once, here. PRIVATE to the collection. No I/O.

The API sends numbers as strings, JSON inside strings, ``[]`` for empty maps, HTML entities in names and times
without zone (core.md §3, §10). Whatever the shape, these functions return models and never raise on odd input.
"""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import unquote

from .._models import CORE, CORE_SLUG, PLUGIN, THEME, TRANSLATION, Extension, ItemAnswer, Site, Tag, Update, iso
from .._secrets import plain, printable

#: What a column of a database can hold. Larger numbers are not MainWP's, and too large to calculate with.
_LARGEST = 2**63 - 1

T = TypeVar("T")

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")

#: Names, versions and the like are cut here: child sites may claim anything.
LONGEST = 500


def as_int(value: Any, default: int = 0) -> int:
    """``"5"``, ``5``, ``true`` → int; anything else, and what no database could hold, the default."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return default
    return number if abs(number) <= _LARGEST else default


def as_bool(value: Any) -> bool:
    """``"1"``, ``1``, ``true`` → True; ``"0"``, ``""``, ``null`` → False."""
    if isinstance(value, str):
        return value.strip().lower() in ("1", "true", "yes", "t")
    return bool(value)


def as_text(value: Any, limit: int = LONGEST) -> str:
    """A value as printable, bounded text with HTML entities decoded; null and containers are empty."""
    if value is None or isinstance(value, (dict, list, bool)):
        return ""
    text = printable(html.unescape(str(value)[: limit * 4])).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def as_written(value: Any) -> str:
    """Text that people write and that we may write again: as long as it is, and only whole entities decoded, for
    ``?a=1&copy=2`` is an address."""
    return "" if value is None or isinstance(value, (dict, list, bool)) else printable(decoded(str(value)))


def as_lines(value: Any) -> str:
    """Text that may have several lines."""
    text = "" if value is None or isinstance(value, (dict, list, bool)) else decoded(str(value))
    return "\n".join(printable(line) for line in text.replace("\r\n", "\n").split("\n"))


def decoded(text: str) -> str:
    """Whole entities made into what they mean: some texts are stored escaped, some are not."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def as_slug(value: Any) -> str:
    """A slug or an address: text that is sent back as it came, so entities stay; anything but text is empty."""
    return printable(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def as_map(value: Any) -> dict[str, Any]:
    """A JSON object, or the JSON text of one; PHP's empty ``[]`` and anything else become ``{}``."""
    value = unpacked(value)
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    return {}


def as_list(value: Any) -> list[Any]:
    """A JSON list, or the JSON text of one; an object gives its values."""
    value = unpacked(value)
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def as_ids(value: Any) -> list[int]:
    """``"3,5"`` → [3, 5]; null and anything else → []."""
    return [as_int(text) for text in as_text(value, limit=1_000_000).split(",") if as_int(text) > 0]


def unpacked(value: Any) -> Any:
    """JSON in a string made into what it says; other values as they are (core.md §3.1)."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value


def as_time(value: Any) -> str | None:
    """``2026-11-23T13:37:11`` (UTC without zone) → ``2026-11-23T13:37:11Z``; never synced → None."""
    text = as_text(value).replace(" ", "T").rstrip("Z")
    try:
        stamp = datetime.datetime.fromisoformat(text)
        if stamp.tzinfo is not None:
            stamp = stamp.astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        return None
    return stamp.strftime("%Y-%m-%dT%H:%M:%SZ") if stamp.year > 1970 else None


def epoch_as_time(value: Any) -> str | None:
    """Unix seconds → ISO time; 0 → None."""
    seconds = as_int(value)
    return iso(seconds) if 0 < seconds < 32503680000 else None


def extensions(value: Any) -> tuple[Extension, ...] | None:
    """The ``plugins`` or ``themes`` of a site object; None when it was not asked for (core.md §5.3) or is no list."""
    if not isinstance(unpacked(value), (dict, list)):
        return None
    found = []
    for item in as_list(value):
        slug = as_slug(item.get("slug")) if isinstance(item, dict) else ""
        if slug:
            name = as_text(item.get("name")) or slug
            version, active, must_use, parent = (item.get(key) for key in ("version", "active", "mu", "parent_active"))
            found.append(Extension(slug, name, as_text(version), as_bool(active), as_bool(must_use), as_bool(parent)))
    return tuple(sorted(found, key=lambda entry: entry.slug))


#: Columns of a site object that hold its stored offers; those of premium extensions come besides.
_STORED = ("wp_upgrades", "plugin_upgrades", "theme_upgrades", "translation_upgrades")


def stored_updates(raw: Mapping[str, Any]) -> tuple[Update, ...]:
    """The offers in a site object, before ignore rules, premium ones marked (core.md §3.1)."""
    return updates(*(raw.get(name) for name in (*_STORED, "premium_upgrades")))


def stored_offers(raw: Mapping[str, Any]) -> int | None:
    """How many entries the stored offers make in a list of pending updates, ignored ones and doubles included; None
    where one of the columns was not asked for or cannot be read."""
    count = 0
    if not _is_column(raw.get("premium_upgrades")):
        return None
    for name in _STORED:
        column = unpacked(raw.get(name, 0))
        if not _is_column(raw.get(name, 0)):
            return None
        count += bool(column) if name == "wp_upgrades" else len(column or ())
    return count


def _is_column(value: Any) -> bool:
    """A list of offers, packed or not, or one that was never written."""
    return value in ("", None) or isinstance(unpacked(value), (dict, list))


def pending_updates(data: Any) -> tuple[Update, ...]:
    """The offers in an answer of ``GET /updates/{id}``, ignore rules applied (core.md §6.2)."""
    body = as_map(data)
    return updates(*(body.get(name) for name in ("wp", "plugins", "themes", "translations")))


def updates(*offers: Any) -> tuple[Update, ...]:
    """Each update once, the first wins: what is offered of core, plugins, themes, translations and premium extensions."""
    seen: dict[tuple[str, str, str], Update] = {}
    for read, column in zip(_READERS, offers, strict=False):
        for update in read(column):
            seen.setdefault(update.key, update)
    return tuple(seen.values())


def core_update(value: Any) -> Iterable[Update]:
    """``{"current", "new"}`` or ``[]``."""
    body = as_map(value)
    if new := as_text(body.get("new")):
        yield Update(CORE, CORE_SLUG, "WordPress", as_text(body.get("current")), new)


def extension_updates(kind: str, value: Any) -> Iterable[Update]:
    """The map slug → info of plugin or theme updates."""
    for slug, info in _by_slug(value):
        offer = as_map(info.get("update"))
        if not (new := as_text(offer.get("new_version"))):
            continue
        yield Update(
            type=kind,
            slug=slug,
            name=as_text(info.get("Name") or info.get("name")) or slug,
            version=as_text(info.get("Version") or info.get("version")),
            new_version=new,
            package=bool(offer["package"]) if "package" in offer else None,
            requires_php=as_text(offer.get("requires_php")),
            requires_wp=as_text(offer.get("requires")),
            blocked=tuple(
                reason
                for reason, flag in (("requires_php", "php_compatible"), ("requires_wp", "wp_compatible"))
                if info.get(flag) is False
            ),
        )


def translation_updates(value: Any) -> Iterable[Update]:
    """The list of translation offers: slug and language make one."""
    for item in as_list(value):
        slug = as_slug(item.get("slug")) if isinstance(item, dict) else ""
        if slug:
            yield Update(
                type=TRANSLATION,
                slug=slug,
                name=as_text(item.get("name")) or slug,
                version="",
                new_version=as_text(item.get("version")),
                language=as_text(item.get("language")),
            )


def premium_updates(value: Any) -> Iterable[Update]:
    """Updates of premium extensions, which the item endpoints cannot reach (core.md §6.1)."""
    for slug, info in _by_slug(value):
        offer = as_map(info.get("update"))
        kind = THEME if as_text(info.get("type")) == "theme" else PLUGIN
        new = as_text(offer.get("new_version") or info.get("new_version"))
        name = as_text(info.get("Name") or info.get("name")) or slug
        yield Update(kind, slug, name, as_text(info.get("Version")), new, premium=True)


_READERS: tuple[Callable[[Any], Iterable[Update]], ...] = (
    core_update,
    partial(extension_updates, PLUGIN),
    partial(extension_updates, THEME),
    translation_updates,
    premium_updates,
)


def _by_slug(value: Any) -> Iterable[tuple[str, dict[str, Any]]]:
    """The entries of a map slug → info that are ones."""
    for key, info in as_map(value).items():
        slug = as_slug(key)
        if slug and isinstance(info, dict):
            yield slug, info


def site_tags(value: Any) -> tuple[Tag, ...]:
    """``{"1": "Canary"}`` → tags; ids are right even where names have commas (resources.md §1.1)."""
    body = unpacked(value)
    if not isinstance(body, dict):
        return ()
    found = [Tag(as_int(key), as_text(name)) for key, name in body.items() if as_int(key)]
    return tuple(sorted(found, key=lambda tag: tag.id))


@dataclass(frozen=True)
class IgnoreRule:
    """One plugin or theme whose updates MainWP ignores on a site; ``versions``: only these, unless it says all."""

    name: str
    versions: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """It ignores all versions."""
        return _ALL_VERSIONS in self.versions


_ALL_VERSIONS = "all_versions"
#: By slug.
IgnoreRules = Mapping[str, IgnoreRule]


def ignore_rules(value: Any) -> IgnoreRules | None:
    """The rules in a site object; never written is none at all, and None is what cannot be read. A rule of old is a mere
    name, and ignores all versions."""
    body = {} if value in ("", None) else unpacked(value)
    if not isinstance(body, (dict, list)):
        return None
    found = {}
    for slug, info in as_map(body).items():
        if isinstance(info, dict):
            versions = tuple(as_text(version) for version in as_list(info.get("ignored_versions")))
            found[as_slug(slug)] = IgnoreRule(as_text(info.get("Name")), versions)
        elif as_text(info):
            found[as_slug(slug)] = IgnoreRule(as_text(info), (_ALL_VERSIONS,))
    return found


#: Short texts of a site object.
_TEXTS = ("name", "ip", "wp_version", "php_version", "child_version", "active_theme", "http_status")
#: Keys of a site object that are handed on under their own name, with how they are read.
_EXTRA: dict[str, Callable[[Any], Any]] = {
    "note": partial(as_text, limit=50_000),
    "ignored_plugins": ignore_rules,
    "ignored_themes": ignore_rules,
    "is_ignoreCoreUpdates": as_bool,
    "is_ignorePluginUpdates": as_bool,
    "is_ignoreThemeUpdates": as_bool,
    "mysql_version": as_text,
    "offline_check_result": as_int,
    "bulk_updates_info": as_map,
    "batch_individual_queue_time": as_text,
    "primary_lasttime_backup": as_int,
    "dtsAutomaticSync": as_int,
    "dtsAutomaticSyncStart": as_int,
}


def site(raw: Mapping[str, Any]) -> Site:
    """A v2 site object, whole or cut down by ``_fields`` (core.md §3.1)."""
    suspended = as_bool(raw.get("suspended")) or raw.get("status") == "suspended"
    sync_errors = plain(raw.get("sync_errors"))
    score = raw.get("health_score")
    return Site(
        id=as_int(raw.get("id")),
        url=as_slug(raw.get("url")),
        **{name: as_text(raw.get(name)) for name in _TEXTS},
        status="suspended" if suspended else ("disconnected" if sync_errors else "connected"),
        sync_errors=sync_errors,
        suspended=suspended,
        client_id=as_int(raw.get("client_id")),
        tags=site_tags(raw.get("tags")),
        health_score=as_int(score) if as_text(score) else None,
        last_sync=as_time(raw.get("last_sync")),
        updates=stored_updates(raw),
        offers=stored_offers(raw),
        plugins=extensions(raw.get("plugins")),
        themes=extensions(raw.get("themes")),
        tells_translations=isinstance(unpacked(raw.get("translation_upgrades")), (dict, list)),
        extra={key: _EXTRA[key](raw[key]) for key in _EXTRA if key in raw},
    )


def listed(rows: Any, make: Callable[[Mapping[str, Any]], T], needed: Iterable[str] = ()) -> list[T] | None:
    """All the entries of a list, or of PHP's map by id, made from their rows; None if anything in it is none, or lacks what is
    ``needed``: a list that lacks some would be taken for the whole."""
    rows = unpacked(rows)
    if not isinstance(rows, (dict, list)):
        return None
    good = (row for row in as_list(rows) if isinstance(row, dict) and as_int(row.get("id")) > 0)
    found = [make(row) for row in good if row.keys() >= set(needed)]
    return found if len(found) == len(rows) else None


def row(raw: Mapping[str, Any], columns: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """A row in just these columns, each read as it says. What the row lacks is read as if it were null."""
    return {name: read(raw.get(name)) for name, read in columns.items()}


def detail(part: str, value: Any) -> Any:
    """What ``GET /sites/{id}/{part}`` has as ``data``, in the type that is documented; None where it is of another."""
    value = unpacked(value)
    if part == "non-mainwp-changes":
        return [row for row in as_list(value) if isinstance(row, dict)] if isinstance(value, (dict, list)) else None
    return value if part == "costs" or isinstance(value, dict) else None


def item_answers(data: Any) -> dict[str, ItemAnswer]:
    """The map slug → outcome of a per-type update.

    Errors come under the URL-encoded slug beside a second entry under the plain one (core.md §6.4).
    """
    found: dict[str, ItemAnswer] = {}
    for key, info in as_map(data).items():
        if not isinstance(info, dict):
            continue
        slug = html.unescape(unquote(str(key)))
        before = found.get(slug)
        error = plain(info.get("error")) or (before.error if before else "")
        found[slug] = ItemAnswer(
            success=as_bool(info.get("success")) and not error,
            old_version=as_text(info.get("old_version")) or (before.old_version if before else ""),
            version=as_text(info.get("version")) or (before.version if before else ""),
            error=error,
        )
    return found
