# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is seen when the API does not answer as it should, and what that means. PRIVATE to the collection. No I/O.

How each of them shows, in words, is in the table of docs/troubleshooting.md, which a test compares with this. No hint
may lead anybody to send a key to another host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ._errors import CACHED_HINT
from ._secrets import plain


@dataclass(frozen=True)
class Symptom:
    """``hint``: the likely cause and what to do. ``marks``: what gives a page or an error text away; ``statuses``: the only
    HTTP statuses it comes with."""

    code: str
    hint: str
    marks: str = ""
    statuses: tuple[int, ...] = ()

    def shows(self, status: int, text: str) -> bool:
        """Is this it?"""
        fits = not self.statuses or status in self.statuses
        return fits and bool(re.search(self.marks, text, re.IGNORECASE | re.DOTALL))


FIREWALL = Symptom(
    "firewall",
    "Something in front of WordPress answered: a firewall, captcha, bot protection or login page. "
    "Allow this machine's address, or send what it wants in headers.",
)
PHP_DIED = Symptom(
    "php_died", "PHP failed on the Dashboard: its error log says why.", r"\b(?:Fatal|Parse) error\b.{1,2000}\bon line\b"
)
GATEWAY = Symptom("gateway", "A gateway gave up or WordPress failed; the Dashboard may still be working.")
READ_LOST = Symptom(
    "read_lost",
    "It was only a read, so nothing was started: the Dashboard, or what is in front of it, is overloaded, down or in "
    "maintenance.",
)
NO_API = Symptom(
    "no_api",
    "Check that MainWP Dashboard 5 or newer is active at this url and that pretty permalinks are on "
    "(Settings > Permalinks, anything but Plain).",
)
PASSWORD = Symptom(
    "web_password",
    "The web server itself asks for a password: use auth_method: query and send its password in headers.",
)
LOGIN_PAGE = Symptom(
    "login_page",
    "The whole site is closed to visitors who are not logged in. Exempt /wp-json/mainwp/ in the plugin or web server "
    "that closes it.",
    r"<form[^>]{1,300}(?:name|id)=[\"']?loginform|<title>\s*(?:Log In|Anmelden)\b",
    (200, 403),
)
CLOSED_SITE = Symptom(
    "closed_site",
    "A plugin or a rule of the web server leads the API to a page of the site: coming soon, maintenance, membership, "
    "languages. Exempt /wp-json/ from it.",
    r"<title>[^<]*(?:coming soon|under construction|maintenance)",
    (200, 503),
)

#: Pages that give themselves away, the surest first.
PAGES = (
    Symptom(
        "plain_http",
        "This port speaks TLS: use https:// in url.",
        r"plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL",
    ),
    Symptom(
        "challenge",
        "A bot protection wants to see a browser. Exempt /wp-json/mainwp/ or this machine's address from it.",
        r"Just a moment\.\.\.|cf[-_]chl|challenge-platform|checking your browser|sgcaptcha|__ddg|_Incapsula_",
    ),
    Symptom(
        "maintenance",
        "The Dashboard's own WordPress is being updated. If that does not pass, remove its file .maintenance.",
        r"briefly unavailable for scheduled maintenance",
    ),
    LOGIN_PAGE,
    CLOSED_SITE,
)

#: Where redirects lead.
ACCESS = Symptom(
    "access_gateway",
    "Cloudflare Access guards the Dashboard: send its service token in headers (CF-Access-Client-Id and "
    "CF-Access-Client-Secret). Leave url as it is.",
    r"cloudflareaccess\.|/cdn-cgi/access/",
)
LOGIN_ELSEWHERE = Symptom(
    "login_elsewhere",
    "A login guards the Dashboard: exempt /wp-json/mainwp/ from it, or send what it wants in headers. Leave url as it is.",
    r"log-?in|sign-?in|\bsso\b|saml|oauth|openid|\bauth\b|authori[sz]e|\bidp\b|\bcas\b|adfs",
)
OTHER_HOST = Symptom(
    "other_host",
    "The key is not sent to another host. If the Dashboard has moved, have its new address from whoever runs it.",
)
OTHER_ADDRESS = Symptom("other_address", "Did you mean url: {meant} ?")
OTHER_PREFIX = Symptom("other_prefix", "Did you mean rest_prefix: {meant} ?")
DOWNGRADE = Symptom(
    "downgrade",
    "There the key could be read on the way. Keep https:// in url, and correct the rule of the web server, or WordPress' "
    "two addresses under Settings > General.",
)
SLASH = Symptom(
    "slash", "A redirected write loses what it carries. Exempt /wp-json/ from the web server's rule about slashes."
)
COOKIE_PROBE = Symptom(
    "cookie_probe",
    "A bot protection wants its cookie back, as a browser sends it. Exempt /wp-json/mainwp/ or this machine's address "
    "from it.",
)
CIRCLE = Symptom(
    "circle",
    "Two rules contradict each other: those of the web server, a proxy that ends TLS, or WordPress' two addresses under "
    "Settings > General.",
)

#: Bodies that are not just JSON.
NOTICES = Symptom(
    "php_notices",
    "PHP prints into the Dashboard's answers: set WP_DEBUG_DISPLAY to false there. The notice names who is to blame.",
    r"\b(?:Deprecated|Notice|Warning|Strict Standards|Fatal error|Parse error)\b.{1,2000}\bon line\b"
    r"|\bWordPress database error\b",
)
ADDITIONS = Symptom(
    "additions", "A page cache or another plugin adds this to the Dashboard's answers: exempt /wp-json/ there."
)
CUT_OFF = Symptom("cut_off", "Is a proxy in between, or did PHP end too early? The Dashboard's error log says so.")
NO_JSON = Symptom(
    "no_json", "Something else than WordPress answered, or a plugin prints into its answers. Is a proxy in between?"
)

#: Answers that are not the Dashboard's own.
CACHE_PASSED = Symptom(
    "cache_passed",
    "From now on the Dashboard is asked past it. Exempt /wp-json/ from the cache on its server or CDN: what it keeps, "
    "others may be able to read without any key.",
)
CACHED = Symptom("cached", CACHED_HINT)

#: Where the API is, when it is not at the usual place.
PLAIN_PERMALINKS = Symptom(
    "plain_permalinks",
    "Its permalinks are Plain, and with these MainWP knows no key. Set any other structure under Settings > Permalinks.",
)
API_ELSEWHERE = Symptom(
    "api_elsewhere",
    "WordPress says that its API is at {root}. No key is sent there. If your url is the right one, correct WordPress' two "
    "addresses under Settings > General, or set rest_prefix to what comes behind the host there.",
)

#: Why TLS fails, the surest first.
UNTRUSTED = Symptom(
    "tls_untrusted",
    "Set ca_path to the certificate authority that signed the Dashboard's certificate, "
    "or check that the url names the host the certificate was issued for.",
)
TLS = (
    Symptom(
        "tls_no_tls",
        "Whoever answers at this port does not speak TLS. Check the port in url, and the scheme of proxy if there is one.",
        r"wrong.version.number|record.layer.failure|packet.length.too.long|unknown.protocol|\bhttp.request\b",
    ),
    Symptom(
        "tls_time",
        "The Dashboard's owner has to renew the certificate; or the clock of this machine is wrong.",
        r"has expired|not yet valid",
    ),
    Symptom(
        "tls_name",
        "The certificate was issued for another name than the one in url.",
        r"hostname|IP address mismatch|doesn't match",
    ),
    Symptom(
        "tls_client",
        "The server wants a certificate from this machine: check client_cert and client_key.",
        r"alert.(?:\w+.)?(?:certificate|unknown.ca|access.denied)|certificate required",
    ),
    Symptom(
        "tls_version",
        "This machine and the server agree on no version of TLS: one of them is too old. "
        "Or the server wants a certificate from this machine (client_cert).",
        r"unsupported.protocol|protocol.version|no.protocols|no.shared.cipher|handshake.failure|legacy.renegotiation",
    ),
)

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
        return (LOGIN_PAGE if LOGIN_ELSEWHERE.shows(0, found.path) else CLOSED_SITE), ""
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


def page_start(text: str) -> str:
    """The first words that a reader of a web page sees: its title, and no CSS or script."""
    return plain(_UNSEEN.sub(" ", text[:_LOOK]), 160)


def quote(text: str) -> str:
    """What stands before or behind an answer, comments included."""
    start = text[:_LOOK]
    shown = plain(re.sub(r"<!--(.*?)(?:-->|\Z)", r" \1 ", start, flags=re.DOTALL), 300)
    return shown or plain(re.sub("[<>]", " ", start), 300)  # nothing but tags
