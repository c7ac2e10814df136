# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an exchange without an answer means: did the request go out, and would another try help? PRIVATE. No I/O.

The exceptions of requests and urllib3 only lend their words: each release, and each kind of proxy, names the same trouble
differently.
"""

from __future__ import annotations

import errno
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from . import _errors as errors
from ._bounds import kinds
from ._connection import Connection
from ._secrets import Secrets, plain

#: A server that refuses our certificate, in OpenSSL's words. With TLS 1.3 it does so when the request is on its way
#: already, and reads none of it.
_CERTIFICATE_REFUSED = re.compile(r"ALERT_\w*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)")
#: A connection that ended within the TLS handshake, which may go well the next time.
_HANDSHAKE_CUT = re.compile(r"EOF|ZERO_RETURN|reset by peer", re.IGNORECASE)
#: A certificate or key on this machine that cannot be used.
_BAD_FILE = re.compile(r"PEM lib|KEY_VALUES_MISMATCH|TLS certificate|TLS CA")
#: A proxy that will not do it the next time either, and locks the account after some wrong passwords.
_PROXY_REFUSES = re.compile(r"Tunnel connection failed: 40[135]|authenticat|CERTIFICATE_VERIFY", re.IGNORECASE)

_PACKED = "Something on the way here packs the Dashboard's answers anew: let it leave /wp-json/ as it is."

#: What a proxy, or a SOCKS proxy, says of a server that it cannot reach.
_BEHIND_PROXY = re.compile(r"Tunnel connection failed: 50[234]|\b0x0[3456]:")
#: What this machine lacks. Not a way into the network: of two addresses of a server, that is told of the other one alone.
_LACKS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def trouble_here(exc: BaseException) -> str:
    """What kept a request from getting to its server, so that nothing is known of that; empty if that itself failed."""
    chain = list(_causes(exc))
    if any(_of_proxy(cause) for cause in chain):
        return "" if any(_BEHIND_PROXY.search(str(cause)) for cause in chain) else "the proxy on the way there fails"
    if any(isinstance(cause, socket.gaierror) for cause in chain):
        return "its name is not found from here"
    if any(isinstance(cause, OSError) and cause.errno in _LACKS for cause in chain):
        return "this machine has too little left"
    return ""


def _of_proxy(exc: BaseException) -> bool:
    if isinstance(exc, kinds.InvalidSchema):
        return "SOCKS" in str(exc)
    return isinstance(exc, (kinds.ProxyError, kinds.InvalidProxyURL)) or type(exc).__module__ == "socks"


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """An exception and what it was made of, whichever way its library keeps that."""
    seen: list[BaseException] = []
    left: list[Any] = [exc]
    while left:
        one = left.pop()
        if isinstance(one, BaseException) and not any(one is other for other in seen):
            seen.append(one)
            yield one
            left += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]


def broken(exc: Exception, left: bool, connection: Connection, name: str, secrets: Secrets) -> errors.TransportError:
    """The error for an exchange that ended in ``exc``. ``left``: bytes of the request itself went out."""
    host, text = urlsplit(connection.url).netloc, _cause(exc, secrets)
    if not left:
        return _never_left(exc, connection, name, text)
    if isinstance(exc, kinds.SSLError) and _CERTIFICATE_REFUSED.search(text):
        return _tls_failed(connection, name, text)
    if isinstance(exc, kinds.Timeout):
        return errors.AnswerLost(f"{name}: no answer from {host} within {connection.timeout:g} s.")
    if isinstance(exc, kinds.ContentDecodingError):
        return errors.AnswerLost(f"{name}: {text}", hint=_PACKED)
    return errors.AnswerLost(f"{name}: the connection to {host} broke: {text}")


def too_slow(left: bool, connection: Connection, name: str) -> errors.TransportError:
    """The error for an exchange that was ended because it took too long."""
    if left:
        return errors.AnswerLost(f"{name}: the answer took longer than {connection.timeout:g} s.")
    host = urlsplit(connection.url).netloc
    return errors.ConnectFailed(f"{name}: no connection to {host} within {connection.connect_timeout:g} s.")


def proxy_failed(connection: Connection, name: str, text: str) -> errors.ConnectFailed:
    """The error for a proxy that handed nothing on."""
    failure = errors.ConnectFailed(f"{name}: the proxy failed: {text}", hint=_proxy_hint(connection))
    failure.lasting = _PROXY_REFUSES.search(text) is not None
    return failure


def _proxy_hint(connection: Connection) -> str:
    """Which proxy that was: whoever gave none does not know of the environment's."""
    variable, host = connection.proxy_variable, urlsplit(connection.url).hostname
    if not variable:
        return "Check the proxy option."
    return f"It is the one of {variable} in the environment: correct that, or name {host} in NO_PROXY to do without."


def _tls_failed(connection: Connection, name: str, text: str) -> errors.TlsFailed:
    """The error for a handshake that failed, with whom the environment made us trust."""
    variable = connection.bundle_variable
    trusted = f" (trusted is what {variable} of the environment names)" if variable and "CERTIFICATE" in text else ""
    return errors.TlsFailed(f"{name}: TLS with {urlsplit(connection.url).netloc} failed: {text}{trusted}")


def _never_left(exc: Exception, connection: Connection, name: str, text: str) -> errors.TransportError:
    """The request may be sent again, where that could help."""
    host = urlsplit(connection.url).netloc
    if isinstance(exc, (FileNotFoundError, PermissionError)) or _BAD_FILE.search(text):
        variable = connection.bundle_variable
        named = f"{variable} of the environment" if variable and "CA" in text else "ca_path"
        return errors.TlsFailed(f"{name}: {text}", hint=f"Check {named}, client_cert and client_key.")
    if isinstance(exc, kinds.SSLError) and not _HANDSHAKE_CUT.search(text):
        return _tls_failed(connection, name, text)
    if isinstance(exc, kinds.Timeout):
        return too_slow(False, connection, name)
    if isinstance(exc, kinds.InvalidURL):  # its text quotes a piece of a proxy's password
        hint = f"Check url and {connection.proxy_variable or 'proxy'}."
        failure = errors.ConnectFailed(f"{name}: the url, or the proxy's, cannot be read.", hint=hint)
    elif isinstance(exc, kinds.InvalidSchema):
        hint = f"SOCKS proxies need the Python library pysocks. {_proxy_hint(connection)}"
        failure = errors.ConnectFailed(f"{name}: {text}", hint=hint)
    elif any(_of_proxy(cause) for cause in _causes(exc)) or "SOCKS" in text:
        return proxy_failed(connection, name, text)
    else:
        return errors.ConnectFailed(f"{name}: cannot connect to {host}: {text}")
    failure.lasting = True  # what is wrong with an option stays wrong
    return failure


def _cause(exc: Exception, secrets: Secrets) -> str:
    """Why a request failed, without the URL that requests and urllib3 put before it. Masked before it is cut, or a piece
    of a secret could remain."""
    inner: Any = exc.args[0] if exc.args else exc
    inner = getattr(inner, "reason", inner)
    while isinstance(inner, Exception) and inner.args and isinstance(inner.args[0], Exception):
        inner = inner.args[0]
    words = ": ".join(str(arg).rstrip(".") for arg in _both(inner)) or str(inner)
    text = plain(secrets.mask(words), 1000)
    text = re.sub(r"(SOCKS)?(HTTPS?)?Connection(Pool)?\(host=[^)]*\):? ?", "", text)
    return text.lstrip(": ")[:300] or type(exc).__name__


def _both(exc: Any) -> tuple[Any, ...]:
    """A sentence and the exception that it was made of, as urllib3 has some; empty if it is no such."""
    args = exc.args if isinstance(exc, Exception) else ()
    return args if len(args) == 2 and isinstance(args[1], Exception) else ()
