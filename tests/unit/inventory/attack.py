# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that whoever may name or tag a machine could try. Where one is rendered, the file CANARY appears."""

from __future__ import annotations

BRACES = "{{ lookup('pipe', 'touch CANARY') }}"
BLOCK = "{% set x = lookup('pipe', 'touch CANARY') %}"
HEADER = "#jinja2: variable_start_string:'[%', variable_end_string:'%]'\n[% lookup('pipe', 'touch CANARY') %]"
CONDITION = "lookup('pipe', 'touch CANARY') == ''"
ROUNDABOUT = "[lookup, query][0]('pipe', 'touch CANARY')"
WRAPPED = "(\n  lookup\n) (\n  'pipe', 'touch CANARY')"
YAML = "\"\\x7b\\x7b lookup\\x28'pipe', 'touch CANARY') \\x7d\\x7d\""

#: what is a template as it stands
TEMPLATES = (BRACES, BLOCK, HEADER)
#: and what becomes one, or a condition, in a playbook that does something more with it
HOSTILE = (*TEMPLATES, CONDITION, ROUNDABOUT, WRAPPED, YAML)
