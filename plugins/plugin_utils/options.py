# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a plugin that runs on the controller: what the user gave, made ready for use."""

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
    """A client that only reads, for the server that the plugin's options name."""
    options = {name: plugin.get_option(name) for name in CONNECTION}
    for name, spec in CONNECTION.items():
        # not by `secret: true` in the documentation, which validate-modules refuses before ansible-core 2.19
        if spec.get("no_log") and options[name]:
            keep_secret(options[name])
    if plugin.has_option("workers"):
        options["workers"] = plugin.get_option("workers")
    return connect(options, read_only=True, core_version=__version__)


def format_error(error: MistError) -> str:
    """The error for a user of Ansible; a missing library is told with the Python that lacks it."""
    return missing_required_lib(error.package) if isinstance(error, MissingLibrary) else str(error)


def refuse_unknown(given: Iterable[str], known: Mapping[str, Any]) -> None:
    """AnsibleParserError for an option that there is not; ansible-core would ignore it."""
    names = {name for option, spec in known.items() for name in [option, *_aliases(spec)]}
    for option in given:
        if option not in names:
            close = nearest(str(option), names)
            hint = did_you_mean(close) or f" There are: {', '.join(sorted(names))}."
            raise AnsibleParserError(f"There is no option {option!r}.{hint}")


def rendered(templar: Any, given: Mapping[str, Any], expressions: Iterable[str]) -> dict[str, Any]:
    """The options of a file with their templates rendered; those of ``expressions`` are rendered later, for each host.

    Only for what the user wrote: nothing from the environment or from a server may come here.
    """
    result = {}
    for option, value in given.items():
        try:
            result[option] = value if option in expressions else templar.template(value)
        except AnsibleError as error:
            raise AnsibleParserError(f"The option {option} cannot be rendered: {error}") from error
    return result


def unset_by_empty(known: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults of the options whose environment variable is empty, for AWX fills in empty ones."""
    return {
        option: [] if spec.get("default") is None and spec["type"] == "list" else spec.get("default")
        for option, spec in known.items()
        if any(os.environ.get(each["name"]) == "" for each in spec.get("env") or [])
        and not any(each["name"] in variables for each in spec.get("vars") or [])
    }


def of_variables(templar: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The connection options among a host's variables, rendered: a lookup gets them as they were written."""
    names = {spec["fallback"][1][0].lower() for spec in CONNECTION.values()}
    return {name: templar.template(variables[name]) for name in names if name in variables}


def _aliases(spec: Mapping[str, Any]) -> list[str]:
    return [each if isinstance(each, str) else each["name"] for each in spec.get("aliases") or []]
