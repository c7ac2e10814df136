# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A page printed as PDF by a chromium on this machine. PRIVATE to the collection.

The page is one file that asks nothing of anybody, and the browser is told that there is no network. It keeps nothing: its
profile is a folder of its own, gone afterwards. It is started by asyncio, for ansible-test forbids subprocess in module_utils.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .. import _errors as errors

#: What the browser is called, here or there.
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome-headless-shell",
    "headless-shell",
)
#: Longer than this, in seconds, it hangs.
_PATIENCE = 60
_ARGUMENTS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    # a container's is often 64 MB
    "--disable-dev-shm-usage",
    # no name and no address is found, nor is there a proxy that would
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=direct://",
    "--no-pdf-header-footer",
    "--print-to-pdf-no-header",
)
#: The browser's own sandbox needs user namespaces, which containers often lack, and does not let root use it.
_NO_SANDBOX = "--no-sandbox"


class NotPrinted(Exception):
    """There is no PDF, and why."""


def browser_at(given: str) -> str:
    """The browser to print with: that which is named, else one that is found; empty if there is none. Raises InputError."""
    if not given:
        return next(filter(None, map(shutil.which, NAMES)), "")
    found = shutil.which(os.path.expanduser(given))
    if not found:
        raise errors.InputError("browser", f"{given} is no program on the controller.")
    return found


def print_page(browser: str, page: Path, paper: Path) -> None:
    """Print ``page`` to ``paper``, which only its owner may read. Raises NotPrinted, OSError."""
    with tempfile.TemporaryDirectory(prefix=".paper-", dir=paper.parent) as folder:
        made = Path(folder) / paper.name
        said = _tried(browser, page, made, [_NO_SANDBOX] if os.geteuid() == 0 else [])
        if not made.is_file() and os.geteuid() != 0 and "sandbox" in said.lower():
            said = _tried(browser, page, made, [_NO_SANDBOX])
        if not made.is_file() or made.read_bytes()[:5] != b"%PDF-":
            lines = [line for line in said.splitlines() if line.strip()]
            raise NotPrinted(f"{Path(browser).name}: {lines[-1][:300] if lines else 'it made no PDF'}")
        made.chmod(0o600)
        made.replace(paper)


def _tried(browser: str, page: Path, made: Path, more: Sequence[str]) -> str:
    """What the browser says to it. Raises NotPrinted for one that hangs."""
    with tempfile.TemporaryDirectory(prefix="wpfleet-paper-") as home:
        command = [browser, *_ARGUMENTS, *more, f"--user-data-dir={home}", f"--print-to-pdf={made}", page.as_uri()]
        try:
            return asyncio.run(_said(command, home)).decode(errors="replace")
        except asyncio.TimeoutError:
            raise NotPrinted(f"{Path(browser).name}: it did not end within {_PATIENCE} s") from None


async def _said(command: Sequence[str], home: str) -> bytes:
    """What a program says on its error output, with ``home`` for all that it keeps. Raises asyncio.TimeoutError, OSError."""
    nothing = asyncio.subprocess.DEVNULL
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
    process = await asyncio.create_subprocess_exec(
        *command, env=env, stdin=nothing, stdout=nothing, stderr=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        return (await asyncio.wait_for(process.communicate(), _PATIENCE))[1]
    finally:  # with all that it started
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
