# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text for errors: what a server said, cut to a sentence's size, and the names that were perhaps meant."""

from __future__ import annotations

import difflib
import re
from typing import Iterable

#: what quoting a text may alter, and how long the rest of it must be to be told from any other text
_ESCAPED = re.compile(r"""[^ !#-&(-\[\]-~]+""")
SHORTEST_SECRET = 4
#: how many names an error offers, and how long a word must be to be looked for within them
NEAREST = 3
SHORTEST_PART = 2
#: how a web page begins. An error of Python or of a provider may begin with ``<`` too: ``<Fault 1: ...>``
_WEB_PAGE = re.compile(
    r"\s*(<\?xml\b[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|title|meta|body|center|h1)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY.*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)", re.DOTALL)


def looks_like_html(text: str) -> bool:
    """Whether an answer is a web page."""
    return bool(_WEB_PAGE.match(text))


def page_title(page: str) -> str:
    """The title of a web page: its scripts and its text may hold a session's tokens."""
    title = re.search(r"<title[^>]*>([^<]*)", page, re.IGNORECASE)
    return (title.group(1).strip() if title else "") or "(a web page)"


def snippet(text: str) -> str:
    """The beginning of a text on one line, short enough for an error; without private keys, and of a page the title."""
    text = _PRIVATE_KEY.sub("(a private key)", text)
    if looks_like_html(text):
        text = page_title(text)
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:200] + "..."


def without(text: str, secrets: Iterable[str]) -> str:
    """The text without these, also where they are quoted as in Python or JSON, be it more than once."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(_ESCAPED.sub("", secret)) >= SHORTEST_SECRET:
            parts = (re.escape(part) for part in _ESCAPED.split(secret))
            text = re.sub(".{1,60}?".join(parts), "(a secret)", text, flags=re.DOTALL)
    return text


def nearest(word: str, words: Iterable[str]) -> list[str]:
    """Those of ``words`` that may have been meant by ``word``, best first: those alike, then those that contain it."""
    by_lower, lower = {each.lower(): each for each in words}, word.lower()
    close = difflib.get_close_matches(lower, list(by_lower), n=NEAREST)
    parts = [each for each in by_lower if lower in each and each not in close] if len(word) >= SHORTEST_PART else []
    return [by_lower[match] for match in [*close, *parts][:NEAREST]]


def did_you_mean(words: Iterable[str]) -> str:
    """The sentence that offers ``words``, with a blank before it; "" when there are none."""
    offered = join_words(words, "or")
    return f" Did you mean {offered}?" if offered else ""


def join_words(words: Iterable[str], conjunction: str) -> str:
    """A list for a sentence: ``a``, ``a or b``, ``a, b or c``."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} {conjunction} {last}" if first else last
