# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes a text to a file, at once and on the controller: a module that does it costs as much as ten tasks of a role."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """``note: {file: log, text: a line more}``, or ``note: {file: facts.json, content: "{{ all | to_json }}"}``."""

    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        args = self._task.args
        if self._task.check_mode:
            return {**result, "skipped": True}
        if "content" in args:
            content = args["content"]
            Path(args["file"]).write_text(
                content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
            )
        else:
            with Path(args["file"]).open("a", encoding="utf-8") as file:
                file.write(f"{args['text']}\n")
        return {**result, "changed": True}
