# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links that are written for the code host lead to the right place on the site, and none that leads to nothing is missed."""

from __future__ import annotations

import re
import runpy
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from tools.pages import Site, broken, chapters, pages, slugs

ROOT = Path(__file__).resolve().parents[2]
HOST = "https://code.example/one"


def site(root: Path, files: Mapping[str, str]) -> Site:
    """A checkout with these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Site(root, HOST, pages(root))


@pytest.fixture
def checkout(tmp_path: Path) -> Site:
    names = ("README.md", "SECURITY.md", "docs/README.md", "docs/security.md", "docs/docsite/rst/waves_guide.rst")
    return site(tmp_path, dict.fromkeys((*names, "roles/some/tasks/main.yml"), ""))


def test_each_page_has_a_name_of_its_own(checkout: Site) -> None:
    assert checkout.pages == {
        "README.md": "project/readme",
        "SECURITY.md": "project/security",
        "docs/README.md": "index",
        "docs/security.md": "security",
        "docs/docsite/rst/waves_guide.rst": "reference/docsite/waves_guide",
    }


@pytest.mark.parametrize(
    ("page", "target", "expected"),
    [
        ("index", "security.md", "security.html"),
        ("index", "security.md#left-to-you", "security.html#left-to-you"),
        ("security", "README.md", "index.html"),
        ("security", "../SECURITY.md", "project/security.html"),
        ("project/security", "docs/security.md", "../security.html"),
        ("index", "docsite/rst/waves_guide.rst#gates", "reference/docsite/waves_guide.html#gates"),
        ("reference/docsite/waves_guide", f"{HOST}/blob/main/docs/security.md#a", "../../security.html#a"),
        ("reference/some_module", f"{HOST}/blob/main/docs/security.md", "../security.html"),
        ("index", "../roles/some/tasks/main.yml", f"{HOST}/blob/main/roles/some/tasks/main.yml"),
        ("index", "../roles/some", f"{HOST}/tree/main/roles/some"),
        ("project/readme", "roles/", f"{HOST}/tree/main/roles"),
    ],
)
def test_links_lead_to_the_page_or_to_the_code_host(checkout: Site, page: str, target: str, expected: str) -> None:
    assert checkout.link(page, target) == expected


@pytest.mark.parametrize(
    "target", ["#below", "https://other.example/", f"{HOST}/issues", "mailto:a@b.example", "/root"]
)
def test_other_links_stay(checkout: Site, target: str) -> None:
    assert checkout.link("index", target) is None


@pytest.mark.parametrize("target", ["gone.md", "../../outside.md", f"{HOST}/blob/main/docs/gone.md"])
def test_a_link_to_no_file_is_told(checkout: Site, target: str) -> None:
    with pytest.raises(LookupError, match=re.escape(target)):
        checkout.link("index", target)


def test_anchors_are_those_of_the_code_host() -> None:
    titles = ["What `a_b` is", "Do's, and don'ts", "A – B", "Über 5 %", "A – B"]
    assert slugs(titles) == ["what-a_b-is", "dos-and-donts", "a--b", "über-5-", "a--b-1"]


def test_the_front_page_orders_all_others(tmp_path: Path) -> None:
    front = "# All\n[One](one.md)\n## More\n[Two](two.md#a), [one](one.md)\n```\n[x](no.md)\n```\n## Far\n[a](https://b.example)\n"
    others = dict.fromkeys(("docs/one.md", "docs/two.md", "docs/no.md"), "")
    found = site(tmp_path, {"docs/README.md": front, **others})
    assert list(chapters(found)) == [("", ["one"]), ("More", ["two"])]


@pytest.mark.parametrize(
    ("body", "gone"),
    [
        ('<p id="a"><a href="#a">', []),
        ('<a href="two/b.html#b%C3%BC">', []),
        ('<a href="https://other.example/x">', []),
        ('<img src="two/picture.png"><a href="search.html?q=a">', []),
        ('<a href="#b">', ["#b"]),
        ('<a href="two/b.html#a">', ["two/b.html#a"]),
        ('<a href="two/c.html">', ["two/c.html"]),
        ('<img src="picture.png">', ["picture.png"]),
    ],
)
def test_what_leads_to_nothing_is_found(tmp_path: Path, body: str, gone: list[str]) -> None:
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "picture.png").touch()
    (tmp_path / "search.html").touch()
    (tmp_path / "two" / "b.html").write_text('<a id="bü" href="../a.html">', encoding="utf-8")
    (tmp_path / "a.html").write_text(body, encoding="utf-8")
    assert list(broken(tmp_path)) == [f"a.html: {target}" for target in gone]


def test_the_site_is_where_the_collection_says() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    owner, dummy, name = galaxy["repository"].removeprefix("https://github.com/").partition("/")
    assert galaxy["documentation"] == f"https://{owner}.github.io/{name}/"


def test_a_reference_to_nothing_of_ours_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sphinx itself is silent about all, for those into Ansible's own documentation lead out of the site."""
    told = []
    settings = runpy.run_path(str(ROOT / "tests" / "website" / "conf.py"))
    monkeypatch.setattr(settings["log"], "warning", lambda text, *given, location: told.append(text % given))
    for target in ("ansible_collections.wpfleet.mainwp.docsite.gone_guide", "playbooks_delegation"):
        settings["tell_missing"](None, None, {"reftarget": target}, None)
    assert told == ["ansible_collections.wpfleet.mainwp.docsite.gone_guide leads to nothing"]
    connected = []
    settings["setup"](
        SimpleNamespace(add_transform=lambda *_given: None, connect=lambda *given: connected.append(given))
    )
    assert ("missing-reference", settings["tell_missing"]) in connected
