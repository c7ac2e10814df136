# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets an ansible-playbook live fast: on the PYTHONPATH of those that the campaign starts, and of no others."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from faults import quick

quick.install()
quick.set_clock(*(float(part) for part in os.environ["FAULTS_CLOCK"].split()))
