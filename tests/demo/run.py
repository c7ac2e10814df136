# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: update a simulated fleet of a dozen sites three times – plan, run, run again – and show what came of it.

Exits with 0 if everything went as designed, which includes that two sites fail.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: All that it writes goes there, in place of what is there: below the directory on the command line, if there is one.
CACHE = (Path(sys.argv[1]).resolve() if sys.argv[1:] else ROOT / ".cache") / "demo"
REPORTS = CACHE / "reports"
PLAYBOOK = "wpfleet.mainwp.maintain_fleet"
#: Longer than this, something hangs.
PATIENCE = 120

#: The trouble that the simulated fleet is made of: domain -> name of an update, or "" for the site itself -> reason
BROKEN = {
    "riverside-dental.example": {"Contact Form 7": "disconnected", "Twenty Twenty-Five": "disconnected"},
    "teahouse-nara.example": {"Redirection": "child_error"},
}
EXPLAINED = {
    "disconnected": "the site is down",
    "locked_out": "still down, and locked out by MainWP",
    "child_error": "its package cannot be downloaded",
    "suspended": "the site is suspended in MainWP",
    "premium": "premium, the API cannot start it",
    "ignored": "ignored in MainWP",
    "requires_php": "needs a newer PHP",
}


@dataclass
class Run:
    """One run of the playbook."""

    rc: int
    output: str
    seconds: float
    report: dict[str, Any]
    page: Path

    @property
    def changed(self) -> int:
        """What Ansible counts as changed."""
        found = re.search(r"changed=(\d+)", self.output)
        return int(found[1]) if found else -1

    @property
    def recap(self) -> str:
        """Ansible's own last word."""
        found = re.search(r"^demo +:.*$", self.output, re.MULTILINE)
        return re.sub(r" +", " ", found[0]).strip() if found else "no recap"


class NotAsDesignedError(Exception):
    """The demo did not go as it should."""


def environment(**more: str) -> dict[str, str]:
    """An environment in which nothing of the caller's own set-up can interfere."""
    kept = {name: value for name, value in os.environ.items() if not re.match(r"(MAINWP|ANSIBLE|PYTHON)", name)}
    bin_dir = Path(sys.executable).parent
    return {
        **kept,
        "PATH": f"{bin_dir}{os.pathsep}{kept.get('PATH', os.defpath)}",
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        **more,
    }


@contextlib.contextmanager
def simulator() -> Iterator[Mapping[str, str]]:
    """A simulated Dashboard on a free port; where it is and its keys. Stopped in any case."""
    ready = CACHE / "ready.json"
    command = [sys.executable, "-m", "simulator", "--scenario", "demo", "--port", "0", "--ready-file", str(ready)]
    env = environment(PYTHONPATH=str(ROOT / "tests"))
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env) as server:
        try:
            deadline = time.monotonic() + PATIENCE
            while not ready.exists():
                if server.poll() is not None or time.monotonic() > deadline:
                    raise NotAsDesignedError("The simulator does not start.")
                time.sleep(0.02)
            yield json.loads(ready.read_text(encoding="utf-8"))
        finally:
            server.terminate()


def maintain(name: str, dashboard: Mapping[str, str], *arguments: str, playbook: str = PLAYBOOK) -> Run:
    """Run the playbook; the log is kept."""
    before = set(REPORTS.rglob("report.json"))
    command = [
        str(Path(sys.executable).parent / "ansible-playbook"),
        "-i",
        str(ROOT / "tests" / "demo" / "inventory.yml"),
        playbook,
        *arguments,
    ]
    env = environment(
        DEMO_URL=dashboard["url"],
        DEMO_API_KEY=dashboard["api_key"],
        DEMO_REPORTS=str(REPORTS),
    )
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    log = CACHE / f"{name}.log"
    log.write_text(done.stdout, encoding="utf-8")
    written = sorted(set(REPORTS.rglob("report.json")) - before)
    report = json.loads(written[-1].read_text(encoding="utf-8")) if written else {}
    page = written[-1].with_name("report.html") if written else REPORTS
    return Run(done.returncode, done.stdout, time.monotonic() - began, report, page)


def domain(site: Mapping[str, Any]) -> str:
    """A site's address without what goes without saying."""
    return str(site["url"]).removeprefix("https://").strip("/")


def title(update: Mapping[str, Any]) -> str:
    """What an update is called."""
    if update["type"] == "translation":
        return f"{update['name']} ({update['language']})"
    return str(update["name"])


def rows(report: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The table: site, update, what became of it."""
    for site in report["sites"]:
        name = domain(site)
        for update in site["updates"]:
            if update["result"] != "updated":
                why = EXPLAINED.get(update["reason"], update["reason"])
                what = f"{update['result']}: {why}"
            elif update["type"] == "translation":
                what = "updated"
            else:
                what = f"updated {update['version_before']} → {update['version_after']}"
            yield name, title(update), what
            name = ""
        if not site["updates"]:
            yield name, "-", EXPLAINED.get(site["reason"], site["reason"]) or "nothing to do"


def show_table(report: Mapping[str, Any]) -> None:
    table = [("SITE", "UPDATE", "RESULT"), *rows(report)]
    first, second = (max(len(row[column]) for row in table) for column in (0, 1))
    for row in table:
        line = f"   {row[0]:{first}}  {row[1]:{second}}  {row[2]}".rstrip()
        print(paint(line, "31" if row[2].startswith("failed") else "2" if row[2].startswith("skipped") else ""))


def paint(text: str, code: str) -> str:
    """Colour, but only for eyes."""
    return f"\033[{code}m{text}\033[0m" if code and sys.stdout.isatty() and "NO_COLOR" not in os.environ else text


def moved(report: Mapping[str, Any], *results: str) -> set[tuple[str, str, str]]:
    """(site, type, slug) of each update with one of the results."""
    return {
        (site["url"], update["type"], update["slug"])
        for site in report["sites"]
        for update in site["updates"]
        if update["result"] in results
    }


def planned(diff: str) -> set[tuple[str, str, str]]:
    """The same from what --diff shows."""
    sites = re.split(r"^\+\+\+ after: (\S+)$", diff, flags=re.MULTILINE)[1:]
    return {
        (url, kind, slug)
        for url, lines in zip(sites[::2], sites[1::2], strict=True)
        for kind, slug in re.findall(r"^\+(\w+) (\S+) ", lines, re.MULTILINE)
    }


def insist(holds: bool, text: str) -> None:
    if not holds:
        raise NotAsDesignedError(text)


def announce(number: int, what: str, arguments: str = "") -> None:
    print(
        f"\n{paint(f'{number}. {what}', '1')}\n   $ ansible-playbook -i inventory.yml {PLAYBOOK} {arguments}".rstrip()
    )


def troubles(report: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Domain -> name of a failed update -> reason."""
    return {
        domain(site): {title(update): update["reason"] for update in site["updates"] if update["result"] == "failed"}
        for site in report["sites"]
        if site["result"] == "failed"
    }


def demo() -> None:
    """The three runs, and the pages made of them."""
    with simulator() as dashboard:
        print(f"A simulated MainWP Dashboard with 12 sites answers at {dashboard['url']}.")

        announce(1, "What would be updated? Check mode only reads.", "--check --diff")
        plan = maintain("1-plan", dashboard, "--check", "--diff")
        insist(plan.rc == 0, "the plan failed")
        plan_set = planned(plan.output)
        insist(len(plan_set) > 20, "the plan is too short")
        print(f"   {len(plan_set)} updates on {len({entry[0] for entry in plan_set})} sites would move.")
        print(f"   {plan.recap}")

        announce(2, "Update, then sync, for real.")
        real = maintain("2-real", dashboard)
        insist(bool(real.report), "the real run wrote no report")
        show_table(real.report)
        print(f"   {real.recap}")
        insist(real.rc == 2, f"the verdict of the real run should be red, but its status was {real.rc}")
        insist(real.changed > 0, "the real run changed nothing")
        insist(troubles(real.report) == BROKEN, f"unexpected trouble: {troubles(real.report)}")
        done, failed = moved(real.report, "updated"), moved(real.report, "failed")
        insist(done | failed == plan_set, "what was run is not what was planned")
        print(
            f"\n   The verdict is red, as it should be: {len(BROKEN)} sites are broken on purpose. They neither stopped nor\n"
            f"   hid the others: {len(done)} of {len(plan_set)} planned updates moved, as read back after a sync."
        )

        announce(3, "Once more: nothing runs twice.")
        again = maintain("3-again", dashboard)
        insist(bool(again.report), "the second run wrote no report")
        print(f"   {again.report['msg']}\n   {again.recap}")
        insist(again.changed == 0, f"the second run changed something: changed={again.changed}")
        insist(not moved(again.report, "updated"), "the second run updated something")
        insist(set(troubles(again.report)) == set(BROKEN), f"unexpected trouble: {troubles(again.report)}")

        drawn = maintain("4-pages", dashboard, playbook=str(ROOT / "tests" / "demo" / "pages.yml"))
        insist(drawn.rc == 0, "the pages could not be drawn")
        pages = {
            "the run": real.page,
            "the fleet": REPORTS / "fleet.html",
            "a client's letter": next(iter(sorted((REPORTS / "letters").rglob("*.html"))), REPORTS),
        }
        insist(all(path.is_file() for path in pages.values()), "a page is missing")

    print(
        f"\nEverything went as designed. Full logs are in {os.path.relpath(CACHE, ROOT)}, reports for machines and clients beside the pages."
    )
    print("Next, a look at a Dashboard of your own, which touches nothing: see README.md.")
    print("\nPages to open in a browser:")
    for what, path in pages.items():
        print(f"   {what:17}  {path.as_uri()}")


def main() -> int:
    """0 if everything went as designed."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # each line when it is true
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    shutil.rmtree(CACHE, ignore_errors=True)
    CACHE.mkdir(parents=True)
    try:
        demo()
    except (NotAsDesignedError, subprocess.TimeoutExpired) as exc:
        print(f"\nThe demo did not go as designed: {exc}. The logs are in {os.path.relpath(CACHE, ROOT)}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
