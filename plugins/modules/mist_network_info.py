# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The networks of a backend."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_network_info
short_description: List the networks of a backend
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the networks of a backend.
  - Sends one request, and another one if O(backend) is a title.
  - A server of the generation V(backends) returns no networks if the provider fails. If it returns none, the module
    therefore lists the machines of the backend as well, and fails if the provider fails.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
options:
  backend:
    description:
      - The id or the title of the backend.
    type: str
    required: true
seealso:
  - module: mistio.cloud.mist_machine
"""

EXAMPLES = r"""
- name: List the networks of a backend
  mistio.cloud.mist_network_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    backend: ec2-frankfurt
  register: mist

- name: Show the id of each network by its name
  ansible.builtin.debug:
    msg: "{{ mist.networks | items2dict('name', 'id') }}"
"""

RETURN = r"""
networks:
  description: The networks, sorted by name. Empty if there are none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the network.
      type: str
    external_id:
      description:
        - The id of the network at the provider.
        - On servers of the generation V(backends), it is the same as RV(networks[].id).
      type: str
    name:
      description: The name of the network.
      type: str
    extra:
      description:
        - Other data of the provider, and the subnets of the network as C(subnets).
        - Servers of the generation V(backends) do not add C(subnets).
      type: dict
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import InfoModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.lookups import of_backend


class NetworkInfoModule(InfoModule):
    returns = "networks"
    options = {"backend": {"type": "str", "required": True}}

    def fetch(self, api, wanted):
        networks = of_backend(api, wanted["backend"], api.catalogue.list_networks)
        return sorted(networks, key=lambda network: (network["name"], network["id"]))


def main():
    NetworkInfoModule().run()


if __name__ == "__main__":
    main()
