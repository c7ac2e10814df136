# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins and themes of a site: the writes that switch and delete them. PRIVATE to the collection.

What is installed stands in the site object. Answers are no evidence: what is unknown, must not be touched or cannot be
activated is reported as done.
"""

from __future__ import annotations

from collections.abc import Mapping

from .. import _errors as errors
from .._models import THEME, Site
from .._secrets import plain
from . import normalise
from .resource import ODD, Resource

#: What MainWP's codes for a child that gave no answer may mean here.
_SILENT = "the site gave no answer (NOMAINWP)."
_LOST = "MainWP got no answer from the site in time (HTTPERROR)."
_ROUTE = {"activate": "POST", "deactivate": "POST", "delete": "DELETE"}


class Extensions(Resource):
    """``/sites/{id}/plugins`` and ``/sites/{id}/themes``."""

    def abandoned(self, site: Site, kind: str) -> Mapping[str, str | None]:
        """What had no release for so long that MainWP calls it abandoned, by slug: when it had its last one."""
        step = f"read abandoned {kind}s of {site.url}"
        data = normalise.unpacked(self.ask(f"sites/{site.id}/{kind}s/abandoned", step).get("data"))
        if not isinstance(data, dict) and data != []:
            raise errors.AnswerLost(f"{step}: the answer is not such a list.", hint=ODD)
        rows = {slug: normalise.as_map(row) for slug, row in normalise.as_map(data).items()}
        return {slug: normalise.epoch_as_time(row.get("last_updated")) for slug, row in rows.items()}

    def switch(self, site: Site, kind: str, action: str, slug: str) -> str:
        """``activate``, ``deactivate`` or ``delete`` one; what the Dashboard has to complain about it, empty for nothing.

        One slug for each call: a plugin that dies when it is activated keeps those after it in a list from theirs. Raises
        AnswerLost where the child gave none: only reading tells what became of it, and whether the site is there still.
        """
        step = f"{action} {kind} {slug} of {site.url}"
        # One theme is activated by a text: a list is refused there.
        slugs = slug if kind == THEME and action == "activate" else [slug]
        try:
            body = self.send(f"sites/{site.id}/{kind}s/{action}", step, {"slug": slugs}, _ROUTE[action], work=True)
        except errors.ApiError as exc:
            if not exc.may_have_started:
                raise
            raise _lost(exc, step, kind, action) from exc
        if normalise.as_bool(body.get("success", 1)):
            return ""
        told = plain(normalise.as_map(body.get("data")).get("error") or body.get("message") or body.get("error"))
        return told or "The Dashboard did nothing, and gives no reason."


def _lost(exc: errors.ApiError, step: str, kind: str, action: str) -> errors.AnswerLost:
    """What broke on the way, as an answer that tells nothing: the request is over, but how far it got is open."""
    told, hint = exc.message, exc.hint
    if "NOMAINWP" in told:
        dies = action == "activate"
        hint = f"The {kind} may break it, or WordPress refused what it requires." if dies else ""
        told = f"{step}: {_SILENT}"
    over = "HTTPERROR" not in told  # then the site may be at it all the same
    if not over:
        told, hint = f"{step}: {_LOST}", ""
    lost = errors.AnswerLost(told, hint=hint)
    lost.may_be_running, lost.tried = False, over
    return lost
