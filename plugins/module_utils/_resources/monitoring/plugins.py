# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins that a task wants: python code of the user's own, each a metric. Also how deployed code is known again.

No server tells the code of a plugin. So a comment goes along behind the code, with a mark made of the code and its
value type, and what Mist finds of that in the plugin's file on the machine tells what was deployed there last.
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
    """A plugin that is wanted, or wanted away: then ``code`` is None. ``unit`` is None when it does not matter."""

    name: str
    metric_id: str
    code: str | None
    value_type: str
    unit: str | None
    redeploy: str

    @property
    def mark(self) -> str:
        """64 letters and digits that no other code and value type has."""
        return hashlib.sha256(f"{self.value_type}\0{self.code}".encode()).hexdigest()

    @property
    def marked_code(self) -> str:
        """What is deployed."""
        return f"{self.code}\n# mistio.cloud: {self.mark}\n"

    def metrics(self, ids: Sequence[str], before: Sequence[MetricRecord]) -> list[MetricRecord]:
        """Its metrics once it is deployed; without a unit of its own they keep the one that they had ``before``."""
        unit = self.unit if self.unit is not None else next((metric["unit"] for metric in before), "")
        return [{"id": metric_id, "name": self.name, "unit": unit} for metric_id in ids]


def plugins_of(api: Generation, options: Sequence[PluginOption]) -> list[Plugin]:
    """The plugins that the options tell of; InvalidValue when one of them cannot be."""
    plugins = [plugin_of(api, each) for each in options]
    ids = [plugin.metric_id for plugin in plugins]
    doubles = [plugin.name for plugin in plugins if ids.count(plugin.metric_id) > 1]
    if doubles:
        raise InvalidValue(f"The plugins {join_words(map(repr, doubles), 'and')} are one and the same to the server.")
    return plugins


def plugin_of(api: Generation, option: PluginOption) -> Plugin:
    name, code = option["name"], None
    metric_id = api.monitoring.plugin_metric(name)
    if option["state"] == "present":
        code = code_of(option)
        api.monitoring.check_plugin(name, code)
    return Plugin(name, metric_id, code, option["value_type"], option["unit"], option["redeploy"])


def code_of(option: PluginOption) -> str:
    """The code of a plugin that is to be there, from the one place that the option names."""
    name, src, content = option["name"], option["src"], option["content"]
    if (src is None) == (content is None):
        raise InvalidValue(f"Plugin {name!r} has both src and content, or none of them.", "Give one of them.")
    if src is None:
        return str(content)
    try:
        with open(src, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise InvalidValue(f"The src of plugin {name!r}, {src}, cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidValue(f"The src of plugin {name!r}, {src}, is no python code: it is not UTF-8.") from error


def is_as_wanted(plugin: Plugin, metrics: Sequence[MetricRecord], found: Collection[str] | None) -> bool:
    """Whether a plugin that is to be there, with these ``metrics`` of it, need not be deployed.

    ``found`` are the names of those whose code is on the machine; None when that cannot be known: then it is deployed.
    """
    if not metrics or plugin.redeploy == "always":
        return False
    if plugin.redeploy == "never":
        return True
    return plugin.name in (found or ()) and all(plugin.unit in (None, metric["unit"]) for metric in metrics)
