# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key on a machine."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_key_association
short_description: Put an ssh key of Mist on a machine
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Puts a key on a machine, so that Mist can log in with it, or takes it off.
  - To do so, Mist itself logs in to the machine, with a key that it knows to be there. The host that runs this needs no
    way to the machine.
  - When a key is taken off and Mist cannot log in, it forgets the key but leaves it on the machine, and does not tell.
  - Servers of the generation V(clouds) take note of a key even when they cannot log in. Unless O(keep_failed=true) the
    record is removed again, for Mist would try it later on, and fail. If the key had other records on the machine, it
    stays, for a record cannot be removed alone. Then the error says so.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.state
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  check_mode:
    support: full
    details:
      - What an earlier task of the same run would only add is not there in check mode, and the task fails.
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
      - The address to log in to, unless given the machine's first public one, or else its first private one.
      - Servers of the generation V(clouds) choose themselves among the machine's own addresses, and log in to no other.
    type: str
  ssh_user:
    description:
      - The user to log in as. Unless given, Mist tries those that it knows, and some that are usual.
      - Servers of the generation V(clouds) keep a record for each user and port of a key on a machine. Another user or
        port adds a record, and a login may change the user of the first one.
    type: str
  ssh_port:
    description:
      - The port to log in at. Unless given, it is the one that Mist knows for the machine, or else V(22).
      - Servers of the generation V(backends) ignore it without a user, if they know a port of the machine. Then the
        user that they know is sent too, and where they know none, O(ssh_user) is required.
    type: int
  keep_failed:
    description:
      - Have Mist take note of the key though nothing answers at the port, and do not fail then. Where the port answers
        and no key is let in, Mist itself removes its records of the key, and the task fails.
      - Only on servers of the generation V(clouds).
    type: bool
    default: false
seealso:
  - module: mistio.cloud.mist_key
"""

EXAMPLES = r"""
- name: Let Mist log in to a machine with a key
  mistio.cloud.mist_key_association:
    mist_uri: http://mist.example.test:8000
    key: deploy
    backend: our-openstack
    machine: web1
    ssh_user: ubuntu

- name: Take the key off again
  mistio.cloud.mist_key_association:
    mist_uri: http://mist.example.test:8000
    key: deploy
    backend: our-openstack
    machine: web1
    state: absent
"""

RETURN = r"""
association:
  description: The key on the machine, or as it would be in check mode. Null when there is none.
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
      description: The backend of the machine.
      type: str
    machine_id:
      description: The machine.
      type: str
    user:
      description: The user that Mist logs in as, null when it has yet to find out.
      type: str
    port:
      description: The port.
      type: int
    last_used:
      description:
        - When Mist last logged in with it (Unix time), null when it never did.
        - Servers of the generation V(clouds) do not tell it after this task, so it is null there.
      type: float
actions:
  description: What was done, or would be done in check mode, a sentence each.
  returned: always
  type: list
  elements: str
  sample:
    - put key 'deploy' on machine 'web1'
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
