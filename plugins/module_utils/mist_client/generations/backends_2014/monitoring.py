# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Monitoring, metrics and plugins of servers of 2014. Source: recordings/2014/CONTRACT.md 2."""

from __future__ import annotations

import re
from typing import List, Mapping

from ...errors import (
    InvalidValue,
    NotMist,
    RequestFailed,
)
from ...records import (
    MachineRecord,
    MetricRecord,
    MonitoredRecord,
    MonitoringRecord,
    PluginRecord,
    SeriesRecord,
)
from .. import base
from ..monitoring_plugins import explain_failed_test, plugin_id
from ..parsing import metric
from . import parsing
from .hints import CORE_LOGIN
from .paths import at

#: the directory of plugin code on a machine (not recorded; read in the source of the server's deploy script)
PLUGINS = "/opt/mistio-collectd/plugins/mist-python"


class Monitoring(base.Monitoring):
    def list(self) -> List[MonitoredRecord]:
        try:
            return self.wire.record(parsing.monitored, "a list of monitored machines", "GET", "monitoring")
        except RequestFailed as error:
            # the same answer means no authentication or a failure of core: [monitoring.list.before_auth, .core_error]
            if (error.status, error.text) == (503, "Service unavailable"):
                error.hint = f"{CORE_LOGIN} If they are set, the server's core service may be down. Try again later."
            elif error.status == 500:
                error.hint = "The server cannot reach its core service, which provides monitoring."
            raise

    def enable(self, backend_id: str, machine: MachineRecord) -> MonitoringRecord:
        body = {
            "action": "enable",
            "name": machine["name"],
            "public_ips": machine["public_ips"] or machine["private_ips"],  # Mist logs in at the first one
            "dns_name": machine["dns_name"] or "n/a",
        }
        return self.wire.record(
            parsing.monitoring,
            "a result of enabling monitoring",
            "POST",
            *at(backend_id, machine["id"], "monitoring"),
            body=body,
        )

    def disable(self, backend_id: str, machine_id: str) -> None:
        self.wire.json("POST", *at(backend_id, machine_id, "monitoring"), body={"action": "disable"})

    def get_stats(self, backend_id: str, machine_id: str, start: int, stop: int, step: int) -> dict[str, SeriesRecord]:
        # the server only reads the range from the query string: recordings/2014/CONTRACT.md 4.20
        query = {"start": start, "stop": stop, "step": step}
        return self.wire.by_id(parsing.series, "stats", "GET", *at(backend_id, machine_id, "stats"), query=query)

    def list_metrics(self, backend_id: str, machine_id: str) -> dict[str, MetricRecord]:
        return self.wire.by_id(metric, "metrics", "GET", *at(backend_id, machine_id, "metrics"))

    def add_metric(self, backend_id: str, machine_id: str, metric_id: str) -> MetricRecord | None:
        self.wire.json("PUT", *at(backend_id, machine_id, "metrics"), body={"metric_id": metric_id})
        return None

    def remove_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None:
        self.wire.json("DELETE", *at(backend_id, machine_id, "metrics"), body={"metric_id": metric_id})

    def deploy_plugin(
        self, backend_id: str, machine_id: str, host: str, name: str, code: str, value_type: str, unit: str
    ) -> PluginRecord:
        body = {
            "plugin_type": "python",
            "name": name,
            "read_function": code,
            "value_type": value_type,
            "unit": unit,
            "host": host,
        }
        path = at(backend_id, machine_id, "plugins", plugin_id(name))
        try:
            deployed = self.wire.record(parsing.plugin, "a plugin", "POST", *path, body=body)
            # read in the server's source: it restarts the agent only for a new import, so the old code would keep
            # running
            if "already imported" in deployed["output"]:
                self.remove_plugin(backend_id, machine_id, host, name)
                deployed = self.wire.record(parsing.plugin, "a plugin", "POST", *path, body=body)
        except RequestFailed as error:
            if parsing.PLUGIN_FAILED in error.text:
                explain_failed_test(error, name, parsing.last_line(error.text))
            raise
        return deployed

    def remove_plugin(self, backend_id: str, machine_id: str, host: str, name: str) -> PluginRecord:
        path = at(backend_id, machine_id, "plugins", plugin_id(name))
        body = {"plugin_type": "python", "host": host}
        removed = self.wire.record(parsing.plugin, "a plugin", "DELETE", *path, body=body)
        # the server does not remove its metric: recordings/2014/CONTRACT.md 2
        return {**removed, "metrics": [self.plugin_metric(name)]}

    def check_plugin(self, name: str, code: str) -> None:
        plugin_id(name)
        # the syntax is not checked: it depends on the Python of the machine, which tests the code before it is deployed
        if not re.search(r"^def +read *\(", code, re.MULTILINE) or "\0" in code:
            raise InvalidValue(
                f"Invalid code of plugin {name!r}: it must be Python code that defines a function read().",
                "The server calls read() without arguments. It must return a number.",
            )

    def plugin_metric(self, name: str) -> str:
        return parsing.deployed_metric(plugin_id(name))

    def plugin_of(self, metric_id: str) -> str | None:
        return parsing.deployed_plugin(metric_id)

    def find_in_plugins(self, backend_id: str, machine_id: str, host: str, words: Mapping[str, str]) -> set[str] | None:
        command = "; ".join(
            f"$(command -v sudo) grep -o {word} {PLUGINS}/{plugin_id(name)}.py" for name, word in words.items()
        )
        query = {"command": command, "command_id": "mist_client", "host": host}
        shell = self.wire.transport.address(*at(backend_id, machine_id, "shell"))
        try:
            page = self.wire.transport.exchange("GET", shell, query=query).text
        except (RequestFailed, NotMist):  # Mist cannot log in, or the server has no shell
            return None
        return {name for name, word in words.items() if word in page}
