# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The monitoring of a machine."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_monitoring
short_description: Manage the monitoring of a machine through a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Enables and disables the monitoring of a machine, adds and removes metrics, and deploys your own plugins as metrics.
  - When monitoring is enabled, Mist logs in to the machine in the background and installs an agent. It uses a key that
    is already on the machine.
  - If nothing changes, the module sends two requests. It sends one more if O(backend) is a title, and one more to check
    the code of plugins.
  - A server of the generation V(backends) that Mist does not host itself uses a hosted server for monitoring. It needs
    O(mist_email) and O(mist_password) for this, even if nothing else needs them.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  check_mode:
    support: full
    details:
      - The task fails if an earlier task of the same run creates the machine, because that task changes nothing in
        check mode.
      - If monitoring is not enabled yet, the metrics of the machine are unknown. Check mode assumes that each item of
        O(metrics) is the id of an existing metric.
      - Servers of the generation V(clouds) remember the metrics that a machine had. The module sees them only after it
        has enabled monitoring, so check mode does not predict them.
      - The metrics of a script in O(plugins[].content) are known only after it is deployed. Check mode predicts one
        metric, with the field C(value).
      - Servers of the generation V(backends) log in to the machine to check the code of plugins, in check mode too.
  idempotent:
    support: partial
    details:
      - A plugin is deployed at each run with O(plugins[].redeploy=always). With O(plugins[].redeploy=changed), it is
        also deployed at each run if Mist cannot read its code.
options:
  backend:
    description:
      - The id or the exact title of the backend of the machine. An id saves a request.
    type: str
    required: true
  machine:
    description:
      - The id, the exact name or an address of the machine.
      - An id is preferred to a name, and a name to an address. The task fails if more than one machine matches.
      - If the machine no longer exists, only its id finds its monitoring. O(state=absent) can then disable it.
    type: str
    required: true
  state:
    description:
      - Whether the machine is monitored. V(enabled) is the same as V(present), and V(disabled) the same as V(absent).
      - The machine must be running when monitoring is enabled.
      - Servers of the generation V(clouds) remember the metrics of a machine and restore them when monitoring is
        enabled again. O(exclusive_metrics) removes the unwanted ones at once.
    type: str
    choices: [present, enabled, absent, disabled]
    default: present
  metrics:
    description:
      - The metrics of the machine, each by id or exact name. Every monitored machine has the built-in metrics.
      - RV(mistio.cloud.mist_monitoring_info#module:machines[].available_metrics) lists the metrics that can be added.
      - On servers of the generation V(clouds), the name of a metric such as V(system.load5) changes when it is added.
        Both names are valid. On servers of the generation V(backends), metrics have other ids, such as V(users).
      - If the task also enables monitoring, it adds the metrics after the first data of the machine have arrived. It
        waits up to O(wait_timeout) seconds for them.
    type: list
    elements: str
  exclusive_metrics:
    description:
      - Whether to remove all added metrics that are not in O(metrics), and all plugins that are not in O(plugins).
    type: bool
    default: false
  plugins:
    description:
      - Your own Python code, which Mist deploys on the machine. Each plugin is a metric. Other plugins do not change.
      - Mist runs the code on the machine before it deploys it. If the code raises an exception or does not return a
        number, the task fails and shows the output.
      - Ansible shows the code at high verbosity. Set C(no_log=true) on the task if it contains secrets.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the plugin and of its metric.
          - The id of the plugin is made of the words of the name in lower case, joined by V(_). For example,
            V(Disk usage!) has the id V(disk_usage).
          - On servers of the generation V(clouds), the id of the metric is V(disk_usage.value). On servers of the
            generation V(backends), it is V(mist.python.disk_usage).
          - On servers of the generation V(clouds), the id must not be one that the agent uses, such as V(cpu) or
            V(mem).
        type: str
        required: true
      src:
        description:
          - A file with the code, on the host where the module runs.
        type: path
      content:
        description:
          - The code. It must define a function C(read) without arguments that returns a number, or None for no value.
          - On servers of the generation V(clouds), the function must return a number when Mist first runs it.
          - On servers of the generation V(clouds), the code can also be a script that begins with C(#!) and prints
            lines such as C(disk_usage value=1.5). The first word of each line must be the id of the plugin.
          - Each field of a line is a metric. For example, C(disk_usage used=1,free=2) has the metrics
            V(disk_usage.used) and V(disk_usage.free).
        type: str
      value_type:
        description:
          - With V(gauge), the value of the metric is what C(read) returns. With V(derive), it is the increase of this
            value per second.
        type: str
        choices: [gauge, derive]
        default: gauge
      unit:
        description:
          - The unit, such as V(GB). All machines with this plugin share the unit.
          - By default, the unit does not change.
        type: str
      state:
        description:
          - Whether the plugin is deployed.
          - Servers of the generation V(clouds) cannot remove the code from the machine, and the agent continues to run
            it. A warning names the file to delete on the machine.
        type: str
        choices: [present, absent]
        default: present
      redeploy:
        description:
          - When to deploy the plugin again on a machine that has its metric.
          - With V(changed), the module deploys it if the code, O(plugins[].value_type) or O(plugins[].unit) differs
            from what is deployed. With V(always), it deploys it each time. With V(never), it does not compare.
          - To compare the code, the module appends a comment with a checksum to it. Servers of the generation V(clouds)
            keep the code as a script, which only owners of the organization can read. Servers of the generation
            V(backends) log in to the machine to find the comment.
          - If the checksum cannot be read, or was not written by this module, the plugin is deployed.
          - Servers of the generation V(clouds) cannot replace a plugin. So the module first removes the old script and
            its metrics. If the new code then fails, they are lost, and the error says so.
        type: str
        choices: [changed, always, never]
        default: changed
  wait_for_stats:
    description:
      - Whether to wait until each item of O(metrics) and O(plugins) has values. If both are empty, the task waits until
        any metric has values.
    type: bool
    default: false
  wait_timeout:
    description:
      - The maximum number of seconds to wait for data. The task then fails. Run it again to continue.
    type: int
    default: 600
notes:
  - Servers of the generation V(clouds) store values in InfluxDB by default. If the server uses VictoriaMetrics, the
    metrics of plugins have other ids. O(plugins) is not tested there.
seealso:
  - module: mistio.cloud.mist_monitoring_info
  - module: mistio.cloud.mist_machine
"""

EXAMPLES = r"""
- name: Monitor a machine, and wait until it sends data
  mistio.cloud.mist_monitoring:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backend: our-openstack
    machine: web1
    wait_for_stats: true

- name: Set the metrics and plugins of a machine, and remove all others
  mistio.cloud.mist_monitoring:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backend: our-openstack
    machine: web1
    metrics: [system.load5, mem.cached]
    exclusive_metrics: true
    plugins:
      - name: Requests
        src: plugins/requests.py
        value_type: derive
        unit: requests/s

- name: Remove a plugin
  mistio.cloud.mist_monitoring:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backend: our-openstack
    machine: web1
    plugins:
      - name: Requests
        state: absent

- name: Disable the monitoring of a machine
  mistio.cloud.mist_monitoring:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backend: our-openstack
    machine: web1
    state: absent
"""

RETURN = r"""
monitoring:
  description: >-
    The monitoring of the machine after the task. In check mode, the predicted one. Null if the machine does not exist.
  returned: success
  type: dict
  sample:
    backend_id: 34c61163c2bf4d0690430c6cf8653f0f
    machine_id: a66deed38bcf4ccaa140c3c913ff0936
    name: web1
    enabled: true
    metrics:
      - id: requests.value
        name: Requests
        unit: requests/s
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
plugin_output:
  description: The output of the machine when Mist ran the code of a plugin there.
  returned: if the code failed
  type: str
actions:
  description: The changes that were made, or that check mode predicts, one sentence each.
  returned: always
  type: list
  elements: str
  sample:
    - enable monitoring of machine 'web1'
    - add metric 'system.load5'
    - deploy plugin 'Requests'
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import ResourceModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.monitoring.resource import MonitoringResource


class MonitoringModule(ResourceModule):
    resource = MonitoringResource
    returns = "monitoring"
    options = {
        "backend": {"type": "str", "required": True},
        "machine": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "enabled", "absent", "disabled"], "default": "present"},
        "metrics": {"type": "list", "elements": "str"},
        "exclusive_metrics": {"type": "bool", "default": False},
        "plugins": {
            "type": "list",
            "elements": "dict",
            "options": {
                "name": {"type": "str", "required": True},
                "src": {"type": "path"},
                "content": {"type": "str"},
                "value_type": {"type": "str", "choices": ["gauge", "derive"], "default": "gauge"},
                "unit": {"type": "str"},
                "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
                "redeploy": {"type": "str", "choices": ["changed", "always", "never"], "default": "changed"},
            },
        },
        "wait_for_stats": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
    }


def main():
    MonitoringModule().run()


if __name__ == "__main__":
    main()
