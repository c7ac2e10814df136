# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sites of a tree: added, changed or removed in the Dashboard's lanes. PRIVATE to the collection."""

from __future__ import annotations

from .._api.managed_sites import CONNECTED
from .._locks import SPEC as LOCKING
from .._resources import site_list
from .._resources._resource import Plan, Thing
from .._resources._several import changes
from .._resources.sites import SITE
from ._findings import Finding
from ._part import Stage
from ._resource_part import ResourcePart

_PLUGIN = (
    "Sites that are added need MainWP Child active: {sites}. One that knows a Dashboard at another address, or was connected as "
    "another administrator, needs it deactivated and activated by hand first; one that was removed from a Dashboard has it "
    "deactivated."
)
#: So many sites are named in one sentence.
_NAMED = 10


class SitesPart(ResourcePart):
    """Sites. What is to be added needs a password, which is asked for by name before anything is written."""

    def rehearse(self, stage: Stage) -> None:
        """All are planned by the one listing."""
        planned = site_list.planned(stage.dashboard, self.wanted, called=self.place)
        for number, exc in planned.problems:
            stage.refuse(self.entries[number], exc)
        site_list.tell(stage.dashboard, planned)
        for item in planned.items:
            for note in item.wanted.notes:
                stage.reporter.warn(note)
            self.rehearsed(stage, item.number, item, changes(SITE, item.plan))
            if item.plan.before and item.number in self.by_entry:
                self.by_entry[item.number].name = item.plan.before.values["site_url"]
            if item.action == "created":
                self._refuse_without_password(stage, item.number)
        stage.coming = {
            int(item.plan.before.id) for item in planned.items if item.plan.before and _comes_back(item.plan)
        }
        new = [found.name for found in self.by_entry.values() if found.action == "created"]
        stage.will_sync = stage.will_sync or bool(new)
        if new:
            named = ", ".join(new[:_NAMED]) + (f" and {len(new) - _NAMED} more" if len(new) > _NAMED else "")
            stage.by_hand.append(_PLUGIN.format(sites=named))
        for url in sorted(thing.values["site_url"] for thing in planned.extras) if self.is_whole else ():
            self.mention(url)
        site_list.pretend(stage.dashboard, planned)

    def _refuse_without_password(self, stage: Stage, number: int) -> None:
        entry = self.entries[number]
        if "admin_password" in entry.options:
            return
        name = self.kind.called(entry.options)
        option = f"{stage.prefix}secrets.sites['{name}'].admin_password"
        remedy = f"Give it as {option}; an empty one where MainWP Child asks for none."
        stage.mistakes.add(entry.at("admin_password"), f"'{name}' is to be added, and its password is missing.", remedy)

    def act(self, stage: Stage) -> str:
        """Those that are not right; tags and clients have their ids by now."""
        todo = [number for number, one in self.by_entry.items() if one.is_open]
        if not todo:
            return ""

        locking = {name: self.wanted[0].options[name] for name in LOCKING}
        each = [self.wanted[number] for number in todo]
        called = [self.place(number) for number in todo].__getitem__
        done = site_list.act(stage.dashboard, each, locking, stage.reporter, called)
        for at, exc in done.problems:
            found = self.by_entry[todo[at]]
            found.ended(exc.reason, stage.blame(str(exc)))
            self.count(stage, found)
        for item in done.items:
            found = self.by_entry[todo[item.number]]
            self.ended(stage, found, item)
            self._added(stage, found, (item.told or {}).get("site"))
        return done.broken

    @staticmethod
    def _added(stage: Stage, found: Finding, site: dict[str, object] | None) -> None:
        if not (found.done and site and isinstance(site["id"], int)):
            return
        stage.touched.add(site["id"])
        if found.action == "created":
            stage.added.append(site["id"])


def _comes_back(plan: Plan) -> bool:
    """A site that was suspended, or disconnected, and shall be neither."""
    before, after = plan.before, plan.after
    names = ("suspended", "connected")
    return (
        before is not None
        and after is not None
        and any(_is_up(after, name) and not _is_up(before, name) for name in names)
    )


def _is_up(site: Thing, name: str) -> bool:
    return not site.values[name] if name == "suspended" else site.values[name] in (CONNECTED, None)
