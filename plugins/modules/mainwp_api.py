# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mainwp_api
short_description: Send one request to the REST API of a MainWP Dashboard
version_added: 0.3.0
description:
  - Sends a request as it is given, for what no other module does, with the client of all of them - its credentials, TLS,
    timeouts, redaction and errors. Reads are repeated after passing failures, writes are sent once.
  - It does not know what a route does, nor whether it was done. MainWP says "success" to many requests that it ignores, and a
    wrong key in a body is none it tells. C(changed) means that a write was answered with a success, no more. So it
    warns where another module knows a route, and where there is a reason why none
    uses it. See U(https://github.com/wpfleet/mainwp/blob/main/docs/api_coverage.md).
author:
  - wpfleet.mainwp contributors (@wpfleet)
extends_documentation_fragment:
  - wpfleet.mainwp.connection
  - wpfleet.mainwp.connection.modules
  - wpfleet.mainwp.attributes
  - wpfleet.mainwp.attributes.actiongroup_mainwp
attributes:
  check_mode:
    support: full
    details:
      - GET and HEAD are sent. Anything else is not, and reported as changed.
  diff_mode:
    support: none
    details:
      - Nobody knows what the request changes.
  idempotent:
    support: none
    details:
      - It sends the request each time.
options:
  path:
    description:
      - The route below C(/wp-json/mainwp/v2/), such as V(sites/12/check); with O(api_version=v1) below C(/wp-json/mainwp/v1/).
      - One that begins with a slash is below C(/wp-json), such as V(/wp-site-health/v1/directory-sizes).
      - It names no other host, and has no query and no C(..).
    type: str
    required: true
  method:
    description:
      - The HTTP method. In check mode V(GET) and V(HEAD) are sent, the others are not.
    type: str
    choices: [GET, HEAD, POST, PUT, PATCH, DELETE]
    default: GET
  query:
    description:
      - Parameters in the address. Lists and maps are sent as PHP reads them, V(true) as 1 and V(false) as 0.
      - Parameters that would make another request of it (C(_method), C(rest_route)) are refused.
    type: dict
  body:
    description:
      - A JSON object as the body.
      - Values under names that speak of a secret, such as C(password) or C(token), are kept out of all output.
    type: dict
  form:
    description:
      - A form as the body, for the few routes that take no JSON. As O(query) otherwise.
    type: dict
  status_code:
    description:
      - HTTP statuses that are no failure, beside those of success. C(changed) is false with them.
    type: list
    elements: int
    default: []
  fail_on_refusal:
    description:
      - Whether an answer with a good status that says that it failed (C(success) is 0) fails the task. With V(false),
        RV(refused) tells it, and C(changed) is false.
      - A refused request may have been done all the same. MainWP says so of a site that is removed while it is down.
    type: bool
    default: true
seealso:
  - module: ansible.builtin.uri
  - module: wpfleet.mainwp.mainwp_site_info
"""

EXAMPLES = r"""
- name: Read the costs of a client
  wpfleet.mainwp.mainwp_api:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    path: clients/1/costs
    status_code: [404]
  register: costs

- name: Give a client the value of a client field, which the API never tells
  wpfleet.mainwp.mainwp_api:
    url: https://dashboard.example
    api_key: "{{ vault_mainwp_api_key }}"
    path: clients/1/edit
    method: PUT
    body:
      custom_fields:
        - field_name: VAT number
          field_value: DE123456789
  changed_when: false
"""

RETURN = r"""
sent:
  description: Whether it was sent; false for what check mode leaves out.
  returned: success
  type: bool
method:
  description: The method.
  returned: success
  type: str
route:
  description: Where it went, below C(/wp-json).
  returned: success
  type: str
  sample: /mainwp/v2/monitors/7/check
status:
  description: The HTTP status, null where nothing was sent. It is the one that WordPress meant, where PHP had sent another one.
  returned: success
  type: int
refused:
  description: Whether the answer says that it was not done, with O(fail_on_refusal=false).
  returned: success
  type: bool
data:
  description:
    - The body of the answer, null for none. What stands under names that speak of a secret, such as C(password) or C(token), is
      masked, and so are keys of API v1.
  returned: success
  type: raw
headers:
  description: The headers of the answer, in lower case, without what is secret.
  returned: success
  type: dict
msg:
  description: The run in one line.
  returned: always
  type: str
  sample: "POST /mainwp/v2/monitors/7/check: HTTP 200"
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
from ..module_utils._jobs import api as job

DOOR = DashboardDoor(
    "mainwp_api",
    job.options_from,
    job.run,
    {
        "path": {"type": "str", "required": True},
        "method": {"type": "str", "choices": list(job.METHODS), "default": "GET"},
        "query": {"type": "dict"},
        "body": {"type": "dict"},
        "form": {"type": "dict"},
        "status_code": {"type": "list", "elements": "int", "default": []},
        "fail_on_refusal": {"type": "bool", "default": True},
    },
    {"mutually_exclusive": [("body", "form")]},
    serves_v1=True,
)


def main() -> None:
    """The module door."""
    run_module(DOOR)


if __name__ == "__main__":
    main()
