# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask a feed of vulnerabilities for some hosts, each as if it were the only one: a script that ``feed`` runs and measures."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from ansible_collections.wpfleet.mainwp.plugins.module_utils._feed._source import FeedOptions, opened
from ansible_collections.wpfleet.mainwp.plugins.module_utils._flaws import Filter
from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs._findings import known_flaws


def main(feed: str, cache: str, software: int, hosts: int) -> None:
    """Tell how long each question took, and what came of all."""
    options = FeedOptions(feed, "", Path(cache), 10**9)
    seconds, found, records = [], 0, 0
    for host in range(hosts):
        began = time.perf_counter()
        answer = opened(options, print)
        known = known_flaws(answer.index.flaws, Filter())
        for number in range(software):
            found += len(known("plugin", f"plugin-{host + number}", "3.1"))
        found += len(known("core", "wordpress", "6.9"))
        answer.index.close()
        seconds.append(time.perf_counter() - began)
        records = answer.index.records
    print(json.dumps({"seconds": seconds, "found": found, "records": records}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
