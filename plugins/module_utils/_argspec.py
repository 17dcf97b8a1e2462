# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that several plugins share: the connection to the server, and the credentials of providers."""

from __future__ import annotations

from typing import Any, Mapping

from ansible.module_utils.basic import env_fallback

from .mist_client import InvalidValue, MistClient
from .mist_client.generations.provider_table import (
    ADDRESS,
    HOSTS,
    KEY_FILE,
    NUMBER,
    PROVIDERS,
    PUBLIC_NAMES,
    SWITCH,
    TEXT,
    URL,
)

VERSION = "1.0.0"

#: documented in doc_fragments/mist.py; a test compares the two
CONNECTION: dict[str, dict[str, Any]] = {
    "mist_uri": {"type": "str", "fallback": (env_fallback, ["MIST_URI"])},
    "mist_api_token": {"type": "str", "no_log": True, "fallback": (env_fallback, ["MIST_API_TOKEN"])},
    "mist_email": {"type": "str", "fallback": (env_fallback, ["MIST_EMAIL"])},
    "mist_password": {"type": "str", "no_log": True, "fallback": (env_fallback, ["MIST_PASSWORD"])},
    "mist_org": {"type": "str", "fallback": (env_fallback, ["MIST_ORG"])},
    "mist_generation": {
        "type": "str",
        "choices": ["auto", "backends", "clouds"],
        "default": "auto",
        "fallback": (env_fallback, ["MIST_GENERATION"]),
    },
    "validate_certs": {"type": "bool", "default": True, "fallback": (env_fallback, ["MIST_VALIDATE_CERTS"])},
    "ca_path": {"type": "path", "fallback": (env_fallback, ["MIST_CA_PATH"])},
    "timeout": {"type": "int", "default": 60, "fallback": (env_fallback, ["MIST_TIMEOUT"])},
    "retries": {"type": "int", "default": 3, "fallback": (env_fallback, ["MIST_RETRIES"])},
    "max_response_mb": {"type": "int", "default": 256, "fallback": (env_fallback, ["MIST_MAX_RESPONSE_MB"])},
}

#: a key file can be JSON text or a dict
TYPES = {TEXT: "str", ADDRESS: "str", URL: "str", NUMBER: "int", SWITCH: "bool", KEY_FILE: "raw"}


def credentials_options() -> dict[str, dict[str, Any]]:
    """A sub-option for each field of each provider. Only secrets are ``no_log``: Ansible masks them in all output."""
    options: dict[str, dict[str, Any]] = {}
    for field in (field for provider in PROVIDERS.values() for field in provider.all_fields):
        kind = {"type": "list", "elements": "dict"} if field.kind == HOSTS else {"type": TYPES[field.kind]}
        option = options.setdefault(field.name, {**kind, "no_log": field.name not in PUBLIC_NAMES, "aliases": []})
        option["aliases"] += [name for name in field.spellings if name not in PUBLIC_NAMES]
    return options


def connect(options: Mapping[str, Any], read_only: bool, core_version: str) -> MistClient:
    """A client for the server that the options name. An empty option counts as missing, because AWX sets empty ones."""
    if not options["mist_uri"]:
        raise InvalidValue("mist_uri is missing.", "Set mist_uri or the environment variable MIST_URI.")
    return MistClient(
        options["mist_uri"],
        options["mist_email"] or None,
        options["mist_password"] or None,
        api_token=options["mist_api_token"] or None,
        org=options["mist_org"] or None,
        generation=options["mist_generation"],
        validate_certs=options["validate_certs"],
        ca_path=options["ca_path"] or None,
        timeout=options["timeout"],
        retries=options["retries"],
        max_response_mb=options["max_response_mb"],
        workers=options.get("workers", 10),
        read_only=read_only,
        user_agent=f"mistio.cloud/{VERSION} ansible-core/{core_version}",
    )
