# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""v2 ``settings`` (resources.md §6): what each group answers, and what its edit makes of what it is sent.

``fleet.settings`` holds what was saved, in the form in which it is answered; e-mails by type, providers of backups by slug.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..php import truthy
from ..rest import GET, Call, RestError, routes
from .settings_fields import (
    API_BACKUPS,
    EMAILS,
    FIELDS,
    MAIL,
    PROVIDER,
    SETTINGS,
    TEXT_WHEN_SAVED,
    Field,
    invalid,
    offset_of,
    stored_zone,
)

if TYPE_CHECKING:
    from ..server import Simulator

ROOT = "/mainwp/v2/settings"
#: WordPress' (PUT, PATCH) of the settings controllers
PUT = ("PUT", "PATCH")
NATIVE = {"value": "", "title": "Native backups"}
BY_API = {"value": "module-api-backups", "title": "API Backups"}
#: what the answer to an edit of general leaves out (recorded)
NOT_ANSWERED = ("disable_update_confirmations", "backup_before_upgrade", "mainwp_enable_legacy_backup_feature")
FORMAT = ("currency_position", "thousand_separator", "decimal_separator", "decimals")
BACKUPS = {
    0: 'When mainwp_primary_backup is "module-api-backups", mainwp_enable_legacy_backup_feature must be disabled (0).',
    1: 'When mainwp_primary_backup is not "module-api-backups", mainwp_enable_legacy_backup_feature must be enabled (1).',
}


def answered(sim: Simulator, group: str) -> Any:
    """What ``GET settings/{group}`` tells."""
    saved = sim.fleet.settings.get(group, {})
    if group == "emails":
        return [{"type": kind} | _mail(sim, kind) for kind in _mail_types(sim)]
    if group == "api-backups":
        return {"api_backups": {slug: _provider(slug, saved.get(slug, {})) for slug in API_BACKUPS}}
    data: dict[str, Any] = SETTINGS[group] | saved
    if group == "general":
        data["timezone_string"] = stored_zone(sim.gmt_offset)
    return data


def _mail_types(sim: Simulator) -> list[str]:
    """That of the HTTP check is there only while the check is on (recorded)."""
    checks = truthy(sim.fleet.settings.get("general", {}).get("check_http_response", 0))
    return [kind for kind in EMAILS if checks or kind != "http_check"]


def _factory(sim: Simulator, kind: str) -> dict[str, Any]:
    heading, subject = EMAILS[kind]
    return {"heading": heading, "subject": subject, "recipients": sim.fleet.admin_email, "disable": 0}


def _mail(sim: Simulator, kind: str) -> dict[str, Any]:
    return _factory(sim, kind) | sim.fleet.settings.get("emails", {}).get(kind, {})


def _provider(slug: str, saved: dict[str, Any]) -> dict[str, Any]:
    """Keys are masked but for their last four characters; whether cPanel has a password, nothing tells."""
    label, *names = API_BACKUPS[slug]
    row: dict[str, Any] = {"label": label, "enabled": saved.get("enabled", 0)}
    row |= {name: saved.get(name, "") for name in names}
    key = saved.get("api_key", "")
    return row | {"secrets": {} if slug == "cpanel" else {"api_key": f"****{key[-4:]}" if key else ""}}


def _body(call: Call, fields: dict[str, Field]) -> dict[str, Any]:
    """What was sent, as far as it is known: validated whole, then sanitised. WordPress validates before MainWP looks at the
    content type, which has to be exactly JSON's, without a charset (recorded)."""
    known = {name: value for name, value in call.json.items() if name in fields}
    invalid({name: fields[name].check(name, value) for name, value in known.items()})
    if call.request.headers.get("Content-Type") != "application/json":
        raise RestError("invalid_content_type", "Invalid content type. Expected application/json.")
    if not call.request.get_data():
        raise RestError("empty_body", "Request body is empty.")
    return {name: fields[name].clean(value) for name, value in known.items()}


@dataclass(frozen=True)
class Saved:
    """An option in the database is text; right after it was written WordPress still has what it was given."""

    settings: dict[str, Any]

    def put(self, given: dict[str, Any]) -> dict[str, Any]:
        """Save; what the answer shows in place of the texts."""
        fresh = {}
        for name, value in given.items():
            if name not in TEXT_WHEN_SAVED:
                self.settings[name] = value
            elif self.settings.get(name) != str(value):
                self.settings[name], fresh[name] = str(value), value
        return fresh


def _group(call: Call, name: str) -> Saved:
    return Saved(call.fleet.settings.setdefault(name, {}))


def _done(words: str, data: Any) -> dict[str, Any]:
    return {"success": 1, "message": f"{words} settings updated successfully.", "data": data}


def _edit_general(call: Call) -> dict[str, Any]:
    given = _body(call, FIELDS["general"])
    sim, saved = call.sim, _group(call, "general")
    _refuse_backups(call, given)
    zone = given.pop("timezone_string", None)
    if zone is not None and not sim.named_timezone:  # WordPress prefers a named zone to any offset
        sim.gmt_offset = offset_of(zone, sim.clock.now()) or 0.0
    if "mainwp_primary_backup" in given:
        given["mainwp_primary_backup"] = [BY_API] if given["mainwp_primary_backup"] else NATIVE
    given.pop("sidebar_position", None)  # written somewhere, read elsewhere (recorded)
    fresh = saved.put(given)
    data = answered(sim, "general") | fresh
    return _done("General", {name: value for name, value in data.items() if name not in NOT_ANSWERED})


def _refuse_backups(call: Call, given: dict[str, Any]) -> None:
    """One of both is looked at with what the other one is, or never was (recorded)."""
    if not {"mainwp_primary_backup", "mainwp_enable_legacy_backup_feature"} & set(given):
        return
    saved = call.fleet.settings.get("general", {})
    known = saved.get("mainwp_primary_backup")
    stored = None if known is None else (known[0] if isinstance(known, list) else known)["value"]
    primary = given.get("mainwp_primary_backup", stored)
    legacy = int(given.get("mainwp_enable_legacy_backup_feature", _legacy(saved)))
    if primary == "module-api-backups" and legacy:
        raise RestError("invalid_backup_config", BACKUPS[0])
    if primary == "" and not legacy:
        raise RestError("invalid_backup_config", BACKUPS[1])


def _legacy(saved: dict[str, Any]) -> Any:
    """The flag as it is stored; installing MainWP stores a 0."""
    return saved.get("mainwp_enable_legacy_backup_feature", "0")


def _edit_advanced(call: Call) -> dict[str, Any]:
    """Says "General" (recorded). Kinds of data to sync are known from the first sync on."""
    known: dict[str, Any] = answered(call.sim, "advanced")["sync_data"]
    sent = call.json.get("sync_data")
    if isinstance(sent, dict) and set(sent) - set(known):
        odd = ", ".join(name for name in sent if name not in known)
        text = f"Invalid sync data keys: {odd}. Allowed keys: {', '.join(known)}."
        invalid({"sync_data": ("invalid_sync_data_type", text)})
    given = _body(call, FIELDS["advanced"])
    if "sync_data" in given:
        given["sync_data"] = known | given["sync_data"]
    _group(call, "advanced").put(given)
    return _done("General", answered(call.sim, "advanced"))


def _edit_monitoring(call: Call) -> dict[str, Any]:
    """No message. Null is as if it were not there; what WordPress does not know is taken as it comes (recorded)."""
    given = _body(call, FIELDS["monitoring"])
    if "mainwp_uptime_monitoring_method" in call.json:
        given["mainwp_uptime_monitoring_method"] = call.json["mainwp_uptime_monitoring_method"]
    _group(call, "monitoring").put({name: value for name, value in given.items() if value is not None})
    return {"success": 1, "data": answered(call.sim, "monitoring")}


def _edit_cost_tracker(call: Call) -> dict[str, Any]:
    """What is empty or 0 is as if it were not there, and of a format that was never saved the rest is lost (recorded)."""
    given = _body(call, FIELDS["cost-tracker"])
    if "decimals" in call.json:
        given["decimals"] = call.json["decimals"]
    saved = _group(call, "cost-tracker")
    old = saved.settings
    shape = {name: given[name] if truthy(given.get(name)) else old.get(name) for name in FORMAT}
    saved.put({name: "" if value is None else value for name, value in shape.items()})
    if truthy(given.get("currency")):
        saved.put({"currency": given["currency"]})
    told = {name: None if value == "" else value for name, value in shape.items()}
    return _done("Cost tracker", {"currency": answered(call.sim, "cost-tracker")["currency"], "currency_format": told})


def _edit_insights(call: Call) -> dict[str, Any]:
    saved = _group(call, "dashboard-insights")
    saved.put(_body(call, FIELDS["dashboard-insights"]))
    return _done("Dashboard insights", answered(call.sim, "dashboard-insights"))


def _edit_tools(call: Call) -> dict[str, Any]:
    fresh = _group(call, "tools").put(_body(call, FIELDS["tools"]))
    return _done("Tools", answered(call.sim, "tools") | fresh)


@routes(PUT, f"{ROOT}/emails/<text:kind>/edit")
def edit_mail(call: Call, kind: str) -> dict[str, Any]:
    """Whatever is not sent, or empty, goes back to the factory default (recorded)."""
    if kind not in _mail_types(call.sim):
        invalid({"mail_type": ("invalid_mail_type", "Email type does not exist.")})
    given = _body(call, MAIL)
    mail = {name: given[name] if truthy(given.get(name)) else old for name, old in _factory(call.sim, kind).items()}
    call.fleet.settings.setdefault("emails", {})[kind] = mail
    return _done("Email", mail)


@routes(PUT, f"{ROOT}/api-backups/<text:slug>/edit")
def edit_provider(call: Call, slug: str) -> dict[str, Any]:
    """The answer repeats what was stored, secrets included (recorded)."""
    if slug not in API_BACKUPS:
        invalid({"api_slug": ("invalid_slug", "API slug not exists.")})
    given = _body(call, PROVIDER)
    key = (given.pop("secrets", None) or {}).get("api_key")
    password = given.pop("password", None)
    told = {name: value for name, value in given.items() if name == "enabled" or name in API_BACKUPS[slug][1:]}
    saved = call.fleet.settings.setdefault("api-backups", {}).setdefault(slug, {})
    saved.update({name: int(value) if name == "enabled" else value for name, value in told.items()})
    for name, secret in (("api_key", key), ("password", password)):
        if truthy(secret):
            saved["api_key"] = told[name] = secret
    return _done("API backup", told)


def _reader(group: str) -> Callable[[Call], dict[str, Any]]:
    return lambda call: {"success": 1, "data": answered(call.sim, group)}


for _name in (*SETTINGS, "emails", "api-backups"):
    routes(GET, f"{ROOT}/{_name}")(_reader(_name))
for _name, _edit in (
    ("general", _edit_general),
    ("advanced", _edit_advanced),
    ("monitoring", _edit_monitoring),
    ("cost-tracker", _edit_cost_tracker),
    ("dashboard-insights", _edit_insights),
    ("tools", _edit_tools),
):
    routes(PUT, f"{ROOT}/{_name}/edit")(_edit)
