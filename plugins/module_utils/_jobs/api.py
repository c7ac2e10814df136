# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_api does: one request as it is given, with all that the client knows of sending it. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from .. import _errors as errors
from .._api import normalise
from .._caches import Answer
from .._dashboard import Dashboard
from .._http import READS, Form
from .._routes import Route, route_of
from .._secrets import MASK, is_secret_header, masked_by_name, plain
from ._common import Reporter, refuse_read_only_key

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
#: What WordPress takes as another method, another route, another way to answer, or as a key.
_TAKEN = re.compile(r"_method|_envelope|_jsonp|rest_route|consumer_(?:key|secret)|oauth_.*", re.IGNORECASE)
_OVERRIDES = "x-http-method-override"
#: WordPress knows its routes in any case.
_OWN = re.compile(r"/mainwp/(v[12])(/.*|)", re.IGNORECASE)
#: What a write may be answered with.
_KINDS = (dict, list, bool, str, int, float, type(None))
_NO_CONTENT = 204


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_api."""

    method: str
    #: Below the API's prefix, with a slash at its start.
    path: str
    query: Mapping[str, Any]
    body: Mapping[str, Any] | None
    accepted: frozenset[int]
    fail_on_refusal: bool

    @property
    def writes(self) -> bool:
        """Is it more than a read?"""
        return self.method not in READS


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError before any request."""
    method = str(params["method"])
    path = _path(str(params["path"]), str(params.get("api_version") or "v2"), str(params.get("rest_prefix") or ""))
    query = _sent("query", params.get("query"))
    body: Mapping[str, Any] | None = params.get("body")
    if params.get("form") is not None:
        body = Form(_sent("form", params["form"]))
    if body is not None:
        _refuse_taken("body", body)
    if body is not None and method in READS:
        raise errors.InputError("body", f"{method} has none.", "Use query, or another method.")
    if _OVERRIDES in {str(name).strip().lower() for name in params.get("headers") or ()}:
        raise errors.InputError("headers", "X-HTTP-Method-Override makes another method of it.", "Use method.")
    accepted = frozenset(int(status) for status in params.get("status_code") or ())
    return Options(method, path, query, body, accepted, params.get("fail_on_refusal") is not False)


def _path(text: str, version: str, prefix: str) -> str:
    """The path below the API's prefix. What begins with a slash is whole; anything else is below MainWP's API."""
    text = text.strip()

    def refuse(problem: str, remedy: str) -> errors.InputError:
        return errors.InputError("path", f"'{plain(text, 200)}' {problem}.", remedy)

    if "://" in text or text.startswith("//"):
        raise refuse("names a host", "The request goes to url; give what comes behind /wp-json/mainwp/v2/.")
    if "?" in text or "#" in text:
        raise refuse("has a query", "Give it as query.")
    decoded = [unquote(part) for part in text.split("/")]
    if any(part in (".", "..") or re.search(r"[/\\\x00-\x1f\x7f]", part) for part in decoded):
        raise refuse("is not spelled plainly", "Leave out ., .., backslashes and encoded slashes.")
    begin = prefix.strip("/") or "wp-json"
    if not re.match(rf"/|mainwp/v\d|{re.escape(begin)}/", text):
        return f"/mainwp/{version}/{text}".rstrip("/")
    whole = text.lstrip("/")
    return "/" + whole.removeprefix(begin).lstrip("/") if f"{whole}/".startswith(f"{begin}/") else f"/{whole}"


def _sent(option: str, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """A map as PHP reads one from a query or a form: lists and maps in brackets, true as 1 and false as 0."""
    _refuse_taken(option, given or {})
    return dict(_flat(given or {}))


def _refuse_taken(option: str, given: Mapping[str, Any]) -> None:
    for name in given:
        # PHP takes a dot, a blank or a lonely bracket for an underscore
        if _TAKEN.fullmatch(re.sub(r"[ .\[]", "_", re.sub(r"\[.*\]$", "", str(name)).strip())):
            remedy = "Use method and path, and the options about the key."
            raise errors.InputError(option, f"{name} would make another request of it.", remedy)


def _flat(given: Mapping[str, Any], outer: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        key = f"{outer}[{name}]" if outer else str(name)
        if isinstance(value, Mapping):
            yield from _flat(value, key)
        elif isinstance(value, (list, tuple)):
            yield f"{key}[]", [_plain(entry) for entry in value]
        elif value is not None:
            yield key, _plain(value)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def run(dashboard: Dashboard, options: Options, reporter: Reporter, check_mode: bool) -> dict[str, Any]:
    """Send it, if it may be sent."""
    route = _known(options)
    for text in _warnings(options, route):
        reporter.warn(text)
    if options.writes:
        refuse_read_only_key(dashboard, reporter, check_mode)
    name = f"{options.method} {options.path}"
    if options.writes and check_mode:
        return _result(dashboard, options, True, f"{name} was not sent: check mode.")
    dashboard.http.accepted = options.accepted
    try:
        answer = _answer(dashboard, options)
    except errors.NoRoute as exc:
        if not _OWN.fullmatch(options.path):  # what MainWP needs has no part in it
            exc.hint = (
                "A path with a slash in front is below /wp-json. MainWP's own routes have none there: sites/12/check."
            )
        raise
    if options.writes and answer.data is None and 200 <= answer.status < 300 and answer.status != _NO_CONTENT:
        raise errors.AnswerLost(f"{name}: the answer is empty.")
    refusal = _refusal(answer.data)
    if refusal and options.fail_on_refusal:
        hint = "Nothing else is known of it; read whether something was done. See fail_on_refusal."
        raise errors.ApiError(f"{name}: {refusal}", hint=hint if options.writes else "", status=answer.status)
    good = 200 <= answer.status < 300 and not refusal
    said = f"HTTP {answer.status}" + (f", refused: {refusal}" if refusal else "")
    result = _result(dashboard, options, options.writes and good, f"{name}: {said}")
    told = {"sent": True, "status": answer.status, "refused": bool(refusal)}
    return {**result, **told, "data": masked_by_name(answer.data), "headers": _headers(answer.headers)}


def _answer(dashboard: Dashboard, options: Options) -> Answer:
    if options.writes:
        return dashboard.http.write(
            options.path, options.body, options.query, method=options.method, work=True, kinds=_KINDS
        )
    return dashboard.http.read(options.path, options.query, method=options.method)


def _known(options: Options) -> Route | None:
    found = _OWN.fullmatch(options.path)
    method = "GET" if options.method == "HEAD" else options.method
    return route_of(found[1].lower(), method, found[2]) if found else None


def _warnings(options: Options, route: Route | None) -> Iterator[str]:
    name = f"{options.method} {options.path}"
    if route and route.reason:
        yield f"{name}: no module uses this route: {route.reason}."
    if route and route.better:
        yield f"{name}: wpfleet.mainwp.{route.better} knows what this really does, and tells what became of it."


def _refusal(data: Any) -> str:
    """What a good status says of a request that was not done; empty for none."""
    if not isinstance(data, Mapping):
        return ""
    text = plain(data.get("ERROR") or data.get("error") or data.get("message"))
    if "success" in data:
        return "" if normalise.as_bool(data["success"]) else text or "the Dashboard gives no reason"
    return plain(data.get("ERROR")) or (plain(data["error"]) if isinstance(data.get("error"), str) else "")


def _headers(given: Mapping[str, str]) -> dict[str, str]:
    """The answer's headers in lower case, without what is secret."""
    return {name.lower(): MASK if is_secret_header(name) else str(value) for name, value in given.items()}


def _result(dashboard: Dashboard, options: Options, changed: bool, msg: str) -> dict[str, Any]:
    return {
        "changed": changed,
        "msg": msg,
        "method": options.method,
        "route": options.path,  # of a path, AnsibleModule would tell owner and mode
        "sent": False,
        "status": None,
        "refused": False,
        "data": None,
        "headers": {},
        "dashboard": dashboard.in_results,
    }
