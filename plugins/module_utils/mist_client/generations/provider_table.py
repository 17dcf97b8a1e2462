# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which fields each provider of the clouds generation takes, as data: recordings/4.7/CONTRACT.md 4.

One rule gives the general options to the fields: ``api_key`` names the account and is public, and ``api_secret`` is
what must stay secret, also where the server calls that ``apikey`` or ``token``.
"""

from __future__ import annotations

from typing import NamedTuple

from ..records import BackendSpec

#: what a field holds; an ADDRESS is a host or a URL, a KEY_FILE is JSON in a text or a dict
TEXT, NUMBER, SWITCH, ADDRESS, URL, KEY_FILE, HOSTS = "text", "number", "switch", "address", "url", "key file", "hosts"


class Field(NamedTuple):
    """A field by the server's name. ``option`` is the option of ``BackendSpec`` that says it, "" where none does.

    The listing leaves out ``secret`` and ``hidden`` fields; only a ``secret`` one must never be shown. ``spellings``
    are other names that the server takes. ``default`` is the value that this client sends when none is given, and
    ``initial`` is the value that the server fills in.
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
    """Whether only ``field.option`` may say it: it is secret, and with other providers the same name is public."""
    return field.secret and field.name in PUBLIC_NAMES


class Provider(NamedTuple):
    """``hosts`` are the fields of one host, where the cloud is a list of hosts: then ``fields`` is that list alone."""

    title: str
    aliases: tuple[str, ...]
    fields: tuple[Field, ...]
    hosts: tuple[Field, ...] = ()

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """A single host may be told by its fields in place of the list."""
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

# Titles and the aliases behind the first are V (recordings/4.7, providers); fields are V for docker, ec2 and other.
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
            # R: it has no effect (LXDComputeController._list_machines__fetch_machines lists all containers anyway)
            SHOW_ALL._replace(default=None),
        ),
    ),
    "maxihost": Provider("Maxihost", (), (TOKEN,)),
    "onapp": Provider(
        "OnApp", (), (USERNAME, SECRET_APIKEY, Field("host", "api_url", required=True), VERIFY._replace(initial=True))
    ),
    "openshift": Provider("OpenShift", (), KUBERNETES),
    # Vexxhost is OpenStack to the server, too (V)
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
#: names of fields whose values may be shown, at least with some providers
PUBLIC_NAMES = frozenset(
    field.name for provider in PROVIDERS.values() for field in provider.all_fields if not field.secret
)
BY_NAME = {name: driver for driver, provider in PROVIDERS.items() for name in (driver, *provider.aliases)}

#: the options of BackendSpec that say a provider's fields
GENERAL = frozenset(BackendSpec.__annotations__) - {"title", "provider", "credentials", "validate"}

#: the regions that 2014's ids of EC2 name (recordings/2014, providers.list)
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
#: providers of 2014 that there are none of any more
GONE_SINCE_2014 = {"hpcloud": "HP Helion Cloud", "nephoscale": "NephoScale"}
