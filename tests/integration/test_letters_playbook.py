# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook letters: what goes out, to whom, and that it goes out once."""

from __future__ import annotations

import json
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from integration._ansible import run_ansible
from unit.letters import AGENCY, SHOPS, Kept, site

#: Does not depend on the ansible-core.
pytestmark = pytest.mark.once

PLAYBOOK = "wpfleet.mainwp.letters"
HARBOUR, MEADOW = "harbour@mail.example", "meadow@mail.example"


class Post:
    """A folder of reports, what the user says in letters.yml, and a mail task that writes files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = Kept(folder)
        self.mails = folder / "mails"
        self.mails.mkdir()
        line = "{{ letter.to | join(' ') }}: {{ letter.mail.subject }} / {{ letter.client_name }} / {{ letter.attachment | basename }}"
        tasks = [
            {"name": "Reach the server", "ansible.builtin.fail": {"msg": "no such mailbox"}, "when": "letter.to[0] in broken"},
            {"name": "Mail", "ansible.builtin.copy": {
                "content": line, "dest": f"{self.mails}/{{{{ letter.to[0] }}}}", "mode": "0600", "force": False,
            }},
            {"name": "Only once", "ansible.builtin.copy": {
                "content": line, "dest": f"{self.mails}/{{{{ letter.to[0] }}}}.{{{{ run }}}}", "mode": "0600",
            }},
        ]  # fmt: skip
        (folder / "mail.yml").write_text(yaml.safe_dump(tasks))
        self.vars: dict[str, Any] = {
            "letters_reports": str(folder / "reports"),
            "letters_period": "2026-11",
            "letters_steps": ["make", "send"],
            "letters_mail_tasks": str(folder / "mail.yml"),
            "letters_pdf": False,
            "letters_recipients": [],
            "broken": [],
        }
        self._runs = 0

    def run(self, *args: str, **more: Any) -> subprocess.CompletedProcess[str]:
        self._runs += 1
        given = self.folder / "letters.yml"
        given.write_text(yaml.safe_dump({**self.vars, "run": self._runs, **more}))
        return run_ansible("ansible-playbook", PLAYBOOK, "-e", f"@{given}", *args)

    def sent(self) -> list[str]:
        """Who got a mail, each time that one went out."""
        return sorted(path.name.rpartition(".")[0] for path in self.mails.glob("*.[0-9]*"))

    def notes(self) -> dict[str, str]:
        file = self.folder / "reports" / "letters" / "2026-11" / "sent.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        return {note["to"][0]: note["state"] for note in json.loads(file.read_text())["letters"]}


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """Two Dashboards, each with a client 7."""
    made = Post(tmp_path)
    made.kept.month(site(name="Harbour {{ 1 + 1 }}"))
    made.kept.month(site(name="Meadow"), url=SHOPS)
    return made


def test_a_mistyped_variable_is_refused_and_not_what_your_tasks_need(post: Post) -> None:
    typo = post.run(letters_steps=["make"], letters_incomplet="refuse")
    assert typo.returncode == 2
    assert "letters_incomplet: there is no such variable. Did you mean letters_incomplete?" in typo.stdout
    assert not (post.folder / "reports" / "letters").exists()
    del post.vars["letters_recipients"]
    assert post.run(letters_steps=["make"], letters_smtp_host="mail.example").returncode == 0


def test_each_letter_goes_out_once_and_to_its_own_client(post: Post) -> None:
    post.vars["letters_recipients"] = [{"dashboard": AGENCY, "client_id": 7, "to": [HARBOUR]}]
    lacking = post.run()
    assert lacking.returncode == 2
    assert "Nothing was sent. Meadow (client 7 of shops.example/dashboard): no recipient." in lacking.stdout
    assert post.sent() == []

    post.vars["letters_recipients"] += [{"dashboard": SHOPS, "client": "Meadow", "to": [MEADOW]}]
    looked = post.run("--check")
    assert looked.returncode == 0, looked.stdout
    assert f"Meadow (client 7 of shops.example/dashboard): goes to {MEADOW}" in looked.stdout
    assert post.sent() == []

    failing = post.run(broken=[HARBOUR])
    assert failing.returncode == 2
    assert (
        "Harbour {{ 1 + 1 }} (client 7 of dash.example): not sent: Reach the server: no such mailbox" in failing.stdout
    )
    assert post.sent() == [MEADOW]
    assert post.notes() == {HARBOUR: "failed", MEADOW: "sent"}

    made = re.search(r"letters_made['\"]?: (\{.*?\})", failing.stdout, re.DOTALL)
    assert made, failing.stdout
    again = post.run(letters_steps=["send"], letters_period="", letters_made=yaml.safe_load(made[1]))
    assert again.returncode == 0, again.stdout
    assert post.sent() == [HARBOUR, MEADOW]
    subject = "Your websites, November 2026"
    assert (post.mails / HARBOUR).read_text() == f"{HARBOUR}: {subject} / Harbour {{{{ 1 + 1 }}}} / 7-harbour-1-1.html"
    assert (post.mails / MEADOW).read_text() == f"{MEADOW}: {subject} / Meadow / 7-meadow.html"
