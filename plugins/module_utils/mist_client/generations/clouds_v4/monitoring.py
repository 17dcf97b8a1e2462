# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Monitoring, metrics and plugins of servers of 2016 and later. Source: recordings/4.7/CONTRACT.md, CONTRACT-2.md 1."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import Collection, List, Mapping

from ...errors import (
    Conflict,
    InvalidValue,
    MistError,
    NotFound,
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
from ...wording import join_words, snippet
from .. import base
from ..monitoring_plugins import explain_failed_test, plugin_id
from ..parsing import metric
from . import parsing
from .paths import V1, at

#: the directory of plugin code on a machine (read in the server's source: scripts/controllers.py,
#: deploy_python_plugin)
PLUGINS = "/opt/mistio/mist-telegraf/custom"
#: the status of a failed deploy after which the server keeps the script
LEAVES_SCRIPT = (400, 500, 503)
TEST_FAILED = re.compile(r"Test of read\(\) function failed.*?Error: *(.*\S)?", re.DOTALL)
#: the measurements of telegraf itself. Some are recorded (recordings/4.7, metrics-of-machine), the others are read in
#: the server's source
MEASUREMENTS = ("cpu", "disk", "diskio", "kernel", "mem", "net", "netstat", "processes", "swap", "system")


class Monitoring(base.Monitoring):
    #: read in the server's source: disabling monitoring removes no metrics
    remembers_metrics = True

    def list(self) -> List[MonitoredRecord]:
        return self.wire.record(parsing.monitored, "a list of monitored machines", "GET", *V1, "monitoring")

    def enable(self, backend_id: str, machine: MachineRecord) -> MonitoringRecord:
        path = at(machine["id"], "monitoring")
        return self.wire.record(
            parsing.monitoring, "a result of enabling monitoring", "POST", *path, body={"action": "enable"}
        )

    def disable(self, backend_id: str, machine_id: str) -> None:
        # only recorded with no_ssh. Read in the server's source: without it, the agent is uninstalled too
        self.wire.json("POST", *at(machine_id, "monitoring"), body={"action": "disable"})

    def get_stats(self, backend_id: str, machine_id: str, start: int, stop: int, step: int) -> dict[str, SeriesRecord]:
        """Times are sent relative to now, as ``start`` is in [stats]. The range is at least one ``step``.

        Assumed: ``stop`` has the same form. It was not recorded.
        """
        now = int(time.time())
        query = {"start": f"-{max(now - start, step)}sec", "step": f"{step}sec"}
        if stop < now:
            query["stop"] = f"-{now - stop}sec"
        return self.wire.by_id(parsing.series, "stats", "GET", *at(machine_id, "stats"), query=query)

    def list_metrics(self, backend_id: str, machine_id: str) -> dict[str, MetricRecord]:
        query = {"resource_type": "machine", "resource_id": machine_id}
        return self.wire.by_id(metric, "metrics", "GET", *V1, "metrics", query=query)

    def predict_metric(self, metric: MetricRecord) -> MetricRecord:
        """The list of available metrics has other names: recordings/4.7, metrics-of-machine and metric-associate.

        Read in the server's source: a metric that was renamed keeps that name.
        """
        return {**metric, "name": metric["id"].replace(".", " ").capitalize()}

    def is_series_of(self, series_id: str, metric_id: str) -> bool:
        """The series of ``net.bytes_recv`` is ``net.interface=eth0.bytes_recv``: recordings/4.7, stats.

        That of ``derivative(dv.value)`` is ``dv.value`` (read in the server's source: influxdb/handlers.py, get_stats).
        """
        inner = parsing.underived(metric_id)
        measurement, _dot, column = inner.rpartition(".")
        is_of_device = series_id.startswith(f"{measurement}.") and series_id.endswith(f".{column}")
        return series_id in (metric_id, inner) or (bool(measurement) and is_of_device)

    def add_metric(self, backend_id: str, machine_id: str, metric_id: str) -> MetricRecord | None:
        path = at(machine_id, "metrics")
        return self.wire.record(parsing.added_metric, "a metric", "PUT", *path, body={"metric_id": metric_id})

    def remove_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None:
        path = at(machine_id, "metrics")
        try:
            self.wire.json("DELETE", *path, body={"metric_id": metric_id})
        except NotFound:
            if not self.plugin_of(metric_id):
                raise
            self.wire.json("DELETE", *path, body={"metric_id": parsing.DERIVED.format(metric_id)})

    def deploy_plugin(
        self, backend_id: str, machine_id: str, host: str, name: str, code: str, value_type: str, unit: str
    ) -> PluginRecord:
        self.check_plugin(name, code)
        body = {
            "plugin_type": "python",
            "name": name,
            "read_function": as_script(plugin_id(name), code),
            "value_type": value_type,
            "unit": unit,
        }
        try:
            deployed = self._post_plugin(machine_id, name, body)
        except RequestFailed as error:
            if not _is_duplicate(error):
                raise
            if isinstance(error, Conflict):
                self._check_script_is_listed(machine_id, name, error)
            deployed = self._replace_plugin(machine_id, name, body)
        foreign = [metric_id for metric_id in deployed["metrics"] if not self.is_of_plugin(metric_id, name)]
        if foreign:
            self._remove(machine_id, name, foreign)
            raise InvalidValue(
                f"Invalid script of plugin {name!r}: it prints values of {join_words(foreign, 'and')}, but the plugin's"
                f" id is {plugin_id(name)!r}. The plugin was removed again, but its code stays on the machine, as"
                f" {self.plugin_file(machine_id, name)}.",
                f"Change the script to print lines such as: {plugin_id(name)} value=1.5. Or rename the plugin.",
            )
        return deployed

    def _replace_plugin(self, machine_id: str, name: str, body: Mapping[str, str]) -> PluginRecord:
        """Remove the existing plugin and deploy it again, as in recordings/4.7, ec2p-redeploy-clean."""
        removed = self._remove(machine_id, name)
        try:
            return self._post_plugin(machine_id, name, body)
        except MistError as error:
            error.done = [*removed, *error.done]
            raise

    def _check_script_is_listed(self, machine_id: str, name: str, error: Conflict) -> None:
        """The script of a plugin has no owner (recordings/4.7, plugin-scripts-list), so only owners of the organization
        can list it (read in the server's source: scripts/methods.py, filter_list_scripts)."""
        script = script_name(name, machine_id)
        if script not in [listed.name for listed in self._scripts()]:
            error.hint = (
                f"The user does not have permission to list the script {script!r}. Ask an owner of the organization."
            )
            raise error

    def _post_plugin(self, machine_id: str, name: str, body: Mapping[str, str]) -> PluginRecord:
        path = at(machine_id, "plugins", script_name(name, machine_id))
        try:
            return self.wire.record(
                lambda answer: parsing.plugin(answer, body["value_type"]), "a plugin", "POST", *path, body=body
            )
        except RequestFailed as error:
            # the server keeps the script: recordings/4.7, plugin-deploy-failing-again
            if error.status in LEAVES_SCRIPT:
                with suppress(MistError):  # otherwise the next deploy fails as a duplicate, and removes it
                    self._delete_scripts(machine_id, name)
            _explain(error, name)
            raise

    def _remove(self, machine_id: str, name: str, metrics: Collection[str] = ()) -> List[str]:
        """Remove the script of a plugin and its metrics, and also ``metrics``. Returns a sentence for each removal.

        Uses separate endpoints, because the server always answers 500 to an undeploy (recordings/4.7,
        plugin-undeploy-good). The metrics are removed last, because they show that the plugin exists. ``done`` of an
        error contains the sentences.
        """
        removed: List[str] = []
        try:
            removed += self._delete_scripts(machine_id, name)
            for metric_id in self._custom_metric_ids(machine_id):
                if self.is_of_plugin(metric_id, name) or parsing.shown_metric(metric_id) in metrics:
                    with suppress(NotFound):  # another client removed it in the meantime
                        self.wire.json("DELETE", *at(machine_id, "metrics"), body={"metric_id": metric_id})
                    removed.append(f"remove metric {metric_id!r}")
        except MistError as error:
            error.done = [*removed, *error.done]
            raise
        return removed

    def _custom_metric_ids(self, machine_id: str) -> List[str]:
        return self.wire.record(
            lambda answer: parsing.custom_metric_ids(answer, machine_id),
            "a list of monitored machines",
            "GET",
            *V1,
            "monitoring",
        )

    def _delete_scripts(self, machine_id: str, name: str) -> List[str]:
        deleted = []
        for script in self._scripts():
            if script.name == script_name(name, machine_id):
                with suppress(NotFound):
                    self.wire.done("DELETE", *V1, "scripts", script.id)
                deleted.append(f"delete script {script.name!r}")
        return deleted

    def remove_plugin(self, backend_id: str, machine_id: str, host: str, name: str) -> PluginRecord:
        self._remove(machine_id, name)
        return {"metric_id": None, "metrics": [], "output": ""}

    def plugin_file(self, machine_id: str, name: str) -> str:
        return f"{PLUGINS}/{script_name(name, machine_id)}"

    def check_plugin(self, name: str, code: str) -> None:
        if plugin_id(name) in MEASUREMENTS:
            raise InvalidValue(
                f"Invalid plugin name {name!r}: its id {plugin_id(name)!r} is reserved for metrics of the agent.",
                "Choose another name.",
            )
        if not code.startswith("#!") and not re.search(r"^def +read *\(", code, re.MULTILINE):
            raise InvalidValue(
                f"Invalid code of plugin {name!r}: it must be Python code that defines a function read(), or a script"
                " that begins with #!.",
                f"A script must print a line such as: {plugin_id(name)} value=1.5",
            )

    def plugin_metric(self, name: str) -> str:
        return f"{plugin_id(name)}.value"

    def is_of_plugin(self, metric_id: str, name: str) -> bool:
        """The id of a metric is ``measurement.field``. The measurement of a plugin is the plugin's id."""
        return parsing.underived(metric_id).rpartition(".")[0] == plugin_id(name)

    def plugin_of(self, metric_id: str) -> str | None:
        found = parsing.PLUGIN_METRIC.fullmatch(metric_id)
        return found[1] if found else None

    def find_in_plugins(self, backend_id: str, machine_id: str, host: str, words: Mapping[str, str]) -> set[str] | None:
        """Searches the scripts of the plugins on the server, which are equal to those on the machine."""
        try:
            code = {script.name: script.code for script in self._scripts()}
        except (RequestFailed, NotMist):
            return None
        return {name for name, word in words.items() if word in code.get(script_name(name, machine_id), "")}

    def _scripts(self) -> List[parsing.Script]:
        return self.wire.list(parsing.script, *V1, "scripts")


def script_name(plugin: str, machine_id: str) -> str:
    """The name of a plugin's script, with only letters, digits and ``_`` (recordings/4.7, ec2p-deploy-dash).

    It includes the machine, because the names of scripts are unique on the server (ec2p-redeploy).
    """
    return f"{plugin_id(plugin)}_{machine_id[:8]}"


def _explain(error: RequestFailed, name: str) -> None:
    """Add the output of a plugin's test run on the machine to the error."""
    failed = TEST_FAILED.search(error.text)
    if failed:
        reason = snippet(failed[1].splitlines()[-1] if failed[1] else "").rstrip(".") or "no reason given"
        explain_failed_test(error, name, reason)
    elif error.text.endswith("No computed series found in stdout"):
        error.hint = f"The code must print a line such as: {plugin_id(name)} value=1.5"


def _is_duplicate(error: RequestFailed) -> bool:
    """Whether a script, or a metric of the machine, with this name already exists: recordings/4.7, ec2p-redeploy and
    plugin-redeploy-after-script-delete."""
    return isinstance(error, Conflict) or (error.status == 400 and error.text.endswith("already exists"))


def as_script(plugin: str, code: str) -> str:
    """A script for the agent: runs the function ``read`` of ``code`` and prints its value.

    If ``code`` is already a script, it is returned unchanged.

    Read in the server's source: the agent parses the output as the line protocol of InfluxDB.
    """
    if code.startswith("#!"):
        return code
    output = f'if value is not None:\n    print("{plugin} value=" + str(float(value)))\n'
    return f"#!/usr/bin/env python3\n{code.rstrip()}\n\n\nvalue = read()\n{output}"
