# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The providers of v4.7: names, aliases and fields, as data (contract 4.7, section 4)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fields:
    """What a provider is added with. `model` is the class that the server's own texts name."""

    driver: str
    model: str
    aliases: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    secret: frozenset[str] = frozenset()
    old_names: dict[str, str] = field(default_factory=dict)


_TLS = ("key_file", "cert_file", "ca_cert_file")
_ENGINE = ("port", "username", "password", "show_all", *_TLS)
_CONTAINERS = frozenset({"password", *_TLS})
_KUBERNETES = (
    ("port", "token", "username", "password", "verify", *_TLS),
    frozenset({"token", "password", *_TLS}),
)
_OPENSTACK = (
    ("username", "password", "url", "tenant"),
    ("domain", "region", "tenant_id", "compute_endpoint"),
    frozenset({"password"}),
    {"auth_url": "url", "tenant_name": "tenant", "domain_name": "domain"},
)
_APIKEY = frozenset({"apikey"})
_APISECRET = frozenset({"apisecret"})
_PASSWORD = frozenset({"password"})
_TOKEN = frozenset({"token"})
HOST_FIELDS = (
    *("machine_hostname", "machine_name", "machine_user", "machine_port", "machine_key"),
    *("operating_system", "remote_desktop_port", "ssh_port", "monitoring"),
)
_DOCKER_OLD = {
    "docker_host": "host",
    "docker_port": "port",
    "auth_user": "username",
    "auth_password": "password",
}

PROVIDERS: tuple[Fields, ...] = (
    Fields("ec2", "AmazonCloud", ("amazon", "aws"), ("apikey", "apisecret", "region"), secret=_APISECRET),
    Fields(
        "aliyun_ecs",
        "AlibabaCloud",
        ("alibaba", "aliyun", "ecs", "aliyun ecs"),
        ("apikey", "apisecret", "region"),
        secret=_APISECRET,
    ),
    Fields(
        "azure_arm",
        "AzureArmCloud",
        ("azure", "arm"),
        ("tenant_id", "subscription_id", "key", "secret"),
        secret=frozenset({"secret"}),
    ),
    Fields(
        "gce",
        "GoogleCloud",
        ("google", "gcp", "google cloud"),
        ("project_id", "private_key"),
        ("email",),
        frozenset({"private_key"}),
    ),
    Fields(
        "equinixmetal", "EquinixMetalCloud", ("equinix", "packet", "packet.net"), ("apikey",), ("project_id",), _APIKEY
    ),
    Fields("softlayer", "SoftLayerCloud", ("ibm", "ibm cloud"), ("username", "apikey"), secret=_APIKEY),
    Fields("digitalocean", "DigitalOceanCloud", required=("token",), secret=_TOKEN),
    Fields("linode", "LinodeCloud", required=("apikey",), secret=_APIKEY),
    Fields("maxihost", "MaxihostCloud", required=("token",), secret=_TOKEN),
    Fields("vultr", "VultrCloud", required=("apikey",), secret=_APIKEY),
    Fields("hostvirtual", "HostVirtualCloud", required=("apikey",), secret=_APIKEY),
    Fields("rackspace", "RackSpaceCloud", required=("username", "apikey", "region"), secret=_APIKEY),
    Fields("openstack", "OpenStackCloud", (), *_OPENSTACK),
    Fields("vexxhost", "VexxhostCloud", (), *_OPENSTACK),
    Fields("onapp", "OnAppCloud", (), ("username", "apikey", "host"), ("verify",), _APIKEY),
    Fields("cloudsigma", "CloudSigmaCloud", required=("username", "password", "region"), secret=_PASSWORD),
    Fields(
        "vsphere",
        "VSphereCloud",
        ("vcenter", "esxi"),
        ("host", "username", "password"),
        ("ca_cert_file", "max_properties_per_request"),
        frozenset({"password", "ca_cert_file"}),
    ),
    Fields("libvirt", "LibvirtCloud", ("kvm",), ("hosts",), HOST_FIELDS),
    Fields("docker", "DockerCloud", (), ("host",), _ENGINE, _CONTAINERS, _DOCKER_OLD),
    Fields("lxd", "LXDCloud", ("lxc",), ("host",), _ENGINE, _CONTAINERS),
    Fields("kubernetes", "KubernetesCloud", (), ("host",), *_KUBERNETES),
    Fields("kubevirt", "KubeVirtCloud", (), ("host",), *_KUBERNETES),
    Fields("openshift", "OpenShiftCloud", (), ("host",), *_KUBERNETES),
    Fields("other", "OtherCloud", ("bare_metal", "ssh"), (), ("machines", *HOST_FIELDS)),
)
_BY_NAME = {name: fields for fields in PROVIDERS for name in (fields.driver, *fields.aliases)}
COMMON_FIELDS = ("fail_on_error", "remove_on_error", "polling_interval", "dns_enabled", "object_storage_enabled")
DEFAULTS: dict[str, dict[str, object]] = {"docker": {"port": 4243}, "lxd": {"port": 8443}}


def fields_of(provider: str) -> Fields | None:
    """By driver or alias; None for a name that the server does not know."""
    return _BY_NAME.get(provider)
