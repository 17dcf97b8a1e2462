# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backends of the server."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_backend_info
short_description: List the backends of a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the backends of a Mist server, all of them or those that match the options.
  - A backend is a cloud account, or a list of hosts that Mist reaches over SSH.
  - Sends one request.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
options:
  id:
    description:
      - Return only the backend with this id.
    type: str
  title:
    description:
      - Return only the backend with this title.
      - On servers of the generation V(backends), several backends can have the same title.
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
      - Return only backends of this provider, such as V(ec2) or V(openstack).
      - The names of M(mistio.cloud.mist_backend) are allowed, including aliases such as V(aws). A region in a name of
        2014 is ignored, so V(ec2_us_east) means V(ec2).
      - On servers of the generation V(backends), each region of EC2 is a provider, such as V(ec2_us_east). V(ec2)
        matches all of them.
    type: str
seealso:
  - module: mistio.cloud.mist_backend
"""

EXAMPLES = r"""
- name: List all backends
  mistio.cloud.mist_backend_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
  register: mist

- name: Show the titles of the enabled backends
  ansible.builtin.debug:
    msg: "{{ mist.backends | selectattr('enabled') | map(attribute='title') }}"
"""

RETURN = r"""
backends:
  description: The backends, sorted by title. Empty if no backend matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5f0c1d2e3b4a49788c6d5e4f3a2b1c0d
      title: docker-1
      provider: docker
      region:
      enabled: true
      settings:
        host: docker.example.test
        port: 2376
        show_all: true
  contains:
    id:
      description: The id of the backend.
      type: str
    title:
      description: The title of the backend.
      type: str
    provider:
      description: The provider of the backend, such as V(ec2), V(openstack) or V(docker).
      type: str
    region:
      description:
        - The region of the backend. Null if it has none.
        - On servers of the generation V(backends), also null if the name of the provider includes the region.
      type: str
    enabled:
      description: Whether the backend is enabled. An enabled backend can still be unreachable.
      type: bool
    settings:
      description:
        - The public fields that Mist returns, by the names that it uses for them, such as V(host) and V(port).
        - Empty on servers of the generation V(backends).
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
