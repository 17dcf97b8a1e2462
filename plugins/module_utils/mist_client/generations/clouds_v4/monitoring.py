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
from ..plugin_ids import plugin_id
from . import parsing
from .paths import V1, at

#: where the server puts the code of plugins on a machine (R: scripts/controllers.py, deploy_python_plugin)
PLUGINS = "/opt/mistio/mist-telegraf/custom"
#: the status of a deploy that failed after the server had stored its script
LEAVES_SCRIPT = (400, 500, 503)
TEST_FAILED = re.compile(r"Test of read\(\) function failed.*?Error: *(.*\S)?", re.DOTALL)
#: what telegraf measures by itself; R but for those of recordings/4.7, metrics-of-machine
MEASUREMENTS = ("cpu", "disk", "diskio", "kernel", "mem", "net", "netstat", "processes", "swap", "system")


class Monitoring(base.Monitoring):
    #: R: disabling takes none from the machine
    remembers_metrics = True

    def list(self) -> List[MonitoredRecord]:
        return self.wire.record(parsing.monitored, "what is monitored", "GET", *V1, "monitoring")

    def enable(self, backend_id: str, machine: MachineRecord) -> MonitoringRecord:
        path = at(machine["id"], "monitoring")
        return self.wire.record(parsing.monitoring, "what monitoring needs", "POST", *path, body={"action": "enable"})

    def disable(self, backend_id: str, machine_id: str) -> None:
        # recorded with no_ssh alone; without it the agent is taken off the machine as well (R)
        self.wire.json("POST", *at(machine_id, "monitoring"), body={"action": "disable"})

    def get_stats(self, backend_id: str, machine_id: str, start: int, stop: int, step: int) -> dict[str, SeriesRecord]:
        """Times are recorded as so long ago (stats); at the least one ``step`` is asked for."""
        now = int(time.time())
        query = {"start": f"-{max(now - start, step)}sec", "step": f"{step}sec"}
        if stop < now:
            query["stop"] = f"-{now - stop}sec"
        return self.wire.by_id(parsing.series, "stats", "GET", *at(machine_id, "stats"), query=query)

    def list_metrics(self, backend_id: str, machine_id: str) -> dict[str, MetricRecord]:
        query = {"resource_type": "machine", "resource_id": machine_id}
        return self.wire.by_id(parsing.metric, "metrics", "GET", *V1, "metrics", query=query)

    def predict_metric(self, metric: MetricRecord) -> MetricRecord:
        """Lists of what can be added name it otherwise: recordings/4.7, metrics-of-machine and metric-associate.

        One that was ever renamed at the server has that name (R).
        """
        return {**metric, "name": metric["id"].replace(".", " ").capitalize()}

    def is_series_of(self, series_id: str, metric_id: str) -> bool:
        """The values of ``net.bytes_recv`` come as ``net.interface=eth0.bytes_recv``: recordings/4.7, stats.

        Those of ``derivative(dv.value)`` come as ``dv.value`` (R: influxdb/handlers.py, get_stats).
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
            if not _is_taken(error):
                raise
            if isinstance(error, Conflict):
                self._check_script_is_seen(machine_id, name, error)
            deployed = self._replace_plugin(machine_id, name, body)
        foreign = [metric_id for metric_id in deployed["metrics"] if not self.is_of_plugin(metric_id, name)]
        if foreign:
            self._take_off(machine_id, name, foreign)
            raise InvalidValue(
                f"The script of plugin {name!r} prints values of {join_words(foreign, 'and')}, and the plugin's id is"
                f" {plugin_id(name)!r}. So the plugin was removed again, but its code stays on the machine,"
                f" as {self.plugin_file(machine_id, name)}.",
                f"Let the script print lines such as: {plugin_id(name)} value=1.5. Or rename the plugin.",
            )
        return deployed

    def _replace_plugin(self, machine_id: str, name: str, body: Mapping[str, str]) -> PluginRecord:
        """Remove what is there and deploy anew, as in recordings/4.7, ec2p-redeploy-clean."""
        removed = self._take_off(machine_id, name)
        try:
            return self._post_plugin(machine_id, name, body)
        except MistError as error:
            error.done = [*removed, *error.done]
            raise

    def _check_script_is_seen(self, machine_id: str, name: str, error: Conflict) -> None:
        """Nobody owns the script of a plugin (recordings/4.7, plugin-scripts-list), so owners alone see it (R:
        scripts/methods.py, filter_list_scripts)."""
        script = script_name(name, machine_id)
        if script not in [each.name for each in self._scripts()]:
            error.hint = f"The user of this login cannot see the script {script!r}: ask an owner of the organisation."
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
                with suppress(MistError):  # then the next deploy is told that it is taken, and removes it
                    self._delete_scripts(machine_id, name)
            _explain(error, name)
            raise

    def _take_off(self, machine_id: str, name: str, metrics: Collection[str] = ()) -> List[str]:
        """Remove the script of a plugin and its metrics, also these ``metrics``: sentences that say what was removed.

        By their own endpoints, for undeploying is always a 500 (recordings/4.7, plugin-undeploy-good). The metrics go
        last, for they show that the plugin is there. ``done`` of an error holds the sentences.
        """
        removed: List[str] = []
        try:
            removed += self._delete_scripts(machine_id, name)
            for metric_id in self._custom_metric_ids(machine_id):
                if self.is_of_plugin(metric_id, name) or parsing.shown_metric(metric_id) in metrics:
                    with suppress(NotFound):  # somebody else removed it in the meantime
                        self.wire.json("DELETE", *at(machine_id, "metrics"), body={"metric_id": metric_id})
                    removed.append(f"remove metric {metric_id!r}")
        except MistError as error:
            error.done = [*removed, *error.done]
            raise
        return removed

    def _custom_metric_ids(self, machine_id: str) -> List[str]:
        return self.wire.record(
            lambda answer: parsing.custom_metric_ids(answer, machine_id), "what is monitored", "GET", *V1, "monitoring"
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
        self._take_off(machine_id, name)
        return {"metric_id": None, "metrics": [], "output": ""}

    def plugin_file(self, machine_id: str, name: str) -> str:
        return f"{PLUGINS}/{script_name(name, machine_id)}"

    def check_plugin(self, name: str, code: str) -> None:
        if plugin_id(name) in MEASUREMENTS:
            raise InvalidValue(
                f"The plugin name {name!r} has the id {plugin_id(name)!r}, as metrics of the agent itself have.",
                "Choose another name.",
            )
        if not code.startswith("#!") and not re.search(r"^def +read *\(", code, re.MULTILINE):
            raise InvalidValue(
                f"The code of plugin {name!r} is neither python code with a function read(), nor a script that begins"
                " with #!.",
                f"A script prints a line such as: {plugin_id(name)} value=1.5",
            )

    def plugin_metric(self, name: str) -> str:
        return f"{plugin_id(name)}.value"

    def is_of_plugin(self, metric_id: str, name: str) -> bool:
        """A metric is called ``measurement.field``, and the measurement of a plugin's script is its id."""
        return parsing.underived(metric_id).rpartition(".")[0] == plugin_id(name)

    def plugin_of(self, metric_id: str) -> str | None:
        found = parsing.PLUGIN_METRIC.fullmatch(metric_id)
        return found[1] if found else None

    def find_in_plugins(self, backend_id: str, machine_id: str, host: str, words: Mapping[str, str]) -> set[str] | None:
        """By the scripts that the server keeps of this machine's plugins, which are what was put there."""
        try:
            code = {script.name: script.code for script in self._scripts()}
        except (RequestFailed, NotMist):
            return None
        return {name for name, word in words.items() if word in code.get(script_name(name, machine_id), "")}

    def _scripts(self) -> List[parsing.Script]:
        return self.wire.list(parsing.script, *V1, "scripts")


def script_name(plugin: str, machine_id: str) -> str:
    """What a plugin's script is called, in letters, digits and ``_`` only (recordings/4.7, ec2p-deploy-dash).

    Two of one name cannot be (ec2p-redeploy), so that each machine has its own.
    """
    return f"{plugin_id(plugin)}_{machine_id[:8]}"


def _explain(error: RequestFailed, name: str) -> None:
    """Say what the machine said when it tried the code of a plugin."""
    failed = TEST_FAILED.search(error.text)
    if failed:
        said = snippet(failed[1].splitlines()[-1] if failed[1] else "").rstrip(".") or "it does not say why"
        error.message = f"{error.asked} answered {error.status}: the machine tried the code of plugin {name!r}"
        error.message += f", and it failed: {said}."
        error.hint = "Nothing of it was deployed."
        error.known = {"plugin_output": error.text}
    elif error.text.endswith("No computed series found in stdout"):
        error.hint = f"The code must print a line such as: {plugin_id(name)} value=1.5"


def _is_taken(error: RequestFailed) -> bool:
    """Whether there is a script, or on the machine a metric, of this name: recordings/4.7, ec2p-redeploy and
    plugin-redeploy-after-script-delete."""
    return isinstance(error, Conflict) or (error.status == 400 and error.text.endswith("already exists"))


def as_script(plugin: str, code: str) -> str:
    """Python code with a function ``read`` as what an agent runs: it prints lines of InfluxDB (R). A script stays."""
    if code.startswith("#!"):
        return code
    shown = f'if value is not None:\n    print("{plugin} value=" + str(float(value)))\n'
    return f"#!/usr/bin/env python3\n{code.rstrip()}\n\n\nvalue = read()\n{shown}"
