# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Product types and payment methods of costs. PRIVATE to the collection.

MainWP makes a slug of the title of a new one, by which costs know it, and never changes it. Five product types come with
MainWP: one that is added with the title of such a one overwrites it.
"""

from __future__ import annotations

from .._dashboard import Dashboard
from .._errors import InputError
from ._fields import colour, icon, text
from ._resource import Plan, Resource, State, Thing, Wanted
from ._slugs import is_reachable, slug_of

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


def _refuse_slug(resource: Resource, state: State, wanted: Wanted) -> None:
    """Raises InputError for a new one whose slug would be none, or another's, or out of reach."""
    title = wanted.values["title"]
    slug = slug_of(title)
    if wanted.id is not None:
        if slug_of(str(wanted.id)) != wanted.id or wanted.id in METHODS:
            raise InputError("slug", f"MainWP gives the slug '{wanted.id}' to no new {resource.noun}.", "Leave it out.")
        return
    if not slug:
        raise InputError("title", f"MainWP can make no slug of '{title}'.", "Use letters or digits.")
    if not is_reachable(slug):
        text = f"of '{title}' MainWP would make a slug with percent codes, which its API can neither change nor remove."
        raise InputError("title", text, "Use Latin letters and digits, and rename it in MainWP's own pages.")
    other = state.by_id(slug)
    if other:
        remedy = "Write its title just as it is there, or give the slug."
        raise InputError("title", f"'{title}' would be taken for {resource.called(other)}.", remedy)


def _refuse_out_of_reach(resource: Resource, thing: Thing) -> None:
    if not is_reachable(str(thing.id)):
        text = f"no route of MainWP's API leads to {resource.called(thing)}, for its slug has percent codes."
        raise InputError("slug", text, "Change or remove it in MainWP's own pages.")


def _type_prepare(_dashboard: Dashboard, state: State, meant: Thing | None, wanted: Wanted) -> Wanted:
    if meant is None and wanted.present and wanted.values.get("title"):
        _refuse_slug(PRODUCT_TYPE, state, wanted)
    if meant and not wanted.present:
        _refuse_out_of_reach(PRODUCT_TYPE, meant)
        if meant.id in BUILT_IN:
            raise InputError("state", f"{PRODUCT_TYPE.called(meant)} comes with MainWP, which does not remove it.")
    return wanted


def _method_prepare(_dashboard: Dashboard, state: State, meant: Thing | None, wanted: Wanted) -> Wanted:
    """MainWP would make a second one of a built-in one's title, if its own slug is another."""
    title = wanted.values.get("title", "")
    if meant is None and wanted.present and title:
        own = next((slug for slug, known in METHODS.items() if known.casefold() == title.casefold()), None)
        if own and own != slug_of(title):
            raise InputError(
                "title", f"'{title}' comes with MainWP, and costs know it by the slug {own}.", "Make none."
            )
        _refuse_slug(PAYMENT_METHOD, state, wanted)
    if meant and not wanted.present:
        _refuse_out_of_reach(PAYMENT_METHOD, meant)
    return wanted


def _method_refuses(plan: Plan) -> None:
    if plan.before and plan.action != "unchanged":
        _refuse_out_of_reach(PAYMENT_METHOD, plan.before)


def _type_refuses(plan: Plan) -> None:
    before, after = plan.before, plan.after
    if before is None or after is None or plan.action == "unchanged":
        return
    _refuse_out_of_reach(PRODUCT_TYPE, before)
    name = PRODUCT_TYPE.called(before)
    if before.id in BUILT_IN and after.values["title"] != before.values["title"]:
        raise InputError("title", f"{name} comes with MainWP, which does not rename it.")
    if ":" not in after.values["icon"] and after.values["icon"]:
        text = f"{name} has an uploaded picture, which any edit by MainWP's API would lose."
        raise InputError("icon", text, "Give another icon, or edit it in MainWP's own pages.")


PRODUCT_TYPE = Resource(
    noun="product type",
    kind="product_type",
    comes_along=lambda thing: thing.id in BUILT_IN,
    routes=lambda api: api.product_types,
    fields=(
        text("title", required=True, slashed=False),
        colour("color", short=False, blank="#34424D"),
        icon("icon", blank="deficon:folder open"),
    ),
    keys=("title",),
    unique=("title",),
    folds=True,
    resent=("title", "color", "icon"),
    id_name="slug",
    made_id=lambda thing: thing.id or slug_of(thing.values["title"]),
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
    folds=True,
    id_name="slug",
    made_id=lambda thing: thing.id or slug_of(thing.values["title"]),
    has_sites=False,
    prepare=_method_prepare,
    refuse=_method_refuses,
)
