# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller door: one action for all modules, which does the job in Ansible's own process. PRIVATE to the collection."""

from __future__ import annotations

import importlib
import math
import os
import re
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ValidationResult
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import module_loader
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._door import Collector, Door, misplaced, perform
from ..module_utils._given import CREDENTIALS, unchecked_secrets, with_credentials
from ..module_utils._specs import ENVIRONMENT, refusable

_MODULES = "ansible_collections.wpfleet.mainwp.plugins.modules"

#: The oldest Python that a host may have.
_PYTHON = (3, 10)

#: Seconds between two lines of progress; a run shorter than this shows none.
PROGRESS_EVERY = 5.0

#: Lines of the table of trouble on the terminal.
TABLE = 40

display = Display()


def _refusal(name: str, checked: ValidationResult) -> str:
    """What is wrong with the options, in AnsibleModule's words."""
    text = checked.error_messages[0]
    if isinstance(checked.errors[0], UnsupportedError):
        return f"Unsupported parameters for (wpfleet.mainwp.{name}) module: {text}"
    return str(text)


def _given_twice(checked: ValidationResult) -> list[str]:
    """Options that were given by two of their names, in AnsibleModule's words."""
    return [f"Both option {found['option']} and its alias {found['alias']} are set." for found in checked._warnings]


def _deprecated(checked: ValidationResult) -> dict[str, Any]:
    """What AnsibleModule tells of options and aliases that are on their way out."""
    found = [{**entry} for entry in checked._deprecations]
    return {"deprecations": found} if found else {}


class LiveReporter(Collector):
    """Shows progress on the terminal while the job runs."""

    def __init__(self, verbose: bool, show: bool, who: str) -> None:
        super().__init__(verbose=verbose)
        self._show = show
        self._who = who
        self._last = time.monotonic()
        self._told = -math.inf

    def progress(self, done: int, total: int, failed: int, finished: Any) -> None:
        """``dashboard.example: 37/140 sites, 3 failed``, now and then."""
        del finished
        now = time.monotonic()
        if self._show and done < total and now - self._last >= PROGRESS_EVERY:
            self._last = now
            display.display(f"{self._who}: {done}/{total} sites, {failed} failed")

    def show(self, lines: Sequence[str]) -> None:
        """The table of trouble, which the line of a failed task is too long to be."""
        for line in lines[:TABLE] if self._show else ():
            display.display(f"  {line}")
        if self._show and len(lines) > TABLE:
            display.display(f"  … and {len(lines) - TABLE} kinds of trouble more")

    def waiting(self, waits: Sequence[str]) -> None:
        """``dashboard.example: waits for the lock of ops on ctl01 (process 4711, since …)``, at once and then now and then."""
        now = time.monotonic()
        if self._show and waits and now - self._told >= PROGRESS_EVERY:
            self._told = now
            more = f" and {len(waits) - 1} more" if len(waits) > 1 else ""
            display.display(f"{self._who}: waits for {waits[0]}{more}")


class JobAction(ActionBase):
    """The controller's door to any job of the collection."""

    _requires_connection = False

    @cached_property
    def door(self) -> Door:
        """The door of the module that the task calls, by its full name, by its short one, or by one that leads to it."""
        called = module_loader.find_plugin_with_context(self._task.action, collection_list=self._task.collections)
        door: Door = importlib.import_module(f"{_MODULES}.{str(called.resolved_fqcn).rpartition('.')[2]}").DOOR
        return door

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the job here, or send the module to the host with ``run_on: host``."""
        result = super().run(tmp, task_vars)
        del tmp
        declared = self._declared()
        environ = {**os.environ, **declared}
        args = {**self._from_environment(environ), **self._task.args}
        if self.door.travels and args.get("run_on") == "host":
            return {**result, **self._on_host(declared, task_vars)}
        if self.door.missing:
            from ..module_utils._bounds import requests_missing

            raise AnsibleActionFail(f"{self.door.name}: {requests_missing()}")
        asked = refusable(self.door.argument_spec, args)
        checked = self.door.validator.validate(asked)
        if checked.error_messages:
            # Not raised: ansible-core 2.19 and newer print the task's arguments, credentials included.
            message = misplaced(self.door.argument_spec, asked) or _refusal(self.door.name, checked)
            hidden = unchecked_secrets(args) | self.door.hidden(args)
            return {**result, "failed": True, "changed": False, "msg": hidden.mask(message)}
        params = checked.validated_parameters
        show = bool(params.get("progress")) and not self._task.no_log
        reporter = LiveReporter(display.verbosity > 0, show, str(params.get("url") or ""))
        outcome, _secrets = perform(self.door, params, environ, reporter, bool(self._task.check_mode))
        if not self._task.diff:
            outcome.pop("diff", None)
        if not outcome.get("failed"):
            outcome.pop("failed", None)
        if outcome.get("failed") and params.get("details") != "all":  # who wants all has uses of his own for it
            reporter.show(outcome.get("trouble") or ())
        warnings = [*_given_twice(checked), *reporter.warnings]
        if warnings:
            outcome["warnings"] = warnings
        # Text from the API is data, never a template.
        return {**result, **wrap_var(outcome), **_deprecated(checked)}

    def _on_host(self, declared: Mapping[str, str], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Send the module to the host.

        Ansible puts the ``environment`` keyword on the command line, where ``-vvv`` and any user of the host can read it.
        What is ours in it travels as options, like everything else.
        """
        ours = {name: declared[variable] for name, variable in ENVIRONMENT.items() if declared.get(variable)}
        args = with_credentials({**ours, **self._task.args}, declared)
        hidden = {*ENVIRONMENT.values(), *CREDENTIALS.values()}
        given = self._task.environment
        self._task.environment = [{name: value for name, value in declared.items() if name not in hidden}]
        try:
            name = f"wpfleet.mainwp.{self.door.name}"
            result = dict(self._execute_module(module_name=name, module_args=args, task_vars=task_vars))
            if result.get("failed") and "error" not in result:
                result = self._too_old(task_vars) or result
            return result
        finally:
            self._task.environment = given

    def _too_old(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """What to tell instead of a traceback, where the host's Python cannot read the module; empty if it can.

        Asked for only where something else went wrong than the job, so it costs nothing.
        """
        python = str(getattr(self, "_used_interpreter", None) or "").lstrip("#!").strip()
        asked = self._low_level_execute_command(f"{python} -c 'import sys; print(sys.version)'") if python else {}
        found = re.match(r"(\d+)\.(\d+)\S*", str(asked.get("stdout") or "").strip())
        if not found or (int(found[1]), int(found[2])) >= _PYTHON:
            return {}
        host = self._task.delegate_to or (task_vars or {}).get("inventory_hostname") or "the host"
        message = (
            f"{self.door.name} needs Python {_PYTHON[0]}.{_PYTHON[1]} or newer on {host}, with the library requests. {python} "
            f"there is Python {found[0]}. Name a newer one in ansible_python_interpreter, or leave out run_on: host."
        )
        return {"failed": True, "changed": False, "msg": message}

    def _declared(self) -> dict[str, str]:
        """The ``environment`` keyword of the task and what is around it."""
        found: dict[str, str] = {}
        declared = self._task.environment
        for entry in declared if isinstance(declared, list) else [declared]:
            templated = self._templar.template(entry) if entry else {}
            if isinstance(templated, Mapping):
                found.update({str(key): str(value) for key, value in templated.items()})
        return found

    def _from_environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Connection options from the ``environment`` keyword, which the module would find in its own process."""
        return {
            name: environ[variable]
            for name, variable in ENVIRONMENT.items()
            if name in self.door.argument_spec
            and environ.get(variable)
            and environ[variable] != os.environ.get(variable)
        }
