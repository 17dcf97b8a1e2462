# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the body of an answer up to a size limit, and decodes it without trusting its headers."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from .errors import NotMist

if TYPE_CHECKING:
    import requests

CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024


def read_body(response: requests.Response, request_line: str, limit: int) -> None:
    """Read the body of a streamed response into memory, so that ``response.content`` works.

    NotMist if the body has more than ``limit`` bytes after decompression. Reading stops at the limit.
    """
    body = io.BytesIO()
    for chunk in response.raw.stream(CHUNK, decode_content=True):
        body.write(chunk)
        if body.tell() > limit:
            response.close()
            raise NotMist(
                f"{request_line} answered with more than {limit // MEGABYTE} MB.",
                "If an answer of this size is expected, increase max_response_mb.",
            )
    response.raw.release_conn()
    body.seek(0)
    response.raw = body


def text_of(response: requests.Response) -> str:
    """The body as text: UTF-8, which all Mist servers send, else the charset of the Content-Type header."""
    content = response.content or b""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(response.encoding or "latin-1", errors="replace")
    except (LookupError, ValueError):  # ValueError: charsets such as idna cannot decode a text
        return content.decode("latin-1")


def json_of(response: requests.Response) -> Any:
    """The body as JSON. ValueError if it is invalid, or nested deeper than Python can parse."""
    try:
        return json.loads(text_of(response))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
