# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A letter printed by a real chromium, as mainwp_outbox does it: on A4, for its owner only, without a network."""

from __future__ import annotations

import re
import socket
import stat
from pathlib import Path

import pytest

from browser import specimens


def printed(page: Path, paper: Path) -> bytes:
    specimens.on_paper(page, paper)
    return paper.read_bytes()


def test_a_letter_is_printed_on_a4_for_its_owner(pages: dict[str, Path], tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    paper = printed(pages["plain-letter"], file)
    assert paper.startswith(b"%PDF")
    sizes = {
        tuple(round(float(number)) for number in box.split()) for box in re.findall(rb"/MediaBox \[([^]]+)\]", paper)
    }
    assert sizes == {(0, 0, 595, 842)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["letter.pdf"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_browser_reaches_nobody(tmp_path: Path, host: str) -> None:
    page = tmp_path / "page.html"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://{host}:{server.getsockname()[1]}"
        page.write_text(
            f"<!doctype html><title>x</title><img src='{url}/1.png'><script>fetch('{url}/2')</script>"
            f"<link rel=stylesheet href='{url}/3.css'><iframe src='{url}/4'></iframe><p>Dear all</p>"
        )
        assert printed(page, tmp_path / "page.pdf").startswith(b"%PDF")
        with pytest.raises(BlockingIOError):
            server.accept()
