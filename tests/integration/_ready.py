# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process that has imported Ansible, and forks to become one of its programs: ``_ready.py SOCKET BIN``.

It is started with the environment of the programs, for Ansible reads its configuration at import. A run finds and loads its
plugins as any does, but Ansible's own filters, tests, connections and the like; filters and tests are found again when a play
adds a folder. What is written in the roles' files is there, and so is of the collection what its modules import, which each
worker of a run would import again. A task that only computes has no worker. That all of it goes without, runs show that others
start: the demo, ansible-runner, two runs at once. A fork gets of its own what a fresh process has of its own: see ``become``.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import importlib.metadata
import json
import multiprocessing
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import _spared

#: what a program imports at once, and what its runs import sooner or later
EAGERLY = (
    "ansible.cli.playbook",
    "ansible.cli.inventory",
    "ansible.executor.playbook_executor",
    "ansible.executor.process.worker",
    "ansible.executor.task_executor",
    "ansible.module_utils.basic",
    "ansible.modules",
    "ansible.playbook.handler_task_include",
    "ansible.playbook.included_file",
    "ansible.plugins.action.normal",
    "ansible.plugins.callback.default",
    "ansible.plugins.callback.junit",
    "ansible.plugins.connection.local",
    "ansible.plugins.connection.ssh",
    "ansible.plugins.connection.winrm",
    "ansible.plugins.filter.core",
    "ansible.plugins.inventory.yaml",
    "ansible.plugins.lookup.env",
    "ansible.plugins.shell.sh",
    "ansible.plugins.strategy.linear",
    "ansible.plugins.test.core",
    "ansible.plugins.vars.host_group_vars",
    "ansible.template",
    "requests",
)
COLLECTION = "ansible_collections.wpfleet.mainwp"
MODULES = Path(__file__).resolve().parents[2] / "plugins" / "modules"
#: Where a run keeps the modules that it packed, in its temporary folder.
PACKED = "ansiballz_cache"
#: What is found out on the way is kept here, for each process of the tests that finds the same.
SHARED = "READY_FOLDER"


def become(request: dict[str, Any], out: int, err: int) -> None:
    """Be a fresh process: its streams, environment and arguments; a temporary folder and random numbers nobody shares."""
    for source, target in ((out, 1), (err, 2)):
        os.dup2(source, target)
        os.close(source)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv[:] = request["argv"]

    from ansible import constants
    from ansible.config.manager import cleanup_tmp_file
    from ansible.utils import vars as unique

    # the folder is that of the process that forks
    atexit.unregister(cleanup_tmp_file)
    packed = os.path.join(constants.DEFAULT_LOCAL_TMP, PACKED)
    folder = os.path.dirname(constants.DEFAULT_LOCAL_TMP)
    constants.DEFAULT_LOCAL_TMP = tempfile.mkdtemp(prefix=f"ansible-local-{os.getpid()}", dir=folder)
    os.symlink(packed, os.path.join(constants.DEFAULT_LOCAL_TMP, PACKED))
    atexit.register(cleanup_tmp_file, constants.DEFAULT_LOCAL_TMP, warn=True)
    # what tells one run from another, and the collection knows its own by
    multiprocessing.current_process().authkey = os.urandom(32)
    unique.random_int = f"{int.from_bytes(os.urandom(4), 'big'):08x}"


def spare_work(folder: str) -> None:
    """Do once what each run does again, or each of its workers: ``folder`` keeps what is found out on the way."""
    _spared.routing(folder)
    _spared.collections()
    _spared.templates(folder)
    _spared.modules(folder)
    _spared.imports(folder)
    _spared.workers()


def share(source: str, target: str) -> None:
    """Give the modules that are packed in one folder to another: no run packs one that another run packed."""
    for name in set(os.listdir(source)) - set(os.listdir(target)):
        if not name.endswith((".lock", "-part")):
            with contextlib.suppress(OSError):  # another process was faster, or the folders are on different disks
                os.link(os.path.join(source, name), os.path.join(target, name))


def import_collection(folder: str) -> None:
    """Import what its modules import, found as Ansible finds it; nothing but that is left of the search."""
    finder = importlib.import_module("ansible.utils.collection_loader._collection_finder")
    importlib.import_module("ansible.plugins.loader").init_plugin_loader()
    try:
        for name in sorted(path.stem for path in MODULES.glob("*.py")):
            with contextlib.suppress(Exception):  # whoever runs it is told
                importlib.import_module(f"{COLLECTION}.plugins.modules.{name}")
        _spared.files(folder, Path(sys.modules[COLLECTION].__path__[0]) / "roles")
    finally:
        finder._AnsibleCollectionFinder._remove()
        for name in [name for name in sys.modules if name.partition(".")[0] == "ansible_collections"]:
            if not name.startswith(f"{COLLECTION}."):
                del sys.modules[name]


def main() -> None:
    """Serve until the other end of the socket is closed; a child leaves here as a program does."""
    line = socket.socket(fileno=int(sys.argv[1]))
    # as Ansible's programs, which are scripts there, find it
    sys.path[0] = sys.argv[2]
    for name in EAGERLY:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    own = importlib.import_module("ansible.constants").DEFAULT_LOCAL_TMP
    versions = map(importlib.metadata.version, ("ansible-core", "jinja2", "pyyaml"))
    shared = os.path.join(os.environ.get(SHARED, own), "-".join([str(sys.implementation.cache_tag), *versions]))
    packed = os.path.join(own, PACKED), os.path.join(shared, PACKED)
    for name in packed:
        os.makedirs(name, exist_ok=True)
    spare_work(shared)
    import_collection(shared)
    os.register_at_fork(before=gc.freeze)  # that no worker's collection copies the memory that it shares
    while True:
        data, descriptors, _flags, _address = socket.recv_fds(line, 1, 2)
        if not data:
            return
        while not data.endswith(b"\n"):
            data += line.recv(1 << 20)
        share(*reversed(packed))
        pid = os.fork()
        if pid == 0:
            line.close()
            request = json.loads(data)
            become(request, *descriptors)
            program = os.path.basename(request["argv"][0])
            name = "adhoc" if program == "ansible" else program.removeprefix("ansible-")
            sys.exit(importlib.import_module(f"ansible.cli.{name}").main())
        for descriptor in descriptors:
            os.close(descriptor)
        line.sendall(b"%d\n" % pid)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        share(*packed)
        line.sendall(b"%d\n" % status)


if __name__ == "__main__":
    main()
