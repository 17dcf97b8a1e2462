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
  - Adds, renames, enables, disables and removes the backends of a Mist server, and updates their credentials.
  - A backend is a cloud account, such as a region of EC2, or a list of hosts that Mist reaches over SSH. The web
    interface of Mist 4.7 calls it a cloud.
  - The module finds a backend by its O(id) or its O(title).
  - R(The guide to providers,ansible_collections.mistio.cloud.docsite.providers) lists the options of each provider.
  - Removing a backend does not change the machines of the account.
  - On servers of the generation V(backends), the module finds a single host (O(provider=bare_metal)) by O(machine_ip),
    because these servers use the address as the title. The module then renames the backend to O(title).
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.state
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  idempotent:
    support: partial
    details:
      - Mist does not return secrets, so the module does not notice that O(api_secret) differs from the secret of an
        existing backend. Use O(update_credentials=always) to send it.
      - The module compares the public values that Mist returns, such as the provider, the region and the address. If
        one differs, the task fails, unless O(update_credentials=always) can change it.
      - Mist does not return the user names for V(docker), V(lxd), V(kubernetes), V(kubevirt) and V(openshift). If you
        set one for an existing backend, a warning says that it was not compared.
      - Servers of the generation V(backends) do not return O(api_url), O(tenant_name), O(compute_endpoint),
        O(docker_port) and O(machine_port). The same warning applies to them.
options:
  title:
    description:
      - The title of the backend.
      - It must have at least two characters. Only ASCII letters, digits, spaces, dots, dashes and underscores are
        allowed. The first and the last character must be a letter or a digit.
      - On servers of the generation V(backends), any ASCII title is valid, but titles are not unique. The task fails if
        several backends have this title, and the error lists their ids.
    type: str
    aliases: [name]
  id:
    description:
      - The id of an existing backend.
    type: str
  new_name:
    description:
      - The new title of the backend.
      - If no backend has O(title), the module looks for a backend with this title. If there is none either, it adds the
        backend with this title.
    type: str
  enabled:
    description:
      - Whether the backend is enabled.
      - If not set, an existing backend stays as it is, and a new backend is enabled.
    type: bool
  provider:
    description:
      - The provider of the backend, such as V(ec2), V(openstack), V(digitalocean), V(docker) or V(bare_metal). Use
        M(mistio.cloud.mist_provider_info) to list the providers and the options that they require.
      - Required to add a backend. The default is V(bare_metal) if O(machine_ip) is set.
      - Aliases such as V(aws) are allowed, and so are the names of 2014. For example, V(ec2_us_east) means V(ec2) with
        O(region=us-east-1), and V(bare_metal) means V(other).
      - On servers of the generation V(backends), the provider must be one of the names of 2014, such as V(ec2_us_east)
        or V(rackspace:dfw).
    type: str
  api_key:
    description:
      - The public name of the account, such as the access key id of EC2 or the user name of OpenStack.
      - It is shown in results and logs.
      - If a provider requires only a secret, such as V(digitalocean) and V(linode), set O(api_secret) instead.
    type: str
    aliases: [apikey, key]
  api_secret:
    description:
      - The secret of the account, such as the secret access key of EC2, the password of OpenStack, the token of
        DigitalOcean, the API key of Linode or the JSON key file of Google.
      - It is used to add a backend. Set O(update_credentials=always) to change the secret of an existing backend.
    type: str
    aliases: [apisecret, secret]
  api_url:
    description:
      - The address of the provider. It is required for a provider that you run yourself, such as V(openstack) or
        V(docker).
      - For V(openstack), it is a URL. For V(docker), V(lxd) and V(kubernetes), it is a host, a host with a port, or a
        URL. A port in it is the port of the backend.
    type: str
    aliases: [apiurl]
  tenant_name:
    description:
      - The tenant or project for V(openstack), the project id for V(gce) and V(equinixmetal), or the directory (tenant)
        id for V(azure_arm).
    type: str
  region:
    description:
      - The region of the provider.
      - Required to add a backend of V(ec2), V(aliyun_ecs), V(cloudsigma) or V(rackspace), unless O(provider) is a name
        of 2014 that includes the region. Optional for V(openstack).
    type: str
  compute_endpoint:
    description:
      - The URL of the compute service, for V(openstack).
    type: str
  docker_port:
    description:
      - The port of the Docker engine. The default is V(4243).
    type: int
  machine_ip:
    description:
      - The address of the host, for V(bare_metal) and V(kvm).
      - Servers of the generation V(backends) use it for V(bare_metal) only.
    type: str
    aliases: [machine_hostname]
  machine_user:
    description:
      - The user for the SSH connection from Mist to the host. The default is V(root).
    type: str
  machine_key:
    description:
      - The SSH key for the connection from Mist to the host, by its name or id in Mist.
    type: str
  machine_port:
    description:
      - The SSH port of the host. The default is V(22).
    type: int
  credentials:
    description:
      - The fields of the provider, by the names that Mist uses for them, such as C(host) and C(key_file) for V(docker).
      - Use it instead of the other options or together with them. The task fails if two options set a field to
        different values, or if the provider does not have the field.
      - Results show the fields that are not secret.
      - For V(docker), the module sends C(show_all=true) by default, because Mist does not list stopped containers
        otherwise. If an existing backend does not have C(show_all), a warning explains how to set it.
      - Servers of the generation V(backends) do not support this option.
    type: dict
    suboptions:
      apikey:
        description:
          - The access key id, for V(ec2) and V(aliyun_ecs).
          - For other providers, this field is a secret. Set O(api_secret) instead.
        type: str
      apisecret:
        description:
          - The secret access key, for V(ec2) and V(aliyun_ecs).
        type: str
      region:
        description:
          - The region.
        type: str
      tenant_id:
        description:
          - The id of the tenant, for V(azure_arm) and V(openstack).
        type: str
      subscription_id:
        description:
          - The id of the subscription, for V(azure_arm).
        type: str
      key:
        description:
          - The application id, for V(azure_arm).
          - The name or id of the SSH key in Mist, for V(libvirt).
        type: str
      secret:
        description:
          - The secret of the application, for V(azure_arm).
        type: str
      username:
        description:
          - The name of the user.
        type: str
        aliases: [auth_user]
      password:
        description:
          - The password of the user.
        type: str
        aliases: [auth_password]
      token:
        description:
          - The API token, for V(digitalocean), V(kubernetes), V(kubevirt), V(maxihost) and V(openshift).
        type: str
      host:
        description:
          - The address of the host.
        type: str
        aliases: [docker_host]
      port:
        description:
          - The port of the host.
        type: int
        aliases: [docker_port, ssh_port]
      key_file:
        description:
          - The private key of the client certificate, as text.
        type: str
      cert_file:
        description:
          - The client certificate, as text.
        type: str
      ca_cert_file:
        description:
          - The CA certificate, as text.
        type: str
      show_all:
        description:
          - Whether Mist lists stopped containers as well, for V(docker).
          - It has no effect for V(lxd), because Mist always lists all LXD containers.
        type: bool
      project_id:
        description:
          - The id of the project, for V(equinixmetal) and V(gce).
        type: str
      private_key:
        description:
          - The JSON key file of the service account, or its private key, for V(gce).
          - Write it as text. If it is a dictionary, Ansible masks all its values, also those that are not secret.
        type: raw
      email:
        description:
          - The email address of the service account, for V(gce).
        type: str
      verify:
        description:
          - Whether Mist verifies the TLS certificate of the host.
        type: bool
      alias:
        description:
          - The name of the host, for V(libvirt).
        type: str
      images_location:
        description:
          - The directory of the images on the host, for V(libvirt).
        type: str
      hosts:
        description:
          - The hosts, for V(libvirt). The keys of each host are V(host), V(key), V(username), V(port), V(alias) and
            V(images_location).
        type: list
        elements: dict
      url:
        description:
          - The URL of the identity service, for V(openstack).
        type: str
        aliases: [auth_url]
      tenant:
        description:
          - The name of the tenant or project, for V(openstack).
        type: str
        aliases: [tenant_name]
      compute_endpoint:
        description:
          - The URL of the compute service, for V(openstack).
        type: str
      domain:
        description:
          - The name of the domain, for V(openstack).
        type: str
        aliases: [domain_name]
      machine_hostname:
        description:
          - The address of the host, for V(other).
        type: str
      machine_key:
        description:
          - The name or id of the SSH key in Mist, for V(other).
        type: str
      machine_user:
        description:
          - The user for the SSH connection from Mist to the host, for V(other).
        type: str
      machine_port:
        description:
          - The SSH port of the host, for V(other).
        type: int
      machine_name:
        description:
          - The name of the host, for V(other).
        type: str
      operating_system:
        description:
          - The operating system of the host, for V(other).
        type: str
      machines:
        description:
          - The hosts, for V(other). The keys of each host are V(machine_hostname), V(machine_key), V(machine_user),
            V(machine_port), V(machine_name) and V(operating_system).
        type: list
        elements: dict
      max_properties_per_request:
        description:
          - The maximum number of properties in one request, for V(vsphere).
        type: int
  update_credentials:
    description:
      - Whether to update the credentials of an existing backend.
      - V(never) sends no credentials. The task fails if a value that Mist returns differs from the task. It does not
        notice that a secret differs, because Mist does not return secrets.
      - V(always) sends the credentials of the task at each run, and each run reports a change. You can leave out values
        that stay the same. Mist rejects credentials that do not work, unless O(validate=false).
      - Mist ignores empty and false values in an update. If the update must change a value to an empty or false one,
        such as C(show_all) of V(docker) to V(false), the task fails.
      - For a list of hosts (V(bare_metal)), V(always) adds the hosts that the backend does not have, and reports a
        change only if there are some. V(never) warns about each missing host.
      - V(always) is not supported for V(kvm), nor by servers of the generation V(backends).
    type: str
    choices: [never, always]
    default: never
  validate:
    description:
      - Whether Mist must reject credentials that do not work.
      - For an update, V(false) stores the new credentials without trying them, see O(update_credentials).
      - For a new backend, V(false) has no effect, because Mist always tries the credentials.
      - If Mist cannot log in to all hosts of a list in O(credentials), it adds a new backend without those hosts. With
        V(true), the task removes the backend again and fails. With V(false), the backend stays, and a warning names the
        missing hosts.
      - On servers of the generation V(backends), V(false) adds a new backend without trying its credentials, and no
        option of the provider is required.
    type: bool
    default: true
    aliases: [remove_on_error]
seealso:
  - module: mistio.cloud.mist_backend_info
  - module: mistio.cloud.mist_provider_info
"""

EXAMPLES = r"""
# These examples take the server and the token from the environment variables MIST_URI and MIST_API_TOKEN.

- name: Add a region of EC2
  mistio.cloud.mist_backend:
    title: ec2-frankfurt
    provider: ec2
    region: eu-central-1
    api_key: "{{ vault_ec2_key }}"
    api_secret: "{{ vault_ec2_secret }}"

- name: Add an OpenStack account
  mistio.cloud.mist_backend:
    title: our-openstack
    provider: openstack
    api_url: https://openstack.example.test:5000
    tenant_name: web
    api_key: deploy
    api_secret: "{{ vault_openstack_password }}"

- name: Add a Docker engine with TLS
  mistio.cloud.mist_backend:
    title: docker-1
    provider: docker
    credentials:
      host: docker.example.test
      port: 2376
      key_file: "{{ vault_docker_key }}"
      cert_file: "{{ vault_docker_cert }}"
      ca_cert_file: "{{ vault_docker_ca }}"

- name: Add a list of hosts, and add missing hosts at later runs
  mistio.cloud.mist_backend:
    title: our-hosts
    provider: bare_metal
    credentials:
      machines:
        - machine_name: db1
          machine_hostname: 192.0.2.17
          machine_key: deploy
        - machine_name: db2
          machine_hostname: 192.0.2.18
          machine_port: 2222
          machine_key: deploy
    update_credentials: always

- name: Update the secret of a backend after it has changed at the provider
  mistio.cloud.mist_backend:
    title: ec2-frankfurt
    api_secret: "{{ vault_ec2_new_secret }}"
    update_credentials: always

- name: Rename and disable a backend
  mistio.cloud.mist_backend:
    title: our-openstack
    new_name: old-openstack
    enabled: false

- name: Set the server once for several tasks
  module_defaults:
    group/mistio.cloud.mist:
      mist_uri: https://mist.example.test
      mist_api_token: "{{ vault_mist_token }}"
  block:
    - name: Remove a backend
      mistio.cloud.mist_backend:
        title: old-openstack
        state: absent

- name: Add a host to a server of 2014
  mistio.cloud.mist_backend:
    mist_uri: http://old-mist.example.test:8000
    title: our-host
    provider: bare_metal
    machine_ip: 192.0.2.17
    machine_user: admin
    machine_key: deploy
"""

RETURN = r"""
backend:
  description: The backend after the task, or the predicted backend in check mode. Null if it was removed.
  returned: success
  type: dict
  sample:
    id: 5f0c1d2e3b4a49788c6d5e4f3a2b1c0d
    title: docker-1
    provider: docker
    region:
    enabled: true
    settings:
      host: docker.example.test
      port: 2376
      show_all: true
  contains:
    id:
      description:
        - The id of the backend.
        - Null in check mode for a new backend, because Mist creates the id. Servers of the generation V(backends)
          derive the id from the account, so there it is known.
      type: str
    title:
      description: The title of the backend.
      type: str
    provider:
      description: The provider of the backend, such as V(ec2), V(openstack) or V(docker).
      type: str
    region:
      description:
        - The region of the backend. Null if it has none.
        - On servers of the generation V(backends), also null if the name of the provider includes the region.
      type: str
    enabled:
      description: Whether the backend is enabled. An enabled backend can still be unreachable.
      type: bool
    settings:
      description:
        - The public fields that Mist returns, by the names that it uses for them, such as V(host) and V(port).
        - Empty on servers of the generation V(backends).
      type: dict
actions:
  description: The changes of the task, or the predicted changes in check mode. After a failure, the changes before it.
  returned: always
  type: list
  elements: str
  sample:
    - add backend 'docker-1' of docker
"""

from ansible_collections.mistio.cloud.plugins.module_utils._argspec import credentials_options
from ansible_collections.mistio.cloud.plugins.module_utils._module import ResourceModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.backend import BackendResource


class BackendModule(ResourceModule):
    resource = BackendResource
    returns = "backend"
    options = {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "title": {"type": "str", "aliases": ["name"]},
        "id": {"type": "str"},
        "new_name": {"type": "str"},
        "enabled": {"type": "bool"},
        "provider": {"type": "str"},
        "api_key": {"type": "str", "no_log": False, "aliases": ["apikey", "key"]},
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
        "credentials": {"type": "dict", "options": credentials_options()},
        "update_credentials": {"type": "str", "choices": ["never", "always"], "default": "never", "no_log": False},
        "validate": {"type": "bool", "default": True, "aliases": ["remove_on_error"]},
    }
    rules = {"required_one_of": [("title", "id", "machine_ip")]}


def main():
    BackendModule().run()


if __name__ == "__main__":
    main()
