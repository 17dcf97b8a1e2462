# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The images of a backend."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_image_info
short_description: List the images of a backend
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the images that machines of a backend can be created from.
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
  search:
    description:
      - Only images whose id or name holds this, in any case, 40 at most.
      - On EC2 the images of the community are searched as well.
    type: str
  starred:
    description:
      - Only images that are starred, or only those that are not.
    type: bool
seealso:
  - module: mistio.cloud.mist_machine
"""

EXAMPLES = r"""
- name: List the images of a backend
  mistio.cloud.mist_image_info:
    mist_uri: http://mist.example.test:8000
    backend: our-openstack
  register: mist

- name: Show them by name
  ansible.builtin.debug:
    msg: "{{ mist.images | items2dict('name', 'id') }}"
"""

RETURN = r"""
images:
  description: The images, sorted by name. Empty when there are none.
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
    starred:
      description: Whether it is one of those that Mist shows first.
      type: bool
    extra:
      description: What else the provider tells.
      type: dict
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import InfoModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.lookups import of_backend


class ImageInfoModule(InfoModule):
    returns = "images"
    options = {
        "backend": {"type": "str", "required": True},
        "search": {"type": "str"},
        "starred": {"type": "bool"},
    }

    def fetch(self, api, wanted):
        images = of_backend(api, wanted["backend"], lambda at: api.catalogue.list_images(at, wanted.get("search", "")))
        fitting = (image for image in images if wanted.get("starred") in (None, image["starred"]))
        return sorted(fitting, key=lambda image: (image["name"], image["id"]))


def main():
    ImageInfoModule().run()


if __name__ == "__main__":
    main()
