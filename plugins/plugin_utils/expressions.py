# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jinja expressions of an inventory file: their syntax, and conditions that hold for a host or not."""

from __future__ import annotations

from typing import Any, Iterator, Mapping

from ansible.errors import AnsibleParserError
from ansible.module_utils.parsing.convert_bool import boolean
from jinja2 import Environment, TemplateSyntaxError


def expressions_in(options: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Where an expression stands in an inventory file, and the expression."""
    for option in ("compose", "groups"):
        for name, expression in (options[option] or {}).items():
            yield f"{option}.{name}", expression
    for number, keyed in enumerate(options["keyed_groups"] or []):
        if not isinstance(keyed, dict) or not keyed.get("key"):
            raise AnsibleParserError(f"keyed_groups[{number}] is {keyed!r}. It must have a key.")
        yield f"keyed_groups[{number}].key", keyed["key"]
    for number, entry in enumerate(options["filters"] or []):
        for verb, expression in entry.items():
            yield f"filters[{number}].{verb}", expression
    for number, expression in enumerate(options["hostnames"] or []):
        yield f"hostnames[{number}]", expression


def refuse_bad_syntax(options: Mapping[str, Any]) -> None:
    """AnsibleParserError for the first invalid expression; ansible-core would silently skip it for each host."""
    syntax = Environment(autoescape=True)  # it only parses, so escaping makes no difference
    for where, expression in expressions_in(options):
        fixed = isinstance(expression, bool) and where.startswith(("groups.", "filters["))
        if not isinstance(expression, str) and not fixed:  # ansible-core from 2.19 on would skip that silently
            raise AnsibleParserError(f"{where} is {expression!r}. It must be an expression, as a text in quotes.")
        try:
            syntax.parse(f"{{{{ ({expression}) }}}}")
        except TemplateSyntaxError as error:
            braces = " It is an expression already, so it needs no braces." if "{{" in str(expression) else ""
            raise AnsibleParserError(f"{where} is no expression: {expression!r}: {error.message}.{braces}") from None


def holds(templar: Any, condition: str, variables: dict[str, Any]) -> bool:
    """Whether a condition is true of a host's variables, as in ``when``; raises what Ansible raises."""
    templar.available_variables = variables
    if hasattr(templar, "evaluate_conditional"):  # ansible-core 2.19 and later
        return bool(templar.evaluate_conditional(condition))
    return bool(boolean(templar.template(f"{{% if {condition} %}}true{{% else %}}false{{% endif %}}")))
