# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the event source, checked without Ansible: a rulebook is not run by it. PRIVATE to the collection."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._connection import Connection, connection_from
from .._errors import InputError
from .._feed._source import FeedOptions, feed_options_from
from .._flaws import NONE, RATINGS, Filter
from .._given import CONNECTION, FROM_THE_TASK, listed, unchecked_secrets, with_credentials
from .._secrets import Secrets
from .._selection import Selection, selection_from
from ._names import CHANGED_OUTSIDE, EVENTS, VULNERABLE

_LIST = {"type": "list", "elements": "str"}
#: All options, as argument specs have them. Only API v2 tells what is needed here.
SPEC: dict[str, dict[str, Any]] = {
    **{name: option for name, option in CONNECTION.items() if name != "api_version"},
    # Nothing but reads is asked here, and those are answered from the database.
    "timeout": {"type": "float", "default": 60.0},
    "interval": {"type": "int", "default": 300},
    "state_file": {"type": "path"},
    "events": {**_LIST, "choices": list(EVENTS)},
    "sync_stale_after": {"type": "int", "default": 172800},
    "sites": _LIST,
    "site_tags": _LIST,
    "clients": _LIST,
    "exclude_sites": {**_LIST, "default": []},
    "feed": {"type": "str"},
    "feed_key": {"type": "str", "no_log": True},
    "feed_cache": {"type": "path", "default": "~/.ansible/mainwp-feeds"},
    "feed_max_age": {"type": "int", "default": 86400},
    "min_rating": {"type": "str", "choices": list(RATINGS), "default": NONE},
}
#: What ansible-rulebook itself gives, and reads, beside them.
_OF_THE_RULEBOOK = ("eda_feedback_queue", "feedback")
#: No pause is longer than a year.
_LONGEST = 365 * 24 * 3600


@dataclass(frozen=True)
class Options:
    """The checked options of the event source."""

    connection: Connection
    interval: float
    state_file: Path | None
    events: frozenset[str]
    stale_after: float
    selection: Selection
    feed: FeedOptions | None
    wanted: Filter
    secrets: Secrets


def options_from(args: Mapping[str, Any], environ: Mapping[str, str]) -> Options:
    """Check the arguments of a source. Raises InputError, which tells all that is wrong, and no secret."""
    given = {name: value for name, value in args.items() if name not in _OF_THE_RULEBOOK and value is not None}
    filled = with_credentials({**_from_environment(given, environ), **given}, environ)
    secrets = unchecked_secrets(filled)
    params, wrong = _read(filled)
    found: dict[str, Any] = {}
    for check in () if wrong else (_connection, _seconds, _selection, _feed, _event_names):
        try:
            found.update(check(params))
        except InputError as exc:
            wrong.append(exc)
    if wrong:
        raise InputError(*_all_of(wrong, secrets))
    return Options(**found, secrets=secrets | found["connection"].secrets())


def _connection(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"connection": connection_from(params)}


def _seconds(params: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("interval", "sync_stale_after"):
        if not 1 <= params[name] <= _LONGEST:
            raise InputError(name, f"{params[name]} is not between 1 and {_LONGEST} seconds.")
    path = params["state_file"]
    return {
        "interval": float(params["interval"]),
        "stale_after": float(params["sync_stale_after"]),
        "state_file": Path(os.path.realpath(path)) if path else None,
    }


def _selection(params: Mapping[str, Any]) -> dict[str, Any]:
    selection = selection_from(params, required=False)
    if selection.selects_nothing:
        raise InputError("sites", "an empty list selects nothing.", "Leave the option out for all sites.")
    return {"selection": selection}


def _feed(params: Mapping[str, Any]) -> dict[str, Any]:
    feed = None if params["feed"] is None else feed_options_from(params)
    return {"feed": feed, "wanted": Filter(params["min_rating"])}


def _event_names(params: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are asked for; else all that need no request beside the listings."""
    names, has_feed = params["events"], params["feed"] is not None
    if names is None:
        return {"events": frozenset(EVENTS) - {CHANGED_OUTSIDE} - (set() if has_feed else {VULNERABLE})}
    if VULNERABLE in names and not has_feed:
        raise InputError("feed", f"is missing, and {VULNERABLE} is among events.", "Give the address of a feed.")
    return {"events": frozenset(names)}


def _read(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[InputError]]:
    """(all options in their types, what is wrong with those that are given)."""
    params = {name: option.get("default") for name, option in SPEC.items()}
    wrong = [_stranger(name) for name in given if name not in SPEC]
    for name in (name for name in given if name in SPEC):
        try:
            params[name] = _READ[SPEC[name]["type"]](given[name])
            _check_choices(name, params[name])
        except InputError as exc:
            wrong.append(exc)
        except (TypeError, ValueError):
            wrong.append(InputError(name, f"is no {_CALLED[SPEC[name]['type']]}."))
    return params, wrong


def _from_environment(given: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, str]:
    """Options about the connection that are set there, as for modules."""
    names = (name for name in CONNECTION if name in SPEC and name not in (*FROM_THE_TASK, *given))
    variables = {name: environ.get(f"MAINWP_{name.upper()}") for name in names}
    return {name: value for name, value in variables.items() if value}


def _stranger(name: Any) -> InputError:
    near = difflib.get_close_matches(str(name), SPEC, 1)
    return InputError(str(name)[:100], "there is no such option.", f"Did you mean {near[0]}?" if near else "")


def _check_choices(name: str, value: Any) -> None:
    choices = SPEC[name].get("choices")
    for one in value if isinstance(value, list) else [value]:
        if choices and one not in choices:
            near = difflib.get_close_matches(str(one), choices, 1)
            remedy = f"Did you mean {near[0]}?" if near else f"Use {', '.join(choices)}."
            raise InputError(name, f"there is no '{str(one)[:100]}'.", remedy)
    if choices and value == []:
        raise InputError(name, "is an empty list.", "Leave it out for the default.")


def _all_of(wrong: list[InputError], secrets: Secrets) -> tuple[str, str]:
    """(the options, what is wrong with them) as one error has them."""
    names = sorted({secrets.mask(str(exc.details["option"])) for exc in wrong})
    first, *more = [secrets.mask(str(exc)) for exc in wrong]
    return (names[0], first.partition(": ")[2]) if not more else (", ".join(names), " ".join([first, *more]))


def _as_bool(value: Any) -> bool:
    text = str(value).strip().lower()
    if text in ("y", "yes", "on", "1", "true", "t"):
        return True
    if text in ("n", "no", "off", "0", "false", "f"):
        return False
    raise ValueError


def _as_number(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, (bool, Mapping, list)) or (make is int and isinstance(value, float) and value % 1):
            raise ValueError
        return make(value)

    return read


def _as_text(value: Any) -> str:
    if isinstance(value, (Mapping, list, bool)):
        raise TypeError
    return str(value)


def _as_path(value: Any) -> str:
    if "\0" in (text := _as_text(value)):
        raise ValueError
    return os.path.expanduser(os.path.expandvars(text))


def _as_list(value: Any) -> list[str]:
    if isinstance(value, (Mapping, bool)):
        raise TypeError
    entries = listed(value) if isinstance(value, (str, list, tuple)) else [value]
    return [_as_text(entry).strip() for entry in entries]


def _as_map(value: Any) -> dict[str, Any]:
    found = json.loads(value) if isinstance(value, str) else value
    if not isinstance(found, Mapping):
        raise TypeError
    return dict(found)


_READ: dict[str, Callable[[Any], Any]] = {
    "bool": _as_bool,
    "int": _as_number(int),
    "float": _as_number(float),
    "str": _as_text,
    "path": _as_path,
    "list": _as_list,
    "dict": _as_map,
}
_CALLED = {
    "bool": "yes or no",
    "int": "whole number",
    "float": "number",
    "str": "text",
    "path": "path",
    "list": "list of texts",
    "dict": "map",
}
