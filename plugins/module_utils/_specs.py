# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options: the specs that modules share, and what is secret in a module's own. PRIVATE to the collection.

Each spec is documented in the fragment of its name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.parameters import env_fallback
from ansible.module_utils.common.validation import check_type_dict

from ._given import CONNECTION, FROM_THE_TASK
from ._offers import DEFAULT_DIR as DEFAULT_OFFERS
from ._secrets import MASK, Secrets, named_secrets


def _option(name: str, **spec: Any) -> dict[str, Any]:
    """One that may come from the environment."""
    return {**spec, "fallback": (env_fallback, [f"MAINWP_{name.upper()}"])}


def connection_spec() -> dict[str, Any]:
    """The connection options; documented in the ``connection`` fragment."""
    return {
        name: dict(option) if name in FROM_THE_TASK else _option(name, **option) for name, option in CONNECTION.items()
    }


def door_spec() -> dict[str, Any]:
    """What only modules and their actions take; documented in the ``connection.modules`` fragment."""
    return {
        "concurrency": _option("concurrency", type="int"),
        "run_on": {"type": "str", "choices": ["controller", "host"], "default": "controller"},
        "progress": {"type": "bool", "default": True},
    }


#: Other connection options that may come from the environment.
ENVIRONMENT: dict[str, str] = {
    name: variable
    for name, option in {**connection_spec(), **door_spec()}.items()
    for variable in option.get("fallback", (None, ()))[1]
}


def _lists(*names: str) -> dict[str, Any]:
    """Options that are lists of texts."""
    return {name: {"type": "list", "elements": "str"} for name in names}


def selection_spec() -> dict[str, Any]:
    """The options that select sites; documented in the ``selection`` fragment."""
    return {
        **_lists("sites", "site_tags", "clients"),
        "site_status": {"type": "list", "elements": "str", "choices": ["connected", "disconnected", "suspended"]},
        "all_sites": {"type": "bool", "default": False},
        "exclude_sites": {"type": "list", "elements": "str", "default": []},
        "fail_on_missing": {"type": "bool", "default": True},
    }


def plan_spec() -> dict[str, Any]:
    """The options that say which updates; documented in the ``updates`` fragment."""
    types = ["core", "plugins", "themes", "translations"]
    return {
        "types": {"type": "list", "elements": "str", "choices": types, "default": types},
        "include_updates": {"type": "list", "elements": "str", "default": []},
        "exclude_updates": {"type": "list", "elements": "str", "default": []},
        "max_version_change": {"type": "raw"},
        "max_age": {"type": "int", "default": 300},
        "proven_on": {"type": "dict", "options": _lists("sites", "site_tags", "clients")},
        "proven_for": {"type": "int", "default": 0},
        "proven_history": {"type": "path"},
        "unproven": {"type": "str", "choices": ["skip", "allow"], "default": "skip"},
        "max_backup_age": {"type": "int"},
        "min_offer_age": {"type": "int"},
        "offer_history": {"type": "path", "default": DEFAULT_OFFERS},
    }


def health_spec() -> dict[str, Any]:
    """The option about pages of sites; documented in the ``health`` fragment."""
    return {
        "health_check": {
            "type": "dict",
            "options": {
                "enabled": {"type": "bool", "default": True},
                "paths": {"type": "list", "elements": "raw"},
                "expect": {"type": "str"},
                "timeout": {"type": "float", "default": 15.0},
                "patience": {"type": "float", "default": 60.0},
                "validate_certs": {"type": "bool", "default": True},
            },
        }
    }


def lanes_spec() -> dict[str, Any]:
    """How carefully sites are worked on; documented in the ``lanes`` fragment."""
    return {
        "reconnect": {"type": "bool", "default": False},
        "max_failed_sites": {"type": "str"},
        "stop_after": {"type": "str"},
        "lock_dir": {"type": "path", "default": "~/.ansible/mainwp-locks"},
        "lock_timeout": {"type": "int", "default": 600},
        "details": {"type": "str", "choices": ["some", "all"], "default": "some"},
    }


def things_spec(live: bool = False) -> dict[str, Any]:
    """The same of things on sites; documented in the fragments ``lanes.things`` and, unless they are read ``live``,
    ``lanes.synced``."""
    return {
        **selection_spec(),
        **lanes_spec(),
        **({} if live else {"max_age": {"type": "int", "default": 300}}),
        "hold_after": {"type": "int", "default": 2},
        "wait_timeout": {"type": "int", "default": 600},
    }


def own_secrets(spec: Mapping[str, Any], params: Mapping[str, Any]) -> Secrets:
    """What a module's own options hold that are ``no_log``, in suboptions, too, or stand in a free map under a name that speaks
    of a secret. Masked in texts, not in what names something: a password may be some plugin's slug."""
    free = (text for name in free_maps(spec) for text in named_secrets(as_free_map(params.get(name))))
    return Secrets([*hidden_values(spec, params), *free], always=Secrets())


def hidden_values(spec: Mapping[str, Any], params: Mapping[str, Any]) -> Iterator[str]:
    """What stands in options that are ``no_log``, in suboptions, too."""
    for name, option in spec.items():
        value = params.get(name)
        entries = value if isinstance(value, list) else [value]
        if option.get("no_log"):
            yield from (str(entry) for entry in entries if entry is not None)
        else:
            for entry in entries:
                yield from hidden_values(option.get("options") or {}, entry) if isinstance(entry, Mapping) else ()


def veiled(spec: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """``params`` with a mask in the place of each of these values, whatever it is."""

    def one(option: Mapping[str, Any], value: Any) -> Any:
        if isinstance(value, list):
            return [one(option, entry) for entry in value]
        if option.get("no_log"):
            return None if value is None else MASK
        return veiled(option["options"], value) if option.get("options") and isinstance(value, Mapping) else value

    return {name: one(spec.get(name) or {}, value) for name, value in params.items()}


def free_maps(spec: Mapping[str, Any]) -> list[str]:
    """The options that are maps with any keys; ``headers`` have rules of their own."""
    return [
        name
        for name, option in spec.items()
        if option.get("type") == "dict" and not option.get("options") and name != "headers"
    ]


def as_free_map(value: Any) -> Any:
    """A map as Ansible reads one: a string may hold it."""
    if isinstance(value, str):
        with contextlib.suppress(TypeError):
            return check_type_dict(value)
    return value


def refusable(spec: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """``params``, with a map of one unknown suboption for whatever else stands where a map of suboptions belongs.

    Ansible's validation refuses that in a sentence, which names the option and its suboptions. Of a bool or a number it
    dies, and what it then says shows the task. Suboptions that are null are left out: of those with choices it knows none
    that is null.
    """
    result = dict(params)
    for name, option in spec.items():
        if not option.get("options") or name not in params:
            continue
        value, several = params[name], option.get("type") == "list" and isinstance(params[name], list)
        result[name] = [_as_map(option, entry) for entry in value] if several else _as_map(option, value)
    return result


def _as_map(option: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: given for name, given in refusable(option["options"], value).items() if given is not None}
    return value if value is None or isinstance(value, str) else {str(value): None}


def state_spec(id_name: str = "id") -> dict[str, Any]:
    """What every module has that makes something present or absent; documented in the ``state`` fragment."""
    one = {id_name: {"type": "int" if id_name == "id" else "str"}}
    return {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}, **one}


def member_spec() -> dict[str, Any]:
    """Which sites belong to it; documented in the ``state.sites`` fragment."""
    return {
        **_lists("sites"),
        "sites_mode": {"type": "str", "choices": ["replace", "add", "remove"], "default": "replace"},
    }


def info_spec(*keys: str) -> dict[str, Any]:
    """Filters of a module that only reads: ids, and what one is known by."""
    return {"ids": {"type": "list", "elements": "int"}, **_lists(*(f"{key}s" for key in keys))}
