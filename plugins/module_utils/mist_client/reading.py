# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The body of an answer: read up to a limit, and decoded whatever its headers say."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from .errors import NotMist

if TYPE_CHECKING:
    import requests

CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024


def read_body(response: requests.Response, asked: str, limit: int) -> None:
    """Read the body of a streamed response into memory, so that its ``content`` is at hand.

    NotMist when it has more than ``limit`` bytes, also if it is compressed: what decompresses to more is not kept.
    """
    body = io.BytesIO()
    for chunk in response.raw.stream(CHUNK, decode_content=True):
        body.write(chunk)
        if body.tell() > limit:
            response.close()
            raise NotMist(
                f"{asked} answered with more than {limit // MEGABYTE} MB.",
                "If the server really holds that much, increase max_response_mb.",
            )
    response.raw.release_conn()
    body.seek(0)
    response.raw = body


def text_of(response: requests.Response) -> str:
    """The body as text: UTF-8, as every Mist server sends it, or else the charset that the header names."""
    content = response.content or b""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(response.encoding or "latin-1", errors="replace")
    except (LookupError, ValueError):  # ValueError: charsets such as idna are no encodings of a text
        return content.decode("latin-1")


def json_of(response: requests.Response) -> Any:
    """The body as JSON. ValueError when it is none, or nested deeper than Python can read."""
    try:
        return json.loads(text_of(response))
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
