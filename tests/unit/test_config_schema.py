# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema for editors and the page of the tree are those of the modules, and the schema takes what the module takes."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from tools.config_tree import MADE, PREFIX, ROOT, SCHEMA

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config._tree import tree_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import KINDS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError

GOOD = """
settings:
  general: {time_daily_update: '03:05', automatic_daily_update: yes, frequency_daily_update: 2}
  advanced: {sync_data: {plugins: true}}
  monitoring: {uptime_monitoring_up_status_codes: [200, 201]}
  api_backups: {kinsta: {enabled: true, account_email: a@agency.example}}
  update_secrets: on_change
settings__mail:
  emails: {uptime: {subject: Down, recipients: night@agency.example}}
client_fields:
  - {name: VAT, description: VAT id}
cost_product_types:
  - {title: Care plans, color: '#102030', icon: 'deficon:folder open'}
cost_payment_methods:
  - title: Invoice
tags:
  - {name: vip, color: '#abc', sites: [shop.example]}
  - {name: old, state: absent}
tags__acme:
  - {id: 7, name: acme}
clients:
  - {name: Acme, email: a@acme.example, created: '2026-11-23', zip: '01067', suspended: false, sites: [shop.example]}
sites:
  - {site_url: 'https://shop.example', force_use_ipv4: true, ssl_version: 1.2, site_tags: [vip], health_threshold: '80'}
  - {site_url: 'https://blog.example', monitoring_emails: [], connected: false, admin: root}
ignored_updates:
  - {plugins: [akismet], all_sites: true}
  - {core: true, sites: [shop.example]}
plugins:
  - {plugins: [akismet/akismet.php], state: active, site_tags: [vip]}
  - {plugins: [hello], state: absent, force: true, all_sites: true, exclude_sites: [shop.example]}
themes:
  - {themes: [twentytwentyfive], state: active, clients: [Acme]}
users:
  - {login: bob, email: b@agency.example, role: editor, all_sites: true}
  - {login: eve, state: absent, posts: reassign_to_connection_user, all_sites: true}
costs:
  - {name: Hosting, product_type: hosting, price: 9.5, renewal_type: yearly, sites: [shop.example]}
  - {name: SEO, product_type: plugin, slug: seo/seo.php, clients: [Acme], last_renewal: '2026-11-23'}
api_keys:
  - {description: AWX, permissions: read_write, active: true}
"""


@cache
def validator() -> Draft7Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def errors_of(tree: Any) -> list[str]:
    """What an editor would underline of a file with these variables."""
    return [
        error.message for error in validator().iter_errors({f"{PREFIX}{name}": part for name, part in tree.items()})
    ]


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_of_the_modules_is_up_to_date(name: str) -> None:
    """To write them anew: ``PYTHONPATH=tests .venv/bin/python tests/tools/config_tree.py``."""
    assert (ROOT / name).read_text(encoding="utf-8") == MADE[name]()


def test_a_good_tree_is_good_in_an_editor_and_to_the_module() -> None:
    tree = yaml.safe_load(GOOD)
    assert {kind.name for kind in KINDS} <= tree.keys()
    assert errors_of(tree) == []
    assert tree_from({"tree": tree}).entries.keys() == {kind.name for kind in KINDS}
    assert errors_of({"tags": None}) == []
    assert list(validator().iter_errors({"mainwp_url": "https://dash.example", "other": 1})) == []


def test_the_other_variables_of_the_role_stand_in_the_schema_too() -> None:
    assert errors_of({"only": ["tags"], "secrets": {"sites": {"*": {"admin": "root"}}}, "purge_max": 3}) == []
    assert errors_of({"purge_max": "many"})
    assert errors_of({"secrets": {"sites": {"*": {"admn": "root"}}}})


def with_templates(value: Any) -> Any:
    """The same with a template in place of each scalar."""
    if isinstance(value, dict):
        return {key: with_templates(one) for key, one in value.items()}
    if isinstance(value, list):
        return [with_templates(one) for one in value]
    return "{{ something | default('x') }}"


def test_a_template_may_stand_for_any_value() -> None:
    assert errors_of(with_templates(yaml.safe_load(GOOD))) == []
    assert errors_of(dict.fromkeys((kind.name for kind in KINDS), "{{ tree_of_acme }}")) == []
    assert errors_of({"tags": [{"name": "x", "sites": "{{ groups.acme }}"}]}) == []


@pytest.mark.parametrize(
    "tree",
    [
        {"tagz": []},
        {"tags": {"name": "x"}},
        {"tags": ["x"]},
        {"tags": [{"name": "x", "colour": "#abc"}]},
        {"tags__acme": [{"name": "x", "state": "presnt"}]},
        {"tags": [{"color": "#abc"}]},
        {"tags": [{"name": True}]},
        {"clients": [{"name": "A", "emial": "x"}]},
        {"settings": []},
        {"settings": {"generl": {}}},
        {"settings": {"general": {"automatic_daily_update": "perhaps"}}},
        {"settings": {"general": {"frequency_daily_update": "often"}}},
        {"settings": {"emails": {"uptime": {"subjct": "x"}}}},
        {"sites": [{"site_url": "https://a.example", "ssl_version": 1.4}]},
        {"sites": [{"site_url": "https://a.example", "site_tags": [["x"]]}]},
        {"plugins": [{"plugins": ["x"], "all_sites": True}]},
        {"plugins": [{"plugins": ["x"], "state": "actve", "all_sites": True}]},
        {"users": [{"email": "b@agency.example", "all_sites": True}]},
        {"costs": [{"name": "x", "sites": ["a"], "clients": ["b"]}]},
        {"costs": [{"name": "x", "slug": "y", "sites": ["a"]}]},
        {"costs": [{"name": "x", "sites": ["a"], "price": "much"}]},
    ],
)
def test_a_mistake_shows_in_an_editor_and_to_the_module(tree: Any) -> None:
    assert errors_of(tree)
    with pytest.raises(InputError):
        tree_from({"tree": tree})
