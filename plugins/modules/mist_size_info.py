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
  - Costs one request, and one more when the backend is given by its title.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
options:
  backend:
    description:
      - The backend, by id or title.
    type: str
    required: true
seealso:
  - module: mistio.cloud.mist_machine
"""

EXAMPLES = r"""
- name: List the sizes of a backend
  mistio.cloud.mist_size_info:
    mist_uri: http://mist.example.test:8000
    backend: our-openstack
  register: mist

- name: Show them by name
  ansible.builtin.debug:
    msg: "{{ mist.sizes | items2dict('name', 'id') }}"
"""

RETURN = r"""
sizes:
  description: The sizes, sorted by name. Empty when there are none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id.
      type: str
    external_id:
      description: The provider's own id. Servers before 2016 have but one.
      type: str
    name:
      description: The name.
      type: str
    ram:
      description: The memory in MB, null when the provider does not tell.
      type: int
    disk:
      description: The disk in GB, null when the provider does not tell.
      type: int
    price:
      description:
        - The price in the provider's words, null when it does not tell. On servers of the generation V(clouds) it is a
          number, for an hour where the provider counts so.
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
