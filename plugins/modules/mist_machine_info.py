# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machines of backends."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_machine_info
short_description: List the machines that a Mist server manages
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the machines of all backends or of some, all of them or those that fit.
  - Costs one request for the machines of each backend and one for each probe. One more lists the backends, unless
    O(backends) is a single id.
  - Servers of the generation V(clouds) have a list of all machines. Without O(backends) that is the only request, and
    shows the machines as the server saw them last, half an hour ago perhaps; with O(backends) the providers are asked.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
options:
  backends:
    description:
      - Only the machines of these backends, each by id or title.
      - Without it, all backends that are enabled are asked. If the server has a list of all machines, that is taken; it
        holds those of disabled backends too.
    type: list
    elements: str
    aliases: [backend]
  on_backend_error:
    description:
      - What to do when a backend cannot be listed.
      - With V(warn), its machines are missing. A warning says why, and RV(failed_backends) names the backend.
      - With V(fail), the task fails.
      - When O(backends) names exactly one backend, its failure is always a failure of the task.
      - Servers of the generation V(clouds) list the machines of all backends as they saw them last. No backend fails
        there without O(backends).
    type: str
    choices: [fail, warn]
    default: warn
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
      - Only machines with this address, public or private.
    type: str
  tags:
    description:
      - Only machines that have all of these tags, each with the given value.
      - If the value is null or an empty string, the tag can have any value.
    type: dict
  states:
    description:
      - Only machines in one of these states, such as V(running), V(stopped), V(pending) or V(terminated).
      - Without it, all but those that are terminated.
    type: list
    elements: str
    aliases: [state]
  probe:
    description:
      - Have Mist look at each machine by ping and ssh, which takes some seconds, and return what it saw.
    type: bool
    default: false
seealso:
  - module: mistio.cloud.mist_machine
"""

EXAMPLES = r"""
- name: List all machines
  mistio.cloud.mist_machine_info:
    mist_uri: http://mist.example.test:8000
  register: mist

- name: List the machines of the test environment
  mistio.cloud.mist_machine_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    tags: {env: test}
  register: test

- name: Wait until Mist can log in to a machine
  mistio.cloud.mist_machine_info:
    mist_uri: http://mist.example.test:8000
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
  description: The machines, sorted by name. Empty when none fits.
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
    probe:
      description: What Mist saw; null when the machine has no address.
      returned: with O(probe=true)
      type: dict
      contains:
        ssh:
          description: Whether Mist could log in.
          type: bool
        uptime:
          description: The seconds since it was booted, null without a login.
          type: float
        load:
          description: The load averages of the last 1, 5 and 15 minutes; empty without a login.
          type: list
          elements: float
        cores:
          description: How many processors it has, null without a login.
          type: int
        users:
          description: How many users are logged in, null without a login.
          type: int
        public_ips:
          description: The public addresses that it sees itself.
          type: list
          elements: str
        private_ips:
          description: The private addresses that it sees itself.
          type: list
          elements: str
        ping:
          description: Whether it answered a ping.
          type: bool
        packets_loss:
          description: Which part of the pings was lost, from 0 to 1.
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
  description: The backends that could not be listed, so that their machines are missing. Empty when all were listed.
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
      description: Why it could not be listed.
      type: str
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import SurveyModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine.info import list_machines


class MachineInfoModule(SurveyModule):
    returns = "machines"
    options = {
        "backends": {"type": "list", "elements": "str", "aliases": ["backend"]},
        "on_backend_error": {"type": "str", "choices": ["fail", "warn"], "default": "warn"},
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
