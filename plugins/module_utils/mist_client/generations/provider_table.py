# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of each provider of the clouds generation, as data: recordings/4.7/CONTRACT.md 4.

One rule maps the general options to the fields: ``api_key`` identifies the account and is public. ``api_secret`` is
secret, even if the server calls the field ``apikey`` or ``token``.
"""

from __future__ import annotations

from typing import NamedTuple

from ..records import BackendSpec

#: the type of a field's value. An ADDRESS is a host or a URL, a KEY_FILE is JSON as text or as a dict
TEXT, NUMBER, SWITCH, ADDRESS, URL, KEY_FILE, HOSTS = "text", "number", "switch", "address", "url", "key file", "hosts"


class Field(NamedTuple):
    """A field, by the server's name. ``option`` is the option of ``BackendSpec`` that sets it, "" if there is none.

    The server does not list ``secret`` and ``hidden`` fields. Only a ``secret`` value must never be shown.
    ``spellings`` are other names that the server accepts. ``default`` is the value that this client sends if none is
    given, ``initial`` the value that the server sets if none is sent.
    """

    name: str
    option: str = ""
    required: bool = False
    secret: bool = False
    hidden: bool = False
    kind: str = TEXT
    spellings: tuple[str, ...] = ()
    default: bool | None = None
    initial: bool | int | None = None


def needs_option(field: Field) -> bool:
    """Whether only ``field.option`` can set it: the field is secret, but public for other providers."""
    return field.secret and field.name in PUBLIC_NAMES


class Provider(NamedTuple):
    """A provider. If its cloud is a list of hosts, ``hosts`` are the fields of a host, and ``fields`` is the list."""

    title: str
    aliases: tuple[str, ...]
    fields: tuple[Field, ...]
    hosts: tuple[Field, ...] = ()

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """With the fields of one host, because a single host can be given without the list."""
        return self.hosts + self.fields


APIKEY = Field("apikey", "api_key", required=True)
SECRET_APIKEY = Field("apikey", "api_secret", required=True, secret=True)
APISECRET = Field("apisecret", "api_secret", required=True, secret=True)
TOKEN = Field("token", "api_secret", required=True, secret=True)
USERNAME = Field("username", "api_key", required=True)
PASSWORD = Field("password", "api_secret", required=True, secret=True)
REGION = Field("region", "region", required=True)
HOST = Field("host", "api_url", required=True, kind=ADDRESS)
PORT = Field("port", kind=NUMBER)
TLS = (Field("key_file", secret=True), Field("cert_file", secret=True), Field("ca_cert_file", secret=True))
#: without it the server does not list stopped containers (recordings/4.7/CONTRACT-2.md 1)
SHOW_ALL = Field("show_all", kind=SWITCH, default=True)
VERIFY = Field("verify", kind=SWITCH)
KUBERNETES = (
    HOST,
    Field("token", "api_secret", secret=True),
    PORT._replace(initial=6443),
    Field("username", hidden=True),
    Field("password", secret=True),
    *TLS,
    VERIFY,
)

# Titles and all aliases are recorded, except the first alias of each provider (recordings/4.7, providers). Fields are
# recorded for docker, ec2 and other, and read in the server's source for the rest (recordings/4.7/CONTRACT.md 4).
PROVIDERS: dict[str, Provider] = {
    "aliyun_ecs": Provider("Alibaba Cloud", ("alibaba", "aliyun", "aliyun ecs", "ecs"), (APIKEY, APISECRET, REGION)),
    "azure_arm": Provider(
        "Microsoft Azure",
        ("azure", "arm"),
        (
            Field("tenant_id", "tenant_name", required=True),
            Field("subscription_id", required=True),
            Field("key", "api_key", required=True),
            Field("secret", "api_secret", required=True, secret=True),
        ),
    ),
    "cloudsigma": Provider("CloudSigma", (), (USERNAME, PASSWORD, REGION)),
    "digitalocean": Provider("DigitalOcean", (), (TOKEN,)),
    "docker": Provider(
        "Docker",
        (),
        (
            HOST._replace(spellings=("docker_host",)),
            Field("port", "docker_port", kind=NUMBER, spellings=("docker_port",), initial=4243),
            Field("username", "api_key", hidden=True, spellings=("auth_user",)),
            Field("password", "api_secret", secret=True, spellings=("auth_password",)),
            *TLS,
            SHOW_ALL,
        ),
    ),
    "ec2": Provider("Amazon Web Services", ("amazon", "aws"), (APIKEY, APISECRET, REGION)),
    "equinixmetal": Provider(
        "Equinix Metal", ("equinix", "packet", "packet.net"), (SECRET_APIKEY, Field("project_id", "tenant_name"))
    ),
    "gce": Provider(
        "Google Cloud Platform",
        ("google", "gcp", "google cloud"),
        (
            Field("project_id", "tenant_name", required=True),
            Field("private_key", "api_secret", required=True, secret=True, kind=KEY_FILE),
            Field("email", "api_key"),
        ),
    ),
    "hostvirtual": Provider("HostVirtual", (), (SECRET_APIKEY,)),
    "kubernetes": Provider("Kubernetes", (), KUBERNETES),
    "kubevirt": Provider("KubeVirt", (), KUBERNETES),
    "libvirt": Provider(
        "KVM",
        ("kvm",),
        (Field("hosts", required=True, kind=HOSTS),),
        hosts=(
            Field("host", "machine_ip", required=True, spellings=("machine_hostname",)),
            Field("key", "machine_key", required=True, spellings=("machine_key",)),
            Field("username", "machine_user", spellings=("machine_user",)),
            Field("port", "machine_port", kind=NUMBER, spellings=("ssh_port",)),
            Field("alias", spellings=("machine_name",)),
            Field("images_location"),
        ),
    ),
    "linode": Provider("Linode", (), (SECRET_APIKEY,)),
    "lxd": Provider(
        "LXD",
        ("lxc",),
        (
            HOST,
            Field("username", "api_key", hidden=True),
            Field("password", "api_secret", secret=True),
            PORT._replace(initial=8443),
            *TLS,
            # read in the server's source: LXDComputeController._list_machines__fetch_machines ignores it and lists
            # all containers
            SHOW_ALL._replace(default=None),
        ),
    ),
    "maxihost": Provider("Maxihost", (), (TOKEN,)),
    "onapp": Provider(
        "OnApp", (), (USERNAME, SECRET_APIKEY, Field("host", "api_url", required=True), VERIFY._replace(initial=True))
    ),
    "openshift": Provider("OpenShift", (), KUBERNETES),
    # the server lists Vexxhost with the driver openstack (recordings/4.7, providers)
    "openstack": Provider(
        "OpenStack",
        ("vexxhost",),
        (
            USERNAME,
            PASSWORD,
            Field("url", "api_url", required=True, kind=URL, spellings=("auth_url",)),
            Field("tenant", "tenant_name", required=True, spellings=("tenant_name",)),
            Field("region", "region"),
            Field("compute_endpoint", "compute_endpoint", kind=URL),
            Field("domain", spellings=("domain_name",)),
            Field("tenant_id"),
        ),
    ),
    "other": Provider(
        "Other server",
        ("bare_metal", "ssh"),
        (Field("machines", kind=HOSTS),),
        hosts=(
            Field("machine_hostname", "machine_ip", required=True),
            Field("machine_key", "machine_key"),
            Field("machine_user", "machine_user"),
            Field("machine_port", "machine_port", kind=NUMBER),
            Field("machine_name"),
            Field("operating_system"),
        ),
    ),
    "rackspace": Provider("Rackspace", (), (USERNAME, SECRET_APIKEY, REGION)),
    "softlayer": Provider("IBM Cloud", ("ibm", "ibm cloud"), (USERNAME, SECRET_APIKEY)),
    "vsphere": Provider(
        "vSphere",
        ("vcenter", "esxi"),
        (
            HOST,
            USERNAME,
            PASSWORD,
            Field("ca_cert_file", secret=True),
            Field("max_properties_per_request", kind=NUMBER, initial=20),
        ),
    ),
    "vultr": Provider("Vultr", (), (SECRET_APIKEY,)),
}
#: names of fields that are public for at least one provider
PUBLIC_NAMES = frozenset(
    field.name for provider in PROVIDERS.values() for field in provider.all_fields if not field.secret
)
BY_NAME = {name: driver for driver, provider in PROVIDERS.items() for name in (driver, *provider.aliases)}

#: the options of BackendSpec that set fields of a provider
GENERAL = frozenset(BackendSpec.__annotations__) - {"title", "provider", "credentials", "validate"}

#: the regions of the EC2 ids of 2014 (recordings/2014, providers.list)
EC2_REGIONS_2014 = {
    "ec2_ap_northeast": "ap-northeast-1",
    "ec2_ap_southeast": "ap-southeast-1",
    "ec2_ap_southeast_2": "ap-southeast-2",
    "ec2_eu_west": "eu-west-1",
    "ec2_sa_east": "sa-east-1",
    "ec2_us_east": "us-east-1",
    "ec2_us_west": "us-west-1",
    "ec2_us_west_oregon": "us-west-2",
}
#: providers of 2014 that later servers do not support
REMOVED_SINCE_2014 = {"hpcloud": "HP Helion Cloud", "nephoscale": "NephoScale"}
