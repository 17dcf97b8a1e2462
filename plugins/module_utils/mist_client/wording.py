# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text for error messages: excerpts of a server's answer, lists of words, and suggestions for misspelt names."""

from __future__ import annotations

import difflib
import re
from typing import Iterable

#: characters that quoting or escaping can change in a secret. A secret with fewer than SHORTEST_SECRET other
#: characters is not masked, because it would match unrelated text
_ESCAPED = re.compile(r"""[^ !#-&(-\[\]-~]+""")
SHORTEST_SECRET = 4
#: how many names an error suggests, and the minimum length of a word that is searched for inside other names
NEAREST = 3
SHORTEST_PART = 2
#: the beginning of a web page. A ``<`` alone is not enough: provider errors look like ``<Fault 1: ...>``
_WEB_PAGE = re.compile(
    r"\s*(<\?xml\b[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|title|meta|body|center|h1)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY.*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)", re.DOTALL)


def looks_like_html(text: str) -> bool:
    """Whether an answer is a web page."""
    return bool(_WEB_PAGE.match(text))


def page_title(page: str) -> str:
    """The title of a web page. The rest of the page is not quoted: it can contain session tokens."""
    title = re.search(r"<title[^>]*>([^<]*)", page, re.IGNORECASE)
    return (title.group(1).strip() if title else "") or "(a web page)"


def snippet(text: str) -> str:
    """The first 200 characters of a text on one line, without private keys. For a web page: its title."""
    text = _PRIVATE_KEY.sub("(a private key)", text)
    if looks_like_html(text):
        text = page_title(text)
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:200] + "..."


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with the secrets masked, also where Python or JSON has escaped them, once or repeatedly."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(_ESCAPED.sub("", secret)) >= SHORTEST_SECRET:
            parts = (re.escape(part) for part in _ESCAPED.split(secret))
            text = re.sub(".{1,60}?".join(parts), "(a secret)", text, flags=re.DOTALL)
    return text


def nearest(word: str, words: Iterable[str]) -> list[str]:
    """The entries of ``words`` that are similar to ``word``, best match first, then those that contain it."""
    by_lower, lower = {candidate.lower(): candidate for candidate in words}, word.lower()
    close = difflib.get_close_matches(lower, list(by_lower), n=NEAREST)
    containing = [name for name in by_lower if lower in name and name not in close]
    matches = [*close, *(containing if len(word) >= SHORTEST_PART else [])]
    return [by_lower[match] for match in matches[:NEAREST]]


def did_you_mean(words: Iterable[str]) -> str:
    """The sentence that suggests ``words``, with a leading space; "" if there are no words."""
    suggestions = join_words(words, "or")
    return f" Did you mean {suggestions}?" if suggestions else ""


def join_words(words: Iterable[str], conjunction: str) -> str:
    """A list for a sentence: ``a``, ``a or b``, ``a, b or c``."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} {conjunction} {last}" if first else last
