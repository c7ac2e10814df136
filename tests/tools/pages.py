# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files of the checkout are pages of the site, and where a link in one of them leads there.

A link is written as the code host understands it: relative to the file it stands in, or, in what is shown elsewhere, too,
as an address at the code host. On the site it leads to the page, if the file is one, and to the code host otherwise.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

#: The file that becomes the front page, and whose links are the order of all others.
FRONT = "docs/README.md"
#: Where the documentation of plugins and roles is, and with it the guides that go to docs.ansible.com, too.
REFERENCE = "reference"


def pages(root: Path) -> dict[str, str]:
    """File (relative to the checkout) → name of its page."""
    found = {path.name: f"project/{path.stem.lower()}" for path in root.glob("*.md")}
    found |= {f"docs/{path.name}": path.stem for path in root.glob("docs/*.md")}
    guides = root.glob("docs/docsite/rst/*.rst")
    found |= {f"docs/docsite/rst/{path.name}": f"{REFERENCE}/docsite/{path.stem}" for path in guides}
    return found | {FRONT: "index"}


def slug(title: str) -> str:
    """The anchor that the code host gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def slugs(titles: list[str]) -> list[str]:
    """The anchors of a page's headings: what comes once more gets a number."""
    seen: dict[str, int] = {}
    found = []
    for name in map(slug, titles):
        seen[name] = seen.get(name, -1) + 1
        found.append(f"{name}-{seen[name]}" if seen[name] else name)
    return found


@dataclass(frozen=True)
class Site:
    """What links are resolved with."""

    root: Path
    repository: str
    pages: Mapping[str, str]

    @cached_property
    def files(self) -> dict[str, str]:
        """Page → its file; those that antsibull-docs makes have none."""
        return {page: file for file, page in self.pages.items()}

    def file_of(self, source: str, target: str) -> str | None:
        """The file of the checkout that a link in the file ``source`` means, or None if it means something else."""
        inside = re.match(re.escape(self.repository) + r"/(?:blob|tree)/main/(.+)", target)
        if inside:
            return inside[1]
        if not source or re.match(r"[a-z][a-z0-9+.-]*:|/", target):
            return None
        return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))

    def link(self, page: str, target: str) -> str | None:
        """Where a link on a page leads; None: where it says. LookupError: to nothing."""
        path, dummy, anchor = target.partition("#")
        file = self.file_of(self.files.get(page, ""), path) if path else None
        if file is None:
            return None
        tail = f"#{anchor}" if anchor else ""
        if file in self.pages:
            return posixpath.relpath(f"{self.pages[file]}.html", posixpath.dirname(page) or ".") + tail
        if file.startswith("../") or not (self.root / file).exists():
            raise LookupError(target)
        return f"{self.repository}/{'tree' if (self.root / file).is_dir() else 'blob'}/main/{file}{tail}"


def chapters(site: Site) -> Iterator[tuple[str, list[str]]]:
    """(heading, pages) in the order in which the front page links them, each page where it comes first.

    What is in the reference has its place there.
    """
    text = (site.root / FRONT).read_text(encoding="utf-8")
    seen = {"index"}
    for part in re.split(
        r"^(?=## )", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), flags=re.MULTILINE
    ):
        heading = re.match(r"## (.+)", part)
        files = (site.file_of(FRONT, target) for target in re.findall(r"\]\(([^)#\s]+)", part))
        names = [site.pages[file] for file in files if file in site.pages]
        new = [name for name in dict.fromkeys(names) if name not in seen and not name.startswith(REFERENCE)]
        seen.update(new)
        if new:
            yield (heading[1] if heading else ""), new


def broken(site: Path) -> Iterator[str]:
    """Links within the site, and what pages load, that lead to nothing."""
    texts = {page.relative_to(site).as_posix(): page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    anchors = {name: set(re.findall(r'\b(?:id|name)="([^"]+)"', text)) for name, text in texts.items()}
    for name, text in texts.items():
        for target in sorted(set(re.findall(r'\b(?:href|src)="([^"]*)"', text))):
            if re.match(r"[a-z]+:|//", target):
                continue
            path, dummy, anchor = unquote(html.unescape(target)).partition("#")
            file = posixpath.normpath(posixpath.join(posixpath.dirname(name), path.partition("?")[0])) if path else name
            known = file in texts or (site / file).is_file()
            if not known or (anchor and file in anchors and html.escape(anchor) not in anchors[file]):
                yield f"{name}: {target}"
