# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MainWP's own authentication layer for v2, which also looks at v1 URLs (core.md §1)."""

from __future__ import annotations

import base64
import binascii

from werkzeug.wrappers import Request

from .keys import Key, KeyRing
from .rest import RestError

PREFIX = "mainwp_rest_authentication_"
READ = ("read", "read_write")
WRITE = ("write", "read_write")
#: method -> scopes that may (core.md §1.5)
ALLOWED = {
    "GET": (READ, "read"),
    "HEAD": (READ, "read"),
    "POST": (WRITE, "write"),
    "PUT": (WRITE, "write"),
    "PATCH": (WRITE, "write"),
    "DELETE": ((*WRITE, "delete"), "delete"),
}


def authenticate(request: Request, ring: KeyRing, secure: bool) -> Key | None:
    """The key of a request, None without credentials; the first error stays (core.md §1.2)."""
    if secure:
        pair = _query_pair(request) or _basic_pair(request)
        if pair:
            return _checked(ring, *pair)
    if _is_oauth1(request):
        raise _oauth1_error(request, ring)
    if not secure:
        raise RestError(PREFIX + "bad_request", "Requests to the MainWP REST API must be over HTTPS.", 400)
    pair = _bearer_pair(request)
    return _checked(ring, *pair) if pair else None


def check_scope(key: Key, method: str) -> None:
    """A lacking permission is a 401, not a 403 (core.md §1.4)."""
    if method == "OPTIONS":
        return
    if method not in ALLOWED:
        raise RestError(PREFIX + "error", "Unknown request method.", 401)
    scopes, word = ALLOWED[method]
    if key.permissions not in scopes:
        raise RestError(PREFIX + "error", f"The API key provided does not have {word} permissions.", 401)


def unauthenticated() -> RestError:
    """The route's own permission check, without credentials."""
    return RestError(PREFIX + "error", "You are not authenticated.", 401)


def _checked(ring: KeyRing, consumer_key: str, consumer_secret: str) -> Key:
    key = ring.find(consumer_key)
    if key is None or not key.enabled:
        raise RestError(PREFIX + "disabled_key", "The REST API Key are disabled.", 401)
    if key.consumer_secret != consumer_secret:
        raise RestError(PREFIX + "error", "Consumer secret is invalid.", 401)
    return key


def _query_pair(request: Request) -> tuple[str, str] | None:
    key, secret = request.args.get("consumer_key", ""), request.args.get("consumer_secret", "")
    return (key, secret) if key and secret else None


def _basic_pair(request: Request) -> tuple[str, str] | None:
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return None
    try:
        user, _colon, password = base64.b64decode(header[6:]).decode("utf-8", "replace").partition(":")
    except binascii.Error:
        return None
    return (user, password) if user and password else None


def _bearer_pair(request: Request) -> tuple[str, str] | None:
    header = request.headers.get("Authorization", "")
    key = request.values.get("oauth_mainwp_ck", "")
    secret = request.values.get("oauth_mainwp_cs", "")
    if header.startswith("Bearer "):
        parts = header.removeprefix("Bearer ").strip().split("==")
        if len(parts) < 2 or not parts[0] or not parts[1]:
            raise RestError(PREFIX + "missing_parameter", "Invalid OAuth parameter.", 401)
        return "ck_" + parts[1], "cs_" + parts[0]
    if not key and not secret:
        return None
    if not key or not secret:
        raise RestError(PREFIX + "missing_parameter", "Invalid OAuth parameter.", 401)
    return key, secret


def _is_oauth1(request: Request) -> bool:
    return "oauth_consumer_key" in request.values or request.headers.get("Authorization", "").startswith("OAuth ")


def _oauth1_error(request: Request, ring: KeyRing) -> RestError:
    """Keys of current versions have hashed secrets, so OAuth 1.0a never works (core.md §1.3)."""
    if ring.find(request.values.get("oauth_consumer_key", "")):
        return RestError(
            PREFIX + "oauth1_unsupported", "OAuth 1.0a is not supported for this API key. Use a Bearer token.", 401
        )
    return RestError(PREFIX + "missing_parameter", "Invalid OAuth parameter.", 401)
