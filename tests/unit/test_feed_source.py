# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A feed is fetched seldom and condensed once, its key goes to nobody else, and what goes wrong is told."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from feeds import FeedServer, served

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _files
from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError, MainWPError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed import _fetch, _index, _source
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed._source import (
    INTERVAL,
    FeedOptions,
    feed_options_from,
)
from unit.asking import FIRST, KEY, SECOND, Asking


class Killed(BaseException):
    """As Ctrl-C ends a run, or a job that is cancelled."""


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with served(FIRST) as made:
        yield made


@pytest.fixture
def ask(server: FeedServer, tmp_path: Path) -> Asking:
    return Asking(server.url, tmp_path / "cache")


def test_it_is_fetched_at_most_once_in_half_an_hour(server: FeedServer, ask: Asking) -> None:
    assert [ask(), ask(60), ask(INTERVAL - 100)] == [1, 1, 1]
    assert len(server.asked) == 1
    server.text, server.stamp = SECOND, "Mon, 02 Nov 2026 00:00:00 GMT"
    assert ask(100) == 2
    assert len(server.asked) == 2
    assert ask.warnings == []


def test_a_feed_that_has_not_changed_is_not_sent_again(server: FeedServer, ask: Asking) -> None:
    ask()
    assert ask.feed is not None
    before = ask.feed.fetched
    with mock.patch.object(_source, "build", side_effect=AssertionError("condensed twice")):
        assert ask(INTERVAL + 1) == 1
        server.stamp = "Mon, 02 Nov 2026 00:00:00 GMT"  # sent again, and the same
        assert ask(INTERVAL + 1) == 1
    assert server.asked[1]["If-Modified-Since"] == "Sun, 01 Nov 2026 00:00:00 GMT"
    assert ask.feed.fetched > before


def test_a_clock_that_is_a_little_behind_asks_no_more(ask: Asking, server: FeedServer) -> None:
    assert [ask(), ask(-40)] == [1, 1]
    assert len(server.asked) == 1


@pytest.mark.claim("feed-once")
def test_many_who_ask_at_once_cause_one_fetch_and_one_index(server: FeedServer, tmp_path: Path) -> None:
    with mock.patch.object(_source, "build", wraps=_index.build) as built, ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _number: Asking(server.url, tmp_path)(), range(24)))
    assert counts == [1] * 24
    assert (len(server.asked), built.call_count) == (1, 1)


@pytest.mark.claim("feed-key")
def test_the_key_goes_to_the_feed_as_a_bearer_token(server: FeedServer, ask: Asking) -> None:
    ask()
    assert server.asked[0]["Authorization"] == f"Bearer {KEY}"
    files = [path for path in ask.cache.iterdir() if KEY.encode() in path.read_bytes()]
    assert files == []


@pytest.mark.claim("feed-key")
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_key_is_not_carried_to_another_origin(server: FeedServer, ask: Asking, status: int) -> None:
    with served(FIRST) as other:
        server.instead = (status, {"Location": other.url}, "")
        with pytest.raises(MainWPError, match="the key is not carried there") as caught:
            ask()
    assert other.asked == []
    assert caught.value.reason == "feed_unavailable"


def test_a_redirect_on_the_same_server_is_followed(server: FeedServer, ask: Asking) -> None:
    server.answers = lambda path: None if path == "/other" else (302, {"Location": "/other"}, "")
    assert ask() == 1
    server.answers = lambda _path: (302, {"Location": "/again"}, "")
    ask(INTERVAL + 1)
    assert "in a circle" in ask.warnings[0]


@pytest.mark.claim("feed-key")
def test_a_netrc_adds_no_password(server: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login x password netrc-password\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    Asking(server.url, tmp_path / "cache", feed_key=None)()
    assert "Authorization" not in server.asked[0]


@pytest.mark.claim("feed-key")
@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"feed": "http://feeds.example/all"}, "not encrypted"),
        ({"feed": "http://127.0.0.1.example/all"}, "not encrypted"),
        ({"feed": "https://user:secret-word@feeds.example/all"}, "carries a user name"),
        ({"feed": "https://"}, "is not an address"),
        ({"feed": "ftp://feeds.example/all"}, "is not an address"),
        ({"feed": "/no/such/file"}, "there is no file"),
        ({"feed": ""}, "is empty"),
        ({"feed_key": "short"}, "not what a key looks like"),
        ({"feed_key": "a key with\nmore lines"}, "not what a key looks like"),
        ({"feed_max_age": 60}, "too short"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_sent(options: dict[str, object], text: str) -> None:
    with pytest.raises(InputError, match=text) as caught:
        feed_options_from({"feed": "https://feeds.example/all", "feed_key": KEY, **options})
    assert "secret-word" not in str(caught.value)
    assert "more lines" not in str(caught.value)


def test_a_refused_key_is_an_error_and_is_not_tried_by_every_host(server: FeedServer, ask: Asking) -> None:
    ask()
    server.instead = (401, {}, f'{{"message": "No {KEY} here"}}')
    for later in (INTERVAL + 1, 60):
        with pytest.raises(MainWPError, match="HTTP 401") as caught:
            ask(later)
        assert caught.value.reason == "feed_unauthorized"
        assert caught.value.details["status"] == 401
        assert KEY not in str(caught.value)
    assert "1 min ago" not in str(caught.value)
    assert "60 s ago" in str(caught.value)
    assert len(server.asked) == 2
    server.instead = None
    ask.params["feed_key"] = "another-key-of-the-feed"
    assert ask(1) == 1


def test_while_the_server_refuses_the_feed_on_disk_is_used_up_to_its_age(server: FeedServer, ask: Asking) -> None:
    ask.params["feed_max_age"] = 6 * 3600
    ask()
    server.instead = (429, {"Retry-After": "60"}, "slow down")
    assert ask(3 * 3600) == 1
    assert "HTTP 429" in ask.warnings[0]
    assert "3 h old" in ask.warnings[0]
    assert ask(60) == 1
    assert len(ask.warnings) == 1  # who asks next is told, too
    assert len(server.asked) == 2
    with pytest.raises(MainWPError, match=r"older than feed_max_age\. .*429") as caught:
        ask(4 * 3600)
    assert caught.value.reason == "feed_too_old"
    server.instead = None
    assert ask(INTERVAL + 1) == 1
    assert ask.warnings == []


def test_without_a_feed_on_disk_a_limit_is_an_error(server: FeedServer, ask: Asking) -> None:
    server.instead = (429, {}, "")
    for later in (0, 600):
        with pytest.raises(MainWPError, match="HTTP 429") as caught:
            ask(later)
        assert caught.value.reason == "feed_limited"
    assert "asked again in 20 min" in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.claim("feed-files")
@pytest.mark.parametrize("known", [True, False])
def test_a_feed_that_is_cut_off_replaces_nothing(server: FeedServer, ask: Asking, known: bool) -> None:
    if known:
        ask()
    server.text, server.stamp, server.cut = SECOND, "new", 200
    if known:
        assert ask(INTERVAL + 1) == 1
        assert "could not be fetched" in ask.warnings[0] or "cut off" in ask.warnings[0]
    else:
        with pytest.raises(MainWPError) as caught:
            ask()
        assert caught.value.reason in ("feed_unavailable", "feed_cut_off")
    server.cut = None
    assert ask(INTERVAL + 1) == 2
    assert not list(ask.cache.glob(".*"))


@pytest.mark.claim("feed-once")
@pytest.mark.parametrize("how", [Killed(), OSError(errno.ENOSPC, "No space left on device")])
@pytest.mark.parametrize("where", ["fetch", "build"])
@pytest.mark.parametrize("known", [True, False])
def test_a_fetch_that_is_broken_off_is_not_done_again_by_every_host(
    server: FeedServer, ask: Asking, how: BaseException, where: str, known: bool
) -> None:
    if known:
        ask.params["feed_max_age"] = 6 * 3600
        ask()
    server.text, server.stamp = SECOND, "new"
    before, full = len(server.asked), isinstance(how, OSError)

    def broken(*arguments: Any) -> None:
        if where == "fetch":
            _fetch.fetch(*arguments)
        raise how

    with mock.patch.object(_source, where, side_effect=broken):
        if not full:
            with pytest.raises(type(how)):
                ask(INTERVAL + 1)
        for later in (INTERVAL + 1 if full else 5, 60, 60):
            if known:
                assert ask(later) == 1
                assert ("No space left" if full else "broken off") in ask.warnings[0]
            else:
                with pytest.raises(MainWPError, match="No space left" if full else "broken off") as caught:
                    ask(later)
                assert caught.value.reason == "feed_unavailable"
    assert len(server.asked) == before + 1
    assert ask(INTERVAL + 1) == 2
    assert ask.warnings == []


def test_who_asks_while_a_feed_is_fetched_waits_for_it(server: FeedServer, ask: Asking) -> None:
    fetching, go_on = threading.Event(), threading.Event()

    def slow(*arguments: Any) -> Any:
        fetching.set()
        assert go_on.wait(60)
        return _fetch.fetch(*arguments)

    with mock.patch.object(_source, "fetch", side_effect=slow), ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask)
        assert fetching.wait(60)
        other = Asking(server.url, ask.cache)
        with mock.patch.object(_source, "guarded", side_effect=lambda path: go_on.set() or _files.guarded(path)):
            assert (other(), first.result()) == (1, 1)
    assert other.warnings == []
    assert len(server.asked) == 1


def test_half_a_feed_in_a_whole_answer_is_cut_off(server: FeedServer, ask: Asking) -> None:
    server.text = FIRST[: len(FIRST) // 2]
    with pytest.raises(MainWPError) as caught:
        ask()
    assert caught.value.reason == "feed_cut_off"


@pytest.mark.parametrize("text", ["<html>sign in</html>", '{"error": "v3 is gone"}', "[]", '{"a": {"products": []}}'])
def test_a_changed_format_is_an_error_although_there_is_an_older_feed(
    server: FeedServer, ask: Asking, text: str
) -> None:
    ask()
    server.text, server.stamp = text, "new"
    for later in (INTERVAL + 1, 60):
        with pytest.raises(MainWPError) as caught:
            ask(later)
        assert caught.value.reason == "feed_changed"
    assert len(server.asked) == 2
    server.text = SECOND
    assert ask(INTERVAL) == 2


def test_a_server_that_cannot_be_reached_is_tried_again_soon(tmp_path: Path) -> None:
    with served(FIRST) as server:
        url = server.url
    ask = Asking(url, tmp_path)
    for later in (0, 30):
        with pytest.raises(MainWPError) as caught:
            ask(later)
        assert caught.value.reason == "feed_unavailable"
    assert "asked again in 30 s" in str(caught.value)
    with pytest.raises(MainWPError) as caught:
        ask(31)
    assert "asked again" not in str(caught.value)


def test_a_key_is_not_in_what_the_options_look_like() -> None:
    assert KEY not in repr(FeedOptions("https://feeds.example", KEY, Path(), 1))
