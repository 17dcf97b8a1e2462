# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jinja expressions of an inventory file: a check of their syntax, and the evaluation of conditions."""

from __future__ import annotations

from typing import Any, Iterator, Mapping

from ansible.errors import AnsibleParserError
from ansible.module_utils.parsing.convert_bool import boolean
from jinja2 import Environment, TemplateSyntaxError


def expressions_in(options: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The expressions of an inventory file, each with its place in the file."""
    for option in ("compose", "groups"):
        for name, expression in (options[option] or {}).items():
            yield f"{option}.{name}", expression
    for number, keyed in enumerate(options["keyed_groups"] or []):
        if not isinstance(keyed, dict) or not keyed.get("key"):
            raise AnsibleParserError(f"Invalid keyed_groups[{number}] {keyed!r}: it must be a dict with a key.")
        yield f"keyed_groups[{number}].key", keyed["key"]
    for number, entry in enumerate(options["filters"] or []):
        for verb, expression in entry.items():
            yield f"filters[{number}].{verb}", expression
    for number, expression in enumerate(options["hostnames"] or []):
        yield f"hostnames[{number}]", expression


def refuse_bad_syntax(options: Mapping[str, Any]) -> None:
    """Raises AnsibleParserError for the first invalid expression. ansible-core would silently skip it."""
    syntax = Environment(autoescape=True)  # used to parse only, so autoescape has no effect
    for where, expression in expressions_in(options):
        is_constant = isinstance(expression, bool) and where.startswith(("groups.", "filters["))
        if not isinstance(expression, str) and not is_constant:  # ansible-core 2.19 and later silently skip it
            raise AnsibleParserError(f"Invalid {where} {expression!r}: it must be an expression in quotes.")
        try:
            syntax.parse(f"{{{{ ({expression}) }}}}")
        except TemplateSyntaxError as error:
            braces = " Remove the braces: the value is an expression." if "{{" in str(expression) else ""
            raise AnsibleParserError(
                f"Invalid expression {expression!r} in {where}: {error.message}.{braces}"
            ) from None


def holds(templar: Any, condition: str, variables: dict[str, Any]) -> bool:
    """Whether a condition is true for a host's variables, as in ``when``. Raises the errors of Ansible."""
    templar.available_variables = variables
    if hasattr(templar, "evaluate_conditional"):  # ansible-core 2.19 and later
        return bool(templar.evaluate_conditional(condition))
    return bool(boolean(templar.template(f"{{% if {condition} %}}true{{% else %}}false{{% endif %}}")))
