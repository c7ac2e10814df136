# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One job, two doors: both give the same result, and task keywords work with either."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from integration._ansible import run_ansible
from integration._play import COLLECTION, Play, Task
from modules import MODULES, REMOTE, TABLE

from simulator import Child, Clock, Fleet, Site, scenarios


def troubled() -> Fleet:
    """The demo fleet at a time that stands still: updates, a child that is down, a broken package."""
    fleet = scenarios.demo()
    fleet.clock = Clock(scale=0, start=1_795_441_031)
    for site in fleet.sites.values():
        site.dts_sync = fleet.clock.now() - 3600
    return fleet


def comparable(result, url: str):
    """A result without what ansible-core adds, and what no two runs have in common."""
    data = {key: value for key, value in result.data.items() if key not in ("invocation", "exception")}
    data.pop("findings", None)  # the clock that stands still
    data.get("dashboard", {}).pop("clock_skew", None)
    for site in data.get("sites", []):
        site.pop("turns", None)
    data.pop("headers", None)  # the time of the answer
    if result.task.module == "mainwp_dashboard_info":
        data.pop("msg")
    return json.loads(json.dumps(data).replace(url, "https://dashboard.example"))


@pytest.mark.slow
def test_both_doors_give_the_same_result(play_for, direct_for, dialect):
    """With sites that are well, in trouble and broken; and so do the doors that tests take to save a playbook.

    To pack a module for a host takes a second, and what a Dashboard speaks has no part in that: so by playbook, a module takes
    one of the doors in one dialect, and the other in the other.
    """
    results = []
    modules = sorted(REMOTE, key=lambda name: not name.endswith("_info"))  # what changes nothing goes first
    sent = modules[dialect == "classic" :: 2]
    mixed = {name: "host" if name in sent else "controller" for name in modules}
    for way, doors in ((direct_for, {}), (direct_for, dict.fromkeys(modules, "host")), (play_for, mixed)):
        play = way(troubled(), dialect)
        play.connection["concurrency"] = 1
        tasks = [
            Task(name, TABLE[name].whole, diff=True, door=doors.get(name, ""), warns=TABLE[name].warns)
            for name in modules
        ]
        found = [comparable(result, play.sim.url) for result in play.tasks(*tasks)]
        found.append([(entry.method, entry.path) for entry in play.sim.journal.writes()])
        results.append(found)
    for first, *others in zip(*results, strict=True):
        for other in others:
            assert other == first
    assert [bool(result.get("failed")) for result in results[0][:-1]] == [TABLE[name].meets_trouble for name in modules]


def test_both_doors_fail_alike(play_for, direct_for):
    """All modules in this process, and some by playbook."""
    results: dict[str, list[dict]] = {}
    for way, modules in ((direct_for, REMOTE), (play_for, ["mainwp_site_info", "mainwp_batch_update"])):
        play = way(scenarios.small(1))
        play.connection |= {"url": "https://127.0.0.1:9", "retries": 0}
        for door in ("controller", "host"):
            for result in play.tasks(*(Task(module, TABLE[module].whole, door=door) for module in modules)):
                assert result.failed
                assert result["error"]["reason"] == "connect_failed"
                results.setdefault(result.task.module, []).append(comparable(result, play.sim.url))
    for first, *others in results.values():
        assert others
        for other in others:
            assert other == first


def test_defaults_for_the_groups_of_actions(play_for):
    play = play_for(scenarios.small(1))
    connection, elsewhere = dict(play.connection), {"url": "https://elsewhere.invalid", "retries": 0}
    play.connection.clear()
    info = {"module_defaults": {f"group/{COLLECTION}mainwp_info": connection}}
    both = {"module_defaults": {f"group/{COLLECTION}mainwp": connection, f"group/{COLLECTION}mainwp_info": elsewhere}}
    single = {"module_defaults": {f"{COLLECTION}mainwp_site_info": connection}}
    good, missing, other, own = play.tasks(
        Task("mainwp_site_info", {}, keywords=info),
        Task("mainwp_sync", {"all_sites": True}, keywords=info),
        Task("mainwp_sync", {"all_sites": True}, keywords=both),
        Task("mainwp_site_info", {}, keywords=single),
    )
    assert good["count"] == own["count"] == 1
    assert "no credentials" in missing.msg
    assert not other.failed, other.msg


def hosts_play(play: Play, tasks: list[dict], hosts: str = "all") -> dict:
    return {
        "hosts": hosts,
        "gather_facts": False,
        "module_defaults": {f"group/{COLLECTION}mainwp": play.connection},
        "tasks": tasks,
    }


def test_hosts_that_nobody_can_reach_loops_delegation_and_run_once(play_for):
    """The controller's door needs nothing of the host, not even a connection."""
    play = play_for(scenarios.small(3))
    name = f"{COLLECTION}mainwp_site_info"
    sync = f"{COLLECTION}mainwp_sync"
    tasks = [
        {"name": "Per host", name: {"sites": ["{{ inventory_hostname }}"]}, "register": "mine", "throttle": 1},
        {
            "name": "See own site",
            "ansible.builtin.assert": {"that": ["mine.count == 1", "mine.sites[0].domain == inventory_hostname"]},
            "delegate_to": "localhost",
        },
        {"name": "Once", name: {}, "run_once": True, "register": "once"},
        {
            "name": "See all sites",
            "ansible.builtin.assert": {"that": "once.count == 3"},
            "delegate_to": "localhost",
        },
        {"name": "Delegated", name: {}, "delegate_to": "nowhere.invalid", "register": "delegated", "run_once": True},
        {
            "name": "In a loop",
            sync: {"sites": ["{{ item }}"], "max_age": 0},
            "loop": [1, 2, 3],
            "register": "looped",
            "run_once": True,
        },
        {
            "name": "See the loop",
            "ansible.builtin.assert": {
                "that": [
                    "delegated.count == 3",
                    "looped.results | map(attribute='sites') | flatten | map(attribute='id') | list == [1, 2, 3]",
                ]
            },
            "delegate_to": "localhost",
            "run_once": True,
        },
    ]
    names = ",".join(f"site{number}.example" for number in (1, 2, 3))
    done = play.run([hosts_play(play, tasks)], args=["-i", f"{names},"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "unreachable=0" in done.stdout
    assert len(play.sim.journal.writes()) == 3


def test_async_is_refused_in_one_sentence(play_for):
    play = play_for(scenarios.small(1))
    keywords = {"async": 60, "poll": 1}
    doors = ("controller", "host")
    for result in play.tasks(
        *(Task("mainwp_sync", {"all_sites": True}, door=door, keywords=keywords) for door in doors)
    ):
        assert result.failed
        assert "async" in result.msg
        assert result.journal == []


def test_rescue_and_until_work(play_for):
    play = play_for(scenarios.small(2))
    play.sim.fleet.sites[2].child.down = True
    tasks = [
        {
            "name": "Try",
            "block": [{"name": "Update", f"{COLLECTION}mainwp_batch_update": {"all_sites": True}, "register": "run"}],
            "rescue": [
                {
                    "name": "See the whole report in the failure",
                    "ansible.builtin.assert": {
                        "that": [
                            "ansible_failed_result.summary.failed_sites == ['https://site2.example/']",
                            "run.summary.updates.updated == 4",
                            "run.sites | selectattr('id', 'eq', 1) | map(attribute='changed') | first",
                        ]
                    },
                }
            ],
        }
    ]
    done = play.run([hosts_play(play, tasks, "localhost")])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rescued=1" in done.stdout


def slow() -> Fleet:
    """Ten sites on one server, each sync of which takes its time; the last one is down."""
    fleet = Fleet(
        Site(number, f"https://s{number:02d}.example/", f"S{number}", Child(latency=0.75), ip="192.0.2.1")
        for number in range(1, 11)
    )
    fleet.sites[1].child.down = True
    return fleet


@pytest.mark.claim("secrets-output")
@pytest.mark.slow
def test_long_runs_show_their_progress_on_the_controller(play_for, tmp_path):
    shown = {"quiet": {"progress": False}, "host": {"run_on": "host"}, "live": {}}

    def run(name: str) -> str:
        (tmp_path / name).mkdir()
        play = plays[name]
        play.folder = tmp_path / name
        options = {"all_sites": True, "max_age": 0, **shown[name]}
        done = play.run([hosts_play(play, [{f"{COLLECTION}mainwp_sync": options, "ignore_errors": True}], "localhost")])
        assert "9 synced · 1 failed" in done.stdout + done.stderr
        return done.stdout + done.stderr

    plays = {name: play_for(slow()) for name in shown}
    with ThreadPoolExecutor() as pool:
        outputs = dict(zip(shown, pool.map(run, shown), strict=True))
    live = plays["live"]
    lines = [line for line in outputs["live"].splitlines() if line.startswith(f"{live.sim.url}: ")]
    assert lines
    for line in lines:
        done, _slash, rest = line.removeprefix(f"{live.sim.url}: ").partition("/10 sites, ")
        assert 0 < int(done) < 10
        assert rest == "1 failed"
    assert "/10 sites, " not in outputs["quiet"] + outputs["host"]


def test_short_runs_show_nothing(play_for):
    play = play_for(scenarios.small(2))
    tasks = [{f"{COLLECTION}mainwp_sync": {"all_sites": True, "max_age": 0}}]
    assert "sites, " not in play.run([hosts_play(play, tasks, "localhost")]).stdout


def test_documentation_of_both_doors_is_the_modules():
    done = run_ansible("ansible-doc", "-t", "module", "-s", f"{COLLECTION}mainwp_sync")
    assert done.returncode == 0
    assert "run_on" in done.stdout


#: What stands in the attributes → at which doors the module heeds it.
HEEDS = {"full": {"controller", "host"}, "partial": {"host"}, "none": set()}


def test_attributes_are_what_the_modules_do(play_for, tmp_path):
    """A host without Python, and a host where nobody can become anybody: what is sent there comes to grief."""
    done = run_ansible("ansible-doc", "--json", "--type", "module", *(COLLECTION + name for name in MODULES))
    documents = {name.removeprefix(COLLECTION): entry["doc"] for name, entry in json.loads(done.stdout).items()}
    for name, document in documents.items():
        said = {attribute: entry["support"] for attribute, entry in document["attributes"].items()}
        both = "partial" if name in REMOTE else "none"
        assert said["action"] == "full"
        assert (said["async"], said["connection"], said["become"], said["delegation"]) == ("none", both, both, both)
        wanted = {"python >= 3.10", *(["requests >= 2.28"] if name in REMOTE else [])}
        assert set(document["requirements"]) == wanted
    inventory = {
        "nowhere": {"ansible_connection": "local", "ansible_python_interpreter": "/nowhere/python"},
        "nobody": {"ansible_connection": "local", "ansible_become_exe": "/nowhere/sudo"},
        "here": {"ansible_connection": "local"},
    }
    path = tmp_path / "hosts.yml"
    path.write_text(json.dumps({"all": {"hosts": inventory}}))
    ways = {
        "connection": ("nowhere", {}),
        "become": ("nobody", {"become": True, "become_user": "nobody"}),
        "delegation": ("here", {}),
    }
    ways["delegation"][1]["delegate_to"] = "nowhere"
    play = play_for(scenarios.demo())
    plays = []
    names = ["mainwp_site_info", *(name for name in MODULES if name not in REMOTE)]
    for name in names:
        for door in ("controller", "host") if name in REMOTE else ("controller",):
            for attribute, (host, keywords) in ways.items():
                options = {**TABLE[name].call, **({"run_on": door} if name in REMOTE else {})}
                task = {
                    "name": f"{name} {attribute} {door}",
                    COLLECTION + name: options,
                    "ignore_errors": True,
                    **keywords,
                }
                plays.append(hosts_play(play, [task], host))
    output = play.run(plays, args=["-i", str(path)]).stdout
    sections = re.split(r"^TASK \[(.*)\] \*+$", output, flags=re.MULTILINE)[1:]
    grief = {title: "/nowhere/" in text for title, text in zip(sections[::2], sections[1::2], strict=True)}
    assert len(grief) == len(plays)
    for title, came in grief.items():
        name, attribute, door = title.split()
        assert came == (door in HEEDS[documents[name]["attributes"][attribute]["support"]]), title


#: A Python of a host that cannot read the modules, whatever it says about that.
OLD_PYTHON = """#!/bin/sh
[ "$1" = -c ] && { echo "3.9.18 (main) [GCC 12]"; exit; }
cat > /dev/null
echo "ImportError: cannot import name 'TypeAlias' from 'typing'" >&2
exit 1
"""


def test_a_host_whose_python_is_too_old_is_told_so_in_one_sentence(play_for, tmp_path):
    python = tmp_path / "python3.9"
    python.write_text(OLD_PYTHON)
    python.chmod(0o755)
    play = play_for(scenarios.demo())
    tasks = [
        Task("mainwp_site_info", {"all_sites": True}, door="host", keywords={"vars": variables})
        for variables in ({"ansible_python_interpreter": str(python)}, {})
    ]
    old, good = play.tasks(*tasks)
    assert old.failed
    assert old.msg.startswith("mainwp_site_info needs Python 3.10 or newer on localhost, with the library requests. ")
    assert f"{python} there is Python 3.9.18." in old.msg
    assert "TypeAlias" not in json.dumps(old.data)
    assert not old.journal
    assert not good.failed
