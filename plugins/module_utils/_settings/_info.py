# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What there is of the settings, read only. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._dashboard import Dashboard
from .._report import plural
from . import _engine as engine
from ._section import Section, State
from .sections import SECTIONS


def run(dashboard: Dashboard, names: Sequence[str], reporter: Any, check_mode: bool) -> dict[str, Any]:
    """These sections, in the shape in which they can be given."""
    del reporter, check_mode
    asked = [section for section in SECTIONS if section.name in names]
    found = dict(zip((section.name for section in asked), engine.read(dashboard, asked), strict=True))
    return {
        "changed": False,
        "msg": f"{plural(len(asked), 'section')} of settings",
        "settings": {section.name: section.told(found[section.name].values) for section in asked},
        "secrets": {
            name: is_set for section in asked for name, is_set in _secrets(section, found[section.name]).items()
        },
        "dashboard": dashboard.in_results,
    }


def sections_from(params: Mapping[str, Any]) -> list[str]:
    """Which ones; all unless told otherwise."""
    asked = params.get("sections")
    return [section.name for section in SECTIONS] if asked is None else list(asked)


def _secrets(section: Section, state: State) -> dict[str, bool]:
    """Of those that can be read: whether there is one."""
    fields = [one for one in section.fields if one.secret and one.readable and one.path in state.values]
    return {f"{section.name}.{one.path}": bool(state.values[one.path]) for one in fields}
