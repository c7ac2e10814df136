# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each reason code means and what to do about it, for who runs the fleet; docs/results.md says more. Pure. PRIVATE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._versions import lower, same

_DASHBOARD = "Look at the connection between this controller and the Dashboard: mainwp_dashboard_info examines it."
_LATER = "Nothing. The next run takes it up; what was done is not done twice."
_CRON = "Look at WP-Cron of the Dashboard, or use the update method per_item, which does without."

#: Code → what it means, and what to do; empty where it is settled.
REASONS = {
    "suspended": ("The site is suspended in MainWP", ""),
    "disconnected": (
        "The site could not be reached",
        "See whether the site answers and MainWP Child is active there; then reconnect it.",
    ),
    "locked": (
        "Another run works on this server or site, for longer than lock_timeout",
        "Run again when the other run is over.",
    ),
    "locked_out": (
        "MainWP refuses the site since an earlier failure; reconnect repairs it",
        "Reconnect it: in the Dashboard, or with reconnect: true.",
    ),
    "ignored": ("Ignored in MainWP", ""),
    "excluded": ("Matches exclude_updates", ""),
    "premium": ("Premium updates cannot be started through the API", "Update it in the Dashboard, or on the site."),
    "policy": ("A larger step than max_version_change allows", "Test that release, then allow the larger step."),
    "same_version": ("The release that is offered is installed already", ""),
    "older": ("The release that is offered is older than the one installed", ""),
    "not_installed": ("What is offered an update is not installed on the site", ""),
    "no_package": (
        "No download package is offered",
        "Renew the licence, or name the update in include_updates to try all the same.",
    ),
    "requires_php": ("The site's PHP is too old", "Raise PHP on that site."),
    "requires_wp": ("The site's WordPress is too old", "Update WordPress first."),
    "not_supported": (
        "This method or API version cannot run this update",
        "Use the update method per_item and API v2.",
    ),
    "drifted": ("Another version is offered than the plan names, or none any more", "Make a new plan."),
    "unproven": ("No healthy canary site runs this release (long enough)", "Update the canary sites first."),
    "too_new": ("First seen offered more recently than min_offer_age allows", _LATER),
    "backup_unknown": ("MainWP does not know when the site was backed up", "Back the site up where MainWP sees it."),
    "backup_too_old": ("The site's last backup is older than max_backup_age", "Back the site up, then run again."),
    "newer_than_planned": ("Moved to a newer release than was planned", ""),
    "older_than_planned": (
        "Moved to an older release than was planned",
        "Tell the vendor: the package holds an older release than it is offered as.",
    ),
    "renamed": ("Moved; the release has another name on the site", ""),
    "moved_elsewhere": ("Somebody else moved it meanwhile", ""),
    "rolled_back": (
        "The update was undone on the site",
        "WordPress put the old version back. The site's own logs tell why.",
    ),
    "deactivated": (
        "The plugin moved but is no longer active",
        "Look at the site before anybody activates the plugin again.",
    ),
    "gone": (
        "The plugin or theme is no longer installed after its update",
        "Install it again: an update that breaks off half-way deletes first.",
    ),
    "plugins_lost": (
        "A plugin that was not updated is no longer active, or gone",
        "Look at the site now: what was updated beside it may have taken its place, or does not get on with it.",
    ),
    "theme_changed": ("The active theme is another one now", "Look at the site now."),
    "not_moved": (
        "The Dashboard reports success but the version did not move",
        "Try it in WordPress itself; often it is the vendor's updater, or a licence.",
    ),
    "child_error": (
        "The child site reports an error",
        "Read the message: mostly a download that failed, a full disk, or file permissions.",
    ),
    "health": (
        "The health check found the site broken after the update",
        "Look at the site now: a page that was good before the updates is not any more.",
    ),
    "core_failed": (
        "Left out because the WordPress update before it failed",
        "Repair the update of WordPress, then run again.",
    ),
    "timeout": (
        "No answer in time; the outcome could not be read",
        "Look at the site; the next run reads what became of it.",
    ),
    "unverified": (
        "The site could not be read after the update",
        "Look at the site; the next run reads what became of it.",
    ),
    "out_of_time": ("Stop_after was reached", _LATER),
    "stopped": (
        "Left out: max_failed_sites was exceeded, an earlier step failed, or the run was broken off",
        "See what failed; then run again. What was done is not done twice.",
    ),
    "held_release": (
        "This release failed on other sites (hold_after)",
        "Look at the sites on which this release failed before you let it loose on others.",
    ),
    "batch_waiting": ("The Dashboard's batch has not finished", "Wait, or look at the Dashboard."),
    "cron_dead": ("The Dashboard's batch makes no progress: WP-Cron seems dead", _CRON),
    "cron_stalled": ("The Dashboard's batch began and then made no more progress", _CRON),
    "unauthorized": ("The key lacks the permission", "Look at the API key and its permission."),
    "not_found": ("The site is gone from the Dashboard", "Look for the site in the Dashboard."),
    "no_route": ("The Dashboard has no such API route", "See whether this Dashboard's MainWP is recent enough."),
    "api_error": ("The API answered with an error", "Read the message."),
    "connect_failed": ("The Dashboard could not be reached", _DASHBOARD),
    "tls_failed": ("TLS with the Dashboard failed", _DASHBOARD),
    "not_the_api": ("Something in front of the Dashboard answered", _DASHBOARD),
    "redirected": ("The Dashboard redirects elsewhere", _DASHBOARD),
    "cached": (
        "A cache in front of the Dashboard answers, so nothing is written",
        "Exclude the API from the cache in front of the Dashboard.",
    ),
    "answer_lost": ("The answer was lost", "Look at the site; the next run reads what became of it."),
    "transport": ("The request failed", _DASHBOARD),
    "error": ("Unexpected", "Please report it, with the message."),
}

#: Reasons for which nobody will run an update, because somebody wants that; and what is installed already.
SETTLED = ("ignored", "excluded", "same_version", "older", "not_installed")


def is_settled(entry: Mapping[str, Any], site: Mapping[str, Any]) -> bool:
    """Will nobody run this entry of a site's updates? Of a listing, which has no reasons, by the versions: a Dashboard may go on
    offering what is installed, or what is older."""
    if "reason" in entry:
        return entry["reason"] in SETTLED
    told = site.get("wp_version") if entry.get("type") == "core" else ""
    present, offered = str(told or entry.get("version") or ""), str(entry.get("new_version") or "")
    return same(offered, present) or lower(offered, present)
