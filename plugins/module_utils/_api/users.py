# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of child sites: live calls, the same on both dialects. PRIVATE to the collection.

The API's answers to writes hold passwords, so nothing of them is handed on but what became of the write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import _errors as errors
from .._models import Site
from .._secrets import plain
from . import normalise
from .normalise import as_int, as_map, as_slug, as_text
from .resource import ODD, Columns, Resource, Row, parallel

_COLUMNS: Columns = {
    "id": as_int,
    "website_id": as_int,
    "username": as_slug,
    "email": as_text,
    "role": as_text,
    "posts": as_int,
}
#: So many sites are asked about by one request, in which the Dashboard calls them all.
_TOGETHER = 25
#: The users of each site, or why nobody knows them.
Told = Mapping[int, "list[Row] | errors.MainWPError"]
#: The Dashboard's own words that an edit or a deletion was not done. It answers them with HTTP 500.
_REFUSALS = ("user_update_error", "user_not_found", "get_user_error", "user_deletion_error", "missing_required_fields")


class Users(Resource):
    """``/users``. Which user the Dashboard itself connects as, no route tells."""

    def send(self, path: str, step: str, body: Any = None, method: str = "POST", work: bool = False) -> dict[str, Any]:
        """A write. What cannot be read of its answer is not quoted: it repeats the password, also one that WordPress made."""
        try:
            return super().send(path, step, body, method, work)
        except errors.MainWPError as exc:
            if "user_pass" in exc.message:
                exc.message = f"{step}: the answer cannot be read."
            raise

    def of(self, sites: Sequence[Site], search: str = "", roles: Sequence[str] = ()) -> dict[int, list[Row]]:
        """Users by site, of those sites that answered: a site that did not, and – asked beside others – one that has none of
        these, are left out (recorded). ``search`` is a part of login, name or address; ``roles``: one of all its roles."""
        step = f"read the users of {sites[0].url if len(sites) == 1 else f'{len(sites)} sites'}"
        query: dict[str, Any] = {"websites": ",".join(str(site.id) for site in sites)}
        if search:
            query["search"] = search
        if roles:
            query["roles"] = ",".join(roles)
        data = normalise.unpacked(self.ask("users", step, query).get("data"))
        if data == [] and len(sites) == 1:
            return {sites[0].id: []}
        ids = {site.id for site in sites}
        found: dict[int, list[Row]] = {}
        for rows in data.values() if isinstance(data, dict) else ():
            users = normalise.listed(rows, lambda raw: normalise.row(raw, _COLUMNS))
            numbers = {row["website_id"] for row in users or ()}
            if not users or len(numbers) != 1 or not numbers <= ids:
                raise errors.AnswerLost(f"{step}: the answer is not about these.", hint=ODD)
            found[numbers.pop()] = users
        if not isinstance(data, (dict, list)):
            raise errors.AnswerLost(f"{step}: the answer is not such a list.", hint=ODD)
        return found

    def of_all(self, sites: Sequence[Site], search: str = "", roles: Sequence[str] = (), sure: bool = True) -> Told:
        """By site, of all of them. One that is missing in an answer about several has no such users, or was not reached:
        only asked alone it tells which, unless one need not be ``sure``. Raises those OF_THE_DASHBOARD."""
        found: dict[int, list[Row] | errors.MainWPError] = {
            site.id: reason for site in sites if (reason := _left_out(site)) is not None
        }
        asked = [site for site in sites if site.id not in found]

        def together(batch: Sequence[Site]) -> Mapping[int, list[Row]]:
            try:
                return self.of(batch, search, roles) if len(batch) > 1 or not sure else {}
            except errors.OF_THE_DASHBOARD:
                raise
            except errors.MainWPError:
                return {}  # of which site it speaks, each tells alone

        def alone(site: Site) -> list[Row] | errors.MainWPError:
            try:
                return self.of_one(site, search, roles)
            except errors.OF_THE_DASHBOARD:
                raise
            except errors.MainWPError as exc:
                return exc

        batches = [asked[start : start + _TOGETHER] for start in range(0, len(asked), _TOGETHER)]
        for told in parallel(together, batches):
            found.update(told)
        silent = [site for site in asked if site.id not in found] if sure else []
        found.update(zip((site.id for site in silent), parallel(alone, silent), strict=True))
        return found

    def of_one(self, site: Site, search: str = "", roles: Sequence[str] = ()) -> list[Row]:
        """Of one site, for sure. Raises ``disconnected`` where nobody knows them."""
        try:
            return self.of([site], search, roles)[site.id]
        except KeyError:
            raise errors.AnswerLost(f"read the users of {site.url}: the answer is not about this site.", ODD) from None
        except errors.ApiError as exc:
            if exc.details.get("code") == "no_users_found":
                text = "MainWP does not reach the site, so nobody knows its users."
                raise errors.MainWPError(text, "Sync it to learn why.", "disconnected") from None
            if exc.details.get("code") in ("no_website_found", "users_fetch_error"):
                raise errors.MainWPError(exc.message, "Sync it, then run again.", "disconnected") from None
            raise

    def create(self, site: Site, given: Mapping[str, Any]) -> str:
        """Make one on one site; the complaint of the Dashboard or its child, empty if it was done.

        ``success`` is always 1: only the counts tell (recorded). A site that was not reached is in neither list.
        """
        step = f"make user {given['username']} on {site.url}"
        answer = as_map(self.send("users/create", step, {"websites": str(site.id), **given}, work=True).get("data"))
        if "total_success" not in answer:
            raise errors.AnswerLost(f"{step}: the answer does not say whether it was done.", hint=ODD)
        failed = as_map(answer.get("failed_sites")).values()
        texts = [plain(entry.get("message")) for entry in failed if isinstance(entry, dict)]
        if not failed and as_int(answer["total_success"]) == as_int(answer.get("total_sites")) == 1:
            return ""
        return "; ".join(filter(None, texts)) or "MainWP did not reach the site."

    def edit(self, site: Site, number: int, given: Mapping[str, Any]) -> str:
        """Change one; the complaint, empty if there is none. What it does not like the API drops with a success."""
        return self._change(f"users/{site.id}/{number}/edit", f"change user {number} of {site.url}", given, "PUT")

    def delete(self, site: Site, number: int) -> str:
        """Take one away, its posts going to the one that the Dashboard connects as; the complaint, empty if there is none."""
        return self._change(f"users/{site.id}/{number}/delete", f"delete user {number} of {site.url}", None, "DELETE")

    def _change(self, path: str, step: str, given: Mapping[str, Any] | None, method: str) -> str:
        try:
            answer = self.send(path, step, given, method, work=True)
        except errors.ApiError as exc:
            if exc.details.get("code") not in _REFUSALS:
                raise
            return exc.message
        if "success" not in answer:
            raise errors.AnswerLost(f"{step}: the answer does not say whether it was done.", hint=ODD)
        return "" if normalise.as_bool(answer["success"]) else plain(answer.get("message")) or "MainWP gives no reason."


def _left_out(site: Site) -> errors.MainWPError | None:
    """Why MainWP would not even ask the site (recorded)."""
    if site.suspended:
        return errors.MainWPError("The site is suspended in MainWP, so nobody knows its users", "", "suspended")
    if site.sync_errors:
        text = f"MainWP asks no site whose last sync failed ({site.sync_errors.rstrip('.')})"
        return errors.MainWPError(text, "Sync it, then run again.", "disconnected")
    return None
