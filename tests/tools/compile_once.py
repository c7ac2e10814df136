# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For ansible-test's import check: compile a file once, not once for each file that leads to it.

The check imports each file of the collection as the first one, and for that throws away what the one before has imported.
Ansible's loader of collections keeps no compiled files, so most of the check's time goes by with compiling the same text
again, and then with the methods that dataclasses write as text. What is compiled is remembered by text and name; what cannot be
compiled, or only with a warning, fails every time.
"""

from __future__ import annotations

import builtins
import dataclasses
from functools import cache
from typing import Any

compile_anew = builtins.compile
LOADERS = {"mode": "exec", "flags": 0, "dont_inherit": True}  # how the loader calls it


@cache
def compiled(source: Any, filename: Any) -> Any:
    return compile_anew(source, filename, **LOADERS)


def compile_once(*args: Any, **kwargs: Any) -> Any:
    if not args and {name: kwargs[name] for name in kwargs if name not in ("source", "filename")} == LOADERS:
        return compiled(kwargs["source"], kwargs["filename"])
    return compile_anew(*args, **kwargs)


def exec_once(source: Any, known: Any, made: Any) -> None:
    exec(compiled(source, "<string>"), known, made)


builtins.compile = compile_once
dataclasses.exec = exec_once  # type: ignore[attr-defined]  # a global of the module comes before the built-in
