# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the 2014 server reads a request's parameters and writes its answers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from ..call import Answer, Call
from ..errors import ApiError, NoSuchRoute, ParameterMissing

Parameters = dict[str, Any]

NO_SUCH_ROUTE_PAGE = """<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>Emulated Mist</title></head>
<body><p>404. There is no such page.</p></body>
</html>
"""
OK = Answer.of_text("OK")


def parameters(call: Call) -> Parameters:
    """The JSON object of the body; anything else makes the server fail without a word."""
    try:
        value = json.loads(call.raw_body)
    except ValueError:
        raise ApiError from None
    if not isinstance(value, dict):
        raise ApiError
    return value


def parameters_or_none(call: Call) -> Parameters:
    """The JSON object of the body, or nothing where the server does not mind."""
    try:
        return parameters(call)
    except ApiError:
        return {}


def parameters_anywhere(call: Call) -> Parameters:
    """JSON first, else the query and the form; JSON that is no object still makes the server fail."""
    try:
        value = json.loads(call.raw_body)
    except ValueError:
        form = parse_qs(call.raw_body.decode(errors="replace"))
        return {name: values[0] for name, values in form.items()} | call.arrived.query
    if not isinstance(value, dict):
        raise ApiError
    return value


def required(given: Parameters, name: str) -> Any:
    """The parameter, where an empty one counts as missing: `0`, `""`, null."""
    if not given.get(name):
        raise ParameterMissing(name)
    return given[name]


def to_ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def refusal(error: ApiError) -> Answer:
    if isinstance(error, NoSuchRoute):
        return Answer.of_text(NO_SUCH_ROUTE_PAGE, 404)
    return Answer.of_text(error.text, error.status)
