# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A backend: a cloud account in Mist."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_backend
short_description: Manage the backends of a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Adds a backend (a cloud account, or one host over ssh) to a Mist server, renames, enables, disables or removes it.
  - A backend is found by O(id), else by O(title). One that is a single host (O(provider=bare_metal)) is found by its
    address, O(machine_ip), for the server takes that as its title, whatever O(title) says.
  - Removing a backend from Mist leaves the machines of that account alone.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.state
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  idempotent:
    support: partial
    details:
      - The server tells no secret, so a backend that is there is not given another O(api_secret).
      - It does tell whether a backend is of another account than O(api_key), and that is a failure.
options:
  title:
    description:
      - The title of the backend, in ASCII, for the server replaces other letters.
      - Titles are not unique in Mist. When several backends have this one, the task fails and names their ids.
    type: str
    aliases: [name]
  id:
    description:
      - The id of a backend that is there.
    type: str
    aliases: [backend_id]
  new_name:
    description:
      - The title that the backend is to have.
      - A backend that has it already, while none has O(title), is taken for renamed.
    type: str
  enabled:
    description:
      - Whether the backend is enabled. Left alone unless given; a new backend is enabled.
    type: bool
  provider:
    description:
      - What the backend is of, such as V(ec2_us_east), V(openstack), V(digitalocean), V(rackspace:dfw), V(docker) or
        V(bare_metal). M(mistio.cloud.mist_provider_info) lists what the server knows and what each one needs.
      - Needed to add a backend.
    type: str
  api_key:
    description:
      - The account, such as the access key of EC2 or the user name of OpenStack. V(digitalocean) needs none.
      - Taken for a secret, but not where it is a user name, as with V(openstack) and V(rackspace:dfw).
    type: str
    aliases: [apikey, key]
  api_secret:
    description:
      - The secret that belongs to it, such as the secret key of EC2, the password of OpenStack, the token of
        DigitalOcean.
      - Only used to add the backend.
    type: str
    aliases: [apisecret, secret]
  api_url:
    description:
      - The address of the provider, for those that are not one and the same for everybody, such as V(openstack) and
        V(docker).
    type: str
    aliases: [apiurl]
  tenant_name:
    description:
      - The tenant or project, for V(openstack).
    type: str
  region:
    description:
      - The region, where the provider's id does not name it, as with V(openstack).
    type: str
  compute_endpoint:
    description:
      - The address of the compute service, for an V(openstack) that does not tell it.
    type: str
  docker_port:
    description:
      - The port of the docker engine, V(4243) unless given.
    type: int
  machine_ip:
    description:
      - The address of the host, for V(bare_metal). It is what identifies such a backend.
    type: str
    aliases: [machine_hostname]
  machine_user:
    description:
      - The user that Mist logs in to the host as, V(root) unless given.
    type: str
  machine_key:
    description:
      - The name of the ssh key in Mist that it logs in with.
    type: str
  machine_port:
    description:
      - The port of the host's ssh, V(22) unless given.
    type: int
  validate:
    description:
      - Whether the server is to try the credentials and refuse the backend when they don't work.
      - With V(false) the backend is added as it is, and nothing that the provider needs has to be given.
    type: bool
    default: true
    aliases: [remove_on_error]
seealso:
  - module: mistio.cloud.mist_backend_info
  - module: mistio.cloud.mist_provider_info
"""

EXAMPLES = r"""
- name: Add an OpenStack account
  mistio.cloud.mist_backend:
    mist_uri: http://mist.example.test:8000
    title: Our OpenStack
    provider: openstack
    api_url: https://openstack.example.test:5000/v2.0
    tenant_name: web
    api_key: deploy
    api_secret: "{{ vault_openstack_password }}"

- name: Set the server once for all tasks of a block
  module_defaults:
    group/mistio.cloud.mist:
      mist_uri: http://mist.example.test:8000
  block:
    - name: Add a host that is reached over ssh
      mistio.cloud.mist_backend:
        provider: bare_metal
        machine_ip: 192.0.2.17
        machine_user: admin
        machine_key: deploy

    - name: Give a backend another title and disable it
      mistio.cloud.mist_backend:
        title: Our OpenStack
        new_name: Old OpenStack
        enabled: false

    - name: Remove it from Mist
      mistio.cloud.mist_backend:
        title: Old OpenStack
        state: absent
"""

RETURN = r"""
backend:
  description: The backend as it is after the task, or would be in check mode. Null when it was removed.
  returned: success
  type: dict
  sample:
    id: 3dvjMvfQuWaXScLXAddDvXoKz9eh
    title: OpenStack one
    provider: openstack
    region:
    enabled: true
  contains:
    id:
      description: The id of the backend. It stays the same when the backend is removed and added again.
      type: str
    title:
      description: The title.
      type: str
    provider:
      description: The provider's id, such as V(ec2_us_east) or V(openstack).
      type: str
    region:
      description: The region, null where there is none or where the provider's id names it.
      type: str
    enabled:
      description: Whether the backend is enabled. Tells nothing about whether the provider can be reached.
      type: bool
actions:
  description: What was done, or would be done in check mode, a sentence each. After a failure, what was done before it.
  returned: always
  type: list
  elements: str
  sample:
    - add backend 'OpenStack one' of openstack
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import ResourceModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.backend import BackendResource


class BackendModule(ResourceModule):
    resource = BackendResource
    returns = "backend"
    options = {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "title": {"type": "str", "aliases": ["name"]},
        "id": {"type": "str", "aliases": ["backend_id"]},
        "new_name": {"type": "str"},
        "enabled": {"type": "bool"},
        "provider": {"type": "str"},
        "api_key": {"type": "str", "no_log": True, "aliases": ["apikey", "key"]},
        "api_secret": {"type": "str", "no_log": True, "aliases": ["apisecret", "secret"]},
        "api_url": {"type": "str", "aliases": ["apiurl"]},
        "tenant_name": {"type": "str"},
        "region": {"type": "str"},
        "compute_endpoint": {"type": "str"},
        "docker_port": {"type": "int"},
        "machine_ip": {"type": "str", "aliases": ["machine_hostname"]},
        "machine_user": {"type": "str"},
        "machine_key": {"type": "str", "no_log": False},
        "machine_port": {"type": "int"},
        "validate": {"type": "bool", "default": True, "aliases": ["remove_on_error"]},
    }
    rules = {"required_one_of": [("title", "id", "machine_ip")]}


def main():
    BackendModule().run()


if __name__ == "__main__":
    main()
