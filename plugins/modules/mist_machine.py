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
  - Creates, starts, stops, reboots, renames, resizes, tags and destroys machines of a backend, and waits until they
    can be used.
  - Names are not unique in Mist, and a create is never the same twice. So the module looks for the name before it
    creates anything, and again after an answer that was lost. It can be interrupted and run again at any point.
  - Only where a server of the generation V(clouds) has been asked for a machine that the provider does not show yet,
    which is a matter of seconds, nobody can see that it is on its way.
  - Machines that EC2 lists as terminated for a while count as absent.
  - Servers of the generation V(clouds) list the stopped containers of a V(docker) backend only with C(show_all), which
    M(mistio.cloud.mist_backend) sets. Without it, a container is not stopped, for it could not be found again, and a
    container that is not listed is a warning, for it may exist and be stopped.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  check_mode:
    support: full
    details:
      - What an earlier task of the same run would only add is not there in check mode, and the task fails.
      - Of a machine that is yet to be made, RV(machine.cost) tells the price of its size if the server knows it; the
        diff has it in the provider's own words, as C(price).
  idempotent:
    support: partial
    details:
      - O(state=restarted) reboots each time.
      - A machine that exists is not created again when it has another image, size, location, key or network than the
        task asks for. A warning names each difference and says how to change it.
options:
  backend:
    description:
      - The backend, by id or title. By id it saves a request.
      - By title, a backend that is disabled is refused.
    type: str
    required: true
  name:
    description:
      - The name of the machine.
      - What a provider takes is told before anything is sent. Servers of the generation V(backends) take ASCII alone.
    type: str
  names:
    description:
      - The names of many machines to bring to the same state at once. An empty list changes nothing.
      - When some of them fail the others are seen to all the same, and the task fails in the end and tells of each.
    type: list
    elements: str
  id:
    description:
      - The id of a machine that is there. The provider's id is not taken for it, where Mist has another.
    type: str
  ip:
    description:
      - An address of a machine that is there, public or private.
    type: str
  state:
    description:
      - V(present) is there, running or not. V(started) and V(stopped) say which; V(started) creates it too.
      - V(stopped) creates a machine that is missing and then stops it, if O(image) is given. To be stopped it must run
        first, so the task waits for that even with O(wait=false). Without O(image) a missing machine is an error.
      - Servers of the generation V(backends) cannot start or stop machines of OpenStack.
      - V(restarted) is rebooted each time the task runs, or started if it is stopped. One that is pending or rebooting
        is only waited for.
      - V(absent) is destroyed, with all that is on it. A host that no provider made, but that Mist was told of, is only
        removed from Mist; nothing is destroyed there. Only servers of the generation V(clouds) can do that.
    type: str
    choices: [present, absent, started, stopped, restarted]
    default: present
  image:
    description:
      - The image to create it from, by its id or exact name. If nothing matches, the error offers the nearest names.
      - The provider's id will do as well as Mist's, here and for sizes, locations and networks.
      - It must be an image that Mist lists or finds by a search. On servers of the generation V(backends), an EC2 image
        that is not listed must be starred in Mist first.
      - Needed to create a machine, as is O(size).
      - A machine that exists is compared with O(image), O(size), O(location), O(networks) and O(key). A difference is a
        warning and changes nothing. A value that matches nothing is a warning as well.
      - The comparison sends one request for each of these options that the machine's record does not answer, also when
        O(names) has many machines. By the ids and names that the provider uses, most records answer all of them.
      - What neither the record nor Mist's keys tell is not compared. Other options of a create, such as O(custom_size),
        O(volumes), O(cloud_init), O(script) and O(parameters), are never compared.
    type: str
  size:
    description:
      - The size, by its id or exact name. It must be a size that Mist lists.
      - A machine that exists keeps its size, unless O(resize=true).
    type: str
  resize:
    description:
      - Give a machine that is there the size that O(size) names, when it has another one. What it costs may change.
      - Some providers resize only what is stopped, and some start it then. With O(state=stopped) it is stopped before,
        and stopped afterwards; with O(state=started) it runs afterwards.
      - Servers of the generation V(backends) cannot resize machines of EC2.
    type: bool
    default: false
  custom_size:
    description:
      - The size in numbers, for a provider that has no sizes to choose from, in the fields that the server wants, such
        as C(cpu), C(ram) and C(disk_primary) of vSphere. It is sent as it is.
      - Only on servers of the generation V(clouds).
    type: dict
  location:
    description:
      - The location, by its id or exact name.
      - On servers of the generation V(clouds), a new machine of EC2 needs one, and it must be a zone, not a region. See
        RV(mistio.cloud.mist_location_info#module:locations[].location_type).
    type: str
  key:
    description:
      - The ssh key to put on it, by its id or exact name, the default key unless given.
    type: str
  new_name:
    description:
      - The name that a machine that is there is to have.
      - A machine that has it already, while there is none of O(name), is taken for renamed. When there is neither, one
        is created by this name.
      - Only on servers of the generation V(clouds).
    type: str
  tags:
    description:
      - Tags that the machine is to have, each with its value. An empty text is a tag without a value.
      - A tag whose value is null is removed. Others are left alone, unless O(purge_tags=true).
      - Servers of the generation V(backends) take tags without a value alone, and only of machines that are there.
        Each tag is a request and an action of its own there. Through them, EC2 takes only ASCII tags.
    type: dict
  purge_tags:
    description:
      - Whether to take off all tags that O(tags) does not name. Without O(tags) it does nothing.
    type: bool
    default: false
  expiration:
    description:
      - What Mist does to the machine at a date. An empty dict, or an empty O(expiration.date), takes it back.
      - Only on servers of the generation V(clouds).
    type: dict
    suboptions:
      date:
        description:
          - When, as C(YYYY-MM-DD HH:MM:SS) in UTC, or in ISO 8601 such as V(2027-11-23T18:00:00+02:00).
          - It must be in the future.
        type: str
      action:
        description:
          - What is done then. The default is V(stop).
        type: str
        choices: [stop, destroy]
      notify:
        description:
          - How many seconds before the date Mist reminds the owner. The default is V(0), for no reminder.
        type: int
  networks:
    description:
      - The networks to connect it to, each by its id or exact name, for a provider that takes them.
      - Only on servers of the generation V(clouds).
    type: list
    elements: str
  volumes:
    description:
      - Volumes to make with it or to attach to it, each in the fields that the server wants. They are sent as they are.
      - Only on servers of the generation V(clouds).
    type: list
    elements: dict
  cloud_init:
    description:
      - What cloud-init is to do on the machine, for a provider that takes it.
      - It is shown at high verbosity. Set C(no_log=true) on the task if it holds secrets.
      - Only on servers of the generation V(clouds).
    type: str
  image_extra:
    description:
      - What a provider wants to know of the image beside its id, as Linode does.
      - Only on servers of the generation V(backends).
    type: str
  disk:
    description:
      - The disk size, for a provider that wants it, as Linode does.
      - Only on servers of the generation V(backends).
    type: str
  script:
    description:
      - A script to run on the machine once it is up. Mist runs it in the background and does not tell how it went.
      - Servers of the generation V(backends) take ASCII alone.
      - It is shown at high verbosity. Set C(no_log=true) on the task if it holds secrets.
    type: str
  ips:
    description:
      - Addresses for the machine, for a provider that takes them.
      - Only on servers of the generation V(backends).
    type: list
    elements: str
  monitoring:
    description:
      - Have Mist enable monitoring once the machine is up, in the background.
    type: bool
  parameters:
    description:
      - Further fields of the create request, sent to the server as they are. None that has an option of its own.
      - Here go those that single providers have, such as C(subnet_id) and C(security_group) of EC2, C(docker_env) and
        C(docker_command) of Docker, C(resource_group) of Azure.
      - They are shown at high verbosity. Set C(no_log=true) on the task if they hold secrets.
    type: dict
  wait:
    description:
      - Whether to wait until the machine is as O(state) and O(wait_for) say.
      - Until the provider has made a machine the task waits in any case.
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
  - module: mistio.cloud.mist_network_info
"""

EXAMPLES = r"""
- name: Create a machine and wait until Mist can log in
  mistio.cloud.mist_machine:
    mist_uri: http://mist.example.test:8000
    backend: our-openstack
    name: web1
    image: Ubuntu 14.04 amd64
    size: m1.small
    key: deploy
    wait_for: ssh

- name: Have twenty of them, ten at a time
  mistio.cloud.mist_machine:
    mist_uri: http://mist.example.test:8000
    backend: our-openstack
    names: "{{ query('ansible.builtin.sequence', 'start=1 end=20 format=web%02d') }}"
    state: started
    image: Ubuntu 14.04 amd64
    size: m1.small

- name: Create a machine that is stopped next year, on a server of 2016 or later
  mistio.cloud.mist_machine:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    backend: aws
    name: web1
    image: ami-760aaa0f
    size: t2.micro
    location: us-east-1a
    key: deploy
    tags: {env: test, team: web}
    expiration:
      date: "2027-11-23 18:00:00"
      action: stop
      notify: 86400
    parameters:
      subnet_id: "{{ subnet }}"

- name: Rename it, change its tags and give it another size
  mistio.cloud.mist_machine:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    backend: aws
    name: web1
    new_name: shop1
    tags: {env: production, team: null}
    state: stopped
    size: t2.small
    resize: true

- name: Destroy a machine
  mistio.cloud.mist_machine:
    mist_uri: http://mist.example.test:8000
    backend: our-openstack
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
      description: One of V(running), V(rebooting), V(pending), V(stopped) and V(terminated); later servers have more.
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
      description: The id of its size, on servers of 2016 and later its name; null when the provider does not tell.
      type: str
    location:
      description: Where it is, null when the provider does not tell.
      type: str
    tags:
      description: Its tags; one without a value has an empty text.
      type: dict
    actions:
      description: Which of C(start), C(stop), C(reboot), C(destroy), C(tag) and others it takes now.
      type: dict
    created:
      description: When it was created, in the provider's words.
      type: str
    extra:
      description: What else the provider tells.
      type: dict
    machine_type:
      description: What it is, such as V(machine) or V(container). Null on servers before 2016, as all that follows.
      type: str
    monitored:
      description: Whether it is monitored.
      type: bool
    ssh_keys:
      description: The keys on it.
      type: list
      elements: dict
      contains:
        key_id:
          description: The key's id.
          type: str
        user:
          description: The user that it lets in, null when it is not known.
          type: str
        port:
          description: The port of ssh.
          type: int
        last_used:
          description: When it was last used, in Unix time; null when it never was.
          type: float
    cost:
      description: What it costs, in the provider's currency; null when the server does not know.
      type: dict
      contains:
        hourly:
          description: An hour.
          type: float
        monthly:
          description: A month.
          type: float
    expiration:
      description: What is done to it when it expires, null when it does not.
      type: dict
      contains:
        date:
          description: When, as C(YYYY-MM-DD HH:MM:SS) in UTC.
          type: str
        action:
          description: What is done, V(stop) or V(destroy).
          type: str
        notify:
          description: How many seconds before that its owner is told; V(0) for not at all.
          type: int
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
job_id:
  description: The job of the server that makes the machine, when nobody knows what became of it.
  returned: after a create that was given up, on servers of the generation V(clouds)
  type: str
actions:
  description: What was done, or would be done in check mode, a sentence each. After a failure, what was done before it.
  returned: always
  type: list
  elements: str
  sample:
    - create machine 'web1'
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import ResourceModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine.resource import MachineResource


class MachineModule(ResourceModule):
    resource = MachineResource
    options = {
        "backend": {"type": "str", "required": True},
        "name": {"type": "str"},
        "names": {"type": "list", "elements": "str"},
        "id": {"type": "str"},
        "ip": {"type": "str"},
        "state": {
            "type": "str",
            "choices": ["present", "absent", "started", "stopped", "restarted"],
            "default": "present",
        },
        "image": {"type": "str"},
        "size": {"type": "str"},
        "resize": {"type": "bool", "default": False},
        "custom_size": {"type": "dict"},
        "location": {"type": "str"},
        "key": {"type": "str", "no_log": False},
        "new_name": {"type": "str"},
        "tags": {"type": "dict"},
        "purge_tags": {"type": "bool", "default": False},
        "expiration": {
            "type": "dict",
            "options": {
                "date": {"type": "str"},
                "action": {"type": "str", "choices": ["stop", "destroy"]},
                "notify": {"type": "int"},
            },
        },
        "networks": {"type": "list", "elements": "str"},
        "volumes": {"type": "list", "elements": "dict"},
        "cloud_init": {"type": "str"},
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
        "mutually_exclusive": [
            ("names", "name"),
            ("names", "id"),
            ("names", "ip"),
            ("names", "new_name"),
            ("size", "custom_size"),
        ],
    }

    def returned(self, wanted):
        return "machines" if "names" in wanted else "machine"


def main():
    MachineModule().run()


if __name__ == "__main__":
    main()
