# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An ssh key pair in Mist."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_key
short_description: Manage the ssh keys of a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Uploads or generates an ssh key pair, renames or removes it, makes it the default, and saves its private half to a
    file.
  - A key that is there is compared with the one that is given, and another one is a failure unless O(replace=true).
  - A key that is removed is removed from the server's Vault too, if it has one, so that its name can be used again.
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
      - The private half of an RSA key without a passphrase. Servers of the generation V(backends) take PEM alone,
        those of V(clouds) OpenSSH's format too.
      - It is uploaded even where O(generate=true).
    type: str
  src:
    description:
      - A file with the private half, on the host where the module runs.
    type: path
  generate:
    description:
      - Have the server make a new key pair when there is none of this name.
    type: bool
    default: false
  replace:
    description:
      - When the key is there with another private half, put the one that is given in its place.
      - The associations of the old key with machines are lost; the key stays the default if it was.
    type: bool
    default: false
  default:
    description:
      - Make it the default key, which machines get that are created without one.
    type: bool
  new_name:
    description:
      - The name that the key is to have. It must not be taken; a server of 2014 would destroy the key that has it.
      - A key that has it already, while there is none of O(name) or O(id), is taken for renamed.
    type: str
  dest:
    description:
      - The file to save the private half to, on the host where the module runs, readable for its owner alone.
      - When it holds something else than this key, the task fails, unless O(force=true).
      - A symbolic link, a directory or a device is refused.
    type: path
  force:
    description:
      - Overwrite O(dest) when it holds something else.
    type: bool
    default: false
seealso:
  - module: mistio.cloud.mist_key_info
  - module: mistio.cloud.mist_key_association
"""

EXAMPLES = r"""
- name: Upload a key
  mistio.cloud.mist_key:
    mist_uri: http://mist.example.test:8000
    name: deploy
    src: ~/.ssh/deploy_rsa

- name: Have a key made, keep it in a file and give it to new machines
  mistio.cloud.mist_key:
    mist_uri: http://mist.example.test:8000
    name: deploy
    generate: true
    default: true
    dest: ~/.ssh/deploy_rsa

- name: Remove a key
  mistio.cloud.mist_key:
    mist_uri: http://mist.example.test:8000
    name: deploy
    state: absent
"""

RETURN = r"""
key:
  description: The key as it is after the task, or would be in check mode. Null when it was removed.
  returned: success
  type: dict
  sample:
    id: deploy
    name: deploy
    default: true
    machines: []
    public: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ...
  contains:
    id:
      description: The id of the key; on a server of 2014 its name. Null in check mode when only the server makes it.
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
      description: The public half. Null in check mode if the server has yet to generate the key.
      type: str
actions:
  description: What was done, or would be done in check mode, a sentence each. After a failure, what was done before it.
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
