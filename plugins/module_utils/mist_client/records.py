# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The canonical records: the parsed answers of all generations. Plain dicts, ready for JSON.

A missing value is ``None``, never ``""``. Lists and dicts are present even if they are empty. No record contains
a secret.
"""

from __future__ import annotations

from typing import Any, TypedDict


class ProviderRecord(TypedDict):
    """A provider that the server supports, with the options of ``BackendSpec`` that it accepts.

    ``credentials.x`` is the field ``x`` in ``credentials``.
    """

    provider: str
    title: str
    required: list[str]
    optional: list[str]


class BackendRecord(TypedDict):
    """A cloud account in Mist. ``region`` is None if there is none, or if the provider's id includes it.

    ``settings`` are the provider's fields that the server lists, by its own names. It is empty before 2016.
    """

    id: str
    title: str
    provider: str
    region: str | None
    enabled: bool
    settings: dict[str, Any]


class BackendSpec(TypedDict, total=False):
    """The input for a new backend. ``ProviderRecord.required`` lists the fields that a provider requires.

    ``credentials`` are the provider's fields by the server's own names. Only servers of the clouds generation accept
    them. ``validate`` false adds the backend without a test of the credentials.
    """

    title: str
    provider: str
    credentials: dict[str, Any]
    api_key: str
    api_secret: str
    api_url: str
    tenant_name: str
    region: str
    compute_endpoint: str
    docker_port: int
    machine_ip: str
    machine_user: str
    machine_key: str
    machine_port: int
    validate: bool


class AssociationRecord(TypedDict):
    """The association of a key with a machine. ``last_used`` is the Unix time of its last login, or None."""

    backend_id: str
    machine_id: str
    user: str | None
    port: int
    last_used: float | None


class KeyRecord(TypedDict):
    """An SSH key pair in Mist. The private and the public key are separate requests."""

    id: str
    name: str
    default: bool
    machines: list[AssociationRecord]


class MachineKeyRecord(TypedDict):
    """The association of a key with a machine, in the record of the machine."""

    key_id: str
    user: str | None
    port: int
    last_used: float | None


class CostRecord(TypedDict):
    """The cost of a machine, in the provider's currency."""

    hourly: float
    monthly: float


class ExpirationRecord(TypedDict):
    """When a machine expires: ``action`` is stop or destroy, ``date`` is ``YYYY-MM-DD HH:MM:SS`` in UTC.

    ``notify`` is how many seconds before that the owner is notified, 0 for never.
    """

    date: str
    action: str
    notify: int


class MachineRecord(TypedDict):
    """A machine of a backend.

    ``id`` is the id in Mist, ``external_id`` the provider's id. Both are the same before 2016. ``state`` is running,
    rebooting, pending, stopped, terminated, or from 2016 on another value of the server. ``actions`` says which of
    start, stop, reboot, destroy and tag are possible now, and from 2016 on also other actions. ``size`` is an id before
    2016, later a name. ``created`` is the provider's text. ``machine_type`` and all fields after it are None before
    2016.
    """

    id: str
    external_id: str
    name: str
    backend_id: str
    state: str
    public_ips: list[str]
    private_ips: list[str]
    dns_name: str | None
    image: str | None
    size: str | None
    location: str | None
    tags: dict[str, str]
    actions: dict[str, bool]
    created: str | None
    extra: dict[str, Any]
    machine_type: str | None
    monitored: bool | None
    ssh_keys: list[MachineKeyRecord] | None
    cost: CostRecord | None
    expiration: ExpirationRecord | None


class MachineSpec(TypedDict, total=False):
    """The input for a new machine. ``image``, ``size``, ``location``, ``key`` and ``networks`` are ids.

    Only servers before 2016 support ``image_extra``, ``disk`` and ``ips``. Only later servers support the fields from
    ``custom_size`` to ``tags``. ``custom_size`` replaces ``size`` for providers that require a size in numbers. It and
    ``volumes`` have the server's own fields. ``parameters`` are additional fields, sent unchanged.
    """

    name: str
    image: str
    size: str
    location: str
    key: str
    image_extra: str
    disk: str
    script: str
    ips: list[str]
    custom_size: dict[str, Any]
    networks: list[str]
    volumes: list[dict[str, Any]]
    cloud_init: str
    tags: dict[str, str]
    monitoring: bool
    parameters: dict[str, Any]


class ImageRecord(TypedDict):
    """``external_id`` is the provider's id, also for sizes, locations and networks. Before 2016 it equals ``id``."""

    id: str
    external_id: str
    name: str
    starred: bool
    extra: dict[str, Any]


class SizeRecord(TypedDict):
    """``ram`` is in MB and ``disk`` in GB, None if the provider gives no numbers. ``price`` is the provider's text."""

    id: str
    external_id: str
    name: str
    ram: int | None
    disk: int | None
    price: str | None


class LocationRecord(TypedDict):
    id: str
    external_id: str
    name: str
    country: str | None
    location_type: str | None


class NetworkRecord(TypedDict):
    id: str
    external_id: str
    name: str
    extra: dict[str, Any]


class ProbeRecord(TypedDict):
    """The result of a probe of a machine.

    ``ssh`` is whether a login worked. If not, the fields from ``uptime`` (in seconds) to ``private_ips`` are empty.
    ``ping`` is whether the machine answered pings. ``packets_loss`` is from 0 to 1, round trip times are in
    milliseconds.
    """

    ssh: bool
    uptime: float | None
    load: list[float]
    cores: int | None
    users: int | None
    public_ips: list[str]
    private_ips: list[str]
    ping: bool
    packets_loss: float | None
    rtt_min: float | None
    rtt_avg: float | None
    rtt_max: float | None


class MonitoringRecord(TypedDict):
    """The result of enabling monitoring. ``command`` installs the agent manually. It contains the agent's password."""

    host: str | None
    command: str


class MetricRecord(TypedDict):
    id: str
    name: str
    unit: str


class MonitoredRecord(TypedDict):
    """A monitored machine, with the metrics that were added to it and those that every machine has."""

    backend_id: str
    machine_id: str
    metrics: list[MetricRecord]
    builtin_metrics: list[MetricRecord]


class SeriesRecord(TypedDict):
    """The values of one metric. ``points`` are ``[Unix time, value or None]``, oldest first."""

    id: str
    name: str
    unit: str
    points: list[list[Any]]


class LoginRecord(TypedDict):
    """The user and port that are sent for a login, and the user that Mist will log in as, None if unknown."""

    user: str | None
    port: int
    predicted_user: str | None


class PluginRecord(TypedDict):
    """A deployed plugin: the id of the metric that it feeds (None after removal) and the output on the machine.

    ``metrics`` are the ids of all its existing metrics, including those that a removal leaves.
    """

    metric_id: str | None
    metrics: list[str]
    output: str
