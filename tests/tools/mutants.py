# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Do the tests notice when the code is wrong? Draws mutants of what decides and counts those that a test kills.

A mutant is the code with one thing changed: a comparison, a condition, a number, a key, a return, a statement taken out.
They are drawn from the hash of the commit, so each commit meets others, and everybody the same. For each mutant the
tests of its room run in a copy of the checkout, the quick ones first, up to the first failure. A survivor needs a test,
or a reason in ``mutants_survivors.py``: then it is one that no test can tell from the code.
"""

from __future__ import annotations

import argparse
import ast
import copy
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutants_survivors import SURVIVORS

ROOT = Path(__file__).resolve().parents[2]
#: where the copy is
COPY = ROOT / ".cache" / "mutants"
UTILS = Path("plugins/module_utils")
#: so many of the mutants must be killed, percent
ENOUGH = 90
#: a mutant that makes a stage take so many times as long (and so many seconds more) is killed
PATIENCE, GRACE = 3, 20.0

Stage = tuple[str, ...]
#: file or folder -> the tests that are about it, in stages: the quick ones, then those that take a simulator
ROOMS: dict[str, tuple[Stage, ...]] = {
    "_verdict.py": (
        ("unit/test_verdict.py", "unit/test_answers.py"),
        ("unit/test_report.py", "unit/test_documents.py", "unit/test_findings.py"),
        ("integration/test_batch_abilities.py", "integration/test_update_policy.py", "integration/test_offer_age.py"),
        ("integration/test_hold.py", "integration/test_health.py", "integration/test_update_not_fooled.py"),
        ("integration/test_lost_answers.py", "integration/test_update_promises.py"),
    ),
    "_plan.py": (
        ("unit/test_plan.py", "unit/test_brakes.py", "unit/test_site_run.py"),
        ("integration/test_offer_age.py", "integration/test_update_policy.py"),
        ("integration/test_update_promises.py", "integration/test_v1.py"),
    ),
    "_fleet.py": (("unit/test_fleet.py",), ("integration/test_hold.py",)),
    "_http.py": (
        ("unit/test_http.py", "unit/test_bounds.py"),
        ("unit/test_http_origin.py", "unit/test_request_left.py"),
        ("unit/test_dashboard.py", "unit/test_caches.py", "integration/test_rest_address.py"),
        ("integration/test_failures.py", "integration/test_outage.py", "integration/test_v1.py"),
    ),
    "_locks.py": (
        ("unit/test_locks.py", "unit/test_lock_words.py"),
        ("unit/test_private_files.py", "unit/test_interface.py"),
    ),
    "_ledger.py": (("unit/test_ledger.py",),),
    "_things": (
        ("unit/test_extensions.py", "unit/test_users.py", "unit/test_ignored.py", "unit/test_interface.py"),
        ("integration/test_plugin.py", "integration/test_theme.py"),
        ("integration/test_user.py", "integration/test_user_trouble.py", "integration/test_ignored_update.py"),
        ("integration/test_plugin_limits.py", "integration/test_user_info.py", "integration/test_config_order.py"),
    ),
    "_resources": (
        ("unit/test_resource_planning.py", "unit/test_resource_engine.py", "unit/test_resource_texts.py"),
        ("unit/test_site_list_result.py", "unit/test_spellings.py", "unit/test_interface.py"),
        ("integration/test_tag.py", "integration/test_client.py", "integration/test_client_field.py"),
        ("integration/test_cost.py", "integration/test_cost_kinds.py", "integration/test_cost_owners.py"),
        ("integration/test_site.py", "integration/test_site_kept.py", "integration/test_site_list.py"),
        (
            "integration/test_api_key.py",
            "unit/test_resource_kinds.py",
            "unit/test_several.py",
            "unit/test_rehearsal.py",
        ),
        ("integration/test_config.py", "integration/test_config_order.py", "integration/test_export_round_trip.py"),
    ),
    "_settings": (
        ("unit/test_settings_fields.py",),
        ("integration/test_settings.py", "integration/test_settings_faults.py", "integration/test_settings_secrets.py"),
        ("unit/test_interface.py", "unit/test_config_schema.py"),
    ),
    "_events": (
        ("unit/test_events_told.py", "unit/test_events_options.py"),
        ("integration/test_events.py", "integration/test_events_trouble.py", "integration/test_events_restart.py"),
    ),
}

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
#: a clock never strikes exactly what it is compared with, so one bound is as good as the other
BOUNDS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
CLOCKS = ("time.monotonic()", "time.time()")
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add}


@dataclass(frozen=True)
class Mutant:
    """One change of one file."""

    room: str
    #: the file below ``module_utils``
    file: str
    #: the function or class around it
    where: str
    line: int
    #: bytes of the source that are replaced
    start: int
    end: int
    before: str
    after: str

    @property
    def key(self) -> str:
        """What it goes by in the list of survivors: not by its line, which moves."""
        return f"{self.file} {self.where}: {self.before} -> {self.after}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.where}\n    - {_short(self.before)}\n    + {_short(self.after)}"

    def applied(self, source: bytes) -> bytes:
        """The source with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 150 else f"{line[:149]}…"


def _place(node: Any, starts: Sequence[int]) -> tuple[int, int, int]:
    """(line, first byte, byte behind the last) of a node of a kind that has a place, as all have that can change."""
    return node.lineno, starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset


def mutants_of(room: str, file: str, source: bytes) -> list[Mutant]:
    """Every mutant of a file, in the order of the source."""
    starts = [0, *itertools.accumulate(len(line) for line in source.splitlines(keepends=True))]
    found = []
    for where, place in _walk(ast.parse(source), ""):
        # of a whole block only the condition is replaced: the text of the rest keeps its place
        node = place.test if isinstance(place, (ast.If, ast.While)) else place
        for changed in _negated(node) if node is not place else _changes(node):
            line, start, end = _place(node, starts)
            after = ast.unparse(changed)
            after = f"({after})" if isinstance(node, ast.expr) else after
            found.append(Mutant(room, file, where, line, start, end, ast.unparse(node), after))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.after))


def _walk(node: ast.AST, where: str) -> Iterator[tuple[str, ast.AST]]:
    """All nodes that do something, with the name of what they stand in: no annotations, docstrings, f-strings, and nothing
    that only tells what the program takes for granted."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_ignores", "keywords") and not isinstance(
            node, ast.Call
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, (ast.JoinedStr, ast.Import, ast.ImportFrom)):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if _is_for_the_reader(node, child):
                continue
            inner = where
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                inner = f"{where}.{child.name}".lstrip(".")
            yield inner, child
            yield from _walk(child, inner)


def _is_for_the_reader(node: ast.AST, child: ast.AST) -> bool:
    """The name of a type variable, an argument that is not used, and that two lists are as long as each other."""
    if isinstance(child, ast.Delete):
        return all(isinstance(target, ast.Name) for target in child.targets)
    of_zip = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip"
    if of_zip and isinstance(child, ast.keyword):
        return child.arg == "strict"
    return isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id == "TypeVar"


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand there instead."""
    if isinstance(node, ast.Compare):
        by_the_clock = any(ast.unparse(part) in CLOCKS for part in (node.left, *node.comparators))
        for place, operator in enumerate(node.ops):
            if by_the_clock and isinstance(operator, BOUNDS):
                continue
            other = copy.deepcopy(node)
            other.ops[place] = COMPARISONS[type(operator)]()
            yield other
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node.value)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Return) and node.value and not _is_nothing(node.value):
        yield ast.Return(ast.Constant(None))
    elif _can_go(node):
        yield ast.Pass()


def _negated(condition: ast.expr) -> Iterator[ast.AST]:
    """A bare condition; the others are changed by themselves."""
    if isinstance(condition, (ast.Name, ast.Attribute, ast.Call)):
        yield ast.UnaryOp(ast.Not(), condition)


def _other_constants(value: object) -> Iterator[ast.Constant]:
    """Numbers, truth, and words such as keys; what people read – with a blank in it – is not what decides."""
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and value and not re.search(r"\s", value):
        yield ast.Constant(f"{value}x")


def _is_nothing(node: ast.AST) -> bool:
    """None, and what most take for the same."""
    return isinstance(node, ast.Constant) and not node.value


def _can_go(node: ast.AST) -> bool:
    """A statement whose absence still makes a program."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], (ast.Attribute, ast.Subscript))
    return isinstance(node, (ast.AugAssign, ast.Delete, ast.Raise, ast.Continue, ast.Break))


def drawn(seed: str, count: int, rooms: list[str]) -> list[Mutant]:
    """So many of them; the same for the same seed and code."""
    everything: list[Mutant] = []
    for room in rooms:
        for path in sorted((COPY / UTILS / room).glob("*.py")) or [COPY / UTILS / room]:
            everything += mutants_of(room, str(path.relative_to(COPY / UTILS)), path.read_bytes())
    return random.Random(seed).sample(everything, min(count, len(everything)))


class Copy:
    """The copy of the checkout in which mutants live, and the tests that run there."""

    def __init__(self) -> None:
        shutil.rmtree(COPY, ignore_errors=True)
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                (COPY / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, COPY / name)
        layout = COPY / ".venv" / "layout"
        (layout / "ansible_collections" / "wpfleet").mkdir(parents=True)
        (layout / "ansible_collections" / "wpfleet" / "mainwp").symlink_to(COPY)
        sys.path.insert(0, str(layout))
        os.chdir(COPY)
        self._moment = int(time.time())
        self._log = COPY / ".cache" / "mutants.log"
        self._log.parent.mkdir()

    def write(self, file: str, source: bytes) -> None:
        """Each text gets a time of its own, so that nobody takes the compiled form of another."""
        self._moment += 2
        path = COPY / UTILS / file
        path.write_bytes(source)
        os.utime(path, (self._moment, self._moment))

    def test(self, files: Stage, patience: float) -> str:
        """What fails: the name of a test, or "time-out"; nothing when all pass."""
        child = os.fork()
        if not child:
            self._in_child(files)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return "" if status == 0 else self._failed()
            time.sleep(0.05)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "time-out"

    def _in_child(self, files: Stage) -> None:
        """A fork, for most of the time of a small test file goes into starting pytest. What starts Ansible is left out."""
        os.setsid()
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for stream in (1, 2):
            os.dup2(log, stream)
        status = 1
        try:
            import pytest

            options = ["-q", "-x", "-n", "0", "--tb=line", "-m", "not slow", "-k", "not playbook"]
            status = int(pytest.main([*options, *(f"tests/{name}" for name in files)]))
        finally:
            sys.stdout.flush()
            os._exit(status)

    def _failed(self) -> str:
        text = self._log.read_text(encoding="utf-8", errors="replace")
        found = re.search(r"^(?:FAILED|ERROR) (?:tests/)?(\S+)", text, re.MULTILINE)
        return found[1] if found else text.strip()[-300:]


def _warm_up() -> None:
    """Import what all tests need and no mutant touches."""
    import ansible.plugins.loader
    import hypothesis.strategies
    import pytest
    import requests
    import werkzeug.wrappers
    import yaml

    del ansible, hypothesis, pytest, requests, werkzeug, yaml


def _baseline(box: Copy, rooms: list[str]) -> dict[Stage, float]:
    """How long each stage takes while nothing is wrong."""
    seconds = {}
    for stage in dict.fromkeys(stage for room in rooms for stage in ROOMS[room]):
        start = time.monotonic()
        failed = box.test(stage, 3600)
        if failed:
            sys.exit(f"{failed} fails without any mutant")
        seconds[stage] = time.monotonic() - start
    return seconds


def killer(box: Copy, mutant: Mutant, seconds: dict[Stage, float]) -> str:
    """The first test that fails with this mutant; nothing if it survives."""
    source = (COPY / UTILS / mutant.file).read_bytes()
    box.write(mutant.file, mutant.applied(source))
    try:
        stages = ((stage, PATIENCE * seconds[stage] + GRACE) for stage in ROOMS[mutant.room])
        return next(filter(None, (box.test(stage, patience) for stage, patience in stages)), "")
    finally:
        box.write(mutant.file, source)


def _commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description="Draw mutants, and count those that a test kills.")
    parser.add_argument("--seed", help="what to draw them from; the hash of the commit unless given")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--rooms", nargs="+", choices=ROOMS, default=list(ROOMS))
    arguments = parser.parse_args()
    seed = arguments.seed or _commit()
    box = Copy()
    mutants = drawn(seed, arguments.count, arguments.rooms)
    print(f"{len(mutants)} mutants drawn from {seed}", flush=True)
    _warm_up()
    seconds = _baseline(box, [room for room in arguments.rooms if any(mutant.room == room for mutant in mutants)])
    killed, unexplained = 0, 0
    for mutant in mutants:
        by = killer(box, mutant, seconds)
        reason = SURVIVORS.get(mutant.key, "")
        killed += bool(by)
        unexplained += not by and not reason
        print(f"{'killed  ' if by else 'SURVIVED'} {mutant}\n    = {by or reason or 'no test, no reason'}", flush=True)
    percent = 100 * killed / len(mutants)
    print(
        f"{killed} of {len(mutants)} killed ({percent:.0f} %, at least {ENOUGH} wanted); {unexplained} survivors without a reason"
    )
    return int(percent < ENOUGH or unexplained > 0)


if __name__ == "__main__":
    sys.exit(main())
