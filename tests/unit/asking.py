# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions about a feed, as hosts ask them, by a clock of the test."""

from __future__ import annotations

import time
from pathlib import Path

import feeds
from feeds import record, software

from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed._source import Feed, feed_options_from, opened

KEY = "invented-key-of-the-feed"
FIRST = feeds.text_of(record(1, software("shop")))
SECOND = feeds.text_of(record(1, software("shop")), record(2, software("shop")))


class Asking:
    """Somebody who asks again and again, by a clock of the test."""

    def __init__(self, source: str, cache: Path, **options: object) -> None:
        self.cache = cache
        self.params = {"feed": source, "feed_key": KEY, "feed_cache": str(cache), **options}
        self.time = time.time()
        self.warnings: list[str] = []
        self.feed: Feed | None = None

    def __call__(self, later: float = 0.0) -> int:
        """How many flaws the shop has, ``later`` seconds after the last question."""
        self.time += later
        self.warnings.clear()
        self.feed = opened(feed_options_from(self.params), self.warnings.append, lambda: self.time)
        try:
            return len(self.feed.index.flaws("plugin", "shop"))
        finally:
            self.feed.index.close()
