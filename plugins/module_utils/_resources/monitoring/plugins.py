# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins of a task: Python code of the user that computes a metric. Also how deployed code is recognized.

The deployed code ends with a comment that holds a digest of the code and its value type. The next run searches for that
comment: on servers of 2014 in the plugin's file on the machine, on later servers in the stored script.
"""

from __future__ import annotations

import hashlib
from typing import Collection, NamedTuple, Sequence, TypedDict

from ...mist_client.errors import InvalidValue
from ...mist_client.generations.base import Generation
from ...mist_client.records import MetricRecord
from ...mist_client.wording import join_words


class PluginOption(TypedDict, total=False):
    """An item of the option plugins of mist_monitoring."""

    name: str
    src: str | None
    content: str | None
    value_type: str
    unit: str | None
    state: str
    redeploy: str


class Plugin(NamedTuple):
    """A plugin of a task. ``code`` is None if it must be absent. ``unit`` is None if any unit is accepted."""

    name: str
    metric_id: str
    code: str | None
    value_type: str
    unit: str | None
    redeploy: str

    @property
    def mark(self) -> str:
        """A digest of the code and the value type."""
        return hashlib.sha256(f"{self.value_type}\0{self.code}".encode()).hexdigest()

    @property
    def marked_code(self) -> str:
        """The code that is deployed, with the mark."""
        return f"{self.code}\n# mistio.cloud: {self.mark}\n"

    def metrics(self, ids: Sequence[str], before: Sequence[MetricRecord]) -> list[MetricRecord]:
        """Its metrics after the deployment. Without a unit of its own they keep the unit from ``before``."""
        unit = self.unit if self.unit is not None else next((metric["unit"] for metric in before), "")
        return [{"id": metric_id, "name": self.name, "unit": unit} for metric_id in ids]


def plugins_of(api: Generation, options: Sequence[PluginOption]) -> list[Plugin]:
    """The plugins of the options. Raises InvalidValue if one of them is invalid."""
    plugins = [plugin_of(api, option) for option in options]
    ids = [plugin.metric_id for plugin in plugins]
    duplicates = [plugin.name for plugin in plugins if ids.count(plugin.metric_id) > 1]
    if duplicates:
        raise InvalidValue(
            f"The plugins {join_words(map(repr, duplicates), 'and')} have the same id on the server.",
            "Rename one of them.",
        )
    return plugins


def plugin_of(api: Generation, option: PluginOption) -> Plugin:
    name, code = option["name"], None
    metric_id = api.monitoring.plugin_metric(name)
    if option["state"] == "present":
        code = code_of(option)
        api.monitoring.check_plugin(name, code)
    return Plugin(name, metric_id, code, option["value_type"], option["unit"], option["redeploy"])


def code_of(option: PluginOption) -> str:
    """The code of a plugin with state=present, from ``src`` or ``content``."""
    name, src, content = option["name"], option["src"], option["content"]
    if (src is None) == (content is None):
        raise InvalidValue(f"Plugin {name!r} must have either src or content.")
    if src is None:
        return str(content)
    try:
        with open(src, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise InvalidValue(f"src of plugin {name!r} cannot be read: {src}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidValue(f"src of plugin {name!r} is not Python code: {src} is not UTF-8.") from error


def is_as_wanted(plugin: Plugin, metrics: Sequence[MetricRecord], found: Collection[str] | None) -> bool:
    """Whether a plugin with state=present, which has these ``metrics``, is already deployed as wanted.

    ``found`` holds the names of the plugins whose wanted code is deployed. None if this is unknown; then the plugin
    must be deployed.
    """
    if not metrics or plugin.redeploy == "always":
        return False
    if plugin.redeploy == "never":
        return True
    return plugin.name in (found or ()) and all(plugin.unit in (None, metric["unit"]) for metric in metrics)
