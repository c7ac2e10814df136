# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The front pages of the children, for health checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from .php import esc_html
from .rest import CRITICAL

if TYPE_CHECKING:
    from .fleet import Fleet

PREFIX = "/__child__/"
HTML = "text/html; charset=UTF-8"
MAINTENANCE = (
    "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>"
    "<h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1></body></html>"
)


def page(fleet: Fleet, path: str, request: Request) -> Response:
    """``/__child__/<site id>/…`` as a visitor of the child sees it now; every path is the same page."""
    number = path.removeprefix(PREFIX).split("/", 1)[0]
    site = fleet.sites.get(int(number)) if number.isdigit() else None
    if site is None:
        return Response("<h1>Not Found</h1>", 404, content_type=HTML)
    child, look = site.child, site.child.page
    if look.cached and not path.endswith(".php"):
        return Response(look.body.replace("{name}", esc_html(site.name)), 200, {"Age": "600"}, content_type=HTML)
    if child.down or child.unreachable:
        return Response("<h1>Not Found</h1>", 404, content_type=HTML)
    fleet.clock.sleep(child.latency)
    if look.maintenance:
        return Response(MAINTENANCE, 503, {"Retry-After": "600"}, content_type=HTML)
    if look.broken:
        return Response(CRITICAL, 500, content_type=HTML)
    if look.location:
        return Response("", 302, {"Location": look.location}, content_type=HTML)
    if path.endswith("/wp-login.php"):
        body = f"<!DOCTYPE html><html><head><title>Log In &lsaquo; {esc_html(site.name)}</title></head><body></body></html>"
        return Response(body, 200, content_type=HTML)
    body = "" if request.method == "HEAD" or child.missing_theme else look.body.replace("{name}", esc_html(site.name))
    return Response(body, look.status, look.headers, content_type=HTML)
