# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Section api_backups: accounts with providers that make backups. PRIVATE to the collection.

Of a key the last four characters are told, of cPanel's password nothing; answers to writes repeat both in clear.
"""

from __future__ import annotations

from typing import Any

from .._api import normalise
from ._fields import Field, address, flag, line, link, secret
from ._section import Plan, Section, Write

_KEY, _PASSWORD = "api_key", "password"
#: What a provider has beside a key.
_PROVIDERS = {
    "cloudways": ("account_email",),
    "gridpane": (),
    "vultr": (),
    "linode": (),
    "digitalocean": (),
    "cpanel": ("url", "site_path", "username"),
    "plesk": ("url",),
    "kinsta": ("account_email", "company_id"),
}


def _field(name: str, provider: str) -> Field:
    if name == "account_email":
        return address(name, provider)
    return link(name, provider) if name == "url" else line(name, group=provider, can_empty=True, exact=True)


def _fields(provider: str, names: tuple[str, ...]) -> list[Field]:
    key = secret(_PASSWORD, provider, readable=False) if provider == "cpanel" else secret(_KEY, provider)
    return [flag("enabled", group=provider), *(_field(name, provider) for name in names), key]


def _columns(data: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for provider, row in normalise.as_map(normalise.as_map(data).get("api_backups")).items():
        values = {**normalise.as_map(row), **normalise.as_map(normalise.as_map(row).get("secrets"))}
        told |= {f"{provider}.{name}": value for name, value in values.items()} | {f"{provider}.{_PASSWORD}": None}
    return told


def _writes(plan: Plan) -> list[Write]:
    writes = []
    for provider, fields in plan.groups.items():
        sent = {one.column: plan.changes[one.path].sent for one in fields}
        key = {"secrets": {_KEY: sent.pop(_KEY)}} if _KEY in sent else {}
        writes.append(Write(f"api-backups/{provider}", {**sent, **key}, [one.path for one in fields]))
    return writes


API_BACKUPS = Section(
    "api_backups",
    "api-backups",
    tuple(one for provider, names in _PROVIDERS.items() for one in _fields(provider, names)),
    columns=_columns,
    writes=_writes,
)
