# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parses answers of servers of 2014 into canonical records. Source: recordings/2014/CONTRACT.md 3."""

from __future__ import annotations

import hashlib
from typing import Any, TypedDict

from ...records import (
    AssociationRecord,
    BackendRecord,
    BackendSpec,
    ImageRecord,
    KeyRecord,
    LocationRecord,
    MachineRecord,
    MonitoredRecord,
    MonitoringRecord,
    NetworkRecord,
    PluginRecord,
    ProbeRecord,
    ProviderRecord,
    SeriesRecord,
    SizeRecord,
)
from ..parsing import addresses, by_id, metric, parse_list
from .providers import options_2014

#: states of EC2 that the server shows as stopped (recordings/2014/CONTRACT.md 3; read in the server's source)
EC2_STATES = {"stopping": "stopping", "shutting-down": "terminated"}
ACTIONS = ("start", "stop", "reboot", "destroy", "tag")
MIST_TAG = "mist.io_tag-"
PLUGIN_METRIC = "mist.python."
PLUGIN_FAILED = "ERROR DEPLOYING PLUGIN"
BASE58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def providers(answer: Any) -> list[ProviderRecord]:
    return parse_list(answer["supported_providers"], provider)


def provider(item: dict[str, Any]) -> ProviderRecord:
    options = options_2014(item["provider"])
    return {
        "provider": item["provider"],
        "title": item["title"],
        "required": list(options.required),
        "optional": list(options.optional),
    }


def backend(item: dict[str, Any]) -> BackendRecord:
    """From a list, or from the answer to an add. ``apikey`` is left out: for digitalocean it is the token."""
    return {
        "id": item["id"],
        "title": item["title"],
        "provider": item["provider"],
        "region": item["region"] or None,
        "enabled": item["enabled"],
        "settings": {},
    }


def predicted_backend(spec: BackendSpec) -> BackendRecord:
    """The id is the SHA-1 of the values by which the server identifies an account (recordings/2014/CONTRACT.md 3)."""
    name, _colon, region = spec["provider"].partition(":")
    region = region or spec.get("region", "")
    title = spec.get("machine_ip", "") if name == "bare_metal" else spec.get("title", "")
    account = title + spec.get("api_url", "") if name == "docker" else _account(name, spec)
    return {
        "id": _base58(hashlib.sha1((name + region + account).encode()).digest()),
        "title": title,
        "provider": name,
        "region": region or None,
        "enabled": True,
        "settings": {},
    }


def names_account(spec: BackendSpec) -> bool:
    """Whether the id of ``predicted_backend`` identifies the account, whatever its title. For docker it never does."""
    name = spec["provider"].partition(":")[0]
    return name != "docker" and bool(_account(name, spec))


def _account(name: str, spec: BackendSpec) -> str:
    if name == "bare_metal":
        return spec.get("machine_ip", "")
    return spec.get("api_secret", "") if name == "digitalocean" else spec.get("api_key", "")


def _base58(digest: bytes) -> str:
    number, text = int.from_bytes(digest, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return text


def key(item: dict[str, Any]) -> KeyRecord:
    return {
        "id": item["id"],
        "name": item["id"],
        "default": item["isDefault"],
        "machines": [association(login) for login in item["machines"]],
    }


def association(item: list[Any]) -> AssociationRecord:
    """The fifth element, sudo, is inverted, so it is left out (recordings/2014/CONTRACT.md 4.17)."""
    backend_id, machine_id, last_used, user, _sudo, port = item
    return {
        "backend_id": backend_id,
        "machine_id": machine_id,
        "user": user or None,
        "port": port,
        "last_used": last_used or None,
    }


def machine(item: dict[str, Any], backend_id: str) -> MachineRecord:
    """From a list, or from the answer to a create, which only has names, addresses and ``extra``."""
    # OpenStack returns the admin password here (recordings/2014/CONTRACT.md 3)
    extra = {name: value for name, value in (item["extra"] or {}).items() if name != "password"}
    image = extra.get("image")
    return {
        "id": str(item["id"]),
        "external_id": str(item["id"]),
        "name": str(item["name"] or item["id"]),
        "backend_id": backend_id,
        "state": EC2_STATES.get(extra.get("status", "")) or item.get("state") or "pending",
        "public_ips": addresses(item["public_ips"]),
        "private_ips": addresses(item["private_ips"]),
        "dns_name": extra.get("dns_name") or None,
        "image": _id_of(item.get("imageId")) or _first(extra, "image_id", "imageId") or _id_of(image),
        "size": _id_of(item.get("size")) or _first(extra, "instance_type", "flavorId"),
        "location": _first(extra, "availability", "availability_zone"),
        "tags": _tags(item.get("tags", []), extra),
        "actions": {action: item.get(f"can_{action}", False) for action in ACTIONS},
        "created": _first(extra, "launch_time", "created", "created_at"),
        "extra": extra,
        "machine_type": None,
        "monitored": None,
        "ssh_keys": None,
        "cost": None,
        "expiration": None,
    }


def _first(extra: dict[str, Any], *names: str) -> str | None:
    return next((str(extra[name]) for name in names if extra.get(name)), None)


def _id_of(thing: Any) -> str | None:
    """The id of an image or a size, which some providers return as a dict."""
    found = thing.get("id") if isinstance(thing, dict) else thing
    return str(found) if found else None


def _tags(listed: list[str], extra: dict[str, Any]) -> dict[str, str]:
    """EC2 and OpenStack return names and values. A tag that Mist has set only has a value, which becomes its name."""
    named = extra.get("tags") if isinstance(extra.get("tags"), dict) else extra.get("metadata")
    if not isinstance(named, dict):
        return dict.fromkeys(listed, "")
    pairs = [
        (str(value), "") if name.startswith(MIST_TAG) else (name, str(value or "")) for name, value in named.items()
    ]
    return {name: value for name, value in pairs if name != "Name"}


class _Named(TypedDict):
    id: str
    external_id: str
    name: str


def _named(item: dict[str, Any]) -> _Named:
    return {"id": str(item["id"]), "external_id": str(item["id"]), "name": str(item["name"] or "")}


def image(item: dict[str, Any]) -> ImageRecord:
    return {**_named(item), "starred": bool(item.get("star")), "extra": item.get("extra") or {}}


def size(item: dict[str, Any]) -> SizeRecord:
    """Numbers can be numbers, ``512mb`` or ``20G SSD``. A price can be a number, a sentence or a dict by system."""
    price = item.get("price")
    if isinstance(price, dict):
        price = ", ".join(f"{system} {cost}" for system, cost in sorted(price.items()))
    return {
        **_named(item),
        "ram": _leading_number(item.get("ram")),
        "disk": _leading_number(item.get("disk")),
        "price": str(price) if price else None,
    }


def _leading_number(value: Any) -> int | None:
    """512 for 512 and ``512mb``, 20 for ``20G SSD``, 1024 for ``1gb``, because ``ram`` is in MB."""
    text = str(value).lower()
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    if not digits:
        return None
    return int(digits) * (1024 if text[len(digits) :].startswith("gb") else 1)


def location(item: dict[str, Any]) -> LocationRecord:
    return {**_named(item), "country": item.get("country") or None, "location_type": None}


def network(item: dict[str, Any]) -> NetworkRecord:
    return {**_named(item), "extra": item.get("extra") or {}}


def probe(answer: dict[str, Any]) -> ProbeRecord:
    """``uptime`` is present exactly if SSH worked (recordings/2014/CONTRACT.md 2)."""
    return {
        "ssh": "uptime" in answer,
        "uptime": _number(str(answer.get("uptime", "")).partition(" ")[0]),
        "load": [float(load) for load in answer.get("loadavg", [])],
        "cores": _leading_number(answer.get("cores")),
        "users": _leading_number(answer.get("users")),
        "public_ips": answer.get("pub_ips", []),
        "private_ips": answer.get("priv_ips", []),
        "ping": bool(answer.get("packets_rx")),
        "packets_loss": answer.get("packets_loss"),
        "rtt_min": answer.get("rtt_min"),
        "rtt_avg": answer.get("rtt_avg"),
        "rtt_max": answer.get("rtt_max"),
    }


def _number(text: str) -> float | None:
    return float(text) if text else None


def monitoring(answer: dict[str, Any]) -> MonitoringRecord:
    return {"host": answer.get("host"), "command": answer["command"]}


def monitored(answer: dict[str, Any]) -> list[MonitoredRecord]:
    items = answer.get("custom_metrics") or {}
    custom, builtin = by_id(items, metric), by_id(answer.get("builtin_metrics") or {}, metric)
    return [
        {
            "backend_id": backend_id,
            "machine_id": machine_id,
            "metrics": [custom[name] for name in sorted(custom) if pair in (items[name].get("machines") or [])],
            "builtin_metrics": [builtin[name] for name in sorted(builtin)],
        }
        for backend_id, machine_id in answer["machines"]
        for pair in [[backend_id, machine_id]]
    ]


def series(metric_id: str, item: dict[str, Any]) -> SeriesRecord:
    """The server's points are ``[value or null, Unix time]``."""
    points = sorted(([time, value] for value, time in item["datapoints"]), key=lambda point: point[0])
    return {**metric(metric_id, item), "points": points}


def plugin(answer: dict[str, Any]) -> PluginRecord:
    metric_id = answer["metric_id"]
    return {"metric_id": metric_id, "metrics": [metric_id] if metric_id else [], "output": answer["stdout"]}


def last_line(output: str) -> str:
    """The last line of the output of a plugin's test run, which contains the error."""
    lines = [line.strip() for line in output.replace(PLUGIN_FAILED, "").splitlines()]
    return next((line.rstrip(".") for line in reversed(lines) if line), "no reason given")


def deployed_metric(plugin: str) -> str:
    return PLUGIN_METRIC + plugin


def deployed_plugin(metric_id: str) -> str | None:
    return metric_id[len(PLUGIN_METRIC) :] if metric_id.startswith(PLUGIN_METRIC) else None
