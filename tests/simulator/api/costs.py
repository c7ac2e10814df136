# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``costs`` (resources.md §4): the list is escaped, a single one is the row of the database."""

from __future__ import annotations

import calendar
import re
import time
from typing import Any

from ..php import clean_text, collated, esc_html, parse_ids, parse_list, php_text, to_int
from ..rest import DELETE, EDIT, GET, Call, RestError, routes
from ..state import Cost
from ..views import CLIENT_FULL, client_view, whole_view
from .sites import BASE as SITES
from .sites import paged_rows

BASE = "/mainwp/v2/costs"
ONE = f"{BASE}/<loose:id>"
#: what lists do not tell
UNLISTED = ("next_renewal_today", "cost_icon", "cost_color")
TYPES = ("any", "subscription", "lifetime")
#: key that is written → column, and what the column holds (source only: MainWP's tables)
TEXTS = {
    "name": ("name", 65535),
    "payment_type": ("type", 20),
    "product_type": ("product_type", 20),
    "product_slug": ("slug", 191),
    "license_type": ("license_type", 20),
    "cost_tracker_status": ("cost_status", 20),
    "payment_method": ("payment_method", 50),
    "renewal_type": ("renewal_type", 20),
    "icon_hidden": ("cost_icon", 64),
}
#: HTML that a note may hold (source only)
ALLOWED = "a|br|em|strong|p|hr|ul|ol|li|h1|h2"


def _cost(call: Call, number: Any) -> Cost:
    cost = call.fleet.costs.get(int(number)) if str(number).isdigit() else None
    if cost is None:
        raise RestError("mainwp_rest_invalid_costs_id", "Invalid or not found ID.", 404)
    return cost


def listed(cost: Cost) -> dict[str, Any]:
    """As lists tell it: escaped, dates in words, without icon and colour (recorded)."""
    row: dict[str, Any] = {"id": cost.id} | {
        name: esc_html(text) for name, text in cost.columns.items() if name not in UNLISTED
    }
    row["note"] = cost.columns["note"]
    # the columns of ids are JSON, in which esc_html finds nothing to do
    row |= {name: cost.columns[name] for name in ("sites", "groups", "clients")}
    for name in ("last_renewal", "next_renewal", "last_alert"):
        stamp = int(cost.columns[name])
        row[name] = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(stamp)) if stamp else 0
    return row


@routes(GET, BASE)
def list_costs(call: Call) -> dict[str, Any]:
    kinds = parse_list(call.get("type"))
    if set(kinds) - set(TYPES):
        text = f"The type argument should be: {','.join(TYPES)}"
        raise RestError("mainwp_rest_invalid_param", text, 400)
    search = collated(php_text(call.get("search")))
    include, exclude = parse_ids(call.get("include")), parse_ids(call.get("exclude"))
    wanted = {
        "cost_status": parse_list(call.get("status")),
        "product_type": parse_list(call.get("category")),
        "type": kinds,
    }
    found = [
        cost
        for cost in sorted(call.fleet.costs.values(), key=lambda cost: cost.id)
        if (not include or cost.id in include)
        and cost.id not in exclude
        and (search in collated(cost.columns["name"]) or search == str(cost.id))
        and all(not some or "any" in some or cost.columns[name] in some for name, some in wanted.items())
    ]
    rows = {str(cost.id): listed(cost) for cost in paged_rows(call, found)}
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, ONE)
def get_cost(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    return {"success": 1, "data": _cost(call, id).row}


@routes(EDIT, f"{BASE}/add")
def add(call: Call) -> dict[str, Any]:
    return add_cost(call, call.params)


def add_cost(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """With an id, that cost is written (recorded)."""
    return _write(call, to_int(given.get("id")), given)


@routes(EDIT, f"{ONE}/edit")
def edit(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    return edit_cost(call, id, call.params)


def edit_cost(call: Call, number: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The answer shows what there was before (recorded)."""
    before = _cost(call, number).row
    answer = _write(call, to_int(number), given)
    return answer | {"data": before} if answer["success"] else answer


def _write(call: Call, number: int, given: dict[str, Any]) -> dict[str, Any]:
    """A full replace: whatever is not sent is emptied (recorded)."""
    columns = _columns(call, given)
    with call.fleet.lock:
        kind, slug = columns["product_type"], columns["slug"]
        if kind in ("plugin", "theme") and slug:
            # one of them is written although another was meant, were it not for the number
            same = [
                c for c in call.fleet.costs.values() if (c.columns["product_type"], c.columns["slug"]) == (kind, slug)
            ]
            if any(cost.id != number for cost in same):
                return {"success": 0, "error": f"A cost tracker for this {kind} already exists."}
        fits = all(len(columns[column]) <= size for column, size in TEXTS.values())
        fits = fits and all(len(columns[name].encode()) <= 65535 for name in ("name", "url", "note"))
        cost = call.fleet.costs.get(number)
        if cost is None:
            if not fits:
                return {"success": 0, "error": "Add cost failed. Please try again."}
            cost = Cost(call.fleet.new_id("costs"))
            call.fleet.costs[cost.id] = cost
        if fits:  # source only: WordPress writes nothing that does not fit, and nobody asks whether it did
            cost.columns |= columns
        return {"success": 1, "data": cost.row}


def _columns(call: Call, given: dict[str, Any]) -> dict[str, str]:
    owners = dict.fromkeys(("sites", "groups", "clients"), "")
    for name in owners:
        if isinstance(given.get(name), list):
            numbers = ",".join(str(to_int(one)) for one in given[name])
            owners[name] = f"[{numbers}]" if numbers else ""
            break
    if not any(owners.values()):
        raise RestError("mainwp_rest_create_costs_invalid_data", "Please enter websites or groups or clients.", 400)
    color, last = php_text(given.get("product_color")), _strtotime(php_text(given.get("last_renewal")))
    columns = {column: clean_text(given.get(key)) for key, (column, _size) in TEXTS.items()}
    return {
        **columns,
        **owners,
        "url": _url(php_text(given.get("url"))),
        "cost_color": color if re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", color) else "",
        "price": f"{_floatval(given.get('price')):.8f}",
        "last_renewal": str(last),
        "next_renewal": str(_next(last, columns["renewal_type"], call.sim.clock.now())),
        "note": _kses(php_text(given.get("note"))),
    }


def _floatval(value: Any) -> float:
    """What is at the beginning of a text: "12,5" is 12 (recorded)."""
    if isinstance(value, (int, float)):
        return float(value)
    found = re.match(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", php_text(value))
    return float(found[0]) if found else 0.0


def _strtotime(text: str) -> int:
    """A date, or unix seconds behind an ``@``; a bare number is nonsense (recorded)."""
    if re.fullmatch(r"@\d+", text):
        return int(text[1:])
    try:
        return calendar.timegm(time.strptime(text, "%Y-%m-%d"))
    except ValueError:
        return 0


def _next(last: int, renewal: str, now: float) -> int:
    """Rolled forward until it is not before today; what has no known rhythm has none."""
    months = {"monthly": 1, "quarterly": 3, "yearly": 12}.get(renewal, 0)
    if not last or (not months and renewal != "weekly"):
        return 0
    today, moment = int(now) // 86400 * 86400, last
    while True:
        moment = _plus(moment, months) if months else moment + 7 * 86400
        if moment >= today:
            return moment


def _plus(moment: int, months: int) -> int:
    """``strtotime('+1 month')``: the 31st of February is in March."""
    year, month, day, *clock = time.gmtime(moment)[:6]
    month += months - 1
    return calendar.timegm((year + month // 12, month % 12 + 1, 1, *clock)) + (day - 1) * 86400


def _url(text: str) -> str:
    """``esc_url_raw``: some characters go, blanks are encoded, what has no scheme gets one."""
    text = re.sub(r"[^a-zA-Z0-9\-~+_.?#=!&;,/:%@$|*'()\[\]\u0080-\U0010ffff]", "", text.strip().replace(" ", "%20"))
    return f"http://{text}" if text and ":" not in text and text[0] not in "/#?" else text


def _kses(text: str) -> str:
    """Tags that are allowed stay, others go; ``&`` is an entity afterwards (recorded)."""
    text = re.sub(r"\\(.?)", r"\1", text)
    text = re.sub(r"&(?!(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8}\d*);)", "&amp;", text)
    tags: list[str] = []

    def keep(tag: re.Match[str]) -> str:
        if re.match(rf"</?(?:{ALLOWED})\b", tag[0], re.IGNORECASE):
            tags.append(tag[0])
            return f"\0{len(tags) - 1}\0"
        return ""

    text = re.sub(r"</?[a-zA-Z!][^<>]*>", keep, text).replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"\0(\d+)\0", lambda place: tags[int(place[1])], text)


@routes(DELETE, f"{ONE}/remove")
def remove(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    cost = _cost(call, id)
    with call.fleet.lock:
        del call.fleet.costs[cost.id]
    return {"success": 1, "message": "Cost deleted successfully.", "data": cost.row}


@routes(GET, f"{ONE}/sites")
def sites(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    cost = _cost(call, id)
    rows = [
        whole_view(call.fleet, site)
        for site in call.fleet.ordered()
        if site.id in cost.ids("sites") or set(site.tags) & cost.ids("groups")
    ]
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, f"{ONE}/clients")
def clients(call: Call, id: str) -> dict[str, Any]:  # noqa: A002  # the name that the API uses
    """Those of its sites; of one that belongs to clients none is told (recorded)."""
    cost = _cost(call, id)
    owners = {site.client_id for site in call.fleet.sites.values() if site.id in cost.ids("sites")}
    rows = [client_view(call.fleet.clients[one], CLIENT_FULL) for one in sorted(owners) if one in call.fleet.clients]
    return {"success": 1, "total": len(rows), "data": rows}


@routes(GET, f"{SITES}/<loose:id_domain>/costs")
def of_site(call: Call, id_domain: str) -> dict[str, Any]:
    """Those that belong to the site itself, not to its tags or its client (recorded)."""
    site = call.site(id_domain)
    found = sorted(call.fleet.costs.values(), key=lambda cost: cost.id)
    rows = {str(cost.id): listed(cost) for cost in found if site.id in cost.ids("sites")}
    if not rows:
        return {"success": 1, "message": "Cost not found.", "data": []}
    return {"success": 1, "total": len(rows), "data": rows}
