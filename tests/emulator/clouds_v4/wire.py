# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How this generation reads parameters and writes answers: texts, pages, JSON."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qs

from ..call import HTML, Answer, Call
from ..errors import ApiError, NoSuchRoute, ParameterMissing
from .errors import NGINX_PAGE, CsrfMissing, Unforeseen

Parameters = dict[str, Any]

JSON = "application/json"
TEXT = "text/plain"
OK = Answer.of_text("OK")


def of_json(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), JSON)


def page(csrf: str = "", status: int = 200) -> Answer:
    """The UI: to a client it is HTML where JSON was due."""
    script = f'<script>var CSRF_TOKEN = "{csrf}";</script>'
    text = f"<!DOCTYPE html><html><head><title>Mist</title>{script}</head><body>Emulated Mist</body></html>"
    return Answer.of_text(text, status)


def refusal(error: ApiError) -> Answer:
    if isinstance(error, NoSuchRoute):
        return page(status=404)
    if isinstance(error, CsrfMissing):
        return Answer(error.status, error.text.encode(), TEXT)
    if isinstance(error, Unforeseen):
        return Answer(500, NGINX_PAGE.encode(), f"{TEXT}; charset=utf-8")
    return Answer(error.status, error.text.encode(), HTML)


def parameters(call: Call) -> Parameters:
    """JSON whatever the Content-Type; else the form, where broken JSON has no parameter. A list is an exception."""
    try:
        value = json.loads(call.raw_body)
    except ValueError:
        return form(call)
    if not isinstance(value, dict):
        raise Unforeseen
    return value


def form(call: Call) -> Parameters:
    """The form of the body, with the query."""
    given: Parameters = dict(call.arrived.query)
    if is_form(call):
        given |= {name: values[0] for name, values in parse_qs(call.raw_body.decode(errors="replace")).items()}
    return given


def is_form(call: Call) -> bool:
    return call.arrived.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")


def required(given: Parameters, name: str) -> Any:
    """The parameter, where an empty one counts as missing."""
    if not given.get(name):
        raise ParameterMissing(name)
    return given[name]


def python_dict(message: str, errors: dict[str, str]) -> str:
    """The text of a refusal that is the repr of a dict."""
    return repr({"msg": message, "errors": errors})


def date(seconds: float) -> str:
    """UTC with microseconds as the lists show it; "" for never."""
    return _utc(seconds).strftime("%Y-%m-%d %H:%M:%S.%f") if seconds else ""


def iso(seconds: float) -> str:
    return _utc(seconds).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.utc)
