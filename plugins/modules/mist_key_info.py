# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SSH keys of the server."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_key_info
short_description: List the SSH keys of a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the SSH keys of a Mist server with their public keys, all of them or those that match the options.
  - Sends one request for the list, one for each public key, and one for each private key.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
options:
  name:
    description:
      - Return only the key with this name.
    type: str
  names:
    description:
      - Return only keys with one of these names. Names that no key has are ignored.
      - An empty list returns nothing, and no request is sent.
    type: list
    elements: str
  id:
    description:
      - Return only the key with this id.
    type: str
  private:
    description:
      - Whether to return the private keys as well.
      - ansible-core 2.22 and later mask them in all output. With earlier versions, set C(no_log=true) on the task, or
        the output shows them.
    type: bool
    default: false
seealso:
  - module: mistio.cloud.mist_key
  - plugin: mistio.cloud.private_key
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: List all keys
  mistio.cloud.mist_key_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
  register: mist

- name: Show the public key of the default key
  ansible.builtin.debug:
    msg: "{{ (mist.ssh_keys | selectattr('default') | first).public }}"
"""

RETURN = r"""
ssh_keys:
  description:
    - The keys, sorted by name. Empty if no key matches.
    - The same list is also returned as C(keys). Read it with C(result['keys']), because C(result.keys) is a method of
      the dictionary.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - The id of the key.
        - On servers of the generation V(backends), it is the name.
      type: str
    name:
      description: The name of the key.
      type: str
    default:
      description: Whether the key is the default key.
      type: bool
    machines:
      description: The machines that the key is associated with.
      type: list
      elements: dict
      contains:
        backend_id:
          description: The id of the backend of the machine.
          type: str
        machine_id:
          description: The id of the machine.
          type: str
        user:
          description: The user that Mist logs in as. Null if Mist has not logged in yet.
          type: str
        port:
          description: The SSH port of the machine.
          type: int
        last_used:
          description: The Unix time of the last login with the key. Null if there was none.
          type: float
    public:
      description:
        - The public key. Null if the key was removed after it was listed.
        - On servers of the generation V(backends), also null if the name contains a slash, because such a name cannot
          be part of a URL.
      type: str
    private:
      description: The private key. Null in the same cases as RV(ssh_keys[].public).
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
        # the name that matches the other modules. It cannot be documented, because it is a method of a dictionary
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
