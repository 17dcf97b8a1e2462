# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The monitoring of machines, and their stats."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_monitoring_info
short_description: Read what a Mist server monitors, and the stats of machines
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Tells of machines whether they are monitored and with which metrics, and gets the values of a range of time.
  - Costs one request for the monitoring of all, and those of M(mistio.cloud.mist_machine_info) to find the machines. To
    that comes one for each monitored machine whose stats are asked for, and one for its available metrics.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
options:
  backends:
    description:
      - Only the machines of these backends, each by id or title.
      - Without it, all backends that are enabled are asked.
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
  machines:
    description:
      - Only these machines, each by id, exact name or address. An id is preferred to a name, and a name to an address.
      - If more than one machine has the name or the address, all of them are returned.
      - If no machine matches an item, the task fails. If RV(failed_backends) is not empty, this is a warning.
      - An empty list returns nothing and sends no request.
    type: list
    elements: str
    aliases: [machine]
  available_metrics:
    description:
      - Whether to list the metrics that can be added to each machine.
    type: bool
    default: false
  start:
    description:
      - Get the values from here on. Without it, none.
      - A Unix time such as V(1413540000), ISO 8601 such as V(2014-10-17T10:00:00Z), which is UTC unless it tells, or a
        time before now such as V(-10m), with V(s), V(m), V(h), V(d) or V(w).
    type: str
  stop:
    description:
      - Get the values up to here, written like O(start); up to V(now) unless given.
    type: str
  step:
    description:
      - How many seconds are between two values. The server may have old ones only at longer steps.
      - Unless given, so many that there are at most 600 values, and at least 10. More than 10000 are refused.
    type: int
notes:
  - A time before now goes by the clock of the host where the module runs.
  - On servers of the generation V(backends) metrics have other ids, V(load.shortterm) in place of V(system.load1).
  - On servers of the generation V(clouds) a metric of devices is returned once for each device, V(net.bytes_recv) as
    V(net.interface=eth0.bytes_recv).
seealso:
  - module: mistio.cloud.mist_monitoring
  - plugin: mistio.cloud.line_chart
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Get the stats of a machine
  mistio.cloud.mist_monitoring_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backends: [our-openstack]
    machines: [web1]
    start: -10m
  register: mist

- name: Start a second machine, which is there but stopped, under load
  mistio.cloud.mist_machine:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backend: our-openstack
    name: web2
    state: started
  when: mist.machines[0].stats["system.load1"].mean | default(0, true) > 4

- name: Wait until the load is gone
  mistio.cloud.mist_monitoring_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backends: [our-openstack]
    machines: [web1]
    start: -2m
  register: mist
  until:
    - mist.machines[0].stats["system.load1"].last is not none
    - mist.machines[0].stats["system.load1"].last < 0.5
  retries: 30
  delay: 10

- name: List the metrics that can be added
  mistio.cloud.mist_monitoring_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    machines: [web1]
    available_metrics: true
"""

RETURN = r"""
machines:
  description: The machines, monitored or not, sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    backend_id:
      description: The backend of the machine.
      type: str
    machine_id:
      description: The machine.
      type: str
    name:
      description: Its name.
      type: str
    enabled:
      description: Whether it is monitored.
      type: bool
    metrics:
      description: The metrics that were added to it, those of plugins among them, sorted by id.
      type: list
      elements: dict
      contains:
        id:
          description: The id.
          type: str
        name:
          description: The name.
          type: str
        unit:
          description: What it is measured in; may be empty.
          type: str
    builtin_metrics:
      description: The metrics that each monitored machine has, likewise.
      type: list
      elements: dict
    available_metrics:
      description: The metrics that can be added, likewise. Empty when the machine is not monitored.
      returned: with O(available_metrics=true)
      type: list
      elements: dict
    stats:
      description: >-
        The values of each metric by its id. Of a machine that is not monitored there are none; a metric without values
        is there all the same.
      returned: with O(start)
      type: dict
      sample:
        system.load1:
          id: system.load1
          name: system.load1
          unit: ""
          points: [[1795428600, 0.2], [1795428610, null], [1795428620, 0.4]]
          last: 0.4
          min: 0.2
          max: 0.4
          mean: 0.3
      contains:
        id:
          description: The id of the metric.
          type: str
        name:
          description: Its name.
          type: str
        unit:
          description: What it is measured in; may be empty.
          type: str
        points:
          description: A Unix time and the value then, oldest first. Null where a value is missing.
          type: list
          elements: list
        last:
          description: The newest value that is not null; null when there is none.
          type: float
        min:
          description: The least value, null when there is none.
          type: float
        max:
          description: The greatest value, null when there is none.
          type: float
        mean:
          description: The mean of all values, null when there is none.
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
from ansible_collections.mistio.cloud.plugins.module_utils._resources.monitoring.info import list_monitoring


class MonitoringInfoModule(SurveyModule):
    returns = "machines"
    options = {
        "backends": {"type": "list", "elements": "str", "aliases": ["backend"]},
        "on_backend_error": {"type": "str", "choices": ["fail", "warn"], "default": "warn"},
        "machines": {"type": "list", "elements": "str", "aliases": ["machine"]},
        "available_metrics": {"type": "bool", "default": False},
        "start": {"type": "str"},
        "stop": {"type": "str"},
        "step": {"type": "int"},
    }
    rules = {"required_by": {"stop": ["start"], "step": ["start"]}}

    def survey(self, api, wanted):
        return list_monitoring(api, wanted)


def main():
    MonitoringInfoModule().run()


if __name__ == "__main__":
    main()
