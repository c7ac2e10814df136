# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every command that a page shows works, with the files that the page shows, against a simulated Dashboard.

What the words before a YAML block call by name is a file of that name, beside all others of its page. A command that stands on
several pages runs once, on the page that shows the most files; one that takes a playbook of the page runs with each.
"""

from __future__ import annotations

import datetime
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from ansible.parsing.yaml.dumper import AnsibleDumper
from ansible.parsing.yaml.loader import AnsibleLoader
from documents import PAGES, ROOT, blocks, blocks_of
from feeds import record, software, versions, written
from integration import _fleets as fleets
from integration._ansible import run_ansible
from integration._play import COLLECTION, assert_no_secrets
from unit.letters import Kept
from unit.letters import site as reported

from ansible_collections.wpfleet.mainwp.plugins.module_utils._given import CREDENTIALS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._specs import ENVIRONMENT
from simulator import Client, Fleet, Offer, Plugin, Simulator, Tag

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

PROGRAMS = {"ansible", "ansible-doc", "ansible-inventory", "ansible-playbook"}
#: Commands that are not run here, by how they begin, each with the reason. One that no page shows is a mistake.
LEFT_OUT = {
    "make demo": "test_demo.py runs it",
    "make test": "it runs this",
    "make unit ARGS=": "it runs this",
    "python3 -m venv ~/mainwp": "it is of use only with what comes next",
    ". ~/mainwp/bin/activate": "it is of use only with what comes next",
    "pip install ansible-core": "it takes the package index; the tests' own environment is made so",
    "ansible-galaxy collection install git+": "it takes the network",
    "ansible-galaxy collection install wpfleet.mainwp": "it takes Galaxy",
    "ansible-galaxy collection install awx.awx": "it takes Galaxy; make awx-check has it",
    "ansible-galaxy collection build": "make lint-artifact does it",
    "ansible-galaxy collection install wpfleet-mainwp-": "make lint-artifact looks into that file",
    "cd examples/execution_environment": "test_awx_environment.py looks into it",
    "ansible-builder build": "it takes a container engine; test_awx_environment.py makes the context",
    "podman push": "it takes a registry",
    "export CONTROLLER_HOST=": "it takes an AWX; make awx-check has a stand-in",
    "export AGENCY_KEY=": "it is of use only with what comes next",
    "export FEED_KEY=": "it is of use only with what comes next",
    "ansible-playbook setup.yml": "it takes an AWX; make awx-check has a stand-in",
    "ansible-playbook -i inventory.yml wpfleet.mainwp.patch_vulnerable": "it is a long one; test_patch_vulnerable.py runs it",
    "sudo apt-get install default-jre-headless": "it takes root",
    "python3 -m venv ~/events": "make events makes such an environment",
    ". ~/events/bin/activate": "it is of use only with what comes next",
    "ansible-rulebook -r": "it takes Java; make events runs it",
    "cd examples/decision_environment": "test_awx_environment.py looks into it",
    "read -rs MAINWP_API_KEY": "it takes a terminal",
    "PYTHONPATH=tests .venv/bin/python tests/tools/interface.py": "it writes into the checkout; a test compares what it would write",
    "PYTHONPATH=tests .venv/bin/python -m simulator": "it serves until it is told to end; the demo starts it",
}
#: What a page says elsewhere than on itself: an inventory of sites, and the hosts that failed last time.
FURTHER = {
    "fleet.mainwp.yml": "---\nplugin: wpfleet.mainwp.mainwp\n",
    "maintain_sites.retry": "mainwp_tag_shop\n",
}
#: What is said beside it, so that nothing waits, nobody prints, and no mail goes out.
BESIDE = {"letters.yml": "letters_pdf: false\n"}
#: Warnings that a reader gets, too.
EXPECTED = re.compile(r"exclude_updates: \S+ matches no update offered")


@dataclass(frozen=True)
class Command:
    """A line of a page's console, with the files that the page shows."""

    place: str
    line: str
    files: tuple[tuple[str, str], ...]

    @property
    def words(self) -> list[str]:
        return shlex.split(self.line, comments=True)

    @property
    def left_out(self) -> str:
        """How what it is left out for begins; empty if it is run."""
        return next((head for head in LEFT_OUT if self.line.startswith(head)), "")

    @property
    def same(self) -> tuple[str, str]:
        """What two commands have in common of which one need not run; inventories are looked at elsewhere."""
        own = {name for before, name in pairwise(self.words) if before != "-i"}
        return self.line, "".join(text for name, text in self.files if name in own)


def commands() -> Iterator[Command]:
    """All commands of all pages."""
    for page in PAGES:
        files = files_of(page)
        for block in blocks_of(page):
            if block.language == "console":
                for line in block.text.replace("\\\n", "").splitlines():
                    yield Command(block.place, " ".join(line.split()) if "'" not in line else line, files)


def files_of(page: Path) -> tuple[tuple[str, str], ...]:
    """The files that a page shows; the last one of a name counts."""
    shown = {block.file: block.text for block in blocks_of(page) if block.file and block.language == "yaml"}
    return tuple(sorted({**FURTHER, **shown}.items()))


def to_run() -> dict[str, list[Command]]:
    """Those of each page, in their order; what stands on several pages, where there are the most files."""
    ours = [command for command in commands() if not command.left_out and command.words[0] != "export"]
    chosen: dict[tuple[str, str], Command] = {}
    for command in ours:
        known = chosen.get(command.same)
        if not known or len(known.files) < len(command.files):
            chosen[command.same] = command
    found: dict[str, list[Command]] = {}
    for command in ours:
        if chosen[command.same] is command:
            found.setdefault(command.place.partition(":")[0], []).append(command)
    return found


# -- the world of a page ------------------------------------------------------------------------------------------


def fleet() -> Fleet:
    """The sites that pages name: a canary and a shop, each with an update."""
    woo = Plugin("woocommerce/woocommerce.php", "WooCommerce", "10.0.0", offer=Offer("10.1.0"))
    made = fleets.fleet(
        fleets.child(Offer("1.1.0")),
        fleets.child(Offer("1.1.0"), woo),
        tags=[Tag(1, "canary"), Tag(2, "shop"), Tag(3, "shops"), Tag(4, "pilot")],
        clients=[Client(7, "Acme"), Client(9, "Harbour Trading")],
    )
    for number, name, tags in ((1, "canary-cafe.example", [1, 4]), (2, "shop.example", [2, 3])):
        made.sites[number].name, made.sites[number].tags, made.sites[number].client_id = name, tags, 7
    made.settings.setdefault("advanced", {}).update(mainwp_minimum_delay=0, mainwp_minimum_ip_delay=0)
    return made


class World:
    """A folder in which a reader has done what a page says so far."""

    def __init__(self, folder: Path, sim: Simulator, files: tuple[tuple[str, str], ...]) -> None:
        self.folder, self.sim = folder, sim
        sim.serve_children()
        self.env = {"MAINWP_URL": sim.url, "MAINWP_API_KEY": sim.key().token, "HOME": str(folder.parent / "home")}
        feed = record(1, software("shop", versions(high="1.0.0"), patched=["1.1.0"]), score=9.8)
        self.feed = written(folder / "feed.json", feed)
        for name, text in files:
            self.write(name, text)
        secrets = set(re.findall(r"\bvault_\w+", " ".join(text for dummy, text in files)))
        self.write("group_vars/all.yml", yaml.safe_dump({name: sim.key().token for name in secrets}))
        self._reports()

    def write(self, name: str, text: str) -> None:
        text = re.sub(r"https://(dashboard|shops)\.example(/dashboard)?", self.sim.url, text)
        text = re.sub(r"https://www\.wordfence\.com/\S+", str(self.feed), text)
        text = text.replace("community.general.mail:", "ansible.builtin.set_fact:").replace(
            "22:00-05:30", "00:00-24:00"
        )
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + BESIDE.get(name, ""))

    def _reports(self) -> None:
        """What the role left in the last months, for letters."""
        kept = Kept(self.folder)
        for week in range(10):
            day = datetime.date.today() - datetime.timedelta(weeks=week)
            sites = [
                reported(number, client=client, name=name)
                for number, client, name in ((1, 7, "Harbour Trading"), (2, 9, "Acme"))
            ]
            kept.keep(day.isoformat(), *sites, url=self.sim.url)
        (self.folder / "reports").rename(self.folder / "mainwp-reports")

    def run(self, command: Command) -> str:
        """What is wrong with what a command did; empty if nothing is."""
        program, *arguments = command.words
        if program not in PROGRAMS:
            return "Nobody knows how to run it: see LEFT_OUT."
        before = len(self.writes)
        done = run_ansible(program, *arguments, env=self.env, fresh=False)
        output = done.stdout + done.stderr
        assert_no_secrets(self.sim, output)
        told = [
            line for line in output.splitlines() if re.match(r"\[(WARN|DEPREC)", line) and not EXPECTED.search(line)
        ]
        if done.returncode or told:
            return output[-2000:]
        only_looks = "--check" in arguments or f"{COLLECTION}first_run" in arguments or program != "ansible-playbook"
        return f"It wrote: {self.writes[before:]}" if only_looks and len(self.writes) > before else ""

    @property
    def writes(self) -> list[object]:
        return [entry for entry in self.sim.journal.entries if entry.is_write]


@pytest.mark.slow
def test_every_command_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them in one place and one process, which is what they cost least in."""
    folder = tmp_path / "here"
    for place in (folder, tmp_path / "home"):
        place.mkdir()
    monkeypatch.chdir(folder)
    problems = []
    for ours in to_run().values():
        with Simulator(fleet()) as sim:
            world = World(folder, sim, ours[0].files)
            for command in ours:
                problem = world.run(command)
                if problem:
                    problems.append(f"{command.place}: {command.line}\n{problem}")
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert not problems, "\n\n".join(problems)


@pytest.mark.parametrize(
    ("line", "code", "output", "told"),
    [
        ("ansible-playbook update.yml", 2, "fatal: no", "fatal: no"),
        ("ansible-playbook update.yml", 0, "[WARNING]: Could not match", "Could not match"),
        ("ansible-playbook update.yml", 0, "[DEPRECATION WARNING]: old", "old"),
        ("make tea", 0, "", "Nobody knows how to run it"),
        ("ansible-playbook update.yml --check --diff", 0, "", "It wrote"),
        ("ansible-playbook wpfleet.mainwp.first_run", 0, "", "It wrote"),
        ("ansible localhost -m ping", 0, "", "It wrote"),
        ("ansible-playbook update.yml", 0, "", ""),
        ("ansible-playbook update.yml", 0, "[WARNING]: exclude_updates: plugin:x* matches no update offered", ""),
    ],
)
def test_what_is_wrong_with_a_command_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, code: int, output: str, told: str
) -> None:
    """Each of these writes, and says what stands there."""
    writes: list[object] = []

    def done(*command: str, **dummy: object) -> subprocess.CompletedProcess[str]:
        writes.append(command)
        return subprocess.CompletedProcess(command, code, "", output)

    monkeypatch.setattr(sys.modules[__name__], "run_ansible", done)
    monkeypatch.setattr(World, "writes", writes)
    with Simulator(fleet()) as sim:
        problem = World(tmp_path, sim, ()).run(Command("somewhere", line, ()))
    assert told in problem
    assert bool(problem) is bool(told)


@pytest.mark.parametrize("head", LEFT_OUT)
def test_what_is_left_out_is_on_a_page(head: str) -> None:
    assert any(command.left_out == head for command in commands())


def test_exports_name_what_is_read() -> None:
    """Whoever copies them sets what the collection reads, or an example of it."""
    examples = " ".join(path.read_text() for path in (ROOT / "examples").rglob("*.yml"))
    lines = [command for command in commands() if command.words[:1] == ["export"] and not command.left_out]
    names = {word.partition("=")[0] for command in lines for word in command.words[1:]}
    assert {"MAINWP_URL", "MAINWP_API_KEY"} <= names
    assert names <= {*ENVIRONMENT.values(), *CREDENTIALS.values(), *re.findall(r"builtin\.env', '(\w+)'", examples)}


# -- plays --------------------------------------------------------------------------------------------------------


def test_ansible_accepts_every_play(tmp_path: Path) -> None:
    """Keywords, modules, roles, imports and filters of all blocks that are plays or tasks, in one run."""
    books = []
    for block in blocks("yaml"):
        value = yaml.load(block.text.replace("community.general.mail:", "ansible.builtin.set_fact:"), AnsibleLoader)
        if "\n  sources:" in block.text or (not isinstance(value, list) and set(value) != {"handlers"}):
            continue  # a rulebook, or no play
        parts = {"tasks": value} if isinstance(value, list) else value
        if isinstance(value, list) and all({"hosts", "import_playbook"} & entry.keys() for entry in value):
            whole = value
        else:
            whole = [{"name": "Play", "hosts": "localhost", "gather_facts": False, **parts}]
        book = tmp_path / f"{len(books)}-{re.sub(r'[^a-z0-9]+', '-', block.place.lower())}.yml"
        book.write_text(yaml.dump(whole, Dumper=AnsibleDumper))
        books.append(str(book))
    assert len(books) > 40
    groups = re.findall(
        r"\bmainwp_(?:tag_|client_)\w+|\bmainwp_(?:sites|dashboards)\b",
        " ".join(block.text for block in blocks("yaml")),
    )
    hosts = tmp_path / "hosts.yml"
    hosts.write_text(yaml.safe_dump({group: {"hosts": {"a": None}} for group in groups}))
    done = run_ansible("ansible-playbook", "-i", str(hosts), "--syntax-check", *books)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[WARN" not in done.stderr, done.stderr
    assert done.stdout.count("playbook: ") == len(books)
