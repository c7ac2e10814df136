# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door for stories about a result: tasks through the collection's own actions, in this process, without a playbook.

Arguments are validated, secrets hidden and results dressed by what a playbook runs, too; only ansible-playbook around it
is missing, and with it the seconds that it takes. With the door "host" it is the module that does the job, in this process,
too. What ansible-playbook itself does – defaults of groups, templates, loops, the terminal, packing a module and sending it
to a host – needs a :class:`~integration._play.Play`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from unittest import mock

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task as AnsibleTask
from ansible.plugins.loader import action_loader, connection_loader, module_loader
from ansible.template import Templar
from ansible.utils.display import Display
from integration._play import COLLECTION, Held, Result, Task, assert_no_secrets
from unit.module_door import printed

from simulator import Simulator


class Direct:
    """Tasks against one simulator, in this process. What :class:`~integration._play.Play` checks is checked here, too."""

    def __init__(self, sim: Simulator, **connection: Any) -> None:
        self.sim = sim
        self.connection = {"url": sim.url, "api_key": sim.key().token, **connection}

    def task(self, module: str, options: Mapping[str, Any] | None = None, **keywords: Any) -> Result:
        """Run one task. Keywords are those of :class:`~integration._play.Task`."""
        return self.tasks(Task(module, options or {}, **keywords))[0]

    def tasks(self, *tasks: Task, verbosity: int = 0) -> list[Result]:
        """Run tasks, one after another; a failing one does not end them."""
        held, display = Held(self.sim, tasks), Display()
        with (
            mock.patch.object(display, "verbosity", verbosity),
            mock.patch.object(display, "display", wraps=display.display) as shown,
        ):
            for number, task in enumerate(tasks):
                held.take(number, json.dumps(self._act(task)))
        assert not held.problems, "\n".join(held.problems)
        output = "\n".join(str(call.args[0]) for call in shown.call_args_list)
        assert_no_secrets(self.sim, output)
        assert "[DEPRECATION WARNING]" not in output, output
        return held.results

    def _act(self, task: Task) -> dict[str, Any]:
        """What the action says, with what ansible-playbook adds to it."""
        assert not task.keywords, "keywords need a playbook"
        args = {**self.connection, **task.options}
        found = _module(task, args) if task.door == "host" else _action(task, args).run(task_vars={})
        return {"failed": False, "changed": False, **found}


def _action(task: Task, args: Mapping[str, Any]) -> Any:
    """The action that ansible-core would take for a task."""
    name, loader, context = COLLECTION + task.module, DataLoader(), PlayContext()
    one = AnsibleTask.load({"name": task.module, name: dict(args), "check_mode": task.check, "diff": task.diff})
    found = module_loader.find_plugin_with_context(name)
    return action_loader.get(
        found.action_plugin or name,
        task=one,
        connection=connection_loader.get("ansible.builtin.local", context, None),
        play_context=context,
        loader=loader,
        templar=Templar(loader=loader),
        shared_loader_obj=None,
    )


def _module(task: Task, args: Mapping[str, Any]) -> dict[str, Any]:
    """What the module says that ``run_on: host`` would send to a host."""
    from modules import code  # not before Ansible's loader is set up

    settings = {
        "_ansible_check_mode": task.check,
        "_ansible_diff": task.diff,
        "_ansible_verbosity": Display().verbosity,
    }
    return printed(code(task.module).main, {**args, "run_on": "host", **settings})
