# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of backends that the server can be given."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_provider_info
short_description: List the providers that a Mist server supports
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the providers of which a Mist server can be given backends, and what M(mistio.cloud.mist_backend) needs for
    each.
  - Costs one request.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
seealso:
  - module: mistio.cloud.mist_backend
"""

EXAMPLES = r"""
- name: Ask which providers there are
  mistio.cloud.mist_provider_info:
    mist_uri: http://mist.example.test:8000
  register: mist

- name: Show what an OpenStack backend needs
  ansible.builtin.debug:
    msg: "{{ mist.providers | selectattr('provider', 'equalto', 'openstack') | map(attribute='required') | first }}"
"""

RETURN = r"""
providers:
  description: The providers, sorted by id.
  returned: success
  type: list
  elements: dict
  sample:
    - provider: openstack
      title: OpenStack
      required: [api_key, api_secret, api_url]
      optional: [tenant_name, region, compute_endpoint]
  contains:
    provider:
      description: What to give M(mistio.cloud.mist_backend) as O(mistio.cloud.mist_backend#module:provider).
      type: str
    title:
      description: The provider's name for people.
      type: str
    required:
      description:
        - The options of M(mistio.cloud.mist_backend) without which no such backend can be added. What begins with
          C(credentials.) is a field in O(mistio.cloud.mist_backend#module:credentials).
      type: list
      elements: str
    optional:
      description: Further options of M(mistio.cloud.mist_backend) that this provider takes.
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
