# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebooks and examples as they are shipped, in the real ansible-rulebook, from the collection as it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import yaml
from feeds import record, software, versions
from feeds import written as feed_written

from events import world
from events.listeners import Awx, Listener
from events.running import BIN, EXAMPLES, RULEBOOKS, environment, written
from simulator import Tag, scenarios

SHIPPED = sorted(RULEBOOKS.glob("*.yml"))
IN_EXAMPLES = [EXAMPLES / "rulebook.yml", EXAMPLES / "awx.yml"]
#: ansible-rulebook's own schema and parser, which a rulebook of a collection does not meet by itself.
LOAD = """\
import sys
from types import SimpleNamespace
from ansible_rulebook.app import load_rulebook
for path in sys.argv[1:]:
    (ruleset,) = load_rulebook(SimpleNamespace(rulebook=path))
    print(path, len(ruleset.sources), len(ruleset.rules))
"""


def test_each_is_valid(tmp_path):
    command = [BIN / "python", "-c", LOAD, *SHIPPED, *IN_EXAMPLES]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(SHIPPED) + len(IN_EXAMPLES) >= 6


def quick(path: Path, folder: Path) -> Path:
    """A copy of a rulebook, in which minutes of throttling are seconds."""
    text, count = re.subn(r"once_after: 5 minutes", "once_after: 2 seconds", path.read_text())
    assert count
    copied = folder / path.name
    copied.write_text(text)
    return copied


def variables(folder: Path, **more: object) -> Path:
    return written(
        folder / "variables.yml", {"mainwp_interval": 1, "mainwp_state_file": str(folder / "state.json"), **more}
    )


def inventory(folder: Path, **more: object) -> Path:
    """That of the examples, with paths of the test."""
    content = yaml.safe_load((EXAMPLES / "inventory.yml").read_text())
    group = content["all"]["children"]["mainwp_dashboards"]["vars"]
    group |= {"fleet_maintenance_report_dir": str(folder / "reports"), "fleet_maintenance_health_check": None, **more}
    return written(folder / "inventory.yml", content)


def test_a_lost_site_is_told_once(simulate, start, tmp_path):
    """Also with a restart, during which another one is lost; a key that may only read will do."""
    sim = simulate(scenarios.small(3))
    options = ("-i", EXAMPLES / "inventory.yml", "-e", variables(tmp_path), "-vv")
    shutil.copy(EXAMPLES / "tell.yml", tmp_path)
    with Listener().listening() as chat:
        rulebook = "wpfleet.mainwp.tell_lost_sites"
        with start(sim, rulebook, *options, CHAT_WEBHOOK=chat.url) as running:
            world.wait_for_looks(running, sim)
            world.lose(sim, 1)
            running.until("the chat heard of it", lambda: len(chat.texts) == 1)
            world.wait_for_looks(running, sim)
        world.lose(sim, 2)
        with start(sim, rulebook, *options, CHAT_WEBHOOK=chat.url) as running:
            running.until("the chat heard of the other", lambda: len(chat.texts) == 2)
            world.lose(sim, 1, away=False)
            running.until("the chat heard that it is back", lambda: len(chat.texts) == 3)
            world.wait_for_looks(running, sim)
    assert chat.texts == [
        "MainWP has lost https://site1.example/ (Site 1).",
        "MainWP has lost https://site2.example/ (Site 2).",
        "MainWP has found again https://site1.example/ (Site 1).",
    ]
    assert {entry.method for entry in sim.journal.entries} == {"GET"}


def test_one_look_serves_several_rules(simulate, start, tmp_path):
    """The example: shops at once, others together, a Dashboard that is away once."""
    sim = simulate(scenarios.small(4))
    with sim.fleet.lock:
        sim.fleet.tags[1] = Tag(1, "shops")
        sim.fleet.sites[1].tags = [1]
    for name in ("tell.yml", "canary.yml"):
        shutil.copy(EXAMPLES / name, tmp_path)
    rulebook = quick(EXAMPLES / "rulebook.yml", tmp_path)
    with Listener().listening() as chat:
        options = ("-i", EXAMPLES / "inventory.yml", "-e", variables(tmp_path))
        with start(sim, rulebook, *options, CHAT_WEBHOOK=chat.url) as running:
            world.wait_for_looks(running, sim)
            away = sim.faults.add(action="status", code=503, times=None, body="<h1>Maintenance</h1>")
            for number in (2, 1, 3):
                world.lose(sim, number)
            running.until("the chat heard that nobody can look", lambda: len(chat.texts) == 1)
            enough = away.hits + 2
            running.until("it had tried again", lambda: away.hits >= enough)
            sim.faults.rules.clear()
            running.until("the chat heard of all", lambda: len(chat.texts) == 4)
            world.wait_for_looks(running, sim)
    assert chat.texts == [
        f"Nobody can look at {sim.url}.",
        f"There is again {sim.url}.",
        "MainWP has lost https://site1.example/ (Site 1).",
        "MainWP has lost https://site2.example/ (Site 2) and 1 more.",
    ]
    assert running.said().count("cannot be read") == 1


def test_a_release_goes_to_the_canary_sites(simulate, start, tmp_path):
    """To them alone, and nothing but this release."""
    sim = simulate(scenarios.small(2))
    with sim.fleet.lock:
        sim.fleet.tags[1] = Tag(1, "canary")
        sim.fleet.sites[1].tags = [1]
    shutil.copy(EXAMPLES / "canary.yml", tmp_path)
    options = ("-i", inventory(tmp_path), "-e", variables(tmp_path))
    with start(sim, "wpfleet.mainwp.canary_new_releases", *options, scope="read_write") as running:
        world.wait_for_looks(running, sim)
        for number in (2, 1):
            world.offer(sim, number, "1.2.0")
        running.until("the canary site has it", lambda: world.forms(sim, 1) == "1.2.0")
        running.until_said("PLAY RECAP")
    assert "failed=0" in running.said()
    assert [moved.slug for moved in sim.truth] == ["acme-forms/acme-forms.php"]
    assert world.forms(sim, 2) == "1.0.0"


def flawed() -> dict[str, object]:
    return record(1, software("acme-forms", versions(high="1.0.0"), patched=["1.1.0"]), score=9.8)


def harmless() -> dict[str, object]:
    return record(2, software("nobody-has-it", versions(high="1.0.0"), patched=["1.1.0"]), score=9.8)


def test_what_became_vulnerable_is_patched(simulate, start, tmp_path):
    sim = simulate(scenarios.small(2))
    feed = feed_written(tmp_path / "feed.json", harmless())
    rulebook = quick(RULEBOOKS / "patch_when_vulnerable.yml", tmp_path)
    options = ("-i", inventory(tmp_path, mainwp_feed=str(feed)), "-e", variables(tmp_path, mainwp_feed=str(feed)))
    with start(sim, rulebook, *options, scope="read_write") as running:
        world.wait_for_looks(running, sim)
        feed_written(feed, harmless(), flawed())
        running.until_said("PLAY RECAP")
    assert "failed=0" in running.said()
    assert {moved.slug for moved in sim.truth} == {"acme-forms/acme-forms.php"}
    assert [world.forms(sim, number) for number in (1, 2)] == ["1.1.0", "1.1.0"]


def test_a_template_of_awx_is_launched_once(simulate, start, tmp_path):
    sim = simulate(scenarios.small(2))
    feed = feed_written(tmp_path / "feed.json", harmless())
    rulebook = quick(RULEBOOKS / "launch_when_vulnerable.yml", tmp_path)
    name = "MainWP agency: patch"
    said = variables(tmp_path, mainwp_feed=str(feed), awx_template=name)
    with Awx(name).listening() as awx:
        known = {
            "EDA_CONTROLLER_URL": awx.url,
            "EDA_CONTROLLER_TOKEN": "invented",
            "EDA_JOB_TEMPLATE_REFRESH_DELAY": "1",
        }
        key = "invented-key-of-the-feed"
        with start(sim, rulebook, "-e", said, "-E", "mainwp_feed_key", "-vv", mainwp_feed_key=key, **known) as running:
            world.wait_for_looks(running, sim)
            feed_written(feed, harmless(), flawed())
            running.until_said("completed successfully")
            world.wait_for_looks(running, sim)
    assert key not in running.said()
    assert [path for path, _body in awx.received] == ["/api/v2/job_templates/1/launch/"]
    assert {entry.method for entry in sim.journal.entries} == {"GET"}
