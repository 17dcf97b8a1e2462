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
  - Lists the locations where machines of a backend can be.
  - Costs one request, and one more when the backend is given by its title.
  - A server of the generation V(backends) answers as if there were no locations when the provider fails. So when there
    are none, the module also lists the machines of the backend, and fails if that fails.
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
- name: List the locations of a backend
  mistio.cloud.mist_location_info:
    mist_uri: http://mist.example.test:8000
    backend: our-openstack
  register: mist

- name: Show them by name
  ansible.builtin.debug:
    msg: "{{ mist.locations | items2dict('name', 'id') }}"
"""

RETURN = r"""
locations:
  description: The locations, sorted by name. Empty when there are none.
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
    country:
      description: The country, null when the provider does not tell.
      type: str
    location_type:
      description:
        - The kind of location, such as V(zone) or V(region). A machine on EC2 needs a zone.
        - Null on servers of the V(backends) generation.
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
