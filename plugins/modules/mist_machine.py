# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One or several machines."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_machine
short_description: Manage machines through a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Creates, starts, stops, restarts, renames, resizes, tags and destroys machines of a backend.
  - Waits until the machines are ready, see O(wait) and O(wait_for).
  - The module finds machines by name. Before it creates a machine, it looks for a machine with this name, because
    machine names are not unique in Mist and create requests are not idempotent. If the response to the create request
    is lost, it looks again.
  - You can run a task again after it was interrupted. If it was creating a machine on a server of the generation
    V(clouds), wait some seconds first. Until the provider lists the new machine, the module cannot see it, and would
    create it twice.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  check_mode:
    support: full
    details:
      - The task fails if it needs a backend or a key that an earlier task adds, because check mode does not add it.
      - For a new machine, RV(machine.cost) is calculated from the price of O(size) if Mist knows it. The diff contains
        the price itself as C(price).
  idempotent:
    support: partial
    details:
      - O(state=restarted) restarts the machine at each run.
      - If an existing machine has another image, size, location, key or network than the task, it is not created again.
        A warning describes each difference and how to change it.
notes:
  - The module compares an existing machine with O(image), O(size), O(location), O(networks) and O(key). A difference
    causes a warning, but no change. Only the size can be changed, with O(resize=true). A value that Mist does not find
    causes a warning as well.
  - To compare an option, the module may have to request a list, such as all images of the backend. It requests each
    list at most once per task. It needs no list if the task has the same id or name as the data of the machine.
  - A value that Mist does not return for the machine is not compared. O(custom_size), O(volumes), O(cloud_init),
    O(script), O(parameters) and other options for a new machine are not compared either.
  - A machine that EC2 lists as terminated counts as absent.
  - Servers of the generation V(clouds) list the stopped containers of a V(docker) backend only if its C(show_all) is
    true, see M(mistio.cloud.mist_backend). Otherwise, the module does not stop containers, because it could not find
    them again. If a container is not listed, a warning says that it may exist and be stopped.
options:
  backend:
    description:
      - The id or the title of the backend. The id requires one request less.
      - With the title, the task fails if the backend is disabled. With the id, the module does not check this.
    type: str
    required: true
  name:
    description:
      - The name of the machine.
      - Some providers do not allow all names. The module checks the rules that it knows before it changes anything.
      - Servers of the generation V(backends) allow only ASCII characters.
    type: str
  names:
    description:
      - The names of several machines. The module brings all of them to the same state in parallel.
      - An empty list changes nothing.
      - If some machines fail, the module still processes the others. The task then fails, and RV(failures) contains the
        errors.
    type: list
    elements: str
  id:
    description:
      - The id of an existing machine. Use the id in Mist, not the id at the provider.
    type: str
  ip:
    description:
      - A public or private address of an existing machine.
    type: str
  state:
    description:
      - The desired state.
      - With V(present), the machine exists, in any state. It is created if it does not exist.
      - With V(started), the machine runs. It is created if it does not exist.
      - With V(stopped), the machine is stopped. If it does not exist and O(image) is set, the task creates it, waits
        until it runs, even with O(wait=false), and stops it. Without O(image), the task fails.
      - With V(restarted), the machine is rebooted at each run, or started if it is stopped. If it is pending or
        rebooting, the task only waits for it. If it does not exist, the task fails.
      - With V(absent), the machine is destroyed with all its data. A host that Mist reaches over SSH is not destroyed.
        It is only removed from Mist.
      - On servers of the generation V(backends), machines of OpenStack cannot be started or stopped, and hosts cannot
        be removed.
    type: str
    choices: [present, absent, started, stopped, restarted]
    default: present
  image:
    description:
      - The image to create the machine from, by its id or exact name. Required to create a machine.
      - Mist must list the image or find it by a search.
      - For images, sizes, locations and networks, you can use the id in Mist or the id at the provider.
      - On servers of the generation V(backends), star an EC2 image in Mist first if it is not listed.
    type: str
  size:
    description:
      - The size of the machine, by its id or exact name. Mist must list the size.
      - Required to create a machine, unless O(custom_size) is set or the backend has no sizes.
      - An existing machine keeps its size, unless O(resize=true).
    type: str
  resize:
    description:
      - Whether to resize an existing machine that has another size than O(size). This can change its cost.
      - Some providers resize only stopped machines, and some start the machine afterwards. With O(state=stopped), the
        module stops the machine before the resize, and again afterwards if necessary. With O(state=started), the
        machine runs afterwards.
      - Servers of the generation V(backends) cannot resize machines of EC2.
    type: bool
    default: false
  custom_size:
    description:
      - The size in numbers, for providers that have no list of sizes.
      - The fields are those of the server, such as C(cpu), C(ram) and C(disk_primary) for vSphere. They are sent
        unchanged.
      - Servers of the generation V(backends) do not support this option.
    type: dict
  location:
    description:
      - The location of the machine, by its id or exact name.
      - Required to create a machine of EC2. There it must be a zone, not a region, see
        RV(mistio.cloud.mist_location_info#module:locations[].location_type).
      - On servers of the generation V(backends), it is optional for EC2, too.
    type: str
  key:
    description:
      - The SSH key for the machine, by its id or exact name.
      - If not set, Mist uses the default key for most providers.
    type: str
  new_name:
    description:
      - The new name of the machine.
      - If no machine has O(name), the module looks for a machine with this name. If there is none either, it creates
        the machine with this name.
      - Servers of the generation V(backends) do not support this option.
    type: str
  tags:
    description:
      - The tags of the machine, each with its value. An empty string is a tag without a value.
      - A tag with the value null is removed. Other tags of the machine stay, unless O(purge_tags=true).
      - Servers of the generation V(backends) support only tags without a value, and only for existing machines. Tags of
        EC2 must be ASCII there.
    type: dict
  purge_tags:
    description:
      - Whether to remove all tags that O(tags) does not contain. It has no effect if O(tags) is not set.
    type: bool
    default: false
  expiration:
    description:
      - The date at which Mist stops or destroys the machine. An empty dictionary or an empty O(expiration.date) removes
        the expiration.
      - Servers of the generation V(backends) do not support this option.
    type: dict
    suboptions:
      date:
        description:
          - The date in UTC as C(YYYY-MM-DD HH:MM:SS), or in ISO 8601 format such as V(2027-11-23T18:00:00+02:00).
          - It must be in the future.
        type: str
      action:
        description:
          - The action at the date. The default is V(stop).
        type: str
        choices: [stop, destroy]
      notify:
        description:
          - How many seconds before the date Mist notifies the owner. The default is V(0), which means no notification.
        type: int
  networks:
    description:
      - The networks of the machine, each by its id or exact name, for providers that support them.
      - Servers of the generation V(backends) do not support this option.
    type: list
    elements: str
  volumes:
    description:
      - The volumes to create or attach together with the machine. The fields are those of the server. They are sent
        unchanged.
      - Servers of the generation V(backends) do not support this option.
    type: list
    elements: dict
  cloud_init:
    description:
      - The cloud-init configuration of the machine, for providers that support it.
      - Ansible shows it at high verbosity. Set C(no_log=true) on the task if it contains secrets.
      - Servers of the generation V(backends) do not support this option.
    type: str
  image_extra:
    description:
      - Additional data about the image, for providers such as Linode.
      - Only servers of the generation V(backends) support this option.
    type: str
  disk:
    description:
      - The disk size, for providers such as Linode.
      - Only servers of the generation V(backends) support this option.
    type: str
  script:
    description:
      - A script that Mist runs on a new machine once it is up. Mist runs it in the background and does not return its
        result.
      - Ansible shows it at high verbosity. Set C(no_log=true) on the task if it contains secrets.
      - Servers of the generation V(backends) allow only ASCII characters.
    type: str
  ips:
    description:
      - The addresses of the machine, for providers that support this.
      - Only servers of the generation V(backends) support this option.
    type: list
    elements: str
  monitoring:
    description:
      - Whether Mist enables monitoring in the background once a new machine is up.
      - Use M(mistio.cloud.mist_monitoring) for existing machines.
    type: bool
  parameters:
    description:
      - Additional fields of the create request, for values that have no option. They are sent unchanged.
      - Examples are C(subnet_id) and C(security_group) of EC2, C(docker_env) and C(docker_command) of Docker, and
        C(resource_group) of Azure.
      - Ansible shows them at high verbosity. Set C(no_log=true) on the task if they contain secrets.
    type: dict
  wait:
    description:
      - Whether to wait until the machine has reached O(state) and O(wait_for).
      - Even with V(false), the task waits until the provider has created the machine. On servers of the generation
        V(clouds), it waits for up to 15 minutes.
    type: bool
    default: true
  wait_for:
    description:
      - What to wait for with O(state=present), O(state=started) and O(state=restarted).
      - V(listed) waits until Mist lists the machine.
      - V(running) waits until the machine runs.
      - V(ip) waits until the machine runs and has an address.
      - V(ssh) waits until Mist can log in to the machine. Ansible itself needs no connection to the machine.
      - With O(state=present), the task does not wait for a machine that is stopped.
    type: str
    choices: [listed, running, ip, ssh]
    default: running
  wait_timeout:
    description:
      - The maximum number of seconds to wait after a change of the machine.
      - If it is exceeded, the task fails with the id and the state of the machine. Run the task again to continue.
    type: int
    default: 600
  workers:
    description:
      - The maximum number of machines in O(names) that the module processes at the same time.
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
# These examples take the server and the token from the environment variables MIST_URI and MIST_API_TOKEN.

- name: Create a machine and wait until Mist can log in to it
  mistio.cloud.mist_machine:
    backend: our-openstack
    name: web1
    image: Debian 12
    size: m1.small
    key: deploy
    wait_for: ssh

- name: Create a machine of EC2 that Mist stops at a date
  mistio.cloud.mist_machine:
    backend: ec2-virginia
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
      subnet_id: "{{ subnet_id }}"

- name: Create twenty machines, ten at a time
  mistio.cloud.mist_machine:
    backend: our-openstack
    names: "{{ query('ansible.builtin.sequence', 'start=1 end=20 format=web%02d') }}"
    state: started
    image: Debian 12
    size: m1.small

- name: Rename, tag, stop and resize a machine
  mistio.cloud.mist_machine:
    backend: ec2-virginia
    name: web1
    new_name: shop1
    tags: {env: production, team: null}
    state: stopped
    size: t2.small
    resize: true

- name: Destroy a machine
  mistio.cloud.mist_machine:
    backend: our-openstack
    name: web1
    state: absent
"""

RETURN = r"""
machine:
  description:
    - The machine after the task, or the predicted machine in check mode. Null if it was destroyed.
    - After a failure, the last data of the machine.
  returned: without O(names), after success and after a failed change
  type: dict
  contains: &machine
    id:
      description: The id of the machine in Mist. Null in check mode for a new machine.
      type: str
    external_id:
      description: The id of the machine at the provider.
      type: str
    name:
      description: The name of the machine.
      type: str
    backend_id:
      description: The id of the backend of the machine.
      type: str
    state:
      description: The state, such as V(running), V(pending), V(rebooting), V(stopped) or V(terminated).
      type: str
    public_ips:
      description: The public addresses.
      type: list
      elements: str
    private_ips:
      description: The private addresses.
      type: list
      elements: str
    dns_name:
      description: The DNS name. Null if there is none.
      type: str
    image:
      description: The id of the image. Null if it is unknown.
      type: str
    size:
      description:
        - The name of the size. Null if it is unknown.
        - On servers of the generation V(backends), the id of the size.
      type: str
    location:
      description:
        - The id of the location. Null if it is unknown.
        - On servers of the generation V(backends), the name of the location.
      type: str
    tags:
      description: The tags. A tag without a value has an empty string as its value.
      type: dict
    actions:
      description:
        - Whether the machine currently allows each action, such as C(start), C(stop), C(reboot) and C(destroy).
      type: dict
    created:
      description: The creation time, as the provider states it.
      type: str
    extra:
      description: Other data of the provider. Passwords are removed.
      type: dict
    machine_type:
      description:
        - The type of the machine, such as V(machine) or V(container).
        - Null on servers of the generation V(backends).
      type: str
    monitored:
      description: Whether the machine is monitored. Null on servers of the generation V(backends).
      type: bool
    ssh_keys:
      description: The SSH keys that are associated with the machine. Null on servers of the generation V(backends).
      type: list
      elements: dict
      contains:
        key_id:
          description: The id of the key.
          type: str
        user:
          description: The user that Mist logs in as. Null if it is unknown.
          type: str
        port:
          description: The SSH port.
          type: int
        last_used:
          description: The Unix time of the last login with the key. Null if there was none.
          type: float
    cost:
      description:
        - The cost of the machine, in the currency of the provider. Null if it is unknown.
        - Null on servers of the generation V(backends).
      type: dict
      contains:
        hourly:
          description: The cost per hour.
          type: float
        monthly:
          description: The cost per month.
          type: float
    expiration:
      description: The expiration of the machine. Null if it has none.
      type: dict
      contains:
        date:
          description: The date as C(YYYY-MM-DD HH:MM:SS) in UTC.
          type: str
        action:
          description: The action at the date, V(stop) or V(destroy).
          type: str
        notify:
          description: How many seconds before the date Mist notifies the owner. V(0) means no notification.
          type: int
machines:
  description: The existing machines of O(names), in the same order. The fields are those of RV(machine).
  returned: with O(names)
  type: list
  elements: dict
  contains: *machine
failures:
  description: The error of each machine that failed, by name.
  returned: when a task with O(names) fails
  type: dict
job_id:
  description: The id of the job in Mist that creates the machine. Use it to look up the job in the log of Mist.
  returned: without O(names), when the creation fails on a server of the generation V(clouds) after the job has started
  type: str
actions:
  description: The changes of the task, or the predicted changes in check mode. After a failure, the changes before it.
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
