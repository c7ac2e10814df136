# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ends a job early: a signal, and the end of the process that wanted it. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

#: How often a job looks whether the process that wanted it is still there, seconds.
ORPHAN_POLL = 1.0


@contextlib.contextmanager
def terminable(reporter: Any) -> Iterator[None]:
    """Let SIGTERM, and the end of the process that started this one, end a job as cleanly as Ctrl-C does.

    A killed ansible-playbook leaves its workers running: they would go on with a fleet that the next run takes up.
    Ansible answers Ctrl-C with SIGTERM to its workers at once, so a second signal must not cut the first one's end
    short; only Ctrl-C pressed again does. Where the process ends with the job, a signal that comes after it finds nothing
    to stop but the result on its way out.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    ending = False  # no Event: its lock would hang a signal that strikes while another one is setting it

    def interrupt(number: int, _frame: Any) -> None:
        nonlocal ending
        again, ending = ending, True
        reporter.interrupted = True
        # An exception could strike anywhere, even where Python drops it, and take the report along.
        if (again and number == signal.SIGINT) or not (again or reporter.patient):
            raise KeyboardInterrupt

    def watch(parent: int) -> None:
        while not ending:
            time.sleep(ORPHAN_POLL)
            if not ending and os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)
                return

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    threading.Thread(target=watch, args=(os.getppid(),), daemon=True).start()
    try:
        yield
    finally:
        ending = True
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if reporter.ends_process else handler or signal.SIG_DFL)
