# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a client reads for each reason code; the codes are in docs/results.md. Pure. PRIVATE to the collection."""

from __future__ import annotations

#: Sentence → the reasons for which it stands.
_SAID = {
    "maintenance is paused for this site": "suspended",
    "the site could not be reached": "disconnected locked_out",
    "is installed already": "same_version",
    "a newer version is installed already": "older",
    "another run was at work on the site or its server": "locked",
    "left out on purpose": "ignored excluded",
    "a larger step, left for later on purpose": "policy",
    "needs to be updated by hand": "premium not_supported",
    "its vendor offers no download, usually because a licence is missing": "no_package",
    "needs a newer PHP than the server has": "requires_php",
    "needs a newer WordPress": "requires_wp",
    "the planned version is not offered any more": "drifted",
    "left for later, until it has proven itself elsewhere": "unproven",
    "left for later, because the release is very new": "too_new",
    "left for later, until there is a recent backup": "backup_unknown backup_too_old",
    "a newer release than planned": "newer_than_planned",
    "an older release than planned": "older_than_planned",
    "updated, and has another name now": "renamed",
    "was updated by somebody else meanwhile": "moved_elsewhere",
    "was taken back by the site": "rolled_back",
    "updated, but no longer active": "deactivated",
    "is no longer there": "gone not_installed",
    "another theme is active now": "theme_changed",
    "another plugin is no longer active": "plugins_lost",
    "the update had no effect": "not_moved",
    "the site reported an error": "child_error",
    "the site did not look well afterwards": "health",
    "left for later, because the update of WordPress failed": "core_failed",
    "no answer in time": "timeout",
    "could not be checked afterwards": "unverified",
    "left for the next time": "out_of_time stopped",
    "held back, because this release failed on other sites": "held_release",
    "not finished yet": "batch_waiting cron_dead cron_stalled",
    "could not be started": "unauthorized no_route api_error connect_failed tls_failed not_the_api redirected cached",
    "the site is no longer managed": "not_found",
    "the outcome is not known": "answer_lost transport",
    "an unexpected error": "error",
}

WORDING = {reason: words for words, reasons in _SAID.items() for reason in reasons.split()}
