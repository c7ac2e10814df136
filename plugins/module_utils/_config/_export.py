# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mainwp_export does: write a Dashboard down as a tree that mainwp_config takes. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _errors as errors
from .._dashboard import Dashboard
from .._jobs._common import Reporter
from .._report import plural
from ._export_files import paths_for, write_all
from ._export_part import Part, document
from ._export_rows import Rows
from ._export_settings import settings
from ._export_things import OnSites, fields_of
from .kinds import BY_NAME, KINDS

#: The options; documented in mainwp_export.
SPEC: dict[str, dict[str, Any]] = {
    "dest": {"type": "path"},
    "only": {"type": "list", "elements": "str", "choices": list(BY_NAME)},
    "include_personal": {"type": "bool", "default": False},
    "per_site_settings": {"type": "bool", "default": True},
}


@dataclass(frozen=True)
class Options:
    """The checked options."""

    dest: str
    kinds: tuple[str, ...]
    personal: bool
    per_site: bool


def options_from(params: Mapping[str, Any]) -> Options:
    """Check the options. Raises InputError."""
    only = params.get("only")
    if only == []:
        raise errors.InputError("only", "the list is empty.", "Name some kinds, or leave it out.")
    dest = params.get("dest")
    if dest is not None and not dest.strip():
        raise errors.InputError("dest", "is empty.", "Name a file or a folder, or leave it out.")
    if dest and "\0" in dest:
        raise errors.InputError("dest", "no file has such a name.")
    kinds = tuple(kind.name for kind in KINDS if only is None or kind.name in only)
    return Options(dest or "", kinds, bool(params["include_personal"]), bool(params["per_site_settings"]))


def run(dashboard: Dashboard, options: Options, reporter: Reporter, check_mode: bool) -> dict[str, Any]:
    """Read all of it, then write. What cannot be read or written fails the task, and leaves the files as they are."""
    paths = paths_for(options.dest, options.kinds) if options.dest else {}
    parts, gone = read(dashboard, options)
    for url in gone:
        reporter.warn(f"{url} was removed while the Dashboard was read, and is left out.")
    beside = {path: [part for part in parts if paths[part.kind.name] == path] for path in paths.values()}
    written = write_all({path: document(some) for path, some in beside.items()}, check_mode)
    changed = [entry for entry in written if entry["before"] != entry["after"]]
    count = sum(part.count for part in parts)
    sentences = [f"{part.kind.name}: {sentence}" for part in parts for sentence in part.left_out]
    told: dict[str, Any] = {
        "changed": bool(changed),
        "msg": f"{plural(count, 'entry').replace('entrys', 'entries')} of {plural(len(parts), 'kind')}",
        "left_out": sentences,
        "summary": {part.kind.name: part.count for part in parts},
        "dashboard": dashboard.in_results,
    }
    if not options.dest:
        return {**told, "tree": {part.kind.name: part.content for part in parts if part.content}}
    return {**told, "dest": options.dest, "files": [entry["after_header"] for entry in written], "diff": changed}


def read(dashboard: Dashboard, options: Options) -> tuple[list[Part], list[str]]:
    """(the kinds that are asked for, in their order; the addresses of sites that were removed meanwhile)"""
    rows = Rows(dashboard, options.personal, options.per_site and "sites" in options.kinds)
    fields = fields_of(options.kinds)
    with dashboard.v2.rehearsal(fields):
        whole = "sites" in options.kinds
        gone = rows.gone if whole else {}
        missing = [row["id"] for row in rows.site_rows if row["id"] not in rows.sites.names] if whole else []
        on_sites = OnSites(dashboard, options.personal, fields, missing, gone)
        return [_part(name, dashboard, options, rows, on_sites) for name in options.kinds], sorted(gone.values())


def _part(name: str, dashboard: Dashboard, options: Options, rows: Rows, on_sites: OnSites) -> Part:
    if name == "settings":
        return settings(dashboard, options.personal)
    part: Part = getattr(on_sites if BY_NAME[name].on_sites else rows, name)
    return part
