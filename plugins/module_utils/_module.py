# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base classes of all modules, and the only place that uses AnsibleModule: options in, result or failure out."""

from __future__ import annotations

from typing import Any, Callable, ClassVar

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._argspec import CONNECTION, connect
from ._masking import keep_secret
from ._resources.backend_failures import Survey
from ._resources.base import Resource
from .mist_client import InvalidValue, MissingLibrary, MistClient, MistError
from .mist_client.errors import UnknownName
from .mist_client.generations.base import Generation
from .mist_client.wording import join_words

#: the kinds of objects that an earlier task can add
ADDED_BY_TASKS = ("backend", "key", "machine")


class MistModule:
    """A module as a table: ``returns`` names its result, ``options`` is the argument spec.

    ``rules`` are other arguments of AnsibleModule, such as required_one_of and required_if.
    """

    returns: ClassVar[str]
    options: ClassVar[dict[str, dict[str, Any]]] = {}
    rules: ClassVar[dict[str, Any]] = {}

    def run(self) -> None:
        """Run the task. Never returns: exits the process with a result or a failure."""
        module = AnsibleModule(argument_spec={**CONNECTION, **self.options}, supports_check_mode=True, **self.rules)
        try:
            wanted = self.wanted(module.params)
            with connect(module.params, self.reads_only(module.check_mode), module.ansible_version) as client:
                result = self.result(client, wanted, module.check_mode, module.warn)
        except MissingLibrary as error:
            module.fail_json(msg=missing_required_lib(error.package), exception=str(error))
        except MistError as error:
            module.no_log_values.update(map(keep_secret, error.secrets))
            if module.check_mode and isinstance(error, UnknownName) and error.kind in ADDED_BY_TASKS:
                note = f"In check mode, this error is expected if an earlier task adds the {error.kind}."
                error.hint = f"{error.hint} {note}".strip()
            module.fail_json(msg=str(error), changed=bool(error.done), actions=error.done, **error.known)
        module.exit_json(**result)

    def wanted(self, params: dict[str, Any]) -> dict[str, Any]:
        """The options that are set. An empty selector counts as missing, so that it does not match every object."""
        selectors = self.rules.get("required_one_of", ())
        empty = {name for group in selectors for name in group if params[name] == ""}
        wanted = {name: params[name] for name in self.options if params[name] is not None and name not in empty}
        for group in selectors:
            if not set(group) & set(wanted):
                raise InvalidValue(f"One of {join_words(group, 'or')} is required and must not be empty.")
        return wanted

    def reads_only(self, check_mode: bool) -> bool:
        """Whether the transport refuses every write."""
        raise NotImplementedError

    def result(
        self, client: MistClient, wanted: dict[str, Any], check_mode: bool, warn: Callable[[str], None]
    ) -> dict[str, Any]:
        """The arguments of exit_json. ``warn`` shows the user a sentence, even if the task fails later."""
        raise NotImplementedError


class ResourceModule(MistModule):
    """A module that brings one ``resource`` to its desired state."""

    resource: ClassVar[type[Resource[Any, Any]]]

    def reads_only(self, check_mode: bool) -> bool:
        return check_mode

    def result(
        self, client: MistClient, wanted: dict[str, Any], check_mode: bool, warn: Callable[[str], None]
    ) -> dict[str, Any]:
        resource = self.resource(client.api)
        plan = resource.plan(resource.find(wanted), wanted)
        try:
            record = plan.after if check_mode else plan.apply()
        finally:
            for warning in plan.warnings:
                warn(warning)
        return {
            "changed": bool(plan.steps),
            "diff": plan.diff,
            "actions": [step.sentence for step in plan.steps],
            self.returned(wanted): record,
        }

    def returned(self, wanted: dict[str, Any]) -> str:
        """The name of the result."""
        return self.returns


class InfoModule(MistModule):
    """A module that only reads."""

    def reads_only(self, check_mode: bool) -> bool:
        return True

    def result(
        self, client: MistClient, wanted: dict[str, Any], check_mode: bool, warn: Callable[[str], None]
    ) -> dict[str, Any]:
        return {"changed": False, self.returns: self.fetch(client.api, wanted)}

    def fetch(self, api: Generation, wanted: dict[str, Any]) -> list[Any]:
        """The records that the options select."""
        raise NotImplementedError


class SurveyModule(InfoModule):
    """An info module that queries several backends. It warns about each that fails, and returns ``failed_backends``."""

    options: ClassVar[dict[str, dict[str, Any]]] = {
        "backends": {"type": "list", "elements": "str", "aliases": ["backend"]},
        "on_backend_error": {"type": "str", "choices": ["fail", "warn"], "default": "warn"},
    }

    def result(
        self, client: MistClient, wanted: dict[str, Any], check_mode: bool, warn: Callable[[str], None]
    ) -> dict[str, Any]:
        survey = self.survey(client.api, wanted)
        for warning in survey.warnings:
            warn(warning)
        failed = [failure.record for failure in survey.failures]
        return {"changed": False, self.returns: survey.records, "failed_backends": failed}

    def survey(self, api: Generation, wanted: dict[str, Any]) -> Survey:
        """What the options select, from the backends that answer."""
        raise NotImplementedError
