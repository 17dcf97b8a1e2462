# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The private half of a key of Mist, for whoever logs in with it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: private_key
short_description: Private half of a key that Mist stores
version_added: 1.0.0
author: Mist Developers (@mistio)
description:
  - Gives the private half of an ssh key that Mist stores. It is asked for each time, and kept nowhere.
  - With ansible-core 2.19 and later it can be C(ansible_ssh_private_key), so that no file has it at any time. That
    wants C(ssh_agent=auto) in the section C(connection) of C(ansible.cfg), or E(ANSIBLE_SSH_AGENT).
  - Before that, save it to a file with O(mistio.cloud.mist_key#module:dest).
options:
  _terms:
    description: The keys, each by its name or its id.
    type: list
    elements: str
    required: true
  format:
    description:
      - V(openssh) is the format that C(ansible_ssh_private_key) wants, whatever the key was uploaded in.
      - V(stored) is the key as it was uploaded.
    type: str
    choices: [openssh, stored]
    default: openssh
extends_documentation_fragment:
  - mistio.cloud.mist.plugin
seealso:
  - plugin: mistio.cloud.mist
    plugin_type: inventory
  - module: mistio.cloud.mist_key
  - module: mistio.cloud.mist_key_info
"""

EXAMPLES = r"""
- name: Log in to the hosts of an inventory of mistio.cloud.mist, with no file that has the key
  hosts: all
  vars:
    ansible_ssh_private_key: "{{ lookup('mistio.cloud.private_key', mist_key) }}"
  tasks:
    - name: See that it works
      ansible.builtin.ping:

- name: Have a key where a file is due
  hosts: localhost
  tasks:
    - name: Write it
      ansible.builtin.copy:
        content: "{{ lookup('mistio.cloud.private_key', 'deploy', mist_uri='https://mist.example.com') }}"
        dest: /run/secrets/deploy
        mode: "0600"
      no_log: true
"""

RETURN = r"""
_raw:
  description: The private halves, in the order of the keys.
  type: list
  elements: str
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.mistio.cloud.plugins.module_utils._masking import keep_secret
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient, MistError
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import InvalidValue
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.matching import find_key, not_found_error
from ansible_collections.mistio.cloud.plugins.plugin_utils import options as plugin_options


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: Any = None, **options: Any) -> list[str]:
        told = plugin_options.of_variables(self._templar, variables or {})
        unset = plugin_options.unset_by_empty(self.option_definitions, told)
        self.set_options(var_options=told, direct={**unset, **options})
        try:
            with plugin_options.client_of(self) as client:
                stored = [keep_secret(private_half(client, word)) for word in terms]
        except MistError as error:
            raise AnsibleLookupError(plugin_options.format_error(error)) from error
        if self.get_option("format") == "stored":
            return stored
        return [keep_secret(as_openssh(word, private)) for word, private in zip(terms, stored)]


def as_openssh(word: str, private: str) -> str:
    """The key in the format that ansible-core hands to an ssh agent; 2014's servers store PKCS#1 alone."""
    # ansible-core itself needs this library, but not where it only reads the documentation
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization as formats

    try:
        key = formats.load_ssh_private_key if "BEGIN OPENSSH" in private else formats.load_pem_private_key
        return (
            key(private.encode(), password=None)
            .private_bytes(formats.Encoding.PEM, formats.PrivateFormat.OpenSSH, formats.NoEncryption())
            .decode()
        )
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        problem = f"The key {word!r} cannot be turned into OpenSSH's format: {type(error).__name__}."
        raise AnsibleLookupError(f"{problem} Take it as it is with format='stored'.") from None


def private_half(client: MistClient, word: str) -> str:
    """The private half of the key that has this id, else of the one that has this name."""
    if not word:
        raise InvalidValue("No key is named.", "Where it comes from mist_key: Mist knows no key of that machine.")
    keys = [key.info for key in client.keys.values()]
    key = find_key(keys, word)
    if key is None:
        raise not_found_error(word, keys, "key", client.transport.uri)
    return client.api.keys.private(key["id"])
