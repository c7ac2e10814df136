# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names in a tree, held against what the Dashboard has. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection

from .._dashboard import Dashboard
from . import _members, _references
from ._entry import COSTS, PAYMENT_METHODS, PRODUCT_TYPES, SITES, Tree
from ._mistakes import Mistakes
from .kinds import KINDS

_ON_SITES = {kind.name for kind in KINDS if kind.on_sites}
#: Kinds whose entries name sites, tags or clients.
_NAMING = {SITES, COSTS, *_ON_SITES}


def looked_up(dashboard: Dashboard, tree: Tree, purge: Collection[str], mistakes: Mistakes) -> Tree:
    """The tree with what only the Dashboard tells of it. Names that nothing has are mistakes; what nobody names is not read."""
    api, kinds = dashboard.v2, {name for name, entries in tree.entries.items() if entries}
    if not (kinds & _NAMING or tree.members):
        return tree
    sites = dashboard.sites()
    tree = _members.settled(tree, sites, mistakes)
    options = {name for kind in _NAMING for entry in tree.of(kind) for name in entry.options}
    costs = {name for entry in tree.of(COSTS) for name in entry.options}
    known = _references.Known(
        sites,
        api.tags.rows if "site_tags" in options else None,
        api.clients.rows if options & {"client", "clients"} else None,
        [row["id"] for row in api.product_types.rows] if "product_type" in costs or PRODUCT_TYPES in kinds else None,
        [row["id"] for row in api.payment_methods.rows]
        if "payment_method" in costs or PAYMENT_METHODS in kinds
        else None,
    )
    _references.look(tree, known, purge, mistakes)
    return tree
