# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one normal form of addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _addresses
from ansible_collections.wpfleet.mainwp.plugins.module_utils._addresses import (
    address,
    ascii_host,
    ascii_url,
    normal_host,
    same_address,
    same_host,
    spoken,
    spoken_apart,
)
from ansible_collections.wpfleet.mainwp.plugins.plugin_utils._filters.fleet import normal_address

HOSTS = [
    ("Shop.Example", "shop.example"),
    ("shop.example.", "shop.example"),
    ("münchen-foto.example", "xn--mnchen-foto-thb.example"),
    ("MÜNCHEN-FOTO.example", "xn--mnchen-foto-thb.example"),
    ("XN--MNCHEN-FOTO-THB.example", "xn--mnchen-foto-thb.example"),
    ("straße.example", "xn--strae-oqa.example"),
    ("STRASSE.example", "strasse.example"),
    ("βόλος.example", "xn--nxasmm1c.example"),
    ("βόλοσ.example", "xn--nxasmq6b.example"),
    ("日本.example", "xn--wgv71a.example"),
    ("bücher。example", "xn--bcher-kva.example"),
    ("ｂücher.example", "xn--bcher-kva.example"),
    # a label that idna would refuse does not spoil its neighbours
    ("my_shop.bücher.example", "my_shop.xn--bcher-kva.example"),
    ("r3---sn.bücher.example", "r3---sn.xn--bcher-kva.example"),
    # refused: as they are
    ("bü_cher.example", "bü_cher.example"),
    ("📻.example", "📻.example"),
    ("ü" * 60 + ".example", "ü" * 60 + ".example"),
    ("[2001:DB8::1]", "[2001:db8::1]"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "normal"), HOSTS)
def test_hosts(text: str, normal: str) -> None:
    assert normal_host(text) == normal
    assert normal_host(normal_host(text)) == normal_host(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("📻.example", "xn--xu8h.example"),
        ("bü_cher.example", "xn--b_cher-3ya.example"),
        ("straße_1.example", "xn--strae_1-3va.example"),  # and never strasse_1.example
    ],
)
def test_every_host_has_a_spelling_in_ascii(text: str, normal: str) -> None:
    assert ascii_host(text) == normal


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://www.Shop.example/De/", ("https", "www.shop.example", "", "/De")),
        ("HTTPS://shop.example:443", ("https", "shop.example", "", "")),
        ("https://shop.example:0443/", ("https", "shop.example", "", "")),
        ("https://shop.example:/", ("https", "shop.example", "", "")),
        ("http://shop.example:80/", ("http", "shop.example", "", "")),
        ("http://shop.example:443/", ("http", "shop.example", "443", "")),
        ("shop.example:443", ("https", "shop.example", "", "")),
        ("shop.example:80/a", ("http", "shop.example", "", "/a")),
        ("shop.example:8443", ("", "shop.example", "8443", "")),
        ("https://[2001:DB8::1]:8080/x/", ("https", "[2001:db8::1]", "8080", "/x")),
        ("https://user:word@shop.example/", ("https", "shop.example", "", "")),
        ("https://a.example\\@b.example/", ("https", "a.example", "", "\\@b.example")),
        ("https://shop.example/stra%c3%9fe/", ("https", "shop.example", "", "/straße")),
        ("https://shop.example/a%2Fb%ff/", ("https", "shop.example", "", "/a%2Fb%ff")),
        (" shop.example#top ", ("", "shop.example", "", "")),
        ("a:b:c", ("", "a:b:c", "", "")),
    ],
)
def test_parts(text: str, parts: tuple[str, str, str, str]) -> None:
    found = address(text)
    assert (found.scheme, found.host, found.port, found.path) == parts


@pytest.mark.parametrize(
    ("one", "other", "address_too", "host_too"),
    [
        ("https://straße.example", "https://xn--strae-oqa.example/", True, True),
        ("https://straße.example", "https://strasse.example", False, False),
        ("https://📻.example", "https://📻.example/", True, True),
        ("https://📻.example", "https://xn--xu8h.example/", False, True),  # to no name of idna's, but to one host
        ("https://shop.example", "https://www.shop.example", False, True),
        ("https://shop.example", "http://shop.example", False, True),
        ("https://shop.example", "https://shop.example:8443", False, True),
        ("https://shop.example/de", "https://shop.example/de/", True, True),
        ("https://shop.example/de", "https://shop.example/DE", False, True),
        ("https://shop.example?a=1", "https://shop.example", False, True),
        ("https://shop.example.evil.example", "https://shop.example", False, False),
    ],
)
def test_what_is_the_same(one: str, other: str, address_too: bool, host_too: bool) -> None:
    assert same_address(one, other) is address_too
    assert same_host(one, other) is host_too


def test_an_address_for_libraries_changes_only_the_host() -> None:
    assert (
        ascii_url("https://u@Bücher.example:8443/straße?q=ü#x") == "https://u@xn--bcher-kva.example:8443/straße?q=ü#x"
    )
    assert ascii_url("https://📻.example/") == "https://xn--xu8h.example/"
    assert ascii_url("HTTPS://Shop.example/ü") == "HTTPS://Shop.example/ü"


def test_sentences_keep_the_spelling() -> None:
    assert spoken("https://www.Straße.example/de/") == "www.Straße.example/de"
    assert spoken("http://shop.example") == "shop.example"
    assert spoken_apart("https://shop.example/") == "shop.example"
    assert spoken_apart(" HTTP://shop.example/de/ ") == "HTTP://shop.example/de"


@given(st.text(max_size=80))
def test_any_text_has_one_normal_form(text: str) -> None:
    assert address(f" {text} ") == address(text)
    assert ascii_host(text).isascii()


def test_without_idna_every_label_equals_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_addresses, "idna", None)
    assert normal_host("Straße.Example") == "straße.example"
    assert normal_host("xn--strae-oqa.example") == "xn--strae-oqa.example"


def test_playbooks_can_compare_addresses() -> None:
    assert normal_address("https://www.Straße.example:443/de/") == "xn--strae-oqa.example/de"
    assert normal_address("http://shop.example") == normal_address("www.shop.example/")
