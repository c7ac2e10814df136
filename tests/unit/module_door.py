# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module door in this very process."""

from __future__ import annotations

import contextlib
import io
import json
import signal
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from ansible.module_utils import basic
from ansible.module_utils.common import warnings


@contextlib.contextmanager
def on_a_host() -> Iterator[None]:
    """Where Ansible's own code does not know the controller's process, and would show warnings there."""
    try:
        from ansible.module_utils import _internal
    except ImportError:  # before ansible-core 2.19
        yield
    else:
        with mock.patch.object(_internal, "is_controller", False):
            yield


@contextlib.contextmanager
def given(args: dict[str, Any]) -> Iterator[None]:
    """Arguments for AnsibleModule, on every ansible-core."""
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:  # before ansible-core 2.18
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": args}).encode()
        try:
            yield
        finally:
            basic._ANSIBLE_ARGS = None
    else:
        with patch_module_args(args):
            yield


def printed(main: Callable[[], None], args: dict[str, Any]) -> dict[str, Any]:
    """What a module prints. What it leaves behind, for its process is about to end, is not left in this one."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with (
            on_a_host(),
            given(args),
            contextlib.redirect_stdout(io.StringIO()) as out,
            contextlib.suppress(SystemExit),
        ):
            main()
    finally:
        warnings._global_warnings.clear()
        warnings._global_deprecations.clear()
        for number, handler in handlers.items():
            signal.signal(number, handler)
    found: dict[str, Any] = json.loads(out.getvalue())
    for kind in {"warnings", "deprecations"} & found.keys():  # objects since ansible-core 2.19
        found[kind] = [one if isinstance(one, str) else one.get("event", one)["msg"] for one in found[kind]]
    return found
