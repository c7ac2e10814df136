# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any tree, however broken: a tree, or all mistakes in sentences that can be printed, and no secret in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config import _references
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._entry import Tree
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._members import settled
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._mistakes import TOLD, Mistakes, TreeError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._tree import secrets_of, tree_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME, KINDS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import printable
from unit import build
from unit.hostile import JSON, SCALARS, examples

SECRET = "s3cret/of the Tests&more"
SITES = ["shop.example", "https://shop.example", "http://www.SHOP.example/", "Shop", "7", "blog.example/de"]
NAMES = ["vip", "VIP", "Acme", "a@acme.example", "akismet", "akismet/akismet.php", "bob", "service", *SITES]
SOME = [
    build.site(7, url="https://shop.example/", name="Shop"),
    build.site(8, url="http://blog.example/de", name="Shop"),
]
KNOWN = _references.Known(
    SOME, [{"id": 1, "name": "vip"}], [{"id": 2, "name": "Acme", "client_email": ""}], ["service"], ["cash"]
)
SOUND: dict[str, st.SearchStrategy[Any]] = {
    "str": st.sampled_from([*NAMES, "#abc", "03:05", "2026-11-23"]),
    "bool": st.sampled_from([True, False, "yes", "off", 1]),
    "int": st.sampled_from([1, 7, "80", 10**18]),
    "float": st.sampled_from([1.5, "2", 10**400]),
    "path": st.just("/tmp"),
    "raw": JSON,
}


def value_of(option: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly what belongs there."""
    if option.get("no_log"):
        return st.just(SECRET) | st.lists(st.just(SECRET)) | st.dictionaries(st.just("x"), st.just(SECRET))
    kind = option.get("type", "str")
    if option.get("options"):
        good = map_of(option["options"])
    elif kind == "dict":
        good = st.dictionaries(SOUND["str"], SCALARS, max_size=2)
    elif kind == "list":
        good = st.lists(value_of({**option, "type": option.get("elements", "str")}), max_size=3)
    else:
        good = st.sampled_from(option["choices"]) if option.get("choices") else SOUND[kind]
    return good if kind == "raw" else st.one_of(good, good, good, JSON)


def map_of(spec: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Some options, and at times one that nobody knows, which may be a secret whose name is mistyped."""
    known = st.sampled_from(sorted(spec)).flatmap(lambda name: st.tuples(st.just(name), value_of(spec[name])))
    odd = st.tuples(st.sampled_from(["admin_pasword", "passwort", "nam", 7, True]), st.just(SECRET))
    return st.lists(known | known | known | odd, max_size=6).map(dict)


def entry_of(spec: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    needed = {name: value_of(one) for name, one in spec.items() if one.get("required") or name in ("name", "site_url")}
    return st.builds(lambda some, rest: {**some, **rest}, st.fixed_dictionaries({}, optional=needed), map_of(spec))


def kind_of(name: str) -> st.SearchStrategy[Any]:
    entry = entry_of(BY_NAME[name].spec)
    return entry if name == "settings" else st.lists(entry | entry | JSON, max_size=4)


KEYS = [f"{kind.name}{part}" for kind in KINDS for part in ("", "__acme")]
TREES = st.lists(
    st.sampled_from(KEYS).flatmap(lambda key: st.tuples(st.just(key), kind_of(key.partition("__")[0]))), max_size=4
).map(dict)
SECRETS = st.dictionaries(
    st.sampled_from([*BY_NAME, "sits"]),
    st.dictionaries(
        st.sampled_from([*NAMES, "*"]),
        st.dictionaries(st.sampled_from(["admin", "admin_password", "password", "x"]), st.just(SECRET))
        | st.just(SECRET),
        max_size=3,
    ),
    max_size=3,
)


def outcome(params: Mapping[str, Any]) -> tuple[Tree | str, list[str]]:
    """The tree; or the error, and each mistake in it: of the tree alone, or of what the Dashboard has."""
    mistakes = Mistakes(secrets=secrets_of(params))
    try:
        tree = settled(tree_from(params), SOME, mistakes)
        _references.look(tree, KNOWN, params["purge"], mistakes)
        mistakes.refuse()
    except TreeError as exc:
        return str(exc), [str(one) for one in exc.to_dict()["mistakes"]]
    return tree, []


@examples(60)
@given(tree=TREES | JSON, secrets=st.none() | SECRETS, purge=st.lists(st.sampled_from([*BY_NAME, "x"]), max_size=2))
def test_any_tree_is_a_tree_or_its_mistakes(tree: Any, secrets: Any, purge: list[str]) -> None:
    found, told = outcome({"tree": tree, "secrets": secrets, "purge": purge})
    assert isinstance(found, Tree) == (not told)
    assert len(told) <= TOLD
    text = "\n".join([repr(found), *told])
    assert SECRET not in text
    assert all(printable(line) == line for line in text.splitlines())
