# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of Sphinx for the site. ``tests/tools/website.py`` lays out the sources and calls it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from pages import REFERENCE, Site, chapters, pages, slugs  # noqa: E402  # a tool, which is no package

GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
SITE = Site(ROOT, GALAXY["repository"], pages(ROOT))
FILES = SITE.files
TITLE = "Modules, plugins and roles"
MODULES = {path.stem for path in ROOT.glob("plugins/modules/*.py")}
log = logging.getLogger(__name__)

project = "wpfleet.mainwp"
version = release = str(GALAXY["version"])
extensions = ["myst_parser", "sphinx_antsibull_ext"]
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
default_role = "any"
highlight_language = "YAML+Jinja"
pygments_style = "ansible"
# as they are typed: "--" is an option, and quotes are code
smartquotes = False
# References into Ansible's own documentation: resolving them takes the network. ``tell_missing`` tells of ours.
suppress_warnings = ["ref.ref", "ref.any"]
# each is led to its place here, and all of them are checked on the built site
myst_all_links_external = True

html_theme = "sphinx_ansible_theme"
html_title = "wpfleet.mainwp"
html_baseurl = GALAXY["documentation"]
html_copy_source = False
html_use_index = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["site.css"]
html_search_scorer = str(Path(__file__).with_name("scorer.js"))
antsibull_ext_color_scheme = "default-autodark"
html_theme_options = {
    "documentation_home_url": html_baseurl,
    "topbar_links": {"Source": GALAXY["repository"], "Issues": GALAXY["issues"]},
    "navigation_depth": 2,
    "show_extranav": False,
    "show_rtd_ethical_ads": False,
}


class HereAsThere(SphinxTransform):
    """Links, anchors and pictures work as on the code host, and names of modules lead to their documentation."""

    default_priority = 870  # all references are known, and nothing has been read off the tree yet (880)

    def apply(self, **kwargs: Any) -> None:
        page = self.env.docname
        for reference in self.document.findall(nodes.reference):
            if reference.get("refuri"):
                self._lead(reference)
        if page not in FILES:
            return  # made by antsibull-docs
        for image in self.document.findall(nodes.image):
            image["uri"] = f"/{(SITE.file_of(FILES[page], image['uri']) or '').removeprefix('docs/')}"
        sections = [node for node in self.document.findall(nodes.section) if isinstance(node[0], nodes.title)]
        for section, anchor in zip(sections, slugs([node[0].astext() for node in sections]), strict=True):
            if anchor not in self.document.ids:
                section["ids"].insert(0, anchor)
        for literal in list(self.document.findall(nodes.literal)):
            self._explain(literal)

    def _lead(self, reference: nodes.reference) -> None:
        try:
            target = SITE.link(self.env.docname, reference["refuri"])
        except LookupError as gone:
            log.warning("%s leads to nothing", gone, location=reference)
            return
        if target is not None:
            reference["refuri"] = target
            reference["internal"] = not target.startswith("https:")

    def _explain(self, literal: nodes.literal) -> None:
        name = literal.astext().removeprefix(f"{project}.")
        if name in MODULES and not isinstance(literal.parent, (nodes.reference, nodes.title)):
            up = "../" * self.env.docname.count("/")
            reference = nodes.reference("", "", internal=True, refuri=f"{up}{REFERENCE}/{name}_module.html")
            literal.replace_self(reference)
            reference += literal


def tell_missing(app: Sphinx, env: Any, reference: nodes.Element, shown: nodes.Element) -> None:
    """A guide, a module, an option or a returned key of ours that is not there."""
    target = str(reference.get("reftarget"))
    if target.startswith(f"ansible_collections.{project}."):
        log.warning("%s leads to nothing", target, location=reference)


def add_contents(app: Sphinx, page: str, source: list[str]) -> None:
    """The front page's links are the order of the pages, and its headings their chapters; the reference has a title."""
    if page == f"{REFERENCE}/index":
        source[0] = re.sub(r"^Wpfleet\.Mainwp\n=+$", f"{TITLE}\n{'=' * len(TITLE)}", source[0], flags=re.MULTILINE)
    if page != "index":
        return
    found = list(chapters(SITE))
    named = {name for dummy, names in found for name in names}
    found.append(("Reference", [f"{REFERENCE}/index"]))
    others = sorted(name for name in FILES if name.startswith("project/") and name not in named)
    found.append(("Project", [f"{Path(FILES[name]).stem.capitalize()} <{name}>" for name in others]))
    for heading, names in found:
        lines = ["```{toctree}", ":hidden:", *([f":caption: {heading}"] if heading else []), "", *names, "```"]
        source[0] += "\n\n" + "\n".join(lines) + "\n"


def add_edit_link(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if page in FILES:
        context["meta"] = {**(context.get("meta") or {}), "github_url": f"{SITE.repository}/blob/main/{FILES[page]}"}


def setup(app: Sphinx) -> None:
    app.add_transform(HereAsThere)
    app.connect("missing-reference", tell_missing)
    app.connect("source-read", add_contents)
    app.connect("html-page-context", add_edit_link)
