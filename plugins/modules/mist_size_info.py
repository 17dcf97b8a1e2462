# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sizes of a backend."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_size_info
short_description: List the sizes of a backend
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the sizes that machines of a backend can have.
  - Sends one request, and another one if O(backend) is a title.
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
- name: List the sizes of a backend
  mistio.cloud.mist_size_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    backend: ec2-frankfurt
  register: mist

- name: Show the id of each size by its name
  ansible.builtin.debug:
    msg: "{{ mist.sizes | items2dict('name', 'id') }}"
"""

RETURN = r"""
sizes:
  description: The sizes, sorted by name. Empty if there are none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the size.
      type: str
    external_id:
      description:
        - The id of the size at the provider.
        - On servers of the generation V(backends), it is the same as RV(sizes[].id).
      type: str
    name:
      description: The name of the size.
      type: str
    ram:
      description: The memory in MB. Null if it is unknown.
      type: int
    disk:
      description: The disk space in GB. Null if it is unknown.
      type: int
    price:
      description:
        - The price as a string, such as V(0.0116). For EC2, it is the price per hour. Null if it is unknown.
        - On servers of the generation V(backends), the string can also contain other text of the provider.
      type: str
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import InfoModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.lookups import of_backend


class SizeInfoModule(InfoModule):
    returns = "sizes"
    options = {"backend": {"type": "str", "required": True}}

    def fetch(self, api, wanted):
        sizes = of_backend(api, wanted["backend"], api.catalogue.list_sizes)
        return sorted(sizes, key=lambda size: (size["name"], size["id"]))


def main():
    SizeInfoModule().run()


if __name__ == "__main__":
    main()
