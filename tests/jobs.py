# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job in this process: its options validated as every door does it, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector, Door, perform


def done(
    door: Door, options: Mapping[str, Any], reporter: Collector | None = None, check_mode: bool = False
) -> dict[str, Any]:
    """What comes of a job; its warnings are those of ``reporter``."""
    checked = door.validator.validate(dict(options))
    assert not checked.error_messages, checked.error_messages
    reporter = reporter or Collector(verbose=True)
    result, _secrets = perform(door, checked.validated_parameters, {}, reporter, check_mode=check_mode)
    return result
