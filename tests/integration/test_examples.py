# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example in the documentation of the modules runs."""

from __future__ import annotations

import copy
import os
from shutil import which
from typing import Any

import pytest
from feeds import record, software, versions, written
from integration._ansible import BIN
from modules import MODULES, documentation

from simulator import Child, Client, Fleet, Plugin, Site, Tag, scenarios

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

PREFIX = "wpfleet.mainwp."


def fleet() -> Fleet:
    """All sites, tags and clients that examples name."""
    sites = [
        ("https://shop.example/", [1, 2], 1),
        ("https://www.blog.example/", [1], 0),
        ("https://old.example/", [2], 1),
        ("https://canary.example/", [1], 0),
    ]
    known = [Plugin("akismet/akismet.php", "Akismet Anti-spam", "5.3.1", active=False)]

    def child() -> Child:
        made = scenarios.standard_child()
        made.plugins += copy.deepcopy(known)
        return made

    return Fleet(
        (
            Site(number, url, url, child(), client_id=client, tags=tags, ip=f"192.0.2.{number}")
            for number, (url, tags, client) in enumerate(sites, start=1)
        ),
        tags=[Tag(1, "canary"), Tag(2, "shops"), Tag(3, "Blogs"), Tag(4, "Hotels"), Tag(5, "First wave")],
        clients=[Client(1, "Acme Ltd"), Client(2, "Lindgren", "office@lindgren.example")],
    )


@pytest.mark.slow
def test_examples_run(play_for, dialect, tmp_path):
    """Those of all modules in one playbook, each module with a fleet of its own."""
    steps: list[dict[str, Any]] = []
    flaw = record(1, software("acme-forms", versions(high="1.0.0"), patched=["1.1.0"]), score=9.8)
    feed = written(tmp_path / "feed.json", flaw)
    (tmp_path / "reports").mkdir()
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    nested = {"reports": str(tmp_path / "reports"), "logo": str(tmp_path / "logo.svg")}
    for module in MODULES:
        made = fleet()
        for site in made.sites.values():
            site.dts_sync = made.clock.now() - 7200
        play = play_for(made, dialect)
        tasks = documentation(module, "EXAMPLES")
        assert any(name.startswith(PREFIX) for task in tasks for name in task)
        for task in tasks:
            for name, options in task.items():
                if name == "ansible.builtin.copy":
                    options["dest"] = str(tmp_path / "copied")
                if name.startswith(PREFIX):
                    places = {"url": play.sim.url, "dir": str(tmp_path / "reports"), "feed": str(feed)}
                    places["dest"] = str(tmp_path / "tree.yml")
                    options |= {key: places[key] for key in places.keys() & options.keys()}
                    for inner in (options.get("sources"), options.get("letter")):
                        if isinstance(inner, dict):
                            inner |= {key: nested[key] for key in nested.keys() & inner.keys()}
        steps += tasks
    key = play.sim.key()  # all simulators have the same
    variables = {
        "vault_blog_password": "invented-1",
        "vault_shop_password": "invented-2",
        "vault_kinsta_api_key": "invented-key-of-kinsta",
        "vault_feed_key": "invented-key-of-the-feed",
        "vault_mainwp_api_key": key.token,
        "vault_mainwp_consumer_key": key.consumer_key,
        "vault_mainwp_consumer_secret": key.consumer_secret,
    }
    backup = tmp_path / "bin" / "backup"  # what an example calls
    backup.parent.mkdir()
    backup.symlink_to(which("true") or "")
    env = {"PATH": os.pathsep.join([str(backup.parent), str(BIN), os.environ["PATH"]])}
    examples = {"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": steps}
    done = play.run([examples], env=env, fresh=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\nTASK [") == len(steps)
    # examples name updates and plugins that this fleet does not have, and send what no module sends
    expected = ("matches no update", "is on none of the selected sites", "clients/1/")
    for line in (done.stdout + done.stderr).splitlines():
        assert "[WARNING]" not in line or any(text in line for text in expected), line
