# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_report does: make files of what became of sites. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import _errors as errors
from .._files import differs, folder_of, guarded, second_of_its_own, write
from .._models import iso
from .._reports import waves
from .._reports.client import clients_of, letter
from .._reports.keys import utc
from .._reports.run import is_plan, stats, whole
from . import _fleet_page, _letters, _report_keep, _report_sources
from ._drawing import own_templates
from ._report_pages import page_of_run

#: Nobody tells when a run is over: what is older, in seconds, is removed.
_NOTES_LIVE = 7 * 86400


#: The options; documented in mainwp_report.
SPEC = {
    "results": {
        "type": "list",
        "elements": "dict",
        "options": {
            "host": {"type": "str", "required": True},
            "name": {"type": "str"},
            "result": {"type": "dict", "default": {}},
            "failure": {"type": "str", "default": ""},
            "vulnerabilities": {"type": "dict", "options": {"before": {"type": "dict"}, "after": {"type": "dict"}}},
        },
    },
    "dir": {"type": "str", "default": ""},
    "formats": {
        "type": "list",
        "elements": "str",
        "choices": ["json", "markdown", "html"],
        "default": ["json", "markdown"],
    },
    "templates": {"type": "str", "default": ""},
    "report_keep": {"type": "int", "default": 0},
    "started": {"type": "str"},
    "run_id": {"type": "str"},
    "state_dir": {"type": "str"},
    "last": {"type": "bool", "default": True},
    "client_texts": {"type": "list", "elements": "str"},
    "page": {"type": "str", "choices": ["run", "fleet", "client"], "default": "run"},
    "title": {"type": "str", "default": "Fleet"},
    "sources": _report_sources.SPEC,
    "period": {"type": "str", "default": ""},
    "incomplete": {"type": "str", "choices": ["note", "refuse"], "default": "note"},
    "client_vulnerabilities": {"type": "str", "choices": ["none", "closed"], "default": "none"},
    "letter": _letters.SPEC,
}
RULES = {"required_if": [("page", "run", ("results",))]}


def options_from(params: Mapping[str, Any]) -> dict[str, Any] | _fleet_page.FleetOptions | _letters.LetterOptions:
    """Check the options; each of the results gets its name. Raises InputError."""
    if params["page"] == "fleet":
        return _fleet_page.options_from(params)
    if params["page"] == "client":
        return _letters.options_from(params)
    results = [
        {**one, "name": one.get("name") or one["host"], "result": one["result"] or {}} for one in params["results"]
    ]
    names, run_id = {one["name"] for one in results}, params["run_id"]
    if params["report_keep"] < 0:
        raise errors.InputError("report_keep", "is less than 0.", "Give the days, or 0 to keep all reports.")
    if run_id and not params["state_dir"]:
        raise errors.InputError("state_dir", "is needed with run_id.", "Give a folder for notes of the run.")
    if not run_id and len(names) < len(results):
        raise errors.InputError("results", "two have the same name.", "Give run_id to make one report of them.")
    if len({folder_of("/", name) for name in names}) < len(names):
        raise errors.InputError(
            "results", "two names make the same folder.", "Let them differ in ASCII letters or digits."
        )
    if run_id and any(one.get("vulnerabilities") for one in results):
        raise errors.InputError("results", "has vulnerabilities, which are of one task.", "Leave out run_id.")
    if params["client_texts"] is not None and (run_id or len(results) != 1):
        raise errors.InputError("client_texts", "belong to one result.", "Leave out run_id and the other results.")
    options = {name: params[name] for name in SPEC}
    templates = own_templates(params["templates"])
    started = params["started"] or iso(time.time())
    told = {"told_start": bool(params["started"]), "templates": templates, "started": started}
    return {**options, "results": results, **told}


def run(
    options: Mapping[str, Any] | _fleet_page.FleetOptions | _letters.LetterOptions, reporter: Any, check_mode: bool
) -> dict[str, Any]:
    """Compose, write, tell. A report that cannot be written fails, and is told all the same."""
    if not isinstance(options, Mapping):
        return options.make(check_mode, reporter)
    if options["run_id"] and not check_mode:
        try:
            return _tidied(options, _added(options), reporter, check_mode)
        except (OSError, ValueError) as exc:
            return {"failed": True, "changed": False, "msg": str(exc)}
    now = iso(time.time())
    alone = {one["name"]: whole(one, options["started"], now) for one in options["results"]}
    made = _made(options, _together(options, {}, check_mode) if options["run_id"] else alone, check_mode)
    return _tidied(options, made, reporter, check_mode)


def _tidied(options: Mapping[str, Any], made: dict[str, Any], reporter: Any, check_mode: bool) -> dict[str, Any]:
    """``made``, and old reports beside the new ones removed; in check mode, only told. Nothing where one was not written."""
    removed: list[str] = []
    half_way = False
    for file in () if made.get("failed") else (one["file"] for one in made["reports"] if one["file"]):
        for folder in _report_keep.old_reports(str(Path(file).parent), options["report_keep"], time.time()):
            try:
                removed += [folder] if check_mode or _report_keep.remove(folder) else []
            except OSError as exc:
                half_way = True
                reporter.warn(f"report_keep: {folder} cannot be removed whole: {exc}")
    diff = {"before_header": "old reports", "before": "".join(f"{folder}\n" for folder in removed), "after": ""}
    told = {**made, "removed": removed, "changed": made["changed"] or bool(removed) or half_way}
    return {**told, "diff": diff} if removed else told


def _added(options: Mapping[str, Any]) -> dict[str, Any]:
    """Add to what earlier tasks of the run noted. Raises OSError, and ValueError for notes that nobody understands."""
    path = Path(folder_of(options["state_dir"], f"run-{options['run_id']}.json"))
    _tidy(path.parent)
    with guarded(path):
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        reports = _together(options, known, check_mode=False)
        result = _made(options, reports, check_mode=False)
        write(path, json.dumps({**known, **reports}, default=str))
    return result


def _together(options: Mapping[str, Any], known: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """The reports of the run to which this task adds something; at the end of the run, all."""
    last, touched = options["last"], {one["name"] for one in options["results"]}
    found: dict[str, Any] = {}
    for name in sorted(touched | (known.keys() if last else set())):
        old = known.get(name) or waves.begun(name, _start(options, name, check_mode), check_mode)
        report = old
        for one in _of(options, name):
            report = waves.added(report, one)
        # under strategy free, one that has nothing to add may come after the last
        complete = last or (report == old and bool(old["complete"]))
        now = iso(time.time()) if name in touched else old["finished"]
        found[name] = waves.finished(report, now, complete)
    return found


def _start(options: Mapping[str, Any], name: str, check_mode: bool) -> str:
    """When a run of several tasks begins its report. Unless somebody says it, no other run has that second, for its folder is
    called so."""
    if check_mode or options["told_start"] or not options["dir"]:
        return str(options["started"])
    with contextlib.suppress(OSError):  # who writes it says why it cannot be
        return second_of_its_own(Path(folder_of(options["dir"], name)))
    return str(options["started"])


def _of(options: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The results that belong to the report of this name."""
    return [one for one in options["results"] if one["name"] == name]


def _made(options: Mapping[str, Any], reports: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Write the reports, unless it is check mode, and tell of them."""
    act, of_run = differs if check_mode else write, bool(options["run_id"])
    changed, trouble, told = False, "", []
    for name, report in reports.items():
        results = _of(options, name)
        tried = of_run or any(
            one["failure"] or one["result"].get("msg") or one.get("vulnerabilities") for one in results
        )
        made, wrong = _files_of(options, report, check_mode, anything=tried)
        new, unwritten = _written(act, [made])
        pages, undrawn = ([], "") if unwritten else _drawn(options, made, check_mode)
        others = [*pages, *made["clients"]]
        newer, lost = (False, "") if unwritten else _written(act, others)
        changed = changed or new or newer
        trouble = unwritten or lost or undrawn or wrong or trouble
        if not check_mode and not unwritten:
            _remove_parts(options, results)
        for one in others:
            one["file"] = one["file"] if check_mode or Path(one["file"]).is_file() else ""
        if results:
            counts = stats(report, "" if check_mode and of_run else made["file"], check_mode or is_plan(report))
            lines = waves.lines(report) if of_run else [f"{name}: {report['msg']}"]
            page = "".join(one["file"] for one in pages)
            files_of = {"file": made["file"], "page": page, "clients": made["clients"]}
            told.append({"name": name, **files_of, "lines": lines, "stats": counts})
    result = {"changed": changed, "reports": told}
    return {**result, "failed": True, "msg": trouble} if trouble else result


def _written(act: Callable[[Path, str], bool], files: Sequence[dict[str, Any]]) -> tuple[bool, str]:
    """Whether there was something new, and what went wrong. The first that cannot be written ends it."""
    changed = False
    try:
        for one in files:
            changed = (bool(one["file"]) and act(Path(one["file"]), one["text"])) or changed
    except OSError as exc:
        for one in files:
            one["file"] = one["file"] if Path(one["file"]).is_file() else ""
        return changed, str(exc)
    return changed, ""


def _drawn(options: Mapping[str, Any], made: Mapping[str, Any], check_mode: bool) -> tuple[list[dict[str, Any]], str]:
    """The page, where it is wanted, and what is wrong with it. Whatever that is, it costs only the page."""
    if not made["folder"] or "html" not in (options["formats"] or ()):
        return [], ""
    file = f"{made['folder']}/report.html"
    try:
        text = page_of_run(made["report"], file, options["templates"], check_mode)
    except errors.InputError as exc:
        return [], str(exc)
    except Exception as exc:  # noqa: BLE001  # an entry as nobody foresaw it costs the page, no more
        return [], f"{file}: {errors.bug_sentence(exc)}"
    return [{"file": file, "text": text}], ""


def _files_of(
    options: Mapping[str, Any], report: Mapping[str, Any], check_mode: bool, anything: bool
) -> tuple[dict[str, Any], str]:
    """The ``file`` of the report with its ``text``, and the ``clients`` with theirs; and what is wrong with those. Files
    have no name where none is wanted, or there is not ``anything`` to tell."""
    folder = folder_of(options["dir"] or "" if anything else "", report["host"], report["started"].replace(":", ""))
    file = f"{folder}/report.json" if folder and "json" in (options["formats"] or ()) else ""
    report = _as_before(report, file)
    text = json.dumps(report, ensure_ascii=False, indent=4, sort_keys=True, default=str) + "\n"
    clients, wrong = [], ""
    try:
        clients = _clients(options, report, folder, check_mode or is_plan(report))
    except errors.InputError:
        raise
    except Exception as exc:  # noqa: BLE001  # an entry as nobody foresaw it costs what clients read, no more
        wrong = f"{report['host']}, clients: {errors.bug_sentence(exc)}"
    return {"folder": folder, "file": file, "report": report, "text": text, "clients": clients}, wrong


def _clients(
    options: Mapping[str, Any], report: Mapping[str, Any], folder: str, planning: bool
) -> list[dict[str, Any]]:
    """What each client reads, and its file."""
    clients = clients_of(report["sites"]) if "markdown" in (options["formats"] or ()) else []
    texts = options["client_texts"]
    if texts is None:
        texts = [letter(client, utc(report["started"])[:10], planning) for client in clients]
    elif len(texts) != len(clients):
        raise errors.InputError("client_texts", f"are {len(texts)}, for {len(clients)} clients.")
    return [
        {
            "id": client["id"],
            "name": client["name"],
            "file": f"{folder}/{client['file']}.md" if folder else "",
            "text": f"{text.strip()}\n",
        }
        for client, text in zip(clients, texts, strict=True)
    ]


def _as_before(report: Mapping[str, Any], file: str) -> Mapping[str, Any]:
    """``report``, with the time of the one in ``file`` if nothing else is new."""
    try:
        old = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return report
    same = isinstance(old, dict) and {**report, "finished": old.get("finished")} == old
    return old if same else report


def _remove_parts(options: Mapping[str, Any], results: Iterable[Mapping[str, Any]]) -> None:
    """What the site's own task wrote, for a run that is killed, is in the report now."""
    for one in results if options["run_id"] and options["dir"] else ():
        parts = Path(folder_of(options["dir"], one["name"], "unfinished"))
        with contextlib.suppress(OSError):
            for site in one["result"].get("sites") or ():
                (parts / f"{options['run_id']}-{site['id']}.json").unlink(missing_ok=True)
            parts.rmdir()


def _tidy(folder: Path) -> None:
    """Remove what old runs left."""
    for path in (*folder.glob("run-*"), *folder.glob(".run-*")):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _NOTES_LIVE:
                path.unlink()
