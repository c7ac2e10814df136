# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every test: nothing in the caller's environment reaches it."""

from __future__ import annotations

import atexit
import gc
import os
import re
import shutil
import tempfile
from pathlib import Path

import haste
import pytest
from hypothesis import settings
from shares import long_first

_UNWANTED = re.compile(
    r"(MAINWP|ANSIBLE)_.*"
    r"|PYTHON(PATH|HOME|STARTUP|WARNINGS|DONTWRITEBYTECODE)"
    r"|(HTTPS?|ALL|NO|FTP)_PROXY"  # requests would ask a proxy for the simulator on 127.0.0.1
    r"|(REQUESTS|CURL)_CA_BUNDLE|SSL_CERT_(FILE|DIR)|NETRC",
    re.IGNORECASE,
)


def _clean_environment() -> None:
    for name in list(os.environ):
        if _UNWANTED.fullmatch(name):
            del os.environ[name]
    os.environ["ANSIBLE_CONFIG"] = str(Path(__file__).parent / "ansible.cfg")
    os.environ["LC_ALL"] = "C.UTF-8"
    # A home of our own, where lock files are by default.
    home = tempfile.mkdtemp(prefix="mainwp-home-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["HOME"] = home


def _share_folder() -> None:
    """A folder for what playbooks find out on their way and any of them would find again (see ``_ready.py``): one for all of
    pytest's processes."""
    if "READY_FOLDER" not in os.environ:
        os.environ["READY_FOLDER"] = tempfile.mkdtemp(prefix="mainwp-ready-")
        atexit.register(shutil.rmtree, os.environ["READY_FOLDER"], ignore_errors=True)


_clean_environment()  # at import, before any test module reads the environment
_share_folder()
haste.install()  # before the collection is imported

# Thousands of tests are collected and stay: to look at them again and again took a third of the collection.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where processes share the tests, the long ones come first."""
    if processes := getattr(config, "workerinput", {}).get("workercount"):
        long = [item for item in items if item.get_closest_marker("slow")]
        short = [item for item in items if not item.get_closest_marker("slow")]
        items[:] = long_first(short, long, processes)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is there now is no garbage."""
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


# The same examples at each run; --hypothesis-profile=fuzz looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("fuzz", max_examples=1000, deadline=None, database=None, print_blob=True)
settings.load_profile("steady")
