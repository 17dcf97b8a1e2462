# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The canonical records: what every generation's answers are turned into. Plain dicts, ready for JSON.

Absent is ``None`` for a value, ``""`` never; lists and dicts are there even when empty. No record holds a secret.
"""

from __future__ import annotations

from typing import Any, TypedDict


class ProviderRecord(TypedDict):
    """A kind of backend that the server can be given, with the options of ``BackendSpec`` that it takes.

    ``credentials.x`` is the field ``x`` in ``credentials``.
    """

    provider: str
    title: str
    required: list[str]
    optional: list[str]


class BackendRecord(TypedDict):
    """A cloud account in Mist. ``region`` is None where the provider's id names the region, or there is none.

    ``settings`` are the provider's fields that the server shows, by its own names: none before 2016.
    """

    id: str
    title: str
    provider: str
    region: str | None
    enabled: bool
    settings: dict[str, Any]


class BackendSpec(TypedDict, total=False):
    """What a backend is made of; which fields a provider needs, ``ProviderRecord.required`` says.

    ``credentials`` are the provider's fields by the server's own names, which servers of the clouds generation take
    beside the others. ``validate`` false adds the backend without trying the credentials.
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
    """A key on a machine. ``last_used`` is the Unix time of the last login with it, None if there was none."""

    backend_id: str
    machine_id: str
    user: str | None
    port: int
    last_used: float | None


class KeyRecord(TypedDict):
    """An ssh key pair in Mist; its halves are asked for on their own."""

    id: str
    name: str
    default: bool
    machines: list[AssociationRecord]


class MachineKeyRecord(TypedDict):
    """A key on a machine, as the machine tells it."""

    key_id: str
    user: str | None
    port: int
    last_used: float | None


class CostRecord(TypedDict):
    """What a machine costs, in the provider's currency."""

    hourly: float
    monthly: float


class ExpirationRecord(TypedDict):
    """What is done to a machine and when: ``action`` is stop or destroy, ``date`` is ``YYYY-MM-DD HH:MM:SS`` in UTC.

    ``notify`` is how many seconds before that its owner is told, 0 for not at all.
    """

    date: str
    action: str
    notify: int


class MachineRecord(TypedDict):
    """A machine of a backend.

    ``id`` is how Mist addresses it, ``external_id`` the provider's own id (one and the same before 2016). ``state`` is
    running, rebooting, pending, stopped or terminated, and some more from 2016 on. ``actions`` tells which of start,
    stop, reboot, destroy and tag the machine takes now, and of some more from 2016 on. ``size`` is an id before 2016,
    and a name from then on. ``created`` is the provider's text. From ``machine_type`` on all is None before 2016.
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
    """What a machine is made of; ``image``, ``size``, ``location``, ``key`` and ``networks`` by id.

    Only servers before 2016 know ``image_extra``, ``disk`` and ``ips``, only later ones what stands from
    ``custom_size`` to ``tags``. ``custom_size`` is a size in numbers, in place of ``size``, for providers that want
    it so; it and ``volumes`` have the server's own fields. ``parameters`` are further fields, sent as they are.
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
    """``external_id`` is the provider's own id, here and of sizes, locations and networks; before 2016 it is ``id``."""

    id: str
    external_id: str
    name: str
    starred: bool
    extra: dict[str, Any]


class SizeRecord(TypedDict):
    """``ram`` in MB and ``disk`` in GB where the provider gives numbers; ``price`` is the provider's own text."""

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
    """What a look at a machine from Mist told.

    ``ssh`` is whether a login worked; without one, all from ``uptime`` (seconds) to ``private_ips`` is empty. ``ping``
    is whether the machine answered pings, ``packets_loss`` from 0 to 1, the round trip times in milliseconds.
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
    """What monitoring was switched on with: ``command`` installs the agent by hand; it holds the agent's password."""

    host: str | None
    command: str


class MetricRecord(TypedDict):
    id: str
    name: str
    unit: str


class MonitoredRecord(TypedDict):
    """A machine that is monitored: the metrics that were added to it, and those that every machine has."""

    backend_id: str
    machine_id: str
    metrics: list[MetricRecord]
    builtin_metrics: list[MetricRecord]


class SeriesRecord(TypedDict):
    """One metric's values: ``points`` are ``[unix time, value or None]``, oldest first."""

    id: str
    name: str
    unit: str
    points: list[list[Any]]


class LoginRecord(TypedDict):
    """How a server is asked to log in to a machine, and the user that it will have logged in as; None if unknown."""

    user: str | None
    port: int
    predicted_user: str | None


class PluginRecord(TypedDict):
    """A deployed plugin: the id of the metric that it feeds (None once removed) and the machine's own words.

    ``metrics`` are the ids of all metrics of it that are there, also those that a removal leaves behind.
    """

    metric_id: str | None
    metrics: list[str]
    output: str
