# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is seen when the API does not answer as it should, and what that means. PRIVATE to the collection. No I/O.

One table, for the code and for docs/troubleshooting.md. No hint may lead anybody to send a key to another host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ._errors import CACHED_HINT
from ._secrets import plain


@dataclass(frozen=True)
class Symptom:
    """``seen``: how it shows, in words. ``hint``: the likely cause and what to do. ``marks``: what gives a page or an error
    text away; ``statuses``: the only HTTP statuses it comes with."""

    code: str
    seen: str
    hint: str
    marks: str = ""
    statuses: tuple[int, ...] = ()

    def shows(self, status: int, text: str) -> bool:
        """Is this it?"""
        return (not self.statuses or status in self.statuses) and bool(
            re.search(self.marks, text, re.IGNORECASE | re.DOTALL)
        )


FIREWALL = Symptom(
    "firewall",
    "any other web page instead of JSON, or 202 without content",
    "Something in front of WordPress answered: a firewall, captcha, bot protection or login page. "
    "Allow this machine's address, or send what it wants in headers.",
)
PHP_DIED = Symptom(
    "php_died",
    "WordPress' page for a critical error, or PHP's own words of a fatal error",
    "PHP failed on the Dashboard: its error log says why.",
    r"\b(?:Fatal|Parse) error\b.{1,2000}\bon line\b",
)
GATEWAY = Symptom(
    "gateway",
    "HTTP 5xx with a web page, to a write",
    "A gateway gave up or WordPress failed; the Dashboard may still be working.",
)
READ_LOST = Symptom(
    "read_lost",
    "HTTP 5xx, a time-out or a broken connection, to a read",
    "It was only a read, so nothing was started: the Dashboard, or what is in front of it, is overloaded, down or in "
    "maintenance.",
)
NO_API = Symptom(
    "no_api",
    "HTTP 404 with a web page, and no sign of an API elsewhere",
    "Check that MainWP Dashboard 5 or newer is active at this url and that pretty permalinks are on "
    "(Settings > Permalinks, anything but Plain).",
)
PASSWORD = Symptom(
    "web_password",
    "HTTP 401 with a web page",
    "The web server itself asks for a password: use auth_method: query and send its password in headers.",
)

#: Pages that give themselves away, the surest first.
PAGES = (
    Symptom(
        "plain_http",
        "HTTP 400, the page says that plain HTTP came to an HTTPS port",
        "This port speaks TLS: use https:// in url.",
        r"plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL",
    ),
    Symptom(
        "challenge",
        'a page "Just a moment..." or another check of the browser',
        "A bot protection wants to see a browser. Exempt /wp-json/mainwp/ or this machine's address from it.",
        r"Just a moment\.\.\.|cf[-_]chl|challenge-platform|checking your browser|sgcaptcha|__ddg|_Incapsula_",
    ),
    Symptom(
        "maintenance",
        'HTTP 503, "Briefly unavailable for scheduled maintenance"',
        "The Dashboard's own WordPress is being updated. If that does not pass, remove its file .maintenance.",
        r"briefly unavailable for scheduled maintenance",
    ),
    Symptom(
        "login_page",
        "WordPress' login page, or a redirect to a login on the same host",
        "The whole site is closed to visitors who are not logged in. Exempt /wp-json/mainwp/ in the plugin or web server "
        "that closes it.",
        r"<form[^>]{1,300}(?:name|id)=[\"']?loginform|<title>\s*(?:Log In|Anmelden)\b",
        (200, 403),
    ),
    Symptom(
        "closed_site",
        'a page such as "Coming soon", or a redirect to another page of the same host',
        "A plugin or a rule of the web server leads the API to a page of the site: coming soon, maintenance, membership, "
        "languages. Exempt /wp-json/ from it.",
        r"<title>[^<]*(?:coming soon|under construction|maintenance)",
        (200, 503),
    ),
)

#: Where redirects lead.
ACCESS = Symptom(
    "access_gateway",
    "a redirect to Cloudflare Access",
    "Cloudflare Access guards the Dashboard: send its service token in headers (CF-Access-Client-Id and "
    "CF-Access-Client-Secret). Leave url as it is.",
    r"cloudflareaccess\.|/cdn-cgi/access/",
)
LOGIN_ELSEWHERE = Symptom(
    "login_elsewhere",
    "a redirect to a login on another host",
    "A login guards the Dashboard: exempt /wp-json/mainwp/ from it, or send what it wants in headers. Leave url as it is.",
    r"log-?in|sign-?in|\bsso\b|saml|oauth|openid|\bauth\b|authori[sz]e|\bidp\b|\bcas\b|adfs",
)
OTHER_HOST = Symptom(
    "other_host",
    "any other redirect to another host",
    "The key is not sent to another host. If the Dashboard has moved, have its new address from whoever runs it.",
)
OTHER_ADDRESS = Symptom(
    "other_address",
    "a redirect to the same route under another address of the same host",
    "Did you mean url: {meant} ?",
)
OTHER_PREFIX = Symptom(
    "other_prefix",
    "a redirect to the same route under another prefix",
    "Did you mean rest_prefix: {meant} ?",
)
DOWNGRADE = Symptom(
    "downgrade",
    "a redirect from https:// to http://",
    "There the key could be read on the way. Keep https:// in url, and correct the rule of the web server, or WordPress' "
    "two addresses under Settings > General.",
)
SLASH = Symptom(
    "slash",
    "a write is redirected to the same address with a slash more or less at its end",
    "A redirected write loses what it carries. Exempt /wp-json/ from the web server's rule about slashes.",
)
COOKIE_PROBE = Symptom(
    "cookie_probe",
    "redirects to the same address again and again, with a cookie",
    "A bot protection wants its cookie back, as a browser sends it. Exempt /wp-json/mainwp/ or this machine's address "
    "from it.",
)
CIRCLE = Symptom(
    "circle",
    "redirects to the same address again and again",
    "Two rules contradict each other: those of the web server, a proxy that ends TLS, or WordPress' two addresses under "
    "Settings > General.",
)

#: Bodies that are not just JSON.
NOTICES = Symptom(
    "php_notices",
    "PHP's notices before or behind the answer; a warning, for the answer itself is understood",
    "PHP prints into the Dashboard's answers: set WP_DEBUG_DISPLAY to false there. The notice names who is to blame.",
    r"\b(?:Deprecated|Notice|Warning|Strict Standards|Fatal error|Parse error)\b.{1,2000}\bon line\b",
)
ADDITIONS = Symptom(
    "additions",
    "something else before or behind the answer; a warning, for the answer itself is understood",
    "A page cache or another plugin adds this to the Dashboard's answers: exempt /wp-json/ there.",
)
CUT_OFF = Symptom(
    "cut_off",
    "JSON that ends too early",
    "Is a proxy in between, or did PHP end too early? The Dashboard's error log says so.",
)
NO_JSON = Symptom(
    "no_json",
    "a text that is neither JSON nor a web page",
    "Something else than WordPress answered, or a plugin prints into its answers. Is a proxy in between?",
)

#: Answers that are not the Dashboard's own.
CACHE_PASSED = Symptom(
    "cache_passed",
    "an answer comes from a cache (Age, X-Cache, X-LiteSpeed-Cache, CF-Cache-Status, an old Date …), but the next one, "
    "to a unique address, does not; a warning",
    "From now on the Dashboard is asked past it. Exempt /wp-json/ from the cache on its server or CDN: what it keeps, "
    "others may be able to read without any key.",
)
CACHED = Symptom(
    "cached",
    "answers come from a cache whatever is asked, or contradict what the Dashboard said before; no write follows",
    CACHED_HINT,
)

#: Where the API is, when it is not at the usual place.
PLAIN_PERMALINKS = Symptom(
    "plain_permalinks",
    "A web page, and WordPress names ?rest_route= as the root of its API",
    "Its permalinks are Plain, and with these MainWP knows no key. Set any other structure under Settings > Permalinks.",
)
API_ELSEWHERE = Symptom(
    "api_elsewhere",
    "HTTP 404, and WordPress names an API on another host or port, or without TLS",
    "WordPress says that its API is at {root}. No key is sent there. If your url is the right one, correct WordPress' two "
    "addresses under Settings > General, or set rest_prefix to what comes behind the host there.",
)

#: Why TLS fails, the surest first.
UNTRUSTED = Symptom(
    "tls_untrusted",
    "the certificate's signer is unknown here",
    "Set ca_path to the certificate authority that signed the Dashboard's certificate, "
    "or check that the url names the host the certificate was issued for.",
)
TLS = (
    Symptom(
        "tls_no_tls",
        '"wrong version number" or "record layer failure"',
        "Whoever answers at this port does not speak TLS. Check the port in url, and the scheme of proxy if there is one.",
        r"wrong.version.number|record.layer.failure|packet.length.too.long|unknown.protocol|\bhttp.request\b",
    ),
    Symptom(
        "tls_time",
        '"certificate has expired" or "not yet valid"',
        "The Dashboard's owner has to renew the certificate; or the clock of this machine is wrong.",
        r"has expired|not yet valid",
    ),
    Symptom(
        "tls_name",
        '"Hostname mismatch" or "IP address mismatch"',
        "The certificate was issued for another name than the one in url.",
        r"hostname|IP address mismatch|doesn't match",
    ),
    Symptom(
        "tls_client",
        "the server refuses or misses a certificate of ours",
        "The server wants a certificate from this machine: check client_cert and client_key.",
        r"alert.(?:\w+.)?(?:certificate|unknown.ca|access.denied)|certificate required",
    ),
    Symptom(
        "tls_version",
        "no common version or cipher",
        "This machine and the server agree on no version of TLS: one of them is too old. "
        "Or the server wants a certificate from this machine (client_cert).",
        r"unsupported.protocol|protocol.version|no.protocols|no.shared.cipher|handshake.failure|legacy.renegotiation",
    ),
)

TABLE = (
    FIREWALL,
    *PAGES,
    PASSWORD,
    PHP_DIED,
    GATEWAY,
    READ_LOST,
    NO_API,
    PLAIN_PERMALINKS,
    API_ELSEWHERE,
    ACCESS,
    LOGIN_ELSEWHERE,
    OTHER_HOST,
    OTHER_ADDRESS,
    OTHER_PREFIX,
    DOWNGRADE,
    SLASH,
    COOKIE_PROBE,
    CIRCLE,
    NOTICES,
    ADDITIONS,
    CUT_OFF,
    NO_JSON,
    CACHE_PASSED,
    CACHED,
    UNTRUSTED,
    *TLS,
)
_PAGE = {symptom.code: symptom for symptom in PAGES}

#: As much of a page as is looked at.
_LOOK = 64 * 1024
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|svg)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)


def of_page(status: int, text: str) -> Symptom:
    """What a web page in place of JSON is the symptom of."""
    start = text[:_LOOK]
    return next((symptom for symptom in PAGES if symptom.shows(status, start)), FIREWALL)


def of_tls(text: str) -> Symptom:
    """Why TLS failed, by the library's words."""
    return next((symptom for symptom in TLS if symptom.shows(0, text)), UNTRUSTED)


def of_redirect(url: str, target: str, base: str, root: str) -> tuple[Symptom, str]:
    """What it means that ``url``, below the API's ``root``, leads to ``target``, and the option's value that would be right
    (for OTHER_ADDRESS and OTHER_PREFIX). ``base`` is the configured address."""
    asked, found = urlsplit(url), urlsplit(target)
    if _host(url) != _host(target):
        where = f"{found.netloc}{found.path}"
        return next((symptom for symptom in (ACCESS, LOGIN_ELSEWHERE) if symptom.shows(0, where)), OTHER_HOST), ""
    if not leads_on(url, target, root):
        return _PAGE["login_page" if LOGIN_ELSEWHERE.shows(0, found.path) else "closed_site"], ""
    if asked.scheme == "https" and found.scheme == "http":
        return DOWNGRADE, ""
    prefix = urlsplit(root).path.removeprefix(urlsplit(base).path)
    before, same_prefix, _route = found.path.partition(f"{prefix}/")
    if not same_prefix:
        start = found.path.rstrip("/").removesuffix(asked.path.removeprefix(urlsplit(root).path).rstrip("/"))
        return OTHER_PREFIX, start.removeprefix(urlsplit(base).path).strip("/")
    meant = f"{found.scheme}://{found.netloc}{before}"
    if meant != base:
        return OTHER_ADDRESS, meant
    return (SLASH if found.path != asked.path else CIRCLE), ""


def leads_on(url: str, target: str, root: str) -> bool:
    """Does a redirect keep the route, or stay within the API? Else it leads to some page."""
    base = urlsplit(root).path
    route, path = urlsplit(url).path.removeprefix(base).rstrip("/"), urlsplit(target).path
    return (bool(route) and path.rstrip("/").endswith(route)) or f"/{base.rpartition('/')[2]}/" in f"{path}/"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def page_start(text: str, limit: int = 160) -> str:
    """The first words that a reader of a web page sees: its title, and no CSS or script."""
    return plain(_UNSEEN.sub(" ", text[:_LOOK]), limit)


def quote(text: str, limit: int = 300) -> str:
    """What stands before or behind an answer, comments included."""
    return plain(re.sub(r"<!--(.*?)(?:-->|\Z)", r" \1 ", text[:_LOOK], flags=re.DOTALL), limit)
