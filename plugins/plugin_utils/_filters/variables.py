# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which variables of a role there are not, as a filter. PRIVATE."""

from __future__ import annotations

from collections.abc import Iterable

from ...module_utils._config._mistakes import cut, nearest


def unknown_variables(names: Iterable[str], known: Iterable[str], prefix: str = "", near: bool = False) -> str:
    """A sentence about each name that begins with ``prefix`` and is not among those that are ``known`` without it; empty if
    there is none. Only then is anything compared. With ``near`` one that is like none of them is somebody else's."""
    there = list(known)
    unknown = sorted({str(name).removeprefix(prefix) for name in names}.difference(there))
    if near:
        unknown = [name for name in unknown if nearest(name, there)]
    return " ".join(
        f"{prefix}{cut(name)}: there is no such variable. {_remedy(name, there, prefix)}" for name in unknown
    )


def _remedy(name: str, known: Iterable[str], prefix: str) -> str:
    if meant := nearest(name, known):
        return f"Did you mean {prefix}{meant}?"
    return f"Variables that begin with {prefix} are all the role's: give yours another name."
