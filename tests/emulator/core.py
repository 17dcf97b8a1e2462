# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitoring's core: logins, monitored machines, metrics, rules. The contract's guesses of it live here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from .call import Call
from .settings import CoreAccount, Settings

URI = "https://core.mist.test"
POINTS_STEP = 10
POINTS_RANGE = 60


class CoreDown(Exception):
    """Core cannot be reached."""


class CoreRefuses(Exception):
    """Core answers with a status that is not 2xx, and a text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text


Pair = tuple[str, str]


@dataclass
class Metric:
    name: str
    unit: str = ""
    machines: list[Pair] = field(default_factory=list)


# id: (name, unit, max_value)
BUILTIN: dict[str, tuple[str, str, int | None]] = {
    "cpu.total.nonidle": ("CPU", "%", 100),
    "load.shortterm": ("Load", "", None),
    "memory.nonfree_percent": ("RAM", "%", 100),
    "disk.total.disk_octets.read": ("Disks Read", "B/s", None),
    "disk.total.disk_octets.write": ("Disks Write", "B/s", None),
    "interface.total.if_octets.rx": ("Ifaces Rx", "B/s", None),
    "interface.total.if_octets.tx": ("Ifaces Tx", "B/s", None),
}
AVAILABLE: dict[str, str] = {
    "entropy": "entropy",
    "users": "users",
    "df.root.df_complex.free": "df root free",
}
NOT_MONITORED_STATS = "Method Not Allowed: Machine does not have monitoring enabled"
NOT_MONITORED_METRICS = "Forbidden: Machine doesn't have monitoring enabled."
NO_PLAN = "You must have an active plan to enable monitoring."

ACCOUNT: dict[str, Any] = {
    "current_plan": {
        "title": "Basic",
        "started": 1384966750.686227,
        "expiration": 1889999999.0,
        "has_expired": False,
        "promo_code": "",
    },
    "user_details": {
        "name": "Demo",
        "country": "Greece",
        "company_name": "mist",
        "number_of_servers": "1-5",
        "number_of_people": "1-5",
    },
}


def token_of(email: str, password: str) -> str:
    """The one token of an account, in each run the same; 64 hex digits."""
    return hashlib.sha256(f"token:{email.lower()}:{password}".encode()).hexdigest()


def token_of_login(settings: Settings, login: CoreAccount) -> str:
    """As `token_of`, save for the first login where the settings give its token."""
    chosen = settings.token if login == settings.core[0] else None
    return chosen or token_of(login.email, login.password)


class Core:
    """One core; it serves the one account whose token the server has stored."""

    def __init__(self) -> None:
        self.token: str | None = None
        self.email = ""
        self.enabled_at: dict[Pair, float] = {}
        self.metrics: dict[str, Metric] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self._rules_made = 0

    def log_in(self, call: Call, email: str, password: str) -> str | None:
        """The token, kept for every caller; None for a login that core does not take."""
        faults = call.core_faults()
        if "core_down" in faults:
            raise CoreDown
        email, settings = email.lower(), call.world.settings
        known = {(each.email.lower(), each.password): token_of_login(settings, each) for each in settings.core}
        if (email, password) not in known or "core_error" in faults:
            return None
        self.token = known[email, password]
        self.email = email
        return self.token

    def open(self, call: Call) -> None:
        """What comes before every call to core: it is up, it works, and it knows the token."""
        faults = call.core_faults()
        if "core_down" in faults:
            raise CoreDown
        if "core_error" in faults:
            raise CoreRefuses(500, "Internal Server Error")
        if self.token is None or "core_not_logged_in" in faults:
            raise CoreRefuses(401, "Not authorized")

    def overview(self, call: Call) -> dict[str, Any]:
        self.open(call)
        return {
            "machines": [list(pair) for pair in self.enabled_at],
            "monitored_machines": None,
            "rules": dict(self.rules),
            "builtin_metrics": {
                id_: {"name": name, "unit": unit, "max_value": highest, "min_value": 0}
                for id_, (name, unit, highest) in BUILTIN.items()
            },
            "custom_metrics": {
                id_: {"name": metric.name, "unit": metric.unit, "machines": [list(pair) for pair in metric.machines]}
                for id_, metric in self.metrics.items()
            },
            "alerts_email": self.email,
            "current_plan": {"title": "Basic", "machine_limit": 20, "has_expired": False},
            "user_details": {},
        }

    def enable(self, call: Call, pair: Pair, addresses: str, dns_name: str, *, dry: bool) -> dict[str, Any]:
        self.open(call)
        if "core_payment_required" in call.core_faults():
            raise CoreRefuses(402, NO_PLAN)
        if not dry:
            self.enabled_at.setdefault(pair, call.now)
        kwargs = {
            "uuid": hashlib.md5(":".join(pair).encode(), usedforsecurity=False).hexdigest(),
            "password": "collectd-password-for-tests",
            "monitor": "monitor1.mist.test",
            "no_check_certificate": "",
        }
        return {"host": addresses.partition(",")[0] or dns_name, "deploy_kwargs": kwargs}

    def disable(self, call: Call, pair: Pair) -> None:
        self.open(call)
        self.enabled_at.pop(pair, None)
        for metric in self.metrics.values():
            metric.machines = [each for each in metric.machines if each != pair]

    def stats(self, call: Call, pair: Pair, start: str | None, stop: str | None, step: str | None) -> dict[str, Any]:
        """Points of every metric of the machine; none until the first data have come."""
        self.open(call)
        if pair not in self.enabled_at:
            raise CoreRefuses(405, NOT_MONITORED_STATS)
        if call.now < self.enabled_at[pair] + call.world.settings.first_data_seconds:
            return {}
        every = _number(step, POINTS_STEP) or POINTS_STEP
        end = _number(stop, int(call.now))
        begin = _number(start, (end - POINTS_RANGE) // POINTS_STEP * POINTS_STEP)
        points = [[round(1.5 + index / 10, 1), at] for index, at in enumerate(range(begin, end, every))]
        stats = {id_: _series(name, unit, points, highest, 0) for id_, (name, unit, highest) in BUILTIN.items()}
        for id_, metric in self.metrics.items():
            if pair in metric.machines:
                stats[id_] = _series(metric.name, metric.unit, points, None, None)
        return stats

    def available_metrics(self, call: Call, pair: Pair) -> dict[str, Any]:
        self.open(call)
        if pair not in self.enabled_at:
            raise CoreRefuses(403, NOT_MONITORED_METRICS)
        fixed = {"unit": "", "max_value": None, "min_value": 0, "priority": 0}
        return {id_: {"id": id_, "name": name, "_target": id_, **fixed} for id_, name in AVAILABLE.items()}

    def add_metric(self, call: Call, pair: Pair, metric: str) -> None:
        self.open(call)
        found = self.metrics.setdefault(metric, Metric(AVAILABLE.get(metric, metric)))
        if pair not in found.machines:
            found.machines.append(pair)

    def remove_metric(self, call: Call, pair: Pair, metric: str) -> None:
        """The metric itself stays; only this machine loses it."""
        self.open(call)
        if metric not in self.metrics or pair not in self.metrics[metric].machines:
            raise CoreRefuses(404, "Not Found: metric not associated")
        self.metrics[metric].machines.remove(pair)

    def update_metric(self, call: Call, metric: str, name: str | None, unit: str | None, pair: Pair | None) -> None:
        self.open(call)
        found = self.metrics.setdefault(metric, Metric(AVAILABLE.get(metric, metric)))
        found.name = name or found.name
        found.unit = unit or found.unit
        if pair and pair not in found.machines:
            found.machines.append(pair)

    def add_rule(self, call: Call, rule: dict[str, Any]) -> dict[str, str]:
        self.open(call)
        name = f"rule{self._rules_made}"
        self._rules_made += 1
        self.rules[name] = rule
        return {"id": name}

    def delete_rule(self, call: Call, rule: str) -> None:
        self.open(call)
        if rule not in self.rules:
            raise CoreRefuses(404, "Not Found")
        del self.rules[rule]


def _number(text: str | None, default: int) -> int:
    try:
        return int(float(text or ""))
    except ValueError:
        return default


def _series(name: str, unit: str, points: list[Any], highest: int | None, lowest: int | None) -> dict[str, Any]:
    return {
        "name": name,
        "unit": unit,
        "datapoints": points,
        "max_value": highest,
        "min_value": lowest,
        "priority": -50,
        "_target": name,
    }
