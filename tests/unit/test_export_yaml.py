# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is exported comes back as it was, through whatever reads YAML, and is never evaluated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._export_part import Part, document
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._export_yaml import block
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME

try:
    from ansible.template import trust_as_template
except ImportError:
    trust_as_template = None

NASTY = [
    "",
    " ",
    " begins with a blank",
    "ends with one ",
    "tab\tinside",
    "yes",
    "No",
    "y",
    "~",
    "null",
    "Null",
    "0",
    "1.10",
    "0x1f",
    "0o17",
    "1e3",
    "1_000",
    "12:30:45",
    "2026-11-01",
    "2026-11-01T00:00:00Z",
    ".inf",
    "=",
    "= 1",
    "<<",
    "@home",
    "`x`",
    "!vault |",
    "!unsafe x",
    "$ANSIBLE_VAULT;1.1;AES256",
    "%YAML 1.1",
    "---",
    "...",
    "--- x",
    "- x",
    "? x",
    ": x",
    "a: b",
    "a:",
    "a #b",
    "#2d6cdf",
    "&anchor",
    "*alias",
    "{a: 1}",
    "[1]",
    "a, b",
    "it's",
    "'quoted'",
    '"quoted"',
    "back\\slash",
    "c:\\new",
    "Müller & Söhne",
    "日本語",
    "emoji 😀🏳️‍🌈",
    "😀",
    "e\u0301",
    "{{ 1/0 }}",
    "{% raw %}{{ x }}{% endraw %}",
    "{# comment #}",
    "#jinja2: variable_start_string:'[['\n[[ 1/0 ]]",
    "}} {",
    "line\nline",
    "line\n",
    "line\n\n",
    "\nline",
    "a\n\nb",
    "a\n b",
    "a \nb",
    "a\n\tb",
    "a\n# b\n--- c\n",
    "a\r\nb",
    "a\rb",
    "a\x85b",
    "a\u2028b\u2029c",
    "a\nb\u2028c",
    "\ufeffbom",
    "a\ufeffb\nc",
    "nul\x00",
    "\x1b[31mred\x1b[0m",
    "\x7f\x80\x9f\xa0\xad",
    "\ufffe\uffff",
    "rtl \u202e evil",
    "x" * 300,
    ("word " * 80).strip(),
    "{{ x }}\nline",
    "https://shop.example/?a=1&b=2#c",
    "shop.example:8443",
    "a:b",
    "akismet/akismet.php",
    "100 %",
    "100%",
]
TEXTS = (
    st.text(st.characters(exclude_categories=("Cs",)))
    | st.sampled_from(NASTY)
    | st.builds("".join, st.lists(st.sampled_from(list("ab \n\t'\"\\:#-{}%&*!|>@`,[]?=~\u2028\x85😀é")), max_size=12))
)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers() | st.floats(0, 1e12).map(lambda value: round(value, 2)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)


class Plain(yaml.SafeLoader):
    """Reads ``!unsafe`` as Ansible does."""


class InC(yaml.CSafeLoader):
    """The same in C."""


for loader in (Plain, InC):
    loader.add_constructor("!unsafe", lambda self, node: self.construct_scalar(node))


def written(value: Any) -> str:
    return "\n".join(["---", *block({"value": value})]) + "\n"


def typed(value: Any) -> Any:
    """1 is not true, nor 1.0."""
    if isinstance(value, dict):
        return {key: typed(one) for key, one in value.items()}
    return [typed(one) for one in value] if isinstance(value, list) else (type(value), value)


@settings(max_examples=60)
@given(VALUES)
@example(NASTY)
@example([{"a": "x\ny", "b": [["z\n"]]}])
def test_it_comes_back(value: Any) -> None:
    text = written(value)
    for loader in (Plain, InC):
        assert typed(yaml.load(text, loader)["value"]) == typed(value), text  # both are safe loaders


def test_a_comment_ends_where_its_line_does() -> None:
    """Whatever it quotes."""
    kind = BY_NAME["tags"]
    text = document([Part(kind, [{"name": "a"}], tuple(f"Tag '{name}' is left out." for name in NASTY))])
    for loader in (Plain, InC):
        assert yaml.load(text, loader) == {"dashboard_config_tags": [{"name": "a"}]}
    assert yaml.load(document([Part(kind, [], ("x",))]), Plain) == {}


def read_by_ansible(file: Path) -> dict[str, Any]:
    """As variables, each evaluated."""
    loader = DataLoader()
    if trust_as_template is None:  # before ansible-core 2.19
        found = loader.load_from_file(str(file))
        return {name: Templar(loader=loader, variables=found).template(f"{{{{ {name} }}}}") for name in found}
    found = loader.load_from_file(str(file), trusted_as_template=True)
    templar = Templar(loader=loader, variables=found)
    return {name: templar.template(trust_as_template(f"{{{{ {name} }}}}")) for name in found}


def evaluated(texts: list[str], folder: Path) -> Any:
    file = folder / "tree.yml"
    file.write_text(written({"texts": texts}), encoding="utf-8")
    return read_by_ansible(file)["value"]["texts"]


def test_ansible_reads_it_and_evaluates_nothing(tmp_path: Path) -> None:
    assert evaluated(NASTY, tmp_path) == NASTY


@settings(max_examples=25)
@given(st.lists(st.lists(TEXTS | st.sampled_from(["{{", "{%", "}}", "%}", "{#", "#jinja2:"]), max_size=4).map("".join)))
def test_ansible_evaluates_no_text_at_all(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    assert evaluated(texts, tmp_path_factory.mktemp("vars")) == texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Müller & Söhne", "Müller & Söhne"),
        ("😀", '"😀"'),
        ("https://shop.example/", "https://shop.example/"),
        ("#2d6cdf", '"#2d6cdf"'),
        ("{{ x }}", '!unsafe "{{ x }}"'),
        ("a\nb\n", "|\n    a\n    b"),
        ("a\n\nb", "|-\n    a\n\n    b"),
        (True, "true"),
        (29.9, "29.9"),
        (25.0, "25.0"),
        (1e-08, "0.00000001"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_people_can_read_it(value: Any, text: str) -> None:
    assert "\n".join(block({"value": [value]})) == f"value:\n  - {text}"
