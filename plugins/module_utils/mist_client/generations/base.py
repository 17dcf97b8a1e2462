# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a generation of servers must offer: every operation of Mist, in canonical words and records.

An id is what ``list_*`` gave; it is quoted on its way into a path. Every operation may raise ``RequestFailed`` (the
server said no), ``NoAnswer`` and ``NotMist``; the docstrings name only what else there is to know.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import Any, ClassVar, Iterator

from ..errors import NotMist, RequestFailed
from ..records import (
    AssociationRecord,
    BackendRecord,
    BackendSpec,
    ImageRecord,
    KeyRecord,
    LocationRecord,
    MachineRecord,
    MachineSpec,
    MetricRecord,
    MonitoringRecord,
    NetworkRecord,
    PluginRecord,
    ProbeRecord,
    ProviderRecord,
    SeriesRecord,
    SizeRecord,
)
from ..transport import Transport


class Generation(ABC):
    """The operations of one server. ``reading_posts`` and ``hints`` are the generation's facts about its wire."""

    name: ClassVar[str]
    #: paths whose POST changes nothing, see Transport
    reading_posts: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: (status, beginning of the server's text, what to do about it); the first that fits is taken
    hints: ClassVar[tuple[tuple[int, str, str], ...]] = ()
    #: what to do about an answer that no server of this generation gives
    wrong_server: ClassVar[str] = ""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        transport.reading_posts = self.reading_posts

    def _json(self, method: str, *segments: str, **request: Any) -> Any:
        with self._explaining():
            return self.transport.json(method, *segments, **request)

    def _done(self, method: str, *segments: str, **request: Any) -> None:
        with self._explaining():
            self.transport.done(method, *segments, **request)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except NotMist as error:
            error.hint = f"{error.hint} {self.wrong_server}"
            raise
        except RequestFailed as error:
            fitting = (
                hint for status, text, hint in self.hints if (status, error.text[: len(text)]) == (error.status, text)
            )
            error.hint = error.hint or next(fitting, "")
            raise

    # ---- who is asking

    @abstractmethod
    def use_token(self, token: str, email: str | None) -> None:
        """Show this API token from now on."""

    @abstractmethod
    def log_in(self, email: str, password: str) -> None:
        """Get a token for this user and show it from now on; a server that wants none is fine too."""

    # ---- providers and backends

    @abstractmethod
    def list_providers(self) -> list[ProviderRecord]: ...

    @abstractmethod
    def list_backends(self) -> list[BackendRecord]: ...

    @abstractmethod
    def check_backend_title(self, title: str) -> None:
        """InvalidValue when the server would refuse or alter this title. Nothing is sent."""

    @abstractmethod
    def foresee_backend(self, spec: BackendSpec) -> BackendRecord:
        """What ``list_backends`` will show once ``spec`` is added. Nothing is sent."""

    @abstractmethod
    def api_key_names_user(self, provider: str) -> bool:
        """Whether ``api_key`` is no secret with this provider, but a user's name. Nothing is sent."""

    @abstractmethod
    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        """Why ``backend``, of another account, is not what ``spec`` makes; "" if it may be. Nothing is sent."""

    @abstractmethod
    def add_backend(self, spec: BackendSpec) -> BackendRecord:
        """Conflict, with the id of the backend, when the account is there already."""

    @abstractmethod
    def rename_backend(self, backend_id: str, title: str) -> None: ...

    @abstractmethod
    def enable_backend(self, backend_id: str, enabled: bool) -> None: ...

    @abstractmethod
    def remove_backend(self, backend_id: str) -> None: ...

    # ---- keys

    @abstractmethod
    def list_keys(self) -> list[KeyRecord]: ...

    @abstractmethod
    def generate_key(self) -> str:
        """A fresh private key; the server does not store it."""

    @abstractmethod
    def check_key_name(self, name: str) -> None:
        """InvalidValue when the server could not address a key of this name. Nothing is sent."""

    @abstractmethod
    def check_private_key(self, private: str) -> None:
        """InvalidValue, with the command that mends it, when the server takes no key of this kind. Nothing is sent."""

    @abstractmethod
    def foresee_key(self, name: str, is_first: bool = False) -> KeyRecord:
        """What ``list_keys`` will show once the key is added; the first one becomes the default. Nothing is sent."""

    @abstractmethod
    def add_key(self, name: str, private: str) -> KeyRecord:
        """Conflict when the name is taken, also by the same key."""

    @abstractmethod
    def replace_key(self, key_id: str, private: str) -> None:
        """Put another key in the place of one. There is one at any time; the old one's associations are lost."""

    @abstractmethod
    def rename_key(self, key_id: str, name: str) -> None:
        """On 2014's servers a key that has this name already is lost: look first."""

    @abstractmethod
    def make_key_default(self, key_id: str) -> None: ...

    @abstractmethod
    def remove_key(self, key_id: str) -> None: ...

    @abstractmethod
    def private_key(self, key_id: str) -> str: ...

    @abstractmethod
    def public_key(self, key_id: str) -> str: ...

    @abstractmethod
    def associate_key(
        self, key_id: str, backend_id: str, machine_id: str, host: str, user: str | None, port: int
    ) -> list[AssociationRecord]:
        """Make Mist log in to ``host`` and leave the key there. All associations of the key are returned."""

    @abstractmethod
    def dissociate_key(
        self, key_id: str, backend_id: str, machine_id: str, host: str | None
    ) -> list[AssociationRecord]:
        """With ``host`` the key is removed from that host as well, if Mist can log in."""

    # ---- machines and what they are made of

    @abstractmethod
    def looks_like_backend_id(self, word: str) -> bool:
        """Whether ``word`` is more likely a backend's id than its title."""

    @abstractmethod
    def looks_like_image_id(self, word: str) -> bool:
        """Whether ``word`` can be nothing but an image's id."""

    @abstractmethod
    def looks_like_size_id(self, word: str, image_id: str) -> bool:
        """Whether ``word`` can be nothing but a size's id, on a backend that has the image ``image_id``."""

    @abstractmethod
    def list_machines(self, backend_id: str) -> list[MachineRecord]: ...

    @abstractmethod
    def check_machine_spec(self, spec: MachineSpec) -> None:
        """InvalidValue when the server would refuse, alter or lose a part of it. Nothing is sent."""

    @abstractmethod
    def create_machine(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        """Never the same twice: a second call makes a second machine, so look before calling it again."""

    @abstractmethod
    def act_on_machine(self, backend_id: str, machine_id: str, action: str) -> list[MachineRecord]:
        """start, stop, reboot or destroy; the backend's machines after it are returned."""

    @abstractmethod
    def probe_machine(
        self, backend_id: str, machine_id: str, host: str, key_id: str | None, user: str | None
    ) -> ProbeRecord:
        """Look at a machine by ping and ssh; that neither works is an answer and no error."""

    @abstractmethod
    def list_images(self, backend_id: str, search: str = "") -> list[ImageRecord]: ...

    @abstractmethod
    def list_sizes(self, backend_id: str) -> list[SizeRecord]: ...

    @abstractmethod
    def list_locations(self, backend_id: str) -> list[LocationRecord]: ...

    @abstractmethod
    def list_networks(self, backend_id: str) -> list[NetworkRecord]: ...

    # ---- monitoring

    @abstractmethod
    def enable_monitoring(self, backend_id: str, machine: MachineRecord) -> MonitoringRecord: ...

    @abstractmethod
    def disable_monitoring(self, backend_id: str, machine_id: str) -> None: ...

    @abstractmethod
    def get_stats(self, backend_id: str, machine_id: str, start: int, stop: int, step: int) -> dict[str, SeriesRecord]:
        """Values by metric id; ``start`` and ``stop`` are Unix times, ``step`` is in seconds."""

    @abstractmethod
    def list_metrics(self, backend_id: str, machine_id: str) -> dict[str, MetricRecord]:
        """The metrics that can be added to a monitored machine, by id."""

    @abstractmethod
    def add_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None: ...

    @abstractmethod
    def remove_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None: ...

    @abstractmethod
    def deploy_plugin(
        self, backend_id: str, machine_id: str, host: str, name: str, code: str, value_type: str, unit: str
    ) -> PluginRecord:
        """Put a python function ``read`` on the machine as a metric of its own; ``value_type`` is gauge or derive."""

    @abstractmethod
    def remove_plugin(self, backend_id: str, machine_id: str, host: str, name: str) -> PluginRecord: ...
