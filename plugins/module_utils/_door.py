# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge between a job and Ansible: what a door is, and the one where the task runs. PRIVATE to the collection.

A job runs through one of two doors – as a module where the task runs, or as an action plugin in the controller's
process – with the same argument spec, the same checks and the same result.
"""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.validation import check_type_dict

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _http
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import Connection, connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import MainWPError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import (
    MASK,
    Secrets,
    header_secrets,
    is_secret_header,
    printable,
    scheme_secrets,
    url_secrets,
)
from ansible_collections.wpfleet.mainwp.plugins.module_utils._signals import terminable
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import (
    CREDENTIALS,
    ENVIRONMENT,
    connection_spec,
    door_spec,
    with_credentials,
)


@dataclass(frozen=True)
class Door:
    """A job with its argument spec. ``options_from`` checks, ``run`` does."""

    name: str
    options_from: Callable[[Mapping[str, Any]], Any]
    run: Callable[[Dashboard, Any, Any, bool], dict[str, Any]]
    spec: Mapping[str, Any] = field(default_factory=dict)

    @property
    def argument_spec(self) -> dict[str, Any]:
        """Connection and door options and the job's own."""
        return {**connection_spec(), **door_spec(), **self.spec}


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

    def waiting(self, waits: Sequence[str]) -> None:
        """Nor while it waits."""


def perform(
    door: Door, params: Mapping[str, Any], environ: Mapping[str, str], reporter: Any, check_mode: bool
) -> tuple[dict[str, Any], Secrets]:
    """Check the options, do the job, and turn whatever happens into a result without secrets."""
    secrets = Secrets()
    try:
        filled = with_credentials(params, environ)
        secrets = unchecked_secrets(filled)
        options = door.options_from(filled)
        connection = connection_from(filled)
        secrets = connection.secrets()
        with terminable(reporter):
            result = _run(door, connection, options, reporter, check_mode)
    except KeyboardInterrupt:
        result = {
            "failed": True,
            "changed": False,
            "msg": "Interrupted. What was started may still be at work; run again to see.",
        }
    except MainWPError as exc:
        result = {"failed": True, "changed": False, "msg": str(exc), "error": exc.to_dict()}
    except Exception as exc:  # noqa: BLE001  # the edge: nothing leaves it unmasked, not even a bug
        text = f"Unexpected {type(exc).__name__}: {exc}. This is a bug in wpfleet.mainwp; please report it."
        result = {"failed": True, "changed": False, "msg": text, "exception": traceback.format_exc()}
    reporter.warnings[:] = [secrets.mask(text) for text in reporter.warnings]
    return secrets.mask_all(result), secrets


def _run(door: Door, connection: Connection, options: Any, reporter: Any, check_mode: bool) -> dict[str, Any]:
    if connection.verify is False:
        reporter.warn(f"validate_certs is false: whoever is between here and {connection.url} can read the key.")
    dashboard = Dashboard(connection, reporter.warn)
    try:
        return door.run(dashboard, options, reporter, check_mode)
    finally:
        dashboard.close()


def unchecked_secrets(params: Mapping[str, Any]) -> Secrets:
    """The secrets among options that nobody has validated yet: credentials, header values, the proxy's password."""
    credentials = [str(params[name]) for name in CREDENTIALS if params.get(name)]
    headers, named = params.get("headers"), params.get("secret_headers")
    if isinstance(headers, Mapping):
        texts = header_secrets(headers, map(str, _listed(named)))[0]
    else:
        texts = [str(headers or "")]
    for name in ("url", "proxy"):
        texts += url_secrets(str(params.get(name) or ""))
    return Secrets(
        texts, always=Secrets([*credentials, *(part for text in credentials for part in scheme_secrets(text))])
    )


def refusable(spec: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """``params``, with a map of one unknown suboption for whatever else stands where a map of suboptions belongs.

    Ansible's validation refuses that in a sentence, which names the option and its suboptions. Of a bool or a number it
    dies, and what it then says shows the task.
    """

    def as_map(value: Any) -> Any:
        return value if value is None or isinstance(value, (str, Mapping)) else {str(value): None}

    result = dict(params)
    for name in [name for name, option in spec.items() if option.get("options") and name in params]:
        value, several = params[name], spec[name].get("type") == "list"
        result[name] = [as_map(entry) for entry in value] if several and isinstance(value, list) else as_map(value)
    return result


class _Module(AnsibleModule):
    """Hides the secrets before AnsibleModule validates, logs and repeats how it was called.

    What is in ``no_log_values`` Ansible cuts out of every result, of addresses and versions, too. So only credentials
    are; other secrets are taken out of the options, to be ``given`` to the job alone.
    """

    def _load_params(self) -> None:
        super()._load_params()
        self.params = refusable(self.argument_spec, self.params)
        secrets = unchecked_secrets(self.params)
        self.no_log_values.update(secrets.always.forms)
        self._hidden: dict[str, Any] = {}
        headers = self.params.get("headers")
        if isinstance(headers, str):
            with contextlib.suppress(TypeError):
                headers = check_type_dict(headers)
        if isinstance(headers, Mapping):
            surely = {str(name).strip().lower() for name in _listed(self.params.get("secret_headers"))}
            shown = {name: MASK if is_secret_header(name, surely) else value for name, value in headers.items()}
            self._hide("headers", headers, shown)
        elif headers:
            self.no_log_values.add(str(headers))
        for name in ("url", "proxy"):
            value = self.params.get(name) or os.environ.get(ENVIRONMENT[name])
            if isinstance(value, str):
                self._hide(name, value, Secrets(url_secrets(value)).mask(value))

    def _hide(self, name: str, value: Any, shown: Any) -> None:
        if shown != value:
            self._hidden[name] = value
            self.params[name] = shown

    @property
    def given(self) -> dict[str, Any]:
        """The options as they were given."""
        return {**self.params, **self._hidden}


def _listed(value: Any) -> list[Any]:
    """A list as Ansible reads one: a string may hold several, with commas in between."""
    return value.split(",") if isinstance(value, str) else list(value or ())


def run_module(door: Door) -> None:
    """The module door: runs where the task runs."""
    module = _Module(argument_spec=door.argument_spec, supports_check_mode=True)
    if _http.REQUESTS_IMPORT_ERROR is not None:
        module.fail_json(msg=missing_required_lib("requests"), exception=str(_http.REQUESTS_IMPORT_ERROR))
    reporter = Collector(verbose=module._verbosity > 0, ends_process=True)
    result, secrets = perform(door, module.given, os.environ, reporter, module.check_mode)
    module.no_log_values.update(secrets.always.forms)
    for text in reporter.warnings:
        module.warn(text)
    if not module._diff:
        result.pop("diff", None)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
