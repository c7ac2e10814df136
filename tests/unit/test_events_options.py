# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments of the event source: as the modules take them, read without Ansible, and all that is wrong told at once."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.wpfleet.mainwp.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._names import EVENTS
from ansible_collections.wpfleet.mainwp.plugins.module_utils._events._options import SPEC, Options, options_from

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "dashboard_changes.py"
SECRET, KEY = "fedcba9876543210fedc", "0123456789abcdef0123"
GIVEN = {"url": "https://dashboard.example", "api_key": f"{SECRET}=={KEY}"}


def read(environ: dict[str, str] | None = None, **args: Any) -> Options:
    return options_from({**GIVEN, **args}, environ or {})


def wrong(environ: dict[str, str] | None = None, **args: Any) -> str:
    with pytest.raises(InputError) as refused:
        read(environ, **args)
    return str(refused.value)


def test_the_documentation_is_what_is_taken() -> None:
    source = runpy.run_path(str(SOURCE))
    own = yaml.safe_load(source["DOCUMENTATION"])["options"]
    shared = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    documented = {name: option for name, option in {**shared, **own}.items() if name != "api_version"}
    assert documented.keys() == SPEC.keys()
    for name, option in documented.items():
        for part in ("type", "elements", "choices", "default"):
            assert option.get(part) == SPEC[name].get(part), (name, part)


def test_the_example_is_taken() -> None:
    (ruleset,) = yaml.safe_load(runpy.run_path(str(SOURCE))["EXAMPLES"])
    args = ruleset["sources"][0]["wpfleet.mainwp.dashboard_changes"]
    assert read(**{**args, "api_key": GIVEN["api_key"]}).events == {"site_lost", "site_back"}


def test_defaults() -> None:
    options = read()
    assert (options.interval, options.stale_after, options.state_file) == (300, 172800, None)
    assert options.events == set(EVENTS) - {"changed_outside", "vulnerable"}
    assert options.connection.timeout == 60
    assert not options.selection.names_any


def test_a_feed_brings_its_event(tmp_path: Path) -> None:
    feed = tmp_path / "feed.json"
    feed.write_text("{}")
    assert read(feed=str(feed)).events == set(EVENTS) - {"changed_outside"}


def test_texts_are_read_as_ansible_reads_them() -> None:
    """Variables of a rulebook come as texts."""
    options = read(
        interval="60",
        validate_certs="no",
        timeout="7.5",
        events="site_lost, site_back",
        sites=[3, "shop.example"],
        headers='{"X-One": "1"}',
        eda_feedback_queue=object(),
        feedback=True,
        proxy=None,
    )
    assert (options.interval, options.connection.timeout, options.connection.verify) == (60, 7.5, False)
    assert options.events == {"site_lost", "site_back"}
    assert options.selection.sites == ("3", "shop.example")
    assert options.connection.headers == {"X-One": "1"}


@pytest.mark.parametrize("text", ["y", "yes", "on", "1", "true", "t", " TRUE ", True])
def test_yes_is_said_in_many_words(text: object) -> None:
    assert read(validate_certs=text, ca_path=None).connection.verify is True
    assert read(validate_certs="f").connection.verify is False


def test_the_environment_is_that_of_modules() -> None:
    environ = {
        "MAINWP_URL": "https://elsewhere.example",
        "MAINWP_TIMEOUT": "9",
        "MAINWP_API_KEY": "x",
        "MAINWP_API_VERSION": "v1",
    }
    options = options_from({"api_key": GIVEN["api_key"]}, environ)
    assert (options.connection.url, options.connection.timeout) == ("https://elsewhere.example", 9)
    assert read(environ).connection.url == GIVEN["url"]
    assert (
        options_from({"url": GIVEN["url"]}, {"MAINWP_API_KEY": GIVEN["api_key"]}).connection.token == GIVEN["api_key"]
    )


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"intervall": 5}, "intervall: there is no such option. Did you mean interval?"),
        ({"tags": ["a"]}, "tags: there is no such option."),
        ({"api_version": "v2"}, "api_version: there is no such option."),
        ({"interval": "soon"}, "interval: is no whole number."),
        ({"interval": 1.5}, "interval: is no whole number."),
        ({"interval": True}, "interval: is no whole number."),
        ({"interval": 0}, "interval: 0 is not between 1 and 31536000 seconds."),
        ({"sync_stale_after": -1}, "sync_stale_after: -1 is not between 1 and 31536000 seconds."),
        ({"timeout": float("nan")}, "timeout: nan is not a positive number of seconds."),
        ({"validate_certs": "maybe"}, "validate_certs: is no yes or no."),
        ({"timeout": "long"}, "timeout: is no number."),
        ({"feed": ["x"]}, "feed: is no text."),
        ({"state_file": True}, "state_file: is no path."),
        ({"headers": "[1]"}, "headers: is no map."),
        ({"events": ["site_lots"]}, "events: there is no 'site_lots'. Did you mean site_lost?"),
        ({"events": []}, "events: is an empty list."),
        ({"events": "vulnerable"}, "feed: is missing, and vulnerable is among events."),
        ({"sites": []}, "sites: an empty list selects nothing."),
        ({"sites": {"a": 1}}, "sites: is no list of texts."),
        ({"headers": "a"}, "headers: is no map."),
        ({"state_file": "/a\0b"}, "state_file: is no path."),
        ({"url": "http://dashboard.example"}, "url: 'http://dashboard.example' is not encrypted"),
        ({"url": None}, "url: is missing."),
        ({"feed": "/nowhere/feed.json"}, "feed: there is no file /nowhere/feed.json."),
        ({"min_rating": "mild"}, "min_rating: there is no 'mild'."),
    ],
)
def test_what_is_wrong_is_named(args: dict[str, Any], sentence: str) -> None:
    assert sentence in wrong(**args)


def test_all_that_is_wrong_is_told_at_once() -> None:
    told = wrong(intervall=5, events=["site_lots"], timeout="x")
    assert all(name in told for name in ("intervall: ", "events: ", "timeout: "))
    told = wrong(url="ftp://x.example", interval=0, min_rating="low", feed="/nowhere")
    assert all(name in told for name in ("url: ", "interval: ", "feed: "))


@pytest.mark.parametrize(
    "args",
    [
        {"api_key": f"{SECRET}={KEY}"},
        {"consumer_key": f"ck_{KEY}", "consumer_secret": f"cs_{SECRET}", "interval": "x"},
        {"headers": {"Authorization": f"Bearer {SECRET}{KEY}"}},
        {"headers": f"{SECRET}{KEY}"},
        {f"{SECRET}=={KEY}": 1},
        {"events": [f"{SECRET}=={KEY}"]},
        {"feed_key": f"{SECRET}{KEY}", "min_rating": f"{SECRET}{KEY}"},
        {"url": f"https://me:{SECRET}{KEY}@dashboard.example"},
        {"proxy": f"me:{SECRET}{KEY}@proxy.example"},
    ],
)
def test_no_secret_is_told(args: dict[str, Any]) -> None:
    told = wrong(**args)
    assert SECRET not in told
    assert KEY not in told
