# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server of this generation remembers of its own: clouds, what polling found, tokens, sessions, stories."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..call import Call
from ..core import token_of_login
from ..world import Association, Backend, Key, World

Item = dict[str, Any]
NEVER = 0.0
MOST_TOKENS = 20


@dataclass
class Cloud(Backend):
    """A cloud; `fields` are those of its provider, secrets included."""

    fields: Item = field(default_factory=dict)
    polling_interval: int = 1800
    features: dict[str, bool] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    owner: str = ""
    owned_by: str = ""
    """The account at the provider; it has the machines, and two clouds of one account show the same."""

    @property
    def account(self) -> str:
        return self.owned_by


@dataclass
class Record:
    """A machine as the server knows it. `seen` is what the last polling of its cloud showed."""

    id: str
    external_id: str
    cloud: Cloud
    name: str = ""
    seen: Item = field(default_factory=dict)
    owner: str = ""
    last_seen: float = 0.0
    missing_since: float = 0.0
    ssh_port: int = 22
    tags: dict[str, str] = field(default_factory=dict)
    expiration: Item | None = None
    monitoring: Any = None
    probe: Item = field(default_factory=dict)

    @property
    def state(self) -> str:
        return str(self.seen["state"])

    @property
    def actions(self) -> dict[str, bool]:
        """What may be done, as of the last polling."""
        actions: dict[str, bool] = self.seen["actions"]
        return actions


@dataclass
class Token:
    id: str
    token: str
    name: str
    email: str
    ttl: float
    created: float
    last_accessed_at: float = NEVER
    revoked: bool = False
    user_agent: str = ""

    def is_active(self, now: float) -> bool:
        return not self.revoked and (not self.ttl or now < self.created + self.ttl)


@dataclass
class Session:
    """A browser's session; `email` is empty until the login."""

    id: str
    csrf: str
    email: str = ""


@dataclass
class Story:
    """A job with its log; one whose id came with its request has no name in `job` (recordings/4.7, jobid-*).

    `visible_from`: before that the server knows nothing of it.
    """

    id: str
    job: str | None
    started_at: float
    visible_from: float
    logs: list[Item] = field(default_factory=list)
    finished_at: float = 0.0
    error: Any = False


class Database:
    """Everything of one server; ids come from the world's counters."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.records: dict[str, Record] = {}
        self._by_cloud: dict[str, dict[str, Record]] = {}
        # By cloud id: external id -> the item as the lists show it.
        self.images: dict[str, dict[str, Item]] = {}
        self.sizes: dict[str, dict[str, Item]] = {}
        self.locations: dict[str, dict[str, Item]] = {}
        self.networks: dict[str, dict[str, Item]] = {}
        self.volumes: dict[str, dict[str, Item]] = {}
        self.tokens: dict[str, Token] = {}
        self.sessions: dict[str, Session] = {}
        self.stories: dict[str, Story] = {}
        # name at the time it was added: the id of the key; it outlives both the name and the key.
        self.vault: dict[str, str] = {}
        # Associations of deleted keys: the lists show them until the cloud is polled.
        self.ghosts: list[tuple[Key, Association]] = []
        self.found_images: dict[str, dict[str, str]] = {}
        self.agent_passwords: dict[str, str] = {}
        self.metric_names: dict[str, tuple[str, str | None]] = {}
        # By machine: the metrics of those that are not monitored any more.
        self.kept_metrics: dict[str, list[str]] = {}
        # By id: what plugins run.
        self.scripts: dict[str, Item] = {}
        self.org = world.digest("org", 32)
        self.user = world.digest("user", 32)
        self.team = world.digest("team", 32)
        self.started_at = world.clock.now()
        settings = world.settings
        first = Token(
            world.digest("token id", 24),
            token_of_login(settings, settings.core[0]),
            "ansible",
            settings.core[0].email,
            0,
            self.started_at,
        )
        self.tokens[first.id] = first

    @property
    def email(self) -> str:
        return self.world.settings.core[0].email

    def clouds(self) -> list[Cloud]:
        """By name, as the server lists them."""
        clouds = [each for each in self.world.backends.values() if isinstance(each, Cloud)]
        return sorted(clouds, key=lambda cloud: cloud.title)

    def find_cloud(self, cloud: str) -> Cloud | None:
        found = self.world.backends.get(cloud)
        return found if isinstance(found, Cloud) else None

    def records_of(self, cloud: Cloud) -> list[Record]:
        """Those that are there, as far as the last polling knew."""
        return [each for each in self._by_cloud.get(cloud.id, {}).values() if not each.missing_since]

    def find_record(self, cloud: Cloud, external_id: str) -> Record | None:
        return self._by_cloud.get(cloud.id, {}).get(external_id)

    def new_record(self, cloud: Cloud, external_id: str | None = None) -> Record:
        """The record of a machine; one without a provider's id goes by Mist's."""
        id_ = self.world.digest("machine", 32)
        record = Record(id_, external_id or id_, cloud)
        self.records[id_] = record
        self._by_cloud.setdefault(cloud.id, {})[record.external_id] = record
        return record

    def forget_record(self, record: Record) -> None:
        del self.records[record.id]
        del self._by_cloud[record.cloud.id][record.external_id]

    def has_key(self, record: Record) -> bool:
        """Also by an association of a deleted key, until the next polling drops it."""
        living = [each for key in self.world.keys.values() for each in key.associations]
        return record.id in {each.machine for each in [*living, *(each for _key, each in self.ghosts)]}

    def catalogue(self, kind: str, cloud: Cloud) -> dict[str, Item]:
        """The images, sizes, locations, networks or volumes of a cloud, by external id."""
        kinds: dict[str, dict[str, Item]] = getattr(self, kind)
        return kinds.setdefault(cloud.id, {})

    def item(self, kind: str, cloud: Cloud, id_: str) -> Item | None:
        """By Mist's id."""
        return next((each for each in self.catalogue(kind, cloud).values() if each["id"] == id_), None)

    def item_id(self, kind: str, cloud: Cloud, external_id: str) -> str:
        """Mist's id of what a machine names by the provider's id; "" when it is not known."""
        found = self.catalogue(kind, cloud).get(external_id)
        return found["id"] if found else ""

    def new_session(self, email: str = "") -> Session:
        session = Session(self.world.digest("session", 64), self.world.digest("csrf", 64), email)
        self.sessions[session.id] = session
        return session


def database(call: Call) -> Database:
    found: Database = call.world.database
    return found
