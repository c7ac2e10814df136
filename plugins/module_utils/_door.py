# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge between a job and Ansible: a job with its options, and what becomes of it. PRIVATE to the collection.

What is here knows no Dashboard, for some jobs need none: they run on the controller only. ``_dashboard_door`` is the
rest. Whatever the door, the argument spec, the checks and the result are the same.
"""

from __future__ import annotations

import copy
import math
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ._errors import InputError, MainWPError
from ._given import unchecked_secrets, with_credentials
from ._secrets import Secrets, printable
from ._signals import terminable
from ._specs import own_secrets

_FAILED = {"failed": True, "changed": False}
#: So many entries of a list are told that are wrong.
_TOLD = 50
#: A job whose options are checked: (reporter, check mode) → result.
Job = Callable[[Any, bool], dict[str, Any]]


@dataclass(frozen=True)
class Door:
    """A job with its argument spec, done on the controller. ``options_from`` checks, ``run`` does."""

    name: str
    options_from: Callable[[Mapping[str, Any]], Any]
    #: (options, reporter, check mode) → result
    run: Callable[..., dict[str, Any]]
    spec: Mapping[str, Any] = field(default_factory=dict)
    #: What AnsibleModule takes beside the argument spec: required_if, mutually_exclusive, required_one_of …
    rules: Mapping[str, Any] = field(default_factory=dict)

    #: It can be sent to a host, with ``run_on: host``.
    travels: ClassVar[bool] = False
    #: The library that this Python lacks.
    missing: ClassVar[str] = ""
    #: Options beside its own.
    common: ClassVar[Mapping[str, Any]] = {}

    @property
    def argument_spec(self) -> dict[str, Any]:
        """All options."""
        return {**self.common, **self.spec}

    @property
    def validator(self) -> ArgumentSpecValidator:
        """What checks options as AnsibleModule does; of a copy, for it fills in what a default that is a map leaves out."""
        return ArgumentSpecValidator(copy.deepcopy(self.argument_spec), **self.rules)

    def hidden(self, params: Mapping[str, Any]) -> Secrets:
        """What its own options hold that must not be seen; nobody has checked them yet."""
        return own_secrets(self.spec, params)

    def job(self, params: Mapping[str, Any]) -> tuple[Job, Secrets]:
        """The job, ready to be done, and what must not be seen of it. Raises InputError."""
        own = {name: value for name, value in params.items() if name in self.argument_spec}
        return partial(self.run, self.options_from(own)), unchecked_secrets(params)


def misplaced(spec: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    """What is wrong with suboptions in lists, with its place, for all at once: Ansible names the first without it. Empty if
    nothing is."""
    told = []
    for name, option in spec.items():
        entries = params.get(name) if option.get("options") else None
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if not isinstance(entry, Mapping):
                continue
            checked = ArgumentSpecValidator(option["options"]).validate(dict(entry))
            unknown = sorted(str(one) for one in entry if one not in option["options"])
            others = [
                str(text)
                for text, error in zip(checked.error_messages, checked.errors, strict=True)
                if not isinstance(error, UnsupportedError)
            ]
            texts = [f"there is no option {', '.join(unknown)}", *others] if unknown else others
            told += [f"{name}[{number}]: {text.rstrip('.')}." for text in texts]
    more = f" And {len(told) - _TOLD} more." if len(told) > _TOLD else ""
    return " ".join(told[:_TOLD]) + more


@dataclass
class Collector:
    """Collects warnings; the module door's reporter."""

    verbose: bool = False
    #: The job was told to end.
    interrupted: bool = False
    #: The job looks at ``interrupted`` itself, so no exception is needed to end it.
    patient: bool = False
    #: The process ends with the job, once it has told the result.
    ends_process: bool = False
    warnings: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        """Remember a warning once."""
        text = printable(text)
        if text not in self.warnings:
            self.warnings.append(text)

    def progress(self, done: int, total: int, failed: int, finished: Any) -> None:
        """A module cannot speak before it ends."""

    def show(self, lines: Sequence[str]) -> None:
        """Nor can it tell anything else by then."""

    def waiting(self, waits: Sequence[str]) -> None:
        """Nor while it waits."""


def perform(
    door: Door, params: Mapping[str, Any], environ: Mapping[str, str], reporter: Any, check_mode: bool
) -> tuple[dict[str, Any], Secrets]:
    """Check the options, do the job, and turn whatever happens into a result without secrets."""
    secrets = own = Secrets()
    try:
        filled = with_credentials(params, environ)
        own = door.hidden(filled)
        secrets = unchecked_secrets(filled) | own
        _refuse_endless(filled)
        job, secrets = door.job(filled)
        secrets |= own
        with terminable(reporter):
            result = job(reporter, check_mode)
    except KeyboardInterrupt:
        result = {**_FAILED, "msg": "Interrupted. What was started may still be at work; run again to see."}
    except MainWPError as exc:
        result = {**_FAILED, "msg": str(exc), "error": exc.to_dict()}
    except Exception as exc:  # noqa: BLE001  # the edge: nothing leaves it unmasked, not even a bug
        text = f"Unexpected {type(exc).__name__}: {exc}. This is a bug in wpfleet.mainwp; please report it."
        result = {**_FAILED, "msg": text, "exception": traceback.format_exc()}
    reporter.warnings[:] = [secrets.mask(text) for text in reporter.warnings]
    return secrets.mask_all(result), secrets


def _refuse_endless(value: Any, option: str = "") -> None:
    """Ansible takes ``nan`` and ``inf`` for numbers, but nothing is later than the one, and no JSON holds either.

    Raises InputError."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _refuse_endless(inner, f"{option}.{name}" if option else str(name))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_endless(inner, option)
    elif isinstance(value, float) and not math.isfinite(value):
        raise InputError(option, f"{value} is no finite number.", "Give one, or leave it out for the default.")


def run_nowhere_else(door: Door) -> None:
    """The module door of what runs on the controller only; nobody comes here but who goes around the action."""
    module = AnsibleModule(argument_spec=door.argument_spec, supports_check_mode=True, **door.rules)
    module.fail_json(msg=f"{door.name} runs in Ansible's own process on the controller, never as a module.")
