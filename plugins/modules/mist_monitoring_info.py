# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List the monitoring of machines, and their stats."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_monitoring_info
short_description: Read what a Mist server monitors, and the stats of machines
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Returns whether machines are monitored, their metrics, and the values of the metrics in a time range.
  - Sends one request for the monitoring of all machines, and the requests of M(mistio.cloud.mist_machine_info) to find
    the machines. O(start) and O(available_metrics) each send one more request for each monitored machine.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
  - mistio.cloud.survey
options:
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
      - The start of the time range. By default, no values are returned.
      - Use a Unix time such as V(1413540000), ISO 8601 such as V(2014-10-17T10:00:00Z) (the default time zone is UTC),
        or a time before now such as V(-10m). The units are V(s), V(m), V(h), V(d) and V(w).
    type: str
  stop:
    description:
      - The end of the time range, in a format of O(start) or V(now). The default is V(now).
    type: str
  step:
    description:
      - The number of seconds between two values. The server can have old values at longer steps only.
      - The default is the smallest multiple of 10 that gives 600 values or fewer. More than 10000 values are an error.
    type: int
notes:
  - A time before now is relative to the clock of the host where the module runs.
  - On servers of the generation V(clouds), a metric of devices is returned once for each device. For example,
    V(net.bytes_recv) is returned as V(net.interface=eth0.bytes_recv).
  - On servers of the generation V(backends), metrics have other ids, such as V(load.shortterm) for V(system.load1).
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

- name: Start a second machine if the load is high
  mistio.cloud.mist_machine:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backend: our-openstack
    name: web2
    state: started
  when: mist.machines[0].stats["system.load1"].mean | default(0, true) > 4

- name: Wait until the load is low
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
  description: The machines, whether monitored or not, sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    backend_id:
      description: The id of the machine's backend.
      type: str
    machine_id:
      description: The id of the machine.
      type: str
    name:
      description: Its name.
      type: str
    enabled:
      description: Whether it is monitored.
      type: bool
    metrics:
      description: The metrics that were added to the machine, including those of plugins, sorted by id.
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
          description: The unit. Can be empty.
          type: str
    builtin_metrics:
      description: The metrics that every monitored machine has. Each has the same fields as in RV(machines[].metrics).
      type: list
      elements: dict
    available_metrics:
      description: >-
        The metrics that can be added. Each has the same fields as in RV(machines[].metrics). Empty if the machine is
        not monitored.
      returned: with O(available_metrics=true)
      type: list
      elements: dict
    stats:
      description: >-
        The values of each metric, by the id of the metric. Empty if the machine is not monitored. A metric without
        values is included.
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
          description: The unit. Can be empty.
          type: str
        points:
          description: Pairs of a Unix time and a value, oldest first. The value is null where it is missing.
          type: list
          elements: list
        last:
          description: The newest value that is not null. Null if there is none.
          type: float
        min:
          description: The minimum. Null if there are no values.
          type: float
        max:
          description: The maximum. Null if there are no values.
          type: float
        mean:
          description: The mean. Null if there are no values.
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
from ansible_collections.mistio.cloud.plugins.module_utils._resources.monitoring.info import list_monitoring


class MonitoringInfoModule(SurveyModule):
    returns = "machines"
    options = {
        **SurveyModule.options,
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
