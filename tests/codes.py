# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The codes in results: reasons, as docs/results.md promises them, and symptoms, as the code has them."""

from __future__ import annotations

import re

from modules import ROOT

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _symptoms

_SECTION = (ROOT / "docs" / "results.md").read_text(encoding="utf-8").split("\n## Reason codes\n")[1].split("\n## ")[0]

#: Every reason of a site, an update or a run; the empty one has nothing to add. Bad options have one of their own.
REASONS = {"", *re.findall(r"^\| `([a-z_]+)` \|", _SECTION, flags=re.MULTILINE)}

#: Those of them that no run of updates has, so no report tells them.
OF_THINGS = set(
    re.findall(
        r"^\| `([a-z_]+)` \|",
        _SECTION.split("\n### Plugins, themes, users and ignore rules\n")[1].split("\n### ")[0],
        flags=re.MULTILINE,
    )
)

SYMPTOMS = {
    entry
    for value in vars(_symptoms).values()
    for entry in (value if isinstance(value, tuple) else (value,))
    if isinstance(entry, _symptoms.Symptom)
}
