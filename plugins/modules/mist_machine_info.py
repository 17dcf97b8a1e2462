# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List machines."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_machine_info
short_description: List the machines that a Mist server manages
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the machines of all backends, or of some of them.
  - A machine is returned if it matches all options that are set. Ids, names, addresses and tags must match exactly.
  - Servers of the generation V(clouds) keep a list of all machines. Without O(backends), the module reads this list
    with one request. It shows the machines as the server saw them last, which can be half an hour ago. With
    O(backends), the server queries the providers.
  - Otherwise, the module sends one request for each backend. It sends one more to list the backends, unless
    O(backends) is a single id.
  - O(probe) sends one request for each machine.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
  - mistio.cloud.survey
options:
  name:
    description:
      - Only machines with exactly this name. Names are not unique.
    type: str
  names:
    description:
      - Only machines with one of these names. A name that no machine has is ignored.
      - An empty list returns nothing and sends no request.
    type: list
    elements: str
  id:
    description:
      - Only the machine with this id. The id must be the one that Mist uses, which can differ from the provider's id.
    type: str
  ip:
    description:
      - Only machines with this public or private address.
    type: str
  tags:
    description:
      - Only machines that have all of these tags, each with the given value.
      - If the value is null or an empty string, the tag can have any value.
    type: dict
  states:
    description:
      - Only machines in one of these states, such as V(running), V(stopped), V(pending) or V(terminated).
      - By default, machines in all states except V(terminated).
    type: list
    elements: str
    aliases: [state]
  probe:
    description:
      - Whether Mist checks each machine by ping and SSH. This takes some seconds. RV(machines[].probe) has the result.
    type: bool
    default: false
seealso:
  - module: mistio.cloud.mist_machine
"""

EXAMPLES = r"""
- name: List all machines
  mistio.cloud.mist_machine_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
  register: mist

- name: List the machines of the test environment
  mistio.cloud.mist_machine_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    tags: {env: test}
  register: test

- name: Wait until Mist can log in to a machine
  mistio.cloud.mist_machine_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backends: [our-openstack]
    name: web1
    probe: true
  register: web
  until: web.machines | length == 1 and web.machines[0].probe.ssh
  retries: 30
  delay: 10
"""

RETURN = r"""
machines:
  description: The machines, sorted by name. Empty if none matches.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id by which Mist addresses the machine.
      type: str
    external_id:
      description: The provider's id of the machine.
      type: str
    name:
      description: The name.
      type: str
    backend_id:
      description: The id of its backend.
      type: str
    state:
      description: >-
        The state, such as V(running), V(rebooting), V(pending), V(stopped) or V(terminated). Servers of the generation
        V(clouds) have more states.
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
      description: Its DNS name. Null if it has none.
      type: str
    image:
      description: The id of its image. Null if unknown.
      type: str
    size:
      description: The name of its size; on servers of the generation V(backends) the id. Null if unknown.
      type: str
    location:
      description: Its location. Null if unknown.
      type: str
    tags:
      description: Its tags. The value of a tag without a value is an empty string.
      type: dict
    actions:
      description: Whether each action is possible now, such as C(start), C(stop), C(reboot), C(destroy) and C(tag).
      type: dict
    created:
      description: When it was created, in the provider's format.
      type: str
    extra:
      description: Further fields of the provider.
      type: dict
    machine_type:
      description: >-
        The kind of machine, such as V(machine) or V(container). On servers of the generation V(backends), this field
        and RV(machines[].monitored), RV(machines[].ssh_keys), RV(machines[].cost) and RV(machines[].expiration) are
        null.
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
          description: The user to log in as. Null if unknown.
          type: str
        port:
          description: The SSH port.
          type: int
        last_used:
          description: The Unix time of the last login with the key. Null if there was none.
          type: float
    cost:
      description: Its cost in the provider's currency. Null if unknown.
      type: dict
      contains:
        hourly:
          description: The cost of an hour.
          type: float
        monthly:
          description: The cost of a month.
          type: float
    expiration:
      description: When it expires, and what Mist does then. Null if it does not expire.
      type: dict
      contains:
        date:
          description: The date, as C(YYYY-MM-DD HH:MM:SS) in UTC.
          type: str
        action:
          description: The action, V(stop) or V(destroy).
          type: str
        notify:
          description: How many seconds before the date Mist reminds the owner. V(0) means no reminder.
          type: int
    probe:
      description: The result of the check. Null if the machine has no address.
      returned: with O(probe=true)
      type: dict
      contains:
        ssh:
          description: Whether Mist could log in.
          type: bool
        uptime:
          description: The seconds since the boot. Null if Mist could not log in.
          type: float
        load:
          description: The load averages of the last 1, 5 and 15 minutes. Empty if Mist could not log in.
          type: list
          elements: float
        cores:
          description: The number of processors. Null if Mist could not log in.
          type: int
        users:
          description: The number of users that are logged in. Null if Mist could not log in.
          type: int
        public_ips:
          description: The public addresses that the machine reports.
          type: list
          elements: str
        private_ips:
          description: The private addresses that the machine reports.
          type: list
          elements: str
        ping:
          description: Whether it answered a ping.
          type: bool
        packets_loss:
          description: The fraction of lost pings, from 0 to 1.
          type: float
        rtt_min:
          description: The shortest round trip in milliseconds.
          type: float
        rtt_avg:
          description: The mean round trip in milliseconds.
          type: float
        rtt_max:
          description: The longest round trip in milliseconds.
          type: float
failed_backends:
  description: The backends that could not be listed. Their machines are missing. Empty if all backends were listed.
  returned: success, and when O(on_backend_error=fail) fails the task
  type: list
  elements: dict
  contains:
    id:
      description: The id of the backend.
      type: str
    title:
      description: Its title.
      type: str
    error:
      description: The error.
      type: str
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import SurveyModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine.info import list_machines


class MachineInfoModule(SurveyModule):
    returns = "machines"
    options = {
        **SurveyModule.options,
        "name": {"type": "str"},
        "names": {"type": "list", "elements": "str"},
        "id": {"type": "str"},
        "ip": {"type": "str"},
        "tags": {"type": "dict"},
        "states": {"type": "list", "elements": "str", "aliases": ["state"]},
        "probe": {"type": "bool", "default": False},
    }
    rules = {"mutually_exclusive": [("name", "names")]}

    def survey(self, api, wanted):
        return list_machines(api, wanted)


def main():
    MachineInfoModule().run()


if __name__ == "__main__":
    main()
