# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge between a job and Ansible: argument specs, and the module door. PRIVATE to the collection.

A job runs through one of two doors – as a module where the task runs, or as an action plugin in the controller's
process – with the same argument spec, the same checks and the same result.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.parameters import env_fallback
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

#: Credentials from the environment give way as a set to any given in the task.
CREDENTIALS = {
    "api_key": "MAINWP_API_KEY",
    "consumer_key": "MAINWP_CONSUMER_KEY",
    "consumer_secret": "MAINWP_CONSUMER_SECRET",
}

#: Other connection options that may come from the environment.
ENVIRONMENT = {
    name: f"MAINWP_{name.upper()}"
    for name in (
        "url",
        "allow_http",
        "auth_method",
        "api_version",
        "rest_prefix",
        "validate_certs",
        "ca_path",
        "client_cert",
        "client_key",
        "proxy",
        "connect_timeout",
        "timeout",
        "retries",
        "retry_max_delay",
        "concurrency",
    )
}


def _option(name: str, **spec: Any) -> dict[str, Any]:
    return {**spec, "fallback": (env_fallback, [ENVIRONMENT[name]])}


def connection_spec() -> dict[str, Any]:
    """The connection options; documented in the ``connection`` fragment."""
    return {
        "url": _option("url", type="str"),
        "api_key": {"type": "str", "no_log": True},
        "consumer_key": {"type": "str", "no_log": True},
        "consumer_secret": {"type": "str", "no_log": True},
        "auth_method": _option("auth_method", type="str", choices=["auto", "bearer", "basic", "query"], default="auto"),
        "api_version": _option("api_version", type="str", choices=["v2", "v1"], default="v2"),
        "rest_prefix": _option("rest_prefix", type="str", default="wp-json"),
        "allow_http": _option("allow_http", type="bool", default=False),
        "validate_certs": _option("validate_certs", type="bool", default=True),
        "ca_path": _option("ca_path", type="path"),
        "client_cert": _option("client_cert", type="path"),
        "client_key": _option("client_key", type="path", no_log=False),
        "proxy": _option("proxy", type="str"),
        # Not no_log: Ansible would cut their values out of addresses and version numbers. Secret ones are masked below.
        "headers": {"type": "dict"},
        "secret_headers": {"type": "list", "elements": "str", "no_log": False},
        "connect_timeout": _option("connect_timeout", type="float", default=10.0),
        "timeout": _option("timeout", type="float", default=300.0),
        "retries": _option("retries", type="int", default=3),
        "retry_max_delay": _option("retry_max_delay", type="float", default=30.0),
    }


def door_spec() -> dict[str, Any]:
    """What only modules and their actions take; documented in the ``connection.modules`` fragment."""
    return {
        "concurrency": _option("concurrency", type="int"),
        "run_on": {"type": "str", "choices": ["controller", "host"], "default": "controller"},
        "progress": {"type": "bool", "default": True},
    }


def selection_spec() -> dict[str, Any]:
    """The options that select sites; documented in the ``selection`` fragment."""
    return {
        "sites": {"type": "list", "elements": "str"},
        "site_tags": {"type": "list", "elements": "str"},
        "clients": {"type": "list", "elements": "str"},
        "site_status": {
            "type": "list",
            "elements": "str",
            "choices": ["connected", "disconnected", "suspended"],
        },
        "all_sites": {"type": "bool", "default": False},
        "exclude_sites": {"type": "list", "elements": "str", "default": []},
        "fail_on_missing": {"type": "bool", "default": True},
    }


def plan_spec() -> dict[str, Any]:
    """The options that say which updates; documented in the ``updates`` fragment."""
    return {
        "types": {
            "type": "list",
            "elements": "str",
            "choices": ["core", "plugins", "themes", "translations"],
            "default": ["core", "plugins", "themes", "translations"],
        },
        "include_updates": {"type": "list", "elements": "str", "default": []},
        "exclude_updates": {"type": "list", "elements": "str", "default": []},
        "max_version_change": {"type": "raw"},
        "max_age": {"type": "int", "default": 300},
        "proven_on": {
            "type": "dict",
            "options": {
                "sites": {"type": "list", "elements": "str"},
                "site_tags": {"type": "list", "elements": "str"},
                "clients": {"type": "list", "elements": "str"},
            },
        },
        "proven_for": {"type": "int", "default": 0},
        "proven_history": {"type": "path"},
        "unproven": {"type": "str", "choices": ["skip", "allow"], "default": "skip"},
        "max_backup_age": {"type": "int"},
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
        with _terminable(reporter):
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


#: How often a job looks whether the process that wanted it is still there, seconds.
ORPHAN_POLL = 1.0


@contextlib.contextmanager
def _terminable(reporter: Any) -> Iterator[None]:
    """Let SIGTERM, and the end of the process that started this one, end a job as cleanly as Ctrl-C does.

    A killed ansible-playbook leaves its workers running: they would go on with a fleet that the next run takes up.
    Ansible answers Ctrl-C with SIGTERM to its workers at once, so a second signal must not cut the first one's end
    short; only Ctrl-C pressed again does. Where the process ends with the job, a signal that comes after it finds nothing
    to stop but the result on its way out.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    ending = threading.Event()

    def interrupt(number: int, _frame: Any) -> None:
        again = ending.is_set()
        ending.set()
        reporter.interrupted = True
        # An exception could strike anywhere, even where Python drops it, and take the report along.
        if (again and number == signal.SIGINT) or not (again or reporter.patient):
            raise KeyboardInterrupt

    def watch(parent: int) -> None:
        while not ending.wait(ORPHAN_POLL):
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)
                return

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    threading.Thread(target=watch, args=(os.getppid(),), daemon=True).start()
    try:
        yield
    finally:
        ending.set()
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if reporter.ends_process else handler or signal.SIG_DFL)


def with_credentials(params: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """``params`` with credentials from the environment, but only if the task gave none at all."""
    result = dict(params)
    if not any(result.get(name) for name in CREDENTIALS):
        result.update({name: environ[variable] for name, variable in CREDENTIALS.items() if environ.get(variable)})
    return result


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
