# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-test takes for pip: it hands on to uv, which does in a moment what keeps pip busy for five seconds.

ansible-test makes a dozen environments. In each it runs its copy of ``get-pip.py``, which installs pip and maybe setuptools,
then ``pip install``, then ``pip uninstall`` for pip itself. This file takes the place of ``get-pip.py``, and puts itself into
the environment as the package ``pip``. How uv is called stands in ``~/uv.json``, where ``sanity.py`` wrote it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(sysconfig.get_path("purelib"), "pip")


def uv(command: str, words: list[str]) -> None:
    how = json.loads(Path("~/uv.json").expanduser().read_text())
    call = [how["program"], "pip", command, "--quiet", "--python", sys.executable, *words]
    sys.exit(subprocess.run(call, env=how["environment"], stdin=subprocess.DEVNULL, check=False).returncode)


def main(command: str, *words: str) -> None:
    others = [word for word in words if not word.startswith(("-", "pip"))]
    if command in ("-V", "wheel"):  # what is prepared with "wheel" uv prepares by itself
        return
    if command == "install":
        uv(command, [word for word in words if word != "--disable-pip-version-check"])
    elif command == "uninstall":
        shutil.rmtree(HERE)
    else:
        HERE.mkdir()
        (HERE / "__init__.py").touch()
        shutil.copy(__file__, HERE / "__main__.py")
        command = "install"
    if others:
        uv(command, others)


if __name__ == "__main__":
    main(*sys.argv[1:])
