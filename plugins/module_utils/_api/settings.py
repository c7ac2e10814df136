# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Dashboard's settings, group by group. PRIVATE to the collection."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from .. import _errors as errors
from . import normalise
from .collection import REFUSED, refusal
from .resource import ODD, Resource, Row

#: Where an answer has a secret.
_SECRET = re.compile(r"['\"](?:api_key|password|secrets)['\"]")


class Settings(Resource):
    """``/settings/{group}``."""

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The groups that were read."""
        return {}

    def group(self, name: str) -> dict[str, Any]:
        """The settings of a group; empty where they cannot be read."""
        if name not in self.rows:
            try:
                body = self.ask(f"settings/{name}", f"read the {name} settings")
            except errors.ApiError:
                body = {}
            self.rows[name] = normalise.as_map(body.get("data"))
        return self.rows[name]

    def read(self, name: str) -> Any:
        """The settings of a group as they are now. Raises MainWPError."""
        step = f"read the {name} settings"
        found = normalise.unpacked(self.ask(f"settings/{name}", step).get("data"))
        if not isinstance(found, (dict, list)):
            raise errors.AnswerLost(f"{step}: the answer has none.", hint=ODD)
        return found

    def zone(self) -> str | None:
        """The time zone that WordPress has by name, which goes before any offset; empty if it has none, None where its index is
        hidden. Seen on a real Dashboard."""
        try:
            index = self.http.read("", {"_fields": "timezone_string"}, "read the API's index").data
        except (errors.ApiError, errors.NotTheApi, errors.Redirected):
            return None
        name = normalise.as_map(index).get("timezone_string")
        return None if name is None else normalise.as_text(name)

    def edit(self, route: str, given: Row) -> None:
        """Change some of a group, or of what is below it. Sent as JSON without a charset, or MainWP refuses it."""
        step = f"edit the {route} settings"
        try:
            answer = self.send(f"settings/{route}/edit", step, given, "PUT", work=True)
        except (
            errors.MainWPError
        ) as exc:  # what cannot be read of an answer is quoted, and some repeat stored keys in clear
            if _SECRET.search(exc.message):
                exc.message = f"{step}: the answer cannot be read."
            raise
        if "success" not in answer:
            raise errors.AnswerLost(f"{step}: the answer does not say whether it was done.", hint=ODD)
        if complaint := refusal(answer):
            raise errors.ApiError(f"{step}: {complaint}", hint=REFUSED)
