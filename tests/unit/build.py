# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites and updates made short."""

from __future__ import annotations

from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import (
    CORE,
    CORE_SLUG,
    PLUGIN,
    THEME,
    TRANSLATION,
    Extension,
    Site,
    Tag,
    Update,
)


def plugin(slug: str = "forms/forms.php", old: str = "1.0.0", new: str = "1.1.0", **more: Any) -> Update:
    """A plugin's update; its name is the directory in capitals."""
    return Update(PLUGIN, slug, more.pop("name", slug.split("/", maxsplit=1)[0].title()), old, new, **more)


def theme(slug: str = "sand", old: str = "1.0", new: str = "1.2", **more: Any) -> Update:
    """A theme's update."""
    return Update(THEME, slug, more.pop("name", slug.title()), old, new, **more)


def core(old: str = "7.0.4", new: str = "7.1") -> Update:
    """An update of WordPress itself."""
    return Update(CORE, CORE_SLUG, "WordPress", old, new)


def translation(slug: str = "forms", language: str = "de_DE", new: str = "1.0") -> Update:
    """A translation that waits."""
    return Update(TRANSLATION, slug, slug.title(), "", new, language)


def ext(slug: str, version: str, active: bool = True) -> Extension:
    """An installed plugin or theme."""
    return Extension(slug, slug.split("/", maxsplit=1)[0].title(), version, active)


def site(number: int = 1, url: str = "", *tags: int, **more: Any) -> Site:
    """A child site. Bare numbers are ids of tags."""
    address = url or f"https://site{number}.example/"
    return Site(number, address, more.pop("name", f"Site {number}"), tags=tuple(Tag(t, "") for t in tags), **more)
