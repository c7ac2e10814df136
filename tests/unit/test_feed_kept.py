# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept of a feed: for its owner alone, made again when it is damaged, of a file as of a server's answer."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from feeds import FeedServer, served

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import InputError, MainWPError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed import _index, _source
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed._source import INTERVAL, feed_options_from
from unit.asking import FIRST, SECOND, Asking


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with served(FIRST) as made:
        yield made


@pytest.fixture
def ask(server: FeedServer, tmp_path: Path) -> Asking:
    return Asking(server.url, tmp_path / "cache")


@pytest.mark.claim("feed-files")
def test_what_is_kept_is_for_its_owner_alone(ask: Asking) -> None:
    old = os.umask(0)
    try:
        ask()
    finally:
        os.umask(old)
    folder = ask.cache
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert (modes, stat.S_IMODE(folder.stat().st_mode)) == ({0o600}, 0o700)


def test_what_is_not_needed_any_more_is_removed(server: FeedServer, ask: Asking) -> None:
    ask()
    (ask.cache / ".new.feed.4711").write_text("half of what a killed process fetched")
    server.text, server.stamp = SECOND, "new"
    ask(INTERVAL + 1)
    kinds = sorted(path.suffix for path in ask.cache.iterdir())
    assert kinds == [".feed", ".guard", ".index", ".json"]


@pytest.mark.claim("feed-files")
def test_what_others_keep_in_that_folder_stays(server: FeedServer, ask: Asking) -> None:
    folder = ask.cache
    folder.mkdir()
    mine = [".bashrc", ".vault_pass", "my.index", "old.feed", "0f.feed", ".feed", "notes.json", ".new.feed", "a.json.1"]
    for one in mine:
        (folder / one).write_text("mine")
    (folder / "folder.json").mkdir()
    (folder / ("0" * 32 + ".feed")).mkdir()
    left = [f".{'0' * 24}.json.1", f".{'0' * 32}.feed.12", f".{'0' * 32}-1.index.123", ".new.feed.4711"]
    for one in [*left, "new.feed", f"{'0' * 32}-1.index", f"{'1' * 32}.feed"]:
        (folder / one).write_text("left by a killed process, or of a feed that is gone")
    ask()
    kept = {path.name for path in folder.iterdir()}
    assert {one for one in kept if len(one) < 12} == {*mine, "folder.json", "feed.guard"}
    assert {path.read_text() for path in map(folder.joinpath, mine)} == {"mine"}
    assert len(kept) == len(mine) + 6  # with the two folders, a feed, an index, a small file and the guard


@pytest.mark.parametrize("how", ["gone", "damaged", "of another format"])
def test_an_index_that_cannot_be_read_is_made_again_without_a_fetch(
    server: FeedServer, ask: Asking, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    path = next(ask.cache.glob("*.index"))
    if how == "gone":
        path.unlink()
    elif how == "damaged":
        path.write_bytes(path.read_bytes()[:-30])
    else:
        monkeypatch.setattr(_source, "FORMAT", _index.FORMAT + 1)
    assert ask(60) == 1
    assert len(server.asked) == 1


@pytest.mark.parametrize("text", [b"", b'{"a": ', b"\0" * 999, b"{}"])
def test_a_feed_on_disk_that_is_damaged_with_its_index_is_fetched_again(
    server: FeedServer, ask: Asking, text: bytes
) -> None:
    """As a power cut leaves them."""
    ask()
    for path in (*ask.cache.glob("*.index"), *ask.cache.glob("*.feed")):
        path.write_bytes(text)
    assert ask(INTERVAL + 1) == 1
    assert len(server.asked) == 2
    assert "If-Modified-Since" not in server.asked[1]
    assert ask(60) == 1
    assert len(server.asked) == 2


def test_what_is_lost_while_the_server_refuses_is_not_asked_for_by_every_host(server: FeedServer, ask: Asking) -> None:
    ask()
    server.instead = (429, {}, "")
    assert ask(INTERVAL + 1) == 1
    for path in (*ask.cache.glob("*.index"), *ask.cache.glob("*.feed")):
        path.write_bytes(b"")
    for later in (5, 60):
        with pytest.raises(MainWPError, match="HTTP 429"):
            ask(later)
    assert len(server.asked) == 2


def test_an_index_is_enough_while_the_server_refuses(server: FeedServer, ask: Asking) -> None:
    ask()
    next(ask.cache.glob("*.feed")).unlink()
    server.instead = (429, {}, "")
    assert ask(INTERVAL + 1) == 1
    assert "HTTP 429" in ask.warnings[0]


@pytest.mark.parametrize("url", [True, False])
def test_an_index_that_is_damaged_anywhere_is_made_again(server: FeedServer, tmp_path: Path, url: bool) -> None:
    path = tmp_path / "feed.json"
    path.write_text(FIRST)
    ask = Asking(server.url if url else str(path), tmp_path / "cache")
    ask()
    index = next(ask.cache.glob("*.index"))
    good = index.read_bytes()
    for at in range(0, len(good), 7):
        for damage in (b"\0" * 5, b"[]"):
            index.write_bytes(good[:at] + damage + good[at + len(damage) :])
            assert ask() == 1
    directory = good.rindex(b'{"records"')
    for text in (b"[1]", b"{}", b'{"records":1,"skipped":0,"slugs":[]}', b"\n", b""):
        index.write_bytes(good[:directory] + text + b"\n" + f"{directory:020d}\n".encode())
        assert ask() == 1
    assert index.read_bytes() == good
    assert len(server.asked) == url


def test_what_is_remembered_may_be_nonsense(server: FeedServer, ask: Asking) -> None:
    ask()
    for text in (
        "",
        "[]",
        "{",
        '{"tried": "x"}',
        '{"digest": 1, "tried": 1e99}',
        '{"failure": []}',
        '{"fetched": NaN}',
        '{"fetched": 1e300}',
    ):
        next(ask.cache.glob("*.json")).write_text(text)
        assert ask() == 1
    assert len(server.asked) == 9


def test_a_file_is_condensed_once_and_again_when_it_is_another(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(FIRST)
    ask = Asking(str(path), tmp_path / "cache")
    with mock.patch.object(_source, "build", wraps=_index.build) as built:
        assert [ask(), ask(10), ask(7200)] == [1, 1, 1]
        assert built.call_count == 1
        path.write_text(SECOND)
        os.utime(path, (ask.time, ask.time))
        assert ask() == 2
        assert built.call_count == 2
        os.utime(path, (ask.time + 1, ask.time + 1))  # as new, and the same
        assert ask() == 2
        assert built.call_count == 2
    assert len(list(ask.cache.glob("*.index"))) == 1


def test_a_file_that_is_still_being_written_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(FIRST)
    ask = Asking(str(path), tmp_path / "cache", feed_max_age=7200)
    ask()
    path.write_text(SECOND[: len(SECOND) // 2])
    with mock.patch.object(_source, "build", wraps=_index.build) as built:
        for later in (10, 60):  # who asks next is told, too, without reading it again
            assert ask(later) == 1
            assert "cut off" in ask.warnings[0]
            assert "asked again" not in ask.warnings[0]
        assert built.call_count == 1
    with pytest.raises(MainWPError, match="older than feed_max_age") as caught:
        ask(3 * 3600)
    assert caught.value.reason == "feed_too_old"
    path.write_text(SECOND)
    os.utime(path, (ask.time, ask.time))
    assert ask() == 2
    assert ask.warnings == []


@pytest.mark.parametrize(("text", "reason"), [(SECOND[:99], "feed_cut_off"), ("<html>", "feed_changed")])
def test_a_file_that_is_no_feed_is_read_once(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "feed.json"
    path.write_text(text)
    ask = Asking(str(path), tmp_path / "cache")
    with mock.patch.object(_source, "build", wraps=_index.build) as built:
        for dummy in range(3):
            with pytest.raises(MainWPError) as caught:
                ask(60)
            assert caught.value.reason == reason
        assert built.call_count == 1
    path.write_text(FIRST)
    assert ask() == 1


def test_a_file_may_be_called_what_it_likes(tmp_path: Path) -> None:
    path = tmp_path / "feed?night.json"
    path.write_text(FIRST)
    ask = Asking(str(path), tmp_path / "cache")
    assert ask() == 1
    assert feed_options_from(ask.params).spoken == str(path)


def test_a_file_that_is_too_old_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(FIRST)
    ask = Asking(str(path), tmp_path / "cache", feed_max_age=7200)
    with pytest.raises(MainWPError, match="3 h old") as caught:
        ask(3 * 3600 + 5)
    assert caught.value.reason == "feed_too_old"


def test_a_cache_that_cannot_be_written_is_named(server: FeedServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="feed_cache"):
        Asking(server.url, tmp_path / "file" / "cache")()
