# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parses answers of API v1 of Mist 4.7 into canonical records. Source: recordings/4.7/CONTRACT.md 3."""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Iterable, NamedTuple, TypedDict

from ...records import (
    AssociationRecord,
    BackendRecord,
    CostRecord,
    ExpirationRecord,
    ImageRecord,
    KeyRecord,
    LocationRecord,
    MachineKeyRecord,
    MachineRecord,
    MachineSpec,
    MetricRecord,
    MonitoredRecord,
    MonitoringRecord,
    NetworkRecord,
    PluginRecord,
    ProbeRecord,
    ProviderRecord,
    SeriesRecord,
    SizeRecord,
)
from ..parsing import addresses, by_id, metric, parse_list, text
from ..provider_names import canonical_provider
from .providers import listed_fields, region_of

#: the metric of a plugin that this client deployed, and how the server renames it for the value type derive (read in
#: the server's source)
PLUGIN_METRIC = re.compile(r"([a-z0-9_]+)\.value")
DERIVED = "derivative({})"

#: names in ``extra`` under which some providers return secrets
PASSWORD = re.compile(r"passw|(admin|root|user)_?pass|secret|private_?key", re.IGNORECASE)
#: the server's states that have another canonical name
STATES = {"starting": "pending"}


class Token(NamedTuple):
    """A new token, with the id and the name of its organization."""

    id: str
    token: str
    orgs: tuple[str, str]


class Creation(NamedTuple):
    """The progress of a create: the provider's id of the machine, or the error. Both are "" until it ends."""

    external_id: str = ""
    error: str = ""

    @property
    def ended(self) -> bool:
        return bool(self.external_id or self.error)


class Host(NamedTuple):
    """A host of a cloud that is a list of hosts."""

    name: str
    address: str
    port: int

    def __str__(self) -> str:
        place = f"{self.address}, port {self.port}"
        return place if self.name == self.address else f"{self.name!r} ({place})"


class Script(NamedTuple):
    """The script of a plugin, as stored on the server."""

    id: str
    name: str
    code: str


def token(answer: dict[str, Any]) -> Token:
    return Token(text(answer["id"]), text(answer["token"]), (answer["org_id"], answer["org_name"]))


def providers(answer: dict[str, Any], known: Iterable[ProviderRecord]) -> list[ProviderRecord]:
    """The server returns drivers and titles. ``known`` has the options of each driver.

    Only the first provider of each driver is used: the driver of Vexxhost is OpenStack.
    """
    options = {record["provider"]: record for record in known}

    def provider(item: dict[str, Any]) -> ProviderRecord:
        # "Other server" has no driver, only aliases: recordings/4.7, providers
        driver = item["driver"] or canonical_provider(item["aliases"][0])
        default: ProviderRecord = {"provider": driver, "title": "", "required": [], "optional": []}
        return {**options.get(driver, default), "title": item["name"]}

    found = parse_list(answer["supported_providers"], provider)
    return list({record["provider"]: record for record in reversed(found)}.values())[::-1]


def regions(answer: dict[str, Any], driver: str) -> list[str]:
    """The ids of the regions that the server lists for a provider. Many providers have none."""
    found = [item for item in answer["supported_providers"] if item["driver"] == driver]
    return [region["id"] for item in found for region in item.get("regions", [])]


def backend(item: dict[str, Any]) -> BackendRecord:
    """From a list, or from the answer to an add."""
    return {
        "id": item["id"],
        "title": item["name"],
        "provider": item["provider"],
        "region": region_of(item),
        "enabled": item["enabled"],
        "settings": listed_fields(item),
    }


def added_backend(answer: dict[str, Any]) -> tuple[BackendRecord, list[str]]:
    """The backend, and the errors of its hosts."""
    return backend(answer), parse_list(answer.get("errors") or [], str)


def host(item: dict[str, Any]) -> Host:
    """From the list of machines."""
    return Host(str(item.get("name") or ""), str(item.get("hostname") or ""), item.get("ssh_port") or 22)


def key(item: dict[str, Any]) -> KeyRecord:
    return {
        "id": item["id"],
        "name": item["name"],
        "default": item["isDefault"],
        "machines": parse_list(item.get("machines") or [], association),
    }


def association(item: dict[str, Any]) -> AssociationRecord:
    return {
        "backend_id": item["cloud_id"],
        "machine_id": item["machine_id"],
        "user": item.get("ssh_user") or None,
        "port": item.get("port") or 22,
        "last_used": item.get("last_used") or None,
    }


def without_passwords(extra: Any) -> Any:
    """``extra`` without the passwords that some providers generate: adminPass, root_pass, password ..."""
    if isinstance(extra, dict):
        return {name: without_passwords(value) for name, value in extra.items() if not PASSWORD.search(str(name))}
    return [without_passwords(item) for item in extra] if isinstance(extra, list) else extra


def machine(item: dict[str, Any]) -> MachineRecord:
    """Tolerates missing and null fields, so that one unusual machine does not make the whole list fail."""
    state = item.get("state") or "unknown"
    extra = without_passwords(item.get("extra") or {})
    return {
        "id": item["id"],
        "external_id": str(item.get("external_id") or ""),
        "name": str(item.get("name") or item["id"]),
        "backend_id": item["cloud"],
        "state": STATES.get(state, state),
        "public_ips": addresses(item.get("public_ips")),
        "private_ips": addresses(item.get("private_ips")),
        "dns_name": extra.get("dns_name") or _name_of_host(item.get("hostname")),
        "image": item.get("image") or None,
        "size": item.get("size") or None,
        "location": item.get("location") or None,
        "tags": {name: "" if value is None else str(value) for name, value in (item.get("tags") or {}).items()},
        "actions": {name: bool(flag) for name, flag in (item.get("actions") or {}).items()},
        "created": _date_text(item.get("created")),
        "extra": extra,
        "machine_type": item.get("machine_type") or None,
        "monitored": bool((item.get("monitoring") or {}).get("hasmonitoring")),
        "ssh_keys": [_key_on_machine(login) for login in (item.get("key_associations") or {}).values()],
        "cost": _cost(item.get("cost") or {}),
        "expiration": _expiration(item.get("expiration") or {}),
    }


def predicted_machine(spec: MachineSpec, size: SizeRecord | None) -> dict[str, Any]:
    """The fields of a new machine that this generation adds. The cost is that of a running machine."""
    association: MachineKeyRecord = {"key_id": spec.get("key", ""), "user": None, "port": 22, "last_used": None}
    return {
        "size": size["name"] if size else None,
        "location": spec.get("location"),
        "tags": spec.get("tags", {}),
        "monitored": None if spec.get("monitoring") else False,
        "ssh_keys": [association] if spec.get("key") else None,
        "cost": _cost_of(size) if size else None,
    }


def _cost_of(size: SizeRecord) -> CostRecord | None:
    """The price is per hour, and a month has 720 hours. Recorded for EC2 (recordings/4.7, ec2-sizes and
    ec2-machines-live), read in the server's source for other providers.
    """
    try:
        hourly = float(size["price"] or "")
    except ValueError:
        return None
    return {"hourly": hourly, "monthly": hourly * 720}


def _key_on_machine(item: dict[str, Any]) -> MachineKeyRecord:
    return {
        "key_id": item["key"],
        "user": item.get("ssh_user") or None,
        "port": item.get("port") or 22,
        "last_used": item.get("last_used") or None,
    }


def _cost(item: dict[str, Any]) -> CostRecord | None:
    hourly, monthly = item.get("hourly"), item.get("monthly")
    return None if hourly is None or monthly is None else {"hourly": hourly, "monthly": monthly}


def _expiration(item: dict[str, Any]) -> ExpirationRecord | None:
    """A date that is sent with a space is returned with a T (recordings/4.7, machine-edit-expiration)."""
    if not item.get("date"):
        return None
    date = str(item["date"]).replace("T", " ")
    return {"date": date, "action": item.get("action") or "", "notify": item.get("notify") or 0}


def _name_of_host(hostname: str | None) -> str | None:
    """The host name; None for an address, which containers and hosts can have instead."""
    try:
        ipaddress.ip_address(hostname or "")
    except ValueError:
        return hostname or None
    return None


def _date_text(value: Any) -> str | None:
    """The server returns some missing dates as the text ``None``."""
    return str(value) if value and value != "None" else None


class _Named(TypedDict):
    id: str
    external_id: str
    name: str


def _named(item: dict[str, Any]) -> _Named:
    external_id = str(item.get("external_id") or "")
    return {"id": text(item["id"]), "external_id": external_id, "name": str(item.get("name") or item["id"])}


def image(item: dict[str, Any]) -> ImageRecord:
    return {**_named(item), "starred": bool(item.get("starred")), "extra": item.get("extra") or {}}


def size(item: dict[str, Any]) -> SizeRecord:
    price = (item.get("extra") or {}).get("price")
    return {**_named(item), "ram": item.get("ram"), "disk": item.get("disk"), "price": str(price) if price else None}


def location(item: dict[str, Any]) -> LocationRecord:
    kind = item.get("location_type") or None
    return {**_named(item), "country": item.get("country") or None, "location_type": kind}


def network(item: dict[str, Any]) -> NetworkRecord:
    """The subnets and the provider's id, which the server returns next to ``extra``, are added to ``extra``."""
    found = (item.get("subnets") or {}).values()
    subnets = [{name: subnet.get(name) for name in ("id", "name", "cidr")} for subnet in found]
    named = _named(item)
    return {**named, "extra": {**(item.get("extra") or {}), "external_id": named["external_id"], "subnets": subnets}}


def job_id(answer: dict[str, Any]) -> str:
    return text(answer["job_id"])


def creation(story: dict[str, Any]) -> Creation:
    """From the log of the job, because ``finished_at`` does not show success (recordings/4.7/CONTRACT.md 6).

    The steps after the create can fail although the machine is fine (recordings/4.7/CONTRACT-2.md 0). If they have
    ended, the machine was created, even if the log entry of the create is still missing.
    """
    logs: dict[str, dict[str, Any]] = {log["action"]: log for log in reversed(story["logs"]) if log.get("action")}
    finished = logs.get("machine_creation_finished") or {**logs.get("post_deploy_finished", {}), "error": False}
    if finished.get("external_id") and not finished.get("error"):
        return Creation(text(finished["external_id"]), "")
    error = finished.get("error") or story.get("error")
    if not error and story.get("finished_at"):
        error = "the job ended without a result for the machine"
    return Creation(error=str(error or ""))


def probe(answer: dict[str, Any]) -> ProbeRecord:
    """``ssh`` and ``ping`` are null if that method failed."""
    ssh, ping = answer["ssh"] or {}, answer["ping"] or {}
    return {
        "ssh": bool(ssh),
        "uptime": ssh.get("uptime"),
        "load": [float(load) for load in ssh.get("loadavg", [])],
        "cores": ssh.get("cores"),
        "users": ssh.get("users"),
        "public_ips": ssh.get("pub_ips", []),
        "private_ips": ssh.get("priv_ips", []),
        "ping": bool(ping.get("packets_rx")),
        "packets_loss": ping.get("packets_loss"),
        "rtt_min": ping.get("rtt_min"),
        "rtt_avg": ping.get("rtt_avg"),
        "rtt_max": ping.get("rtt_max"),
    }


def monitoring(answer: dict[str, Any]) -> MonitoringRecord:
    return {"host": answer["extra_vars"].get("monitor"), "command": answer["command"]}


def monitored(answer: dict[str, Any]) -> list[MonitoredRecord]:
    """``machines`` of a custom metric are pairs of a cloud's id and a machine's id, as in ``monitored_machines``.

    Source: recordings/4.7, plugin-monitoring-custom-metrics.
    """
    builtin = by_id(answer["builtin_metrics"], metric)
    custom = by_id(answer["custom_metrics"], custom_metric)
    return [
        {
            "backend_id": item["cloud_id"],
            "machine_id": machine_id,
            "metrics": [
                custom[name]
                for name in sorted(custom)
                if [item["cloud_id"], item["machine_id"]] in answer["custom_metrics"][name]["machines"]
            ],
            "builtin_metrics": [builtin[name] for name in sorted(builtin)],
        }
        for machine_id, item in answer["monitored_machines"].items()
    ]


def custom_metric(metric_id: str, item: dict[str, Any]) -> MetricRecord:
    return metric(shown_metric(metric_id), item)


def shown_metric(metric_id: str) -> str:
    """The derived metric of a plugin is shown under the id of the plugin's metric.

    Read in the server's source: its values have that id.
    """
    inner = underived(metric_id)
    return inner if PLUGIN_METRIC.fullmatch(inner) else metric_id


def underived(metric_id: str) -> str:
    """``dv.value`` for ``derivative(dv.value)``, as recorded in plugin-machine-in-list-2."""
    inner = metric_id[len(DERIVED.format("")) - 1 : -1]
    return inner if metric_id == DERIVED.format(inner) else metric_id


def custom_metric_ids(answer: dict[str, Any], machine_id: str) -> list[str]:
    """The server's ids of the metrics that were added to a machine."""
    item = answer["monitored_machines"].get(machine_id)
    pair = [item["cloud_id"], item["machine_id"]] if item else []
    return [metric_id for metric_id, metric in answer["custom_metrics"].items() if pair in metric["machines"]]


def added_metric(answer: dict[str, Any]) -> MetricRecord:
    return metric(answer["metric_id"], answer)


def series(metric_id: str, item: dict[str, Any]) -> SeriesRecord:
    """The points are ``[value or null, Unix time]``, with the time as text or as number."""
    points = sorted(([int(time), value] for value, time in item["datapoints"]), key=lambda point: point[0])
    return {**metric(metric_id, item), "points": points}


def script(item: dict[str, Any]) -> Script:
    """The code is only known for an inline script."""
    return Script(item["id"], item["name"], item["location"].get("source_code") or "")


def plugin(answer: dict[str, Any], value_type: str) -> PluginRecord:
    """A script feeds one metric for each field that it prints. The answer lists them without ``derivative``."""
    metrics = parse_list(answer["metrics"], text)
    if value_type == "derive":
        metrics = [shown_metric(DERIVED.format(metric_id)) for metric_id in metrics]
    return {"metric_id": metrics[0] if metrics else None, "metrics": metrics, "output": answer["stdout"]}
