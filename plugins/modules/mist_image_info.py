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
  - Lists the images of a backend that machines can be created from.
  - Sends one request, and another one if O(backend) is a title.
  - The list of a new backend is empty until Mist has queried the provider. Servers of the generation V(backends) query
    the provider at each request.
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
  search:
    description:
      - Return only images whose id or name contains this text. The search is not case-sensitive.
      - For EC2 and Docker, Mist also searches the public images of the provider.
      - The number of images that a search returns is limited.
      - The task fails for providers without a search, such as V(bare_metal).
      - On servers of the generation V(backends), a search returns at most 40 images.
    type: str
  starred:
    description:
      - V(true) returns only images that are starred in Mist. V(false) returns only images that are not starred.
      - If not set, both are returned.
    type: bool
seealso:
  - module: mistio.cloud.mist_machine
"""

EXAMPLES = r"""
- name: List the images of a backend
  mistio.cloud.mist_image_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    backend: ec2-frankfurt
  register: mist

- name: Show the id of each image by its name
  ansible.builtin.debug:
    msg: "{{ mist.images | items2dict('name', 'id') }}"

- name: Find the images of Debian
  mistio.cloud.mist_image_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    backend: ec2-frankfurt
    search: debian
"""

RETURN = r"""
images:
  description: The images, sorted by name. Empty if there are none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the image.
      type: str
    external_id:
      description:
        - The id of the image at the provider.
        - On servers of the generation V(backends), it is the same as RV(images[].id).
      type: str
    name:
      description: The name of the image.
      type: str
    starred:
      description: Whether the image is starred. The web interface of Mist shows starred images first.
      type: bool
    extra:
      description: Other data of the provider.
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
