# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every route of MainWP's REST API, v2 and v1: which modules use it, or why none does. Pure. PRIVATE to the collection.

The one source: ``mainwp_api`` warns by it, docs/api_coverage.md shows it, and tests hold it against the index of a real
Dashboard and against what modules ask. A line is ``METHODS route: modules``, or ``METHODS route - why none uses it``. EDIT
stands for POST, PUT and PATCH, SET for PUT and PATCH, which are the same there; what is in braces is a parameter. ``*``
says that any other module may ask it, too. The one to use instead of ``mainwp_api`` is behind ``>``, or it is the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

#: What WordPress' own names for methods mean.
METHODS: Mapping[str, tuple[str, ...]] = {
    "GET": ("GET",),
    "POST": ("POST",),
    "PUT": ("PUT",),
    "SET": ("PUT", "PATCH"),
    "EDIT": ("POST", "PUT", "PATCH"),
    "DELETE": ("DELETE",),
}

V2 = """
GET / - the index; which API there is, is told by WordPress' own
GET /sites: mainwp_site_info *
GET /sites/basic: mainwp_site_info *
GET /sites/count: mainwp_site_info *
EDIT /sites/sync - all sites in one request, one after another; sites are synced one by one, in lanes > mainwp_sync
EDIT /sites/reconnect - stops at the first site that is well; sites are reconnected one by one > mainwp_site
EDIT /sites/disconnect - without a selection it disconnects all sites; sites are disconnected one by one > mainwp_site
EDIT /sites/check - all sites in one request, one after another; sites are checked one by one
GET /sites/{id_domain}: mainwp_batch_update mainwp_site mainwp_site_info * > mainwp_site_info
POST /sites/add: mainwp_site
EDIT /sites/{id_domain}/edit: mainwp_site mainwp_tag mainwp_ignored_update
EDIT /sites/{id_domain}/sync: mainwp_sync mainwp_batch_update mainwp_site mainwp_plugin mainwp_theme mainwp_user
GET /sites/{id_domain}/security: mainwp_security_info mainwp_site_info
GET /sites/{id_domain}/plugins: mainwp_sync mainwp_batch_update mainwp_plugin mainwp_theme mainwp_user > mainwp_plugin_info
EDIT /sites/{id_domain}/plugins/activate: mainwp_plugin
EDIT /sites/{id_domain}/plugins/deactivate: mainwp_plugin
DELETE /sites/{id_domain}/plugins/delete: mainwp_plugin
GET /sites/{id_domain}/plugins/abandoned: mainwp_plugin_info
GET /sites/{id_domain}/themes - the listing of sites tells the same > mainwp_theme_info
EDIT /sites/{id_domain}/themes/activate: mainwp_theme
DELETE /sites/{id_domain}/themes/delete: mainwp_theme
GET /sites/{id_domain}/themes/abandoned: mainwp_theme_info
GET /sites/{id_domain}/non-mainwp-changes: mainwp_change_info mainwp_site_info
EDIT /sites/{id_domain}/reconnect: mainwp_site mainwp_sync mainwp_batch_update mainwp_plugin mainwp_theme mainwp_user
EDIT /sites/{id_domain}/disconnect: mainwp_site
EDIT /sites/{id_domain}/suspend: mainwp_site
EDIT /sites/{id_domain}/unsuspend: mainwp_site
EDIT /sites/{id_domain}/check: mainwp_sync mainwp_batch_update mainwp_plugin mainwp_theme mainwp_user
DELETE /sites/{id_domain}/remove: mainwp_site
GET /sites/{id_domain}/client: mainwp_site_info
GET /sites/{id_domain}/costs: mainwp_site_info
EDIT /sites/batch - a request as long as all its sites; unsuspend and unknown actions are ignored with a success
GET /clients: mainwp_client_info mainwp_client *
GET /clients/count - the list has them all > mainwp_client_info
POST /clients/add: mainwp_client
GET /clients/{id_email} - tells less than the list > mainwp_client_info
EDIT /clients/{id_email}/edit: mainwp_client
DELETE /clients/{id_email}/remove: mainwp_client
GET /clients/{id_email}/sites - the list of sites tells whose they are > mainwp_client_info
GET /clients/{id_email}/costs - the list of costs tells whose they are > mainwp_cost_info
GET /clients/{id_email}/sites/count - the list of sites tells whose they are > mainwp_client_info
EDIT /clients/{id_email}/suspend: mainwp_client
EDIT /clients/{id_email}/unsuspend: mainwp_client
EDIT /clients/batch - a lost answer would be about many clients; each is written on its own
GET /clients/fields: mainwp_client_field_info mainwp_client_field *
POST /clients/fields/add: mainwp_client_field
SET /clients/fields/{id_name}/edit: mainwp_client_field
DELETE /clients/fields/{id_name}/delete: mainwp_client_field
GET /tags: mainwp_tag_info mainwp_tag *
GET /tags/{id} - tells less than the list > mainwp_tag_info
POST /tags/add: mainwp_tag
EDIT /tags/{id}/edit: mainwp_tag
DELETE /tags/{id}/remove: mainwp_tag
GET /tags/{id}/sites: mainwp_tag_info mainwp_tag
GET /tags/{id}/clients - the list of sites tells whose they are
EDIT /tags/batch - a lost answer would be about many tags; each is written on its own
GET /updates: mainwp_update_info *
GET /updates/{id_domain}: mainwp_update_info *
GET /updates/ignored - on WordPress 7.1 it answers with an error in every form; sites tell their own rules
GET /updates/{id_domain}/ignored - on WordPress 7.1 it answers with an error in every form; the site's own fields tell it
EDIT /updates/update: mainwp_batch_update
EDIT /updates/{id_domain}/update: mainwp_batch_update
EDIT /updates/{id_domain}/update/wp: mainwp_batch_update
EDIT /updates/{id_domain}/update/plugins: mainwp_batch_update
EDIT /updates/{id_domain}/update/themes: mainwp_batch_update
EDIT /updates/{id_domain}/update/translations: mainwp_batch_update
EDIT /updates/{id_domain}/ignore/wp - the site's own flag does the same, and can be taken back > mainwp_ignored_update
EDIT /updates/{id_domain}/ignore/plugins: mainwp_ignored_update
EDIT /updates/{id_domain}/ignore/themes: mainwp_ignored_update
EDIT /batch - ignores most of what it is given, such as removing tags and changing clients, and answers with a success
GET /monitors: mainwp_monitor_info
GET /monitors/basic - tells no intervals > mainwp_monitor_info
GET /monitors/count - counts all sites without a monitor as one > mainwp_monitor_info
GET /monitors/{id_domain} - the list tells the same of all, and more truly > mainwp_monitor_info
GET /monitors/{id_domain}/basic - tells no status
GET /monitors/{id_domain}/heartbeat: mainwp_monitor_info
GET /monitors/{id_domain}/incidents: mainwp_monitor_info
GET /monitors/{id_domain}/incidents/count - counts failed checks, which the incidents tell
SET /monitors/{id_domain}/settings - what it writes cannot be read, so nobody could know whether it is so
POST /monitors/{id_domain}/check - an action without a state; a failing site may be called up at first
SET /monitors/settings - the same settings as those of the group monitoring, which can be read > mainwp_settings
GET /rest-api/keys: mainwp_api_key_info mainwp_api_key *
POST /rest-api/add-key: mainwp_api_key
SET /rest-api/edit-key/{key_identifier}: mainwp_api_key
DELETE /rest-api/delete-key/{key_identifier}: mainwp_api_key
GET /settings/general: mainwp_settings_info mainwp_settings mainwp_dashboard_info *
SET /settings/general/edit: mainwp_settings
GET /settings/advanced: mainwp_settings_info mainwp_settings *
SET /settings/advanced/edit: mainwp_settings
GET /settings/monitoring: mainwp_settings_info mainwp_monitor_info mainwp_settings *
SET /settings/monitoring/edit: mainwp_settings
GET /settings/emails: mainwp_settings_info mainwp_settings *
SET /settings/emails/{mail_type}/edit: mainwp_settings
GET /settings/cost-tracker: mainwp_settings_info mainwp_settings mainwp_cost_info mainwp_cost mainwp_cost_product_type \
 mainwp_cost_payment_method *
SET /settings/cost-tracker/edit: mainwp_settings
POST /settings/cost-tracker/product-types/add: mainwp_cost_product_type
SET /settings/cost-tracker/product-types/{slug}/edit: mainwp_cost_product_type
DELETE /settings/cost-tracker/product-types/{slug}/delete: mainwp_cost_product_type
POST /settings/cost-tracker/payment-methods/add: mainwp_cost_payment_method
SET /settings/cost-tracker/payment-methods/{slug}/edit: mainwp_cost_payment_method
DELETE /settings/cost-tracker/payment-methods/{slug}/delete: mainwp_cost_payment_method
GET /settings/dashboard-insights: mainwp_settings_info mainwp_change_info mainwp_settings *
SET /settings/dashboard-insights/edit: mainwp_settings
GET /settings/api-backups: mainwp_settings_info mainwp_settings *
SET /settings/api-backups/{api_slug}/edit: mainwp_settings
GET /settings/tools: mainwp_settings_info mainwp_settings *
SET /settings/tools/edit: mainwp_settings
POST /settings/tools/destroy-sessions - logs everybody out of all sites: an action without a state
GET /settings/tools/destroy-sessions-status/{destroy_id} - a job may be pending for good; only its action needs it
POST /settings/tools/renew-connections - an action on all sites without a state
GET /settings/tools/renew-connections-status/{renew_id} - a job may be pending for good; only its action needs it
POST /settings/tools/disconnect-all-sites - cuts off all sites at once; one by one that can be verified > mainwp_site
GET /settings/tools/disconnect-all-sites-status/{disconnect_id} - a job may be pending for good; only its action needs it
POST /settings/tools/clear-activation-data - removes licences of extensions; nothing tells afterwards
POST /settings/tools/restore-info-messages - shows hints in the Dashboard again; nothing tells afterwards
GET /posts - always an error, so posts cannot be found again
GET /posts/{id_domain}/{id_post} - posts cannot be listed
SET /posts/{id_domain}/{id_post}/update-status - says failure for most of what it does
SET /posts/{id_domain}/{id_post}/edit - empties what is not sent, and makes a draft of a published post
POST /posts/{id_domain}/create - makes another one each time
DELETE /posts/{id_domain}/{id_post}/delete - posts cannot be found again
GET /pages - needs a search or a selection, and no key but site and id leads back to a page
GET /pages/{id_domain}/{id_page} - see the list of pages
SET /pages/{id_domain}/{id_page}/update-status - pages are content, which nothing here manages
SET /pages/{id_domain}/{id_page}/edit - empties what is not sent, and makes a draft of a published page
POST /pages/{id_domain}/create - makes another one each time
DELETE /pages/{id_domain}/{id_page}/delete - pages are content, which nothing here manages
GET /users: mainwp_user_info mainwp_user *
POST /users/create: mainwp_user
SET /users/{id_domain}/{user_id}/edit: mainwp_user
DELETE /users/{id_domain}/{user_id}/delete: mainwp_user
SET /users/update-admin-password - changes the user by whom MainWP is connected, whoever that is; an empty one locks him out
POST /users/import - loses the e-mail address of every user, and answers with a success
GET /costs: mainwp_cost_info mainwp_cost *
EDIT /costs/add: mainwp_cost
GET /costs/{id}: mainwp_cost_info mainwp_cost *
EDIT /costs/{id}/edit: mainwp_cost
DELETE /costs/{id}/remove: mainwp_cost
GET /costs/{id}/sites - the cost itself tells which > mainwp_cost_info
GET /costs/{id}/clients - the cost itself tells which > mainwp_cost_info
EDIT /costs/batch - a lost answer would be about many costs; each is written on its own
"""

_V1_READS = "reads the same as v2, in another shape; v1 serves reading sites, syncing and updating only"
_V1_WRITES = "says that it ran, whatever came of it; v2 does this"
_V1_ALL = "all sites in one request, one after another"

V1 = f"""
GET /sites/all-sites: mainwp_site_info mainwp_sync mainwp_batch_update
GET /sites/all-sites-count - the list has them all
GET /sites/connected-sites - the list tells it
GET /sites/connected-sites-count - the list tells it
GET /sites/disconnected-sites - the list tells it
GET /sites/disconnected-sites-count - the list tells it
POST /sites/sync-sites - {_V1_ALL}
POST /sites/check-sites - {_V1_ALL}
POST /sites/disconnect-sites - {_V1_ALL}, and says that it ran, whatever came of it
GET /sites/http-status - {_V1_READS}
GET /sites/health-score - {_V1_READS}
GET /sites/security-issues - {_V1_ALL}; one that is down fails it
GET /sites/sites-available-updates-count - from a cache
GET /sites/get-sites-by-url - {_V1_READS}
GET /sites/get-sites-by-client - {_V1_READS}
GET /site/site: mainwp_site_info mainwp_sync mainwp_batch_update
GET /site/site-info - {_V1_READS}
GET /site/site-installed-plugins - the site itself tells it
GET /site/site-installed-plugins-count - the site itself tells it
GET /site/site-active-plugins - the site itself tells it
GET /site/site-active-plugins-count - the site itself tells it
GET /site/site-inactive-plugins - the site itself tells it
GET /site/site-inactive-plugins-count - the site itself tells it
GET /site/site-installed-themes - the site itself tells it
GET /site/site-installed-themes-count - the site itself tells it
GET /site/site-active-themes - the site itself tells it
GET /site/site-inactive-themes - the site itself tells it
GET /site/site-inactive-themes-count - the site itself tells it
GET /site/site-available-updates: mainwp_site_info mainwp_batch_update
GET /site/site-available-updates-count - the site itself tells it
GET /site/site-abandoned-plugins - {_V1_READS}
GET /site/site-abandoned-plugins-count - {_V1_READS}
GET /site/site-abandoned-themes - {_V1_READS}
GET /site/site-abandoned-themes-count - {_V1_READS}
GET /site/site-http-status - {_V1_READS}
GET /site/site-health-score - {_V1_READS}
GET /site/site-security-issues - {_V1_READS}
POST /site/add-site - {_V1_WRITES}
PUT /site/edit-site - {_V1_WRITES}
POST /site/sync-site: mainwp_sync mainwp_batch_update
POST /site/reconnect-site: mainwp_sync mainwp_batch_update
POST /site/disconnect-site - {_V1_WRITES}
DELETE /site/remove-site - {_V1_WRITES}
PUT /site/site-update-wordpress: mainwp_batch_update
PUT /site/site-update-plugins - also runs updates that are ignored
PUT /site/site-update-themes - also runs updates that are ignored
PUT /site/site-update-translations: mainwp_batch_update
PUT /site/site-update-item: mainwp_batch_update
POST /site/site-manage-plugin - {_V1_WRITES}
POST /site/site-manage-theme - {_V1_WRITES}
POST /site/check-site-http-status - {_V1_WRITES}
GET /site/non-mainwp-changes - {_V1_READS}
GET /site/non-mainwp-changes-count - {_V1_READS}
GET /updates/available-updates - before ignore rules; the sites tell the same
GET /updates/ignored-plugins-updates: mainwp_site_info mainwp_batch_update
GET /updates/site-ignored-plugins-updates - the site itself tells it
GET /updates/ignored-themes-updates: mainwp_site_info mainwp_batch_update
GET /updates/site-ignored-themes-updates - the site itself tells it
POST /updates/ignore-updates - {_V1_WRITES}
POST /updates/ignore-update - {_V1_WRITES}
POST /updates/unignore-updates - {_V1_WRITES}
POST /updates/unignore-update - {_V1_WRITES}
POST /client/add-client - {_V1_WRITES}
PUT /client/edit-client - {_V1_WRITES}
DELETE /client/remove-client - {_V1_WRITES}
GET /clients/all-clients: mainwp_site_info mainwp_sync mainwp_batch_update
GET /tags/all-tags: mainwp_site_info mainwp_sync mainwp_batch_update
GET /cost-tracker/get-all-costs - {_V1_READS}
GET /cost-tracker/get-client-costs - {_V1_READS}
GET /cost-tracker/get-site-costs - {_V1_READS}
GET /cost-tracker/get-costs - {_V1_READS}
"""

#: Who does what others do, and so asks what they ask: a tree has a kind for each of these.
THROUGH: Mapping[str, frozenset[str]] = {
    "mainwp_config": frozenset(
        f"mainwp_{name}"
        for name in [
            "api_key",
            "client",
            "client_field",
            "cost",
            "cost_payment_method",
            "cost_product_type",
            "ignored_update",
            "plugin",
            "settings",
            "site",
            "sync",
            "tag",
            "theme",
            "user",
        ]
    ),
}

_LINE = re.compile(r"([A-Z]+) (/\S*)(?:: (.+?)| - (.+?))(?: > (\w+))?")


class Route(NamedTuple):
    """A route with the methods that are the same there."""

    methods: tuple[str, ...]
    path: str
    modules: tuple[str, ...] = ()
    #: Others may ask it, too.
    shared: bool = False
    #: Why no module uses it.
    reason: str = ""
    #: The module to use instead of asking it; empty where there is none.
    better: str = ""

    def is_asked_by(self, module: str) -> bool:
        """May the module ask it?"""
        return self.shared or module in self.modules or not THROUGH.get(module, frozenset()).isdisjoint(self.modules)

    def fits(self, method: str, path: str) -> bool:
        """Does a request go there? ``path`` is below the API's root."""
        return method in self.methods and _pattern(self.path).fullmatch(path.rstrip("/") or "/") is not None


def routes(text: str) -> Iterator[Route]:
    """The lines of ``V2`` or ``V1``. Raises ValueError for what is none."""
    for line in text.strip().splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"no line of routes: {line}")
        methods, path, modules, reason, better = found.groups("")
        names = [name for name in modules.split() if name != "*"]
        better = better or next(iter(names), "")
        yield Route(METHODS[methods], path, tuple(names), "*" in modules, reason, better)


@cache
def table(version: str) -> tuple[Route, ...]:
    """All routes of ``v2`` or ``v1``."""
    return tuple(routes({"v2": V2, "v1": V1}[version]))


def route_of(version: str, method: str, path: str) -> Route | None:
    """The route that a request goes to; None for none that is known. What is spelled out goes before parameters."""
    found = [route for route in table(version) if route.fits(method, path)]
    return min(found, key=lambda route: route.path.count("{"), default=None)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", path)
    return re.compile("[^/]+".join(map(re.escape, parts)), re.IGNORECASE)  # as WordPress takes them
