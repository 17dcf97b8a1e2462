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
  - Enables and disables the monitoring of a machine, adds metrics to it and removes them, and deploys plugins of your
    own as further metrics.
  - When monitoring is enabled, Mist logs in to the machine in the background, with a key that it knows to be there, and
    installs an agent.
  - A server of the generation V(backends) that is not hosted by Mist itself does its monitoring with the help of one
    that is. So there O(mist_email) and O(mist_password) are needed also where nothing else needs them.
  - Costs two requests when there is nothing to change, one more when the backend is given by its title, and one more to
    look at the code of plugins.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  check_mode:
    support: full
    details:
      - What an earlier task of the same run would only add is not there in check mode, and the task fails.
      - While monitoring is yet to be enabled nobody knows which metrics there will be, so check mode takes each of
        O(metrics) for an id that there is.
      - Servers of the generation V(clouds) remember the metrics that a machine had. They are seen once it is enabled,
        so check mode does not foretell them.
      - Which metrics a script of O(plugins[].content) feeds is seen once it is deployed. Check mode predicts one, whose
        field is C(value).
      - To look at the code of plugins, servers of the generation V(backends) log in to the machine in check mode too.
  idempotent:
    support: partial
    details:
      - A plugin with O(plugins[].redeploy=always) is deployed each time, and one whose code Mist cannot look at.
options:
  backend:
    description:
      - The backend of the machine, by id or title. By id it saves a request.
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
      - V(present) and V(enabled) both mean that the machine is monitored, V(absent) and V(disabled) that it is not.
      - Servers of the generation V(clouds) remember the metrics of a machine, and it has them again when it is enabled
        again; of these, O(exclusive_metrics) removes the others right away.
      - To be enabled, a machine must run.
    type: str
    choices: [present, enabled, absent, disabled]
    default: present
  metrics:
    description:
      - Metrics that the machine is to have, each by id or by its whole name. The built-in ones are always there.
      - On servers of the generation V(clouds) a metric such as V(system.load5) has another name once it was added. Both
        names will do. On servers of the generation V(backends) metrics have other ids, such as V(users).
      - RV(mistio.cloud.mist_monitoring_info#module:machines[].available_metrics) lists those that there are.
      - A machine that is only now being enabled gets them once its first data have come. They are waited for, as long
        as O(wait_timeout).
    type: list
    elements: str
  exclusive_metrics:
    description:
      - Whether to remove all other metrics that were added, and all plugins but those of O(plugins).
    type: bool
    default: false
  plugins:
    description:
      - Python code of your own that Mist puts on the machine, each a metric. Others are left alone.
      - The machine tries the code before it is deployed. If it raises, or returns something that is no number, the task
        fails with what the server tells of it.
      - The code is shown at high verbosity. Set C(no_log=true) on the task if it holds secrets.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the plugin and of its metric.
          - Its letters and digits make its id, with V(_) for all else. V(Disk usage!) has the id V(disk_usage), and the
            metric V(mist.python.disk_usage); V(disk_usage.value) on servers of the generation V(clouds).
          - On servers of the generation V(clouds) the id must not be one of the agent's own, such as V(cpu) or V(mem).
        type: str
        required: true
      src:
        description:
          - A file with the code, on the host where the module runs.
        type: path
      content:
        description:
          - The code itself. It has a function C(read) without arguments that returns a number, or None for no value.
          - On servers of the generation V(clouds) there must be a value when it is tried, and the code may also be any
            script that begins with C(#!) and prints lines such as C(disk_usage value=1.5). The first word of each line
            must be the id of the plugin.
          - Each field of a line is a metric. C(disk_usage used=1,free=2) makes V(disk_usage.used) and
            V(disk_usage.free).
        type: str
      value_type:
        description:
          - V(gauge) shows what C(read) returns, V(derive) how fast that grows in a second.
        type: str
        choices: [gauge, derive]
        default: gauge
      unit:
        description:
          - What it is measured in, such as V(GB). It is one for all machines that have this plugin.
          - Unless given it stays as it is.
        type: str
      state:
        description:
          - Whether it is to be there.
          - Servers of the generation V(clouds) cannot remove the code from the machine, where the agent goes on running
            it. A warning names the file to delete there.
        type: str
        choices: [present, absent]
        default: present
      redeploy:
        description:
          - When to deploy it again on a machine that has its metric.
          - V(changed) when its code or O(plugins[].value_type) is not what was last deployed there, or when
            O(plugins[].unit) is another one. The code goes with a comment behind it that holds a checksum, and Mist
            logs in to the machine and looks for that. When Mist cannot, or when the code was deployed by other means,
            it is deployed. Servers of the generation V(clouds) keep the code as a script, and it is looked up there.
            Only owners of the organisation can see that script.
          - Servers of the generation V(clouds) deploy no plugin twice. So the old script and its metrics are removed
            first. If the new code then fails, they are gone, and the error says so.
          - V(never) does not look, and V(always) does not need to.
        type: str
        choices: [changed, always, never]
        default: changed
  wait_for_stats:
    description:
      - Whether to wait until each of O(metrics) and O(plugins) has values, or any metric if none is given.
    type: bool
    default: false
  wait_timeout:
    description:
      - How many seconds to wait for data. Then the task fails; run again, it goes on.
    type: int
    default: 600
notes:
  - A server of the generation V(clouds) keeps its values in InfluxDB, unless it was told to use VictoriaMetrics. There
    the metrics of plugins have other ids, and O(plugins) has not been tried.
seealso:
  - module: mistio.cloud.mist_monitoring_info
  - module: mistio.cloud.mist_machine
"""

EXAMPLES = r"""
- name: Monitor a machine, and wait until its data come
  mistio.cloud.mist_monitoring:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backend: our-openstack
    machine: web1
    wait_for_stats: true

- name: Have these metrics and a plugin, and no others
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

- name: Take a plugin off
  mistio.cloud.mist_monitoring:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backend: our-openstack
    machine: web1
    plugins:
      - name: Requests
        state: absent

- name: Do not monitor a machine any more
  mistio.cloud.mist_monitoring:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_api_token }}"
    backend: our-openstack
    machine: web1
    state: absent
"""

RETURN = r"""
monitoring:
  description: The monitoring of the machine, or as it would be in check mode. Null when there is no such machine.
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
plugin_output:
  description: What the machine said when it tried the code of a plugin.
  returned: when that failed
  type: str
actions:
  description: What was done, or would be done in check mode, a sentence each.
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
