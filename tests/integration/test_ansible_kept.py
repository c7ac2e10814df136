# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that a kept process forks for is as true as one of a fresh process: the tests of all else rest on that."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from integration import _ansible
from integration._ansible import environment, run_ansible

#: Tells what the process is like in which ansible-playbook reads the play.
LOOKUP = """
import gc, json, locale, multiprocessing, os, random, re, resource, signal, socket, stat, sys, tempfile, threading
from ansible import constants
from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import get_unique_id

def shown(value):
    return re.sub(" at 0x[0-9a-f]+", "", str(sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value))

class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        descriptors = {}
        for name in os.listdir("/proc/self/fd"):
            try:
                descriptors[name] = stat.S_IFMT(os.fstat(int(name)).st_mode)
            except OSError:
                pass  # that of the listing
        streams = [sys.stdin, sys.stdout, sys.stderr]
        same = {
            "environment": dict(os.environ),
            "cwd": os.getcwd(),
            "argv": sys.argv,
            "path": sys.path,
            "flags": str(sys.flags),
            "descriptors": sorted(set(descriptors) - {"1", "2"}),
            "blocking": [os.get_blocking(stream.fileno()) for stream in streams],
            "streams": [
                [stream.fileno(), stream.isatty(), stream.encoding, stream.errors, stream.line_buffering]
                for stream in streams
            ],
            "locale": [locale.getlocale(), locale.getpreferredencoding(False), sys.getfilesystemencoding()],
            "masks": [line for line in open("/proc/self/status") if line.startswith(("Umask", "SigBlk"))],
            "signals": {number.name: shown(signal.getsignal(number)) for number in signal.valid_signals()
                        if isinstance(number, signal.Signals)},
            "limits": [resource.getrlimit(number) for number in (resource.RLIMIT_NOFILE, resource.RLIMIT_CORE)],
            "group": [os.getpgid(0), os.getsid(0), os.nice(0)],
            "threads": [thread.name for thread in threading.enumerate()],
            "gc": [gc.isenabled(), gc.get_threshold()],
            "default timeout": socket.getdefaulttimeout(),
            "settings": {name: shown(getattr(constants, name)) for name in sorted(dir(constants))
                         if name.isupper() and name != "DEFAULT_LOCAL_TMP"},
            "folder": os.path.dirname(constants.DEFAULT_LOCAL_TMP),
            "exists": os.path.isdir(constants.DEFAULT_LOCAL_TMP),
            "own": f"-{os.getpid()}" in constants.DEFAULT_LOCAL_TMP,
            # but what modules import
            "collection": [name for name in sys.modules if re.match("ansible_collections.*(?<!plugins)$", name)
                           and ".mainwp.plugins.module" not in name],
        }
        own = {
            "pid": os.getpid(),
            "folder": constants.DEFAULT_LOCAL_TMP,
            "id": get_unique_id(),
            "key": multiprocessing.current_process().authkey.hex(),
            "number": random.random(),
            "name": next(tempfile._get_candidate_names()),
        }
        with open(os.environ["MAINWP_FACTS"], "w") as stream:
            json.dump([same, own], stream, default=str)
        return ["localhost"]
"""
FILTER = """
class FilterModule:
    def filters(self):
        return {"beside": lambda text: f"<{text}>"}
"""
#: Comes with a role, after it was asked for.
LATER = FILTER.replace("beside", "later")
#: Of one text and of several lines; what is said about an error names its line.
TEMPLATES = {
    "page.j2": "{{ 1 }} << 2 }}\n",
    "other.j2": "{{ 1 }} << 2 }}\n",
    "broken.j2": "one\ntwo\n{{ nosuch.thing }}\n",
}
PLAY = """
- hosts: "{{ lookup('facts') }}"
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: "fünf {{ lookup('env', 'MAINWP_WORD') }}"
    - ansible.builtin.debug:
        msg: "{{ 'C:\\new' | beside }} {{ [1, 2] is subset([1, 2, 3]) }}"
      when: (lookup('env', 'MAINWP_WORD') | length) is gt 0 or true
    - ansible.builtin.copy:
        src: page.j2
        dest: /dev/null
      check_mode: true
    - ansible.builtin.debug:
        msg: "{{ lookup('template', 'page.j2') }}{{ lookup('template', 'other.j2', variable_start_string='<<') }}"
    - ansible.builtin.debug:
        msg: "{{ 1 | nosuch }}"
      ignore_errors: true
    - ansible.builtin.debug:
        msg: "{{ 1 | later }}"
      ignore_errors: true
    - ansible.builtin.include_role:
        name: brings
    - ansible.builtin.debug:
        msg: "{{ 2 | later }}"  # another text: of what compiles with it, a kept process has the compiled form
    - ansible.builtin.debug:
        msg: "{{ 1 + }}"
      ignore_errors: true
    - ansible.builtin.assert:
        that: nosuch.thing
      ignore_errors: true
    - ansible.builtin.template:
        src: broken.j2
        dest: /dev/null
      ignore_errors: true
    - ansible.builtin.command: "true"
    - ansible.builtin.fail:
      when: "'fail' in ansible_run_tags"
    - ansible.builtin.add_host:
        name: "{{ item }}"
        groups: made
        mine: "of {{ item }}"
        steps: "{{ [item, 2] }}"
        ansible_connection: local
      loop: [one, two]
- hosts: made
  gather_facts: false
  throttle: 1
  tasks:
    - ansible.builtin.set_fact:
        own: "{{ mine }}"
        "only_{{ inventory_hostname }}": [1]
    - ansible.builtin.debug:
        msg: "{{ own }}: {{ step }}, {{ vars.only_one | default('') }}, {{ only_two | default('') }}"
      loop: "{{ steps }}"
      loop_control:
        label: "{{ own }} {{ step }}"
        loop_var: step
        index_var: number
    - ansible.builtin.debug:
        msg: "{{ step | default('no step') }}, {{ number | default('no number') }}, {{ word | default('no word') }}"
      vars:
        word: "{{ own }}"
      when: inventory_hostname == 'two'
    - ansible.builtin.debug:
        msg: "{{ word | default('no word') }}"
      delegate_to: "{{ (groups.made | difference([inventory_hostname])) | first }}"
    - ansible.builtin.group_by:
        key: "made_{{ inventory_hostname }}"
    - ansible.builtin.include_tasks: more.yml
      loop: "{{ steps }}"
    - ansible.builtin.debug:
        msg: tried
      register: tried
      until: tried.attempts == 2
      delay: 0
      run_once: true
    - block:
        - ansible.builtin.fail:
            msg: "{{ own }} {{ groups.keys() | sort }}"
          when: own == 'of two'
      rescue:
        - ansible.builtin.debug:
            var: ansible_failed_result.msg
      always:
        - ansible.builtin.set_stats:
            data: "{{ {inventory_hostname: own} }}"
    - ansible.builtin.debug:
        msg: "{{ nosuch.thing }}"
      ignore_errors: true
    - ansible.builtin.assert:
        that: own == mine
        success_msg: "{{ hostvars.two.own }}"
"""
#: What is included gets the item of its loop.
MORE = """
- ansible.builtin.include_vars:
    file: more_vars.yml
    name: "got_{{ inventory_hostname }}"
- ansible.builtin.debug:
    msg: "{{ item }} {{ lookup('vars', 'got_' ~ inventory_hostname) }}"
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A playbook that tells about its process."""
    (tmp_path / "lookup_plugins").mkdir()
    (tmp_path / "lookup_plugins" / "facts.py").write_text(LOOKUP)
    (tmp_path / "filter_plugins").mkdir()
    (tmp_path / "filter_plugins" / "beside.py").write_text(FILTER)
    brings = tmp_path / "roles" / "brings" / "filter_plugins"
    brings.mkdir(parents=True)
    (brings / "later.py").write_text(LATER)
    for name, text in TEMPLATES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "play.yml").write_text(PLAY)
    (tmp_path / "more.yml").write_text(MORE)
    (tmp_path / "more_vars.yml").write_text('plain: "{{ own }}"\n')
    return tmp_path / "play.yml"


def facts_of(book: Path, *args: str, fresh: bool, word: str = "x") -> tuple[Any, Any, subprocess.CompletedProcess[str]]:
    facts = book.with_name("facts.json")
    env = {"MAINWP_FACTS": str(facts), "MAINWP_WORD": word}
    done = run_ansible("ansible-playbook", *args, str(book), env=env, fresh=fresh)
    same, own = json.loads(facts.read_text())
    facts.unlink()
    return same, own, done


def kept() -> _ansible.Ready:
    """The process that is kept for the plain environment."""
    for dummy in range(2):
        ready = _ansible.ready_for(environment())
    assert ready
    return ready


def test_a_run_is_as_one_of_a_fresh_process(book: Path) -> None:
    fresh, fresh_own, fresh_done = facts_of(book, fresh=True)
    ready = kept()
    every = [fresh_own]
    for word in ("x", "y"):
        same, own, done = facts_of(book, fresh=False, word=word)
        assert f"fünf {word}" in done.stdout
        assert vars(done) == {**vars(fresh_done), "stdout": fresh_done.stdout.replace("fünf x", f"fünf {word}")}
        settings = same["settings"].items() ^ fresh["settings"].items()
        assert not settings, settings
        assert same == {**fresh, "environment": {**fresh["environment"], "MAINWP_WORD": word}}
        assert not Path(own["folder"]).exists(), "the folder is gone with the run"
        every.append(own)
    for name in fresh_own:
        assert len({own[name] for own in every}) == len(every), name
    number = ready.process.pid
    assert not Path(f"/proc/{number}/task/{number}/children").read_text(), "no zombie"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        pytest.param((), 0, marks=pytest.mark.once),  # of which the test above tells, too
        (("--tags", "all,fail"), 2),
        (("--no-such-option",), 2),
        (("--list-hosts",), 0),
    ],
)
def test_codes_and_what_is_said_are_the_same(book: Path, args: tuple[str, ...], code: int) -> None:
    kept()
    env = {"MAINWP_FACTS": "/dev/null"}
    ends = [run_ansible("ansible-playbook", *args, str(book), env=env, fresh=fresh) for fresh in (True, False)]
    assert [done.returncode for done in ends] == [code, code]
    assert vars(ends[0]) == vars(ends[1])


ONE_KEPT = """
import os, sys
sys.path.insert(0, sys.argv[1])
from integration import _ansible
for dummy in range(2):
    ready = _ansible.ready_for(_ansible.environment())
_ansible.run_ansible("ansible-playbook", "--version")
print(ready.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.once
def test_what_is_kept_ends_with_whom_it_is_kept_for() -> None:
    """Even one that was killed."""
    tests = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", ONE_KEPT, str(tests)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as keeper:
        assert keeper.stdout
        number = int(keeper.stdout.readline())
        watch = os.pidfd_open(number)
        keeper.send_signal(signal.SIGKILL)
    with open(watch, "rb", closefd=True) as gone:
        assert select.select([gone], [], [], 60)[0], "it goes on alone"


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Programs that were started afresh."""
    started: list[str] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        started.append(Path(command[0]).name)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(_ansible.subprocess, "run", run)
    return started


@pytest.mark.once
def test_what_ansible_reads_at_its_start_gets_a_fresh_process(starts: list[str], tmp_path: Path) -> None:
    kept()
    run_ansible("ansible-playbook", "-vvvv", "--version")
    for name in ("ANSIBLE_LOG_PATH", "ANSIBLE_CONFIG", "HOME", "LC_ALL", "TZ"):
        run_ansible("ansible-playbook", "--version", env={name: str(tmp_path / name)})
    run_ansible("ansible-doc", "--version")
    assert starts == ["ansible-playbook"] * 6 + ["ansible-doc"]


@pytest.mark.once
def test_what_is_kept_is_what_was_used_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_ansible, "MOST", 2)
    monkeypatch.setattr(_ansible, "_ready", {})  # what other tests keep goes on

    def used(number: int) -> _ansible.Ready | None:
        return _ansible.ready_for(environment({"TZ": f"Test{number}"}))

    for number in range(_ansible.MOST):
        assert used(number) is None
    all_kept = [used(number) for number in range(_ansible.MOST)]
    assert used(0) is all_kept[0]
    assert used(_ansible.MOST) is None
    another = used(_ansible.MOST)
    assert another not in (None, *all_kept)
    assert used(0) is all_kept[0]
    assert all_kept[1]
    assert all_kept[1].process.returncode == 0
    assert used(1) not in (None, *all_kept)
    for ready in list(_ansible._ready.values()):
        ready.close()


@pytest.mark.once
def test_another_configuration_is_another_process(tmp_path: Path) -> None:
    config = tmp_path / "ansible.cfg"
    env = environment({"ANSIBLE_CONFIG": str(config)})
    config.write_text("[defaults]\nforks = 3\n")
    for dummy in range(2):
        first = _ansible.ready_for(env)
    assert first
    config.write_text("[defaults]\nforks = 4\n")
    assert _ansible.ready_for(env) is None
    assert _ansible.ready_for(env) is not first
