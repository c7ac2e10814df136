# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``interpreter.py [this]`` prints what to make the environment of: ``this`` interpreter that runs it, or the distribution's build
of the same version if that is the quicker one.

One that pyenv compiled, or somebody by hand, often lacks the optimizations of a distribution's, and takes half as long again for
everything. Run by whatever ``python3`` there is, so the syntax is that of any Python 3.
"""

import os
import subprocess
import sys
import sysconfig


def is_optimized():
    """Whether this one was told to be when it was compiled. (Debian does it by other means; there one is looked for.)"""
    return "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")


def works(path):
    """Whether environments can be made of it: on Debian that takes a package of its own."""
    code = "import ensurepip, ssl, venv"
    return os.access(path, os.X_OK) and not subprocess.call([path, "-c", code], stderr=subprocess.DEVNULL)


def main():
    # the real one, even if python3 is that of an activated environment, maybe our own
    own = os.path.realpath(sys.executable)
    distribution = "/usr/bin/python{}.{}".format(*sys.version_info)
    print(own if sys.argv[1:] or is_optimized() or not works(distribution) else distribution)


if __name__ == "__main__":
    main()
