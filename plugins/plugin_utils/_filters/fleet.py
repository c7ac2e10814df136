# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role fleet_maintenance and waves of sites compute, as filters. PRIVATE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible import context as command
from ansible.errors import AnsibleFilterError
from jinja2 import pass_context

from ...module_utils._addresses import normal_url
from ...module_utils._brakes import failure_limit
from ...module_utils._errors import InputError
from ...module_utils._files import folder_of
from ...module_utils._report import and_more
from ...module_utils._reports.waves import TROUBLE

_EMPTY = (
    "The inventory has no hosts. Name an inventory file of wpfleet.mainwp.mainwp with -i, and look with "
    "ansible-inventory --graph at what it makes of it."
)
_NO_CANARIES = (
    "There is no canary site: the inventory has no host in the group {}. Give one or two sites the tag "
    "canary in MainWP, or name another group with -e mainwp_canaries=GROUP. (Options of the inventory that leave "
    "sites out, such as site_tags, may have left out the canary sites.)"
)


def failed_task(result: Mapping[str, Any] | str | None, task: str | None = "", known: str | None = "") -> str:
    """``Back up: no space left``."""
    # Ansible tells a rescue nothing about a file that it could not include; 2.16 makes a text of None
    if not isinstance(result, Mapping):
        return "A file with tasks is not there, or has no list of tasks. Ansible's error is above."
    message = result.get("msg")
    if known and message == known:
        return str(known)
    return f"{task or 'A task'}: {message or 'failed'}"


def normal_address(text: str | None) -> str:
    """``https://www.Straße.example:443/de/`` → ``xn--strae-oqa.example/de``."""
    return normal_url("" if text is None else str(text))


def report_folder(base: str | None, *names: str) -> str:
    """``reports``, ``shop: eu`` → ``/home/ops/reports/shop_eu``."""
    return folder_of(str(base or ""), *map(str, names))


def waves(groups: Mapping[str, Sequence[str]], canaries: str, sizes: Sequence[Any] = ("100%",)) -> list[Any]:
    """The number of canary sites, then ``sizes``. Raises AnsibleFilterError when there are none."""
    first = len(groups.get(canaries, ()))
    if not first and not command.CLIARGS.get("syntax"):  # a syntax check has no hosts
        raise AnsibleFilterError(_NO_CANARIES.format(canaries) if groups.get("all") else _EMPTY)
    return [max(first, 1), *sizes]


def wave_gate(
    noted: Mapping[str, Mapping[str, Any]],
    host: str,
    everybody: Sequence[str],
    active: Sequence[str],
    batch: Sequence[str],
    max_failed_sites: Any = None,
    require_health: bool = True,
) -> str:
    """A sentence about why ``host`` is not touched; empty if it is. Raises AnsibleFilterError."""
    before = everybody[: everybody.index(batch[0])]
    gone = set(everybody) - set(active)
    if gone.issuperset(before):  # nobody is left of an earlier wave, so this is the first
        return ""
    failed, unseen = [], []
    for other in (name for name in everybody if name in noted):
        note = noted[other]
        elsewhere = host not in note.get("wave", ())
        lost = other in gone and other in before and not note.get("failure") and not note.get("held")
        if lost or (note.get("failure") and elsewhere):
            failed.append(other)
        if note.get("unseen") and elsewhere:
            unseen.append(f"{other} ({note['unseen']})")
    try:
        limit = failure_limit(max_failed_sites or 0)
    except InputError as exc:
        raise AnsibleFilterError(f"fleet_maintenance_{exc}") from exc
    if limit.exceeded(len(failed), len(before)):
        return f"Not touched, because of sites that failed in an earlier wave: {and_more(failed)}."
    if require_health and unseen:
        return (
            f"Not touched, because nobody saw the pages of these canary sites healthy after their update: {and_more(unseen)}. "
            "Name pages that can be judged from here in fleet_maintenance_health_check, or set "
            "fleet_maintenance_require_health to false."
        )
    return ""


def site_verdict(
    result: Mapping[str, Any] | None, held: str | None = "", before: str | None = "", after: str | None = ""
) -> dict[str, Any]:
    """What is wrong with the site, and what of it matters to whom."""
    result = result or {}
    sites = result.get("sites") or ()
    skipped, summary = result.get("skipped"), result.get("summary") or {}
    failed = summary.get("failed_sites", True) or result.get("broken_off")
    wrong = (str(text or "").strip() for text in (held, before, "" if skipped else _of_the_update(result), after))
    return {
        "red": bool((held or before) if skipped else failed),
        "failure": " – also: ".join(filter(None, wrong)),
        "broken": any(site.get("reason") == "health" for site in sites),
        "unseen": _unseen([site for site in sites if not site.get("expected")]),
    }


def _of_the_update(result: Mapping[str, Any]) -> str:
    if "sites" not in result:
        return str(result.get("msg") or "The update failed without a message.")
    lines = [
        f"{site['result']} ({site['reason']}): {site['message']}"
        for site in result["sites"]
        if site["result"] in TROUBLE and not site.get("expected")
    ]
    if not lines and result.get("broken_off"):
        return f"Broken off: {result['broken_off']}"
    return " ".join(lines)


def _unseen(sites: Sequence[Mapping[str, Any]]) -> str:
    looks = [(site, site.get("health") or {}) for site in sites]
    unwell = [look.get("message") for dummy, look in looks if look.get("verdict") not in ("ok", "not_checked")]
    nobody = [
        look.get("message") or "nobody looked at them"
        for site, look in looks
        if site.get("changed") and look.get("verdict") == "not_checked"
    ]
    return str(next(iter([*unwell, *nobody]), None) or "")


@pass_context
def wave_results(
    context: Any,
    hosts: Sequence[str],
    hostvars: Mapping[str, Mapping[str, Any]],
    held: str | None = "",
    batch: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """The entries. What ``hostvars`` holds is data: until ansible-core 2.18 only the context can say so."""
    if hasattr(context, "unsafe"):
        context.unsafe = True
    entries = (_entry(host, hostvars[host], held if batch is None or host in batch else None) for host in hosts)
    return [entry for entry in entries if entry["failure"] or entry["result"].get("sites")]


def _entry(host: str, facts: Mapping[str, Any], held: str | None) -> dict[str, Any]:
    """``held`` is None for a host of an earlier wave, which notes itself what became of it."""
    result = facts.get("fleet_maintenance_result") or {}
    if held is None:
        held = (facts.get("_fleet_maintenance_trouble") or {}).get("held")
    if result.get("skipped"):
        failure, result = held or facts.get("_fleet_maintenance_before_failure"), {}
    else:
        failure = "" if result.get("sites") else result.get("msg")
    return {
        "host": host,
        "name": facts.get("mainwp_site_dashboard") or host,
        "result": {key: result[key] for key in ("broken_off", "dashboard", "msg", "sites") if key in result},
        "failure": str(failure or ""),
    }
