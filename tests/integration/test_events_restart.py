# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the event source knows after a restart, and what it keeps that in."""

from __future__ import annotations

import errno
import logging
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from integration._events import offer, three, told, turn, watching
from integration._fleets import lock_out

from ansible_collections.wpfleet.mainwp.plugins.module_utils import _errors as errors
from simulator import Monitor, Simulator

pytestmark = pytest.mark.once


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(three()) as running:
        yield running


def test_a_restart_neither_repeats_nor_loses(sim: Simulator, tmp_path) -> None:
    state = tmp_path / "eda" / "state.json"
    with watching(sim, state_file=str(state)) as watch:
        lock_out(sim.fleet, 1)
        assert told(turn(watch)) == [("site_lost", 1)]
        offer(sim, 2)
        assert told(watch.poll()) == [("update_offered", [2])], "and it dies before it remembers that"
    lock_out(sim.fleet, 3)
    with watching(sim, state_file=str(state), known=False) as watch:
        assert told(turn(watch)) == [("site_lost", 3), ("update_offered", [2])]
    with watching(sim, state_file=str(state), known=False) as watch:
        assert turn(watch) == []
    text = state.read_text()
    assert state.stat().st_mode & 0o777 == 0o600
    assert sim.key("read").token not in text
    assert sim.key("read").token.partition("==")[2] not in text


def test_an_outage_is_not_told_again_after_a_restart(sim: Simulator, tmp_path) -> None:
    state = str(tmp_path / "state.json")
    rule = sim.faults.add(action="reset_before", path="/.*", times=None)
    with watching(sim, state_file=state, known=False) as watch:
        assert told(turn(watch)) == [("dashboard_lost", [])], "it never was there, and may come yet"
    with watching(sim, state_file=state, known=False) as watch:
        assert turn(watch) == []
        sim.faults.rules.remove(rule)
        assert told(turn(watch)) == [("dashboard_back", [])]
        lock_out(sim.fleet, 1)
        assert told(turn(watch)) == [("site_lost", 1)]


def test_a_file_below_a_file_is_told(sim: Simulator, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.InputError, match=r"state_file: .*/file/eda/state.json cannot be used: Not a directory"):
        watching(sim, state_file=str(tmp_path / "file" / "eda" / "state.json")).__enter__()


def test_what_cannot_be_kept_is_told_once_and_kept_once_it_can(sim: Simulator, tmp_path, caplog) -> None:
    folder, away = tmp_path / "eda", tmp_path / "away"
    state = str(folder / "state.json")
    with watching(sim, state_file=state) as watch, caplog.at_level(logging.WARNING):
        folder.rename(away)
        folder.write_text("")
        lock_out(sim.fleet, 1)
        assert told(turn(watch)) == [("site_lost", 1)]
        assert turn(watch) == []
        assert [record.getMessage().partition(": ")[0] for record in caplog.records] == [f"{state} cannot be written"]
        folder.unlink()
        away.rename(folder)
        assert turn(watch) == []
    with watching(sim, state_file=state, known=False) as watch:
        assert turn(watch) == []


def test_without_a_file_it_says_what_that_means(sim: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), watching(sim):
        assert [record.getMessage() for record in caplog.records] == [
            "No state_file is given: what changes while nothing watches is not told, for a restart begins anew."
        ]


@pytest.mark.parametrize(
    ("text", "told_of_it"),
    [
        ("", "damaged"),
        ("{", "damaged"),
        ('{"format": 1}', "damaged"),
        ('{"format": 1, "dashboard": "127.0.0.1", "sites": [], "away": null}', "damaged"),
        ('{"format": 2, "dashboard": "127.0.0.1"}', "another release"),
        (
            '{"format":1,"dashboard":"other.example","away":null,"sites":null,"monitors":null,"logs":null,"flaws":null}',
            "other",
        ),
    ],
)
def test_a_file_that_is_not_ours_is_left_alone(sim: Simulator, tmp_path, text: str, told_of_it: str) -> None:
    state = tmp_path / "state.json"
    state.write_text(text)
    with pytest.raises(errors.InputError, match=rf"state_file.*{told_of_it}"), watching(sim, state_file=str(state)):
        pass
    assert state.read_text() == text


@pytest.mark.parametrize("kind", ["folder", "pipe", "socket", "device", "link"])
def test_what_is_no_file_is_one_sentence_at_once(sim: Simulator, tmp_path, kind: str) -> None:
    """Reading a pipe would never end; nothing is made beside it either."""
    path = tmp_path / "state.json"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        os.mknod(path, stat.S_IFSOCK | 0o600)
    elif kind == "link":
        path.symlink_to("/dev/full")
    name = "/dev/full" if kind in ("device", "link") else str(path)
    what = "device" if kind == "link" else kind
    before = sorted([*tmp_path.iterdir(), *Path("/dev").glob("*.lock")])
    given = name if kind == "device" else str(path)
    refused = pytest.raises(errors.InputError, match=f"^state_file: {name} is a {what}. Name a file")
    with refused, watching(sim, state_file=given, known=False):
        pass
    assert sorted([*tmp_path.iterdir(), *Path("/dev").glob("*.lock")]) == before


def test_what_a_killed_source_left_beside_its_file_is_removed(sim: Simulator, tmp_path) -> None:
    """Of processes that are gone, and of this file."""
    done = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True, check=True)
    dead, live = int(done.stdout), os.getppid()
    left = tmp_path / f".state.json.{dead}"
    others = [
        tmp_path / name for name in (f".state.json.{live}", f".other.json.{dead}", ".state.json.x", ".state.json.")
    ]
    for path in (left, *others):
        path.write_text("half")
    with watching(sim, state_file=str(tmp_path / "state.json")) as watch:
        assert turn(watch) == []
    assert not left.exists()
    assert all(path.read_text() == "half" for path in others)
    assert (tmp_path / "state.json").exists()


def test_a_file_that_cannot_be_read_is_told(sim: Simulator, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_keywords: object) -> str:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "read_text", broken)
    with (
        pytest.raises(errors.InputError, match=r"state_file: .* cannot be read: Input/output error"),
        watching(sim, state_file=str(tmp_path / "state.json")),
    ):
        pass


def test_a_file_is_for_one_source_at_a_time(sim: Simulator, tmp_path) -> None:
    state = str(tmp_path / "state.json")
    with (
        watching(sim, state_file=state),
        pytest.raises(errors.InputError, match=r"state_file: .* is in use by .* \(process \d+"),
        watching(sim, state_file=state),
    ):
        pass
    with watching(sim, state_file=state, known=False) as watch:
        assert turn(watch) == []


def test_events_that_are_asked_for_later_begin_with_what_there_is_then(sim: Simulator, tmp_path) -> None:
    state = str(tmp_path / "state.json")
    monitor = sim.fleet.monitors[7] = Monitor(7, 2)
    monitor.found(sim.clock.now() - 600, 0, 503)
    with watching(sim, state_file=state, events=["site_lost"]):
        pass
    with watching(sim, state_file=state) as watch:
        monitor.found(sim.clock.now() - 60, 1)
        assert told(turn(watch)) == [("monitor_up", 2)]
    with watching(sim, state_file=state, events=["site_lost"]):
        monitor.found(sim.clock.now() - 30, 0, 503)
    with watching(sim, state_file=state, known=False) as watch:
        assert told(turn(watch)) == [("monitor_down", 2)], "since it was asked for last"
