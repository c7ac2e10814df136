# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Dashboard is asked, and how much of it at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from ansible_collections.wpfleet.mainwp.plugins.module_utils._connection import connection_from
from ansible_collections.wpfleet.mainwp.plugins.module_utils._dashboard import Dashboard
from ansible_collections.wpfleet.mainwp.plugins.module_utils._models import Site


class Slow:
    """A dialect's client that answers only when it is asked for two chunks at a time."""

    def __init__(self) -> None:
        self.both = threading.Barrier(2, timeout=5)
        self.asked: list[int] = []

    def sites_by_id(self, ids: Sequence[int], fields: Sequence[str]) -> Iterator[Site]:
        self.asked.append(len(ids))
        self.both.wait()
        return (Site(id=number, url=f"https://{number}.example/", name=fields[0]) for number in ids)


def test_sites_are_read_by_id_in_parallel_chunks() -> None:
    dashboard = Dashboard(connection_from({"url": "https://dashboard.example", "api_key": "a" * 40 + "==" + "b" * 40}))
    dashboard.api = slow = Slow()  # type: ignore[assignment]
    found = dashboard.sites_by_id(range(1, 141), ["name"])
    assert [(key, site.id, site.name) for key, site in found.items()] == [(n, n, "name") for n in range(1, 141)]
    assert sorted(slow.asked) == [40, 100]
    assert dashboard.sites_by_id([], ["name"]) == {}
