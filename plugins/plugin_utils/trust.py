# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values from a server are never templates, and harmless text stays plain."""

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

# These are dangerous: braces; the header by which a text replaces braces by other marks; a call of a lookup, because
# `when: "{{ mist_tags.x }}"` evaluates a trusted tag as a condition; and an escape such as `"\x7b"`, from which the
# filter from_yaml makes a trusted brace.
_DANGEROUS = re.compile(r"""[{}]|#jinja2:|\b(?:lookup|query|q)\b(?s:.*)\(|"[^\\]*\\""")


def neutralize_before_templating(value: Any) -> Any:
    """The value (plain JSON) in a form that an expression can read without rendering it.

    On ansible-core 2.19 and later, that is every text that is not trusted.
    """
    return value if trust_as_template else neutralize(value)


def neutralize(value: Any) -> Any:
    """The value (plain JSON, or the result of an expression) in a form that Ansible never renders.

    Harmless text is trusted, because ``ansible-inventory`` of ansible-core 2.19 and later writes untrusted text as a
    dict, which AWX cannot read. Any other text is untrusted, or wrapped as unsafe before 2.19. Containers are copied
    to plain dicts and lists.
    """
    if isinstance(value, str):
        return _neutralize_text(value)
    if isinstance(value, dict):
        return {_neutralize_key(key): neutralize(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [neutralize(item) for item in value]
    return value


def _neutralize_key(key: Any) -> Any:
    """``ansible-inventory`` writes every key as plain text, so keys are never trusted."""
    return (str.__str__(key) if trust_as_template else _neutralize_text(key)) if isinstance(key, str) else key


def _neutralize_text(text: str) -> Any:
    plain = str.__str__(text)  # the result of an expression can be trusted or wrapped
    if _DANGEROUS.search(plain):
        return _untrusted(plain)
    return _trusted(plain) if trust_as_template else plain


@lru_cache(maxsize=1024)  # thousands of hosts have the same states, regions and images
def _trusted(text: str) -> Any:
    return trust_as_template(text)
