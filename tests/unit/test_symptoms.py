# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each symptom is recognised by what real servers say, and nothing else is taken for it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from codes import SYMPTOMS

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _answers as answers
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _symptoms as symptoms
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import Connection, connection_from

GOOD = {"success": 1, "data": [{"note": "<div>Deprecated: on line 5</div>"}]}
NOTICE = (
    "<br />\n<b>Deprecated</b>:  Creation of dynamic property A::$x is deprecated in <b>/srv/acme.php</b> on line "
    "<b>12</b><br />\n"
)
TEXT = "\nWarning: Undefined array key 0 in /srv/acme.php on line 12\n"
DATABASE = (
    '<div id="error"><p class="wpdberror"><strong>WordPress database error:</strong> [Table &#039;wp.log&#039; doesn&#039;t exist]'
    "<br /><code>SELECT * FROM wp_log WHERE id IN (1,2)</code></p></div>"
)
FATAL = (
    "<br />\n<b>Fatal error</b>:  Uncaught Error: x in /srv/acme.php:3\nStack trace:\n#0 {main}\n  thrown in "
    "<b>/srv/acme.php</b> on line <b>3</b><br />\n"
)
ROOT = "https://dash.example/wp-json"
ASKED = f"{ROOT}/mainwp/v2/sites"


def connection(**params: Any) -> Connection:
    return connection_from({"url": "https://dash.example", "api_key": "0123456789==abcdefghij", **params})


PAGES = [
    ("firewall", 403, "<html><title>Attention Required! | Cloudflare</title></html>"),
    ("firewall", 200, "<html><title>Hello</title></html>"),
    ("firewall", 429, "<html>slow down</html>"),
    ("plain_http", 400, "<html><center>The plain HTTP request was sent to HTTPS port</center></html>"),
    ("plain_http", 400, "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.</p>"),
    ("challenge", 403, "<html><head><title>Just a moment...</title></head></html>"),
    ("challenge", 503, "<html>Checking your browser before accessing dash.example</html>"),
    (
        "maintenance",
        503,
        "<html><h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1></html>",
    ),
    (
        "login_page",
        200,
        '<html><title>Log In &lsaquo; Dash</title><form name="loginform" id="loginform"></form></html>',
    ),
    ("closed_site", 200, "<html><title>Coming soon</title></html>"),
    ("closed_site", 503, "<html><title>Maintenance</title></html>"),
    ("web_password", 401, "<html>401 Authorization Required</html>"),
    ("gateway", 502, "<html>502 Bad Gateway</html>"),
    ("gateway", 500, "<html>500</html>"),
    ("no_api", 404, "<html>404</html>"),
    ("php_died", 500, '<html><div class="wp-die-message">Es gab einen kritischen Fehler</div></html>'),
    ("php_died", 200, FATAL),
    ("php_died", 200, "PHP Fatal error:  Allowed memory size exhausted in /srv/a.php on line 9"),
    ("php_died", 200, '{"success":1,"data":[{"id":"1",' + FATAL),
    ("cut_off", 200, '{"success":1,"data":[{"id":'),
    ("no_json", 200, "OK"),
    ("no_json", 200, TEXT),
]


@pytest.mark.parametrize(("code", "status", "text"), PAGES)
def test_pages(code: str, status: int, text: str) -> None:
    found = answers.not_json(status, "text/html" if text.startswith("<") else "text/plain", text, "sync")
    assert found.details["symptom"] == code
    assert found.hint == {symptom.code: symptom.hint for symptom in SYMPTOMS}[code]


REDIRECTS = [
    (
        "access_gateway",
        "https://acme.cloudflareaccess.com/cdn-cgi/access/login/dash.example?redirect_url=%2Fwp-json",
        "",
    ),
    ("access_gateway", "https://sso.example/cdn-cgi/access/login/dash.example", ""),
    ("login_elsewhere", "https://login.microsoftonline.com/common/oauth2/authorize", ""),
    ("login_elsewhere", "https://auth.example/?rd=https://dash.example/wp-json/mainwp/v2/sites", ""),
    ("other_host", "https://new.example/wp-json/mainwp/v2/sites", ""),
    ("other_host", "https://dash.example.evil.example/wp-json/mainwp/v2/sites", ""),
    ("other_address", "https://www.dash.example/wp-json/mainwp/v2/sites?page=1", "https://www.dash.example"),
    ("other_address", "https://dash.example/de/wp-json/mainwp/v2/sites", "https://dash.example/de"),
    ("other_address", "https://dash.example:8443/wp-json/mainwp/v2/sites/", "https://dash.example:8443"),
    ("other_prefix", "https://dash.example/api/mainwp/v2/sites", "api"),
    ("downgrade", "http://dash.example/wp-json/mainwp/v2/sites", ""),
    ("downgrade", "http://www.dash.example/wp-json/mainwp/v2/sites", ""),
    ("slash", "https://dash.example/wp-json/mainwp/v2/sites/", ""),
    ("circle", "https://dash.example/wp-json/mainwp/v2/sites?check=1", ""),
    ("login_page", "https://dash.example/wp-login.php?redirect_to=%2Fwp-json&reauth=1", ""),
    ("closed_site", "https://dash.example/coming-soon/", ""),
    ("closed_site", "https://dash.example/", ""),
]


@pytest.mark.parametrize(("code", "target", "meant"), REDIRECTS)
def test_redirects(code: str, target: str, meant: str) -> None:
    found = answers.redirected(ASKED, target, 302, "sync", "https://dash.example", ROOT)
    assert found.details["symptom"] == code
    assert meant in found.hint
    assert "{" not in found.hint
    assert target.partition("?")[0] in found.message


@pytest.mark.claim("redirects")
@pytest.mark.parametrize(("code", "target", "meant"), REDIRECTS)
def test_no_hint_names_another_host(code: str, target: str, meant: str) -> None:
    """Whoever follows the hint sends the key to the very host that was configured, and never less encrypted."""
    hint = answers.redirected(ASKED, target, 302, "sync", "https://dash.example", ROOT).hint
    assert "http://" not in hint.replace("https://", "")
    for address in re.findall(r"https://\S+", hint):
        assert urlsplit(address).hostname in ("dash.example", "www.dash.example")
    assert "evil" not in hint


def test_circles_are_told_apart() -> None:
    assert answers.in_a_circle("sync", with_cookie=True).details["symptom"] == "cookie_probe"
    assert answers.in_a_circle("sync", with_cookie=False).details["symptom"] == "circle"


NOISY = [
    (NOTICE, "", "php_notices"),
    (TEXT, "", "php_notices"),
    ("", NOTICE, "php_notices"),
    (NOTICE * 3, TEXT, "php_notices"),
    ("", "\n<!-- Page generated by Acme Cache in 0.3 s. -->", "additions"),
    ("<!-- x -->\n", "", "additions"),
    ("", '{"code":"wp_die","message":"","data":{"status":400}}', "additions"),
    ("Array\n(\n    [0] => 1\n)\n", "", "additions"),
    (DATABASE, "", "php_notices"),
    ("", DATABASE, "php_notices"),
    ("<script>console.log({'a': 1})</script>", "", "additions"),
    ("", '\n<script src="/a.js" data-x=\'{"a":"b"}\'></script>', "additions"),
    ("", '\n<div id="query-monitor"><ul><li>12 queries</li></ul></div>', "additions"),
    (f"{TEXT}\ufeff", "", "php_notices"),
    ("debug ", "", "additions"),
    ("", "</body></html>", "additions"),
]


@pytest.mark.parametrize("data", [GOOD, [GOOD], [], {}, {"data": []}])
@pytest.mark.parametrize(("before", "behind", "code"), NOISY)
def test_an_answer_with_noise_around_it_is_understood(before: str, behind: str, code: str, data: Any) -> None:
    found, symptom, more = answers.parsed(before + json.dumps(data) + behind)
    assert found == data
    assert symptom is not None
    assert symptom.code == code
    assert symptoms.quote(more)


@pytest.mark.parametrize("data", [GOOD, {"code": "rest_no_route", "message": "x", "data": {"status": 404}}])
@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ('array(1) {\n  ["name"]=>\n  string(4) "Acme"\n}\n', ""),
        ("<pre>[]</pre>", ""),
        ('<pre>{"acme":1}</pre>\n', ""),
        ('<!--\n{"acme":1}\n-->\n', '{"code":"wp_die","message":"","data":{"status":400}}'),
        ('{"acme":1}\n', ""),
        ("[]\n", "\n{ 'a': b }"),
    ],
)
def test_what_a_plugin_dumps_is_not_taken_for_the_answer(before: str, behind: str, data: Any) -> None:
    found, _symptom, _more = answers.parsed(before + json.dumps(data) + behind)
    assert found == data


@pytest.mark.parametrize(
    "text",
    [
        '{"success":1,"data":[\n{"id":"1"},\n{"id":"2"',
        f'{NOTICE}{{"success":1,"data":[\n{{"id":"1"}},\n{{"id":"2"',
        '<html><script type="application/ld+json">{"@context":"x"}</script></html>',
        '<!DOCTYPE html>\n{"success":1}',
        f"{NOTICE}<html>\n{{}}",
        '<pre>[]</pre>\n{"success":1,"data":[{"id":"1"},\n{"id":"2"',
        'debug{"success":1,"data":[{"id":"1"},{"id":"2"',
        'upstream said {"id":1} and went away',
        "OK",
        "[1, 2",
        TEXT,
    ],
)
def test_a_piece_of_an_answer_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        answers.parsed(text)


@pytest.mark.parametrize("text", [NOTICE, TEXT, NOTICE * 2 + TEXT, "<!-- Cached by Acme. -->", f"{TEXT}<!-- x -->"])
def test_only_what_is_printed_is_an_empty_answer(text: str) -> None:
    found, symptom, more = answers.parsed(text, api_version="v1")
    assert (found, more) == (None, text)
    assert symptom is not None
    with pytest.raises(ValueError, match=r"."):  # none of v2 is empty
        answers.parsed(text)


@pytest.mark.parametrize(
    "more", ["OK", "false", "<html></html>", "<p>Blocked</p>", "Fatal error: x in a.php on line 3", "{"]
)
def test_what_else_is_there_is_no_empty_answer(more: str) -> None:
    for text in (f"{TEXT}{more}", f"{more}\n{TEXT}", f"<!-- x -->{more}"):
        with pytest.raises(ValueError, match=r"."):
            answers.parsed(text, api_version="v1")


NO_SITE = {"code": "mainwp_no_site", "message": "No such site.", "data": {"status": 404}}


@pytest.mark.parametrize("answer", [{"success": 0, "data": []}, {"success": False}, NO_SITE])
@pytest.mark.parametrize("noise", ['{"success":true}', '{"success":"1","data":"cron done"}', '{"namespaces":[]}'])
def test_two_answers_that_contradict_each_other_are_none(noise: str, answer: Any) -> None:
    """Which of them is the Dashboard's, nobody knows."""
    for text in (
        f"{noise}\n{json.dumps(answer)}",
        f"{json.dumps(answer)}{noise}",
        f"{TEXT}{noise}{json.dumps(answer)}\n",
    ):
        with pytest.raises(answers.Contradiction) as caught:
            answers.parsed(text)
        failure = answers.not_json(200, "application/json", text, "add a tag", why=caught.value)
        assert failure.may_have_started
        assert failure.details["symptom"] == "additions"
        assert answers.parsed(text, 401)[0] == answer


@pytest.mark.parametrize("noise", ['{"success":true}', '{"success":1,"data":"cron done"}'])
def test_of_two_answers_that_agree_the_plugin_s_is_the_short_one(noise: str) -> None:
    answer = {"success": 1, "total": 1, "data": [{"id": 1, "url": "https://site1.example/"}]}
    for text in (f"{noise}\n{json.dumps(answer)}", f"{json.dumps(answer)}{noise}"):
        assert answers.parsed(text)[0] == answer


def test_an_error_behind_a_notice_is_an_error() -> None:
    """PHP had sent 200 when the notice was printed; WordPress' own status is in the body."""
    body = {"code": "rest_no_route", "message": "x", "data": {"status": 404}}
    assert isinstance(answers.failure_of(200, body, "sync", connection()), errors.NoRoute)
    body = {"code": "internal_server_error", "message": "critical", "data": {"status": 500}}
    failure = answers.failure_of(200, body, "sync", connection())
    assert failure is not None
    assert (failure.details["symptom"], failure.may_have_started) == ("php_died", True)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("tls_untrusted", "certificate verify failed: self-signed certificate (_ssl.c:1000)"),
        ("tls_untrusted", "certificate verify failed: unable to get local issuer certificate"),
        ("tls_no_tls", "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1000)"),
        ("tls_no_tls", "[SSL: RECORD_LAYER_FAILURE] record layer failure (_ssl.c:1029)"),
        ("tls_time", "certificate verify failed: certificate has expired"),
        ("tls_time", "certificate verify failed: certificate is not yet valid"),
        ("tls_name", "certificate verify failed: Hostname mismatch, certificate is not valid for 'x'"),
        ("tls_name", "certificate verify failed: IP address mismatch, certificate is not valid for '127.0.0.1'"),
        ("tls_client", "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required"),
        ("tls_version", "[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:1000)"),
        ("tls_version", "[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure"),
    ],
)
def test_tls(code: str, text: str) -> None:
    failure = answers.explained(errors.TlsFailed(f"sync: TLS with dash.example failed: {text}"), writing=True)
    assert failure.details["symptom"] == code
    assert ("ca_path" in failure.hint) is (code == "tls_untrusted")


@pytest.mark.parametrize(
    "lost", [errors.AnswerLost("sync: HTTP 503."), answers.not_json(503, "text/html", "<html>busy", "sync")]
)
def test_a_read_starts_nothing(lost: errors.AnswerLost) -> None:
    assert "may still be working" in answers.explained(lost, writing=True).hint
    read = answers.explained(lost, writing=False)
    assert "may still be working" not in read.hint
    assert read.details["symptom"] == "read_lost"


@pytest.mark.parametrize(
    ("link", "same", "root", "code"),
    [
        ("https://dash.example/api/", True, "https://dash.example/api", None),
        ("https://dash.example/index.php/wp-json/", True, "https://dash.example/index.php/wp-json", None),
        ("https://other.example/wp-json/", False, "", "api_elsewhere"),
        ("https://dash.example/index.php?rest_route=/", True, "", "plain_permalinks"),
        ("https://dash.example/?rest_route=/", False, "", "plain_permalinks"),
        ("https://dash.example/", True, "", "no_api"),
    ],
)
def test_where_the_api_is(link: str, same: bool, root: str, code: str | None) -> None:
    found, symptom = answers.api_root(link, same)
    assert (found, symptom and symptom.code) == (root, code)


@pytest.mark.parametrize(
    ("header", "page", "link"),
    [
        ('<https://dash.example/api/>; rel="https://api.w.org/"', "", "https://dash.example/api/"),
        (None, '<head><link rel="https://api.w.org/" href="https://dash.example/api/" />', "https://dash.example/api/"),
        (None, "<link href='/api/?a=1&amp;b' rel='https://api.w.org/'>", "/api/?a=1&b"),
        (None, "<link rel=icon href=/x.png><a href='https://api.w.org/'>x</a>", ""),
    ],
)
def test_wordpress_names_its_api_in_a_header_and_on_its_pages(header: str | None, page: str, link: str) -> None:
    assert answers.api_link(header, page) == link


def test_a_quote_of_a_page_has_no_css_and_no_script() -> None:
    page = (
        f"<html><head><!-- a --><style>{'.x { color: red }' * 900}</style><title>Denied</title>"
        "<script>if (a < b) { go() }</script></head><body><svg><path d='M0'/></svg><h1>Sorry</h1>"
        "<noscript>Enable JavaScript</noscript></body><script>never closed"
    )
    assert symptoms.page_start(page) == "Denied Sorry"
    menu = (
        f"<h1>Sorry</h1><nav class='{'x' * 2900}'><div class='wp-block-navigation' data-menu='{'y' * 900}'>Menu</div>"
    )
    assert symptoms.page_start(menu) == "Sorry"


def test_every_symptom_has_its_test() -> None:
    tested = {code for code, *_rest in (*PAGES, *REDIRECTS)} | {code for *_rest, code in NOISY}
    tested |= {"read_lost", "cookie_probe", "api_elsewhere", "plain_permalinks", "cache_passed", "cached"}
    assert {symptom.code for symptom in SYMPTOMS if not symptom.code.startswith("tls_")} == tested
    assert len({symptom.code for symptom in SYMPTOMS}) == len(SYMPTOMS)
