# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a process that becomes Ansible's programs does once, and its runs do not do again: see :mod:`_ready`.

Each worker of a run is a fork that takes one task, and throws away what it found out. What that is depends on files that no
test changes, and on texts: the same comes out of them each time. Imported by ``_ready.py`` alone, which is a script.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import importlib.util
import inspect
import io
import marshal
import os
import pickle
import zipfile
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any
from unittest import mock

#: What decides, beside its text, what a template means.
SYNTAX = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"),
    *("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline", "optimized"),
)


def routing(folder: str) -> None:
    """Read Ansible's own routing once, where Ansible says that tools may cache it."""
    finder = importlib.import_module("ansible.utils.collection_loader._collection_finder")
    parse = finder._meta_yml_to_dict
    ansible = Path(importlib.import_module("ansible").__file__ or "").parent
    text = (ansible / "config" / "ansible_builtin_runtime.yml").read_bytes()
    path = _place(folder, "routing", text)
    content = _read(path)
    if content is None:
        content = pickle.dumps(parse(text, ("ansible.builtin", "runtime.yml")))
        _write(path, content)
    known = pickle.loads(content)
    finder._meta_yml_to_dict = lambda data, name: known if data == text else parse(data, name)


def collections() -> None:
    """Take compiled collections, which Ansible's loader compiles in each worker, from where Python caches compiled files."""
    finder = importlib.import_module("ansible.utils.collection_loader._collection_finder")
    loader = finder._AnsibleCollectionPkgLoaderBase
    compiled = loader.get_code

    def get_code(self: Any, name: str) -> Any:
        file = self.get_filename(name)
        return SourceFileLoader(name, file).get_code(name) if os.path.isfile(file or "") else compiled(self, name)

    loader.get_code = get_code


def templates(folder: str) -> None:
    """Keep compiled templates and conditions in ``folder``; find Ansible's filters and tests before the first one."""
    jinja = importlib.import_module("jinja2.environment")
    compile_text, compile_expression = jinja.Environment.compile, jinja.Environment.compile_expression
    #: where the expression goes that is being compiled
    coming: list[str] = []

    def place(environment: Any, kind: str, text: str) -> str:
        syntax = [*(getattr(environment, name, None) for name in SYNTAX), sorted(environment.extensions)]
        return _place(folder, kind, str(text), type(environment).__qualname__, syntax, _escaped())

    def compiled(
        self: Any, source: Any, name: Any = None, filename: Any = None, raw: Any = False, defer_init: Any = False
    ) -> Any:
        if isinstance(source, CodeType):
            return source
        ordinary = name is None and filename is None and not raw and not defer_init
        path = place(self, "text", source) if isinstance(source, str) else coming.pop() if coming else None
        if path is None or not ordinary:
            return compile_text(self, source, name, filename, raw, defer_init)
        code = _read(path)
        if code is None:
            code = compile_text(self, source, name, filename, raw, defer_init)
            _write(path, code)
        return code

    def expression(self: Any, source: str, undefined_to_none: bool = True) -> Any:
        path = place(self, "expression", source)
        code = _read(path)
        if code is not None:
            return jinja.TemplateExpression(self.from_string(code), undefined_to_none)
        coming.append(path)
        try:
            return compile_expression(self, source, undefined_to_none)
        finally:
            coming.clear()

    jinja.Environment.compile, jinja.Environment.compile_expression = compiled, expression

    loaders = importlib.import_module("ansible.plugins.loader")
    for loader in (loaders.filter_loader, loaders.test_loader):
        list(loader.all())
    _plugins_of_templates(loaders.Jinja2Loader)
    for kind in ("connection", "shell", "become"):
        list(getattr(loaders, f"{kind}_loader").all(class_only=True))


def _plugins_of_templates(loader: Any) -> None:
    """Let a filter or a test be found once, and once be seen that it is one of Jinja's own: until a folder is added."""
    search, forget = loader.get_with_context, loader._clear_caches

    def get_with_context(self: Any, name: str, *args: Any, **keywords: Any) -> Any:
        known = vars(self).setdefault("_known", {})
        if name in known and not args and not keywords:
            return known[name]
        found = search(self, name, *args, **keywords)
        if not args and not keywords and (found.object or "." not in name):
            known[name] = found
        return found

    def clear_caches(self: Any) -> None:
        vars(self).pop("_known", None)
        forget(self)

    loader.get_with_context, loader._clear_caches = get_with_context, clear_caches


def _escaped() -> bool | None:
    """Whether backslashes are escaped, which cores from 2.19 on say beside the template."""
    with contextlib.suppress(ImportError, AttributeError):
        bits = importlib.import_module("ansible._internal._templating._jinja_bits")
        context = bits._TemplateCompileContext.current(optional=True)
        return bool(context and context.escape_backslashes)
    return None


def modules(folder: str) -> None:
    """Pack modules that go to a host with their compiled files, which Python takes if it is of the same version; ``folder``
    keeps these."""

    class Packed(zipfile.ZipFile):
        def writestr(self, info: Any, data: Any, *args: Any, **keywords: Any) -> None:
            super().writestr(info, data, *args, **keywords)
            if info.filename.endswith(".py"):
                text = _plain(data)
                path = _place(folder, "code", info.filename, text)
                file = _read(path)
                if file is None:
                    file = _pyc(text, compile(text, info.filename, "exec", dont_inherit=True))
                    _write(path, file)
                super().writestr(f"{info.filename}c", file, *args, **keywords)

    class Zip:
        ZipFile = Packed

        def __getattr__(self, name: str) -> Any:
            return getattr(zipfile, name)

    common: Any = importlib.import_module("ansible.executor.module_common")
    common.zipfile = Zip()


def imports(folder: str) -> None:
    """Keep in ``folder`` what the files import that modules are packed with; most of these are in every module. From 2.21 on
    the core looks for more than that in them, so it is left alone."""
    common: Any = importlib.import_module("ansible.executor.module_common")
    find = common.ModuleDepFinder.__init__
    if "tree" not in inspect.signature(find).parameters:
        return

    class Unparsed:
        """Stands for the tree of a text that was parsed before."""

        def __init__(self, text: Any, *how: Any) -> None:
            self.text, self.how = text, how

        def __getattr__(self, name: str) -> Any:
            return getattr(self.parsed(), name)

        def parsed(self) -> Any:
            return compile(self.text, *self.how)

    def parse(text: Any, *how: Any) -> Any:
        if os.path.exists(_place(folder, "parsed", _plain(text))):
            return Unparsed(text, *how)
        tree: Any = compile(text, *how)
        tree.text = text
        return tree

    def init(self: Any, name: str, tree: Any, is_package: bool = False) -> None:
        text = _plain(tree.text)
        path = _place(folder, "imports", str(name), is_package, text)
        found = _read(path)
        if found is None:
            find(self, name, tree.parsed() if isinstance(tree, Unparsed) else tree, is_package)
            found = [[tuple(map(str, name)) for name in names] for names in (self.submodules, self.optional_imports)]
            _write(path, found)
            _write(_place(folder, "parsed", text), True)
        self.submodules, self.optional_imports = map(set, found)

    common.compile, common.ModuleDepFinder.__init__ = parse, init


def _plain(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else bytes(text)


def _place(folder: str, *key: Any) -> str:
    found = hashlib.blake2b(digest_size=32)
    for part in key:
        plain = part if isinstance(part, bytes) else repr(part).encode()
        found.update(b"%d:" % len(plain))
        found.update(plain)
    return os.path.join(folder, found.hexdigest())


def _pyc(text: bytes, code: CodeType) -> bytes:
    """A compiled file that is never held against its source."""
    flags = (1).to_bytes(4, "little")
    return importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(text) + marshal.dumps(code)


def _read(path: str) -> Any:
    try:
        with open(path, "rb") as file:
            return marshal.load(file)
    except FileNotFoundError:
        return None


def _write(path: str, found: Any) -> None:
    part = f"{path}.{os.getpid()}"
    with open(part, "wb") as file:
        marshal.dump(found, file)
    os.replace(part, path)


#: Actions of Ansible's own that only compute, and those of the tests that tell what a task came to.
COMPUTING = (
    *("add_host", "assert", "debug", "fail", "group_by", "include_role", "include_tasks", "include_vars"),
    *("set_fact", "set_stats", "validate_argument_spec"),
    *("hand_over", "note"),
)


def workers() -> None:
    """Let a task that only computes do without a process of its own, which costs most of what such a task does: the memory is
    copied that either of two processes touches. It works on copies of what a fork would have a copy of."""
    module: Any = importlib.import_module("ansible.executor.process.worker")
    worker, start = module.WorkerProcess, module.WorkerProcess.start
    context = getattr(getattr(module, "_task", None), "TaskContext", None)  # of 2.19 and 2.20
    if hasattr(context, "create"):  # from 2.21 on, a worker asks its parent about the inventory
        return
    names = {f"{prefix}{name}" for prefix in ("", "ansible.builtin.", "ansible.legacy.") for name in COMPUTING}

    def begin(self: Any) -> None:
        task = self._task
        if task.action not in names or task.until or task.async_val:
            start(self)
            return
        self._sentinel = self._new_stdin = None  # as if it had been started, and were over
        self._task, self._host, self._play_context = _own(task), copy.copy(self._host), copy.copy(self._play_context)
        self._task_vars = dict(self._task_vars)
        streams = SimpleNamespace(stdout=io.StringIO(), stderr=io.StringIO())
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock.patch.object(module, "sys", streams))
            stack.enter_context(mock.patch.object(module.display, "set_queue", _ignore))
            if context:
                stack.enter_context(context(self._task))
            self._run()
        module.current_worker = None

    worker.start = begin


def _ignore(queue: Any) -> None:
    """What is shown is shown by this process itself."""


def _own(task: Any) -> Any:
    """A copy of a task that nothing of what it finds out leaves: of what it is in, each is validated with it."""
    own = task.copy(exclude_parent=True)
    if task.loop_control:
        own.loop_control = task.loop_control.copy()
    inner, outer = own, task._parent
    while outer:
        inner._parent = copy.copy(outer)
        inner, outer = inner._parent, outer._parent
    return own


def files(folder: str, roles: Path) -> None:
    """Parse the files of the roles once, as a role's are parsed; each run gets its own of them."""
    loader: Any = importlib.import_module("ansible.parsing.dataloader").DataLoader
    load = loader.load_from_file
    usual = {"trusted_as_template": True} if "trusted_as_template" in inspect.signature(load).parameters else {}
    known = {}
    for path in map(str, roles.rglob("*.yml")):
        state = _state(path)
        place = _place(folder, "file", path, state, Path(path).read_bytes())
        parsed = _read(place)
        if parsed is None:
            with contextlib.suppress(Exception):  # whoever runs it is told
                parsed = pickle.dumps(load(loader(), path, **usual))
                _write(place, parsed)
        known[path] = state, parsed

    def load_from_file(self: Any, file_name: str, *args: Any, **keywords: Any) -> Any:
        state, parsed = known.get(file_name, (None, None))
        if parsed and not args and keywords == usual and state == _state(file_name):
            return pickle.loads(parsed)
        return load(self, file_name, *args, **keywords)

    loader.load_from_file = load_from_file


def _state(path: str) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_mtime_ns, found.st_size
