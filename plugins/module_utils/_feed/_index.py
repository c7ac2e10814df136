# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The index of a feed: a file in which a question finds the flaws of one item without reading the rest. PRIVATE.

Its first line says what it is. Then there is a line for each notice and each flaw, then one that tells at which byte the
flaws of each item are, and at the very end at which byte that line is, and a checksum of all before it.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import re
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from .._files import replacing
from .._flaws import Flaw, flaw_from_row, flaw_to_row
from ._records import flaw_of, is_whole, notices_of
from ._stream import NotAFeed, Readable, members

#: Goes up when what is kept changes: an index of another format is made anew.
FORMAT = 2
_FIRST = f"wpfleet.mainwp feed index {FORMAT}\n".encode()
#: The length of the checksum with its line end, and of the whole last line.
_SUM = 9
_LAST = 21 + _SUM
_CHUNK = 128 * 1024
#: So much of a feed may be of a kind that is not known yet; more of it means that the format has changed.
_UNKNOWN = 0.02


def build(feed: Readable, path: Path) -> None:
    """Read a feed record by record and write its index. Raises CutOff, NotAFeed and OSError; then nothing is written."""
    with replacing(path) as file:
        writer = _Writer(file)
        for key, record in members(feed):
            writer.add(key, record)
        writer.end()


class _Writer:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = self._sum = 0
        self._slugs: dict[str, list[int]] = {}
        #: Of a notice's text, for hostile feeds have as many as records → where it is.
        self._notices: dict[bytes, int] = {}
        self._records = self._skipped = 0
        self._first_skipped = ""
        self._write(_FIRST)

    def _write(self, line: bytes) -> int:
        self._file.write(line)
        self._sum = zlib.crc32(line, self._sum)
        self._at += len(line)
        return self._at - len(line)

    def _line(self, value: Any) -> int:
        return self._write(json.dumps(value, separators=(",", ":")).encode() + b"\n")

    def add(self, key: str, record: Mapping[str, Any]) -> None:
        flaw = flaw_of(key, record)
        self._records += 1
        if flaw is None or not is_whole(record, flaw):
            self._skipped += 1
            self._first_skipped = self._first_skipped or key[:60]
        if flaw is None:
            return
        row = flaw_to_row(flaw)
        row[-1] = [self._notice(one) for one in notices_of(record)]
        where = self._line(row)
        for name in {f"{one.type} {one.slug}" for one in flaw.software}:
            self._slugs.setdefault(name, []).append(where)

    def _notice(self, notice: dict[str, str]) -> int:
        name = hashlib.blake2b(json.dumps(notice).encode(), digest_size=16).digest()
        if name not in self._notices:
            self._notices[name] = self._line(notice)
        return self._notices[name]

    def end(self) -> None:
        if self._skipped > self._records * _UNKNOWN:
            text = f"{self._skipped} of the feed's {self._records} records cannot be understood"
            raise NotAFeed(f"{text}, '{self._first_skipped}' first.")
        if not self._slugs:
            raise NotAFeed("The feed has no records.")
        counts = {"records": self._records, "skipped": self._skipped}
        where = self._line({**counts, "slugs": self._slugs})
        self._write(f"{where:020d} ".encode())
        self._write(f"{self._sum:08x}\n".encode())


def _check(file: BinaryIO) -> None:
    """Raises ValueError for what is no index of this format, or is not what was written: disks fill up, power goes."""
    first, left = file.readline(len(_FIRST)), file.seek(0, 2) - _SUM
    if first != _FIRST or left < _LAST:
        raise ValueError("No index of this format.")
    found = file.seek(0)
    while left and (part := file.read(min(left, _CHUNK))):
        found, left = zlib.crc32(part, found), left - len(part)
    if file.read() != f"{found:08x}\n".encode():
        raise ValueError("The index is damaged.")


class Index:
    """What a question is put to. Raises OSError and ValueError for a file that is no index."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            _check(self._file)
            self._file.seek(-_LAST, 2)
            directory = self._read(int(self._file.read(_LAST - _SUM)))
            self.records, self.skipped = int(directory["records"]), int(directory["skipped"])
            self._slugs: dict[str, list[int]] = directory["slugs"]
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def flaws(self, kind: str, slug: str) -> list[Flaw]:
        """The flaws of an item, by the feed's name of it."""
        return [flaw_from_row(self._read(where)) for where in self._slugs.get(f"{kind} {slug}", ())]

    def lacks(self, names: Iterable[str]) -> list[str]:
        """Those of these ids and CVE numbers that no flaw has, whatever it is in."""
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            return [one for one in names if not re.search(re.escape(json.dumps(one).encode()), text, re.IGNORECASE)]

    def notice(self, where: int) -> dict[str, str]:
        """A notice that a flaw refers to."""
        found: dict[str, str] = self._read(where)
        return found

    def _read(self, where: int) -> Any:
        self._file.seek(where)
        return json.loads(self._file.readline())
