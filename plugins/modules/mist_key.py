# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An SSH key pair in Mist."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_key
short_description: Manage the SSH keys of a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Uploads, generates, renames, replaces and removes the SSH keys of a Mist server.
  - Sets the default key, and saves the private key to a file.
  - Removing a key also removes it from the Vault of the server, if there is one, so that the name can be used again.
  - If nothing changes, the module sends two requests.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.state
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  idempotent:
    support: full
options:
  name:
    description:
      - The name of the key. Names are unique. A new key needs a name.
    type: str
  id:
    description:
      - The id of an existing key. On servers of the generation V(backends) it is the name.
    type: str
  private_key:
    description:
      - The private key to upload, as text. Use it or O(src).
      - It must be an RSA key without a passphrase, in PEM or OpenSSH format.
      - If the key exists with another private key, the task fails, unless O(replace=true).
      - Servers of the generation V(backends) accept the PEM format only.
    type: str
  src:
    description:
      - The file with the private key to upload, on the host that runs the module.
    type: path
  generate:
    description:
      - Whether the server generates a key pair if the key does not exist.
      - Ignored if O(private_key) or O(src) is set.
    type: bool
    default: false
  replace:
    description:
      - Whether to replace an existing key if its private key differs from O(private_key) or O(src).
      - The key loses its associations with machines. If it is the default key, it remains the default key.
    type: bool
    default: false
  default:
    description:
      - V(true) makes the key the default key. Mist uses the default key for new machines that are created without a
        key.
      - V(false) does not change the default key. The task fails if this key is the default key, because Mist requires
        one. Make another key the default key instead.
      - Mist makes the first key the default key.
    type: bool
  new_name:
    description:
      - The new name of the key. The task fails if another key has this name.
      - If no key has O(name), the module looks for a key with this name. If there is none either, it adds the key with
        this name.
    type: str
  dest:
    description:
      - The file to save the private key to, on the host that runs the module. Its directory must exist.
      - Only the owner can read the file.
      - If the file has other content, the task fails, unless O(force=true).
      - It must not be a symbolic link, a directory or a device.
    type: path
  force:
    description:
      - Whether to overwrite O(dest) if it has other content.
    type: bool
    default: false
seealso:
  - module: mistio.cloud.mist_key_info
  - module: mistio.cloud.mist_key_association
"""

EXAMPLES = r"""
# These examples take the server and the token from the environment variables MIST_URI and MIST_API_TOKEN.

- name: Upload a key
  mistio.cloud.mist_key:
    name: deploy
    src: ~/.ssh/deploy_rsa

- name: Generate a key, make it the default key and save the private key
  mistio.cloud.mist_key:
    name: deploy
    generate: true
    default: true
    dest: ~/.ssh/deploy_rsa

- name: Replace a key with a new one
  mistio.cloud.mist_key:
    name: deploy
    private_key: "{{ vault_new_deploy_key }}"
    replace: true

- name: Rename a key
  mistio.cloud.mist_key:
    name: deploy
    new_name: deploy-2026

- name: Remove a key
  mistio.cloud.mist_key:
    name: deploy-2026
    state: absent
"""

RETURN = r"""
key:
  description: The key after the task, or the predicted key in check mode. Null if it was removed.
  returned: success
  type: dict
  sample:
    id: 0a1b2c3d4e5f40718293a4b5c6d7e8f9
    name: deploy
    default: true
    machines: []
    public: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ...
  contains:
    id:
      description:
        - The id of the key. Null in check mode for a new key, because Mist creates the id.
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
      description: The public key. Null in check mode if the server has not generated the key yet.
      type: str
actions:
  description: The changes of the task, or the predicted changes in check mode. After a failure, the changes before it.
  returned: always
  type: list
  elements: str
  sample:
    - add key 'deploy'
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import ResourceModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.key import KeyResource


class KeyModule(ResourceModule):
    resource = KeyResource
    returns = "key"
    options = {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str"},
        "id": {"type": "str"},
        "private_key": {"type": "str", "no_log": True},
        "src": {"type": "path"},
        "generate": {"type": "bool", "default": False},
        "replace": {"type": "bool", "default": False},
        "default": {"type": "bool"},
        "new_name": {"type": "str"},
        "dest": {"type": "path"},
        "force": {"type": "bool", "default": False},
    }
    rules = {
        "required_one_of": [("name", "id")],
        "mutually_exclusive": [("name", "id"), ("private_key", "src")],
    }


def main():
    KeyModule().run()


if __name__ == "__main__":
    main()
