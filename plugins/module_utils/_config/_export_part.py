# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is exported of a Dashboard: values, and the text of a file. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

from .._api.collection import Id
from .._secrets import printable
from ._export_yaml import block, comment
from .kinds import Kind

#: What the role calls a kind.
PREFIX = "dashboard_config_"
_WIDTH = 120
_HEAD = """---
# A MainWP Dashboard as code, written by wpfleet.mainwp.mainwp_export and applied by the role wpfleet.mainwp.dashboard_config.
# Passwords and keys are never in it: put them into a vault, as dashboard_config_secrets.
"""


@dataclass(frozen=True)
class Part:
    """One kind of a tree, and in sentences what it lacks."""

    kind: Kind
    #: A list of entries; of settings one map.
    content: Any
    left_out: tuple[str, ...] = ()
    #: Id → what other kinds call it, of those that are exported.
    names: Mapping[Id, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """So many entries; of settings, so many that are set."""
        return _leaves(self.content) if isinstance(self.content, Mapping) else len(self.content)


def _leaves(value: Any) -> int:
    return sum(map(_leaves, value.values())) if isinstance(value, Mapping) else 1


def document(parts: Iterable[Part]) -> str:
    """The text of a file that has these kinds."""
    texts = [_HEAD]
    some = False
    for part in parts:
        name = PREFIX + part.kind.name
        lines = [line for sentence in part.left_out for line in _comment(sentence)]
        lines += block({name: part.content}) if part.content else [f"# {name}: nothing."]
        texts.append("".join(f"{line}\n" for line in lines))
        some = some or bool(part.content)
    return "\n".join(texts if some else [*texts, "{}\n"])


def _comment(sentence: str) -> list[str]:
    """A sentence, in lines that are no longer than those of the head."""
    return wrap(
        printable(comment(sentence)), _WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False
    )


def by_name(text: str) -> tuple[str, str]:
    """How people sort names, the same for all who do."""
    return text.casefold(), text


def in_order(kind: Kind, options: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with its keys in the order of the module's options."""
    return {name: options[name] for name in kind.spec if name in options}
