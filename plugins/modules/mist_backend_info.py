# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backends that the server has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_backend_info
short_description: List the backends of a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the backends (cloud accounts) that a Mist server has, all of them or those that fit.
  - Costs one request.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
options:
  id:
    description:
      - Only the backend with this id.
    type: str
  title:
    description:
      - Only backends with this title. On servers of the V(backends) generation, more than one may have it.
    type: str
    aliases: [name]
  titles:
    description:
      - Only backends with one of these titles. An empty list returns nothing and sends no request.
    type: list
    elements: str
    aliases: [names]
  provider:
    description:
      - Only backends of this provider, such as V(ec2_us_east) or V(ec2), by the name that M(mistio.cloud.mist_backend)
        takes.
      - On servers of the V(backends) generation, each region of EC2 is a provider, and V(ec2) means all of them.
    type: str
seealso:
  - module: mistio.cloud.mist_backend
"""

EXAMPLES = r"""
- name: List all backends
  mistio.cloud.mist_backend_info:
    mist_uri: http://mist.example.test:8000
  register: mist

- name: Show the titles of those that are enabled
  ansible.builtin.debug:
    msg: "{{ mist.backends | selectattr('enabled') | map(attribute='title') }}"
"""

RETURN = r"""
backends:
  description: The backends, sorted by title. Empty when none fits.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 3dvjMvfQuWaXScLXAddDvXoKz9eh
      title: OpenStack one
      provider: openstack
      region:
      enabled: true
      settings: {}
  contains:
    id:
      description: The id of the backend.
      type: str
    title:
      description: The title.
      type: str
    provider:
      description: The provider's id, such as V(ec2_us_east), V(ec2) or V(openstack).
      type: str
    region:
      description: The region, null where there is none or where the provider's id names it.
      type: str
    enabled:
      description: Whether the backend is enabled. Tells nothing about whether the provider can be reached.
      type: bool
    settings:
      description:
        - What the server shows of the provider's fields, by its own names, such as V(host) and V(port). No secrets.
        - Empty on servers of the V(backends) generation.
      type: dict
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import InfoModule
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.matching import has_selected, is_of_provider


class BackendInfoModule(InfoModule):
    returns = "backends"
    options = {
        "id": {"type": "str"},
        "title": {"type": "str", "aliases": ["name"]},
        "titles": {"type": "list", "elements": "str", "aliases": ["names"]},
        "provider": {"type": "str"},
    }
    rules = {"mutually_exclusive": [("title", "titles")]}

    def fetch(self, api, wanted):
        if wanted.get("titles") == []:
            return []
        provider = api.backends.canonical_provider(wanted["provider"]) if "provider" in wanted else ""
        fitting = [
            backend
            for backend in api.backends.list()
            if has_selected(backend, wanted, "title") and (not provider or is_of_provider(backend, provider))
        ]
        return sorted(fitting, key=lambda backend: (backend["title"], backend["id"]))


def main():
    BackendInfoModule().run()


if __name__ == "__main__":
    main()
