# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages to look at in a browser: a fleet as most have it, one whose names are hostile, and a large one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from unit.pages import HOSTILE

from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _paper
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import report as job
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import iso
from browser import looks

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 250 56" width="250" height="56">
<path d="M28 4 52 52H4z" fill="none" stroke="#1f6f78" stroke-width="5"/>
<text x="66" y="38" font-family="sans-serif" font-size="26" font-weight="600" fill="#1f6f78">Atlas Studio</text></svg>"""
STARTED = "2026-11-24T22:30:00Z"
#: Six minutes and some seconds later.
BEGAN, FINISHED = 1795559402, 1795559774
_WORDS = [
    "harbour",
    "atlas",
    "canary",
    "fjord",
    "teahouse",
    "lindgren",
    "alpine",
    "riverside",
    "meadow",
    "copper",
    "willow",
    "north",
    "lantern",
    "juniper",
]
_TRADES = [
    "bicycles",
    "café",
    "kayaks",
    "violins",
    "dental",
    "outfitters",
    "bakery",
    "studio",
    "farm",
    "books",
    "optics",
    "garden",
    "press",
]
_PLUGINS = (
    ("WooCommerce", "10.3.3", "10.4.0"),
    ("Yoast SEO", "26.1", "26.4"),
    ("Contact Form 7", "6.0.3", "6.1"),
    ("WP Super Cache", "2.0.1", "3.0.0"),
    ("Akismet Anti-spam: Spam Protection", "5.3.1", "5.7.2"),
    ("Redirection", "5.5.1", "5.5.2"),
    ("Elementor", "3.30.1", "3.33.0"),
    ("Advanced Custom Fields", "6.3.2", "6.6.1"),
    ("Wordfence Security", "8.1.0", "8.1.3"),
    ("Classic Editor", "1.6.5", "1.6.7"),
)


def ordinary(number: int) -> Callable[[random.Random, int], str]:
    """Names as sites have them."""
    del number
    return lambda draw, index: (
        f"{draw.choice(_WORDS)} {draw.choice(_TRADES)}".title() + (f" {index}" if index > 40 else "")
    )


def hostile(number: int) -> Callable[[random.Random, int], str]:
    """Names as nobody wants them."""
    del number
    return lambda draw, index: HOSTILE[index % len(HOSTILE)]


def _update(draw: random.Random, name: str, before: str, after: str) -> dict[str, Any]:
    entry = {"type": "plugin", "slug": f"{name}/a.php", "language": "", "name": name, "message": "", "expected": False}
    chance = draw.random()
    result, reason = (
        ("updated", "") if chance < 0.86 else ("skipped", "policy") if chance < 0.95 else ("skipped", "ignored")
    )
    return {
        **entry,
        "version_before": before,
        "version_planned": after,
        "version_after": after if result == "updated" else before,
        "result": result,
        "reason": reason,
    }


def sites(
    number: int, updates: int, naming: Callable[[int], Callable[[random.Random, int], str]] = ordinary
) -> list[dict[str, Any]]:
    """So many sites with so many updates each; the same ones every time."""
    draw, name_of = random.Random(7), naming(number)
    span = 360 / (number / 4 + 2)
    found = []
    for index in range(1, number + 1):
        name = name_of(draw, index)
        bad = index % 23 == 5
        plugin = (
            (lambda entry, at=index: (name_of(draw, at), *entry[1:])) if naming is hostile else (lambda entry: entry)
        )
        chosen = [plugin(_PLUGINS[(index + step) % len(_PLUGINS)]) for step in range(updates)]
        entries = [_update(draw, *entry) for entry in chosen]
        if bad:
            entries[0] |= {
                "result": "failed",
                "reason": "child_error",
                "message": f"Download failed. {name if naming is hostile else ''}",
            }
        found.append(
            {
                "id": index,
                "url": f"https://{'-'.join(''.join(c if c.isascii() and c.isalnum() else ' ' for c in name.lower()).split())[:60] or 'site'}-{index}.example/",
                "name": name,
                "client_id": index % 3 + 1,
                "client_name": ("Harbour Trading", "Northwind Media", "Lindgren & Sons")[index % 3]
                if naming is ordinary
                else name,
                "result": "failed" if bad else "updated",
                "reason": "child_error" if bad else "",
                "message": "Download failed." if bad else "",
                "changed": True,
                "expected": False,
                "health": {"verdict": "ok", "message": "", "pages": []},
                "updates": entries,
                "new_pending": [],
                "turns": [
                    {
                        "began": iso(BEGAN + index // 4 * span + index % 4 * span / 7, "milliseconds"),
                        "seconds": round(span * draw.uniform(0.4, 0.8), 2),
                    }
                ],
                "status": "disconnected" if index % 31 == 4 else "connected",
                "sync_errors": "MainWP Child plugin not detected or could not be reached!" if index % 31 == 4 else "",
                "http_status": "200 - OK",
                "health_score": 92,
                "last_sync": STARTED,
                "wp_version": ("7.1", "7.1", "7.1", "7.0.4", "6.9.4")[index % 5],
                "php_version": ("8.3.14", "8.3.12", "8.2.26", "8.4.1", "8.1.29", "7.4.33")[index % 6],
            }
        )
    return found


def _do(folder: Path, **given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in job.SPEC.items()}
    with mock.patch.object(job.time, "time", return_value=FINISHED):
        return job.run(job.options_from({**defaults, "dir": str(folder), "started": STARTED, **given}), None, False)


def run_page(folder: Path, entries: list[dict[str, Any]], name: str = "agency") -> Path:
    """The page of a run over these sites."""
    failed = any(site["result"] == "failed" for site in entries)
    result = {"msg": "told", "dashboard": {"url": "https://dashboard.example"}, "sites": entries, "failed": failed}
    told = _do(folder, results=[{"host": name, "result": result, "failure": ""}], formats=["html"])
    return Path(told["reports"][0]["page"])


def fleet_page(folder: Path, entries: list[dict[str, Any]], title: str = "Our sites") -> Path:
    """The page of these sites, with what is still pending on them."""
    result = {
        "dashboard": {"url": "https://dashboard.example"},
        "sites": [{k: v for k, v in s.items() if k != "updates"} for s in entries],
    }
    plans = looks.plans(entries)
    extra = folder / "extra.yml"
    extra.parent.mkdir(parents=True, exist_ok=True)
    dated = "\n".join(f"  - {{site: {site['id']}, at: 2026-11-20}}" for site in entries if site["id"] % 9)
    extra.write_text(f"backups:\n{dated}\n")
    sources = {"sites": [*looks.plugins(entries), result], "updates": plans, "extra": str(extra)}
    sources |= {"monitors": [looks.monitors(entries)], "users": looks.administrators(entries)}
    sources |= {"vulnerabilities": looks.vulnerabilities(entries)[1:]}
    return Path(_do(folder, page="fleet", title=title, sources=sources)["page"])


def letter(folder: Path, entries: list[dict[str, Any]], code: str = "en") -> Path:
    """The letter of November to the client with the most sites: four runs, of which one was broken off."""
    kept = folder / f"kept-{code}"
    for index, day in enumerate(("2026-10-27", "2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24")):
        stamp = f"{day}T22:30:00Z"
        told = [
            {**site, "updates": site["updates"][index % 3 :: 2] if index else [], "turns": [], "last_sync": stamp}
            for site in entries
        ]
        report = {
            "dashboard": {"url": "https://dashboard.example"},
            "complete": index != 2,
            "started": stamp,
            "sites": told,
        }
        place = kept / "agency" / day
        place.mkdir(parents=True, exist_ok=True)
        (place / "report.json").write_text(json.dumps({**report, "finished": stamp, "host": "agency"}))
    logo = folder / "logo.svg"
    logo.write_text(LOGO)
    manner = {"language": code, "sender": "Atlas Studio\nHarbour Street 1", "color": "#1f6f78", "logo": str(logo)}
    sources = {"reports": str(kept), "monitors": [looks.monitors(entries)]}
    sources |= {"vulnerabilities": looks.vulnerabilities(entries)}
    more = {"client_vulnerabilities": "closed", "letter": manner}
    told = _do(folder / code, page="client", period="2026-11", sources=sources, **more)
    return Path(told["letters"][0]["file"])


def on_paper(page: Path, paper: Path) -> None:
    """Print a letter's page as mainwp_outbox does it."""
    _paper.print_page(_paper.browser_at(""), page, paper)


def fleets() -> dict[str, list[dict[str, Any]]]:
    """The sites of each kind of fleet, by name."""
    return {"plain": sites(24, 4), "hostile": sites(24, 3, hostile), "large": sites(1000, 10)}
