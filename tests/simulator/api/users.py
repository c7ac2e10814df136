# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``users``: live calls to the children; their people are in ``people.py`` (resources.md §8)."""

from __future__ import annotations

from typing import Any

from .. import people
from ..child import Reply, UnreachableError, answer_of
from ..child import call as reach
from ..dashboard import NO_CHILD
from ..php import clean_text, esc_html, parse_list, php_text, to_int, truthy
from ..rest import DELETE, GET, POST, Call, FatalError, RestError, routes
from ..state import Site

BASE = "/mainwp/v2/users"
ONE = f"{BASE}/<loose:id_domain>/<loose:user_id>"
ROLES = ("administrator", "subscriber", "editor", "author", "contributor")
#: the user of the *Dashboard* that owns its sites: users of children with this number cannot be changed (recorded)
OWNER = 1
SECURE_LINK = "This user is used for our secure link, it can not be {}."
#: children that are asked together
_AT_ONCE = 10
#: what an edit may carry: parameter -> the name that the child is told
EDITABLE = {
    "password": "user_pass",
    "email": "email",
    "role": "role",
    "first_name": "first_name",
    "last_name": "last_name",
    "user_url": "url",
    "nickname": "nickname",
    "display_name": "display_name",
    "description": "description",
}


@routes(GET, BASE)
def list_users(call: Call) -> dict[str, Any]:
    """Asks ten children at once (source only). One that does not answer is just not in the list (recorded)."""
    roles = _roles(call, "roles", parse_list(call.get("roles")))
    search = clean_text(call.get("search")).strip()
    found: dict[int, list[dict[str, Any]]] = {}
    errors: dict[str, str] = {}
    sites = _targets(call, call.get("websites"))
    for at, site in enumerate(sites):
        if at % _AT_ONCE == 0:
            call.fleet.clock.sleep(max(one.child.latency for one in sites[at : at + _AT_ONCE]))
        try:
            refusal = answer_of(site)
        except UnreachableError:
            continue
        if refusal:
            errors[str(site.id)] = esc_html(refusal["error"])
        else:
            found[site.id] = people.searched(site.child, search, roles)
    if not found and errors:
        text = "Error fetching users from child sites."
        raise RestError("users_fetch_error", text, None, {"errors": errors})
    if not found:
        raise RestError("no_users_found", "No users found.")
    return {
        "success": 1,
        "data": {
            site.url: [people.row(user, site.id) for user in found[site.id]] for site in sites if found.get(site.id)
        },
    }


@routes(POST, f"{BASE}/create")
def create(call: Call) -> dict[str, Any]:
    """``success`` is always 1, and the whole user comes back, its password included (recorded)."""
    missing = [name for name in ("username", "email") if name not in call.params]
    if missing:
        text = f"Missing parameter(s): {', '.join(missing)}"
        raise RestError("rest_missing_callback_param", text, 400, {"status": 400, "params": missing})
    if isinstance(call.get("websites"), list):
        raise FatalError
    _roles(call, "role", parse_list(call.get("role")))
    sites = _targets(call, call.get("websites"))
    given = _json(call)
    user = {
        "user_pass": php_text(given.get("password")) if truthy(given.get("password")) else people.made_up(),
        "user_email": people.clean_email(given.get("email")),
        "user_login": clean_text(given.get("username")),
        "user_url": php_text(given.get("user_url")),
        "first_name": clean_text(given.get("first_name")),
        "last_name": clean_text(given.get("last_name")),
        "role": php_text(given.get("role")) or "subscriber",
    }
    created: dict[str, Any] = {}
    failed: dict[str, Any] = {}
    unheard = []
    for site in sites:
        try:
            error = (reach(call.fleet, site) or {}).get("error") or people.add(call.fleet, site, user)
        except UnreachableError as exc:
            if exc.token == "NOMAINWP":
                unheard.append(site)
            else:
                failed[str(site.id)] = {"url": site.url, "message": f"HTTP error - {exc.detail}"}
            continue
        if error:
            failed[str(site.id)] = {"url": site.url, "message": f"ERROR: {error}"}
        else:
            created[str(site.id)] = {"url": site.url, "message": "User created successfully."}
    if len(sites) > 1:  # the only target that cannot be heard is in neither list (recorded)
        failed |= {str(site.id): {"url": site.url, "message": NO_CHILD} for site in unheard}
    return {
        "success": 1,
        "message": _summed_up(len(created), len(failed)),
        "data": {
            "user_info": user,
            "total_sites": len(sites),
            "total_success": len(created),
            "total_failed": len(failed),
            "created_sites": created,
            "failed_sites": failed,
        },
    }


def _summed_up(created: int, failed: int) -> str:
    if not failed:
        return f"User created successfully on all {created} website(s)."
    if not created:
        return f"User creation failed on all {failed} website(s)."
    return f"User created on {created} of {created + failed} website(s). {failed} failed."


@routes(("PUT", "PATCH"), f"{ONE}/edit")
def edit(call: Call, id_domain: str, user_id: str) -> dict[str, Any]:
    """What is empty does not count, what cannot be used is dropped with a success (recorded)."""
    if all(call.get(name) in (None, "") for name in EDITABLE):
        text = "At least one field must be provided to update the user."
        raise RestError("missing_required_fields", text)
    _roles(call, "role", parse_list(call.get("role")))
    site, number = _one(call, id_domain, user_id)
    given = _json(call)
    data: dict[str, Any] = {}
    for name, told in EDITABLE.items():
        value = _cleaned(name, given.get(name))
        if value != "":
            data[told] = value
    data.setdefault("role", "donotupdate")
    if truthy(data.get("user_pass")):
        # utf8_decode: Latin-1 bytes, which nobody can log in with; JSON shows what is no UTF-8 as question marks
        latin = data["user_pass"].encode("latin-1", "replace")
        data["pass1"] = data["pass2"] = latin.decode("ascii", "replace").replace("�", "?")
    if number == OWNER:
        raise RestError("user_update_error", SECURE_LINK.format("changed"))
    error = people.change(call.fleet, site, number, data)
    if error:
        raise RestError("user_update_error", esc_html(error))
    told_of = {"website_id": str(site.id), "website_url": site.url, "user_id": number, "updated_data": data}
    return {"success": 1, "message": "User updated successfully.", "data": told_of}


def _cleaned(name: str, value: Any) -> str:
    if name == "password":
        return value if isinstance(value, str) else ""
    return people.clean_email(value) if name == "email" else clean_text(value)


@routes(DELETE, f"{ONE}/delete")
def delete(call: Call, id_domain: str, user_id: str) -> dict[str, Any]:
    """Posts go to the connection user; nothing keeps that one from being deleted, unless it has the owner's number."""
    site, number = _one(call, id_domain, user_id)
    if number == OWNER:
        raise RestError("user_not_found", SECURE_LINK.format("deleted"))
    people.remove(call.fleet, site, number)
    return {"success": 1, "message": "User deleted successfully."}


def _one(call: Call, id_domain: str, user_id: str) -> tuple[Site, int]:
    """The site and the number of a user that it has; the child is asked for the user first (source)."""
    site, number = call.site(id_domain), abs(to_int(user_id))
    try:
        refusal: Reply | None = reach(call.fleet, site)
    except UnreachableError as error:
        text = NO_CHILD if error.token == "NOMAINWP" else f"HTTP error - {error.detail}"
        raise RestError("get_user_error", text) from error
    if refusal:
        raise RestError("get_user_error", esc_html(refusal["error"]))
    if people.by_number(site.child, number) is None:
        raise RestError("user_not_found", "User not found.")
    return site, number


def _json(call: Call) -> dict[str, Any]:
    if not call.request.is_json:
        text = "Invalid content type. Expected application/json."
        raise RestError("invalid_content_type", text)
    return call.json


def _roles(call: Call, name: str, given: list[str]) -> list[str]:
    if any(role not in ROLES for role in given):
        text = f"Invalid {name}. Allowed values: {', '.join(ROLES)}."
        raise _invalid(name, f"invalid_{name}", text)
    return given


def _invalid(name: str, code: str, text: str) -> RestError:
    details = {name: {"code": code, "message": text, "data": None}}
    data = {"status": 400, "params": {name: text}, "details": details}
    return RestError("rest_invalid_param", f"Invalid parameter(s): {name}", 400, data)


def _targets(call: Call, websites: Any) -> list[Site]:
    """By exactly one of three filters; suspended sites and those with an error of a sync are left out (recorded)."""
    filters = {name: call.get(name) for name in ("clients", "groups", "websites") if truthy(call.get(name))}
    if len(filters) > 1:
        raise RestError("invalid_filter_params", "Only one of clients, groups, or websites can be specified.")
    fleet = call.fleet
    sites: list[Site] = []
    if "clients" in filters:
        owners = [to_int(number) for number in parse_list(filters["clients"])]
        sites = [site for site in fleet.ordered() if site.client_id in owners]
    for name in parse_names(filters.get("groups")):
        tag = next((tag for tag in fleet.tags.values() if tag.name == esc_html(name)), None)
        if tag is None:
            raise _invalid("groups", "invalid_group", f"Invalid Group: {esc_html(name)}.")
        sites += [site for site in fleet.ordered() if tag.id in site.tags and site not in sites]
    for number in parse_names(filters.get("websites")):
        site = fleet.sites.get(int(number)) if number.isdigit() else None
        if site is None:
            raise _invalid("websites", "invalid_site", f"Invalid site ID: {number}.")
        sites.append(site)
    good = [site for site in sites if not site.suspended and not site.sync_errors]
    if not good:
        raise RestError("no_website_found", "No website found.")
    return good


def parse_names(value: Any) -> list[str]:
    """Texts between commas, which may hold blanks."""
    if isinstance(value, list):
        value = ",".join(php_text(part) for part in value)
    return [part.strip() for part in php_text(value).split(",") if part.strip()]
