# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server says is never a template, and plain texts stay plain."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Callable

_untrusted: Callable[[str], Any] = str
try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core before 2.19
    from ansible.utils.unsafe_proxy import wrap_var

    _untrusted = wrap_var
    trust_as_template = None

# Jinja reads what stands in braces, and Ansible lets a header in the text itself name other marks than braces. What
# calls a lookup can do harm as a condition, for `when: "{{ mist_tags.x }}"` evaluates the text of the tag, unless it is
# not trusted. And the filter from_yaml hands trust on to what it makes of `"\x7b"`: a brace.
_DANGEROUS = re.compile(r"""[{}]|#jinja2:|\b(?:lookup|query|q)\b(?s:.*)\(|"[^\\]*\\""")


def neutralize_before_templating(value: Any) -> Any:
    """The value, of plain JSON, such that an expression that reads it renders nothing in it.

    From 2.19 on that is so of each text, until something trusts it.
    """
    return value if trust_as_template else neutralize(value)


def neutralize(value: Any) -> Any:
    """The value, of plain JSON or of an expression, such that Ansible renders nothing in it.

    A text that can do no harm is plain also in the JSON of ``ansible-inventory``, where a text that ansible-core from
    2.19 on does not trust would be a dict that AWX cannot read. Any other text is untrusted, or wrapped as unsafe
    before 2.19. Containers become plain ones.
    """
    if isinstance(value, str):
        return _inert_text(value)
    if isinstance(value, dict):
        return {_neutralize_key(key): neutralize(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [neutralize(each) for each in value]
    return value


def _neutralize_key(key: Any) -> Any:
    """A key is plain in that JSON in any case, so that none is to be trusted."""
    return (str.__str__(key) if trust_as_template else _inert_text(key)) if isinstance(key, str) else key


def _inert_text(text: str) -> Any:
    plain = str.__str__(text)  # an expression's result may be trusted, or be wrapped for no reason any more
    if _DANGEROUS.search(plain):
        return _untrusted(plain)
    return _trusted(plain) if trust_as_template else plain


@lru_cache(maxsize=1024)  # thousands of hosts have the same states, regions and images
def _trusted(text: str) -> Any:
    return trust_as_template(text)
