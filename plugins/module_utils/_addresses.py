# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one normal form of addresses: what names, selection, health checks and locks compare. Pure. PRIVATE.

A host is compared label by label. A label in ASCII, ``xn--`` included, is taken as it is, in lower case; one with other
letters becomes ASCII by UTS 46 (non-transitional: ß and ς are letters of their own). What ``idna`` refuses – underscores
beside other letters, emoji, a mark in the wrong place – stays as it is, so it equals only itself.
"""

from __future__ import annotations

import contextlib
import functools
import re
from dataclasses import dataclass
from urllib.parse import unquote

try:
    import idna
except ImportError:  # it comes with requests, whose absence the edges report
    idna = None  # type: ignore[assignment]  # then no label becomes ASCII, and each equals only itself

_PARTS = re.compile(r"(?:([a-z][a-z0-9+.-]*)://)?([^/\\?#]*)([^#]*)", re.IGNORECASE | re.DOTALL)
#: An IPv6 address in brackets, or everything before the last colon; then the port.
_HOST_PORT = re.compile(r"(\[[^\]]*\]|.*?)(?::([0-9]*))?", re.DOTALL)
#: What separates labels, as browsers see it.
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
#: No longer label is valid, and idna takes its time with long ones.
_LONGEST_LABEL = 63


@dataclass(frozen=True)
class Address:
    """An address in its normal form. ``scheme`` and ``port`` are empty where they were not given, the port also where it
    is the scheme's own; ``path`` has no slash at its end."""

    scheme: str
    host: str
    port: str
    path: str

    @property
    def site(self) -> str:
        """All but the scheme: ``www.shop.example:8080/de``."""
        return self.place + self.path

    @property
    def bare(self) -> str:
        """Without ``www.``, too: what is one site unless a twin says otherwise."""
        return self.site.removeprefix("www.")

    @property
    def place(self) -> str:
        """Host and port: ``www.shop.example:8080``."""
        return self.host + (f":{self.port}" if self.port else "")

    @property
    def domain(self) -> str:
        """Host and port without ``www.``."""
        return self.place.removeprefix("www.")


@functools.lru_cache(maxsize=16384)
def address(text: str) -> Address:
    """The normal form of an address as people and Dashboards write it. Never raises: any text has one."""
    found = _PARTS.match(text.strip())
    scheme, authority, path = found.groups() if found else (None, text, "")
    scheme = (scheme or "").lower()
    split = _HOST_PORT.fullmatch(authority.rpartition("@")[2])
    host, port = split.groups() if split else (authority, None)
    port = (port or "").lstrip("0")
    if not scheme:
        scheme = next((name for name, own in _DEFAULT_PORTS.items() if own == port), "")
    if port == _DEFAULT_PORTS.get(scheme):
        port = ""
    return Address(scheme, normal_host(host), port, _readable(path.rstrip("/")))


def normal_url(url: str) -> str:
    """``https://www.Shop.example/de/`` → ``shop.example/de``. Also the key under which a Dashboard is locked."""
    return address(url).bare


def same_address(one: str, other: str) -> bool:
    """True when both are spellings of one whole address; scheme and ``www.`` count."""
    return address(one) == address(other)


def same_host(one: str, other: str) -> bool:
    """True when requests to both go to one host, with or without ``www.``, whatever the port."""
    first, second = (ascii_host(address(url).host).removeprefix("www.") for url in (one, other))
    return first == second


def normal_host(host: str) -> str:
    """``Straße.example`` → ``xn--strae-oqa.example``."""
    return ".".join(_normal_label(label) or label.lower() for label in _labels(host))


def ascii_host(host: str) -> str:
    """Like ``normal_host``, and what idna refuses becomes ASCII the way browsers do it: for names and requests."""
    return ".".join(_normal_label(label) or _punycode(label.lower()) for label in _labels(host))


def is_nameable(host: str) -> bool:
    """Can there be such a host? DNS knows no empty label, nor a longer one, and libraries die of both."""
    return all(0 < len(label) <= _LONGEST_LABEL for label in ascii_host(host).split("."))


def ascii_url(url: str) -> str:
    """``url`` with its host in ASCII, so that every library connects to the same one; nothing else is changed."""
    found = _PARTS.match(url)
    if found is None or found[2].isascii():
        return url
    user, at, place = found[2].rpartition("@")
    split = _HOST_PORT.fullmatch(place)
    host = split[1] if split else place
    start, end = found.span(2)
    return url[:start] + user + at + ascii_host(host) + place[len(host) :] + url[end:]


def spoken(url: str) -> str:
    """An address as the Dashboard spells it, for sentences: without ``https://`` and the slash at the end."""
    return re.sub(r"^https?://", "", url.strip(), flags=re.IGNORECASE).rstrip("/")


def spoken_apart(url: str) -> str:
    """The same where nothing tells which others there are: ``http://`` stays, for the twin with ``https://`` is another site."""
    return url.strip().rstrip("/") if address(url).scheme == "http" else spoken(url)


def _labels(host: str) -> list[str]:
    """The labels; the root's dot at the end says nothing."""
    labels = _DOTS.split(host)
    return labels[:-1] if len(labels) > 1 and not labels[-1] else labels


def _normal_label(label: str) -> str:
    """The label in its normal form; empty when idna refuses it."""
    if label.isascii():
        return label.lower()
    if idna is None or len(label) > _LONGEST_LABEL:
        return ""
    try:
        return idna.encode(label, uts46=True).decode("ascii").lower()
    except (ValueError, IndexError):  # idna's own errors are UnicodeErrors; older ones trip over odd marks
        return ""


def _punycode(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode", "replace").decode("ascii")


def _readable(path: str) -> str:
    """``/stra%C3%9Fe`` → ``/straße``: letters beyond ASCII have two spellings in a path, too."""

    def letters(found: re.Match[str]) -> str:
        with contextlib.suppress(UnicodeDecodeError):
            return unquote(found[0], errors="strict")
        return found[0]

    return re.sub(r"(?:%[89A-F][0-9A-F])+", letters, path, flags=re.IGNORECASE)
