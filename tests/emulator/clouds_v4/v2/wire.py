# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of API v2: data with meta, JSON texts, problems of the validator, CSV."""

from __future__ import annotations

import json
from typing import Any

from ...call import Answer, Call
from ...errors import ApiError
from ..errors import Said
from ..state import Item
from ..wire import NOT_FOUND_TEXT, UNFORESEEN_TEXT, of_json, problem

Parameters = dict[str, Any]


class Problem(ApiError):
    """What the validator in front of the views refuses."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title


class NoSuchPath(Problem):
    def __init__(self) -> None:
        super().__init__(404, "Not Found", NOT_FOUND_TEXT)


class NotSupported(ApiError):
    status, title = 422, "Action not supported on target machine"


def bad_request(detail: str) -> Problem:
    return Problem(400, "Bad Request", detail)


def missing(what: str) -> Said:
    return Said(404, f"{what} does not exist")


def refusal(error: ApiError) -> Answer:
    """A problem of the validator, a JSON text, or the problem that an unforeseen exception is."""
    if isinstance(error, Problem):
        return problem(error.status, error.title, error.detail or "")
    if error.__class__ is ApiError:
        return problem(500, "Internal Server Error", UNFORESEEN_TEXT)
    return of_json(error.text, error.status)


def body(call: Call) -> Parameters:
    try:
        value = json.loads(call.raw_body)
    except ValueError:
        raise bad_request("Request body is not valid JSON") from None
    if not isinstance(value, dict):
        raise bad_request(f"{value!r} is not of type 'object'")
    return value


def number(call: Call, name: str, default: int) -> int:
    given = call.arrived.query.get(name)
    if given is None:
        return default
    try:
        return int(given)
    except ValueError:
        raise bad_request(f"Wrong type, expected 'integer' for query parameter '{name}'") from None


def query(call: Call, name: str) -> str:
    given = call.arrived.query.get(name)
    if not given:
        raise bad_request(f"Missing query parameter '{name}'")
    return given


def only(call: Call, items: list[Item]) -> list[Item]:
    """The fields that `only` names; all without it."""
    names = [name for name in call.arrived.query.get("only", "").split(",") if name]
    return [{name: item[name] for name in names if name in item} for item in items] if names else items


def csv(items: list[Item]) -> Answer:
    """Each item's id again at the left, under a nameless column."""
    names = list(items[0]) if items else []
    lines = [",".join(["", *names])]
    lines += [
        ",".join([str(item.get("id", "")), *(str(item[name]) for name in names if name != "id")]) for item in items
    ]
    return Answer(200, "".join(f"{line}\r\n" for line in lines).encode(), "text/csv; charset=utf-8")
