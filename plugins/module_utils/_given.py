# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options as they are given: about a connection, where else values come from, and what is secret in them. PRIVATE.

Knows no Ansible, for not all that are given options run in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._secrets import Secrets, header_secrets, scheme_secrets, url_secrets

#: Credentials from the environment give way as a set to any given in the task.
CREDENTIALS = {name: f"MAINWP_{name.upper()}" for name in ("api_key", "consumer_key", "consumer_secret")}

#: Options with keys for others than the Dashboard.
KEYS = ("feed_key",)

#: Options whose values are never taken from the environment one by one.
FROM_THE_TASK = (*CREDENTIALS, "headers", "secret_headers")

#: The connection options, as argument specs have them; documented in the ``connection`` fragment.
CONNECTION: dict[str, dict[str, Any]] = {
    "url": {"type": "str"},
    "api_key": {"type": "str", "no_log": True},
    "consumer_key": {"type": "str", "no_log": True},
    "consumer_secret": {"type": "str", "no_log": True},
    "auth_method": {"type": "str", "choices": ["auto", "bearer", "basic", "query"], "default": "auto"},
    "api_version": {"type": "str", "choices": ["v2", "v1"], "default": "v2"},
    "rest_prefix": {"type": "str", "default": "wp-json"},
    "allow_http": {"type": "bool", "default": False},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "proxy": {"type": "str"},
    # Not no_log: Ansible would cut their values out of addresses and version numbers. The doors mask secret ones.
    "headers": {"type": "dict"},
    "secret_headers": {"type": "list", "elements": "str", "no_log": False},
    "connect_timeout": {"type": "float", "default": 10.0},
    "timeout": {"type": "float", "default": 300.0},
    "retries": {"type": "int", "default": 3},
    "retry_max_delay": {"type": "float", "default": 30.0},
}


def with_credentials(params: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """``params`` with credentials from the environment, but only if the task gave none at all."""
    result = dict(params)
    if not any(result.get(name) for name in CREDENTIALS):
        result.update({name: environ[variable] for name, variable in CREDENTIALS.items() if environ.get(variable)})
    return result


def unchecked_secrets(params: Mapping[str, Any]) -> Secrets:
    """The secrets among options that nobody has validated yet: credentials, header values, the proxy's password."""
    credentials = [str(params[name]) for name in (*CREDENTIALS, *KEYS) if params.get(name)]
    headers, named = params.get("headers"), params.get("secret_headers")
    if isinstance(headers, Mapping):
        texts = header_secrets(headers, map(str, listed(named)))[0]
    else:
        texts = [str(headers or "")]
    for name in ("url", "proxy"):
        texts += url_secrets(str(params.get(name) or ""))
    return Secrets(
        texts, always=Secrets([*credentials, *(part for text in credentials for part in scheme_secrets(text))])
    )


def listed(value: Any) -> list[Any]:
    """A list as Ansible reads one: a string may hold several, with commas in between."""
    return value.split(",") if isinstance(value, str) else list(value or ())
