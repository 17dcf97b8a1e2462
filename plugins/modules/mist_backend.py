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
  - A backend is found by O(id), else by O(title).
  - On servers of 2014 and 2015, one that is a single host (O(provider=bare_metal)) is found by its address,
    O(machine_ip). Such a server takes the address as its title, so the module then renames it to O(title).
  - The same options serve both generations of servers. Which of them a provider of the V(clouds) generation takes, and
    what else in O(credentials), stands in R(the guide to
    providers,ansible_collections.mistio.cloud.docsite.providers).
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
      - The server tells no secret, so a backend that is there is not given another O(api_secret), unless
        O(update_credentials=always).
      - It does tell whether a backend is of another account, region or address, and that is a failure.
      - Servers of the V(backends) generation do not show O(api_url), O(tenant_name), O(compute_endpoint),
        O(docker_port) and O(machine_port), and those of the V(clouds) generation not the user of V(docker), V(lxd) and
        V(kubernetes). When such an option is given for a backend that is there, a warning says that it was not
        compared.
options:
  title:
    description:
      - The title of the backend, in ASCII.
      - On servers of the V(clouds) generation it has two or more letters, digits, blanks, dots, dashes and underscores,
        and begins and ends with a letter or a digit.
      - On servers of the V(backends) generation titles are not unique. When several backends have this one, the task
        fails and names their ids.
    type: str
    aliases: [name]
  id:
    description:
      - The id of a backend that is there.
    type: str
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
      - Servers of the V(clouds) generation have one V(ec2) with a O(region) in place of V(ec2_us_east) and its like,
        and V(other) in place of V(bare_metal). The ids of 2014 and common names such as V(aws) mean the same there.
      - Needed to add a backend.
    type: str
  api_key:
    description:
      - The name of the account, such as the access key id of EC2 or the user name of OpenStack.
      - It is not a secret. Results and logs show it.
      - A provider whose only key is a secret, such as V(digitalocean) and V(linode), takes that key as O(api_secret).
    type: str
    aliases: [apikey, key]
  api_secret:
    description:
      - The secret of the account, such as the secret key of EC2, the password of OpenStack, the token of
        DigitalOcean, the API key of Linode, the JSON key file of Google.
      - Only used to add the backend, unless O(update_credentials=always).
    type: str
    aliases: [apisecret, secret]
  api_url:
    description:
      - The address of the provider, for those that are not one and the same for everybody, such as V(openstack) and
        V(docker). Of a V(docker), V(lxd) or V(kubernetes) it may be a host, a host with a port, or a URL; its port is
        used as well.
    type: str
    aliases: [apiurl]
  tenant_name:
    description:
      - The tenant or project, for V(openstack), V(gce) and V(equinixmetal), or the directory, for V(azure_arm).
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
      - The address of the host, for V(bare_metal), and for V(kvm) on servers of the V(clouds) generation.
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
  credentials:
    description:
      - What the provider takes, by the server's own names, in place of the other options or beside them, such as
        C(host) and C(key_file) of a V(docker).
      - A name that the provider does not take is refused before anything is sent, and so is a value that differs from
        what another option says.
      - Fields that are not secret are shown in results.
      - For V(docker), C(show_all) is sent as V(true) unless it is given, because the server does not list stopped
        containers without it. A backend that exists without it is a warning, see O(update_credentials).
      - Only for servers of the V(clouds) generation.
    type: dict
    suboptions:
      apikey:
        description:
          - The access key id, for V(ec2) and V(aliyun_ecs).
          - Other providers have a secret of this name. Give that as O(api_secret).
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
          - For V(libvirt), the name or id of the SSH key in Mist.
        type: str
      secret:
        description:
          - The application's secret, for V(azure_arm).
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
          - The certificate of the authority, as text.
        type: str
      show_all:
        description:
          - Whether the server lists stopped containers too, for V(docker) and V(lxd).
        type: bool
      project_id:
        description:
          - The id of the project, for V(equinixmetal) and V(gce).
        type: str
      private_key:
        description:
          - The JSON key file of the service account, or its private key, for V(gce).
          - Give it as text. Ansible masks each value of a dict, also those that are not secret.
        type: raw
      email:
        description:
          - The email of the service account, for V(gce).
        type: str
      verify:
        description:
          - Whether the server verifies the TLS certificate of the host.
        type: bool
      alias:
        description:
          - The name of the host, for V(libvirt).
        type: str
      images_location:
        description:
          - The directory with the images on the host, for V(libvirt).
        type: str
      hosts:
        description:
          - The hosts of V(libvirt). The keys of each are V(host), V(key), V(username), V(port), V(alias) and
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
          - The user that Mist logs in as, for V(other).
        type: str
      machine_port:
        description:
          - The port of the host's SSH, for V(other).
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
          - The hosts of V(other). The keys of each are V(machine_hostname), V(machine_key), V(machine_user),
            V(machine_port), V(machine_name) and V(operating_system).
        type: list
        elements: dict
      max_properties_per_request:
        description:
          - The maximum number of properties in one request, for V(vsphere).
        type: int
  update_credentials:
    description:
      - Whether a backend that is there is given the credentials of this task.
      - With V(never), one that the server shows to differ from this task is a failure, which says in what. Secrets are
        not shown, so another O(api_secret) goes unnoticed.
      - With V(always), they are sent on each run, and that is a change on each run. The server tries them first,
        and refuses those that do not work, unless O(validate=false). Not all of them have to be given.
      - The server ignores empty and false values. If a task asks for a value that it cannot take back, such as
        C(show_all) of V(docker), the task fails.
      - For a list of hosts (V(bare_metal)), V(always) adds the hosts that the backend lacks. That is a change only if
        one is missing. With V(never), each missing host is a warning.
      - V(always) is only for servers of the V(clouds) generation, and not for V(kvm).
    type: str
    choices: [never, always]
    default: never
  validate:
    description:
      - Whether the server is to try the credentials and refuse the backend when they don't work.
      - On servers of the V(backends) generation, V(false) adds the backend as it is, and nothing that the provider
        needs has to be given.
      - On servers of the V(clouds) generation, V(false) has no effect on a new account. The server tries it all the
        same, and stores none that fails. V(false) does stop it from trying an update, see O(update_credentials).
      - If the server cannot log in to some hosts of a list in O(credentials), it adds the others. With V(true) the
        task removes the backend again and fails. With V(false) the backend stays, and the missing hosts are a warning.
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
    title: our-openstack
    provider: openstack
    api_url: https://openstack.example.test:5000/v2.0
    tenant_name: web
    api_key: deploy
    api_secret: "{{ vault_openstack_password }}"

- name: Add a region of EC2 to a server of the clouds generation
  mistio.cloud.mist_backend:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    title: ec2-frankfurt
    provider: ec2
    region: eu-central-1
    api_key: "{{ vault_ec2_key }}"
    api_secret: "{{ vault_ec2_secret }}"

- name: Add a docker engine with TLS, by the names that the server has for its fields
  mistio.cloud.mist_backend:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    title: docker-1
    provider: docker
    credentials:
      host: docker.example.test
      port: 2376
      key_file: "{{ vault_docker_key }}"
      cert_file: "{{ vault_docker_cert }}"
      ca_cert_file: "{{ vault_docker_ca }}"

- name: Add a list of hosts, and those that it lacks on later runs
  mistio.cloud.mist_backend:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
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

- name: Give a backend a new password, after it was changed at the provider
  mistio.cloud.mist_backend:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    title: ec2-frankfurt
    api_secret: "{{ vault_ec2_new_secret }}"
    update_credentials: always

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
        title: our-openstack
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
    settings: {}
  contains:
    id:
      description:
        - The id of the backend. Null in check mode where only the server can make it, which is on servers of the
          V(clouds) generation. On others it stays the same when the backend is removed and added again.
      type: str
    title:
      description: The title.
      type: str
    provider:
      description: The provider's id, such as V(ec2_us_east), V(ec2) or V(openstack).
      type: str
    region:
      description: The region, null where there is none or where the provider's id names it.
      type: str
    enabled:
      description: Whether the backend is enabled. Tells nothing about whether the provider can be reached.
      type: bool
    settings:
      description:
        - What the server shows of the provider's fields, by its own names, such as V(host) and V(port). No secrets.
        - Empty on servers of the V(backends) generation.
      type: dict
actions:
  description: What was done, or would be done in check mode, a sentence each. After a failure, what was done before it.
  returned: always
  type: list
  elements: str
  sample:
    - add backend 'OpenStack one' of openstack
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
