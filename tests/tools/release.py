# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a tag may be released: ``release.py TAG ARTIFACT NOTES``.

The tag is the version of ``galaxy.yml``, the changelog has it and nothing is left over for the next one, and the artifact has
the files of the tag, byte for byte. If so, the changelog's part about the version is written to NOTES.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from artifact import SHIPPED
from envs import ROOT, environment

#: What ``ansible-galaxy collection build`` writes itself, of galaxy.yml.
WRITTEN = {"MANIFEST.json", "FILES.json"}
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def contents(tar: tarfile.TarFile) -> dict[str, bytes]:
    """The files of an archive, by name."""
    found = {}
    for member in tar:
        file = tar.extractfile(member) if member.isfile() else None
        if file:
            found[member.name] = file.read()
    return found


def tagged(tag: str, root: Path) -> dict[str, bytes]:
    """The files that a tag has."""
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "archive", "--format=tar", f"refs/tags/{tag}"],
        cwd=root,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
        return contents(tar)


def part_about(version: str, changelog: str) -> str:
    """What CHANGELOG.md says about a version, without its heading."""
    written = re.escape(version.replace(".", r"\."))  # antsibull-changelog escapes the dots for Markdown
    found = re.search(rf"^## v{written}\n(.*?)(?=^<a id=\"v\d|\Z)", changelog, re.MULTILINE | re.DOTALL)
    return found[1].strip() + "\n" if found else ""


def faults_of_version(tag: str, files: dict[str, bytes]) -> Iterator[str]:
    if not VERSION.fullmatch(tag):
        yield f"{tag}: a tag is a version such as 1.2.3, and nothing else"
    version = yaml.safe_load(files["galaxy.yml"])["version"]
    if version != tag:
        yield f"galaxy.yml: the version is {version}, the tag {tag}"


def faults_of_changelog(tag: str, files: dict[str, bytes]) -> Iterator[str]:
    releases: dict[str, Any] = yaml.safe_load(files.get("changelogs/changelog.yaml", b"{}")).get("releases", {})
    if tag not in releases:
        yield f"changelogs/changelog.yaml: there is no {tag}; run antsibull-changelog release"
    if not part_about(tag, files["CHANGELOG.md"].decode()):
        yield f"CHANGELOG.md: there is nothing about {tag}; run antsibull-changelog release"
    for name in sorted(files):
        if re.fullmatch(r"changelogs/fragments/[^.].*\.ya?ml", name):
            yield f"{name}: is in no release"


def faults_of_artifact(packed: dict[str, bytes], files: dict[str, bytes]) -> Iterator[str]:
    for name in sorted(packed.keys() - WRITTEN):
        if name not in files:
            yield f"{name}: in the artifact, but not in the tag"
        elif packed[name] != files[name]:
            yield f"{name}: differs from the tag"
    for name in sorted(files.keys() - packed.keys()):
        if SHIPPED.fullmatch(name):
            yield f"{name}: in the tag, but not in the artifact"


def main() -> int:
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    tag, artifact, notes = sys.argv[1:]
    files = tagged(tag, ROOT)
    with tarfile.open(artifact) as tar:
        packed = contents(tar)
    faults = [*faults_of_version(tag, files), *faults_of_changelog(tag, files), *faults_of_artifact(packed, files)]
    if faults:
        print("\n".join(faults))
        return 1
    Path(notes).write_text(part_about(tag, files["CHANGELOG.md"].decode()), encoding="utf-8")
    print(f"{Path(artifact).name}: what the tag {tag} has, and nothing else")
    return 0


if __name__ == "__main__":
    sys.exit(main())
