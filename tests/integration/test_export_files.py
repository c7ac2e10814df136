# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of an export: all of them, or none; and nothing that is not ours is replaced."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from integration._export import exported, nasty
from integration._fleets import child, fleet
from unit.test_export_yaml import read_by_ansible

from ansible_collections.wpfleet.mainwp.plugins.module_utils._config.kinds import BY_NAME
from simulator import Cost, Tag


def test_a_file_for_each_kind(direct_for, tmp_path):
    play = direct_for(nasty())
    planned = play.task("mainwp_export", {"dest": f"{tmp_path}/tree/"}, check=True, diff=True)
    assert planned.changed
    assert not (tmp_path / "tree").exists()
    done, again = (play.task("mainwp_export", {"dest": f"{tmp_path}/tree/"}, diff=True) for dummy in range(2))
    assert (done["diff"], done["files"]) == (planned["diff"], planned["files"])
    assert done["files"] == [f"{tmp_path}/tree/{kind}.yml" for kind in BY_NAME]
    assert "tree" not in done.data
    assert (again.changed, again["diff"]) == (False, [])
    for file in map(Path, done["files"]):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert read_by_ansible(file).keys() <= {f"dashboard_config_{file.stem}"}
    Path(done["files"][4]).write_text("other")
    mended = play.task("mainwp_export", {"dest": f"{tmp_path}/tree", "only": ["tags", "clients"]}, diff=True)
    assert [entry["before_header"] for entry in mended["diff"]] == [f"{tmp_path}/tree/tags.yml"]
    assert mended["diff"][0]["before"] == "other"
    assert mended["files"] == [f"{tmp_path}/tree/{kind}.yml" for kind in ("tags", "clients")]


def test_what_cannot_be_read_or_written_leaves_the_files_alone(direct_for, tmp_path):
    play = direct_for(nasty())
    file = tmp_path / "tree.yml"
    file.write_text("old")
    play.sim.faults.add(path=r"/mainwp/v2/costs/9", action="status", code=400, body={"code": "x"}, times=None)
    failed = exported(play, dest=str(file))
    assert (failed.failed, failed.changed, file.read_text()) == (True, False, "old")
    unwritable = exported(play, dest=str(file / "below.yml"), only=["tags"])
    assert unwritable.failed
    assert "cannot be written" in unwritable.msg


def test_a_site_that_is_removed_meanwhile_is_left_out_and_named(direct_for, dialect, tmp_path):
    """Between the list and what is asked of each; nothing of the tree names it, and the rest is whole."""
    made = fleet(child(), child(), child())
    for site in made.sites.values():
        site.ignored_plugins = {"shop/shop.php": {"Name": "Shop", "ignored_versions": ["all_versions"]}}
    made.costs = {9: Cost(9, {"name": "Host", "sites": "[1,2]"})}
    play = direct_for(made, dialect)

    def remove() -> None:
        made.sites.pop(2, None)

    play.sim.faults.add(path=r"/mainwp/v2/sites/2", action="hook", before=remove)
    file = tmp_path / "tree.yml"
    sentence = "https://s02.example/ was removed while the Dashboard was read, and is left out."
    told = play.task("mainwp_export", {"include_personal": True, "dest": str(file)}, warns=(sentence,))
    assert not told.failed, told.msg
    assert told["summary"]["sites"] == 2
    assert "s02.example" not in file.read_text()
    assert "s01.example" in file.read_text()
    assert "Host" in file.read_text()


def test_a_site_that_cannot_be_read_is_not_taken_for_removed(direct_for, tmp_path):
    play = direct_for(fleet(child(), child()))
    body = {"code": "x"}
    play.sim.faults.add(path=r"/mainwp/v2/sites/2", action="status", code=404, body=body, times=None)
    assert exported(play, dest=str(tmp_path / "tree.yml")).failed
    assert [*tmp_path.iterdir()] == []


def test_a_tree_of_which_one_file_cannot_be_written_stays_as_it_was(direct_for, tmp_path, monkeypatch):
    """A disk that is full in the middle of it."""
    play, tree = direct_for(fleet(child(), tags=[Tag(1, "one")])), tmp_path / "tree"
    assert not exported(play, dest=f"{tree}/").failed
    before = {path.name: path.read_text() for path in tree.iterdir()}
    play.sim.fleet.tags[1].name = "two"
    play.sim.fleet.sites[1].name = "other"
    opened = os.open

    def full(path, *more, **how):
        if str(path).startswith(f"{tree}/.sites.yml"):
            raise OSError(28, "No space left on device", str(path))
        return opened(path, *more, **how)

    monkeypatch.setattr(os, "open", full)
    failed = exported(play, dest=f"{tree}/")
    monkeypatch.undo()
    assert (failed.failed, failed.changed) == (True, False)
    assert "No space left" in failed.msg
    assert {path.name: path.read_text() for path in tree.iterdir()} == before


def test_what_is_no_export_is_not_replaced(direct_for, tmp_path):
    """Found out before anything is asked, in check mode, too, and of one file that is in the way before another one is written."""
    play, file = direct_for(fleet(child())), tmp_path / "agency.yml"
    mine = "---\nmainwp_url: https://dashboard.example\n'dashboard_config_secrets': {}\ndashboard_config_tags__mine:\n  - name: x\n"
    folder, pipe = tmp_path / "agency", tmp_path / "pipe"
    (folder / "tags.yml").mkdir(parents=True)
    os.mkfifo(pipe)
    for dest, text, said_of_it in (
        (
            file,
            mine,
            "other variables, which would be lost: mainwp_url, dashboard_config_secrets, dashboard_config_tags__mine.",
        ),
        (file, "$ANSIBLE_VAULT;1.1;AES256\n3334\n", "ansible-vault has encrypted"),
        (pipe, None, "that is no file"),
        (folder, None, "that is no file"),
        (f"{file}/below/", "x", f"{file} is no folder"),
    ):
        if text is not None:
            file.write_text(text)
        for check in (True, False):
            refused = play.task("mainwp_export", {"dest": str(dest)}, check=check, diff=True)
            assert (refused.failed, refused.changed, refused.journal) == (True, False, [])
            assert "cannot be written" in refused.msg
            assert said_of_it in refused.msg
            assert "https://dashboard.example" not in json.dumps(refused.data)
        assert text is None or file.read_text() == text
        assert [entry.name for entry in folder.iterdir()] == ["tags.yml"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    for dest in (" ", "a\0b"):
        assert play.task("mainwp_export", {"dest": dest}).msg.startswith("dest: ")
