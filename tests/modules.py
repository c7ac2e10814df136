# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All modules of the collection, and what the tests that walk over them must know of each: a new module is a new row."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import yaml

ROOT = Path(__file__).resolve().parents[1]
COLLECTION = "wpfleet.mainwp."
#: The one in C, where there is one, takes a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Healthy, in the demo fleet, with updates of plugins and theme.
SITE = "lindgren-violins.example"
ALL_SUBSETS = ["updates", "plugins", "themes", "security", "changes", "costs", "client", "settings"]
ALL = {"all_sites": True}
#: The report of one site without a client.
REPORT = {
    "results": [
        {"host": "dash", "result": {"msg": "1 ok", "sites": [{"id": 1, "url": "https://s.example/", "name": "S"}]}}
    ],
    "dir": "{{ playbook_dir }}/reports",
}
#: A page of one site.
FLEET_PAGE = {
    "page": "fleet",
    "dir": "{{ playbook_dir }}/reports",
    "sources": {"sites": [{"sites": [{"id": 1, "url": "https://s.example/", "name": "S"}]}]},
}
#: Letters of reports that there are in this folder.
LETTERS = {"page": "client", "period": "2026-11", "sources": {"reports": str(ROOT / "tests" / "kept")}}
#: A letter as mainwp_report returns it, without a page.
LETTER = {
    "dashboard": "dash.example",
    "client_id": 7,
    "client_name": "Harbour Trading",
    "complete": True,
    "missing": [],
    "file": "",
    "mail": {"subject": "November", "text": "Dear all", "html": "<p>Dear all</p>"},
}
#: Something of each section.
SETTINGS = {
    "general": {"timezone_string": "UTC+5:30", "automatic_daily_update": True},
    "advanced": {"maximum_uptime_monitoring_requests": 20},
    "monitoring": {"uptime_monitoring_interval": "5m"},
    "emails": {"uptime": {"subject": "Down & up", "recipients": "night@agency.example"}},
    "cost_tracker": {"currency": "EUR"},
    "insights": {"enable_insights_logging": False},
    "tools": {"theme": "dark"},
    "api_backups": {"kinsta": {"enabled": True, "api_key": "kinsta-key-of-tests"}},
}
OUTBOX = {"dir": "{{ playbook_dir }}/reports", "period": "2026-11"}
#: One letter, and whom it goes to.
PLANNED = {
    **OUTBOX,
    "letters": [LETTER],
    "pdf": "false",
    "recipients": [{"dashboard": "https://dash.example", "client_id": 7, "to": ["office@harbour.example"]}],
}
#: Invented; it knows flaws of what the demo fleet and the fleet of test_docs.py run.
FEED = {"feed": str(ROOT / "tests" / "feed.json"), "feed_max_age": 10**9}


@dataclass(frozen=True)
class Call:
    """One way to call a module; ``warns`` are parts of its warnings."""

    options: Mapping[str, Any] = field(default_factory=dict)
    check: bool = False
    warns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """How a module is called."""

    #: in the demo fleet; it goes well. A module that runs on the controller only may name its ``{{ playbook_dir }}``
    call: Mapping[str, Any] = field(default_factory=dict)
    #: the same for as much as the module can do at once
    whole: Mapping[str, Any] = field(default_factory=dict)
    #: does ``call`` change something? Check mode says so unless "never"; "maybe" shows when it is done
    changes: Literal["never", "maybe", "surely"] = "never"
    #: ``whole`` meets the sites of the demo fleet that are in trouble, and fails for it
    meets_trouble: bool = False
    #: parts of the warnings of ``whole``, in the demo fleet
    warns: tuple[str, ...] = ()
    #: calls that together return all that RETURN promises, of the fleet in test_docs.py
    returns: tuple[Call, ...] = (Call(),)


TABLE: dict[str, Row] = {
    "mainwp_api_key": Row(
        call={"description": "monitoring", "permissions": "read"},
        whole={"description": "monitoring", "permissions": "read_write", "active": False},
        changes="surely",
        returns=(Call({"description": "New"}, check=True), Call({"description": "New", "return_token": True})),
    ),
    "mainwp_api_key_info": Row(),
    "mainwp_api": Row(
        call={"path": "/", "query": {"_fields": "namespaces"}},
        whole={"path": "/"},
        returns=(
            Call({"path": "sites/count"}, warns=("mainwp_site_info",)),
            Call({"path": "sites/1/check", "method": "POST"}, check=True, warns=("mainwp_sync",)),
        ),
    ),
    "mainwp_batch_update": Row(
        call={"sites": [SITE]},
        whole=ALL,
        changes="surely",
        meets_trouble=True,
        returns=(
            Call(ALL, check=True),
            Call(ALL),
            Call({"sites": []}),
            Call({"sites": ["1"], "update_method": "dashboard_batch", "poll_interval": 1}),
        ),
    ),
    "mainwp_change_info": Row(
        call={"sites": [SITE], "source": "all"},
        whole=ALL,
        returns=(Call({"source": "all", "since": "2026-01-01"}), Call({"sites": []})),
    ),
    "mainwp_client": Row(
        call={"name": "Müller & Söhne", "sites": [SITE]},
        whole={"name": "Müller & Söhne", "email": "office@mueller.example", "suspended": True, "sites": [SITE]},
        changes="surely",
        returns=(Call({"name": "New", "sites": ["1"]}, check=True), Call({"name": "New", "sites": ["1"]})),
    ),
    "mainwp_client_field": Row(
        call={"name": "VAT", "description": "VAT id"},
        whole={"name": "R&D [x]", "description": "anything"},
        changes="surely",
        returns=(
            Call({"name": "New", "description": "x"}, check=True),
            Call({"name": "New", "description": "x"}),
        ),
    ),
    "mainwp_client_field_info": Row(),
    "mainwp_client_info": Row(),
    "mainwp_config": Row(
        call={
            "tree": {
                "tags": [{"name": "Tree", "sites": [SITE]}],
                "client_fields": [{"name": "VAT", "description": "id"}],
            }
        },
        whole={
            "tree": {
                "settings": SETTINGS,
                "tags": [{"name": "Tree", "color": "#f5a623", "sites": [SITE]}],
                "clients": [{"name": "Müller & Söhne", "email": "office@mueller.example", "sites": [SITE]}],
                "costs": [{"name": "Müller's fonts", "price": 12, "clients": ["Müller & Söhne"]}],
                "api_keys": [{"description": "tree", "permissions": "read"}],
            },
            "max_age": 10**9,
        },
        changes="surely",
        returns=(
            Call({"tree": {"tags": [{"name": "New"}]}}, check=True),
            Call({"tree": {"api_keys": [{"description": "New", "return_token": True}], "tags": [{"name": "canary"}]}}),
        ),
    ),
    "mainwp_cost": Row(
        call={"name": "Hosting", "price": 25, "sites": [SITE]},
        whole={
            "name": "Shop, EU",
            "product_type": "plugin",
            "slug": "woocommerce/woocommerce.php",
            "price": 99.5,
            "renewal_type": "yearly",
            "last_renewal": "2026-02-01",
            "payment_method": "paypal",
            "note": "a & b\nc",
            "sites": [SITE],
        },
        changes="surely",
        returns=(
            Call({"name": "New", "site_tags": ["canary"]}, check=True),
            Call({"name": "New", "sites": ["1"]}),
            Call({"name": "New", "site_tags": ["canary"]}),
        ),
    ),
    "mainwp_cost_info": Row(),
    "mainwp_cost_payment_method": Row(
        call={"title": "Bank transfer"},
        whole={"title": 'Wire & "x" ü'},
        changes="surely",
        returns=(Call({"title": "New"}, check=True), Call({"title": "New"})),
    ),
    "mainwp_cost_product_type": Row(
        call={"title": "Domains", "color": "#2d6cdf"},
        whole={"title": 'Domain & "x" ü', "color": "#112233", "icon": "deficon:globe"},
        changes="surely",
        returns=(Call({"title": "New"}, check=True), Call({"title": "New"})),
    ),
    "mainwp_dashboard_info": Row(
        returns=(Call(), Call({"health_check": {"timeout": 1, "patience": 0}})),
    ),
    "mainwp_export": Row(
        call={"only": ["tags", "clients", "sites"]},
        whole={"include_personal": True},
        returns=(Call(), Call({"only": ["tags"], "dest": "~/tree.yml"})),
    ),
    "mainwp_ignored_update": Row(
        call={"sites": [SITE], "plugins": ["wordpress-seo"], "core": True},
        whole={**ALL, "plugins": ["wordpress-seo"], "core": True},
        changes="surely",
        returns=(
            Call({"plugins": ["shop"], "all_themes": True, **ALL}, check=True),
            Call({"plugins": ["shop"], "all_themes": True, **ALL}),
        ),
    ),
    "mainwp_ignored_update_info": Row(returns=(Call(), Call({"sites": []}))),
    "mainwp_lock": Row(
        call={"name": "dashboard.example", "dir": "{{ playbook_dir }}/locks"},
        returns=(Call({"name": "dashboard.example", "dir": "{{ playbook_dir }}/locks"}),),
    ),
    "mainwp_monitor_info": Row(
        call={"sites": [SITE], "heartbeats_since": "30d", "incidents": True},
        whole={**ALL, "heartbeats_since": "30d", "incidents": True},
        returns=(Call({"heartbeats_since": "30d", "incidents": True}, warns=None), Call({"sites": []})),
    ),
    "mainwp_outbox": Row(
        call=PLANNED,
        whole=PLANNED,
        changes="surely",
        returns=(
            Call(PLANNED),
            Call({**OUTBOX, "step": "sending", "letter": {**LETTER, "to": [], "digest": "0", "seen": ""}}),
        ),
    ),
    "mainwp_plugin": Row(
        call={"plugins": ["wordpress-seo"], "state": "inactive", "sites": [SITE]},
        whole={"plugins": ["wordpress-seo"], "state": "inactive", **ALL},
        changes="surely",
        meets_trouble=True,
        returns=(
            Call({"plugins": ["shop"], "state": "inactive", **ALL}, check=True),
            Call({"plugins": ["shop"], "state": "inactive", **ALL}),
        ),
    ),
    "mainwp_plugin_info": Row(
        call={"sites": [SITE], "abandoned": True},
        whole={**ALL, "abandoned": True},
        returns=(Call(), Call({"sites": ["1"], "state": "active", "abandoned": True})),
    ),
    "mainwp_report": Row(
        call=REPORT,
        changes="surely",
        returns=(Call(REPORT), Call(FLEET_PAGE), Call(LETTERS)),
    ),
    "mainwp_security_info": Row(
        call={"sites": [SITE]},
        whole=ALL,
        warns=("no security report",),
        returns=(Call(warns=("no security report",)), Call({"sites": []})),
    ),
    "mainwp_site": Row(
        call={"site_url": SITE, "name": "Lindgren's", "site_tags": ["canary"], "site_tags_mode": "add"},
        whole={"site_url": SITE, "name": "Lindgren's", "suspended": True, "connected": True, "health_threshold": 80},
        changes="surely",
        returns=(
            Call({"site_url": "http://new.example/", "admin": "a"}, check=True),
            Call({"id": 1, "name": "New", "monitoring_emails": ["a@b.example"], "health_threshold": 80}),
            Call({"child_sites": [{"id": 1, "name": "Newer"}, {"id": 2, "suspended": True}]}),
        ),
    ),
    "mainwp_settings": Row(
        call={"general": {"numberdays_outdate_plugin_theme": 400}},
        whole=SETTINGS,
        changes="surely",
        returns=(Call(SETTINGS, check=True), Call(SETTINGS), Call(SETTINGS)),
    ),
    "mainwp_settings_info": Row(returns=(Call(), Call({"sections": ["emails"]}))),
    "mainwp_site_info": Row(
        call={"sites": [SITE], "gather_subset": ALL_SUBSETS},
        whole={**ALL, "gather_subset": ALL_SUBSETS},
        warns=("no security",),
        returns=(Call({"gather_subset": ALL_SUBSETS}, warns=("no security",)), Call(), Call({"sites": []})),
    ),
    "mainwp_sync": Row(
        call={"sites": [SITE], "max_age": 0},
        whole={**ALL, "max_age": 0},
        changes="maybe",
        meets_trouble=True,
        returns=(Call(ALL, check=True), Call({**ALL, "max_age": 0}), Call({"sites": []})),
    ),
    "mainwp_tag": Row(
        call={"name": "R&D, EU", "color": "#2d6cdf", "sites": [SITE]},
        whole={"name": "R&D, EU", "color": "#2d6cdf", "sites": [SITE]},
        changes="surely",
        returns=(Call({"name": "New", "sites": ["1"]}, check=True), Call({"name": "New", "sites": ["1"]})),
    ),
    "mainwp_tag_info": Row(),
    "mainwp_theme": Row(
        call={"themes": ["twentytwentyfour"], "state": "active", "sites": [SITE]},
        whole={"themes": ["twentytwentyfour"], "state": "active", **ALL},
        changes="surely",
        meets_trouble=True,
        returns=(
            Call({"themes": ["stone"], "state": "absent", **ALL}, check=True),
            Call({"themes": ["stone"], "state": "absent", **ALL}),
        ),
    ),
    "mainwp_theme_info": Row(
        call={"sites": [SITE], "abandoned": True},
        whole={**ALL, "abandoned": True},
        returns=(Call(), Call({"sites": ["1"], "state": "active", "abandoned": True})),
    ),
    "mainwp_update_info": Row(
        call={"sites": [SITE]},
        whole=ALL,
        returns=(Call(), Call({"sites": []})),
    ),
    "mainwp_user": Row(
        call={"sites": [SITE], "login": "anna", "email": "anna@agency.example", "role": "editor"},
        whole={**ALL, "login": "anna", "email": "anna@agency.example", "role": "editor", "nickname": "Anna"},
        changes="surely",
        meets_trouble=True,
        returns=(
            Call({**ALL, "login": "anna", "email": "anna@agency.example"}, check=True),
            Call({**ALL, "login": "anna", "email": "anna@agency.example"}),
            Call({"sites": [], "login": "anna"}),
        ),
    ),
    "mainwp_user_info": Row(
        call={"sites": [SITE]},
        whole={**ALL, "include_email": True},
        returns=(Call({"include_email": True}), Call({"sites": []})),
    ),
    "mainwp_vulnerability_info": Row(
        call={**FEED, "sites": [SITE]},
        whole={**FEED, **ALL},
        returns=(Call(FEED), Call({**FEED, "sites": []})),
    ),
}
MODULES = sorted(TABLE)


def code(name: str) -> ModuleType:
    """A module's code."""
    return importlib.import_module(f"ansible_collections.wpfleet.mainwp.plugins.modules.{name}")


def yaml_of(path: Path) -> Any:
    """What a file of YAML holds, read by the quick parser."""
    return yaml.load(path.read_text(encoding="utf-8"), LOADER)


def documentation(name: str, block: str = "DOCUMENTATION") -> Any:
    """A module's DOCUMENTATION, EXAMPLES or RETURN, without its fragments."""
    return yaml.load(getattr(code(name), block), LOADER)


#: Those that talk to a Dashboard, through either door; the others run on the controller only.
REMOTE = [name for name in MODULES if code(name).DOOR.travels]
INFO = [name for name in REMOTE if name.endswith("_info")]
V1 = [name for name in REMOTE if code(name).DOOR.serves_v1]
