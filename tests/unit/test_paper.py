# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Printing with a browser that does not do it; that a real one does, the tests in a browser show."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.wpfleet.mainwp.plugins.module_utils._jobs import _paper


@pytest.fixture
def page(tmp_path: Path) -> Path:
    page = tmp_path / "letter.html"
    page.write_text("<p>Hello</p>")
    return page


def browser(folder: Path, script: str) -> str:
    program = folder / "browser"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


def test_what_a_browser_says_last_is_told(page: Path, tmp_path: Path) -> None:
    with pytest.raises(_paper.NotPrinted, match=r"^browser: no display$"):
        _paper.print_page(browser(tmp_path, "echo first >&2; echo no display >&2; exit 3"), page, tmp_path / "a.pdf")
    assert not list(tmp_path.glob("*.pdf"))


def test_what_is_no_pdf_is_not_kept(page: Path, tmp_path: Path) -> None:
    script = 'for word; do case $word in --print-to-pdf=*) echo html > "${word#*=}";; esac; done'
    with pytest.raises(_paper.NotPrinted, match=r"^browser: it made no PDF$"):
        _paper.print_page(browser(tmp_path, script), page, tmp_path / "a.pdf")
    assert not list(tmp_path.glob("*.pdf"))


def test_a_browser_that_hangs_ends_with_all_that_it_started(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_paper, "_PATIENCE", 0.5)
    script = f"sleep 600 & echo $! > {tmp_path}/child; wait"
    with pytest.raises(_paper.NotPrinted, match="it did not end within"):
        _paper.print_page(browser(tmp_path, script), page, tmp_path / "a.pdf")
    child = int((tmp_path / "child").read_text())
    try:  # a killed orphan is a zombie until something reaps it
        assert Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
