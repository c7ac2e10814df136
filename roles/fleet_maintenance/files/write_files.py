# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write files that only their owner may read. Standard input: a JSON list of maps with ``path`` and ``text``."""

from __future__ import annotations

import json
import os
import pathlib
import sys


def write(path: pathlib.Path, text: str) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        partial.replace(path)
    except BaseException:  # a full disk, Ctrl-C: the half is of no use to anybody
        partial.unlink(missing_ok=True)
        raise


def main() -> None:
    """Write them all; the first that cannot be written ends it."""
    os.umask(0o077)
    for entry in json.load(sys.stdin):
        try:
            write(pathlib.Path(entry["path"]), entry["text"])
        except OSError as exc:
            sys.exit(str(exc))


if __name__ == "__main__":
    main()
