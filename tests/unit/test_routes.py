# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every route of MainWP's API is used by a module, or stands with the reason why not: the table, the index, the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from modules import MODULES, ROOT

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _routes
from ansible_collections.wpfleet.mainwp.plugins.module_utils._routes import Route, route_of, table

INDEX = ROOT / "tests" / "contract" / "index.json"
PAGE = ROOT / "docs" / "api_coverage.md"
#: In the index a route stands once for numbers, and once for domains.
TWICE = {"/sites/{id_domain}", "/clients/{id_email}", "/updates/{id_domain}"}


def simple(pattern: str) -> str:
    """WordPress' pattern of a route with each parameter as ``{its name}``."""
    text = re.sub(r"^/mainwp/v\d", "", pattern) or "/"
    while (begin := text.find("(?P<")) >= 0:
        depth = 0
        for place in range(begin, len(text)):
            depth += {"(": 1, ")": -1}.get(text[place], 0)
            if depth == 0:
                break
        text = text[:begin] + "{" + text[begin + 4 : text.index(">", begin)] + "}" + text[place + 1 :]
    return text


def recorded(version: str) -> list[tuple[str, tuple[str, ...]]]:
    """(route, methods) of the index."""
    found = json.loads(INDEX.read_text(encoding="utf-8"))[version]
    return [(simple(path), tuple(methods)) for path, methods in found.items()]


def test_the_index_is_whole() -> None:
    assert len(recorded("v2")) == 144
    assert len(recorded("v1")) == 71


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_every_route_of_the_index_is_in_the_table_and_the_other_way_round(version: str) -> None:
    rows = [(route.path, route.methods) for route in table(version)]
    index = recorded(version)
    assert sorted(rows) == sorted(set(index))
    assert len(rows) == len(set(rows))
    assert {path for path, methods in index if index.count((path, methods)) > 1} == (
        TWICE if version == "v2" else set()
    )


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_each_route_has_modules_that_exist_or_a_reason(version: str) -> None:
    for route in table(version):
        assert bool(route.modules) != bool(route.reason), route
        assert {*route.modules, *filter(None, [route.better])} <= set(MODULES), route.path


def test_a_request_finds_its_route() -> None:
    for method, path, found in (
        ("GET", "/sites/count", "/sites/count"),
        ("GET", "/sites/12", "/sites/{id_domain}"),
        ("PATCH", "/sites/12/edit/", "/sites/{id_domain}/edit"),
        ("DELETE", "/Sites/12/Remove", "/sites/{id_domain}/remove"),  # WordPress takes them in any case
        ("GET", "/", "/"),
    ):
        route = route_of("v2", method, path)
        assert route is not None
        assert route.path == found
    assert route_of("v2", "DELETE", "/sites") is None
    assert route_of("v2", "GET", "/sites/12/nothing") is None


def lines(version: str) -> Iterator[str]:
    """The rows of the page's table."""
    for route in table(version):
        used = ", ".join(f"`{name}`" for name in route.modules)
        told = (f"{used} and others that need it" if route.shared else used) or f"– {route.reason}"
        instead = "" if route.better in ("", *route.modules) else f" (`{route.better}`)"
        yield f"| {', '.join(route.methods)} | `{route.path}` | {told}{instead} |"


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_the_page_shows_the_table(version: str) -> None:
    """To write it anew: ``PYTHONPATH=tests .venv/bin/python tests/unit/test_routes.py``."""
    shown = [line for line in section(version).splitlines() if line.startswith("| ") and "`" in line]
    assert shown == list(lines(version))


def section(version: str) -> str:
    return PAGE.read_text(encoding="utf-8").split(f"\n## API {version}\n")[1].split("\n## ")[0]


def written_anew(text: str) -> str:
    """The page with its tables as they should be."""
    for version in ("v2", "v1"):
        head, mark, rest = text.partition(f"\n## API {version}\n")
        before = rest.partition("| methods |")[0]
        after = "".join(re.split(r"(\n## )", rest, maxsplit=1)[1:])
        rows = "\n".join(["| methods | route | used by |", "|---|---|---|", *lines(version)])
        text = f"{head}{mark}{before}{rows}\n{after}"
    return text


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="no line of routes"):
        list(_routes.routes("GET /sites"))
    assert next(_routes.routes("SET /x/{y} - no")) == Route(("PUT", "PATCH"), "/x/{y}", reason="no")


if __name__ == "__main__":
    PAGE.write_text(written_anew(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
