# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a refused or strange answer means: status and body to the error with its likely cause. PRIVATE. No I/O."""

from __future__ import annotations

from typing import Any

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import BEARER, V1, Connection
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import plain

#: core.md §1.4: the kinds of 401, told apart by code and – where codes coincide – by the untranslated part of
#: the situation: whether we sent credentials at all, and which step failed.
_CODE = "mainwp_rest_authentication_"


def failure_of(status: int, data: Any, name: str, connection: Connection) -> errors.MainWPError | None:
    """The error that a JSON answer stands for; None for a good one."""
    body = data if isinstance(data, dict) else {}
    code, text = plain(body.get("code"), 100), plain(body.get("message") or body.get("ERROR") or "")
    facts: dict[str, Any] = {"status": status, "code": code or None}
    if 200 <= status < 300:
        if status == 202 and not body:
            return errors.NotTheApi(f"{name}: answered 202 without content.", hint=_FIREWALL, **facts)
        return None
    if status == 401:
        return errors.Unauthorized(
            f"{name}: {text or 'not authorised'} (HTTP 401).", _why_401(code, connection), **facts
        )
    if code == "rest_no_route":
        return errors.NoRoute(f"{name}: there is no such API route at {connection.url} (HTTP 404).", **facts)
    if status == 404 and code:
        return errors.NotFound(f"{name}: {text or 'not found'} (HTTP 404).", **facts)
    if code == f"{_CODE}bad_request":
        return errors.Unauthorized(
            f"{name}: {text} (HTTP {status}).",
            hint="Use the https:// address of the Dashboard.",
            **facts,
        )
    if status in (502, 503, 504) or (status >= 500 and not code):
        return errors.AnswerLost(f"{name}: HTTP {status}. {text}".strip(), **facts)
    if code == "internal_server_error":
        return _php_died(f"{name}: {text or 'critical error'} (HTTP {status}).", facts)
    if not code and not text and status < 500:
        return errors.NotTheApi(f"{name}: HTTP {status}.", hint=_FIREWALL, **facts)
    failure = errors.ApiError(f"{name}: {text or code} (HTTP {status}).", **facts)
    # A 500 with a code is the Dashboard's own answer, but says nothing about how far the work went.
    failure.may_have_started = status >= 500
    return failure


def not_json(status: int, media: str, text: str, name: str) -> errors.MainWPError:
    """The error for a body that is not JSON: truncated, HTML, or from something in front of WordPress."""
    facts: dict[str, Any] = {"status": status}
    start = plain(text, 160)
    is_html = "html" in media.lower() or text[:1] == "<"
    if not is_html and 200 <= status < 300:
        return errors.AnswerLost(f"{name}: the answer is cut off or not JSON.", hint="Is a proxy in between?", **facts)
    if status == 500 and "wp-die-message" in text:
        return _php_died(f"{name}: HTTP 500, WordPress' page for a critical error.", facts)
    if status >= 500:
        sentence = f"{name}: HTTP {status} with a web page instead of JSON: {start}"
        return errors.AnswerLost(sentence, hint=_GATEWAY, **facts)
    if status == 401:
        return errors.Unauthorized(
            f"{name}: HTTP 401 with a web page instead of JSON.",
            hint="The web server itself asks for a password: use auth_method: query and send its password in headers.",
            **facts,
        )
    if status == 404:
        failure: errors.TransportError = errors.NotTheApi(f"{name}: HTTP 404 with a web page.", **facts)
        failure.hint = errors.NoRoute.hint
        return failure
    answer = errors.NotTheApi(
        f"{name}: HTTP {status} with a web page instead of JSON: {start}", hint=_FIREWALL, **facts
    )
    # A page with a success status may come from WordPress itself, after the work was done.
    answer.may_have_started = answer.may_be_running = 200 <= status < 300 and status != 202
    return answer


def _php_died(sentence: str, facts: dict[str, Any]) -> errors.ApiError:
    """WordPress' "critical error": PHP died at some point of the work, so it is over, but how far it got is open."""
    failure = errors.ApiError(sentence, hint="PHP failed on the Dashboard: its error log says why.", **facts)
    failure.may_have_started = True
    failure.details["php_died"] = True
    return failure


_FIREWALL = (
    "Something in front of WordPress answered: a firewall, captcha, bot protection or login page. "
    "Allow this machine's address, or send what it wants in headers."
)
_GATEWAY = "A gateway gave up or WordPress failed; the Dashboard may still be working."


def _why_401(code: str, connection: Connection) -> str:
    """The likely cause of a 401, by its code (core.md §1.4)."""
    if connection.api_version == V1:
        return (
            "Check that the key pair is right, active and has 'Enable MainWP REST API v1 Compatibility' ticked, "
            "and that it has the permission for this step."
        )
    if code == f"{_CODE}disabled_key":
        return "The Dashboard does not know this key, or it is switched off (API Access > API Keys)."
    if code == f"{_CODE}missing_parameter":
        return "The Dashboard could not read the credentials: check that the whole key was given."
    if code == f"{_CODE}oauth1_unsupported":
        return "Use api_key, or auth_method: basic."
    stripped = (
        "or the web server strips the Authorization header (then use auth_method: query)"
        if connection.auth_method != "query"
        else "or the query string is changed on the way"
    )
    form = "api_key" if connection.auth_method == BEARER else "consumer_key and consumer_secret"
    return (
        f"Either the secret in {form} is wrong, or the key lacks the permission for this step "
        f"(reading needs Read; syncing and updating need Read and Write), {stripped}."
    )
