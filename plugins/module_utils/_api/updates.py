# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Updates: which are pending, and the writes that start them. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from .. import _errors as errors
from .._http import Transport
from .._models import CORE, CORE_SLUG, PLUGIN, THEME, TRANSLATION, ItemAnswer, Site, Update
from .._secrets import plain
from . import normalise, several
from .resource import ODD, Resource
from .sites import Sites

_ROUTE = {PLUGIN: "plugins", THEME: "themes", TRANSLATION: "translations"}


class Updates(Resource):
    """``/updates``."""

    #: Whether an answer about several sites is never cut, as on classic; None while that is not known.
    whole: bool | None = None

    def __init__(self, http: Transport, sites: Sites) -> None:
        super().__init__(http)
        self._sites = sites

    def pending(self, site: Site) -> tuple[Update, ...]:
        """The updates of one site with ignore rules applied: the authority on every version (core.md §6.2)."""
        step = f"read the updates of {site.url}"
        data = self.ask(f"updates/{site.id}", step).get("data")
        if not isinstance(data, (dict, list)):
            raise errors.AnswerLost(f"{step}: the answer has no data.")
        return self._believed(site, normalise.pending_updates(data))

    def _believed(self, site: Site, found: tuple[Update, ...]) -> tuple[Update, ...]:
        """The updates of a site, unless they contradict what our own sync of it brought: it names them all, ignored ones
        included. Raises CachedAnswers."""
        known = {(*update.key, update.new_version) for update in site.updates}
        extensions = (update for update in found if update.type in (PLUGIN, THEME))
        odd = [update for update in extensions if (*update.key, update.new_version) not in known]
        if odd and self._sites.is_as_we_synced_it(site):
            offer = f"{odd[0].slug} {odd[0].new_version}".strip()
            self.http.caches.distrust(f"it offers {offer} for {site.url}, unlike the sync just now")
            self.http.caches.refuse()
        return found

    def pending_of(self, sites: Sequence[Site]) -> dict[int, tuple[Update, ...]]:
        """The updates of several sites by one request, the same ignore rules applied (recorded): by id, those that the
        answer tells for sure. The other sites have to be asked one by one.

        The shape of the answer is the dialect's: site by site and whole on classic, one list and cut on abilities.
        """
        step = f"read the updates of {len(sites)} sites"
        data = self.ask("updates", step, {"include": ",".join(str(site.id) for site in sites)}).get("data")
        if isinstance(data, dict) and self.whole is None:
            self.whole = True
        found = several.told(data, sites, bool(self.whole))
        if found is None:
            raise errors.AnswerLost(f"{step}: the answer is not about these.", hint=ODD)
        return found

    def start(self, site: Site, kind: str, slugs: Sequence[str]) -> dict[str, ItemAnswer]:
        """Start updates of one type on one site; slug → what the Dashboard says of it (core.md §6.4)."""
        return self._start_core(site) if kind == CORE else self._start_items(site, kind, slugs)

    def ignore(self, site: Site, kind: str, slug: str, name: str) -> str:
        """Ignore all updates of a plugin or theme on one site; what the Dashboard complains, empty for nothing.

        Only a map works: a list leaves a rule named ``0``, and an empty map ignores everything (recorded). The Dashboard
        decodes the name as if it came in an address.
        """
        body = {"slug": {slug: quote(name or slug, safe="")}}
        answer = self.send(f"updates/{site.id}/ignore/{kind}s", f"ignore {slug} on {site.url}", body)
        if normalise.as_bool(answer.get("success")):
            return ""
        return plain(answer.get("message") or answer.get("error")) or "the Dashboard gives no reason"

    def _start_items(self, site: Site, kind: str, slugs: Sequence[str]) -> dict[str, ItemAnswer]:
        step = f"update {_ROUTE[kind]} of {site.url}"
        body = self.send(f"updates/{site.id}/update/{_ROUTE[kind]}", step, {"slug": list(slugs)}, work=True)
        if "success" not in body:
            return {}  # no word on what was asked, and so no evidence: reading decides
        if not normalise.as_bool(body["success"]):
            text = plain(body.get("message") or body.get("error")) or "the Dashboard gives no reason"
            return {slug: ItemAnswer(success=False, error=text) for slug in slugs}
        # A child names every translation that it touched. (Some plugins are updated and not named: reading decides.)
        silent = {slug: ItemAnswer(success=False, mentioned=False) for slug in slugs if kind == TRANSLATION}
        return {**silent, **normalise.item_answers(body.get("data"))}

    def _start_core(self, site: Site) -> dict[str, ItemAnswer]:
        """ "Success" without versions means there was nothing to do (core.md §6.4)."""
        body = self.send(f"updates/{site.id}/update/wp", f"update WordPress of {site.url}", work=True)
        if not isinstance(body.get("data") or {}, dict):
            return {}  # no word on what was asked, and so no evidence: reading decides
        moved = normalise.as_map(body.get("data"))
        success = normalise.as_bool(body.get("success"))
        text = "" if success else plain(body.get("error")) or "the child site refused the WordPress update"
        old, new = (normalise.as_text(moved.get(key)) for key in ("old_version", "version"))
        return {CORE_SLUG: ItemAnswer(success, old, new, text)}
