# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless chromium, spoken to through chromedriver's own HTTP, so that nothing else is needed."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import requests

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
NEEDS = "Needs chromium and chromedriver: on Debian, apt-get install chromium chromium-driver."
#: Longer than this, something hangs.
PATIENCE = 60


class Missing(RuntimeError):
    """What it needs is not on this machine."""


class Browser:
    """One session."""

    def __init__(self, url: str) -> None:
        self._http = requests.Session()
        self._http.trust_env = False
        arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
        ]
        options = {"args": arguments, "binary": CHROMIUM}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        made = self._post(f"{url}/session", {"capabilities": {"alwaysMatch": wanted}})
        self._url = f"{url}/session/{made['sessionId']}"

    def _post(self, url: str, body: dict[str, Any]) -> Any:
        answer = self._http.post(url, json=body, timeout=PATIENCE)
        value = answer.json()["value"]
        if answer.status_code != 200:
            raise RuntimeError(value.get("message", value))
        return value

    def tell(self, command: str, **given: Any) -> Any:
        """A command of the DevTools protocol."""
        return self._post(f"{self._url}/goog/cdp/execute", {"cmd": command, "params": given})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns; a page's own policy does not hold for it."""
        return self._post(f"{self._url}/execute/sync", {"script": script, "args": list(arguments)})

    def wait_for(self, condition: str) -> None:
        """Until an expression is true in the page. Raises RuntimeError when the browser gives a script up, after 30 seconds."""
        script = f"const done = arguments[0], look = () => ({condition}) ? done() : setTimeout(look, 50); look()"
        self._post(f"{self._url}/execute/async", {"script": script, "args": []})

    def open(
        self, page: Path | str, width: int = 1000, height: int = 900, dark: bool = False, media: str = "screen"
    ) -> float:
        """Load a page – a file, or what is at an address –, and return the seconds until it could be seen."""
        self.tell(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        self.emulate(media, dark)
        self.log("browser")
        self.log("performance")
        began = time.monotonic()
        self._post(f"{self._url}/url", {"url": page if isinstance(page, str) else page.resolve().as_uri()})
        self.run("return document.body.getBoundingClientRect().height")
        return time.monotonic() - began

    def emulate(self, media: str, dark: bool) -> None:
        """What the page is shown on; an empty ``media`` is what it really is."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tell("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def log(self, kind: str) -> list[dict[str, Any]]:
        """What was logged since the last time."""
        return list(self._post(f"{self._url}/se/log", {"type": kind}))

    def requested(self) -> list[str]:
        """The addresses of all that was asked for since the page was opened; the page itself is one."""
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]

    def part(self, file: Path, last: str, first: str = "") -> None:
        """The page down to the end of the element ``last``, from its top or that of the element ``first``, as PNG."""
        edge = "return document.querySelector(arguments[0]).getBoundingClientRect()[arguments[1]] + scrollY"
        margin = 0 if last.rpartition(" ")[2].startswith("tr") else 12  # below a row is the next one
        top = max(0, self.run(edge, first, "top") - margin) if first else 0
        whole = self.run("return [document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        height = min(whole[1], self.run(edge, last, "bottom") + margin) - top
        clip = {"x": 0, "y": top, "width": whole[0], "height": height, "scale": 1}
        data = self.tell("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(data))

    def paper(self) -> bytes:
        """The page printed on A4, as its own style says, as PDF; the system is a dark one."""
        self.emulate("", dark=True)
        return base64.b64decode(self.tell("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def close(self) -> None:
        with contextlib.suppress(requests.RequestException):
            self._http.delete(self._url, timeout=PATIENCE)


@contextlib.contextmanager
def browser(command: Sequence[str] = ("chromedriver",)) -> Iterator[Browser]:
    """A browser, gone again in any case."""
    if not shutil.which(command[0]) or not CHROMIUM:
        raise Missing(NEEDS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    with subprocess.Popen(
        [*command, f"--port={port}", "--log-level=OFF"], stdout=subprocess.DEVNULL, env=env
    ) as driver:
        try:
            yield from _session(f"http://127.0.0.1:{port}")
        finally:
            driver.terminate()


def _session(url: str) -> Iterator[Browser]:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            opened = Browser(url)
            break
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    try:
        yield opened
    finally:
        opened.close()
