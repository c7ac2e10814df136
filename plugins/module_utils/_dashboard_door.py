# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The doors of a job that needs a Dashboard: on the controller, or where the task runs. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._bounds import REQUESTS_IMPORT_ERROR
from ._connection import V1, Connection, connection_from
from ._dashboard import Dashboard
from ._door import Collector, Door, Job, misplaced, perform
from ._errors import InputError
from ._given import KEYS, listed, unchecked_secrets
from ._secrets import MASK, Secrets, is_secret_header, masked_by_name, url_secrets
from ._specs import ENVIRONMENT, as_free_map, connection_spec, door_spec, free_maps, hidden_values, refusable, veiled


@dataclass(frozen=True)
class DashboardDoor(Door):
    """A job that talks to a Dashboard. A key that may only read is named by the job, before its first write."""

    #: (Dashboard, options, reporter, check mode) → result
    run: Callable[[Dashboard, Any, Any, bool], dict[str, Any]]
    #: It can do with the legacy API, too.
    serves_v1: bool = False

    travels: ClassVar[bool] = True
    missing: ClassVar[str] = "requests" if REQUESTS_IMPORT_ERROR else ""
    common: ClassVar[Mapping[str, Any]] = {**connection_spec(), **door_spec()}

    def job(self, params: Mapping[str, Any]) -> tuple[Job, Secrets]:
        """The job, ready to be done, and what must not be seen of it. Raises InputError before any request."""
        if params.get("api_version") == V1 and not self.serves_v1:
            only = "v1 only reads sites, syncs and updates."
            raise InputError("api_version", f"{self.name} needs API v2; {only}", "Use v2.")
        options = self.options_from(params)
        connection = connection_from(params)
        own = Secrets(str(params[name]) for name in KEYS if params.get(name))
        return partial(self._ask, connection, options, self.hidden(params)), connection.secrets() | own

    def _ask(
        self, connection: Connection, options: Any, hidden: Secrets, reporter: Any, check_mode: bool
    ) -> dict[str, Any]:
        if connection.verify is False:
            reporter.warn(f"validate_certs is false: whoever is between here and {connection.url} can read the key.")
        with contextlib.closing(Dashboard(connection, reporter.warn)) as dashboard:
            dashboard.http.echoes |= hidden  # the Dashboard repeats what it was sent
            return self.run(dashboard, options, reporter, check_mode)


class _Module(AnsibleModule):
    """Hides the secrets before AnsibleModule validates, logs and repeats how it was called.

    What is in ``no_log_values`` Ansible cuts out of every result, of addresses and versions, too. So only credentials
    are; other secrets are taken out of the options, to be ``given`` to the job alone.
    """

    def __init__(self, door: DashboardDoor) -> None:
        self._door = door
        super().__init__(argument_spec=door.argument_spec, supports_check_mode=True, **door.rules)

    def _load_params(self) -> None:
        super()._load_params()
        self.params = refusable(self.argument_spec, self.params)
        self._asked = dict(self.params)
        secrets = unchecked_secrets(self.params)
        self.no_log_values.update(secrets.always.forms)
        self._hidden: dict[str, Any] = {}
        headers = as_free_map(self.params.get("headers"))
        if isinstance(headers, Mapping):
            surely = {str(name).strip().lower() for name in listed(self.params.get("secret_headers"))}
            shown = {name: MASK if is_secret_header(name, surely) else value for name, value in headers.items()}
            self._hide("headers", headers, shown)
        elif headers:
            self.no_log_values.add(str(headers))
        for name in free_maps(self.argument_spec):
            value = as_free_map(self.params.get(name))
            self._hide(name, value, self._door.hidden(self.params).mask_all(masked_by_name(value)))
        for name in ("url", "proxy"):
            value = self.params.get(name) or os.environ.get(ENVIRONMENT[name])
            if isinstance(value, str):
                self._hide(name, value, Secrets(url_secrets(value)).mask(value))

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Options that Ansible refuses are told with their place, where they stand in a list."""
        checked = getattr(self, "validation_result", None)  # not there yet if the options could not even be read
        refused = checked is not None and bool(checked.error_messages)
        super().fail_json((refused and misplaced(self.argument_spec, self._asked)) or msg, **kwargs)

    def _hide(self, name: str, value: Any, shown: Any) -> None:
        if shown != value:
            self._hidden[name] = value
            self.params[name] = shown

    def spare_names(self, always: Secrets) -> None:
        """What names something is told as it is, though some option of the module's own, which is hidden, has the same: texts
        are masked by now, and options from here on."""
        own = {*hidden_values(self._door.spec, self.params)}
        self.params = veiled(self._door.spec, self.params)
        self.no_log_values = {*always.forms, *(value for value in self.no_log_values if value not in own)}

    @property
    def given(self) -> dict[str, Any]:
        """The options as they were given."""
        return {**self.params, **self._hidden}


def run_module(door: DashboardDoor) -> None:
    """The module door: runs where the task runs."""
    module = _Module(door)
    if door.missing:
        module.fail_json(msg=missing_required_lib(door.missing), exception=str(REQUESTS_IMPORT_ERROR))
    reporter = Collector(verbose=module._verbosity > 0, ends_process=True)
    result, secrets = perform(door, module.given, os.environ, reporter, module.check_mode)
    module.spare_names(secrets.always)
    for text in reporter.warnings:
        module.warn(text)
    if not module._diff:
        result.pop("diff", None)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
