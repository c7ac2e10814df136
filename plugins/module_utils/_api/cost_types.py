# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Product types and payment methods of costs: both live in the settings. PRIVATE to the collection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, ClassVar

from .. import _errors as errors
from .._http import Transport
from . import normalise
from .collection import Collection, Id
from .normalise import as_slug, as_written
from .resource import ODD, Resource, Row, told


class CostSettings(Resource):
    """``/settings/cost-tracker``, which lists both."""

    @cached_property
    def rows(self) -> dict[str, Any]:
        """The settings."""
        step = "read the settings of costs"
        data = self.ask("settings/cost-tracker", step).get("data")
        if not isinstance(data, dict):
            raise errors.AnswerLost(f"{step}: the answer has none.", hint=ODD)
        return data


class _Kinds(Collection, ABC):
    """What has a slug in the place of a number. The slug is made of the title once, and stays."""

    removal = "delete"
    #: Where the settings list them.
    column = ""
    #: The routes check whether there is such a slug before they do anything.
    gone: ClassVar[frozenset[str]] = frozenset({"rest_invalid_param", "invalid_slug"})
    undone: ClassVar[frozenset[str]] = frozenset({"duplicate_title", "invalid_title", "invalid_content_type"})

    def __init__(self, http: Transport, settings: CostSettings) -> None:
        super().__init__(http)
        self.settings = settings

    def _drop(self) -> None:
        """Ask for the settings again."""
        super()._drop()
        self.settings.forget()

    @cached_property
    def rows(self) -> list[Row]:
        """All there are."""
        listed = self.settings.rows.get(self.column)
        return told(self.read(listed) if isinstance(listed, (dict, list)) else None, f"list the {self.noun}s")

    @abstractmethod
    def read(self, listed: Any) -> list[Row] | None:
        """The rows, None if one is none."""

    def add(self, given: Row) -> Id:
        """Make one; its slug."""
        answer = self.change("add", f"make a {self.noun}", given, "POST")
        return next(map(str, normalise.as_map(answer.get("data"))), "")


class ProductTypes(_Kinds):
    """``/settings/cost-tracker/product-types``: five that come with MainWP, and those that somebody made."""

    path, noun = "settings/cost-tracker/product-types", "product type"
    column = "product_categories"

    def read(self, listed: Any) -> list[Row] | None:
        """A list of objects."""
        rows = [row for row in normalise.as_list(listed) if isinstance(row, dict) and as_slug(row.get("slug"))]
        if len(rows) != len(listed):
            return None
        columns = ("title", "color", "icon")
        return [{"id": as_slug(row["slug"]), **{name: as_written(row.get(name)) for name in columns}} for row in rows]


class PaymentMethods(_Kinds):
    """``/settings/cost-tracker/payment-methods``: only those that somebody made are listed."""

    path, noun = "settings/cost-tracker/payment-methods", "payment method"
    column = "payment_methods"

    def read(self, listed: Any) -> list[Row] | None:
        """A map slug → title; PHP makes a list of one without entries, or with numbers for slugs."""
        return [{"id": slug, "title": as_written(title)} for slug, title in normalise.as_map(listed).items()]
