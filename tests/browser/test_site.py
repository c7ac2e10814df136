# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site of the documents in a real browser: it asks nobody else, finds what is looked for, and can be read on a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from browser.driver import Browser
from browser.test_pages import PALE

SITE = Path(__file__).resolve().parents[2] / ".cache" / "docs" / "html"
MODULE = "reference/mainwp_batch_update_module.html"
#: Each kind of page: the front, one with pictures, one with wide tables, a guide in RST, a module, and what was searched for.
KINDS = [
    "index.html",
    "reports.html",
    "results.html",
    "reference/docsite/waves_guide.html",
    MODULE,
    "search.html?q=wave",
]

#: What cannot be reached by scrolling within it and is wider than the window.
CUT = """
const wide = document.documentElement.clientWidth;
const scrolls = e => { for (; e; e = e.parentElement) if (/auto|scroll/.test(getComputedStyle(e).overflowX)) return true; };
return [...document.querySelectorAll('.wy-nav-content *')]
  .filter(e => e.getBoundingClientRect().width && e.getBoundingClientRect().right > wide + .5 && !scrolls(e))
  .map(e => e.outerHTML.slice(0, 120)).concat(document.documentElement.scrollWidth > wide ? ['scrolls'] : []);
"""
#: Pictures that did not load.
BLANK = "return [...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The address of the site; over HTTP, as browsers let no script read files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SITE)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def results(chromium: Browser) -> list[str]:
    """The addresses of what a search found, best first."""
    chromium.wait_for("document.querySelector('#search-results .search-summary')?.textContent.includes('found')")
    return list(chromium.run("return [...document.querySelectorAll('#search-results li > a')].map(a => a.href)"))


@pytest.mark.parametrize("page", KINDS)
def test_it_asks_nobody_else(chromium: Browser, served: str, page: str) -> None:
    chromium.open(served + page)
    assert [url for url in chromium.requested() if not url.startswith((served, "data:"))] == []
    assert chromium.log("browser") == []
    assert chromium.run(BLANK) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [("mainwp_batch_update", MODULE), ("waves", "waves.html"), ("sending letters", "letters.html")],
)
def test_the_search_finds(chromium: Browser, served: str, words: str, expected: str) -> None:
    chromium.open(f"{served}index.html")
    chromium.run("const box = document.querySelector('[name=q]'); box.value = arguments[0]; box.form.submit()", words)
    assert served + expected in [url.partition("#")[0].partition("?")[0] for url in results(chromium)[:3]]


@pytest.mark.parametrize("page", sorted(path.relative_to(SITE).as_posix() for path in SITE.glob("*.html")) + [MODULE])
def test_nothing_is_cut_on_a_phone(chromium: Browser, served: str, page: str) -> None:
    chromium.open(served + page, width=360)
    assert chromium.run(CUT) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", KINDS)
def test_everybody_can_read_it(chromium: Browser, served: str, page: str, dark: bool) -> None:
    chromium.open(served + page, dark=dark)
    if dark:  # there, code is shown with its colours turned round, which the test cannot see
        chromium.run("document.querySelectorAll('pre').forEach(code => code.remove())")
    assert chromium.run(PALE) == []
