# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ssh keys that the server has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_key_info
short_description: List the ssh keys of a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the ssh keys that a Mist server has, all of them or one, with their public halves.
  - Costs one request, and one more for each half of a key.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
options:
  name:
    description:
      - Only the key with this name.
    type: str
  names:
    description:
      - Only keys with one of these names. A name that no key has is ignored.
      - An empty list returns nothing and sends no request.
    type: list
    elements: str
  id:
    description:
      - Only the key with this id.
    type: str
  private:
    description:
      - Return the private halves as well.
      - From ansible-core 2.22 on they are then kept out of all output. Before that set C(no_log=true) on the task, or
        they are shown.
    type: bool
    default: false
seealso:
  - module: mistio.cloud.mist_key
"""

EXAMPLES = r"""
- name: List all keys
  mistio.cloud.mist_key_info:
    mist_uri: http://mist.example.test:8000
  register: mist

- name: Show the public half of the default key
  ansible.builtin.debug:
    msg: "{{ (mist.ssh_keys | selectattr('default') | first).public }}"
"""

RETURN = r"""
ssh_keys:
  description: The keys, sorted by name. Empty when none fits. They are there as C(result['keys']) too.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the key; on a server of 2014 its name.
      type: str
    name:
      description: The name.
      type: str
    default:
      description: Whether it is the default key.
      type: bool
    machines:
      description: The machines that the key is on.
      type: list
      elements: dict
      contains:
        backend_id:
          description: The id of the machine's backend.
          type: str
        machine_id:
          description: The id of the machine.
          type: str
        user:
          description: The user that Mist logs in as. Null if Mist has not logged in yet.
          type: str
        port:
          description: The SSH port.
          type: int
        last_used:
          description: The Unix time of the last login with the key. Null if there was none.
          type: float
    public:
      description: The public half. Null when the key has a name that no request can address, such as one with a slash.
      type: str
    private:
      description: The private half, null likewise.
      returned: with O(private=true)
      type: str
"""

from ansible_collections.mistio.cloud.plugins.module_utils._masking import keep_secret
from ansible_collections.mistio.cloud.plugins.module_utils._module import InfoModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.key import half_of
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.matching import has_selected


class KeyInfoModule(InfoModule):
    returns = "ssh_keys"
    options = {
        "name": {"type": "str"},
        "names": {"type": "list", "elements": "str"},
        "id": {"type": "str"},
        "private": {"type": "bool", "default": False},
    }
    rules = {"mutually_exclusive": [("name", "names")]}

    def result(self, client, wanted, check_mode, warn):
        result = super().result(client, wanted, check_mode, warn)
        # the word that the other results are called by, which cannot be documented: it is a method of a dict
        return {**result, "keys": result[self.returns]}

    def fetch(self, api, wanted):
        if wanted.get("names") == []:
            return []
        keys = [key for key in api.keys.list() if has_selected(key, wanted)]
        return [self.whole(api, key, wanted["private"]) for key in sorted(keys, key=lambda key: key["name"])]

    def whole(self, api, key, private):
        halves = {"public": half_of(key, api.keys.public)}
        if private:
            halves["private"] = half_of(key, lambda key_id: keep_secret(api.keys.private(key_id)))
        return {**key, **halves}


def main():
    KeyInfoModule().run()


if __name__ == "__main__":
    main()
