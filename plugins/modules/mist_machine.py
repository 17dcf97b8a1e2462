# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A machine, or many."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_machine
short_description: Manage machines through a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Creates, starts, stops, reboots and destroys machines of a backend, and waits until they can be used.
  - Names are not unique in Mist, and a create is never the same twice. So the module looks for the name before it
    creates anything, and again after an answer that was lost. It can be interrupted and run again at any point.
  - Machines that EC2 lists as terminated for a while count as absent.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  check_mode:
    support: full
    details:
      - What an earlier task of the same run would only add is not there in check mode, and the task fails.
  idempotent:
    support: partial
    details:
      - O(state=restarted) reboots each time.
      - A machine that is there is not made anew when its image or size is another one.
options:
  backend:
    description:
      - The backend, by id or title. By id it saves a request.
      - By title, a backend that is disabled is refused.
    type: str
    required: true
  name:
    description:
      - The name of the machine, in ASCII.
    type: str
  names:
    description:
      - The names of many machines to bring to the same state at once.
      - When some of them fail the others are seen to all the same, and the task fails in the end and tells of each.
    type: list
    elements: str
  id:
    description:
      - The id of a machine that is there.
    type: str
    aliases: [machine_id]
  ip:
    description:
      - An address of a machine that is there, public or private.
    type: str
  state:
    description:
      - V(present) is there, running or not. V(started) and V(stopped) say which; V(started) creates it too.
      - V(restarted) is rebooted each time the task runs, or started if it is stopped. One that is pending or rebooting
        is only waited for.
      - V(absent) is destroyed, with all that is on it.
    type: str
    choices: [present, absent, started, stopped, restarted]
    default: present
  image:
    description:
      - The image to create it from, by id or name, or by a part of the name that only one image has.
      - Needed to create a machine, as is O(size).
    type: str
  size:
    description:
      - The size, by id or name, or by a part of the name that only one size has.
    type: str
  location:
    description:
      - The location, by id or name, or by a part of the name that only one location has.
    type: str
  key:
    description:
      - The name of the ssh key to put on it, the default key unless given.
    type: str
  image_extra:
    description:
      - What a provider wants to know of the image beside its id, as Linode does.
    type: str
  disk:
    description:
      - The disk size, for a provider that wants it, as Linode does.
    type: str
  script:
    description:
      - A script to run on the machine once it is up, in ASCII. Mist runs it in the background and does not tell how it
        went.
      - It is shown at high verbosity. Set C(no_log=true) on the task if it holds secrets.
    type: str
  ips:
    description:
      - Addresses for the machine, for a provider that takes them.
    type: list
    elements: str
  monitoring:
    description:
      - Have Mist enable monitoring once the machine is up, in the background.
    type: bool
  parameters:
    description:
      - Further fields of the create request, sent to the server as they are. None that has an option of its own.
      - They are shown at high verbosity. Set C(no_log=true) on the task if they hold secrets.
    type: dict
  wait:
    description:
      - Whether to wait until the machine is as O(state) and O(wait_for) say.
    type: bool
    default: true
  wait_for:
    description:
      - What to wait for after O(state=present), O(state=started) and O(state=restarted). A machine that is stopped is
        present, and not waited for.
      - V(ssh) is a login by Mist itself, so the host that runs this needs no way to the machine.
    type: str
    choices: [listed, running, ip, ssh]
    default: running
  wait_timeout:
    description:
      - How many seconds to wait after the machine was created or acted on. Then the task fails and tells the machine's
        id and state; run again, it goes on.
    type: int
    default: 600
  workers:
    description:
      - How many machines of O(names) are worked on at the same time.
    type: int
    default: 10
seealso:
  - module: mistio.cloud.mist_machine_info
  - module: mistio.cloud.mist_image_info
  - module: mistio.cloud.mist_size_info
  - module: mistio.cloud.mist_location_info
"""

EXAMPLES = r"""
- name: Create a machine and wait until Mist can log in
  mistio.cloud.mist_machine:
    mist_uri: http://mist.example.test:8000
    backend: Our OpenStack
    name: web1
    image: Ubuntu 14.04 amd64
    size: m1.small
    key: deploy
    wait_for: ssh

- name: Have twenty of them, ten at a time
  mistio.cloud.mist_machine:
    mist_uri: http://mist.example.test:8000
    backend: Our OpenStack
    names: "{{ query('ansible.builtin.sequence', 'start=1 end=20 format=web%02d') }}"
    state: started
    image: Ubuntu 14.04 amd64
    size: m1.small

- name: Destroy a machine
  mistio.cloud.mist_machine:
    mist_uri: http://mist.example.test:8000
    backend: Our OpenStack
    name: web1
    state: absent
"""

RETURN = r"""
machine:
  description: The machine as it is after the task, or would be in check mode. Null when it was destroyed.
  returned: unless O(names) is used; after a failure as it was seen last
  type: dict
  contains: &machine
    id:
      description: The id by which Mist addresses the machine. Null in check mode when it is yet to be created.
      type: str
    external_id:
      description: The provider's id of the machine.
      type: str
    name:
      description: The name.
      type: str
    backend_id:
      description: The backend that it is of.
      type: str
    state:
      description: One of V(running), V(rebooting), V(pending), V(stopped) and V(terminated).
      type: str
    public_ips:
      description: Its public addresses.
      type: list
      elements: str
    private_ips:
      description: Its private addresses.
      type: list
      elements: str
    dns_name:
      description: Its DNS name, null when the provider gives it none.
      type: str
    image:
      description: The id of its image, null when the provider does not tell.
      type: str
    size:
      description: The id of its size, null when the provider does not tell.
      type: str
    location:
      description: Where it is, null when the provider does not tell.
      type: str
    tags:
      description: Its tags; one without a value has an empty text.
      type: dict
    actions:
      description: Which of C(start), C(stop), C(reboot), C(destroy) and C(tag) it takes now.
      type: dict
    created:
      description: When it was created, in the provider's words.
      type: str
    extra:
      description: What else the provider tells.
      type: dict
machines:
  description: The machines of O(names) that are there, in that order, each as C(machine).
  returned: with O(names)
  type: list
  elements: dict
  contains: *machine
failures:
  description: What went wrong with which machine, by name.
  returned: when a task with O(names) failed
  type: dict
actions:
  description: What was done, or would be done in check mode, a sentence each. After a failure, what was done before it.
  returned: always
  type: list
  elements: str
  sample:
    - create machine 'web1'
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import ResourceModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine import MachineResource


class MachineModule(ResourceModule):
    resource = MachineResource
    options = {
        "backend": {"type": "str", "required": True},
        "name": {"type": "str"},
        "names": {"type": "list", "elements": "str"},
        "id": {"type": "str", "aliases": ["machine_id"]},
        "ip": {"type": "str"},
        "state": {
            "type": "str",
            "choices": ["present", "absent", "started", "stopped", "restarted"],
            "default": "present",
        },
        "image": {"type": "str"},
        "size": {"type": "str"},
        "location": {"type": "str"},
        "key": {"type": "str", "no_log": False},
        "image_extra": {"type": "str"},
        "disk": {"type": "str"},
        "script": {"type": "str"},
        "ips": {"type": "list", "elements": "str"},
        "monitoring": {"type": "bool"},
        "parameters": {"type": "dict"},
        "wait": {"type": "bool", "default": True},
        "wait_for": {"type": "str", "choices": ["listed", "running", "ip", "ssh"], "default": "running"},
        "wait_timeout": {"type": "int", "default": 600},
        "workers": {"type": "int", "default": 10},
    }
    rules = {
        "required_one_of": [("name", "names", "id", "ip")],
        "mutually_exclusive": [("names", "name"), ("names", "id"), ("names", "ip")],
    }

    def returned(self, wanted):
        return "machines" if "names" in wanted else "machine"


def main():
    MachineModule().run()


if __name__ == "__main__":
    main()
