# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key on a machine."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_key_association
short_description: Put an SSH key of Mist on a machine
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Puts a key on a machine, so that Mist can log in with it. Also removes a key from a machine.
  - Mist itself logs in to the machine, with a key that is already on it. The host that runs the module does not connect
    to the machine.
  - If Mist cannot log in to remove a key, it removes its record of the key, but the key stays on the machine. Mist
    reports no error then.
  - Servers of the generation V(clouds) record a key even if they cannot log in. The module removes this record again,
    unless O(keep_failed=true), because Mist would later use it and fail. A single record cannot be removed. So if the
    key already had a record on the machine, the new record stays, and the error says so.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.state
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  check_mode:
    support: full
    details:
      - The task fails if an earlier task of the same run adds the key or the machine, because that task changes nothing
        in check mode.
  idempotent:
    support: full
options:
  key:
    description:
      - The id or the exact name of the key.
    type: str
    required: true
  backend:
    description:
      - The id or the exact title of the backend of the machine.
    type: str
    required: true
  machine:
    description:
      - The id, the exact name or an address of the machine.
      - An id is preferred to a name, and a name to an address. The task fails if more than one machine matches.
      - The id must be the one that Mist uses, which can differ from the provider's id.
      - If the machine no longer exists, O(state=absent) needs its id.
    type: str
    required: true
  host:
    description:
      - The address to log in to. The default is the first public address of the machine, or else its first private
        address.
      - Servers of the generation V(clouds) choose one of the machine's own addresses. Another address is an error.
    type: str
  ssh_user:
    description:
      - The user to log in as. By default, Mist tries the users that it knows, and some common ones.
      - Servers of the generation V(clouds) keep one record for each user and port of a key on a machine. Another user
        or port adds a record. A login can change the user of the first record.
    type: str
  ssh_port:
    description:
      - The SSH port. The default is the port that Mist knows for the machine, or else V(22).
      - Servers of the generation V(backends) ignore a port without a user if they know a port of the machine. So the
        module also sends the user that the server knows. If the server knows no user, O(ssh_user) is required.
    type: int
  keep_failed:
    description:
      - Whether to keep Mist's record of the key if nothing answers at the port. The task succeeds then.
      - If the port answers but accepts no key, Mist itself removes its records of the key, and the task fails.
      - Only on servers of the generation V(clouds).
    type: bool
    default: false
seealso:
  - module: mistio.cloud.mist_key
"""

EXAMPLES = r"""
- name: Let Mist log in to a machine with a key
  mistio.cloud.mist_key_association:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    key: deploy
    backend: our-openstack
    machine: web1
    ssh_user: ubuntu

- name: Remove the key from the machine
  mistio.cloud.mist_key_association:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    key: deploy
    backend: our-openstack
    machine: web1
    state: absent
"""

RETURN = r"""
association:
  description: The key on the machine after the task. In check mode, the predicted one. Null if there is none.
  returned: success
  type: dict
  sample:
    backend_id: 3dvjMvfQuWaXScLXAddDvXoKz9eh
    machine_id: d2a94a46-5806-4570-9ab4-da7fe08cb3ee
    user: ubuntu
    port: 22
    last_used: 1413540000.5
  contains:
    backend_id:
      description: The id of the machine's backend.
      type: str
    machine_id:
      description: The id of the machine.
      type: str
    user:
      description: The user that Mist logs in as. Null if Mist does not know it yet.
      type: str
    port:
      description: The SSH port.
      type: int
    last_used:
      description:
        - The Unix time of the last login with the key. Null if there was none.
        - Servers of the generation V(clouds) do not return it after this task. It is null then.
      type: float
actions:
  description: The changes that were made, or that check mode predicts, one sentence each.
  returned: always
  type: list
  elements: str
  sample:
    - associate key 'deploy' with machine 'web1'
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import ResourceModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.key_association import KeyAssociationResource


class KeyAssociationModule(ResourceModule):
    resource = KeyAssociationResource
    returns = "association"
    options = {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "key": {"type": "str", "required": True, "no_log": False},
        "backend": {"type": "str", "required": True},
        "machine": {"type": "str", "required": True},
        "host": {"type": "str"},
        "ssh_user": {"type": "str"},
        "ssh_port": {"type": "int"},
        "keep_failed": {"type": "bool", "default": False},
    }


def main():
    KeyAssociationModule().run()


if __name__ == "__main__":
    main()
