# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be purged: removed because a tree does not mention it. Pure. PRIVATE to the collection.

Ansible replaces variables of one name, so one lost file would empty a tree. Hence all these rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._errors import InputError
from ._entry import Tree
from ._mistakes import Mistakes, cut
from .kinds import BY_NAME, KINDS

PURGED = tuple(kind.name for kind in KINDS if kind.purges)
#: So many of what would go are named.
_NAMED = 50


def check(params: Mapping[str, Any], tree: Tree, prefix: str, mistakes: Mistakes) -> None:
    """Add what is wrong with ``only``, ``purge`` and ``purge_max``."""
    only, purge = params.get("only"), params.get("purge") or ()
    if only is not None and not only:
        mistakes.add(f"{prefix}only", "names no kind, so nothing would be looked at.", "Leave it out for all kinds.")
    for number, name in enumerate(only or ()):
        if name not in BY_NAME:
            mistakes.unknown(f"{prefix}only[{number}]", "kind", name, BY_NAME)
    if params.get("purge_max") is not None and params["purge_max"] < 0:
        mistakes.add(f"{prefix}purge_max", "must not be negative.")
    if purge and (params.get("partial") or only):
        what = "only is given" if only else "this run sees only a part of the tree (a limit, or tags of tasks)"
        mistakes.add(f"{prefix}purge", f"nothing is purged while {what}.", "Run it whole, or without purge.")
    for number, name in enumerate(purge):
        place = f"{prefix}purge[{number}]"
        if name not in BY_NAME:
            mistakes.unknown(place, "kind", name, PURGED)
        elif name not in PURGED:
            remedy = f"Remove one by state: absent. What can be purged: {', '.join(PURGED)}."
            mistakes.add(place, f"{name} are never purged, only told as extra.", remedy)
        elif lost := _lost(params.get("tree"), name):
            for part in lost:
                text = f"is empty, and {name} are purged, so all that it had would go. Is a file lost?"
                mistakes.add(f"{prefix}{part}", text, "Leave it out if nothing belongs there.")
        elif all(entry.is_absent for entry in tree.of(name)):
            remedy = f"If none shall be left, remove each by state: absent in {prefix}{name}."
            mistakes.add(place, f"the tree has no {name} that shall be there, so all would go. Is a file lost?", remedy)


def _lost(tree: Any, name: str) -> list[str]:
    """The parts of a kind that have nothing, where others have something."""
    given = tree if isinstance(tree, Mapping) else {}
    parts = {str(key): value for key, value in given.items() if str(key).partition("__")[0] == name}
    if parts.get(name, ()) is None:
        del parts[name]  # so it is not given
    return [key for key, value in parts.items() if not value] if any(parts.values()) else []


def refuse(extra: Mapping[str, Sequence[str]], most: int, prefix: str = "") -> None:
    """Raises InputError where more would go than may: ``extra`` is kind → what the tree does not mention, all by name."""
    named = [f"{kind}: {cut(name)}" for kind, names in extra.items() for name in names]
    if len(named) > most:
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        text = f"{len(named)} would be removed, and {most} may be: {'; '.join(named[:_NAMED])}{more}."
        raise InputError(f"{prefix}purge_max", text, "If that is meant, raise it to this number. Nothing was changed.")
