# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a refused or strange answer means."""

from __future__ import annotations

from typing import Any

import pytest
from codes import REASONS
from contract.recordings import NAMES, Exchange, load
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._answers import failure_of, not_json
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import Connection, connection_from

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "message", "data", "ERROR"]), inner, max_size=3)
    ),
    max_leaves=8,
)
CRITICAL = '<html><body id="error-page"><div class="wp-die-message"><p>critical error</p></div></body></html>'
FIREWALL = "<!DOCTYPE html><html><title>Attention Required! | Cloudflare</title></html>"
LOGIN = "<html><title>Welcome</title><form><input name='p' type='password'></form></html>"
AUTH = "mainwp_rest_authentication_"


def connection(**params: Any) -> Connection:
    return connection_from({"url": "https://dash.example", "api_key": "0123456789==abcdefghij", **params})


def failure(status: int, data: Any, **params: Any) -> errors.MainWPError | None:
    return failure_of(status, data, "list the sites (mainwp/v2/sites)", connection(**params))


@pytest.mark.parametrize("data", [{}, {"success": 0}, [], None, {"code": "x"}, "text", 5])
@pytest.mark.parametrize("status", [200, 201])
def test_good_answers(status: int, data: Any) -> None:
    assert failure(status, data) is None


@pytest.mark.parametrize(
    ("code", "params", "hint"),
    [
        (f"{AUTH}disabled_key", {}, "does not know this key, or it is switched off"),
        (f"{AUTH}missing_parameter", {}, "check that the whole key was given"),
        (f"{AUTH}oauth1_unsupported", {}, "Use api_key, or auth_method: basic."),
        (f"{AUTH}error", {}, "the secret in api_key is wrong, or the key lacks the permission"),
        (f"{AUTH}error", {}, "strips the Authorization header (then use auth_method: query)"),
        (f"{AUTH}error", {"auth_method": "basic"}, "the secret in consumer_key and consumer_secret is wrong"),
        (f"{AUTH}error", {"auth_method": "query"}, "the query string is changed on the way"),
        ("rest_forbidden", {}, "the key lacks the permission"),
        ("rest_cannot_access", {}, "A plugin on the Dashboard guards its REST API"),
        ("itsec_rest_api_access_restricted", {}, "exempt /wp-json/mainwp/ in the plugin"),
        ("", {"api_version": "v1"}, "has 'Enable MainWP REST API v1 Compatibility' ticked"),
        ("rest_method_not_allowed", {"api_version": "v1"}, "it has the permission for this step"),
    ],
)
def test_every_kind_of_401_names_its_likely_cause(code: str, params: dict[str, str], hint: str) -> None:
    found = failure(401, {"code": code, "message": "Zugang <b>verweigert</b>."}, **params)
    assert isinstance(found, errors.Unauthorized)
    assert found.message == "list the sites (mainwp/v2/sites): Zugang verweigert. (HTTP 401)."
    assert hint in found.hint
    assert (found.reason, found.details["status"], found.may_have_started) == ("unauthorized", 401, False)


@pytest.mark.parametrize(
    ("status", "data", "kind", "reason", "started", "running"),
    [
        (404, {"code": "rest_no_route", "message": "No route"}, errors.NoRoute, "no_route", False, False),
        (404, {"code": "mainwp_rest_invalid_site_id"}, errors.NotFound, "not_found", False, False),
        (400, {"code": f"{AUTH}bad_request", "message": "HTTPS!"}, errors.Unauthorized, "unauthorized", False, False),
        (400, {"code": "rest_invalid_param"}, errors.ApiError, "api_error", False, False),
        (400, {"ERROR": "Required parameter is missing."}, errors.ApiError, "api_error", False, False),
        (403, {"code": "rest_forbidden"}, errors.ApiError, "api_error", False, False),
        (429, {"code": "too_many"}, errors.ApiError, "api_error", False, False),
        (500, {"code": "HTTPERROR", "message": "x"}, errors.ApiError, "api_error", True, False),
        (500, {"code": "NOMAINWP", "message": "x"}, errors.ApiError, "api_error", True, False),
        (500, {"code": "internal_server_error"}, errors.ApiError, "api_error", True, False),
        (500, {}, errors.AnswerLost, "answer_lost", True, True),
        (500, None, errors.AnswerLost, "answer_lost", True, True),
        (502, {"code": "x"}, errors.AnswerLost, "answer_lost", True, True),
        (503, None, errors.AnswerLost, "answer_lost", True, True),
        (504, {}, errors.AnswerLost, "answer_lost", True, True),
        (599, [], errors.AnswerLost, "answer_lost", True, True),
        (403, {}, errors.NotTheApi, "not_the_api", False, False),
        (403, None, errors.NotTheApi, "not_the_api", False, False),
        (405, [], errors.NotTheApi, "not_the_api", False, False),
        (202, None, errors.NotTheApi, "not_the_api", False, False),
        (202, {}, errors.NotTheApi, "not_the_api", False, False),
    ],
)
def test_refusals_in_json(status: int, data: Any, kind: type, reason: str, started: bool, running: bool) -> None:
    found = failure(status, data)
    assert found.__class__ is kind
    assert (found.reason, found.may_have_started, found.may_be_running) == (reason, started, running)
    assert found.details["status"] == status


@pytest.mark.parametrize(
    ("code", "hint"), [("jwt_auth_invalid_token", "try auth_method: query"), ("rest_forbidden", ""), ("", "")]
)
def test_a_403_of_a_plugin_is_told_as_one(code: str, hint: str) -> None:
    found = failure(403, {"code": code, "message": "No"})
    assert found is not None
    assert hint in found.hint
    assert ("plugin" in found.hint) is bool(hint)


def test_a_missing_route_names_permalinks() -> None:
    found = failure(404, {"code": "rest_no_route", "message": "No route was found"})
    assert "no such API route at https://dash.example" in str(found)
    assert "pretty permalinks are on" in str(found)


def test_php_that_died_is_over_but_may_have_worked() -> None:
    found = failure(500, {"code": "internal_server_error", "message": "<p>There has been a critical error.</p>"})
    assert found is not None
    assert found.php_died is True
    assert "PHP failed on the Dashboard: its error log says why" in found.hint
    assert "There has been a critical error." in found.message


@pytest.mark.parametrize(
    ("status", "media", "text", "kind", "hint", "started", "running"),
    [
        (200, "application/json", '{"success":1,"da', errors.AnswerLost, "proxy in between", True, True),
        (200, "text/plain", "OK", errors.AnswerLost, "proxy in between", True, True),
        (200, "text/html", FIREWALL, errors.NotTheApi, "firewall, captcha", True, True),
        (200, "application/json", FIREWALL, errors.NotTheApi, "firewall, captcha", True, True),
        (202, "text/html", FIREWALL, errors.NotTheApi, "firewall, captcha", False, False),
        (302, "text/html", FIREWALL, errors.NotTheApi, "firewall, captcha", False, False),
        (403, "text/html", FIREWALL, errors.NotTheApi, "Allow this machine's address", False, False),
        (403, "text/plain", "Forbidden", errors.NotTheApi, "Allow this machine's address", False, False),
        (415, "text/html", FIREWALL, errors.NotTheApi, "firewall, captcha", False, False),
        (429, "text/html", FIREWALL, errors.NotTheApi, "firewall", False, False),
        (401, "text/html", "<html>401", errors.Unauthorized, "web server itself asks for a password", False, False),
        (401, "text/html", LOGIN, errors.Unauthorized, "bot protection or login page", False, False),
        (404, "text/html", "<html>404", errors.NotTheApi, "pretty permalinks are on", False, False),
        (500, "text/html", CRITICAL, errors.ApiError, "PHP failed on the Dashboard", True, False),
        (500, "text/html", "<html>500", errors.AnswerLost, "A gateway gave up", True, True),
        (502, "text/html", "<html>502", errors.AnswerLost, "A gateway gave up", True, True),
        (503, "text/html", FIREWALL, errors.AnswerLost, "A gateway gave up", True, True),
        (504, "text/html", "<html>504 Gateway Time-out", errors.AnswerLost, "A gateway gave up", True, True),
    ],
)
def test_answers_that_are_no_json(
    status: int, media: str, text: str, kind: type, hint: str, started: bool, running: bool
) -> None:
    found = not_json(status, media, text, "sync")
    assert found.__class__ is kind
    assert hint in found.hint
    assert (found.may_have_started, found.may_be_running) == (started, running)
    assert found.details["status"] == status
    assert "<" not in str(found)


def test_a_page_without_words_is_not_quoted() -> None:
    found = not_json(200, "text/html", "<html><script>go()</script></html>", "sync")
    assert found.message == "sync: HTTP 200 with a web page instead of JSON."


def test_the_start_of_a_web_page_is_quoted() -> None:
    assert "Attention Required! | Cloudflare" in str(not_json(403, "text/html", FIREWALL, "sync"))
    assert len(str(not_json(403, "text/html", "<p>" + "x" * 10**6, "sync"))) < 600


REFUSED = [item for name in NAMES for item in load(name) if item.response["status"] >= 400]


@pytest.mark.parametrize("exchange", REFUSED, ids=lambda item: item.title)
def test_every_recorded_refusal_is_understood(exchange: Exchange) -> None:
    """No recorded refusal is taken for something in front of WordPress, and each 401 is one."""
    status, body = exchange.response["status"], exchange.response["body"]
    if isinstance(body, str):
        found: Any = not_json(status, exchange.response["content_type"], body, exchange.title)
    else:
        found = failure(status, body)
    assert found is not None
    assert found.reason in REASONS
    assert isinstance(found, errors.Unauthorized) is (status == 401 or found.reason == "unauthorized")
    if status < 500 and not isinstance(body, str):
        assert not isinstance(found, errors.NotTheApi)


@given(st.integers(min_value=100, max_value=599), JSON)
def test_any_json_is_understood(status: int, data: Any) -> None:
    found = failure(status, data)
    assert (found is None) is (200 <= status < 300 and not (status == 202 and not (isinstance(data, dict) and data)))
    if found is not None:
        assert found.reason in REASONS
        assert isinstance(found.message, str)
