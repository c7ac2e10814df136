# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The REST API v2, resource by resource. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from .._http import Transport
from .batches import Batches
from .changes import Changes
from .client_fields import ClientFields
from .clients import Clients
from .collection import Collection
from .cost_types import CostSettings, PaymentMethods, ProductTypes
from .costs import Costs
from .extensions import Extensions
from .keys import Keys
from .monitors import Monitors
from .settings import Settings
from .sites import LISTED, Sites
from .tags import Tags
from .updates import Updates
from .users import Users


class V2:
    """All resources of one Dashboard."""

    def __init__(self, http: Transport) -> None:
        self.sites = Sites(http)
        self.updates = Updates(http, self.sites)
        self.batches = Batches(http, self.sites)
        self.tags = Tags(http, self.sites.listing.tagged)
        self.clients = Clients(http)
        self.extensions = Extensions(http)
        self.client_fields = ClientFields(http)
        self.costs = Costs(http, self.sites, self.tags, self.clients)
        cost_settings = CostSettings(http)
        self.product_types = ProductTypes(http, cost_settings)
        self.payment_methods = PaymentMethods(http, cost_settings)
        self.settings = Settings(http)
        self.keys = Keys(http)
        self.monitors = Monitors(http)
        self.changes = Changes(http)
        self.users = Users(http)
        self._collections: tuple[Collection, ...] = (
            self.sites,
            self.tags,
            self.clients,
            self.client_fields,
            self.product_types,
            self.payment_methods,
            self.costs,
            self.keys,
        )
        http.on_write = self._written

    @contextlib.contextmanager
    def rehearsal(self, fields: Iterable[str] = ()) -> Iterator[None]:
        """For as long as nothing is written, each list is read once, that of the sites with ``fields`` beside what everybody
        asks for, and what was planned can stand for what there is (``Collection.pretend``)."""
        for one in self._collections:
            one.forget()
            one.steady = True
        self.sites.listing.fields = frozenset((*LISTED, *fields))
        try:
            yield
        finally:
            self.sites.listing.fields = frozenset()
            self._wake()
            self.costs.forget_owners()

    def _written(self, path: str) -> None:
        """Before and after each write: nothing that is only planned can go out, and nothing old is kept."""
        self._wake()
        if not path.startswith(f"{self.costs.root}/{self.costs.path}"):
            self.costs.forget_owners()

    def _wake(self) -> None:
        for one in self._collections:
            one.wake()
        self.sites.listing.forget()
