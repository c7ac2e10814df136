# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: client_texts
author: wpfleet.mainwp contributors (@wpfleet)
short_description: Reports for clients, by a template of your own
version_added: 0.1.0
description:
  - Renders a template once for each client of the sites, with the variable C(client), which has C(id), C(name) (empty for
    sites without a client) and C(sites).
  - The texts are in the order in which M(wpfleet.mainwp.mainwp_report) takes them.
options:
  _terms:
    description: Lists of sites, as M(wpfleet.mainwp.mainwp_batch_update) returns them.
    type: list
    elements: raw
    required: true
  template:
    description: The template. It is looked for where the lookup P(ansible.builtin.template#lookup) looks.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Write reports in another language
  wpfleet.mainwp.mainwp_report:
    results:
      - host: agency
        result: "{{ night }}"
    dir: mainwp-reports
    client_texts: >-
      {{ query('wpfleet.mainwp.client_texts', night.sites,
      template='bericht.md.j2') }}
"""

RETURN = r"""
_raw:
  description: A text for each client.
  type: list
  elements: str
"""

from typing import Any

from ansible.plugins.loader import lookup_loader
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._supported import refuse_older_core

refuse_older_core()

from ..module_utils._reports.client import clients_of
from ..module_utils._reports.wording import WORDING


class _Shared(dict[str, Any]):
    """Variables that a template only reads: the lookup would copy all of them, deeply, for each client."""

    def __deepcopy__(self, memo: Any) -> dict[str, Any]:
        return dict(self)


class LookupModule(LookupBase):
    """A lookup, for only these know where templates are, and how one is rendered."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """The texts."""
        self.set_options(var_options=variables, direct=kwargs)
        template = lookup_loader.get("ansible.builtin.template", loader=self._loader, templar=self._templar)
        texts = []
        for client in clients_of([site for sites in terms for site in sites or ()]):
            given = {key: client[key] for key in ("id", "name", "sites")}
            # Templates that were copied from the role's former one look into the second.
            known = {"client": given, "_fleet_maintenance_wording": WORDING}
            texts += template.run([self.get_option("template")], _Shared(variables or {}), template_vars=known)
        return ["" if text is None else str(text) for text in texts]
