# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep secrets out of every text that leaves the collection. PRIVATE to the collection."""

from __future__ import annotations

import base64
import binascii
import html
import json
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote, quote_plus, unquote

MASK = "********"
#: Shorter values would mask innocent text: a header value of "1" would turn 1.10 into asterisks.
SHORTEST = 8
#: More forms than this are not looked for one by one.
_MANY = 64

#: Tags that end a line of text, so that words do not run together.
_BLOCK_TAG = re.compile(
    r"</?(?:body|br|div|h[1-6]|head|hr|html|li|ol|p|section|table|td|th|title|tr|ul)\b[^<>]*>", re.IGNORECASE
)
_CUT_TAG = re.compile(r"<[A-Za-z/!?][^<>]*\Z")
#: Not all between < and >: "from < 2.0 to > 1.0" is no tag.
_HTML_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
#: What steers a terminal, a log or the eye: control and bidi characters, line ends that look like none; and halves of
#: characters, which nothing can print.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
#: Nothing in a result is nested deeper. What is, comes from somebody who wants to break whoever reads it.
DEEPEST = 50


def printable(text: str) -> str:
    """``text`` without what would steer a terminal: escape sequences, control and bidi characters."""
    return _STEERING.sub("", re.sub("[\n\t\u2028\u2029]", " ", text))


def plain(text: Any, limit: int = 500) -> str:
    """Text from the API made fit for a message: no HTML, no control characters, one line, bounded."""
    result = "" if text is None or isinstance(text, (dict, list, bool)) else str(text)
    if len(result) > limit * 20:
        result = _CUT_TAG.sub("", result[: limit * 20])
    for _round in range(2):
        # Twice, because the Dashboard escapes what a child had escaped already (core.md §10.4).
        result = html.unescape(_HTML_TAG.sub("", _BLOCK_TAG.sub(" ", result)))
    # Tags that were hidden in one another, behind what is not printed, or escaped once more, do not come out of it alive.
    result = re.sub(r"<+(?=[A-Za-z/!?])", "", printable(result))
    result = re.sub(r" {2,}", " ", result).strip()
    return result if len(result) <= limit else result[: limit - 1] + "…"


#: Keys of results whose values name something: an address, a slug, a version, a file, one of our words. Only credentials
#: are masked there, which look like nothing else. A password of eight letters may be some plugin's slug.
_NAMING = """
    id name code type reason result status symptom option host hosts url domain path dir ip
    dashboard dashboard_url site site_url sites failed_sites client client_name clients tags plan
    slug slugs plugins themes active_theme language before_header after_header
    version new_version old_version version_before version_planned version_after
    wp_version php_version mysql_version child_version update_version fixed_in
    site_url site_tags stale_sites stopped_sites email client_email monitoring_emails login logins user users administrator
    change from verdict action state dialect rating item title place kind role roles link file files folder dest
    product_type product_types payment_method payment_methods
"""
NAMING = frozenset(_NAMING.split())


class Secrets:
    """The secret values of one connection and all forms in which they could turn up.

    ``always``: those that are masked everywhere, even in what identifies something.
    """

    def __init__(
        self, values: Iterable[str] = (), pairs: Iterable[tuple[str, str]] = (), always: Secrets | None = None
    ) -> None:
        basic = (base64.b64encode(f"{user}:{password}".encode()).decode() for user, password in pairs)
        forms = set(always.forms if always else ()).union(*map(_forms, (*values, *basic)))
        #: The longest first: one may be a piece of another.
        self.forms: tuple[str, ...] = tuple(sorted(forms, key=len, reverse=True))
        self.always: Secrets = always or self

    def __or__(self, other: Secrets) -> Secrets:
        """Those of both."""
        both = Secrets(always=Secrets())
        for made, one, two in ((both, self, other), (both.always, self.always, other.always)):
            made.forms = tuple(sorted({*one.forms, *two.forms}, key=len, reverse=True))
        return both

    @cached_property
    def _heads(self) -> frozenset[str]:
        """How the forms begin, if they are many: a thousand passwords have five thousand forms."""
        return frozenset(form[:SHORTEST] for form in self.forms) if len(self.forms) > _MANY else frozenset()

    def mask(self, text: str) -> str:
        """``text`` with each secret replaced."""
        if self._heads and not any(text[at : at + SHORTEST] in self._heads for at in range(len(text) - SHORTEST + 1)):
            return text
        for form in self.forms:
            if form in text:
                text = text.replace(form, MASK)
        return text

    def mask_all(self, value: Any, depth: int = DEEPEST) -> Any:
        """A copy of ``value`` (any nesting of dicts and lists) fit to leave the collection.

        Secrets are replaced in all strings, what steers a terminal is gone, numbers are ones that JSON has, and the nesting
        ends at ``depth``.
        """
        if isinstance(value, str):
            return self.mask(_STEERING.sub("", value))
        if isinstance(value, (dict, list, tuple)):
            if depth == 0:
                return "…"
            if isinstance(value, dict):
                return {self.always.mask_all(key): self._named(key, item, depth - 1) for key, item in value.items()}
            return [self.mask_all(item, depth - 1) for item in value]
        if isinstance(value, float) and not math.isfinite(value):
            return None
        return value

    def _named(self, key: Any, value: Any, depth: int) -> Any:
        """What stands under ``key``: a name, some names, or something that has keys of its own."""
        if key in NAMING and isinstance(value, str):
            return self.always.mask_all(value, depth)
        if key in NAMING and isinstance(value, (list, tuple)) and depth > 0:
            return [self._named(key, item, depth - 1) for item in value]
        return self.mask_all(value, depth)


#: Names of headers that speak of a secret, and of those that are known to hold none.
_SPEAKS_OF_SECRETS = re.compile(r"key|token|secret|auth|cookie|pass|session|signature|jwt|^cf-access", re.IGNORECASE)
_HARMLESS = re.compile(r"origin|referer|accept.*|user-agent|x-forwarded-.*", re.IGNORECASE)


def header_secrets(headers: Mapping[str, Any], named: Iterable[str] = ()) -> tuple[list[str], list[str]]:
    """(what is secret in headers of one's own, what may be): by their names, or because ``named`` says so."""
    surely = {name.strip().lower() for name in named}
    secret: list[str] = []
    maybe: list[str] = []
    for name, content in headers.items():
        text = str(content)
        if is_secret_header(name, surely):
            secret += [text, *scheme_secrets(text)]
        elif not _HARMLESS.fullmatch(str(name)):
            maybe += [text, *scheme_secrets(text)]
    return secret, maybe


def is_secret_header(name: Any, surely: Collection[str] = ()) -> bool:
    """Does the name of a header speak of a secret, or is it one of ``surely``, in lower case?"""
    return str(name).strip().lower() in surely or _SPEAKS_OF_SECRETS.search(str(name)) is not None


def url_secrets(url: str) -> list[str]:
    """What is secret in an address with credentials: its password, also of one that cannot be parsed, and, for short ones,
    the whole of it."""
    credentials, at, _host = url.rpartition("@")
    password = credentials.rpartition(":")[2].removeprefix("//")
    return [password, unquote(password), url] if at else []


def scheme_secrets(value: str) -> list[str]:
    """What is secret in a header such as ``Basic dXNlcjpwYXNz``, beside the whole of it."""
    _scheme, blank, token = value.strip().partition(" ")
    if not blank or " " in token:
        return []
    try:
        decoded = base64.b64decode(token, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return [token]
    return [token, decoded, decoded.partition(":")[2]]


def _forms(value: str) -> set[str]:
    """A secret as itself, URL-quoted, base64, inside a JSON string (Python's and PHP's) and inside HTML."""
    if len(value) < SHORTEST:
        return set()
    in_json = json.dumps(value)[1:-1]
    packed = base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()
    return {
        value,
        quote(value, safe="", errors="surrogatepass"),
        quote(value, errors="surrogatepass"),
        quote_plus(value, errors="surrogatepass"),
        in_json,
        in_json.replace("/", "\\/"),
        html.escape(value),
        packed,
        packed.rstrip("="),
        packed.translate(str.maketrans("+/", "-_")).rstrip("="),
    }


#: Names of values that are secret, in what is sent and in what is answered. (``truncated_key`` is there to be seen, and
#: ``update_password`` says when one is sent.) That of a password also with a letter that somebody forgot.
_SECRET_NAME = re.compile(
    r"(?<!update_)pas+w|passphrase|(?<![a-z])pass(?![a-z])|secret|token|credential|authorization|nonce"
    r"|(?:api|private|secret|secure|consumer|auth|client|access|encryption|site)_?key(?![a-z])|priv_?key|unique_?id",
    re.IGNORECASE,
)


#: What is told of a plugin or theme, in maps whose keys are slugs.
_OF_A_THING = frozenset(("slug", "version", "new_version", "update", "ignored_versions"))


def _names_a_secret(name: Any, value: Any) -> bool:
    """Does the name of a value speak of a secret? Slugs do, too: ``password-protected/password-protected.php``."""
    if str(name).endswith(".php") or (isinstance(value, Mapping) and _OF_A_THING & {str(key).lower() for key in value}):
        return False
    return _SECRET_NAME.search(str(name)) is not None


def named_secrets(value: Any, secret: bool = False) -> Iterator[str]:
    """The texts in a free map that stand under a name which speaks of a secret."""
    if isinstance(value, Mapping):
        for name, entry in value.items():
            yield from named_secrets(entry, secret or _names_a_secret(name, entry))
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from named_secrets(entry, secret)
    elif secret and value not in (None, "") and not isinstance(value, bool):
        yield str(value)


_KEY_OF_V1 = re.compile(r"\bc[ks]_[0-9a-f]{40}\b")


def masked_by_name(value: Any, secret: bool = False) -> Any:
    """``value`` without what stands under a name which speaks of a secret, and without keys of API v1, which are listed as
    ids. Nothing stays nothing, so that one sees it."""
    if isinstance(value, Mapping):
        return {name: masked_by_name(entry, secret or _names_a_secret(name, entry)) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked_by_name(entry, secret) for entry in value]
    if secret and value not in (None, "") and not isinstance(value, bool):
        return MASK
    return _KEY_OF_V1.sub(MASK, value) if isinstance(value, str) else value
