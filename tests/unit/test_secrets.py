# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets stay out of every text, in all forms in which they could turn up."""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import (
    DEEPEST,
    MASK,
    Secrets,
    header_secrets,
    masked_by_name,
    named_secrets,
    plain,
    url_secrets,
)

AWKWARD = 'a b/c+d=e&f"g\\hé'


@pytest.mark.claim("secrets-forms")
@pytest.mark.parametrize(
    "form",
    [
        AWKWARD,
        quote(AWKWARD),
        html.escape(AWKWARD),
        json.dumps(AWKWARD).replace("/", "\\/"),
        base64.urlsafe_b64encode(AWKWARD.encode()).decode().rstrip("="),
        quote(AWKWARD, safe=""),
        quote_plus(AWKWARD),
        json.dumps(AWKWARD),
        base64.b64encode(AWKWARD.encode()).decode(),
    ],
)
def test_forms_of_a_secret(form: str) -> None:
    text = Secrets([AWKWARD]).mask(f"before {form} after")
    assert text.replace('"', "") == f"before {MASK} after"


def test_short_values_would_mask_innocent_text() -> None:
    assert Secrets(["1", "1.10", "secret7"]).mask("1.10 secret7") == "1.10 secret7"
    assert Secrets(["secret78"]).mask("secret78") == MASK
    assert Secrets().mask("anything") == "anything"


def test_the_longest_form_is_masked_first() -> None:
    assert Secrets(["abcdefgh", "abcdefghijkl"]).mask("abcdefghijkl") == MASK


@pytest.mark.claim("secrets-forms")
def test_pairs_are_masked_as_basic_authentication_sends_them() -> None:
    sent = base64.b64encode(b"user:password").decode()
    assert Secrets(pairs=[("user", "password")]).mask(f"Basic {sent}") == f"Basic {MASK}"


def test_nested_values() -> None:
    masked = Secrets(["verysecret"]).mask_all(
        {"a": ["x verysecret", {"verysecret": 1}], "n": 1, "t": ("verysecret",), "none": None, "b": True}
    )
    assert masked == {"a": [f"x {MASK}", {MASK: 1}], "n": 1, "t": [MASK], "none": None, "b": True}


@pytest.mark.claim("secrets-forms")
def test_everything_secret_of_a_connection() -> None:
    made = connection_from(
        {
            "url": "https://dash.example",
            "consumer_key": "0123456789abcdef",
            "consumer_secret": "fedcba9876543210",
            "proxy": "http://user:proxy%2Fpassword@proxy.example",
            "headers": {
                "CF-Access-Client-Secret": "cloudflare-token",
                "Authorization": "Basic " + base64.b64encode(b"gate:web-server-word").decode(),
                "X-Token": "Token " + "t0ken" * 50,
                "X-Short": "1",
                "X-Odd": "odd-but-secret",
            },
            "secret_headers": ["x-odd"],
            "auth_method": "query",
        }
    )
    secrets = made.secrets()
    spoken = [
        base64.b64encode(b"gate:web-server-word").decode(),
        "web-server-word",
        "t0ken" * 50,
        json.dumps(made.auth_query()),
        urlencode(made.auth_query()),
        json.dumps(json.dumps(made.auth_query())),
        "ck_0123456789abcdef",
        "0123456789abcdef",
        "cs_fedcba9876543210",
        "fedcba9876543210",
        made.token,
        quote(made.token, safe=""),
        base64.b64encode(b"ck_0123456789abcdef:cs_fedcba9876543210").decode(),
        base64.b64encode(made.token.encode()).decode(),
        "proxy%2Fpassword",
        "proxy/password",
        base64.b64encode(b"user:proxy/password").decode(),
        "cloudflare-token",
        "odd-but-secret",
    ]
    for form in spoken:
        masked = secrets.mask(f"<{form}>")
        assert form not in masked, form
        assert MASK in masked
        for bare in ("0123456789abcdef", "fedcba9876543210"):
            assert bare not in masked
    assert secrets.mask("X-Short: 1, version 1.10") == "X-Short: 1, version 1.10"


@pytest.mark.parametrize(
    "name",
    ["X-Api-Key", "x-token", "Client-SECRET", "Authorization", "Cookie", "X-Pass", "X-Session", "X-Signature", "X-JWT"]
    + ["CF-Access-Client-Id", "X-Forwarded-Access-Token"],
)
def test_headers_that_speak_of_a_secret(name: str) -> None:
    assert header_secrets({name: "value-of-it"}) == (["value-of-it"], [])


@pytest.mark.parametrize("name", ["Origin", "referer", "Accept", "Accept-Language", "USER-AGENT", "X-Forwarded-For"])
def test_headers_that_hold_no_secret(name: str) -> None:
    assert header_secrets({name: "value-of-it"}) == ([], [])
    assert header_secrets({name: "value-of-it"}, [name.swapcase()]) == (["value-of-it"], [])


def test_any_other_header_is_masked_in_what_others_say() -> None:
    given = {"url": "https://dash.example", "api_key": "fedcba9876543210==0123456789abcdef"}
    made = connection_from({**given, "headers": {"X-Tenant": "acme-seo", "Origin": "https://dash.example"}})
    text = "acme-seo at https://dash.example"
    assert made.secrets().mask(text) == text
    assert made.echoes(made.secrets()).mask(text) == f"{MASK} at https://dash.example"
    assert made.echoes(made.secrets()).mask(made.token) == MASK


def test_what_identifies_is_masked_for_the_key_alone() -> None:
    given = {"url": "https://dash.example", "api_key": "fedcba9876543210==0123456789abcdef"}
    secrets = connection_from({**given, "headers": {"X-Auth": "woocommerce"}}).secrets()
    told = {
        "slug": "woocommerce/x.php",
        "msg": "woocommerce",
        "sites": [{"name": "woocommerce", "note": "woocommerce"}],
    }
    assert secrets.mask_all([{"before_header": "https://woocommerce.example/"}]) == [
        {"before_header": "https://woocommerce.example/"}
    ]
    assert secrets.mask_all({**told, "tags": ["woocommerce"], "woocommerce": 1}) == {
        "slug": "woocommerce/x.php",
        "msg": MASK,
        "sites": [{"name": "woocommerce", "note": MASK}],
        "tags": ["woocommerce"],
        "woocommerce": 1,
    }
    assert secrets.mask_all({"name": "cs_fedcba9876543210", "sites": ["ck_0123456789abcdef"]}) == {
        "name": MASK,
        "sites": [MASK],
    }


@given(st.text(min_size=8), st.text(), st.text())
def test_a_secret_never_survives(secret: str, before: str, after: str) -> None:
    # a mask could only hold what the secret is part of
    if secret not in MASK:
        assert secret not in Secrets([secret]).mask(before + secret + after).replace(MASK, "\0")


@pytest.mark.claim("text-markup", "text-terminal")
@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("<p>There has been a <b>critical</b> error.</p>", "There has been a critical error."),
        ("a &gt; b &amp; c", "a > b & c"),
        ("a &amp;gt; b", "a > b"),
        ("one\ntwo\tthree   four", "one two three four"),
        ("\x1b[31mred\x1b[0m \x07\u202eevil\u2066", "[31mred[0m evil"),
        ("  blanks  ", "blanks"),
        ("<s<s<script>cript>cript>alert(1)", "script>alert(1)"),
        ("&amp;lt;img src=x&amp;gt;", "img src=x>"),
        ("PHP < 8.1 or 3<4", "PHP < 8.1 or 3<4"),
        ("Shop < 2.0 and > 1.0 - <b>XSS</b>", "Shop < 2.0 and > 1.0 - XSS"),
        ("Shop &lt; 2.0 and &gt; 1.0", "Shop < 2.0 and > 1.0"),
        ("<!-- note -->a<?php b ?>c</b >d", "acd"),
        ("<\x00script>alert(1)<\x1b/script>", "script>alert(1)/script>"),
        ("&lt;&#1;script>x&lt;\x01b>", "xb>"),
        (None, ""),
        (5, "5"),
        (0, "0"),
        ("{{ lookup('pipe', 'id') }}", "{{ lookup('pipe', 'id') }}"),
    ],
)
def test_text_made_fit_for_a_message(text: object, result: str) -> None:
    assert plain(text) == result


def test_text_is_bounded() -> None:
    assert plain("x" * 1000) == "x" * 499 + "…"
    assert len(plain("<a>" * 10**6 + "x", 10)) <= 10
    assert len(plain("y" * 10**7, 160)) == 160


@given(st.text())
def test_text_never_holds_control_characters(text: str) -> None:
    made = plain(text)
    assert not [char for char in made if ord(char) < 32 or 127 <= ord(char) < 160]
    assert len(made) <= 500


@given(st.text(st.sampled_from("<>/!?&;ltgamp# \n\x00\x1b\u202eab1")))
def test_no_tag_comes_out_of_a_text(text: str) -> None:
    assert not re.search("<[A-Za-z/!?]", plain(text))


@pytest.mark.claim("secrets-forms")
@pytest.mark.parametrize("password", ["s3cr3t", "a", "with@sign", "with/slash", "with#hash?"])
def test_a_short_or_odd_password_in_an_address(password: str) -> None:
    """Too short to be masked by itself, the address as a whole is."""
    for url in (f"http://user:{password}@proxy.example:3128", f"http://user:{quote(password)}@proxy.example"):
        assert Secrets(url_secrets(url)).mask(f"proxy {url}") == f"proxy {MASK}"
    assert url_secrets("http://proxy.example:3128") == []


@pytest.mark.claim("text-terminal")
def test_what_leaves_cannot_steer_a_terminal_and_stays_json() -> None:
    value = {"\x1bk": ["\x9b2J\u202e\u2028\ud800\x00", float("nan"), float("-inf"), 1.5, 10**4000], "t": "a\tb\nc"}
    assert Secrets().mask_all(value) == {"k": ["2J", None, None, 1.5, 10**4000], "t": "a\tb\nc"}


def test_a_secret_with_something_in_between_is_masked_all_the_same() -> None:
    assert Secrets(["fedcba9876543210"]).mask_all("<fedcba98\x1b76543210>") == f"<{MASK}>"


@pytest.mark.claim("bounded-nesting")
def test_nesting_ends() -> None:
    deep: list[object] = []
    for _level in range(100_000):
        deep = [deep]
    made, depth = Secrets().mask_all({"x": deep})["x"], 1
    while made != "…":
        (made,) = made
        depth += 1
    assert depth == DEEPEST


@pytest.mark.parametrize("name", ["password", "http_pass", "adminPassword", "admin_pasword", "passwort", "site_key"])
def test_a_free_map_hides_what_has_the_name_of_a_secret(name: str) -> None:
    assert masked_by_name({"sites": [{name: "hunter2", "name": "Shop"}]}) == {"sites": [{name: MASK, "name": "Shop"}]}


#: As the Dashboard answers: maps whose keys are slugs.
NAMED_LIKE_SECRETS = [
    {"password-protected/password-protected.php": {"Name": "Password Protected", "Version": "2.7"}},
    {"password-protected/password-protected.php": "Password Protected"},
    {
        "secret-theme": {
            "update": {"theme": "secret-theme", "new_version": "1.2"},
            "Name": "Secret Theme",
            "Version": "1.0",
        }
    },
    {"token-theme": {"Name": "Token Theme", "ignored_versions": ["all_versions"]}},
    {"update_password": "on_create"},
]


@pytest.mark.parametrize("given", NAMED_LIKE_SECRETS)
def test_what_a_plugin_or_theme_is_called_is_no_secret(given: dict[str, object]) -> None:
    assert masked_by_name({"data": given}) == {"data": given}
    assert list(named_secrets(given)) == []


def test_what_is_secret_of_a_thing_stays_so() -> None:
    told = {"password.php": {"Version": "1.0", "api_key": "hunter2"}}
    assert masked_by_name(told) == {"password.php": {"Version": "1.0", "api_key": MASK}}


def test_many_secrets_are_masked_as_few_are() -> None:
    """In any form, at any place of a text, also where one is the beginning of another."""
    passwords = [f"pass-word & {number}" for number in range(300)]
    many = Secrets(passwords)
    for password in (passwords[0], passwords[29], passwords[299]):
        for form in Secrets([password]).forms:
            assert many.mask(f"a {form} b") == Secrets([password]).mask(f"a {form} b")
            assert many.mask(form) == MASK
    assert many.mask("nothing secret in this text") == "nothing secret in this text"
    assert (many | Secrets(["one-more-secret"])).mask("it is one-more-secret") == f"it is {MASK}"


@pytest.mark.parametrize("key", ["email", "login", "user", "site_url", "file", "product_type", "fixed_in"])
def test_what_names_something_is_seen_although_a_header_has_the_same_value(key: str) -> None:
    secrets = Secrets(["ops@agency.example"], always=Secrets(["the-key-itself"]))
    given = {key: "ops@agency.example", "msg": "Sent to ops@agency.example."}
    assert secrets.mask_all(given) == {key: "ops@agency.example", "msg": f"Sent to {MASK}."}
    assert secrets.mask_all({key: ["the-key-itself"]}) == {key: [MASK]}
