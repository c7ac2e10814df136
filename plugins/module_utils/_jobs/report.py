# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_report does: make files of what became of sites. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import _errors as errors
from .._files import differs, folder_of, guarded, write
from .._models import iso
from .._reports import waves
from .._reports.client import clients_of, letter
from .._reports.run import stats, whole

#: Nobody tells when a run is over: what is older, in seconds, is removed.
_NOTES_LIVE = 7 * 86400


#: The options; documented in mainwp_report.
SPEC = {
    "results": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "host": {"type": "str", "required": True},
            "name": {"type": "str"},
            "result": {"type": "dict", "default": {}},
            "failure": {"type": "str", "default": ""},
        },
    },
    "dir": {"type": "str", "default": ""},
    "formats": {"type": "list", "elements": "str", "choices": ["json", "markdown"], "default": ["json", "markdown"]},
    "started": {"type": "str"},
    "run_id": {"type": "str"},
    "state_dir": {"type": "str"},
    "last": {"type": "bool", "default": True},
    "client_texts": {"type": "list", "elements": "str"},
}


@dataclass(frozen=True)
class Entry:
    """What became of one host: what a task returned, and why it failed where that does not tell."""

    host: str
    name: str
    result: Mapping[str, Any]
    failure: str


@dataclass(frozen=True)
class Options:
    """The checked options of mainwp_report."""

    entries: Sequence[Entry]
    folder: str
    formats: Sequence[str]
    started: str
    run_id: str
    state_dir: str
    last: bool
    client_texts: Sequence[str] | None


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError."""
    entries = [
        Entry(entry["host"], entry.get("name") or entry["host"], entry.get("result") or {}, entry.get("failure") or "")
        for entry in params["results"]
    ]
    run_id, texts = params.get("run_id") or "", params.get("client_texts")
    if run_id and not params.get("state_dir"):
        raise errors.InputError("state_dir", "is needed with run_id.", "Give a folder for notes of the run.")
    if not run_id and len({entry.name for entry in entries}) < len(entries):
        raise errors.InputError("results", "two have the same name.", "Give run_id to make one report of them.")
    if len({folder_of("/", entry.name) for entry in entries}) < len({entry.name for entry in entries}):
        raise errors.InputError(
            "results", "two names make the same folder.", "Let them differ in ASCII letters or digits."
        )
    if texts is not None and (run_id or len(entries) != 1):
        raise errors.InputError("client_texts", "belong to one result.", "Leave out run_id and the other results.")
    return Options(
        entries=entries,
        folder=params["dir"] or "",
        formats=params["formats"] or (),
        started=params.get("started") or iso(time.time()),
        run_id=run_id,
        state_dir=folder_of(params.get("state_dir") or ""),
        last=params["last"],
        client_texts=texts,
    )


def run(options: Options, reporter: Any, check_mode: bool) -> dict[str, Any]:
    """Compose, write, tell. A report that cannot be written fails, and is told all the same."""
    del reporter
    if not options.run_id:
        now, entries = iso(time.time()), options.entries
        return _made(
            options,
            {entry.name: whole(entry.name, entry.result, entry.failure, options.started, now) for entry in entries},
            check_mode,
        )
    if check_mode:
        return _made(options, _together(options, {}, check_mode), check_mode)
    try:
        return _added(options)
    except (OSError, ValueError) as exc:
        return {"failed": True, "changed": False, "msg": str(exc)}


def _added(options: Options) -> dict[str, Any]:
    """Add to what earlier tasks of the run noted. Raises OSError, and ValueError for notes that nobody understands."""
    path = Path(folder_of(options.state_dir, f"run-{options.run_id}.json"))
    _tidy(path.parent)
    with guarded(path):
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        reports = _together(options, known, check_mode=False)
        result = _made(options, reports, check_mode=False)
        write(path, json.dumps({**known, **reports}, default=str))
    return result


def _together(options: Options, known: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """The reports of the run to which this task adds something; at the end of the run, all."""
    touched = {entry.name for entry in options.entries}
    found: dict[str, Any] = {}
    for name in sorted(touched | (known.keys() if options.last else set())):
        old = known.get(name) or waves.begun(name, options.started, check_mode)
        report = old
        for entry in (entry for entry in options.entries if entry.name == name):
            report = waves.added(report, entry.host, entry.result, entry.failure)
        # under strategy free, one that has nothing to add may come after the last
        complete = options.last or (report == old and bool(old["complete"]))
        now = iso(time.time()) if name in touched else old["finished"]
        found[name] = waves.finished(report, now, complete)
    return found


def _made(options: Options, reports: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Write the reports, unless it is check mode, and tell of them."""
    changed, trouble, told = False, "", []
    for name, report in reports.items():
        entries = [entry for entry in options.entries if entry.name == name]
        made = _files_of(options, report, check_mode, anything=bool(options.run_id) or any(map(_tells, entries)))
        try:
            changed = _written(made, differs if check_mode else write) or changed
            if not check_mode:
                _remove_parts(options, entries)
        except OSError as exc:
            trouble = str(exc)
            for one in (made, *made["clients"]):
                one["file"] = one["file"] if Path(one["file"]).is_file() else ""
        if entries:
            told.append(_told(name, report, made, check_mode, bool(options.run_id)))
    result = {"changed": changed, "reports": told}
    return {**result, "failed": True, "msg": trouble} if trouble else result


def _tells(entry: Entry) -> bool:
    """False when nothing was tried."""
    return bool(entry.failure or entry.result.get("msg"))


def _files_of(options: Options, report: Mapping[str, Any], check_mode: bool, anything: bool) -> dict[str, Any]:
    """The ``file`` of the report with its ``text``, and the ``clients`` with theirs. Files have no name where none is
    wanted, or there is not ``anything`` to tell."""
    folder = folder_of(options.folder if anything else "", report["host"], report["started"].replace(":", ""))
    clients = clients_of(report["sites"]) if "markdown" in options.formats else []
    texts = options.client_texts
    if texts is None:
        texts = [letter(client, report["started"][:10], check_mode) for client in clients]
    elif len(texts) != len(clients):
        raise errors.InputError("client_texts", f"are {len(texts)}, for {len(clients)} clients.")
    file = f"{folder}/report.json" if folder and "json" in options.formats else ""
    return {
        "file": file,
        "text": json.dumps(_as_before(report, file), ensure_ascii=False, indent=4, sort_keys=True, default=str) + "\n",
        "clients": [
            {
                "id": client["id"],
                "name": client["name"],
                "file": f"{folder}/{client['file']}.md" if folder else "",
                "text": f"{text.strip()}\n",
            }
            for client, text in zip(clients, texts, strict=True)
        ],
    }


def _as_before(report: Mapping[str, Any], file: str) -> Mapping[str, Any]:
    """``report``, with the time of the one in ``file`` if nothing else is new."""
    try:
        old = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return report
    same = isinstance(old, dict) and {**report, "finished": old.get("finished")} == old
    return old if same else report


def _written(made: Mapping[str, Any], act: Callable[[Path, str], bool]) -> bool:
    """Write them all, or ask of each whether it differs. The first that cannot be written ends it. Raises OSError."""
    files = [made, *made["clients"]]
    new = [act(Path(one["file"]), one["text"]) for one in files if one["file"]]
    return any(new)


def _told(
    name: str, report: Mapping[str, Any], made: Mapping[str, Any], check_mode: bool, of_run: bool
) -> dict[str, Any]:
    counts = stats(report, "" if check_mode and of_run else made["file"], check_mode)
    lines = waves.lines(report) if of_run else [f"{name}: {report['msg']}"]
    return {"name": name, "file": made["file"], "clients": made["clients"], "lines": lines, "stats": counts}


def _remove_parts(options: Options, entries: Iterable[Entry]) -> None:
    """What the site's own task wrote, for a run that is killed, is in the report now."""
    for entry in entries if options.run_id and options.folder else ():
        parts = Path(folder_of(options.folder, entry.name, "unfinished"))
        with contextlib.suppress(OSError):
            for site in entry.result.get("sites") or ():
                (parts / f"{options.run_id}-{site['id']}.json").unlink(missing_ok=True)
            parts.rmdir()


def _tidy(folder: Path) -> None:
    """Remove what old runs left."""
    for path in folder.glob("run-*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _NOTES_LIVE:
                path.unlink()
