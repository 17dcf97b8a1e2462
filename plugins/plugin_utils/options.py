# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a plugin that runs on the controller: checked and rendered."""

from __future__ import annotations

import os
from typing import Any, Iterable, Mapping

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.release import __version__

from ..module_utils._argspec import CONNECTION, connect
from ..module_utils._masking import keep_secret
from ..module_utils.mist_client import MissingLibrary, MistClient, MistError
from ..module_utils.mist_client.wording import did_you_mean, nearest


def client_of(plugin: Any) -> MistClient:
    """A read-only client for the server of the plugin's options."""
    options = {name: plugin.get_option(name) for name in CONNECTION}
    for name, spec in CONNECTION.items():
        # `secret: true` in the documentation would do this, but validate-modules before ansible-core 2.19 refuses it
        if spec.get("no_log") and options[name]:
            keep_secret(options[name])
    if plugin.has_option("workers"):
        options["workers"] = plugin.get_option("workers")
    return connect(options, read_only=True, core_version=__version__)


def format_error(error: MistError) -> str:
    """The error as text. For a missing library it names the Python interpreter."""
    return missing_required_lib(error.package) if isinstance(error, MissingLibrary) else str(error)


def refuse_unknown(given: Iterable[str], known: Mapping[str, Any]) -> None:
    """Raises AnsibleParserError for an unknown option. ansible-core would ignore it."""
    names = {name for option, spec in known.items() for name in [option, *_aliases(spec)]}
    for option in given:
        if option not in names:
            close = nearest(str(option), names)
            hint = did_you_mean(close) or f" Options are: {', '.join(sorted(names))}."
            raise AnsibleParserError(f"Unknown option {option!r}.{hint}")


def rendered(templar: Any, given: Mapping[str, Any], expressions: Iterable[str]) -> dict[str, Any]:
    """The options of a file with their templates rendered, except ``expressions``: they are rendered for each host.

    Only for values that the user wrote, never for values from the environment or from a server.
    """
    result = {}
    for option, value in given.items():
        try:
            result[option] = value if option in expressions else templar.template(value)
        except AnsibleError as error:
            raise AnsibleParserError(f"The template of option {option} failed: {error}") from error
    return result


def unset_by_empty(known: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults of options whose environment variable is empty: AWX sets empty variables."""
    return {
        option: [] if spec.get("default") is None and spec["type"] == "list" else spec.get("default")
        for option, spec in known.items()
        if any(os.environ.get(source["name"]) == "" for source in spec.get("env") or [])
        and not any(source["name"] in variables for source in spec.get("vars") or [])
    }


def of_variables(templar: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The connection options in a host's variables, rendered: a lookup gets variables with their templates."""
    names = {spec["fallback"][1][0].lower() for spec in CONNECTION.values()}
    return {name: templar.template(variables[name]) for name in names if name in variables}


def _aliases(spec: Mapping[str, Any]) -> list[str]:
    return [alias if isinstance(alias, str) else alias["name"] for alias in spec.get("aliases") or []]
