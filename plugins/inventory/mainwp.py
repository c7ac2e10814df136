# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: mainwp
short_description: Child sites of MainWP Dashboards as inventory hosts
version_added: 0.1.0
author:
  - wpfleet.mainwp contributors (@wpfleet)
description:
  - Makes every child site of one or several MainWP Dashboards an inventory host, with what the Dashboard knows of it as
    host variables and groups by Dashboard, tag, client and status.
  - The configuration file's name must end in C(mainwp.yml) or C(mainwp.yaml).
  - No C(ansible_connection) is set. Sites are worked on through their Dashboard, by modules of this collection, so
    plays on them should use C(gather_facts=false).
  - Hosts come in an order that spreads neighbours over different servers.
  - Staging sites are not listed by MainWP's API.
  - With O(cache), a fresh cache saves all requests. One that is corrupt, of another configuration or of another version
    is not used, one that cannot be read or written costs a warning, and what was read while a Dashboard could not be
    reached is not kept.
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.plugins
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description: Must be V(wpfleet.mainwp.mainwp).
    type: str
    required: true
    choices: [wpfleet.mainwp.mainwp]
  name:
    description:
      - How this Dashboard is called in group names and host variables. By default its host name.
    type: str
  dashboards:
    description:
      - Several Dashboards. Each entry takes C(name), O(url) and any other connection option; what it leaves out is taken
        from the options beside O(dashboards), credentials as a set.
      - Connection options may be templates, for example with a lookup. Credentials that turn out empty are an error.
    type: list
    elements: dict
  fail_on_unreachable:
    description:
      - Whether a Dashboard that cannot be read makes the whole inventory fail. With V(false) its sites are missing, and
        AWX, for one, deletes hosts that are missing.
    type: bool
    default: true
  hostname:
    description:
      - A Jinja2 expression (without braces) over the host variables that gives the host's name, for example
        V(mainwp_site_name). By default the site's domain in ASCII, without C(www.), with path and port appended where it has any.
      - A name that two addresses want, or that means something to Ansible as V(localhost) does, belongs to neither; both
        get the Dashboard's name and the site's id appended, with a warning. Sites that differ in C(www.) alone are called
        with and without it. Of one address on two Dashboards, the first keeps the name.
    type: str
  hostvars_prefix:
    description:
      - What the names of host variables begin with. An empty prefix, V(mainwp_) and V(ansible_) are refused, for a
        variable C(mainwp_url) would send the Dashboard's key to the client's site.
    type: str
    default: mainwp_site_
  filters:
    description:
      - A list of C(include) and C(exclude) entries, each with a Jinja2 expression over the host variables. The first
        that is true decides; a site that none decides is included.
      - An expression must give true or false; anything else is an error.
    type: list
    elements: dict
    default: []
  site_status:
    description:
      - Only sites with one of these statuses.
    type: list
    elements: str
    choices: [connected, disconnected, suspended]
  with_updates:
    description:
      - V(counts) adds C(update_counts), the stored offers by type before MainWP's ignore rules.
      - V(lists) adds C(updates) as well, after ignore rules, for one request per 25 sites that have any, or per
        49 updates.
      - V(none) adds neither.
    type: str
    choices: [none, counts, lists]
    default: counts
seealso:
  - module: wpfleet.mainwp.mainwp_site_info
"""

EXAMPLES = r"""
# One Dashboard; url and key come from MAINWP_URL and MAINWP_API_KEY.
plugin: wpfleet.mainwp.mainwp

# Two Dashboards with keys from the environment, by name.
# plugin: wpfleet.mainwp.mainwp
# dashboards:
#   - name: agency
#     url: https://dashboard.example
#     api_key: "{{ lookup('ansible.builtin.env', 'AGENCY_KEY') }}"
#   - name: shops
#     url: https://shops.example/dashboard
#     api_key: "{{ lookup('ansible.builtin.env', 'SHOPS_KEY') }}"

# Only connected sites of all clients but one, by PHP version and pending work.
# plugin: wpfleet.mainwp.mainwp
# url: https://dashboard.example
# api_key: "{{ lookup('ansible.builtin.env', 'MAINWP_KEY') }}"
# site_status: [connected]
# filters:
#   - exclude: mainwp_site_client == 'Acme Ltd'
# keyed_groups:
#   - key: mainwp_site_php_version.split('.')[:2] | join('_')
#     prefix: mainwp_php
#     default_value: unknown  # of a site that was never synced
# groups:
#   mainwp_pending: mainwp_site_update_counts.total > 0
#   mainwp_core_pending: mainwp_site_update_counts.core > 0
# cache: true
# cache_plugin: ansible.builtin.jsonfile
# cache_timeout: 900
# cache_connection: ~/.cache/mainwp-inventory
"""

import re
from collections.abc import Mapping, Sequence
from os import environ
from typing import Any
from urllib.parse import urlsplit

from ansible.errors import AnsibleParserError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ..plugin_utils._supported import refuse_older_core

refuse_older_core()

from ..module_utils._connection import Connection, connection_from
from ..module_utils._dashboard import Dashboard
from ..module_utils._errors import InputError, MainWPError
from ..module_utils._given import CREDENTIALS, with_credentials
from ..module_utils._models import Site
from ..module_utils._pending import read_pending
from ..module_utils._secrets import printable
from ..module_utils._specs import connection_spec
from ..plugin_utils import _inventory as shape


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Sites as hosts."""

    NAME = "wpfleet.mainwp.mainwp"

    inventory: Any  # the base class sets it in parse()
    #: There is a cache, and it can be used.
    _caching = False

    def verify_file(self, path: str) -> bool:
        """Only files called ``…mainwp.yml`` or ``…mainwp.yaml``."""
        return bool(super().verify_file(path)) and path.endswith(("mainwp.yml", "mainwp.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Read the sites, or take them from the cache, and fill the inventory."""
        super().parse(inventory, loader, path, cache)
        self._read_options(path)
        try:
            self._fill(self._cached_sites(path, cache), self._prefix())
        except MainWPError as exc:
            raise AnsibleParserError(printable(str(exc))) from None

    def _read_options(self, path: str) -> None:
        """The configuration file; a cache that cannot be used is done without."""
        self._caching = False
        try:
            self._read_config_data(path)
        except Exception as exc:
            # The base class loads the cache plugin last, once all options are there.
            if not self._options or not self.get_option("cache"):
                raise
            self.display.warning(f"The inventory cache cannot be used: {exc}")
        else:
            self._caching = bool(self.get_option("cache"))

    def _prefix(self) -> str:
        prefix = str(self.get_option("hostvars_prefix") or "")
        if prefix in ("", "mainwp_", "ansible_"):
            raise InputError(
                "hostvars_prefix",
                f"'{prefix}' would mix the sites' facts with variables that steer connections.",
                "Use mainwp_site_.",
            )
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", prefix):
            raise InputError("hostvars_prefix", f"'{prefix}' cannot begin a variable's name.", "Use mainwp_site_.")
        return prefix

    # -- cache ----------------------------------------------------------------------------------------------------

    def _cached_sites(self, path: str, cache: bool) -> list[dict[str, Any]]:
        """Records of all sites; the cache is used if it is on, fresh, whole and of this configuration."""
        if not self._caching:
            return self._read_dashboards()[0]
        key, configuration = self.get_cache_key(path), self._configuration()
        if cache:
            try:
                found = shape.unsealed(self._cache[key], configuration)
                if found is not None:
                    return found
            except KeyError:
                pass
            except Exception as exc:  # noqa: BLE001  # whatever a cache plugin raises, the Dashboard knows better
                self.display.warning(f"The inventory cache cannot be read and is not used: {exc}")
        sites, complete = self._read_dashboards()
        if complete:
            self._cache[key] = shape.sealed(sites, configuration)
        return sites

    def update_cache_if_changed(self) -> None:
        """Write the cache, if there is one. That it cannot be written never breaks a run."""
        if not self._caching:
            return
        try:
            super().update_cache_if_changed()
        except Exception as exc:  # noqa: BLE001  # as above
            self.display.warning(f"The inventory cache cannot be written: {exc}")

    def _configuration(self) -> list[Any]:
        """What decides which sites are read and how much of them; without credentials."""
        parts: list[Any] = [self.get_option("site_status"), self.get_option("with_updates")]
        for entry in self._entries():
            own = [entry.get(name) or self.get_option(name) for name in ("url", "api_version")]
            parts.append([self._templated(value) for value in (entry.get("name"), *own)])
        return parts

    # -- reading --------------------------------------------------------------------------------------------------

    def _read_dashboards(self) -> tuple[list[dict[str, Any]], bool]:
        """(records of all sites, whether every Dashboard could be read)."""
        records: list[dict[str, Any]] = []
        complete = True
        for name, params in self._dashboards():
            connection = connection_from(params)
            if connection.verify is False:
                self.display.warning(
                    f"validate_certs is false: whoever is between here and {connection.url} can read the key."
                )
            try:
                records += self._read_one(name, connection)
            except MainWPError as exc:
                text = connection.secrets().mask(printable(f"Dashboard {name}: {exc}"))
                if self.get_option("fail_on_unreachable"):
                    raise AnsibleParserError(text) from None
                self.display.warning(f"{text} Its sites are missing from the inventory.")
                complete = False
        return records, complete

    def _read_one(self, name: str, connection: Connection) -> list[dict[str, Any]]:
        secrets = connection.secrets()
        dashboard = Dashboard(connection, lambda text: self.display.warning(secrets.mask(printable(text))))
        try:
            sites = dashboard.sites()
            wanted = self.get_option("site_status")
            if wanted is not None:
                sites = [site for site in sites if site.status in wanted]
            clients = dashboard.client_names(sites)
            detail = self.get_option("with_updates")

            told = read_pending(dashboard, sites) if detail == "lists" else {}

            def one(site: Site) -> dict[str, Any]:
                updates = told.get(site.id, ()) if detail == "lists" else None
                if isinstance(updates, MainWPError):
                    raise updates
                return shape.record(site, {"name": name, "url": connection.url}, clients, updates, detail != "none")

            return list(secrets.mask_all([one(site) for site in sites]))
        finally:
            dashboard.close()

    # -- options --------------------------------------------------------------------------------------------------

    def _entries(self) -> list[Mapping[str, Any]]:
        """The Dashboards as the options list them."""
        entries = self.get_option("dashboards")
        if entries is None:
            return [{"name": self.get_option("name")}]
        if not entries or not all(isinstance(entry, Mapping) for entry in entries):
            raise InputError("dashboards", "is not a list of Dashboards.", "Give each as a map with name and url.")
        return list(entries)

    def _dashboards(self) -> list[tuple[str, dict[str, Any]]]:
        """(name, connection parameters) of each Dashboard; templates are resolved here."""
        common = {name: self.get_option(name) for name in connection_spec()}
        found: list[tuple[str, dict[str, Any]]] = []
        for number, entry in enumerate(self._entries(), 1):
            params = self._checked(number, entry, common)
            name = str(
                self._templated(entry.get("name")) or urlsplit(str(params.get("url") or "")).hostname or f"{number}"
            )
            if any(name == known for known, _params in found):
                raise InputError("dashboards", f"two of them are called '{name}'.", "Give each a name of its own.")
            found.append((name, params))
        return found

    def _checked(self, number: int, entry: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
        own = {key: value for key, value in entry.items() if key != "name" and value is not None}
        gives_credentials = any(own.get(key) for key in CREDENTIALS)
        inherited = {
            key: value
            for key, value in common.items()
            if value is not None and not (gives_credentials and key in CREDENTIALS)
        }
        given = {**inherited, **own}
        merged = {key: self._templated(value) for key, value in given.items()}
        asked = [key for key in CREDENTIALS if given.get(key)]
        if asked and not any(merged[key] for key in asked):
            # Not the environment's then: that key may be another Dashboard's.
            raise InputError(asked[0], f"the expression for Dashboard {number} gives nothing.", "Check the lookup.")
        unknown = sorted(set(merged) - set(connection_spec()))
        if unknown:
            raise InputError("dashboards", f"entry {number} has unknown options: {', '.join(unknown)}.")
        result = ArgumentSpecValidator(connection_spec()).validate(merged)
        if result.error_messages:
            raise InputError("dashboards", f"entry {number}: {'; '.join(result.error_messages)}.")
        return with_credentials(result.validated_parameters, environ)

    def _templated(self, value: Any) -> Any:
        if isinstance(value, str):
            self.templar.available_variables = self._vars or {}
            return self.templar.template(value)
        if isinstance(value, Mapping):
            return {key: self._templated(item) for key, item in value.items()}
        # !vault inside dashboards, as ansible-core reads it up to 2.18
        return str(value) if getattr(value, "__ENCRYPTED__", False) else value

    # -- filling --------------------------------------------------------------------------------------------------

    def _fill(self, sites: Sequence[dict[str, Any]], prefix: str) -> None:
        """Hosts, variables and groups, in an order that spreads servers."""
        kept = []
        for facts in sites:
            # Text from the API is data, never a template.
            variables = {f"{prefix}{key}": wrap_var(value) for key, value in facts.items()}
            if self._passes(variables):
                kept.append((self._name(facts, variables), facts, variables))
        names, warnings = shape.unique_names([(name, facts) for name, facts, _variables in kept])
        hosts = [(name, facts, variables) for name, (_wanted, facts, variables) in zip(names, kept, strict=True)]
        clashes = shape.clashes(facts for _name, facts, _variables in hosts)
        for text in (*warnings, *clashes):
            self.display.warning(text)
        self.inventory.add_group("mainwp_sites")
        for name, facts, variables in shape.spread(hosts):
            self._add(name, facts, variables)

    def _add(self, name: str, facts: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
        """One host with its variables and groups."""
        strict = self.get_option("strict")
        self.inventory.add_host(name)
        for key, value in variables.items():
            self.inventory.set_variable(name, key, value)
        for group, _meaning in shape.groups_of(facts):
            self.inventory.add_group(group)
            self.inventory.add_child(group, name)
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)

    def _passes(self, variables: Mapping[str, Any]) -> bool:
        """The first filter that is true decides."""
        for number, entry in enumerate(self.get_option("filters"), 1):
            if len(entry) != 1 or next(iter(entry)) not in ("include", "exclude"):
                raise InputError("filters", f"entry {number} must have just include or exclude.")
            ((kind, expression),) = entry.items()
            if self._is_true(number, expression, variables):
                return bool(kind == "include")
        return True

    def _is_true(self, number: int, expression: Any, variables: Mapping[str, Any]) -> bool:
        if isinstance(expression, bool):
            return expression
        try:
            made = self._compose(expression, dict(variables))
            truth = shape.truth(made)
        except Exception as exc:  # noqa: BLE001  # Jinja raises many kinds
            raise InputError("filters", f"entry {number}: {exc}.") from None
        if truth is None:
            raise InputError(
                "filters",
                f"entry {number}: {expression} gives {type(made).__name__}, not true or false.",
                "Compare it with something, or use a test such as: mainwp_site_tags | length > 0.",
            )
        return truth

    def _name(self, facts: Mapping[str, Any], variables: Mapping[str, Any]) -> str:
        template = self.get_option("hostname")
        if not template:
            return shape.default_name(facts["url"])
        try:
            made = self._compose(template, dict(variables))
        except Exception as exc:  # noqa: BLE001  # Jinja raises many kinds
            raise InputError("hostname", f"{template}: {exc}.") from None
        # nothing: null, or an empty text before ansible-core 2.19
        return shape.valid_name("" if made is None else str(made))
