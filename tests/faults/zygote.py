# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process with everything imported, that forks a child for each run of a job: cheap, and can be killed.

Started by :mod:`faults.process`. It reads requests (JSON with two descriptors: output and result) from a socket and
answers each with the child's process id.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from typing import Any

from faults import quick


def child(request: dict[str, Any], doors: dict[str, Any], output: int, result: int) -> None:
    """Run the jobs of a request one after another; one line with each result."""
    import jobs

    from ansible_collections.wpfleet.mainwp.plugins.module_utils._door import Collector

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    reporter = Collector(verbose=request["verbose"])

    def note(_number: int, _frame: Any) -> None:
        reporter.interrupted = True

    for number in (signal.SIGTERM, signal.SIGINT):
        # As behind the job of a module: no signal takes along a result on its way out.
        signal.signal(number, note)
    os.dup2(output, 1)
    os.dup2(output, 2)
    quick.set_clock(*request["clock"])
    for name, options in request["jobs"]:
        if reporter.interrupted:
            break
        reporter.patient = False
        outcome = jobs.done(doors[name], options, reporter, request["check"])
        line = json.dumps({**outcome, "warnings": reporter.warnings}) + "\n"
        with open(result, "w", closefd=False) as stream:
            stream.write(line)
        reporter.warnings.clear()


def main() -> None:
    """Serve until the other end of the socket is closed."""
    quick.install()
    import jobs  # noqa: F401  # once, not in each child

    from ansible_collections.wpfleet.mainwp.plugins.modules import mainwp_batch_update, mainwp_sync

    doors = {module.DOOR.name: module.DOOR for module in (mainwp_batch_update, mainwp_sync)}
    gc.freeze()  # what children never change stays shared with them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are nobody's zombies
    line = socket.socket(fileno=int(sys.argv[1]))
    while True:
        data, fds, _flags, _address = socket.recv_fds(line, 1 << 20, 2)
        if not data:
            return
        pid = os.fork()
        if pid == 0:
            line.close()
            status = 1
            try:
                child(json.loads(data), doors, *fds)
                status = 0
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        for descriptor in fds:
            os.close(descriptor)
        line.sendall(str(pid).encode())


if __name__ == "__main__":
    main()
