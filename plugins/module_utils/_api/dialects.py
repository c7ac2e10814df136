# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs between the ways in which a Dashboard speaks, and how to tell them apart. PRIVATE to the collection.

The same URLs of API v2 behave in two ways. From WordPress 6.9 on they go through its Abilities API; the behaviour
before that we call classic.
"""

from __future__ import annotations

from dataclasses import dataclass

from .. import _errors as errors
from .._http import Transport
from .._models import CORE, PLUGIN, THEME, TRANSLATION
from . import normalise
from .resource import Resource


@dataclass(frozen=True)
class Dialect:
    """How a Dashboard speaks."""

    name: str
    #: It is API v2, whose listings come in pages.
    is_v2: bool = True
    #: One POST may carry several slugs.
    many_items: bool = True
    #: A site that once failed a sync is refused until ``reconnect`` (core.md §7.4).
    locks_out: bool = False
    #: The Dashboard's own batch runs in the background, by WP-Cron; else it is done inside the request.
    batch_in_background: bool = False
    #: Types that the Dashboard's own batch updates, and whether it reaches premium extensions (core.md §9.1).
    batch_types: tuple[str, ...] = (PLUGIN, THEME, CORE)
    batch_premium: bool = False
    #: An answer about the updates of several sites is never cut.
    answers_whole: bool = False


#: API v2 while it is not known which of the two it is.
EITHER = Dialect("v2")
ABILITIES = Dialect("abilities", locks_out=True, batch_types=(PLUGIN, THEME, CORE, TRANSLATION))
CLASSIC = Dialect("classic", batch_in_background=True, batch_premium=True, answers_whole=True)
LEGACY = Dialect("v1", is_v2=False, many_items=False, batch_types=())


def namespaces(http: Transport) -> tuple[str, ...]:
    """Those of the REST API; empty where a security plugin hides the index."""
    try:
        index = normalise.as_map(http.read("", {"_fields": "namespaces"}, "read the API's index").data)
    except (errors.ApiError, errors.NotTheApi, errors.Redirected):
        return ()
    return tuple(normalise.as_text(name) for name in normalise.as_list(index.get("namespaces")))


def spoken(http: Transport, announced: tuple[str, ...], known_site: int | None) -> Dialect:
    """By the presence of the Abilities API's namespace, else by the shape of an answer, never by a version."""
    if announced:
        return ABILITIES if any(name.startswith("wp-abilities/") for name in announced) else CLASSIC
    if known_site is None:
        return ABILITIES  # without sites the dialects do not differ
    answer = http.read(f"{Resource.root}/updates", {"include": known_site}, "find out the dialect")
    data = normalise.as_map(answer.data).get("data")
    listed = (isinstance(data, list) and data != []) or (isinstance(data, dict) and "0" in data)
    return ABILITIES if listed else CLASSIC
