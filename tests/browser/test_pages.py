# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages in a real browser: nothing runs, nothing is asked for, nothing is cut, everybody can read them."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any

import pytest
from unit.pages import HOSTILE

from browser.driver import Browser

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / ".cache" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
NAMES = [f"{fleet}-{kind}" for fleet in ("plain", "hostile", "large") for kind in ("run", "fleet", "letter")]
#: In bytes: a page of 1,000 sites with 10,000 updates.
SMALL = 3_000_000

#: Elements that reach beyond the window.
OUTSIDE = """
const wide = document.documentElement.clientWidth;
return [...document.querySelectorAll('body *')].filter(e => !e.closest('svg') || e.tagName === 'svg').filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.right > wide + .5 || box.left < -.5);
}).map(e => e.outerHTML.slice(0, 120)).concat(document.documentElement.scrollWidth > wide ? ['scrolls'] : []);
"""
#: Texts whose contrast with what is behind them is too low for WCAG AA, as [text, ratio].
PALE = """
const parts = colour => colour.match(/[\\d.]+/g).map(Number);
const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b; };
const behind = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
const found = {};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode.data.trim(), e = walker.currentNode.parentElement;
  if (!text || e.getBoundingClientRect().width <= 1) continue;
  const style = getComputedStyle(e), own = parts(e.closest('svg') ? style.fill : style.color).slice(0, 3);
  const [one, two] = [light(own), light(behind(e))].sort((a, b) => b - a);
  const ratio = (one + .05) / (two + .05);
  if (ratio < 4.5) found[text.slice(0, 40)] = ratio;
}
return Object.entries(found).slice(0, 10);
"""


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_and_nothing_is_asked_for(chromium: Browser, pages: dict[str, Path], name: str) -> None:
    chromium.open(pages[name])
    assert chromium.log("browser") == []
    assert [url for url in chromium.requested() if not url.startswith("data:image/svg")] == [pages[name].as_uri()]
    counts = "return ['script', 'iframe', 'object', 'form', 'img'].map(n => document.querySelectorAll(n).length)"
    assert chromium.run(counts) == [0, 0, 0, 0, int(name.endswith("letter"))]
    links = set(chromium.run("return [...document.querySelectorAll('a')].map(a => a.protocol + a.host)"))
    assert links == ({"https:feed.example"} if name.endswith("fleet") else set())


def test_the_policy_of_a_page_holds(chromium: Browser, pages: dict[str, Path], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        picture = f"<img src='http://127.0.0.1:{server.getsockname()[1]}/x'>"
        evil = f"<script>document.title = 'ran'</script>{picture}<p style='color: red' id='evil'>x</p>"
        page.write_text(pages["plain-run"].read_text().replace("<main>", f"<main>{evil}"))
        chromium.open(page)
        assert chromium.run("return document.title") != "ran"
        assert chromium.run("return getComputedStyle(document.getElementById('evil')).color") != "rgb(255, 0, 0)"
        with pytest.raises(BlockingIOError):
            server.accept()
    refused = [entry["message"] for entry in chromium.log("browser") if "Content Security Policy" in entry["message"]]
    assert len(refused) >= 3


@pytest.mark.parametrize("width", [360, 768, 1400])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_reaches_beyond_the_window(chromium: Browser, pages: dict[str, Path], name: str, width: int) -> None:
    chromium.open(pages[name], width)
    assert chromium.run(OUTSIDE) == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", [name for name in NAMES if "large" not in name])
def test_all_text_can_be_read(chromium: Browser, pages: dict[str, Path], name: str, dark: bool) -> None:
    chromium.open(pages[name], dark=dark)
    assert chromium.run(PALE) == []
    background = chromium.run("return getComputedStyle(document.body).backgroundColor")
    assert (max(map(int, re.findall(r"\d+", background))) < 60) == dark
    chromium.emulate("print", dark)
    assert chromium.run(PALE) == []
    assert chromium.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", [name for name in NAMES if "large" not in name])
def test_it_prints_on_a4_without_cut_rows(chromium: Browser, pages: dict[str, Path], name: str) -> None:
    chromium.open(pages[name])
    paper = chromium.paper()
    assert paper.startswith(b"%PDF")
    sizes = {
        tuple(round(float(number)) for number in box.split()) for box in re.findall(rb"/MediaBox \[([^]]+)\]", paper)
    }
    assert sizes == {(0, 0, 595, 842)}
    chromium.emulate("print", dark=False)
    cut = "return [...document.querySelectorAll('tr, li')].filter(e => getComputedStyle(e).breakInside !== 'avoid').length"
    assert chromium.run(cut) == 0
    clipped = "return [...document.querySelectorAll('.framed')].filter(e => getComputedStyle(e).overflow !== 'visible').length"
    assert chromium.run(clipped) == 0


@pytest.mark.parametrize("kind", ["run", "fleet", "letter"])
def test_hostile_names_are_shown_as_they_are(chromium: Browser, pages: dict[str, Path], kind: str) -> None:
    chromium.open(pages[f"hostile-{kind}"])
    shown = chromium.run("return document.body.innerText")
    found = [name for name in HOSTILE if name.isprintable() and name in shown]
    assert len(found) >= (2 if kind == "fleet" else 4)
    for steering in "\u202e\u2066\u2067\x00\x1b":
        assert steering not in shown


@pytest.mark.parametrize("kind", ["run", "fleet", "letter"])
def test_a_large_fleet_is_a_small_page(pages: dict[str, Path], kind: str) -> None:
    """How soon it is there, ``make bench`` measures."""
    assert pages[f"large-{kind}"].stat().st_size < SMALL


@pytest.mark.parametrize("name", [name for name in NAMES if "large" not in name])
def test_it_can_be_read_without_eyes(chromium: Browser, pages: dict[str, Path], name: str) -> None:
    assert violations(chromium, pages[name]) == []


def violations(chromium: Browser, page: Path) -> list[tuple[str, str]]:
    """What axe-core says is wrong, and where first."""
    chromium.open(page)
    chromium.run(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = chromium.run("return axe.run().then(found => found.violations)")
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def test_what_cannot_be_read_is_found(chromium: Browser, pages: dict[str, Path], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = (
        pages["plain-letter"]
        .read_text()
        .replace("Content-Security-Policy", "X-None")
        .replace(' alt="Atlas Studio"', "")
    )
    page.write_text(text.replace("--soft: #585d66", "--soft: #b0b0b0"))
    assert {name for name, dummy in violations(chromium, page)} >= {"color-contrast", "image-alt"}
    assert chromium.run(PALE) != []
    page.write_text(text.replace("overflow-wrap: anywhere", "white-space: nowrap"))
    chromium.open(page, 360)
    assert chromium.run(OUTSIDE) != []
