# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup plugin for private SSH keys."""

from __future__ import annotations

DOCUMENTATION = r"""
name: private_key
short_description: Look up private SSH keys in Mist
version_added: 1.0.0
author: Mist Developers (@mistio)
description:
  - Returns the private key of SSH keys that are stored in Mist. Each lookup requests the keys from the server.
  - With ansible-core 2.19 and later, use the result as C(ansible_ssh_private_key), so that Ansible can log in without a
    key file. This requires the SSH agent of Ansible. Set C(ssh_agent=auto) in the section C(connection) of
    C(ansible.cfg), or E(ANSIBLE_SSH_AGENT) to V(auto).
  - With earlier versions, save the key to a file with O(mistio.cloud.mist_key#module:dest).
options:
  _terms:
    description: The SSH keys, each by its name or its id.
    type: list
    elements: str
    required: true
  format:
    description:
      - The format of the returned keys.
      - V(openssh) is the format that C(ansible_ssh_private_key) requires. Keys in another format are converted.
      - V(stored) is the format in which the key was uploaded.
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
# The variable mist_key comes from the inventory plugin mistio.cloud.mist.
- name: Log in without a key file
  hosts: all
  vars:
    ansible_ssh_private_key: "{{ lookup('mistio.cloud.private_key', mist_key) }}"
  tasks:
    - name: Check the login
      ansible.builtin.ping:

- name: Save a private key to a file
  hosts: localhost
  tasks:
    - name: Write the file
      ansible.builtin.copy:
        content: "{{ lookup('mistio.cloud.private_key', 'deploy', mist_uri='https://mist.example.test') }}"
        dest: /run/secrets/deploy
        mode: "0600"
      no_log: true
"""

RETURN = r"""
_raw:
  description: The private keys, in the order of O(_terms).
  type: list
  elements: str
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.mistio.cloud.plugins.module_utils._masking import keep_secret
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient, MistError
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import InvalidValue
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.matching import key_named
from ansible_collections.mistio.cloud.plugins.plugin_utils import options as plugin_options


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: Any = None, **options: Any) -> list[str]:
        connection = plugin_options.of_variables(self._templar, variables or {})
        unset = plugin_options.unset_by_empty(self.option_definitions, connection)
        self.set_options(var_options=connection, direct={**unset, **options})
        try:
            with plugin_options.client_of(self) as client:
                stored = [keep_secret(find_private_key(client, word)) for word in terms]
        except MistError as error:
            raise AnsibleLookupError(plugin_options.format_error(error)) from error
        if self.get_option("format") == "stored":
            return stored
        return [keep_secret(as_openssh(word, private)) for word, private in zip(terms, stored)]


def as_openssh(word: str, private: str) -> str:
    """The key in the format that ansible-core passes to an SSH agent. Servers of 2014 store only PKCS#1."""
    # ansible-core requires this library to run, but not to read the documentation
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    try:
        load = serialization.load_ssh_private_key if "BEGIN OPENSSH" in private else serialization.load_pem_private_key
        return (
            load(private.encode(), password=None)
            .private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
            )
            .decode()
        )
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        problem = f"The key {word!r} cannot be converted to the OpenSSH format: {type(error).__name__}."
        raise AnsibleLookupError(f"{problem} Set format='stored' to get it unchanged.") from None


def find_private_key(client: MistClient, word: str) -> str:
    """The private key of the SSH key with this id, or else with this name."""
    if not word:
        raise InvalidValue(
            "The name of the key is empty.", "If it comes from the variable mist_key, Mist has no key for this machine."
        )
    key = key_named([key.info for key in client.keys.values()], word, client.transport.uri)
    return client.api.keys.private(key["id"])
