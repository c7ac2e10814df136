# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What make does where two are at it, and where something is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tools import interpreter

ROOT = Path(__file__).resolve().parents[2]
#: A Python that makes an environment of nothing but notes, and takes a moment for it.
PYTHON = """#!/bin/sh
case "$*" in
*interpreter.py*) echo "$0" ;;
*venv*)
    mkdir at-work || exit 9
    sleep 0.5
    mkdir -p .venv/bin
    printf '#!/bin/sh\\ncase "$*" in *uv) touch .venv/bin/uv; chmod +x .venv/bin/uv ;; esac\\n' > .venv/bin/pip
    printf '#!/bin/sh\\n' > .venv/bin/python
    chmod +x .venv/bin/*
    rmdir at-work
    echo made >> made ;;
esac
"""


@pytest.mark.skipif(not shutil.which("flock"), reason="without flock nobody is kept away")
def test_two_setups_at_once_make_one_environment(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-C", str(tmp_path), f"PYTHON={python}", "setup"]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
        for dummy in range(2)
    ]
    told = [one.communicate(timeout=60)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert (tmp_path / "made").read_text() == "made\n"
    assert (tmp_path / ".venv" / ".stamp").read_text() == str(tmp_path)


@pytest.mark.parametrize("there", [[], ["chromedriver"]])
def test_pictures_say_in_one_sentence_what_is_missing(tmp_path: Path, there: list[str]) -> None:
    for name in there:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    env = {**os.environ, "PATH": str(tmp_path)}
    command = [sys.executable, "-m", "browser.pictures"]
    done = subprocess.run(command, cwd=ROOT / "tests", env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    sentence = "Needs chromium and chromedriver: on Debian, apt-get install chromium chromium-driver."
    assert (done.stdout, done.stderr) == ("", f"{sentence}\n")


@pytest.mark.parametrize("optimized", [True, False])
@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("asked_for", [["this"], []])
def test_the_quicker_build_of_the_same_version_is_taken(monkeypatch, capsys, optimized, there, asked_for) -> None:
    monkeypatch.setattr(interpreter, "is_optimized", lambda: optimized)
    monkeypatch.setattr(interpreter, "works", lambda _path: there)
    monkeypatch.setattr(sys, "argv", ["interpreter.py", *asked_for])
    interpreter.main()
    major, minor = sys.version_info[:2]
    own, distribution = os.path.realpath(sys.executable), f"/usr/bin/python{major}.{minor}"
    better = there and not optimized and not asked_for
    assert capsys.readouterr().out == f"{distribution if better else own}\n"


def test_what_makes_no_environment_is_not_taken(tmp_path: Path) -> None:
    assert interpreter.works(sys.executable)
    assert not interpreter.works(str(tmp_path / "python3"))
    lacking = tmp_path / "python3"
    lacking.write_text("#!/bin/sh\nexit 1\n")
    lacking.chmod(0o755)
    assert not interpreter.works(str(lacking))
