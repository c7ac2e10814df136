# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuses an ansible-core that is too old. PRIVATE to the collection.

An older ansible-core merely warns of a collection that is not for it, and goes on. What the plugins import may need a newer
Python than it runs on, and the user gets a traceback. So each file that Ansible itself loads asks here before it imports
anything else of the collection, and both are read by any Python 3.
"""

from __future__ import annotations

import re
import sys

from ansible.errors import AnsibleError
from ansible.release import __version__

#: As meta/runtime.yml has it.
OLDEST = (2, 16)


def refusal(version: str = __version__) -> str:
    """Why the collection does not work on an ansible-core; empty if it does."""
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) >= OLDEST:
        return ""
    python = ".".join(str(part) for part in sys.version_info[:3])
    return (
        f"wpfleet.mainwp needs ansible-core {OLDEST[0]}.{OLDEST[1]} or newer. This is ansible-core {version}, on Python {python} "
        f"({sys.executable}). Install a newer one into an environment of its own, with Python 3.10 or newer: "
        "python3 -m venv ~/mainwp && ~/mainwp/bin/pip install ansible-core requests"
    )


def refuse_older_core() -> None:
    """Raises AnsibleError, with one sentence, where the collection does not work."""
    text = refusal()
    if text:
        raise AnsibleError(text)
