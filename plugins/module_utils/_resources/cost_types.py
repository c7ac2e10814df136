# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Product types and payment methods of costs. PRIVATE to the collection.

MainWP makes a slug of the title of a new one, by which costs know it, and never changes it. Five product types come with
MainWP: one that is added with the title of such a one overwrites it.
"""

from __future__ import annotations

import re
import unicodedata

from .._dashboard import Dashboard
from .._errors import InputError
from ._fields import colour, icon, text
from ._resource import Plan, Resource, State, Thing, Wanted

BUILT_IN = ("plugin", "theme", "hosting", "service", "other")
#: The payment methods that come with MainWP, which its API does not list.
METHODS = {
    "paypal": "PayPal",
    "stripe": "Stripe",
    "apple": "Apple Pay",
    "amazon": "Amazon Pay",
    "google": "Google Pay",
    "credit_debit": "Credit Card",
    "debit_card": "Debit Card",
    "cash": "Cash",
}


def slug_of(title: str) -> str:
    """What WordPress makes of a title; of other alphabets it makes percent codes, which are nothing here."""
    plain = unicodedata.normalize("NFKD", title.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"&[^;\s]+;", "", plain)
    return re.sub(r"-+", "-", re.sub(r"[\s./]+", "-", re.sub(r"[^a-z0-9\s_./-]", "", plain))).strip("-")


def _new_slug(noun: str, _dashboard: Dashboard, state: State, meant: Thing | None, wanted: Wanted) -> Wanted:
    """Raises InputError for a new one whose slug would be none, or another's."""
    if meant is None and wanted.present and wanted.values.get("title"):
        title = wanted.values["title"]
        slug = slug_of(title)
        if not slug and title.isascii():
            raise InputError("title", f"MainWP can make no slug of '{title}'.", "Use letters or digits.")
        other = state.by_id(slug)
        if other:
            remedy = "Write its title just as it is there, or give the slug."
            held = f"{noun} '{other.values['title']}' (slug {slug})"
            raise InputError("title", f"'{title}' would be taken for {held}.", remedy)
    return wanted


def _type_prepare(dashboard: Dashboard, state: State, meant: Thing | None, wanted: Wanted) -> Wanted:
    if meant and meant.id in BUILT_IN and not wanted.present:
        raise InputError("state", f"{PRODUCT_TYPE.called(meant)} comes with MainWP, which does not remove it.")
    return _new_slug("product type", dashboard, state, meant, wanted)


def _method_prepare(dashboard: Dashboard, state: State, meant: Thing | None, wanted: Wanted) -> Wanted:
    """MainWP would make a second one of the same title, by another slug than its own."""
    title = wanted.values.get("title", "")
    own = next((slug for slug, known in METHODS.items() if known.casefold() == title.casefold()), None)
    if wanted.present and meant is None and own and own != slug_of(title):
        raise InputError("title", f"'{title}' comes with MainWP, and costs know it by the slug {own}.", "Make none.")
    return _new_slug("payment method", dashboard, state, meant, wanted)


def _type_refuses(plan: Plan) -> None:
    before, after = plan.before, plan.after
    if before is None or after is None or plan.action == "unchanged":
        return
    name = PRODUCT_TYPE.called(before)
    if before.id in BUILT_IN and after.values["title"] != before.values["title"]:
        raise InputError("title", f"{name} comes with MainWP, which does not rename it.")
    if ":" not in after.values["icon"] and after.values["icon"]:
        text = f"{name} has an uploaded picture, which any edit by MainWP's API would lose."
        raise InputError("icon", text, "Give another icon, or edit it in MainWP's own pages.")


PRODUCT_TYPE = Resource(
    noun="product type",
    kind="product_type",
    routes=lambda api: api.product_types,
    fields=(
        text("title", required=True, slashed=False),
        colour("color", short=False, blank="#34424D"),
        icon("icon", blank="deficon:folder open"),
    ),
    keys=("title",),
    unique=("title",),
    resent=("title", "color", "icon"),
    id_name="slug",
    has_sites=False,
    prepare=_type_prepare,
    refuse=_type_refuses,
)

PAYMENT_METHOD = Resource(
    noun="payment method",
    kind="payment_method",
    routes=lambda api: api.payment_methods,
    fields=(text("title", required=True, slashed=False),),
    keys=("title",),
    unique=("title",),
    id_name="slug",
    has_sites=False,
    prepare=_method_prepare,
)
