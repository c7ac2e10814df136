# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of a tree, in the order in which they are applied: what one needs of another comes first. PRIVATE to the collection.

An entry takes the options of its kind's own module, but for the connection and for how carefully sites are worked on, which
is said once for the whole tree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from .._resource_doors import spec_of
from .._resources import _planning, api_keys, clients, cost_types, costs, sites, tags
from .._resources._resource import Resource
from .._resources.client_fields import CLIENT_FIELD
from .._settings import _planning as _settings
from .._settings.sections import settings_spec
from .._specs import selection_spec
from .._thing_doors import wanted_from
from .._things import extensions, ignored, users

Options = Mapping[str, Any]
#: How carefully sites are worked on: said once, for all kinds.
CAREFULLY = (
    "max_age",
    "max_failed_sites",
    "stop_after",
    "hold_after",
    "wait_timeout",
    "health_check",
    "lock_dir",
    "lock_timeout",
)


@dataclass(frozen=True)
class Kind:
    """One part of a tree: a list of entries, but ``settings``, which are one map."""

    name: str
    #: Whose options an entry takes.
    module: str
    #: The argument spec of an entry.
    spec: Mapping[str, Any]
    #: (options of an entry, options of the task) → what the engine takes. Raises InputError.
    wanted_from: Callable[[Options, Options], Any]
    #: What names an entry to people, the first that is given.
    names: tuple[str, ...]
    #: What AnsibleModule takes beside the argument spec.
    rules: Mapping[str, Any] = field(default_factory=dict)
    #: What a tree does not mention can be removed.
    purges: bool = False
    #: What there is of it can be present or absent …
    resource: Resource | None = None
    #: … or it is on many sites, and nothing is known of a site that is not there yet.
    on_sites: bool = False

    def checked(self, options: Options) -> Any:
        """Check one entry by itself, as its module does before its first request. Raises InputError."""
        return self.wanted_from(options, {})

    def called(self, options: Options) -> str:
        """How people are told which entry is meant."""
        for name in self.names:
            value = options.get(name)
            if isinstance(value, bool):
                return name
            if value not in (None, "", []):
                return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        return self.name


def _of_resource(name: str, module: str, resource: Resource, rules: Options | None = None, **more: Any) -> Kind:
    spec = {name: one for name, one in spec_of(resource).items() if name not in ("sites_mode", *CAREFULLY)}
    names = (resource.name, *resource.keys, resource.id_name)
    rules = {"required_one_of": [(*resource.keys, resource.id_name)], **(rules or {})}
    from_options = _of_site if resource is sites.SITE else partial(_resource_wanted, resource)
    return Kind(name, module, spec, from_options, names, rules, resource=resource, **more)


def _resource_wanted(resource: Resource, options: Options, task: Options) -> Any:
    return replace(_planning.wanted_from(resource, {**_careful(task), **options}), anew=True)


def _of_site(options: Options, task: Options) -> Any:
    """Of a child that asks for no password the tree says so: an empty one, for one that is only missing is asked for."""
    given = {name: value for name, value in options.items() if (name, value) != ("admin_password", "")}
    return _resource_wanted(sites.SITE, given, task)


def _of_sites(
    name: str,
    module: str,
    kind_from: Callable[[Options], Any],
    own: Options,
    names: tuple[str, ...],
    pages: bool = False,
) -> Kind:
    """``pages``: those of a site are looked at before and after."""

    def from_options(options: Options, task: Options) -> Any:
        careful = {key: value for key, value in _careful(task).items() if pages or key != "health_check"}
        return wanted_from(kind_from, {**careful, "details": "all", **options})

    return Kind(name, module, {**selection_spec(), **own}, from_options, names, on_sites=True)


def _careful(task: Options) -> dict[str, Any]:
    return {name: task[name] for name in CAREFULLY if name in task}


KINDS = (
    Kind("settings", "mainwp_settings", settings_spec(), lambda options, _task: _settings.wanted_from(options), ()),
    _of_resource("client_fields", "mainwp_client_field", CLIENT_FIELD, purges=True),
    _of_resource("cost_product_types", "mainwp_cost_product_type", cost_types.PRODUCT_TYPE, purges=True),
    _of_resource("cost_payment_methods", "mainwp_cost_payment_method", cost_types.PAYMENT_METHOD, purges=True),
    _of_resource("tags", "mainwp_tag", tags.TAG, purges=True),
    _of_resource("clients", "mainwp_client", clients.CLIENT),
    _of_resource("sites", "mainwp_site", sites.SITE),
    _of_sites(
        "ignored_updates",
        "mainwp_ignored_update",
        ignored.ignored_from,
        ignored.OPTIONS,
        ("plugins", "themes", *ignored.FLAGS),
    ),
    _of_sites("plugins", "mainwp_plugin", extensions.plugins_from, extensions.PLUGINS, ("plugins",), pages=True),
    _of_sites("themes", "mainwp_theme", extensions.themes_from, extensions.THEMES, ("themes",), pages=True),
    _of_sites("users", "mainwp_user", users.users_from, users.OPTIONS, ("login",)),
    _of_resource("costs", "mainwp_cost", costs.COST, costs.RULES, purges=True),
    _of_resource("api_keys", "mainwp_api_key", api_keys.API_KEY),
)
BY_NAME = {kind.name: kind for kind in KINDS}
