# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All filters, which are in ``plugin_utils/_filters``; what each is for stands in the file of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._supported import refusal


class FilterModule:
    """Ansible's way to find the filters."""

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """Name → function. Where the collection does not work, each filter says why: a file that cannot be read is but a
        warning, followed by the error that there is no such filter."""
        if not refusal():
            from ..plugin_utils._filters import FILTERS

            return FILTERS

        def refuse(*_args: Any, **_kwargs: Any) -> None:
            raise AnsibleFilterError(refusal())

        return {path.stem: refuse for path in Path(__file__).parent.glob("*.yml")}
