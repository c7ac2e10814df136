# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings as the map of a tree. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

from .._dashboard import Dashboard
from .._resources._fields import Unstorable
from .._settings import _engine as engine
from .._settings._fields import Field
from .._settings._section import Section, State
from .._settings.sections import SECTIONS
from ._export_part import Part
from .kinds import BY_NAME

#: Settings that tell who somebody is.
_PERSONAL = ("recipients", "account_email", "username")
_ZONE = "general.timezone_string"
_VERIFY = "ssl_verify_certificate"
_BACKUPS = ("primary_backup", "enable_legacy_backup_feature")


def settings(dashboard: Dashboard, personal: bool) -> Part:
    """All that was ever saved, or has a default that MainWP tells."""
    content: dict[str, Any] = {}
    left_out: list[str] = []
    for section, state in zip(SECTIONS, engine.read(dashboard, SECTIONS), strict=True):
        kept: dict[str, Any] = {}
        for one in section.fields:
            why = _why_not(one, state, personal)
            if why is None:
                kept[one.path] = state.values[one.path]
            elif why:
                left_out.append(f"{section.name}.{one.path} {why}")
        left_out += [f"{section.name}.{text}" for text in _never_saved(kept)]
        content |= _shaped(section, kept)
    left_out += _zone(content["general"], dashboard.v2.settings.zone()) if "general" in content else []
    if not personal:
        left_out.append("E-mail addresses and user names are left out without include_personal: true.")
    return Part(BY_NAME["settings"], content, tuple(left_out))


def _never_saved(kept: dict[str, Any]) -> list[str]:
    """What reads alike where it was never saved, and means something else there, or could not be saved so: it is taken out."""
    told = []
    if kept.get(_VERIFY) is False:
        del kept[_VERIFY]
        told.append(f"{_VERIFY} is off, or was never saved, and then MainWP verifies: its API does not tell which.")
    if kept.get(_BACKUPS[0]) == "native" and not kept.get(_BACKUPS[1]):
        for path in _BACKUPS:
            kept.pop(path, None)
        told.append(
            f"{_BACKUPS[0]} and {_BACKUPS[1]} are as MainWP has them at first, which its API would refuse to set again."
        )
    return told


def _zone(general: dict[str, Any], name: str | None) -> list[str]:
    """An offset that goes with the seasons is none to keep."""
    if name is None:
        return [f"{_ZONE} is the offset as of now, for nobody tells whether WordPress has a zone with a name."]
    if not name:
        return []
    general.pop("timezone_string", None)
    return [f"{_ZONE} is not here: WordPress has the zone {name} by name, which only its own page can set."]


def _why_not(one: Field, state: State, personal: bool) -> str | None:
    """Why a setting is not exported; empty where that goes without saying, None if it is."""
    value = state.values.get(one.path)
    if one.secret:
        return "is set. It is a secret, so it is not here." if value else ""
    if one.name in _PERSONAL and not personal:
        return ""
    if value is None:
        raw = state.raw.get(one.path)
        return "" if raw in (None, False, "", 0, "0", [], {}) else "has a value that MainWP's API would not take."
    try:
        one.storable(one.wanted(value))
    except Unstorable as problem:
        return f"cannot be given again: {problem}" if value else ""
    return None if one.wanted(value) == value else "has a value that MainWP's API would change."


def _shaped(section: Section, kept: dict[str, Any]) -> dict[str, Any]:
    """Values by path in the shape of the option; nothing where there are none."""
    shape: dict[str, Any] = {}
    for path, value in kept.items():
        one = section.by_path[path]
        (shape.setdefault(one.group, {}) if one.group else shape)[one.name] = value
    return {section.name: shape} if shape else {}
