# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m simulator``: serve a scenario until told to stop."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from .clock import Clock
from .cron import MODES
from .scenarios import SCENARIOS, by_name
from .server import DIALECTS, Simulator


def parser() -> argparse.ArgumentParser:
    """The options."""
    options = argparse.ArgumentParser(prog="simulator", description="A fake MainWP Dashboard.")
    options.add_argument("--scenario", choices=sorted(SCENARIOS), default="demo")
    options.add_argument("--dialect", choices=DIALECTS, default="abilities")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0, help="0: any free one")
    options.add_argument("--prefix", default="", help="sub-directory of the install")
    options.add_argument("--cron", choices=sorted(MODES), default="visits")
    options.add_argument("--scale", type=float, default=1.0, help="how much faster than real its time runs")
    options.add_argument("--throttle", action="store_true", help="enforce the Dashboard's limits on syncs")
    options.add_argument("--tls-cert", type=Path)
    options.add_argument("--tls-key", type=Path)
    options.add_argument("--ready-file", type=Path, help="where to write URL and keys as JSON, once it serves")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT."""
    options = parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tls = (str(options.tls_cert), str(options.tls_key)) if options.tls_cert else None
    fleet = by_name(options.scenario)
    sim = Simulator(
        fleet,
        options.dialect,
        clock=Clock(options.scale),
        cron=options.cron,
        prefix=options.prefix,
        tls=tls,
        throttle=options.throttle,
        host=options.host,
        port=options.port,
    )
    with sim:
        key = sim.key("read_write")
        ready = {
            "url": sim.url,
            "api_key": key.token,
            "consumer_key": key.consumer_key,
            "consumer_secret": key.consumer_secret,
            "read_only_api_key": sim.key("read").token,
        }
        if options.ready_file:
            partial = options.ready_file.with_suffix(".partial")
            partial.write_text(json.dumps(ready, indent=2) + "\n", encoding="utf-8")
            partial.replace(options.ready_file)
        print(f"{len(fleet.sites)} sites ({options.scenario}, {options.dialect}) at {sim.url}", flush=True)
        stop.wait()
    return 0
