# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms behind the parsing edge with what comes through it: plan, verdict, selection, inventory, pages, headers."""

from __future__ import annotations

import io
import json
from typing import Any
from unittest import mock

import requests
import urllib3
from codes import REASONS
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _bounds, _health
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _plan as planning
from ansible_collections.wpfleet.mainwp.plugins.module_utils import _verdict as verdict
from ansible_collections.wpfleet.mainwp.plugins.module_utils._api import normalise
from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError, MainWPError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._fleet import interleaved
from ansible_collections.wpfleet.mainwp.plugins.module_utils._http import Transport
from ansible_collections.wpfleet.mainwp.plugins.module_utils._probe import Prober
from ansible_collections.wpfleet.mainwp.plugins.module_utils._report import SiteReport, diff, summary
from ansible_collections.wpfleet.mainwp.plugins.module_utils._secrets import Secrets
from ansible_collections.wpfleet.mainwp.plugins.module_utils._selection import Selection, select
from ansible_collections.wpfleet.mainwp.plugins.plugin_utils import _inventory as shape
from unit import build
from unit.hostile import JSON, MUTATIONS, SCALARS, Mutation, examples
from unit.wire import URL, Wire, plugged

TOKEN = "fedcba9876543210==0123456789abcdef"
#: A site object as the API gives it: everything of it can be broken.
ROW: dict[str, Any] = {
    "id": "7",
    "url": "https://shop.example/",
    "name": "Sommer &amp; S&ouml;hne",
    "tags": {"1": "Canary", "2": "B, C"},
    "ip": "192.0.2.7",
    "client_id": "3",
    "status": "connected",
    "sync_errors": "",
    "suspended": "0",
    "wp_version": "7.0.4",
    "php_version": "8.2",
    "health_score": "80",
    "last_sync": "2026-11-23T13:37:11",
    "wp_upgrades": '{"current": "7.0.4", "new": "7.1"}',
    "plugin_upgrades": json.dumps(
        {"forms/forms.php": {"Name": "Forms", "Version": "1.0", "update": {"new_version": "1.1", "requires": "7"}}}
    ),
    "theme_upgrades": "[]",
    "translation_upgrades": '[{"slug": "forms", "language": "de_DE", "version": "1.0", "name": "Forms"}]',
    "premium_upgrades": "",
    "plugins": '[{"slug": "forms/forms.php", "name": "Forms", "version": "1.0", "active": 1}]',
    "themes": '[{"slug": "sand", "name": "Sand", "version": "1.0", "active": 1}]',
}
OFFERS: dict[str, Any] = {
    "wp": {"current": "7.0.4", "new": "7.1"},
    "plugins": {"forms/forms.php": {"Name": "Forms", "Version": "1.0", "update": {"new_version": "1.1"}}},
    "themes": [],
    "translations": [{"slug": "forms", "language": "de_DE", "version": "1.0"}],
}
ANSWERS: dict[str, Any] = {
    "forms/forms.php": {"success": 1, "old_version": "1.0", "version": "1.1"},
    "forms": {"success": 1, "old_version": "", "version": "1.0"},
}


def broken(recorded: Any, change: Mutation) -> Any:
    """``recorded`` as it is after its way through JSON, if it still is any."""
    try:
        return json.loads(change.body(recorded))
    except (ValueError, RecursionError):
        return None


@examples(150)
@given(
    before=MUTATIONS, after=MUTATIONS, offers=MUTATIONS, answers=MUTATIONS, max_change=st.sampled_from(["", "minor"])
)
def test_plan_and_verdict(
    before: Mutation, after: Mutation, offers: Mutation, answers: Mutation, max_change: str
) -> None:
    """Each wanted update is either run or left with a documented reason, and gets a documented result."""
    old, new = (normalise.site(normalise.as_map(broken(ROW, change))) for change in (before, after))
    pending = normalise.pending_updates(broken(OFFERS, offers))
    options = planning.plan_options_from({"max_version_change": max_change})
    plan = planning.make_plan(old, pending, options)
    keys = [update.key for update in plan.updates] + [skip.update.key for skip in plan.skips]
    assert len(keys) == len(set(keys))
    assert {update.key for update in pending} <= set(keys)
    assert all(skip.reason in REASONS for skip in plan.skips)
    said = normalise.item_answers(broken(ANSWERS, answers))
    attempt = verdict.Attempt(dict.fromkeys(("plugin", "theme", "core", "translation"), said), list(plan.updates))
    results = [verdict.judge(update, update.new_version, old, new, attempt) for update in plan.updates]
    for entry in results:
        assert entry.result in verdict.RESULTS
        assert entry.reason in REASONS
        if entry.result == verdict.UPDATED and entry.update.type != "translation":  # these may have no version
            assert entry.version_after
            assert entry.version_after != entry.version_before
    report = SiteReport(new, [*results, *(verdict.skipped(skip, old) for skip in plan.skips)])
    assert report.result in verdict.RESULTS
    made = Secrets().mask_all([report.to_dict(), summary([report]), diff([report])])
    json.dumps(made, allow_nan=False, ensure_ascii=False).encode()


@examples(100)
@given(changes=st.lists(MUTATIONS, max_size=4), name=st.text(max_size=8) | st.sampled_from(["7", "shop.example", "²"]))
def test_selection(changes: list[Mutation], name: str) -> None:
    """Some of the sites, or a sentence about the name."""
    sites = [normalise.site(normalise.as_map(broken(ROW, change))) for change in changes]
    refused = ""
    chosen: tuple[Any, ...] = ()
    try:
        chosen = select(sites, Selection(sites=(name,)), dict, dict).sites
    except InputError as exc:
        refused = str(exc)
    assert bool(chosen) is not bool(refused)
    assert name in refused or chosen
    assert all(one in sites for one in chosen)


@examples(100)
@given(changes=st.lists(MUTATIONS, max_size=4))
def test_hosts_of_an_inventory(changes: list[Mutation]) -> None:
    """Each site becomes one host with a name of its own, groups that Ansible takes, and variables fit for a cache."""
    sites = [normalise.site(normalise.as_map(broken(ROW, change))) for change in changes]
    clients = {3: "Harbour"}
    records = [shape.record(site, {"name": "a", "url": URL}, clients, site.updates, True) for site in sites]
    names, _warnings = shape.unique_names([(shape.default_name(facts["url"]), facts) for facts in records])
    assert len(set(names)) == len(sites)
    assert all(group.isidentifier() for facts in records for group, _text in shape.groups_of(facts))
    shape.clashes(records)
    hosts = list(zip(names, records, records, strict=True))
    assert sorted(host[0] for host in shape.spread(hosts)) == sorted(names)
    assert len(interleaved(sites, lambda site: site.lane)) == len(sites)
    json.dumps(shape.sealed(records, []), allow_nan=False, ensure_ascii=False).encode()


@examples(100)
@given(value=SCALARS | JSON)
@example("2026-11-23T13:37:11+02:00")
@example("9999-12-31T23:59:59-23:59")
def test_times(value: Any) -> None:
    """A time is in UTC, or none at all."""
    made = normalise.as_time(value)
    assert made is None or normalise.as_time(made) == made
    normalise.epoch_as_time(value)
    if value == "2026-11-23T13:37:11+02:00":
        assert normalise.as_time(value) == "2026-11-23T11:37:11Z"


TEXT = st.text(max_size=30) | st.sampled_from(
    ["https://dash.example/x", "http://[", "//x:99999/", "\\\\x", "?", "/a b"]
)
DATES = TEXT | st.sampled_from(
    ["Mon, 23 Nov 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 23 Nov 2026 99:99:99 +9999", "1", "-1"]
)


@examples(150)
@given(
    status=st.sampled_from([200, 202, 301, 302, 307, 401, 404, 429, 500, 503]),
    date=DATES,
    pause=DATES | st.integers().map(str) | st.just("9" * 500),
    location=TEXT,
    media=TEXT,
    body=JSON.map(lambda value: Mutation("replace", (), value).body(None)) | st.text(max_size=40),
)
def test_headers(status: int, date: str, pause: str, location: str, media: str, body: str) -> None:
    """Whatever the headers say, there is an answer or one of our errors, and the time stays a time."""
    headers = {"Date": date, "Retry-After": pause, "Location": location, "Content-Type": media}
    transport = Transport(connection_from({"url": URL, "api_key": TOKEN, "retries": 1}), sleep=lambda _seconds: None)
    with plugged(Wire(lambda _request: (status, headers, body))):
        try:
            transport.read("mainwp/v2/sites")
        except MainWPError as exc:
            text = json.dumps(Secrets().mask_all(exc.to_dict()), allow_nan=False, ensure_ascii=False)
            text.encode()
    assert abs(transport.now()) < 10**12


@examples(100)
@given(
    url=TEXT | TEXT.map(lambda text: f"https://{text}"),
    status=st.integers(100, 599),
    location=TEXT,
    body=st.binary(max_size=40) | st.sampled_from([b'<body id="error-page">', b"\xff\xfe", b"ok"]),
    packed=st.sampled_from(["", "gzip", "br"]),
)
def test_pages_of_a_site(url: str, status: int, location: str, body: bytes, packed: str) -> None:
    """Any address and any answer make a page in one of the documented states."""

    def send(_self: Any, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        headers = {"Location": location.encode("utf-8", "replace").decode("latin-1"), "Content-Encoding": packed}
        made = requests.Response()
        made.status_code, made.url, made.request = status, str(request.url), request
        made.headers.update({name: value for name, value in headers.items() if value})
        made.raw = urllib3.HTTPResponse(io.BytesIO(body), status=status, preload_content=False)
        return made

    options = _health.HealthOptions(
        pages=(_health.Wanted("/", expect="ok"), _health.Wanted("/wp-login.php", forbid="x")), patience=0.0
    )
    with mock.patch.object(_bounds._Adapter, "send", send):
        pages = Prober(options, lambda _seconds: None).look(build.site(1, url))
    assert [page.path for page in pages] == [wanted.path for wanted in options.pages]
    assert {page.state for page in pages} <= {_health.OK, _health.BAD, _health.UNKNOWN}
    json.dumps([page.message for page in pages], ensure_ascii=False).encode()
    found, _message = _health.compare(pages, pages)
    assert found in _health.VERDICTS
