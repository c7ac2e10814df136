# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, in one family. PRIVATE to the collection.

Each error knows the sentence a user reads, a hint about the likely cause, a stable ``reason`` code and
whether the request that failed may have started work on the Dashboard (``may_have_started``).
"""

from __future__ import annotations

from typing import Any

CACHED_HINT = (
    "What is read may be hours old, so nothing is written. Exempt /wp-json/ from the cache on the Dashboard's server or CDN: "
    "what it keeps, others may be able to read without any key."
)


class MainWPError(Exception):
    """Base of every error this collection raises on purpose.

    ``message`` is one sentence; ``hint`` says what to check; ``reason`` is one of the documented codes.
    """

    reason = "error"
    hint = ""
    #: True when a write may have begun on the Dashboard although no usable answer came back.
    may_have_started = False
    #: True when the Dashboard may still be working on it, so that looking again later makes sense.
    may_be_running = False
    #: True when it was tried, and answered that it failed: what there is may be another all the same.
    tried = False
    #: True when the same request would fail the same way at once.
    lasting = False
    #: True when PHP died on the Dashboard.
    php_died = False
    #: What shows that a cache gave this answer.
    mark = ""

    def __init__(self, message: str, hint: str | None = None, reason: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint
        if reason is not None:
            self.reason = reason
        self.details = {key: value for key, value in details.items() if value is not None}

    def __str__(self) -> str:
        end = "" if self.message.endswith((".", "!", "?", "…")) else "."
        return f"{self.message}{end} {self.hint}".strip()

    def to_dict(self) -> dict[str, Any]:
        """The ``error`` key of a failed result: message, hint, reason and what else is known."""
        return {"message": self.message, "hint": self.hint, "reason": self.reason, **self.details}


class InputError(MainWPError):
    """An option is wrong. Raised before the first request wherever that is possible."""

    reason = "invalid_input"

    def __init__(self, option: str, problem: str, remedy: str = "") -> None:
        super().__init__(f"{option}: {problem}", hint=remedy, option=option)


class TransportError(MainWPError):
    """No usable answer: nothing came back, or not what the Dashboard's REST API sends."""

    reason = "transport"


class ConnectFailed(TransportError):
    """The request never left: name not found, connection refused, connect timeout."""

    reason = "connect_failed"
    hint = "Check the url, DNS and any firewall or proxy between this machine and the Dashboard."


class DashboardAway(ConnectFailed):
    """The Dashboard was there when the run began, and has been away for longer than anybody waits. Nothing was sent."""

    hint = "What was sent before may be done or not: run again when it is back, which begins by reading."


class TooLate(MainWPError):
    """No more work may be started by the time that a write could be sent. Nothing was sent."""

    reason = "stopped"


class TlsFailed(TransportError):
    """The TLS handshake failed, so nothing was sent."""

    reason = "tls_failed"
    hint = (
        "Set ca_path to the certificate authority that signed the Dashboard's certificate, "
        "or check that the url names the host the certificate was issued for."
    )


class AnswerLost(TransportError):
    """The request was sent, then the answer was lost: timeout, reset, gateway error, unreadable body."""

    reason = "answer_lost"
    hint = "The Dashboard may still be working on it."
    may_have_started = True
    may_be_running = True


class TooLarge(AnswerLost):
    """The answer is larger than anybody reads."""

    hint = "Is this the Dashboard?"


class Unseen(AnswerLost):
    """It was done, and what would have shown it failed."""

    hint = "Run it again, which begins by reading."


class NotTheApi(TransportError):
    """Something other than the REST API answered: HTML from a firewall, a captcha, a login page."""

    reason = "not_the_api"


class Redirected(TransportError):
    """The Dashboard redirects to another origin; credentials are not carried there."""

    reason = "redirected"


class ApiError(MainWPError):
    """The REST API answered with an error (``{"code", "message", "data"}``, core.md §1.4 and §3)."""

    reason = "api_error"


class Unauthorized(ApiError):
    """401: bad, unknown or disabled key, or the key lacks the permission (core.md §1.4: never a 403)."""

    reason = "unauthorized"


class Taken(ApiError):
    """What was to be made is there already, under this ``number``. Nothing was made."""

    def __init__(self, message: str, number: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.number = number


class NotFound(ApiError):
    """404 with a MainWP code: no such site, tag or client."""

    reason = "not_found"


class NoRoute(ApiError):
    """404 ``rest_no_route``: the API or the route is not there."""

    reason = "no_route"
    hint = (
        "Check that MainWP Dashboard 5 or newer is active at this url and that pretty permalinks are on "
        "(Settings > Permalinks, anything but Plain)."
    )


class CachedAnswers(MainWPError):
    """What is read comes from a cache in front of the Dashboard, so no write may build on it."""

    reason = "cached"
    hint = CACHED_HINT


#: Errors that would be the same for every site.
OF_THE_DASHBOARD = (Unauthorized, ConnectFailed, TlsFailed, CachedAnswers)


def bug_sentence(exc: Exception) -> str:
    """What to say of an exception that nobody foresaw."""
    return f"Unexpected {type(exc).__name__}: {exc}. Please report this bug in wpfleet.mainwp."
