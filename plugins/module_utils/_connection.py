# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to reach a Dashboard: options checked and turned into one value. PRIVATE to the collection. No I/O."""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from ._addresses import is_nameable
from ._errors import InputError
from ._secrets import Secrets, header_secrets, url_secrets

V1, V2 = "v1", "v2"
#: No time limit beyond a week, seconds.
_LONGEST = 7 * 24 * 3600
#: Host and port as every parser of addresses reads them: no backslash, nothing behind a bracket.
_NETLOC = r"(\[[0-9A-Fa-f:.]+\]|[^\[\]\\:\s]+)(:[0-9]*)?"
_UNSEEN = r"[\s\ufeff\u200b-\u200f\u2060]"
BEARER, BASIC, QUERY, HEADER = "bearer", "basic", "query", "x-api-key"


@dataclass(frozen=True)
class Connection:
    """A checked set of connection options. ``auth_method`` is resolved: bearer, basic, query or x-api-key."""

    url: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    auth_method: str = BEARER
    api_version: str = V2
    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    proxy: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_headers: tuple[str, ...] = ()
    connect_timeout: float = 10.0
    timeout: float = 300.0
    retries: int = 3
    retry_max_delay: float = 30.0
    concurrency: int | None = None
    rest_prefix: str = "wp-json"

    @property
    def root(self) -> str:
        """Where the REST API begins."""
        return f"{self.url}/{self.rest_prefix}"

    @property
    def token(self) -> str:
        """The Bearer token: secret and key without their prefixes (core.md §1.3)."""
        return f"{self.consumer_secret[3:]}=={self.consumer_key[3:]}"

    @property
    def key_hint(self) -> str:
        """The last seven characters of the key: how the Dashboard's own list shows it (resources.md §9)."""
        return self.consumer_key[-7:]

    @property
    def verify(self) -> bool | str:
        """What requests wants as ``verify``."""
        return (self.ca_path or True) if self.validate_certs else False

    @property
    def proxies(self) -> dict[str, str]:
        """What requests wants as ``proxies``; what is missing comes from the environment.

        But no proxy of the environment sees what is unencrypted only because it stays on this machine.
        """
        if self.proxy:
            return {"http": self.proxy, "https": self.proxy}
        parts = urlsplit(self.url)
        return {"http": ""} if parts.scheme == "http" and is_loopback(parts.hostname or "") else {}

    @property
    def proxy_variable(self) -> str:
        """The variable of the environment that names the proxy; empty if none does, or the option ``proxy`` is given."""
        scheme = urlsplit(self.url).scheme
        names = (f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY")
        return "" if self.proxies else _first_set(names)

    @property
    def bundle_variable(self) -> str:
        """The variable of the environment that says whom to trust; empty if none does, or an option says it."""
        return "" if self.verify is not True else _first_set(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))

    def auth_headers(self) -> dict[str, str]:
        """Headers that carry the credentials; empty for ``query``."""
        if self.auth_method == BEARER:
            return {"Authorization": f"Bearer {self.token}"}
        if self.auth_method == BASIC:
            pair = base64.b64encode(f"{self.consumer_key}:{self.consumer_secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        if self.auth_method == HEADER:
            return {"x-api-key": json.dumps(self._pair())}
        return {}

    def auth_query(self) -> dict[str, str]:
        """Query parameters that carry the credentials; empty unless ``query``."""
        return self._pair() if self.auth_method == QUERY else {}

    def _pair(self) -> dict[str, str]:
        return {"consumer_key": self.consumer_key, "consumer_secret": self.consumer_secret}

    def secrets(self) -> Secrets:
        """Every secret of this connection, for masking texts."""
        values, _maybe = header_secrets(self.headers, self.secret_headers)
        pairs = []
        for proxy in filter(None, (self.proxy, *getproxies().values())):
            values += url_secrets(proxy)
            user, _colon, password = proxy.rpartition("@")[0].rpartition("//")[2].partition(":")
            pairs.append((unquote(user), unquote(password)))
        # The key in all its parts is masked wherever it turns up.
        parts = [self.token, self.consumer_key, self.consumer_secret, self.consumer_key[3:], self.consumer_secret[3:]]
        return Secrets(values, pairs, Secrets(parts, [(self.consumer_key, self.consumer_secret)]))

    def echoes(self, secrets: Secrets) -> Secrets:
        """What is masked in pages and errors of others: the connection's ``secrets``, and whatever else we sent in headers of the user's."""
        return Secrets(header_secrets(self.headers, self.secret_headers)[1], always=secrets)


def _first_set(names: Iterable[str]) -> str:
    return next((name for name in names if os.environ.get(name)), "")


_SECONDS, _FILES = ("connect_timeout", "timeout", "retry_max_delay"), ("ca_path", "client_cert", "client_key")
#: Options that are taken as they are; what is left out has the default that Connection says.
_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_SECONDS, float),
    **dict.fromkeys(_FILES, str),
    "validate_certs": bool,
    "retries": int,
    "concurrency": int,
}


def connection_from(params: Mapping[str, Any]) -> Connection:
    """Check the connection options and return them as one value.

    Raises InputError, which names the option, before anything is sent.
    """
    api_version = params.get("api_version") or V2
    key, secret, is_token = _credentials(params)
    given = {name: read(params[name]) for name, read in _READ.items() if params.get(name) not in (None, "")}
    for name in _SECONDS:
        if name in given and not 0 < given[name] <= _LONGEST:
            problem = f"{params[name]} is not a positive number of seconds."
            raise InputError(name, problem, "Leave it out for the default.")
    if given.get("retries", 0) < 0:
        raise InputError("retries", f"{given['retries']} is negative.", "Use 0 to switch retries off.")
    if given.get("concurrency", 1) < 1:
        problem = f"{params['concurrency']} is less than 1."
        raise InputError("concurrency", problem, "Leave it out to follow the Dashboard.")
    for name in _FILES:
        if name in given and not os.path.exists(given[name]):
            raise InputError(name, f"there is no file {given[name]}.", "Give a path on the machine that runs the job.")
    if "client_key" in given and "client_cert" not in given:
        raise InputError("client_key", "given without client_cert.", "Give both, or the certificate alone.")
    auth_method = _auth_method(params.get("auth_method") or "auto", api_version, is_token)
    proxy = _proxy(params.get("proxy"))
    return Connection(
        url=_url(params.get("url"), bool(params.get("allow_http")), proxy),
        consumer_key=key,
        consumer_secret=secret,
        auth_method=auth_method,
        api_version=api_version,
        proxy=proxy,
        headers=_headers(params.get("headers") or {}, auth_method),
        secret_headers=tuple(str(name) for name in params.get("secret_headers") or ()),
        rest_prefix=_rest_prefix(params.get("rest_prefix")),
        **given,
    )


def _bare(value: Any) -> str:
    """A text without what nobody sees around it: blanks, Windows' line ends, a byte order mark of a file, what a web page's
    text was pasted with."""
    return re.sub(rf"^{_UNSEEN}+|{_UNSEEN}+$", "", str(value or ""))


def _url(value: Any, allow_http: bool, proxy: str | None) -> str:
    """The Dashboard's address without trailing slash."""
    text = _bare(value)
    if not text:
        raise InputError("url", "is missing.", "Give the Dashboard's address, or set MAINWP_URL.")
    if "@" in text.split("?", 1)[0]:
        raise InputError("url", "carries a user name or password.", "Put web-server credentials into headers.")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as exc:
        raise InputError("url", f"'{text}' is not an address ({exc}).", "Use https://dashboard.example.") from None
    well_formed = re.fullmatch(_NETLOC, parts.netloc) is not None and is_nameable(host or "")
    if parts.scheme not in ("http", "https") or not host or not well_formed:
        raise InputError("url", f"'{text}' is not an https:// address.", "Use the form https://dashboard.example.")
    base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    api_at = re.search(r"/(wp-json|wp-admin|wp-login\.php|xmlrpc\.php)(/|$)", parts.path, re.IGNORECASE)
    if api_at:
        right = f"{parts.scheme}://{parts.netloc}{parts.path[: api_at.start()]}"
        raise InputError("url", f"'{base}' is not the Dashboard's own address.", f"Use {right} instead.")
    if parts.query or parts.fragment:
        right = re.sub(r"/[^/]+\.php$", "", base)  # whoever copies ?rest_route= copies index.php along
        raise InputError("url", "carries a query or fragment.", f"Use {right} instead.")
    stays_here = is_loopback(host) and (not proxy or is_loopback(urlsplit(proxy).hostname or ""))
    if parts.scheme == "http" and not (allow_http or stays_here):
        raise InputError(
            "url",
            f"'{base}' is not encrypted, so the key could be read on the way.",
            f"Use https://{parts.netloc}{parts.path.rstrip('/')}, or set allow_http: true (MAINWP_ALLOW_HTTP=true) if you must.",
        )
    return base


def _rest_prefix(value: Any) -> str:
    """Where the API is below the Dashboard's address, without slashes at its ends."""
    text = _bare(value).strip("/") or "wp-json"
    parts = text.split("/")
    if not all(re.fullmatch(r"[A-Za-z0-9._~-]+", part) and part.strip(".") for part in parts) or "mainwp" in parts:
        remedy = (
            "Give what comes between the Dashboard's address and /mainwp/v2, for example wp-json or index.php/wp-json."
        )
        raise InputError("rest_prefix", f"'{text}' is not the prefix of an API.", remedy)
    return text


def is_loopback(host: str) -> bool:
    """Literal loopback only: a name can point anywhere."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _credentials(params: Mapping[str, Any]) -> tuple[str, str, bool]:
    """(ck_…, cs_…, given as a token) from whichever form was given (core.md §1.3)."""
    api_key, key, secret = (_bare(params.get(name)) for name in ("api_key", "consumer_key", "consumer_secret"))
    if api_key and (key or secret):
        raise InputError("api_key", "given together with consumer_key or consumer_secret.", "Give one or the other.")
    if api_key:
        return (*_split_token(api_key), True)
    if key and secret:
        return (_half("consumer_key", "ck_", key), _half("consumer_secret", "cs_", secret), False)
    if key or secret:
        missing, given = ("consumer_secret", "consumer_key") if key else ("consumer_key", "consumer_secret")
        raise InputError(missing, f"is missing while {given} is given.", "Give both, or api_key alone.")
    raise InputError(
        "api_key",
        "no credentials.",
        "Give api_key (or MAINWP_API_KEY), or consumer_key and consumer_secret. "
        "Keys are made in the Dashboard under API Access > API Keys.",
    )


def _split_token(text: str) -> tuple[str, str]:
    token = re.sub(r"^bearer\s+", "", text, flags=re.IGNORECASE).strip()
    secret, separator, key = token.partition("==")
    if not separator or not secret or not key or "==" in key or re.search(r"\s", token):
        raise InputError(
            "api_key",
            "is not of the form secret==key.",
            "Copy the whole API key as the Dashboard shows it once when the key is made.",
        )
    return _half("api_key", "ck_", key), _half("api_key", "cs_", secret)


def _half(option: str, prefix: str, text: str) -> str:
    """One half of the pair, with its prefix. Anything but word characters cannot be a key."""
    bare = text.removeprefix(prefix)
    if not re.fullmatch(r"[0-9A-Za-z]+", bare):
        raise InputError(option, "has characters that no MainWP key has.", "Copy it again from the Dashboard.")
    return prefix + bare


def _auth_method(method: str, api_version: str, is_token: bool) -> str:
    """``auto`` made concrete. Bearer and Basic do not work on v1 (core.md §2.1)."""
    if api_version == V1:
        if method in (BEARER, BASIC):
            raise InputError("auth_method", f"{method} does not work with api_version v1.", "Use auto or query.")
        return QUERY if method == QUERY else HEADER
    if method == "auto":
        return BEARER if is_token else BASIC
    return method


def _proxy(value: Any) -> str | None:
    if not value:
        return None
    text = _bare(value)
    try:
        scheme = urlsplit(text).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https", "socks5", "socks5h"):
        raise InputError("proxy", "has no scheme.", "Use the form http://proxy.example:3128.")
    if not re.fullmatch(rf"[^/]+//([^\s@/?#\\]*@)?{_NETLOC}/?", text):
        raise InputError("proxy", "cannot be read.", "Write odd characters in its password as %40, %2F, %23 and so on.")
    return text


def _headers(value: Mapping[str, Any], auth_method: str) -> dict[str, str]:
    """Extra headers. Authorization is free for a web server's own password when the key travels elsewhere."""
    own = {"x-api-key", "host", "content-length"} | ({"authorization"} if auth_method in (BEARER, BASIC) else set())
    result = {}
    for name, content in value.items():
        text = str(content).strip(" \t")
        # HTTP knows Latin-1 only.
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", str(name)) or re.search(
            r"[\r\n\x00\u0100-\U0010ffff]", text
        ):
            raise InputError("headers", f"'{name}' is not a valid header.", "Names and values must be plain text.")
        if str(name).lower() in own:
            raise InputError("headers", f"{name} is set by the collection itself.", "Use the credential options.")
        result[str(name)] = text
    return result
