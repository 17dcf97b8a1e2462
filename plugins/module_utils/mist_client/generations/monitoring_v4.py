# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Monitoring and plugins of the ``clouds`` generation. Truth: recordings/4.7/CONTRACT.md; that a plugin works is R."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import Mapping

from ..errors import Conflict, InvalidValue, MistError, NotFound, NotMist, RequestFailed
from ..records import MachineRecord, MetricRecord, MonitoredRecord, MonitoringRecord, PluginRecord, SeriesRecord
from . import shapes_v4 as shapes
from .base import Generation
from .paths_v4 import V1, at
from .plugin_ids import plugin_id


class MonitoringV4(Generation):
    """The operations of ``Generation`` about monitoring; the others are of ``CloudsV4``."""

    #: R: disabling takes none from the machine
    remembers_metrics = True

    def list_monitored(self) -> list[MonitoredRecord]:
        return self._record(shapes.monitored, "what is monitored", "GET", *V1, "monitoring")

    def enable_monitoring(self, backend_id: str, machine: MachineRecord) -> MonitoringRecord:
        path = at(machine["id"], "monitoring")
        return self._record(shapes.monitoring, "what monitoring needs", "POST", *path, body={"action": "enable"})

    def disable_monitoring(self, backend_id: str, machine_id: str) -> None:
        # recorded with no_ssh alone; without it the agent is taken off the machine as well (R)
        self._json("POST", *at(machine_id, "monitoring"), body={"action": "disable"})

    def get_stats(self, backend_id: str, machine_id: str, start: int, stop: int, step: int) -> dict[str, SeriesRecord]:
        """Times are recorded as so long ago (stats); at the least one ``step`` is asked for."""
        now = int(time.time())
        query = {"start": f"-{max(now - start, step)}sec", "step": f"{step}sec"}
        if stop < now:
            query["stop"] = f"-{now - stop}sec"
        return self._by_id(shapes.series, "stats", "GET", *at(machine_id, "stats"), query=query)

    def list_metrics(self, backend_id: str, machine_id: str) -> dict[str, MetricRecord]:
        query = {"resource_type": "machine", "resource_id": machine_id}
        return self._by_id(shapes.metric, "metrics", "GET", *V1, "metrics", query=query)

    def foresee_metric(self, metric: MetricRecord) -> MetricRecord:
        """Lists of what can be added name it otherwise: recordings/4.7, metrics-of-machine and metric-associate.

        One that was ever renamed at the server has that name (R).
        """
        return {**metric, "name": metric["id"].replace(".", " ").capitalize()}

    def is_series_of(self, series_id: str, metric_id: str) -> bool:
        """The values of ``net.bytes_recv`` come as ``net.interface=eth0.bytes_recv``: recordings/4.7, stats."""
        measurement, _dot, column = metric_id.rpartition(".")
        is_of_device = series_id.startswith(f"{measurement}.") and series_id.endswith(f".{column}")
        return series_id == metric_id or (bool(measurement) and is_of_device)

    def add_metric(self, backend_id: str, machine_id: str, metric_id: str) -> MetricRecord | None:
        path = at(machine_id, "metrics")
        return self._record(shapes.added_metric, "a metric", "PUT", *path, body={"metric_id": metric_id})

    def remove_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None:
        path = at(machine_id, "metrics")
        try:
            self._json("DELETE", *path, body={"metric_id": metric_id})
        except NotFound:
            if not self.plugin_of(metric_id):
                raise
            self._json("DELETE", *path, body={"metric_id": shapes.DERIVED.format(metric_id)})

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
            return self._put_plugin(machine_id, name, body)
        except RequestFailed as error:
            if not _is_taken(error):
                raise
        self._forget_script(machine_id, name)
        with suppress(NotFound):
            self.remove_metric(backend_id, machine_id, self.plugin_metric(name))
        return self._put_plugin(machine_id, name, body)

    def _put_plugin(self, machine_id: str, name: str, body: Mapping[str, str]) -> PluginRecord:
        try:
            path = at(machine_id, "plugins", script_name(name, machine_id))
            return self._record(shapes.plugin, "a plugin", "POST", *path, body=body)
        except RequestFailed as error:
            if not _is_taken(error):  # the server keeps the script that did not run: recordings/4.7, scripts-empty
                self._forget_script(machine_id, name)
            raise

    def _forget_script(self, machine_id: str, name: str) -> None:
        """If it cannot be, then the next deploy says so."""
        with suppress(MistError):
            for script in self._scripts():
                if script.name == script_name(name, machine_id):
                    self._done("DELETE", *V1, "scripts", script.id)

    def remove_plugin(self, backend_id: str, machine_id: str, host: str, name: str) -> PluginRecord:
        path = at(machine_id, "plugins", script_name(name, machine_id))
        removed = self._record(shapes.removed_plugin, "a plugin", "DELETE", *path, body={"plugin_type": "python"})
        self._forget_script(machine_id, name)
        return removed

    def check_plugin(self, name: str, code: str) -> None:
        plugin_id(name)
        if not code.startswith("#!") and not re.search(r"^def +read *\(", code, re.MULTILINE):
            raise InvalidValue(
                f"The code of plugin {name!r} is neither python code with a function read(), nor a script that begins"
                " with #!.",
                f"A script prints a line such as: {plugin_id(name)} value=1.5",
            )

    def plugin_metric(self, name: str) -> str:
        return f"{plugin_id(name)}.value"

    def plugin_of(self, metric_id: str) -> str | None:
        found = shapes.PLUGIN_METRIC.fullmatch(metric_id)
        return found[1] if found else None

    def find_in_plugins(self, backend_id: str, machine_id: str, host: str, words: Mapping[str, str]) -> set[str] | None:
        """By the scripts that the server keeps of this machine's plugins, which are what was put there."""
        try:
            code = {script.name: script.code for script in self._scripts()}
        except (RequestFailed, NotMist):
            return None
        return {name for name, word in words.items() if word in code.get(script_name(name, machine_id), "")}

    def _scripts(self) -> list[shapes.Script]:
        return self._list(shapes.script, *V1, "scripts")


def script_name(plugin: str, machine_id: str) -> str:
    """What a plugin's script is called: two of one name cannot be, so that each machine has its own (R)."""
    return f"{plugin_id(plugin)}-{machine_id[:8]}"


def _is_taken(error: RequestFailed) -> bool:
    """Whether there is a script, or on the machine a metric, of this name (R)."""
    return isinstance(error, Conflict) or (error.status == 400 and error.text.endswith("already exists"))


def as_script(plugin: str, code: str) -> str:
    """Python code with a function ``read`` as what an agent runs: it prints lines of InfluxDB (R). A script stays."""
    if code.startswith("#!"):
        return code
    shown = f'if value is not None:\n    print("{plugin} value=" + str(float(value)))\n'
    return f"#!/usr/bin/env python3\n{code.rstrip()}\n\n\nvalue = read()\n{shown}"
