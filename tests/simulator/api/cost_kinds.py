# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``settings/cost-tracker``: product types and payment methods (resources.md §6.5)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import quote

from ..php import clean_text, truthy
from ..rest import DELETE, POST, Call, RestError, routes
from .settings import PUT, ROOT
from .settings_fields import SETTINGS, invalid

TYPES, METHODS = f"{ROOT}/cost-tracker/product-types", f"{ROOT}/cost-tracker/payment-methods"
BUILT_IN = {row["slug"]: row["title"] for row in SETTINGS["cost-tracker"]["product_categories"]}
COLOR, ICON = "#34424D", "deficon:folder open"


#: What ``remove_accents`` and ``sanitize_title_with_dashes`` make of signs without an accent (as WordPress 7.1 does).
SIGNS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ı": "i", "€": "e"})
GONE, DASHES = re.compile("[¡£©«®°´»¿\u2018-\u201d„•…™]"), re.compile("[\u00a0–—\\s./]+")


def slug_of(title: str) -> str:
    """``sanitize_title``; what is no letter of ours comes out as percent codes (source only)."""
    text = GONE.sub("", title.lower().translate(SIGNS))
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    text = DASHES.sub("-", re.sub(r"&.+?;", "", text))
    text = re.sub(r"[^a-z0-9_\-\u0080-\U0010ffff]", "", text)
    return re.sub(r"-+", "-", quote(text, safe="").lower()).strip("-")


def _types(call: Call) -> list[dict[str, str]]:
    """The list as it is kept, with what comes with MainWP."""
    kept = call.fleet.settings.setdefault("cost-tracker", {})
    known: list[dict[str, str]] = kept.setdefault(
        "product_categories", [dict(row) for row in SETTINGS["cost-tracker"]["product_categories"]]
    )
    return known


def _custom(call: Call) -> set[str]:
    """The slugs that were saved once: those that were made, and those built-in ones that were changed."""
    mark: set[str] = call.fleet.custom_product_types
    return mark


def _given(call: Call, *, exact: bool) -> dict[str, str]:
    """Validated by WordPress first; edits want exactly JSON's content type."""
    if "title" not in call.params:
        data = {"status": 400, "params": ["title"]}
        raise RestError("rest_missing_callback_param", "Missing parameter(s): title", 400, data)
    color, icon = call.params.get("color"), call.params.get("icon")
    problems: dict[str, tuple[str, str] | None] = {}
    if truthy(color) and not re.fullmatch(r"#[A-Fa-f0-9]{6}", str(color)):
        problems["color"] = ("invalid_color", 'Invalid color. Color must be in the format "#RRGGBB".')
    if truthy(icon) and not re.fullmatch(r"(?i)[a-z0-9_\-]+:[a-z0-9_\-\s]+", str(icon)):
        problems["icon"] = ("invalid_icon", 'Invalid icon. Icon must be in the format "icon_type:icon_name".')
    invalid(problems)
    if exact and call.request.headers.get("Content-Type") != "application/json":
        raise RestError("invalid_content_type", "Invalid content type. Expected application/json.")
    return {
        "title": clean_text(call.params["title"], slashed=False),
        "icon": str(icon) if truthy(icon) else ICON,
        "color": str(color) if truthy(color) else COLOR,
    }


def _told(row: dict[str, str]) -> dict[str, Any]:
    return {row["slug"]: {name: row[name] for name in ("title", "color", "icon")}}


@routes(POST, f"{TYPES}/add")
def add_type(call: Call) -> dict[str, Any]:
    """One with the title of a built-in one overwrites it (recorded)."""
    given = _given(call, exact=False)
    slug = slug_of(given["title"])
    with call.fleet.lock:
        if slug in _custom(call):
            raise RestError("duplicate_title", "Duplicate product type. Please choose another one.")
        row = _put(call, slug, given)
    return {"success": 1, "message": "Product type added successfully.", "data": _told(row)}


def _put(call: Call, slug: str, given: dict[str, str]) -> dict[str, str]:
    """What is not sent gets the default, whatever it was (recorded)."""
    known = _types(call)
    row = next((row for row in known if row["slug"] == slug), None)
    if row is None:
        row = {"slug": slug}
        known.append(row)
    row.update(given)
    _custom(call).add(slug)
    return row


def _known_type(call: Call, slug: str) -> None:
    if slug not in {row["slug"] for row in _types(call)}:
        invalid({"slug": ("invalid_slug", "Product type does not exist.")})


@routes(PUT, f"{TYPES}/<loose:slug>/edit")
def edit_type(call: Call, slug: str) -> dict[str, Any]:
    if "title" in call.params:
        _known_type(call, slug)
    given = _given(call, exact=True)
    if slug in BUILT_IN and given["title"] != BUILT_IN[slug]:
        raise RestError("invalid_title", "Cannot change title of default product type.")
    with call.fleet.lock:
        row = _put(call, slug, given)
    return {"success": 1, "message": "Product type updated successfully.", "data": _told(row)}


@routes(DELETE, f"{TYPES}/<loose:slug>/delete")
def delete_type(call: Call, slug: str) -> dict[str, Any]:
    _known_type(call, slug)
    if slug in BUILT_IN:
        raise RestError("invalid_title", "Cannot delete of default product type.")
    known = _types(call)
    with call.fleet.lock:
        known[:] = [row for row in known if row["slug"] != slug]
        _custom(call).discard(slug)
    return {"success": 1, "message": "Product type deleted successfully."}


def _methods(call: Call) -> dict[str, str]:
    kept = call.fleet.settings.setdefault("cost-tracker", {})
    methods: dict[str, str] = kept.get("payment_methods") or {}
    kept["payment_methods"] = methods
    return methods


@routes(POST, f"{METHODS}/add")
def add_method(call: Call) -> dict[str, Any]:
    title = _given(call, exact=False)["title"]
    slug = slug_of(title)
    with call.fleet.lock:
        if slug in _methods(call):
            raise RestError("duplicate_title", "Duplicate payment method. Please choose another one.")
        _methods(call)[slug] = title
    return {"success": 1, "message": "Payment method added successfully.", "data": {slug: title}}


def _known_method(call: Call, slug: str) -> None:
    if slug not in _methods(call):
        invalid({"slug": ("invalid_slug", "Payment method does not exist.")})


@routes(PUT, f"{METHODS}/<loose:slug>/edit")
def edit_method(call: Call, slug: str) -> dict[str, Any]:
    _known_method(call, slug)
    title = _given(call, exact=True)["title"]
    _methods(call)[slug] = title
    return {"success": 1, "message": "Payment method updated successfully.", "data": {slug: title}}


@routes(DELETE, f"{METHODS}/<loose:slug>/delete")
def delete_method(call: Call, slug: str) -> dict[str, Any]:
    _known_method(call, slug)
    del _methods(call)[slug]
    return {"success": 1, "message": "Payment method deleted successfully."}
