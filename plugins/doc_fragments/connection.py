# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach a Dashboard: options of every module."""

from __future__ import annotations


class ModuleDocFragment:
    """Connection options."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - The Dashboard's address, for example V(https://dashboard.example). Sub-directory installs work.
      - Give the address of the WordPress site itself, without V(/wp-json) or V(/wp-admin).
      - Must be V(https://), except for literal loopback addresses or with O(allow_http).
      - Required. If not set, the environment variable E(MAINWP_URL) is used.
    type: str
  api_key:
    description:
      - The API key (Bearer token) as the Dashboard shows it once, when the key is made under
        C(API Access > API Keys). It has the form V(secret==key).
      - Surrounding blanks and a pasted C(Bearer) in front are tolerated.
      - With O(api_version=v1) the same key serves as the consumer pair.
      - If no credentials are set in the task at all, the environment variables E(MAINWP_API_KEY),
        E(MAINWP_CONSUMER_KEY) and E(MAINWP_CONSUMER_SECRET) are used.
      - Mutually exclusive with O(consumer_key) and O(consumer_secret).
    type: str
  consumer_key:
    description:
      - The consumer key, with or without its C(ck_) prefix. Needs O(consumer_secret).
    type: str
  consumer_secret:
    description:
      - The consumer secret, with or without its C(cs_) prefix. Needs O(consumer_key).
    type: str
  auth_method:
    description:
      - How the credentials travel.
      - V(auto) sends a Bearer token for O(api_key), HTTP Basic for a consumer pair, and the C(x-api-key) header with
        O(api_version=v1).
      - V(query) puts the pair into the query string, for web servers that strip the C(Authorization) header.
        It may end up in the web server's logs; the collection itself never shows it.
      - V(bearer) and V(basic) do not work with O(api_version=v1).
      - If not set, the environment variable E(MAINWP_AUTH_METHOD) is used.
    type: str
    choices: [auto, bearer, basic, query]
    default: auto
  api_version:
    description:
      - The REST API's version. V(v1) is the legacy API, which reads sites, syncs and updates one by one; modules that
        it cannot serve refuse it.
      - If not set, the environment variable E(MAINWP_API_VERSION) is used.
    type: str
    choices: [v2, v1]
    default: v2
  rest_prefix:
    description:
      - Where WordPress' REST API is below O(url), for a Dashboard whose prefix was renamed, for example V(api), or whose
        permalinks begin with C(index.php), then V(index.php/wp-json).
      - Where the API is not found there, WordPress is asked once, without credentials; what it names on the same host and
        port is used.
      - The Dashboard goes by its O(url) in results, reports and locks, whatever this says.
      - If not set, the environment variable E(MAINWP_REST_PREFIX) is used.
    type: str
    default: wp-json
  allow_http:
    description:
      - Allow an unencrypted O(url) that is not a loopback address. Anybody on the way can then read the key.
      - If not set, the environment variable E(MAINWP_ALLOW_HTTP) is used.
    type: bool
    default: false
  validate_certs:
    description:
      - Verify the Dashboard's TLS certificate. Holds whatever E(REQUESTS_CA_BUNDLE) says.
      - If not set, the environment variable E(MAINWP_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A file or directory of certificate authorities to trust instead of the system's, for a private CA.
      - If not set, the environment variable E(MAINWP_CA_PATH) is used.
    type: path
  client_cert:
    description:
      - A client certificate (PEM), if the web server wants one. May contain the private key.
      - If not set, the environment variable E(MAINWP_CLIENT_CERT) is used.
    type: path
  client_key:
    description:
      - The private key of O(client_cert), if it is in a file of its own.
      - If not set, the environment variable E(MAINWP_CLIENT_KEY) is used.
    type: path
  proxy:
    description:
      - A proxy for all requests, for example V(http://proxy.example:3128). Without it the usual proxy variables of the
        environment hold, but for an unencrypted O(url) on loopback, which needs no proxy, or one on loopback as well.
      - If not set, the environment variable E(MAINWP_PROXY) is used.
    type: str
  headers:
    description:
      - Further HTTP headers, for example the service token of an access gateway in front of the Dashboard.
      - Values are secret if the header's name speaks of a key, token, secret, auth, cookie, pass, session, signature or
        JWT, begins with C(CF-Access), or stands in O(secret_headers). Secret values of eight characters or more are masked
        in all texts, but not in what identifies something, such as addresses, slugs and versions.
      - Any other value is masked only where a quoted page or error repeats it; those of C(Origin), C(Referer), C(Accept*),
        C(User-Agent) and C(X-Forwarded-*) are not secret.
    type: dict
  secret_headers:
    description:
      - Names of O(headers) whose values are secret though the name does not say so.
    type: list
    elements: str
  connect_timeout:
    description:
      - How long to wait for a connection, in seconds.
      - If not set, the environment variable E(MAINWP_CONNECT_TIMEOUT) is used.
    type: float
    default: 10.0
  timeout:
    description:
      - How long to wait for an answer, in seconds. Syncs and updates are answered only when the child site is done.
      - An update whose answer does not come in time is not sent again; its outcome is read.
      - If not set, the environment variable E(MAINWP_TIMEOUT) is used.
    type: float
    default: 300.0
  retries:
    description:
      - How often a failed read is tried again, and a request that surely did not start anything, for it never left this
        machine or was refused unread (HTTP 429). Updates that may have started are never sent twice.
      - If not set, the environment variable E(MAINWP_RETRIES) is used.
    type: int
    default: 3
  retry_max_delay:
    description:
      - The longest pause between two tries, in seconds. A C(Retry-After) header is honoured up to this.
      - If not set, the environment variable E(MAINWP_RETRY_MAX_DELAY) is used.
    type: float
    default: 30.0
requirements:
  - python >= 3.10
  - requests >= 2.28
notes:
  - All reads ask for no-cache. Where a cache in front of the Dashboard answers all the same, reads warn, and nothing is
    written unless the cache can be asked past.
  - Keys carry a permission. Reading needs C(Read); all else needs C(Read) and C(Write).
"""

    # What only modules and their actions take.
    MODULES = r"""
options:
  concurrency:
    description:
      - How many sites to work on at the same time. By default the Dashboard's own settings decide, with a pause between
        sites that share a server; with this option there is none.
      - Two sites on one IP address never work at the same time.
      - If not set, the environment variable E(MAINWP_CONCURRENCY) is used.
    type: int
  run_on:
    description:
      - Where the requests are sent from. V(controller) works in Ansible's own process on the controller, whatever the
        host is, and needs nothing on the host.
      - V(host) sends the module to the host, for a Dashboard that only a jump host can reach. What is required is required
        there, then. Older Pythons, which Ansible may still manage, cannot run it.
    type: str
    choices: [controller, host]
    default: controller
  progress:
    description:
      - Show a line of progress now and then during long runs. Only with O(run_on=controller).
    type: bool
    default: true
attributes:
  connection:
    support: partial
    details:
      - With O(run_on=host) only. Else it runs on the controller, and needs no connection to the host.
  become:
    support: partial
    details:
      - With O(run_on=host) only. Else it runs as whoever runs Ansible.
  delegation:
    support: partial
    details:
      - With O(run_on=host) only. Else it runs on the controller, whatever the host.
"""

    # Where else a plugin finds these options. Credentials from the environment are resolved in the code, as a set.
    PLUGINS = r"""
options:
  url:
    env:
      - name: MAINWP_URL
    ini:
      - section: wpfleet_mainwp
        key: url
  allow_http:
    env:
      - name: MAINWP_ALLOW_HTTP
    ini:
      - section: wpfleet_mainwp
        key: allow_http
  auth_method:
    env:
      - name: MAINWP_AUTH_METHOD
    ini:
      - section: wpfleet_mainwp
        key: auth_method
  api_version:
    env:
      - name: MAINWP_API_VERSION
    ini:
      - section: wpfleet_mainwp
        key: api_version
  rest_prefix:
    env:
      - name: MAINWP_REST_PREFIX
    ini:
      - section: wpfleet_mainwp
        key: rest_prefix
  validate_certs:
    env:
      - name: MAINWP_VALIDATE_CERTS
    ini:
      - section: wpfleet_mainwp
        key: validate_certs
  ca_path:
    env:
      - name: MAINWP_CA_PATH
    ini:
      - section: wpfleet_mainwp
        key: ca_path
  client_cert:
    env:
      - name: MAINWP_CLIENT_CERT
    ini:
      - section: wpfleet_mainwp
        key: client_cert
  client_key:
    env:
      - name: MAINWP_CLIENT_KEY
    ini:
      - section: wpfleet_mainwp
        key: client_key
  proxy:
    env:
      - name: MAINWP_PROXY
    ini:
      - section: wpfleet_mainwp
        key: proxy
  connect_timeout:
    env:
      - name: MAINWP_CONNECT_TIMEOUT
    ini:
      - section: wpfleet_mainwp
        key: connect_timeout
  timeout:
    env:
      - name: MAINWP_TIMEOUT
    ini:
      - section: wpfleet_mainwp
        key: timeout
  retries:
    env:
      - name: MAINWP_RETRIES
    ini:
      - section: wpfleet_mainwp
        key: retries
  retry_max_delay:
    env:
      - name: MAINWP_RETRY_MAX_DELAY
    ini:
      - section: wpfleet_mainwp
        key: retry_max_delay
"""
