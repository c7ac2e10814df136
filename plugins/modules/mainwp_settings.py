# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_settings
short_description: Have settings of a MainWP Dashboard
version_added: 0.3.0
description:
  - Changes settings of the Dashboard itself, section by section - what it updates on its own, how hard it works, how it
    monitors, whom it writes to, and more.
  - Only what is given counts. What is not given, or null, stays as it is.
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
options:
  general:
    description: The Dashboard itself, MainWP's own automatic updates, and its legacy backups.
    type: dict
    suboptions:
      time_daily_update:
        description:
          - When the Dashboard syncs its sites each day, V('HH:MM') in its own time zone. Write it in quotes, for YAML
            takes C(3:05) for a number.
          - Once set, it can be changed, but not be emptied.
        type: str
      frequency_daily_update:
        description: How often it syncs them a day, 1 to 12.
        type: int
      date_format:
        description:
          - How dates are written, in PHP's letters, such as V(Y-m-d). No digits. Empty is allowed.
          - This is the date format of the Dashboard's WordPress itself.
        type: str
      time_format:
        description:
          - How times are written, in PHP's letters, such as V(H:i). No digits. Empty is allowed.
          - This is the time format of the Dashboard's WordPress itself.
        type: str
      timezone_string:
        description:
          - The time zone of the Dashboard's WordPress, V(UTC+2), V(UTC+5:30) or a name such as V(Europe/Riga).
          - MainWP keeps only its offset, of a name that of this moment. With a name, run the task again when summer
            time begins and ends; on other days it changes nothing.
          - A name needs time zone data on the machine where the task runs. Offsets that are no full or half hours
            need a name.
        type: str
      hide_update_everything:
        description: Hide the button that updates everything.
        type: bool
      automatic_daily_update:
        description:
          - MainWP updates WordPress itself on its own, on sites for which that is not switched off. It does so beside
            this collection, which does not see it coming.
        type: bool
      plugin_automatic_daily_update:
        description: MainWP updates trusted plugins on its own.
        type: bool
      theme_automatic_daily_update:
        description: MainWP updates trusted themes on its own.
        type: bool
      trans_automatic_daily_update:
        description: MainWP updates translations on its own.
        type: bool
      frequency_auto_update:
        description: How often MainWP updates on its own.
        type: str
        choices: [daily, weekly, monthly]
      dayinweek_auto_update:
        description: With O(general.frequency_auto_update=weekly) the day, 0 for Monday to 6 for Sunday.
        type: int
      dayinmonth_auto_update:
        description:
          - With O(general.frequency_auto_update=monthly) the day of the month, 0 to 31. MainWP's own pages offer 1 to
            31.
        type: int
      time_auto_update:
        description: The time of day at which it does, V('HH:MM'), in quotes.
        type: str
      delay_autoupdate:
        description: How many days a release has to be out before MainWP updates to it on its own, 0 for no delay.
        type: int
        choices: [0, 1, 2, 3, 4, 5, 6, 7, 14, 30]
      show_language_updates:
        description: Show updates of translations.
        type: bool
      disable_update_confirmations:
        description: Whether MainWP's pages ask before they update - 0 always, 1 not for single updates, 2 never.
        type: int
        choices: [0, 1, 2]
      check_http_response:
        description: Look at the front page of a site after MainWP updated it.
        type: bool
      check_http_response_method:
        description: With which request.
        type: str
        choices: [head, get]
      backup_before_upgrade:
        description: Demand a backup before an update in MainWP's own pages.
        type: bool
      backup_before_upgrade_days:
        description: How many days old that may be, 0 to 36500.
        type: int
      numberdays_outdate_plugin_theme:
        description: After how many days without a release a plugin or theme counts as abandoned, 0 to 36500.
        type: int
      primary_backup:
        description:
          - Who makes backups, MainWP's legacy feature (V(native)) or O(api_backups). Null in results where another
            extension does.
          - V(native) needs O(general.enable_legacy_backup_feature=true), V(module-api-backups) needs V(false). What
            would contradict is refused - give both then.
        type: str
        choices: [native, module-api-backups]
      enable_legacy_backup_feature:
        description: Whether the legacy feature is on.
        type: bool
      backups_on_server:
        description: How many legacy backups are kept on the Dashboard, 0 to 36500.
        type: int
      backup_on_external_sources:
        description: How many are kept elsewhere, 0 to 36500.
        type: int
      archive_format:
        description: The form of their archives.
        type: str
        choices: [zip, tar.gz, tar.bz2, tar]
      notification_on_backup_fail:
        description: Write an e-mail when a legacy backup fails.
        type: bool
      notification_on_backup_start:
        description: Write an e-mail when one starts.
        type: bool
      chunked_backup_tasks:
        description: Make legacy backups in pieces.
        type: bool
  advanced:
    description: How hard the Dashboard works on child sites, how it connects to them, and what a sync fetches.
    type: dict
    suboptions:
      maximum_requests:
        description: Requests to child sites at the same time, 1 to 20.
        type: int
      minimum_delay:
        description: Milliseconds between two of them, 100 to 5000 in steps of 100.
        type: int
      maximum_ip_requests:
        description: Requests to one IP address at the same time, 1 to 10.
        type: int
      minimum_ip_delay:
        description: Milliseconds between two of these, 500 to 5000 in steps of 100.
        type: int
      chunksitesnumber:
        description: Sites in one piece of work, 1 to 30.
        type: int
      chunksleepinterval:
        description: Seconds between two pieces, 0 to 20.
        type: int
      maximum_sync_requests:
        description: Syncs at the same time in MainWP's own pages, 1 to 20.
        type: int
      maximum_install_update_requests:
        description:
          - Installations and updates at the same time, 1 to 20. MainWP does 3 where this was never set (null in
            results). M(wpfleet.mainwp.mainwp_batch_update) takes it for its lanes.
        type: int
      maximum_uptime_monitoring_requests:
        description: Checks of monitors at the same time, 1 to 100.
        type: int
      optimize:
        description: Load data for large fleets in a leaner way.
        type: bool
      wp_cron:
        description: Let WordPress's cron start scheduled work.
        type: bool
      ssl_verify_certificate:
        description:
          - Verify the certificates of child sites.
          - MainWP tells V(false) also where this was never set, and then it verifies all the same. To be sure that it
            does not, set V(true) once, then V(false).
        type: bool
      verify_connection_method:
        description: How messages to child sites are signed - 1 by OpenSSL, 2 by phpseclib where that is missing.
        type: int
        choices: [1, 2]
      connect_signature_algo:
        description:
          - With which algorithm. MainWP's default is SHA256.
          - Going back to SHA256 is refused by a Dashboard in a language that has another word for "Default".
        type: str
        choices:
          [OPENSSL_ALGO_SHA1, OPENSSL_ALGO_SHA224, OPENSSL_ALGO_SHA256, OPENSSL_ALGO_SHA384,
          OPENSSL_ALGO_SHA512]
      force_use_ipv4:
        description: Use IPv4 only.
        type: bool
      sync_data:
        description:
          - What a sync fetches. Known only after the first sync of a site; null in results before.
          - What is switched off here, this collection cannot see either - without V(plugin_updates) there are no
            updates of plugins.
        type: dict
        suboptions:
          wp_updates:
            description: Updates of WordPress.
            type: bool
          plugin_updates:
            description: Updates of plugins.
            type: bool
          theme_updates:
            description: Updates of themes.
            type: bool
          translation_updates:
            description: Updates of translations.
            type: bool
          recent_comments:
            description: Recent comments.
            type: bool
          recent_posts:
            description: Recent posts.
            type: bool
          recent_pages:
            description: Recent pages.
            type: bool
          security_stats:
            description: The hardening of the site.
            type: bool
          directories:
            description: Its folders, which legacy backups need.
            type: bool
          categories:
            description: Categories of posts.
            type: bool
          totalsize:
            description: Its size.
            type: bool
          dbsize:
            description: The size of its database.
            type: bool
          plugins:
            description: Installed plugins.
            type: bool
          themes:
            description: Installed themes.
            type: bool
          users:
            description: Users.
            type: bool
          plugins_outdate_info:
            description: Abandoned plugins.
            type: bool
          themes_outdate_info:
            description: Abandoned themes.
            type: bool
          health_site_status:
            description: The site's health.
            type: bool
          child_site_actions_data:
            description: Changes made outside MainWP.
            type: bool
          others_data:
            description: What some extensions need.
            type: bool
  monitoring:
    description: Uptime and health of sites, for all monitors that have no settings of their own.
    type: dict
    suboptions:
      uptime_monitoring_active:
        description:
          - Monitor the uptime of sites.
          - MainWP makes a monitor for a site that is added while this is on. Sites that were there before get one in
            MainWP's own pages only.
        type: bool
      uptime_monitoring_interval:
        description: How often, in minutes or hours.
        type: str
        choices:
          [5m, 10m, 15m, 30m, 45m, 1h, 2h, 3h, 4h, 5h, 6h, 7h, 8h, 9h, 10h, 11h, 12h, 13h, 14h, 15h, 16h,
          17h, 18h, 19h, 20h, 21h, 22h, 23h, 24h]
      uptime_monitoring_type:
        description:
          - How - by a request, a ping, or a request whose answer holds O(monitoring.uptime_monitoring_keyword).
        type: str
        choices: [http, ping, keyword]
      uptime_monitoring_keyword:
        description: The text that an answer has to hold. May be empty.
        type: str
      uptime_monitoring_method:
        description: With which request.
        type: str
        choices: [head, get, post, push, patch, delete]
      uptime_monitoring_timeout:
        description: How long to wait for an answer.
        type: str
        choices:
          [30s, 45s, 60s, 90s, 2min, 3min, 4min, 5min, 6min, 7min, 8min, 9min, 10min, 15min, 30min, 45min,
          60min, 90min, No limit]
      uptime_monitoring_up_status_codes:
        description:
          - Which HTTP status codes mean that a site is up. Order and doubles do not matter.
          - An empty list is refused, for MainWP would take every answer for a failure. It knows 100-101, 200-206,
            300-307, 400-417 and 500-505.
        type: list
        elements: int
      uptime_monitoring_down_confirmation_check:
        description: Check once more before a site counts as down.
        type: bool
      disable_sites_health_monitoring:
        description: Do not watch the health of sites.
        type: bool
      sitehealth_threshold:
        description: Below which score a site's health is worth an e-mail.
        type: int
        choices: [80, 100]
  emails:
    description: What MainWP writes to people about.
    type: dict
    suboptions:
      daily_digest:
        description: The daily digest.
        type: dict
        suboptions: &mail
          disable:
            description: Do not write it.
            type: bool
          heading:
            description: Its heading. Cannot be empty.
            type: str
          subject:
            description: Its subject. Cannot be empty.
            type: str
          recipients:
            description:
              - Whom it goes to, one e-mail address.
              - Several, separated by commas, can be set in MainWP's own pages only. Any write would lose them, so it
                is refused unless this is given, too.
            type: str
      uptime:
        description: A site is down or up again.
        type: dict
        suboptions: *mail
      site_health:
        description: The health of a site fell.
        type: dict
        suboptions: *mail
      deactivated_license_alert:
        description: The licence of an extension ended.
        type: dict
        suboptions: *mail
      http_check:
        description:
          - The front page of a site is bad after an update. There only while O(general.check_http_response=true),
            which the same task may set.
        type: dict
        suboptions: *mail
  cost_tracker:
    description: How costs are written.
    type: dict
    suboptions:
      currency:
        description: The currency by its code, such as V(EUR).
        type: str
      currency_position:
        description: Where its sign stands.
        type: str
        choices: [left, right, left_space, right_space]
      thousand_separator:
        description: What separates thousands. Cannot be empty or a blank.
        type: str
      decimal_separator:
        description: What separates decimals. Cannot be empty or a blank.
        type: str
      decimals:
        description: How many decimals, 1 to 8. MainWP's API ignores 0.
        type: int
  insights:
    description: The log of what is done.
    type: dict
    suboptions:
      enable_insights_logging:
        description: Log what is done with sites, by MainWP and beside it.
        type: bool
  tools:
    description: How the Dashboard looks, and who else may be asked for help.
    type: dict
    suboptions:
      theme:
        description: How the Dashboard looks to the user whose API key is used, and to others who never chose.
        type: str
        choices: [default, default-2024, classic, dark, wpadmin, minimalistic]
      guided_tours:
        description: Load guided tours from MainWP's servers.
        type: bool
      chatbase:
        description: Load the chat from its provider.
        type: bool
      guided_video:
        description: Show videos from YouTube.
        type: bool
  api_backups:
    description: Accounts with providers that make backups.
    type: dict
    suboptions:
      cloudways:
        description: Cloudways.
        type: dict
        suboptions:
          enabled: &enabled
            description: Whether it is used.
            type: bool
          account_email: &account_email
            description: The account's e-mail address. Cannot be emptied.
            type: str
          api_key: &api_key
            description: The key. Cannot be emptied. See O(update_secrets).
            type: str
      gridpane:
        description: GridPane.
        type: dict
        suboptions:
          enabled: *enabled
          api_key: *api_key
      vultr:
        description: Vultr.
        type: dict
        suboptions:
          enabled: *enabled
          api_key: *api_key
      linode:
        description: Akamai (Linode).
        type: dict
        suboptions:
          enabled: *enabled
          api_key: *api_key
      digitalocean:
        description: DigitalOcean.
        type: dict
        suboptions:
          enabled: *enabled
          api_key: *api_key
      cpanel:
        description: cPanel (WP Toolkit).
        type: dict
        suboptions:
          enabled: *enabled
          url: &url
            description: The server's address.
            type: str
          site_path: &site_path
            description: The path of the site on it.
            type: str
          username: &username
            description: The account's name.
            type: str
          password: &password
            description:
              - The account's password. Cannot be emptied, and nothing tells whether there is one. See
                O(update_secrets).
            type: str
      plesk:
        description: Plesk.
        type: dict
        suboptions:
          enabled: *enabled
          url: *url
          api_key: *api_key
      kinsta:
        description: Kinsta.
        type: dict
        suboptions:
          enabled: *enabled
          account_email: *account_email
          company_id: &company_id
            description: The company's id.
            type: str
          api_key: *api_key
  update_secrets:
    description:
      - When keys and passwords in O(api_backups) are written.
      - With V(on_change) a key is, where its last four characters are others than those of the stored one, for MainWP
        tells no more of it. The password of cPanel is written together with another change of O(api_backups.cpanel),
        for nothing can be read of it.
      - With V(always) they are written each time, and the task is always changed.
    type: str
    choices: [on_change, always]
    default: on_change
attributes:
  check_mode:
    support: full
    details:
      - Tells the very plan that the real run carries out.
  diff_mode:
    support: full
    details:
      - One entry for each setting, old and new. Of secrets only that they are written.
  idempotent:
    support: full
    details:
      - Except with O(update_secrets=always).
notes:
  - Needs a key with Read and Write permission. API v1 cannot do this.
  - All that cannot be is refused before anything is written. Sections are written one after the other, each once, and read
    again. After the first failure nothing more is written; the result tells what was.
  - E-mails are written whole, and so is O(cost_tracker), with what was read just before - the API would lose the rest.
    What somebody else changes of the same e-mail at the same moment is lost.
  - Null in results stands for what was never set, and for what MainWP has but nobody could ask it for through its API.
  - Not here are the position of the sidebar and the widgets of MainWP's pages, for the API cannot read the one and dies of
    the other; e-mails of extensions; and what M(wpfleet.mainwp.mainwp_dashboard_info) calls limits, which are in O(advanced).
seealso:
  - module: wpfleet.mainwp.mainwp_settings_info
  - module: wpfleet.mainwp.mainwp_dashboard_info
"""

EXAMPLES = r"""
- name: Leave all updates to this collection
  wpfleet.mainwp.mainwp_settings:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    general:
      automatic_daily_update: false
      plugin_automatic_daily_update: false
      theme_automatic_daily_update: false
      trans_automatic_daily_update: false

- name: Let the Dashboard work harder, and write to the night shift
  wpfleet.mainwp.mainwp_settings:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    general:
      time_daily_update: "03:05"
      timezone_string: Europe/Riga
    advanced:
      maximum_requests: 8
      minimum_delay: 100
    emails:
      uptime:
        recipients: night@agency.example
      daily_digest:
        disable: true

- name: Monitor all sites that are added from now on
  wpfleet.mainwp.mainwp_settings:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    monitoring:
      uptime_monitoring_active: true
      uptime_monitoring_interval: 5m
      uptime_monitoring_up_status_codes: [200, 204, 301]

- name: Make backups through a provider
  wpfleet.mainwp.mainwp_settings:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    api_backups:
      kinsta:
        enabled: true
        account_email: ops@agency.example
        api_key: "{{ vault_kinsta_api_key }}"

- name: Read the settings of one Dashboard
  wpfleet.mainwp.mainwp_settings_info:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    sections: [monitoring, cost_tracker]
  register: model

- name: Have the same on another one
  wpfleet.mainwp.mainwp_settings:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    monitoring: "{{ model.settings.monitoring }}"
    cost_tracker: "{{ model.settings.cost_tracker }}"
"""

RETURN = r"""
settings:
  description:
    - The sections that were given, as they are afterwards or in check mode would be, whole and in the shape of the options.
    - Secrets are always null.
  returned: success, and when the task fails after it began to write
  type: dict
  sample: {insights: {enable_insights_logging: true}}
changes:
  description: What was changed, or in check mode would be. Of secrets only whether there was one, and C(written).
  returned: success, and when the task fails after it began to write
  type: list
  elements: dict
  contains:
    setting:
      description: Section and name, with dots between.
      type: str
      returned: always
      sample: emails.uptime.recipients
    before:
      description: What it was. Null for never set.
      type: raw
      returned: always
    after:
      description: What it is.
      type: raw
      returned: always
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "2 settings were changed: general.timezone_string, emails.uptime.recipients."
dashboard:
  description: Which Dashboard answered. See U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#dashboard).
  returned: when the Dashboard was reached
  type: dict
  sample: {url: "https://dashboard.example", dialect: abilities}
error:
  description: What went wrong with the whole run. See U(https://github.com/wpfleet/mainwp/blob/main/docs/results.md#error).
  returned: when the task failed as a whole
  type: dict
  sample: {message: "list the sites: HTTP 401", hint: "Is the key copied whole?", reason: unauthorized, status: 401}
"""

from ..module_utils._dashboard_door import DashboardDoor, run_module
from ..module_utils._settings import _engine as engine
from ..module_utils._settings import _planning as planning
from ..module_utils._settings.sections import settings_spec

DOOR = DashboardDoor("mainwp_settings", planning.wanted_from, engine.run, settings_spec())


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
