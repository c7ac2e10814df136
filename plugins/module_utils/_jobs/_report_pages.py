# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a run, beside its JSON report. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._reports.run_page import run_page
from ._drawing import drawn

_FINISHED = re.compile(r'class="finished" datetime="([^"]+)"')


def page_of_run(report: Mapping[str, Any], file: str, templates: str, planning: bool) -> str:
    """The page as text: that in ``file``, if nothing but the time is new. Raises InputError."""

    def draw(told: Mapping[str, Any]) -> str:
        return drawn("run.html.j2", templates, {"page": run_page(told, planning)})

    try:
        old = Path(file).read_text(encoding="utf-8") if file else ""
    except (OSError, ValueError):
        old = ""
    finished = _FINISHED.search(old)
    if finished and draw({**report, "finished": finished[1]}) == old:
        return old
    return draw(report)
