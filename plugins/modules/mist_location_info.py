# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The locations of a backend."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_location_info
short_description: List the locations of a backend
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the locations of a backend where machines can be created.
  - Sends one request, and another one if O(backend) is a title.
  - The list of a new backend can be empty until Mist has queried the provider.
  - A server of the generation V(backends) returns no locations if the provider fails. If it returns none, the module
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
- name: List the locations of a backend
  mistio.cloud.mist_location_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    backend: ec2-frankfurt
  register: mist

- name: Show the id of each location by its name
  ansible.builtin.debug:
    msg: "{{ mist.locations | items2dict('name', 'id') }}"
"""

RETURN = r"""
locations:
  description: The locations, sorted by name. Empty if there are none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the location.
      type: str
    external_id:
      description:
        - The id of the location at the provider.
        - On servers of the generation V(backends), it is the same as RV(locations[].id).
      type: str
    name:
      description: The name of the location.
      type: str
    country:
      description: The country of the location. Null if it is unknown.
      type: str
    location_type:
      description:
        - The type of the location, such as V(zone) or V(region). A machine of EC2 requires a zone.
        - Null on servers of the generation V(backends).
      type: str
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import InfoModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.lookups import of_backend


class LocationInfoModule(InfoModule):
    returns = "locations"
    options = {"backend": {"type": "str", "required": True}}

    def fetch(self, api, wanted):
        locations = of_backend(api, wanted["backend"], api.catalogue.list_locations)
        return sorted(locations, key=lambda location: (location["name"], location["id"]))


def main():
    LocationInfoModule().run()


if __name__ == "__main__":
    main()
