# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tags may be released: tests/tools/release.py."""

from __future__ import annotations

import io
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
