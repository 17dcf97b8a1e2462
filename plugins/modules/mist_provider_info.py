# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The providers that the server supports."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_provider_info
short_description: List the providers that a Mist server supports
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the providers that a Mist server supports, with the options of M(mistio.cloud.mist_backend) that each of them
    requires and allows.
  - Sends one request.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
seealso:
  - module: mistio.cloud.mist_backend
"""

EXAMPLES = r"""
- name: List the providers
  mistio.cloud.mist_provider_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
  register: mist

- name: Show the required options of an OpenStack backend
  ansible.builtin.debug:
    msg: "{{ mist.providers | selectattr('provider', 'equalto', 'openstack') | map(attribute='required') | first }}"
"""

RETURN = r"""
providers:
  description: The providers, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - provider: openstack
      title: OpenStack
      required: [api_key, api_secret, api_url, tenant_name]
      optional: [region, compute_endpoint, credentials.domain, credentials.tenant_id]
  contains:
    provider:
      description: The value for the option O(mistio.cloud.mist_backend#module:provider).
      type: str
    title:
      description: The display name of the provider.
      type: str
    required:
      description:
        - The options of M(mistio.cloud.mist_backend) that are required to add a backend of this provider.
        - An option that begins with C(credentials.) is a suboption of O(mistio.cloud.mist_backend#module:credentials).
      type: list
      elements: str
    optional:
      description: The options of M(mistio.cloud.mist_backend) that are optional for this provider.
      type: list
      elements: str
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import InfoModule


class ProviderInfoModule(InfoModule):
    returns = "providers"

    def fetch(self, api, wanted):
        return sorted(api.backends.list_providers(), key=lambda provider: provider["provider"])


def main():
    ProviderInfoModule().run()


if __name__ == "__main__":
    main()
