# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A resource whose writes reach a child site: it is locked as it is for any other work. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from .. import _errors as errors
from .._dashboard import Dashboard
from .._jobs._common import locked_sentence
from .._locks import POLL, Locks, Wait, lock_directory, look_at
from .._models import Site
from . import _engine as engine
from ._resource import Plan, Resource, Wanted


def run(resource: Resource, dashboard: Dashboard, wanted: Wanted, reporter: Any, check_mode: bool) -> dict[str, Any]:
    """As the engine does, with the locks of the site whose child is reached."""
    ready = (
        partial(_looked_at, resource, wanted) if check_mode else partial(held, resource, dashboard, wanted, reporter)
    )
    return engine.run(resource, dashboard, wanted, reporter, check_mode, ready)


@contextlib.contextmanager
def _looked_at(resource: Resource, wanted: Wanted, plan: Plan) -> Iterator[None]:
    """The same in check mode: whether its locks could be had."""
    if resource.works_on and resource.works_on(plan):
        look_at(lock_directory(wanted.options.get("lock_dir")))
    yield


@contextlib.contextmanager
def held(resource: Resource, dashboard: Dashboard, wanted: Wanted, reporter: Any, plan: Plan) -> Iterator[None]:
    """The locks that a plan needs, for as long as it is carried out."""
    site = resource.works_on(plan) if resource.works_on else None
    if site is None:
        yield
        return
    folder = lock_directory(wanted.options.get("lock_dir"))
    with contextlib.closing(Locks(folder, dashboard.connection.url)) as locks:
        _take(locks, site, float(wanted.options.get("lock_timeout", 0)), dashboard, reporter)
        yield


def _take(locks: Locks, site: Site, patience: float, dashboard: Dashboard, reporter: Any) -> None:
    """Raises MainWPError when somebody else is at work there for too long, or may be."""
    while wait := taken(locks, site, patience):
        if not wait.is_sibling:
            reporter.waiting([f"the lock of {wait}"])
        dashboard.sleep(POLL)


def taken(locks: Locks, site: Site, patience: float) -> Wait | None:
    """Take the locks of a site, or tell who has one of them. Raises MainWPError as ``_take`` does."""
    if wait := locks.take(site.lock_names):
        if wait.seconds >= patience:
            raise errors.MainWPError(locked_sentence(wait), "Nothing was sent.", "locked")
        return wait
    if sent := locks.unanswered(site.own_lock):
        locks.give(site.lock_names)
        what = ", ".join(sorted(sent))
        text = f"An earlier run sent something to {site.url} that nobody answered, and it may still be done: {what}."
        raise errors.MainWPError(text, "Nothing was sent. Run again later.", "locked")
    return None
