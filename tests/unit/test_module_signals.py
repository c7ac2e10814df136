# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module door: a signal that comes when the job is done does not take its result along."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

#: A module whose process is told to end right behind the job, before the result is out.
PROGRAM = """
import os, signal
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _dashboard_door

def job(*_told):
    return {"changed": True, "msg": "moved"}

class Secrets(_dashboard_door.Secrets):
    def mask_all(self, *told):
        os.kill(os.getpid(), signal.SIGNAL)
        return super().mask_all(*told)

_dashboard_door.Connection.secrets = lambda _connection: Secrets()
_dashboard_door.run_module(_dashboard_door.DashboardDoor("mainwp_test", lambda _params: None, job))
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_the_result_of_a_finished_job_is_told_whatever_comes(tmp_path: Path, name: str) -> None:
    path = tmp_path / "module.json"
    path.write_text(
        json.dumps(
            {
                "ANSIBLE_MODULE_ARGS": {
                    "url": "https://dashboard.example",
                    "api_key": "fedcba9876543210fedc==0123456789abcdef0123",
                }
            }
        )
    )
    command = [sys.executable, "-c", PROGRAM.replace("SIGNAL", name), str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["msg"] == "moved"
