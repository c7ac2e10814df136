# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a broken, odd or hostile Dashboard could say: any JSON, and recorded answers with one thing changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

#: Stands for something nested deeper than any encoder here goes; see Mutation.body.
DEEP = "@deep@"
_NESTED = {DEEP: "[" * 3000 + "]" * 3000, f"{DEEP}er": '{"a":' * 200 + "1" + "}" * 200}
_ODD: list[Any] = [None, True, False, [], {}, "", "0", "1", "-1", "null", "false", "[", "{", "[]", "{}", '{"a":']
_ODD += [0, -0.0, 1, -1, 2, 3, 1.5, 10**18, -(10**18), 10**400, 1e308, float("nan"), float("inf"), float("-inf")]
_ODD += ["1_0", "²", "\u0663", " 2 ", "1e999", "9" * 5000, "\ud800", "\x00\x1b[31m\u202e\u2028", "<b>x</b>&amp;lt;"]
_ODD += ["{{ 7 * 7 }}", "../..", "%00%2F", "http://[", f"https://{'a' * 70}.example/", "9999-12-31T23:59:59+23:59"]
_ODD += ["0001-01-01T00:00:00", "2026-W01-1", [[]], [None], [{}], {"": None}, {"0": False}, *_NESTED]
#: Names that mean something to the client, wherever they turn up.
_NAMES = ["id", "url", "success", "data", "slug", "error", "version", "old_version", "update", "new_version", "status"]
_NAMES += ["sync_errors", "plugins", "tags", "code", "message", "1", "0", "", "\ud800", "a%2Fb"]

_NAMES += ["translation_upgrades", "plugin_upgrades", "wp_version", "active", "name", "language", "total", "count"]
_ANY = 40

SCALARS = st.sampled_from(_ODD) | st.integers() | st.floats() | st.text(max_size=12)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(_NAMES) | st.text(max_size=5), inner, max_size=5)
        | inner.map(json.dumps)  # the API's JSON in strings
    ),
    max_leaves=12,
)


def examples(number: int) -> settings:
    """So many examples in an ordinary run, more with ``--hypothesis-profile=fuzz``."""
    return settings(max_examples=number * settings().max_examples // 100, deadline=None)


def _flipped(node: Any, _value: Any) -> Any:
    """The same in PHP's other form: a map as list, a number as string, and the other way round."""
    if isinstance(node, dict):
        return list(node.values())
    if isinstance(node, list):
        return {str(index): item for index, item in enumerate(node)}
    if isinstance(node, str):
        return int(node) if node.isdecimal() else [node]
    return str(node)


def _without(node: Any, value: Any) -> Any:
    """One entry less."""
    if isinstance(node, dict) and node:
        gone = list(node)[len(str(value)) % len(node)]
        return {key: item for key, item in node.items() if key != gone}
    return node[:-1] if isinstance(node, list) else None


def _with(node: Any, value: Any) -> Any:
    """One entry more."""
    if isinstance(node, dict):
        return {**node, _NAMES[len(str(value)) % len(_NAMES)]: value}
    return [*node, value] if isinstance(node, list) else value


def _twice(node: Any, _value: Any) -> Any:
    return node + node if isinstance(node, (list, str)) else [node, node]


def _half(node: Any, _value: Any) -> Any:
    """Cut off: a list, a map, or a text in the middle of its JSON."""
    if isinstance(node, dict):
        return dict(list(node.items())[: len(node) // 2])
    if isinstance(node, (list, str)):
        return node[: len(node) // 2]
    return -node if isinstance(node, (int, float)) else None


CHANGES: dict[str, Callable[[Any, Any], Any]] = {
    "replace": lambda _node, value: value,
    "flip": _flipped,
    "drop": _without,
    "add": _with,
    "twice": _twice,
    "half": _half,
    "pack": lambda node, _value: json.dumps(node),
}


@dataclass(frozen=True)
class Mutation:
    """One change of one node of an answer. ``path`` picks a child at each level, counting around (beyond ``_ANY`` among
    those with a telling name); JSON in strings is gone into as well. ``cut``: only the first half of the body arrives."""

    change: str
    path: tuple[int, ...] = ()
    value: Any = None
    cut: bool = False

    def body(self, answer: Any) -> str:
        """The changed answer as JSON text."""
        text = json.dumps(self._changed(answer, self.path))
        for name, nested in _NESTED.items():
            text = text.replace(f'"{name}"', nested).replace(f'\\"{name}\\"', nested)
        return text[: len(text) // 2] if self.cut else text

    def _changed(self, node: Any, path: tuple[int, ...]) -> Any:
        if path and isinstance(node, str) and node[:1] in ("[", "{"):
            try:
                return json.dumps(self._changed(json.loads(node), path))
            except ValueError:
                return CHANGES[self.change](node, self.value)
        if not path or not node or not isinstance(node, (dict, list)):
            return CHANGES[self.change](node, self.value)
        if isinstance(node, dict):
            telling = [key for key in node if key in _NAMES] if path[0] > _ANY else []
            key = (telling or list(node))[path[0] % len(telling or node)]
            return {**node, key: self._changed(node[key], path[1:])}
        index = path[0] % len(node)
        return [*node[:index], self._changed(node[index], path[1:]), *node[index + 1 :]]


MUTATIONS = st.builds(
    Mutation,
    change=st.sampled_from(["replace", *CHANGES]),
    path=st.lists(st.integers(0, 2 * _ANY), max_size=6).map(tuple),
    value=JSON,
    cut=st.sampled_from([False] * 15 + [True]),
)
