# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Feeds are read record by record, and what is none is named."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import feeds
import pytest
from feeds import record, software, versions
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.wpfleet.mainwp.plugins.module_utils._errors import MainWPError
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed import _stream
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed._index import Index, build
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed._records import flaw_of
from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed._stream import CutOff, NotAFeed, members


class Drip(io.BytesIO):
    """A file that gives a few bytes at a time."""

    step = 1

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(self.step, size or 0) if size and size > 0 else self.step)


def read(text: str | bytes, step: int = 10**9) -> list[tuple[str, Any]]:
    file = Drip(text if isinstance(text, bytes) else text.encode())
    file.step = step
    return list(members(file))


def index_of(path: Path, *records: dict[str, Any]) -> Index:
    build(io.BytesIO(feeds.text_of(*records).encode()), path)
    return Index(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.text(max_size=5), st.dictionaries(st.text(max_size=4), JSON, max_size=3), max_size=4),
    st.integers(1, 9),
    st.booleans(),
    st.sampled_from([None, 1]),
)
def test_any_object_of_objects_is_read_in_pieces_of_any_size(
    value: dict[str, Any], step: int, plain: bool, indent: int | None
) -> None:
    assert read(json.dumps(value, ensure_ascii=not plain, indent=indent).encode("utf-8", "replace"), step) == list(
        json.loads(json.dumps(value, ensure_ascii=not plain).encode("utf-8", "replace")).items()
    )


@pytest.mark.parametrize("step", [1, 7, 10**9])
def test_a_feed_that_ends_anywhere_is_cut_off(step: int) -> None:
    text = json.dumps({"a": {"é": [1, 'x\\"']}, "b": {"n": -12.5e3, "t": True}}, ensure_ascii=True)
    for end in range(1, len(text)):
        with pytest.raises(CutOff):
            read(text[:end], step)
    assert len(read(text, step)) == 2


@pytest.mark.claim("feed-bounded")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '[{"id": 1}]',
        "<html><body>Sign in</body></html>",
        '{"message": "v2 is gone"}',
        '{"a": {}, "b": [1]}',
        '{"a": {}} more',
        '{"a": {}}{"b": {}}',
        '{"a" {}}',
        '{"a": {} "b": {}}',
        "{a: {}}",
        '{"a": {"b": nonsense, "c": "' + "x" * 60 + '"}}',
        '{"a": {"n": ' + "9" * 5000 + "}}",
        '{"a": ' + '{"b":' * 100_000 + "}" * 100_001 + "}",
    ],
)
@pytest.mark.parametrize("step", [100, 10**9])
def test_what_is_no_feed_is_said_to_be_none(text: str, step: int) -> None:
    with pytest.raises(NotAFeed):
        read(text, step)


@pytest.mark.claim("feed-bounded")
def test_a_record_without_end_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_stream, "_LONGEST", 1000)
    monkeypatch.setattr(_stream, "_CHUNK", 100)
    endless = Drip(b'{"a": {"b": "' + b"x" * 10_000)
    endless.step = 100
    with pytest.raises(NotAFeed):
        list(members(endless))
    assert endless.tell() < 2000


def test_an_index_knows_the_flaws_of_each_item_and_their_notices(tmp_path: Path) -> None:
    other = {"message": "M", "others": {"notice": "N", "license": "L", "license_url": "javascript:x"}}
    index = index_of(
        tmp_path / "x.index",
        record(1, software("shop"), software("shop", versions("1", "2")), software("Paper", kind="theme")),
        record(2, software("shop"), copyrights=[]),
        record(3, software("paper", kind="theme"), copyrights=other),
    )
    assert [flaw.id[-1] for flaw in index.flaws("plugin", "shop")] == ["1", "2"]
    assert [flaw.id[-1] for flaw in index.flaws("theme", "paper")] == ["1", "3"]
    assert index.flaws("plugin", "paper") == []
    one, two, three = (flaw.notices for flaw in (*index.flaws("plugin", "shop"), index.flaws("theme", "paper")[1]))
    assert index.notice(one[0]) == {"holder": "inventors", "message": "This record is invented.", **feeds.NOTICE}
    assert two == ()
    assert index.notice(three[0])["license_url"] == ""
    assert (index.records, index.skipped) == (3, 0)
    index.close()


def test_notices_are_kept_once(tmp_path: Path) -> None:
    index = index_of(tmp_path / "x.index", *(record(number, software("shop")) for number in range(20)))
    assert len({flaw.notices for flaw in index.flaws("plugin", "shop")}) == 1
    index.close()


def test_some_records_of_a_new_kind_are_skipped_and_many_mean_that_the_format_changed(tmp_path: Path) -> None:
    good = [record(number, software("shop")) for number in range(100)]
    strange = record(100, {**software("shop"), "type": "block"})
    index = index_of(tmp_path / "x.index", *good, strange)
    assert (index.records, index.skipped) == (101, 1)
    index.close()
    renamed = [{("products" if key == "software" else key): value for key, value in one.items()} for one in good]
    with pytest.raises(NotAFeed, match="100 of the feed's 100 records") as caught:
        index_of(tmp_path / "y.index", *renamed)
    assert isinstance(caught.value, MainWPError)
    assert not (tmp_path / "y.index").exists()
    with pytest.raises(NotAFeed, match="no records"):
        index_of(tmp_path / "y.index")


@pytest.mark.parametrize(
    "broken",
    [
        {"software": None},
        {"software": ["shop"]},
        {"software": [{}]},
        {"software": [{**software("shop"), "affected_versions": None}]},
        {"software": [{**software("shop"), "affected_versions": {"x": {"from_version": "1"}}}]},
        {"software": [{**software("shop"), "affected_versions": {"x": {"from_version": [], "to_version": "2"}}}]},
        {"software": [{**software("shop"), "affected_versions": {"x": {"from_version": True, "to_version": "2"}}}]},
        {"software": [{**software("shop"), "slug": ""}]},
    ],
)
def test_a_record_that_does_not_say_what_is_affected_is_not_guessed_at(broken: dict[str, Any]) -> None:
    assert flaw_of("x", {**record(1, software("shop")), **broken}) is None


ODD = {**software("blocks"), "type": "library"}


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        ([software("shop", versions(high="1.0")), ODD], False),
        ([ODD, software("shop", versions(high="1.0"))], False),
        ([software("shop", versions(high="1.0")), "shop-pro"], False),
        ([software("shop", versions(high="1.0"), {"from": "3"})], False),
        ([{**software("shop"), "affected_versions": [versions(high="1.0"), None]}], False),
        ([*(software(f"a{number}") for number in range(499)), software("shop", versions(high="1.0")), ODD], False),
        ([software("shop", versions(high="1.0"))], True),
        ([{**software("shop"), "affected_versions": [versions(high="1.0")]}], True),
    ],
)
def test_what_cannot_be_understood_of_a_record_does_not_hide_the_rest(
    tmp_path: Path, pieces: list[Any], whole: bool
) -> None:
    others = [record(number, software("other")) for number in range(10, 110)]
    index = index_of(tmp_path / "x.index", {**record(1), "software": pieces}, *others)
    [found] = index.flaws("plugin", "shop")
    assert [found.affects("plugin", "shop", version) for version in ("1.0", "1.1")] == [True, False]
    assert index.skipped == (not whole)
    index.close()


@pytest.mark.parametrize("end", ["", " ", None, "*"])
def test_an_end_without_a_version_is_none(tmp_path: Path, end: Any) -> None:
    ranges = (versions("1.0", end), versions(end, "0.5"))
    index = index_of(tmp_path / "x.index", record(1, software("shop", *ranges)))
    [found] = index.flaws("plugin", "shop")
    assert [found.affects("plugin", "shop", version) for version in ("0.4", "0.9", "99")] == [True, False, True]
    assert index.skipped == 0
    index.close()


def test_a_record_about_nothing_is_understood(tmp_path: Path) -> None:
    index = index_of(tmp_path / "x.index", record(1, software("shop")), record(2), record(3))
    assert (index.records, index.skipped) == (3, 0)
    index.close()


def test_a_record_may_lack_all_but_its_software() -> None:
    """The scanner feed has no score, no CVE and no description; PHP writes empty maps as lists."""
    made = flaw_of("x", {"software": [{**software("shop"), "affected_versions": []}], "cvss": [], "copyrights": []})
    assert made is not None
    assert (made.id, made.score, made.rating, made.cve, made.link) == ("x", None, "unknown", "", "")
    assert not made.affects("plugin", "shop", "1.0")


@pytest.mark.claim("feed-text")
def test_texts_of_a_feed_are_plain_and_bounded() -> None:
    made = flaw_of(
        "x",
        record(
            1,
            software("shop"),
            title="<script>alert(1)</script>\x1b[31mred\u202e" + "x" * 9000,
            cve="CVE-0000-1\n<b>",
            references=["javascript:alert(1)", "https://evil.example/<x>", {"a": 1}, "https://fine.example/a?b=c#d"],
            cvss={"score": "1e999", "rating": ["High"]},
        ),
    )
    assert made is not None
    assert not {"\x1b", "<", "\u202e"} & set(made.title)
    assert len(made.title) <= 500
    assert made.cve == "CVE-0000-1"
    assert made.link == "https://fine.example/a?b=c#d"
    assert (made.score, made.rating) == (None, "unknown")


def test_the_link_is_that_of_the_record_itself() -> None:
    made = flaw_of("x", record(1, software("shop")))
    assert made is not None
    assert made.link == f"https://feeds.example/flaws/{feeds.name(1)}"


def test_a_web_page_is_told_from_a_feed_that_changed() -> None:
    with pytest.raises(NotAFeed, match="is a web page, not JSON") as caught:
        list(members(io.BytesIO(b"\n<!DOCTYPE html><title>Log in</title>")))
    assert "login page" in caught.value.hint
    assert "newer version" not in caught.value.hint
