# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tags may be released: tests/tools/release.py."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import release  # noqa: E402  # a tool, which is no package

#: What antsibull-changelog makes of two releases.
CHANGELOG = r"""# wpfleet\.mainwp Release Notes

**Topics**

- <a href="#v1-2-0">v1\.2\.0</a>
    - <a href="#minor-changes">Minor Changes</a>
- <a href="#v1-1-0">v1\.1\.0</a>

<a id="v1-2-0"></a>
## v1\.2\.0

<a id="minor-changes"></a>
### Minor Changes

* The newer one\.

<a id="v1-1-0"></a>
## v1\.1\.0

* The older one\.
"""


def files(**changed: str | None) -> dict[str, bytes]:
    """Those of a tag that may be released, but for what is changed. None takes a file away."""
    good: dict[str, str | None] = {
        "galaxy.yml": "version: 1.2.0\n",
        "README.md": "Read me.\n",
        "plugins/modules/mainwp_x.py": "print('x')\n",
        "tests/test_x.py": "",
        "changelogs/changelog.yaml": yaml.safe_dump({"releases": {"1.1.0": {}, "1.2.0": {}}}),
        "changelogs/fragments/.keep": "",
        "CHANGELOG.md": CHANGELOG,
        **changed,
    }
    return {name: text.encode() for name, text in good.items() if text is not None}


def packed(**changed: str | None) -> dict[str, bytes]:
    """What is made of them: without what is not shipped, and with what is written for the occasion."""
    left_out = {"galaxy.yml": None, "tests/test_x.py": None, "changelogs/fragments/.keep": None}
    return files(**{**left_out, "MANIFEST.json": "{}", "FILES.json": "{}", **changed})


def test_nothing_is_wrong_with_a_good_tag() -> None:
    assert not list(release.faults_of_version("1.2.0", files()))
    assert not list(release.faults_of_changelog("1.2.0", files()))
    assert not list(release.faults_of_artifact(packed(), files()))


@pytest.mark.parametrize("tag", ["v1.2.0", "1.2", "1.2.0-rc1", "01.2.0", "1.2.0.0", "1.2.1"])
def test_a_tag_is_the_version_and_nothing_else(tag: str) -> None:
    assert list(release.faults_of_version(tag, files()))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"changelogs/changelog.yaml": None}, "changelogs/changelog.yaml: there is no 1.2.0"),
        ({"changelogs/changelog.yaml": "releases: {1.1.0: {}}"}, "changelogs/changelog.yaml: there is no 1.2.0"),
        ({"CHANGELOG.md": "Nothing is released yet."}, "CHANGELOG.md: there is nothing about 1.2.0"),
        ({"changelogs/fragments/late.yml": "bugfixes: []"}, "changelogs/fragments/late.yml: is in no release"),
    ],
)
def test_the_changelog_has_the_version_and_nothing_is_left_over(changed: dict[str, str | None], told: str) -> None:
    (fault,) = release.faults_of_changelog("1.2.0", files(**changed))
    assert fault.startswith(told)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"README.md": "Read me\n"}, "README.md: differs from the tag"),
        ({"README.md": None}, "README.md: in the tag, but not in the artifact"),
        ({"plugins/modules/evil.py": ""}, "plugins/modules/evil.py: in the artifact, but not in the tag"),
    ],
)
def test_an_artifact_has_the_files_of_the_tag(changed: dict[str, str | None], told: str) -> None:
    assert list(release.faults_of_artifact(packed(**changed), files())) == [told]


def test_the_notes_are_what_the_changelog_says_about_the_version() -> None:
    assert release.part_about("1.2.0", CHANGELOG).endswith("### Minor Changes\n\n* The newer one\\.\n")
    assert release.part_about("1.1.0", CHANGELOG) == "* The older one\\.\n"
    assert release.part_about("1.2", CHANGELOG) == release.part_about("2.0.0", CHANGELOG) == ""


def test_a_release_can_be_made_of_what_there_is(tmp_path: Path) -> None:
    """By the command that CONTRIBUTING names. It only lists the plugins, which ansible-doc knows; here it knows none."""
    stand_in = tmp_path / "bin" / "ansible-doc"
    stand_in.parent.mkdir()
    stand_in.write_text("""#!/bin/sh\necho '{"all": {}}'\n""")
    stand_in.chmod(0o755)
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    shutil.copytree(ROOT / "changelogs", tmp_path / "changelogs")
    shutil.copy(ROOT / "galaxy.yml", tmp_path)
    programs = {
        **os.environ,
        "PATH": os.pathsep.join((str(stand_in.parent), str(Path(sys.executable).parent), os.defpath)),
    }
    made = subprocess.run(
        ["antsibull-changelog", "release", "-v"],
        cwd=tmp_path,
        env=programs,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    has = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert not list(release.faults_of_changelog(version, has))
    notes = release.part_about(version, has["CHANGELOG.md"].decode())
    assert "### Release Summary" in notes
    assert not re.findall(r"\b[A-Z]{1,4}\\\(\S+", notes)  # the markup of modules' documentation


def test_a_tag_is_read_from_git_not_from_the_working_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout, artifact, notes = tmp_path / "checkout", tmp_path / "x.tar.gz", tmp_path / "notes.md"

    def git(*words: str) -> None:
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words]
        subprocess.run(command, cwd=checkout, check=True, capture_output=True)

    for name, content in files().items():
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes(content)
    git("init")
    git("add", "--all")
    git("commit", "--message", "Release 1.2.0")
    git("tag", "--annotate", "--message", "1.2.0", "1.2.0")
    (checkout / "README.md").write_text("Changed since.\n")
    with tarfile.open(artifact, "w:gz") as tar:
        for name, content in packed().items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    monkeypatch.setattr(release, "ROOT", checkout)
    monkeypatch.setattr(sys, "argv", ["release.py", "1.2.0", str(artifact), str(notes)])
    assert release.main() == 0, capsys.readouterr().out
    assert notes.read_text() == release.part_about("1.2.0", CHANGELOG)

    git("commit", "--all", "--message", "Change README")
    git("tag", "--force", "1.2.0")
    assert release.main() == 1
    assert capsys.readouterr().out.endswith("README.md: differs from the tag\n")
