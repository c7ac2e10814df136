# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a refused or strange answer means: status and body to the error with its likely cause. PRIVATE. No I/O."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit

from . import _errors as errors
from . import _symptoms as symptoms
from ._connection import BEARER, V1, V2, Connection
from ._secrets import plain

#: core.md §1.4: the kinds of 401, told apart by code and – where codes coincide – by the untranslated part of
#: the situation: whether we sent credentials at all, and which step failed.
_CODE = "mainwp_rest_authentication_"


def failure_of(status: int, data: Any, name: str, connection: Connection) -> errors.MainWPError | None:
    """The error that a JSON answer stands for; None for a good one."""
    body = data if isinstance(data, dict) else {}
    status = _status_of(body) or status if 200 <= status < 300 else status
    code, text = plain(body.get("code"), 100), plain(body.get("message") or body.get("ERROR") or "")
    text = " ".join(filter(None, (text, *_of_sites(body))))
    facts: dict[str, Any] = {"status": status, "code": code or None}
    if 200 <= status < 300:
        if status == 202 and not body:
            return errors.NotTheApi(f"{name}: answered 202 without content.", **_of(symptoms.FIREWALL, facts))
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
            f"{name}: {text} (HTTP {status}).", hint="Use the https:// address of the Dashboard.", **facts
        )
    # A 429 comes from whoever counts requests, in front of WordPress or before it calls a route; MainWP sends none
    # (core.md §1.6). Only one that carries a word about work done is something else.
    if status in (502, 503, 504) or (status >= 500 and not code) or (status == 429 and "success" in body):
        return errors.AnswerLost(f"{name}: HTTP {status}. {text}".strip(), **facts)
    if code == "internal_server_error":
        return _php_died(f"{name}: {text or 'critical error'} (HTTP {status}).", facts)
    if not code and not text and status < 500:
        return errors.NotTheApi(f"{name}: HTTP {status}.", **_of(symptoms.FIREWALL, facts))
    hint = _GUARDED if status == 403 and _is_of_a_plugin(code) else _SILENT_CHILD.get(text)
    failure = errors.ApiError(f"{name}: {text or code}{_what_is_invalid(body)} (HTTP {status}).", hint, **facts)
    # A 500 with a code is the Dashboard's own answer, but says nothing about how far the work went.
    failure.may_have_started = status >= 500
    return failure


#: MainWP's own codes for a site that gave it no answer (core.md §6.4), by what they mean.
_SILENT_CHILD = {
    "NOMAINWP": "So MainWP calls a site where MainWP Child gave no answer: WordPress died over it, the site is down, or "
    "something in front of it kept MainWP away. The site's own log of errors tells which.",
    "HTTPERROR": "So MainWP calls a site that could not be reached, or did not answer in time.",
}
#: A plugin may also take a Bearer token for one of its own.
_GUARDED = (
    "A plugin on the Dashboard guards its REST API, or the web server in front of it strips the Authorization header: exempt "
    "/wp-json/mainwp/ in the plugin, or try auth_method: query."
)
#: Codes of WordPress, of its abilities and of MainWP. WordPress' own of a 401 or 403 say what must not be done.
_OWN_CODES = re.compile(
    r"mainwp|ability_|rest_ability|rest_forbidden|rest_cannot_(?!access)|rest_user_cannot|\Z", re.IGNORECASE
)


def _is_of_a_plugin(code: str) -> bool:
    """Does neither WordPress nor MainWP refuse with this code?"""
    return not _OWN_CODES.match(code)


def _of_sites(error: dict[str, Any]) -> list[str]:
    """What child sites said, where the Dashboard quotes them beside its own words."""
    said = error["data"].get("errors") if isinstance(error.get("data"), dict) else None
    return [plain(text) for text in said.values()][:3] if isinstance(said, dict) else []


def _what_is_invalid(error: dict[str, Any]) -> str:
    """What WordPress says of each parameter that it refuses."""
    data = error.get("data")
    params = data.get("params") if isinstance(data, dict) else None
    texts = [plain(text, 200) for text in params.values()] if isinstance(params, dict) else []
    return f". {' '.join(texts[:5])}" if texts else ""


def _status_of(error: dict[str, Any]) -> int | None:
    """The status that WordPress meant for its error: PHP had sent 200 already when something was printed before it."""
    meant = error["data"].get("status") if isinstance(error.get("data"), dict) else None
    is_error = isinstance(error.get("code"), str) and isinstance(meant, int) and 400 <= meant < 600
    return meant if is_error else None


def parsed(text: str, status: int = 200, api_version: str = V2) -> tuple[Any, symptoms.Symptom | None, str]:
    """A body as (JSON, what it suffers from, what else is in it). Raises ValueError and RecursionError.

    PHP prints notices and dumps before the answer, plugins and page caches print behind it. What WordPress said is still
    there, whole. Raises Contradiction, too.
    """
    try:
        return json.loads(text), None, ""
    except ValueError:
        found = _values_in(text)
        if not found and api_version == V1 and _is_only_printed(text):
            return None, symptoms.NOTICES if symptoms.NOTICES.shows(0, text) else symptoms.ADDITIONS, text
        if not found:
            raise
    start, end, data = _answer_among(found, refused=status >= 400)
    more = f"{text[:start]} {text[end:]}"
    if _PAGE_TAG.search(more):  # a web page may carry JSON, too, but is no answer
        raise ValueError("a web page")
    return data, symptoms.NOTICES if symptoms.NOTICES.shows(0, more) else symptoms.ADDITIONS, more


#: Where in a body it begins and ends, and what it says.
_Value: TypeAlias = tuple[int, int, Any]


def _values_in(text: str) -> list[_Value]:
    """What may be the answer in ``text``, in order. Raises RecursionError."""
    decoder = json.JSONDecoder()
    for pattern, to_the_end in ((_AT_BORDER, False), (_ANYWHERE, True)):
        found: list[_Value] = []
        place = first = pattern.search(text, 0, _HEAD)
        while place and len(found) < _MOST_VALUES:
            start = place.end()
            try:
                data, end = decoder.raw_decode(text, start)
            except ValueError:  # cut off, so what looks like JSON further on may be a piece of this
                return [value for value in found if _likeness(value) == _SURE]
            if not (to_the_end and text[end:].strip()):
                found.append((start, end, data))
            place = _NEXT.match(text, end) or pattern.search(text, end, end + _HEAD)
        if first:
            return found
    return []


def _is_only_printed(text: str) -> bool:
    """Is it all notices of PHP and comments? Then the answer itself is empty, as some of API v1's are."""
    if len(text) > _HEAD or _PAGE_TAG.search(text):
        return False
    return not _PRINTED.sub("", plain(_COMMENTS.sub("", text), _HEAD)).strip()


_COMMENTS = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
_PRINTED = re.compile(r"(?:Deprecated|Notice|Warning|Strict Standards):.{1,2000}? on line \d+")


class Contradiction(ValueError):
    """A body holds several things of which each may be the answer, and one says what another denies."""


def _answer_among(found: list[_Value], refused: bool) -> _Value:
    """What a plugin dumps before the answer, or WordPress adds as it ends, may be JSON, too. ``refused``: the status says
    what kind of answer it is. Raises Contradiction."""
    most = max(map(_likeness, found))
    likely = [value for value in found if _likeness(value) == most]
    if most < _SURE:
        return likely[0]
    if refused:
        likely = [value for value in likely if not _says_yes(value[2])] or likely
    if len({_says_yes(data) for _start, _end, data in likely}) > 1:
        raise Contradiction("several answers")
    return max(likely, key=lambda value: value[1] - value[0])  # a plugin's own "success" is short


def _says_yes(data: dict[str, Any]) -> bool:
    return str(data.get("success", "code" not in data)).lower() not in ("0", "false", "")


def _likeness(value: _Value) -> int:
    """How much something looks like the answer: more than other things that are printed, if it is more than 1."""
    start, _end, data = value
    if not isinstance(data, dict):
        return int(start == 0)
    is_error = isinstance(data.get("code"), str) and data["code"] != "wp_die" and "message" in data
    return _SURE if is_error or "success" in data or "namespaces" in data else 1


_SURE = 2
#: Before what looks like JSON, at the start of a line or behind a tag.
_AT_BORDER = re.compile(r"(?:^|(?<=>))[ \t\ufeff]*(?=[{\[]\s*[\"{\[\]}])", re.MULTILINE)
#: Anywhere, as behind a word that a plugin printed: that may be the answer only if nothing follows.
_ANYWHERE = re.compile(r"(?=[{\[]\s*[\"{\[\]}])")
#: Right behind another.
_NEXT = re.compile(r"[ \t\ufeff]*(?=[{\[]\s*[\"{\[\]}])")
_MOST_VALUES = 20
#: A web server's own question for a password has no form.
_PASSWORD_FIELD = re.compile(r"<input\b[^>]{0,500}\btype=[\"']?password\b", re.IGNORECASE)
_HEAD = 64 * 1024
_PAGE_TAG = re.compile(r"<(?:!doctype|html|head|body|title|form)\b", re.IGNORECASE)


def not_json(
    status: int, media: str, text: str, name: str, link: str = "", why: Exception | None = None
) -> errors.MainWPError:
    """The error for a body that is not JSON: truncated, HTML, or from something in front of WordPress. ``link``: where
    WordPress says that its API is. ``why``: what ``parsed`` raised."""
    facts: dict[str, Any] = {"status": status}
    if isinstance(why, Contradiction):
        said = f"{name}: the answer holds several, which contradict each other: {plain(text, 160)}"
        return errors.AnswerLost(said, **_of(symptoms.ADDITIONS, facts))
    start = symptoms.page_start(text)
    is_html = "html" in media.lower() or text[:1] == "<"
    words = symptoms.PHP_DIED.shows(status, text[:_HEAD]) and (status == 500 or 200 <= status < 300)
    if words or (status == 500 and "wp-die-message" in text):
        said = "HTTP 500, WordPress' page for a critical error." if status == 500 else f"PHP failed half-way: {start}"
        return _php_died(f"{name}: {said}", facts)
    if not is_html and 200 <= status < 300:
        cut = text[:1] in ("{", "[") and not symptoms.NOTICES.shows(status, text[:_HEAD])
        symptom = symptoms.CUT_OFF if cut else symptoms.NO_JSON
        said = f"the answer is cut off after {len(text)} characters" if cut else f"the answer is not JSON: {start}"
        return errors.AnswerLost(f"{name}: {said}", **_of(symptom, facts))
    symptom = symptoms.of_page(status, text)
    page = f"{name}: HTTP {status} with a web page instead of JSON{f': {start}' if start else '.'}"
    if status >= 500:
        return errors.AnswerLost(page, **_of(symptoms.GATEWAY if symptom is symptoms.FIREWALL else symptom, facts))
    if status == 401:
        asks = (
            symptom if symptom is not symptoms.FIREWALL or _PASSWORD_FIELD.search(text[:_HEAD]) else symptoms.PASSWORD
        )
        return errors.Unauthorized(f"{name}: HTTP 401 with a web page instead of JSON.", **_of(asks, facts))
    if status == 404:
        return errors.NotTheApi(f"{name}: HTTP 404 with a web page.", **_of(symptoms.NO_API, facts))
    # With plain permalinks WordPress takes any address for its front page, if the web server passes it on.
    symptom = symptoms.PLAIN_PERMALINKS if _is_plain(link) else symptom
    answer = errors.NotTheApi(page, **_of(symptom, facts))
    # A page with a success status may come from WordPress itself, after the work was done.
    answer.may_have_started = answer.may_be_running = 200 <= status < 300 and status != 202
    return answer


def redirected(url: str, target: str, status: int, name: str, base: str, root: str) -> errors.Redirected:
    """The error for a redirect that is not followed. ``base`` is the Dashboard's address, ``root`` that of its API."""
    symptom, meant = symptoms.of_redirect(url, target, base, root)
    shown = target.split("?", 1)[0].split("#", 1)[0]
    found = errors.Redirected(f"{name}: the Dashboard redirects to {shown}.", **_of(symptom, {"status": status}))
    found.hint = symptom.hint.format(meant=meant)
    return found


def asked_on(target: str, params: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """(url, query) to ask where a redirect leads. What it adds is kept; what it drops or changes of ``params`` is asked again,
    for its answer would be one to another question: the first page of a list for each of them."""
    parts = urlsplit(target)
    theirs = parse_qsl(parts.query, keep_blank_values=True)
    ours = parse_qsl(urlencode(params, doseq=True), keep_blank_values=True)
    names = {name for name, dummy in ours}
    if sorted(pair for pair in theirs if pair[0] in names) == sorted(ours):
        return target, {}
    more = urlencode([pair for pair in theirs if pair[0] not in names])
    return parts._replace(query=more).geturl(), params


def in_a_circle(name: str, with_cookie: bool) -> errors.Redirected:
    """The error for redirects without end."""
    symptom = symptoms.COOKIE_PROBE if with_cookie else symptoms.CIRCLE
    return errors.Redirected(f"{name}: the Dashboard redirects in a circle.", **_of(symptom, {}))


def explained(failure: errors.MainWPError, writing: bool) -> errors.MainWPError:
    """``failure`` with the hint that its circumstances allow: what only read started nothing, and TLS fails for many
    reasons."""
    if isinstance(failure, errors.TlsFailed) and failure.hint == errors.TlsFailed.hint:
        symptom = symptoms.of_tls(failure.message)
    elif (
        isinstance(failure, errors.AnswerLost)
        and not writing
        and failure.hint in (errors.AnswerLost.hint, symptoms.GATEWAY.hint)
    ):
        symptom = symptoms.READ_LOST
    else:
        return failure
    failure.hint = symptom.hint
    failure.details["symptom"] = symptom.code
    return failure


#: Where WordPress says that its API is: in a header, which some CDNs drop, and in the head of its pages.
_API_LINK = re.compile(r"<([^<>]*)>\s*;\s*rel=\"?https://api\.w\.org/\"?")
_API_TAG = re.compile(
    r"<link\b(?=[^>]{0,500}\brel=[\"']?https://api\.w\.org/)[^>]{0,500}\bhref=[\"']?([^\"'\s>]+)", re.IGNORECASE
)


def api_link(header: str | None, page: str) -> str:
    """Where WordPress says that its API is, by the ``Link`` header or the text of any of its pages; empty if it does not."""
    found = _API_LINK.search(header or "") or _API_TAG.search(page[:_HEAD])
    return html.unescape(found.group(1)) if found else ""


def _is_plain(link: str) -> bool:
    return "rest_route=" in urlsplit(link).query


def api_root(link: str, same_server: bool) -> tuple[str, symptoms.Symptom | None]:
    """(the root of the API, None), or what keeps from using ``link``, where WordPress says that its API is.
    ``same_server``: it is on the host and port of the url, and its scheme is not a lower one."""
    parts = urlsplit(link)
    if parts.query or not parts.path.strip("/"):
        return "", symptoms.PLAIN_PERMALINKS if _is_plain(link) else symptoms.NO_API
    root = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return (root, None) if same_server else ("", symptoms.API_ELSEWHERE)


def not_here(failure: errors.MainWPError, symptom: symptoms.Symptom, link: str) -> None:
    """Say in ``failure`` where WordPress says that its API is."""
    failure.hint = symptom.hint.format(root=plain(link.split("?", 1)[0], 200))
    failure.details["symptom"] = symptom.code


def _of(symptom: symptoms.Symptom, facts: dict[str, Any]) -> dict[str, Any]:
    return {**facts, "hint": symptom.hint, "symptom": symptom.code}


def _php_died(sentence: str, facts: dict[str, Any]) -> errors.ApiError:
    """WordPress' "critical error": PHP died at some point of the work, so it is over, but how far it got is open."""
    failure = errors.ApiError(sentence, **_of(symptoms.PHP_DIED, facts))
    failure.may_have_started = True
    failure.php_died = True
    return failure


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
    if _is_of_a_plugin(code):
        return _GUARDED
    stripped = (
        "or the web server strips the Authorization header (then use auth_method: query)"
        if connection.auth_method != "query"
        else "or the query string is changed on the way"
    )
    form = "api_key" if connection.auth_method == BEARER else "consumer_key and consumer_secret"
    return (
        f"Either the secret in {form} is wrong, or the key lacks the permission for this step "
        f"(reading needs Read; all else needs Read and Write), {stripped}."
    )
