# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pending updates of many sites, in as few requests as the dialect allows. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from . import _errors as errors
from ._api.resource import parallel
from ._api.several import grouped
from ._api.updates import Updates
from ._dashboard import Dashboard
from ._models import Site, Update

#: Updates after ignore rules, or why they could not be read.
Pending: TypeAlias = "tuple[Update, ...] | errors.MainWPError"


def read_pending(dashboard: Dashboard, sites: Iterable[Site]) -> dict[int, Pending]:
    """Id → pending updates of each site, as ``GET /updates/{id}`` would tell them. Raises Unauthorized.

    One site's trouble is its own: what an answer about several sites does not tell is asked for site by site.
    """
    return _Reader(dashboard).read(sites)


class _Reader:
    def __init__(self, dashboard: Dashboard) -> None:
        self._updates = dashboard.api.updates
        #: Once a question about several sites was in vain, sites are asked for one by one.
        self._worth_it = True

    def read(self, sites: Iterable[Site]) -> dict[int, Pending]:
        # Premium offers are such as no answer tells of.
        left = {site.id: site for site in sites if any(not update.premium for update in site.updates)}
        found: dict[int, Pending] = {}
        groups = self._groups(left.values())
        if isinstance(self._updates, Updates) and self._updates.whole is None and len(groups) > 1:
            # The dialect is not known yet: the first answer tells how many sites may share the others.
            found.update(self._ask(max(groups, key=len)))
            groups = self._groups(site for key, site in left.items() if key not in found)
        for part in parallel(self._ask, groups):
            found.update(part)
        return found

    def _groups(self, sites: Iterable[Site]) -> list[list[Site]]:
        if isinstance(self._updates, Updates):
            return grouped(sites, bool(self._updates.whole))
        return [[site] for site in sites]

    def _ask(self, group: Sequence[Site]) -> dict[int, Pending]:
        told: dict[int, Pending] = {}
        if isinstance(self._updates, Updates) and len(group) > 1 and self._worth_it:
            told = _together(self._updates, group)
            self._worth_it = bool(told)
        return {**told, **{site.id: self._alone(site) for site in group if site.id not in told}}

    def _alone(self, site: Site) -> tuple[Update, ...] | errors.MainWPError:
        try:
            return self._updates.pending(site)
        except errors.Unauthorized:
            raise
        except errors.MainWPError as exc:
            return exc
        except Exception as exc:  # noqa: BLE001  # a bug met on one site must not stop the others
            return errors.MainWPError(errors.bug_sentence(exc))


def _together(updates: Updates, group: Sequence[Site]) -> dict[int, Pending]:
    """What one answer about all of them tells; empty if there is none."""
    try:
        return dict(updates.pending_of(group))
    except errors.Unauthorized:
        raise
    except (errors.ConnectFailed, errors.TlsFailed) as exc:
        return dict.fromkeys((site.id for site in group), exc)  # the Dashboard is away for each of them
    except Exception:  # noqa: BLE001  # one site after the other tells which of them it is
        return {}
