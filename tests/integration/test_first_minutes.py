# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stranger stumbles over in the first five minutes: the machine, the environment, files from Windows."""

from __future__ import annotations

import sys

import pytest
from integration._ansible import Wrapped, run_ansible
from integration._inventory import STRICT
from integration._play import Task

from simulator import scenarios

BOM = "\ufeff"


@pytest.fixture
def without_requests(tmp_path):
    """The environment of a Python in which nobody has installed requests."""
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking" / "requests.py").write_text("raise ModuleNotFoundError('No module named requests')\n")
    return {"PYTHONPATH": str(tmp_path / "lacking"), "ANSIBLE_LOCALHOST_WARNING": "false"}


def test_without_requests_module_and_inventory_name_the_python_and_the_command(without_requests, tmp_path):
    source = tmp_path / "fleet.mainwp.yml"
    source.write_text("plugin: wpfleet.mainwp.mainwp\nurl: https://dashboard.example\napi_key: aa11==bb22\n")
    module = run_ansible("ansible", "localhost", "-m", "wpfleet.mainwp.mainwp_sync", env=without_requests)
    inventory = run_ansible("ansible-inventory", "-i", str(source), "--list", env={**without_requests, **STRICT})
    for done in (module, inventory):
        text = Wrapped(done.stdout + done.stderr)
        assert done.returncode
        assert f"requests is missing in {sys.executable}, which runs this." in text
        assert f"{sys.executable} -m pip install requests" in text
        assert "Traceback" not in text


def test_what_does_without_a_dashboard_does_without_requests(without_requests):
    asked = ("-m", "wpfleet.mainwp.mainwp_lock", "-a", "name=first state=absent token=none")
    done = run_ansible("ansible", "localhost", "--check", *asked, env=without_requests)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.once
def test_files_from_windows_work(play_for, tmp_path):
    """CRLF and a byte order mark, in an inventory file, and in files with an address and a key."""
    play = play_for(scenarios.demo())
    text = f"---\r\nplugin: wpfleet.mainwp.mainwp\r\nurl: {play.sim.url}\r\napi_key: {play.sim.key().token}\r\n"
    source = tmp_path / "fleet.mainwp.yml"
    source.write_bytes(f"{BOM}{text}".encode())
    listed = run_ansible("ansible-inventory", "-i", str(source), "--graph", env=STRICT)
    assert listed.returncode == 0, listed.stderr
    assert "canary-cafe.example" in listed.stdout
    for name, value in {"url": play.sim.url, "key": play.sim.key().token}.items():
        (tmp_path / f"{name}.txt").write_bytes(f"{BOM}{value}\r\n".encode())
    options = {
        option: f"{{{{ lookup('ansible.builtin.file', '{tmp_path}/{name}.txt', rstrip=false) }}}}"
        for option, name in (("url", "url"), ("api_key", "key"))
    }
    (done,) = play.tasks(Task("mainwp_dashboard_info", connection=options))
    assert not done.failed, done.msg
