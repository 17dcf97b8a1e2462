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
from typing import Any, Callable, ClassVar, Iterator, Mapping, Sequence, TypeVar

from ..errors import InvalidValue, NotMist, NotSupported, RequestFailed
from ..records import (
    AssociationRecord,
    BackendRecord,
    BackendSpec,
    ExpirationRecord,
    ImageRecord,
    KeyRecord,
    LocationRecord,
    LoginRecord,
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
from ..transport import Transport
from ..wording import listed
from .answers import by_id, each

Record = TypeVar("Record")

LOGIN_REQUIRED = (
    "No credentials were given, and this server requires authentication: set mist_api_token (MIST_API_TOKEN), or"
    " mist_email and mist_password (MIST_EMAIL and MIST_PASSWORD)."
)

#: the generations by name, as users are told of them
TOLD = {"backends": "of 2014 and 2015", "clouds": "of 2016 and later"}


class Generation(ABC):
    """The operations of one server. ``reading_posts`` and ``hints`` are the generation's facts about its wire."""

    name: ClassVar[str]
    #: what its answers are like, in errors
    since: ClassVar[str]
    #: paths whose POST changes nothing, see Transport
    reading_posts: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: (status, beginning of the server's text, what to do about it); the first that fits is taken
    hints: ClassVar[tuple[tuple[int, str, str], ...]] = ()
    #: (status, text) of the answers to a request without a login where one is required
    login_refusals: ClassVar[tuple[tuple[int, str], ...]] = ()
    #: what to do about an answer that no server of this generation gives
    wrong_server: ClassVar[str] = ""
    #: whether a machine has its metrics again when it is monitored again
    remembers_metrics: ClassVar[bool] = False
    #: whether a backend that is there can get other credentials
    can_update_backends: ClassVar[bool] = False

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        #: whether an answer has shown that the server is of this generation
        self.confirmed = False
        #: whether the user gave a token, or an email and a password
        self.has_login = True
        #: whether it is only taken for one, as no login is given
        self.assumed = False
        transport.reading_posts = (*transport.reading_posts, *self.reading_posts)

    def _json(self, method: str, *segments: str, **request: Any) -> Any:
        with self._explaining():
            answer = self.transport.json(method, *segments, **request)
        self.confirmed = True
        return answer

    def _done(self, method: str, *segments: str, **request: Any) -> None:
        with self._explaining():
            self.transport.done(method, *segments, **request)
        self.confirmed = True

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except NotMist as error:
            error.hint = f"{error.hint} {self.wrong_server}"
            if self.assumed and self.requires_login():
                error.message, error.hint = f"{LOGIN_REQUIRED} {error.message}", ""
            raise
        except RequestFailed as error:
            fitting = (
                hint for status, text, hint in self.hints if (status, error.text[: len(text)]) == (error.status, text)
            )
            error.hint = error.hint or next(fitting, "")
            if not self.has_login and (error.status, error.text) in self.login_refusals:
                error.message, error.hint = f"{LOGIN_REQUIRED} {error.message}", ""
            raise

    def requires_login(self) -> bool:
        """Whether the server turns out to be one of the other generation that requires a login; costs a request."""
        return False

    def find_out(self) -> str:
        """The name of the generation; where it is not known yet, that costs a request."""
        return self.name

    def not_supported(self, what: str) -> NotSupported:
        """The error for ``what`` only the other generation can do, told as ``to rename a machine``.

        Where no login is given, it may be a missing token that makes the server seem to be of the wrong generation.
        """
        if self.assumed and self.requires_login():
            return NotSupported(LOGIN_REQUIRED)
        (other,) = set(TOLD) - {self.name}
        hint = f"Those of the generation {other!r} ({TOLD[other]}) have."
        if self.assumed:
            hint += (
                " No login is given, so the server is taken for one that wants none: for another one set"
                " mist_api_token, or mist_email and mist_password."
            )
        return NotSupported(f"Servers of the generation {self.name!r} ({TOLD[self.name]}) have no way {what}.", hint)

    # ---- who is asking

    @abstractmethod
    def use_token(self, token: str, email: str | None) -> None:
        """Show this API token from now on."""

    @abstractmethod
    def log_in(self, email: str, password: str, org: str | None) -> None:
        """Get a token for this user and show it from now on; a server that wants none is fine too.

        InvalidValue when the user is in no organisation ``org``, an id or a name.
        """

    @abstractmethod
    def log_out(self) -> None:
        """Give back the token that ``log_in`` got. Whether or not that works, it raises no MistError."""

    @abstractmethod
    def check_org(self, org: str) -> None:
        """InvalidValue when the token that is shown is of another organisation than this, an id or a name."""

    # ---- providers and backends

    @abstractmethod
    def list_providers(self) -> list[ProviderRecord]: ...

    @abstractmethod
    def canonical_provider(self, provider: str) -> str:
        """The name that ``list_providers`` and ``list_backends`` have for it. Nothing is sent."""

    @abstractmethod
    def list_backends(self) -> list[BackendRecord]: ...

    @abstractmethod
    def check_backend_title(self, title: str) -> None:
        """InvalidValue when the server would refuse or alter this title. Nothing is sent."""

    @abstractmethod
    def foresee_backend(self, spec: BackendSpec) -> BackendRecord:
        """What ``list_backends`` will show once ``spec`` is added; ``id`` is None if only the server makes it.

        Nothing is sent.
        """

    @abstractmethod
    def same_backend(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> BackendRecord | None:
        """The one of ``backends`` for which the server would refuse to add ``spec``. Nothing is sent."""

    @abstractmethod
    def check_backend_spec(self, spec: BackendSpec) -> None:
        """InvalidValue when the server would refuse to add this, whatever is there already. Writes nothing."""

    @abstractmethod
    def check_region(self, spec: BackendSpec) -> None:
        """InvalidValue when the server has no such region for this provider. Writes nothing."""

    @abstractmethod
    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        """Why ``backend``, of another account, is not what ``spec`` makes; "" if it may be. Nothing is sent."""

    def describe_backend_drift(self, backend: BackendRecord, spec: BackendSpec) -> list[str]:
        """Sentences about what a new backend would have otherwise, though ``spec`` does not say it. Nothing is sent."""
        return []

    @abstractmethod
    def unshown_options(self, backend: BackendRecord, spec: BackendSpec) -> list[str]:
        """The options of ``spec`` that name an account or its address and that the server does not show.

        Secrets are left out. Nothing is sent.
        """

    @abstractmethod
    def add_backend(self, spec: BackendSpec, warnings: list[str] | None = None) -> BackendRecord:
        """Conflict, with the id of the backend, when the account is there already.

        ``warnings`` gets a sentence about what was not added with it, where that is no failure.
        """

    def missing_hosts(self, backend: BackendRecord, spec: BackendSpec) -> list[dict[str, Any]] | None:
        """The hosts of ``spec``, as ``add_host`` takes them, that a backend of hosts does not have. Writes nothing.

        None where ``spec`` gives no hosts, or the server has no way to add one.
        """
        return None

    def describe_host(self, host: Mapping[str, Any]) -> str:
        """A host of ``missing_hosts`` in words. Nothing is sent."""
        raise self.not_supported("to add a host to a backend")

    def add_host(self, backend_id: str, host: Mapping[str, Any]) -> None:
        """Add it to a backend of hosts; a second call adds it twice."""
        raise self.not_supported("to add a host to a backend")

    @abstractmethod
    def update_backend_credentials(self, backend_id: str, spec: BackendSpec) -> None:
        """Put the fields that ``spec`` gives in the place of the old ones."""

    @abstractmethod
    def foresee_updated_backend(self, backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
        """What ``list_backends`` will show of ``backend`` once it has these credentials. Nothing is sent."""

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
        """What ``list_keys`` will show once the key is added; the first one becomes the default.

        ``id`` is None if only the server makes it. Nothing is sent.
        """

    @abstractmethod
    def foresee_renamed_key(self, key: KeyRecord, name: str) -> KeyRecord:
        """What ``list_keys`` will show once the key is renamed. Nothing is sent."""

    @abstractmethod
    def add_key(self, name: str, private: str) -> KeyRecord:
        """Conflict when the name is taken, also by the same key."""

    @abstractmethod
    def replace_key(self, key_id: str, private: str) -> KeyRecord:
        """Put another key in the place of one; the new one is returned.

        There is one at any time. The old one's associations are lost, and so it may be that it was the default.
        """

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
        self,
        key_id: str,
        backend_id: str,
        machine_id: str,
        host: str,
        user: str | None,
        port: int,
        keep_failed: bool = False,
    ) -> list[AssociationRecord]:
        """Make Mist log in to ``host`` and leave the key there. All associations of the key are returned.

        A server that records the association although it could not log in is made to forget it, unless it is told to
        ``keep_failed`` ones.
        """

    @abstractmethod
    def check_association(self, machine: MachineRecord, host: str | None, keep_failed: bool) -> None:
        """NotSupported when ``associate_key`` cannot log in to this ``host``, or keep what failed. Nothing is sent."""

    @abstractmethod
    def predict_login(
        self, machine: MachineRecord, keys: Sequence[KeyRecord], key_id: str, user: str | None, port: int | None
    ) -> LoginRecord:
        """How ``associate_key`` of one of these ``keys`` is to log in; what is not given is None.

        InvalidValue when the server would take another port than the one that is given. Nothing is sent.
        """

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
    def list_machines(self, backend_id: str) -> list[MachineRecord]: ...

    @abstractmethod
    def list_all_machines(self) -> list[MachineRecord] | None:
        """The machines of all backends as the server saw them last; None when it has no such list."""

    @abstractmethod
    def check_machine_spec(self, spec: MachineSpec) -> None:
        """InvalidValue when the server would refuse, alter or lose a part of it. Nothing is sent."""

    @abstractmethod
    def check_machine_names(self, backend_id: str, names: Sequence[str]) -> None:
        """InvalidValue when the backend takes no machine of one of these names. Writes nothing."""

    def describe_unlisted(self, backend_id: str, machines: Sequence[MachineRecord]) -> str:
        """What ``list_machines``, which showed ``machines``, leaves out at this backend, and the cure; else ""."""
        return ""

    @abstractmethod
    def check_location(self, backend_id: str, location: LocationRecord | None) -> None:
        """InvalidValue when the backend makes no machine there. Writes nothing."""

    @abstractmethod
    def check_machine_actions(self, backend_id: str, actions: Sequence[str]) -> None:
        """NotSupported when the backend's provider refuses one of these actions in every state. Writes nothing."""

    @abstractmethod
    def check_machine_changes(self, changes: Mapping[str, Any]) -> None:
        """NotSupported when a machine that is there cannot get such a ``new_name``, ``tags`` or ``expiration``.

        Nothing is sent.
        """

    def foresee_machine(
        self, backend_id: str, spec: MachineSpec, size: SizeRecord | None, location: LocationRecord | None = None
    ) -> MachineRecord:
        """What is known of a machine before it is made; what only the server can tell is None or empty.

        ``size`` and ``location`` are those of ``spec``, if they are known. Nothing is sent.
        """
        return {
            "id": None,  # type: ignore[typeddict-item]
            "external_id": None,  # type: ignore[typeddict-item]
            "name": spec["name"],
            "backend_id": backend_id,
            "state": "pending",
            "public_ips": [],
            "private_ips": [],
            "dns_name": None,
            "image": spec["image"],
            "size": spec.get("size"),
            "location": None,
            "tags": {},
            "actions": {},
            "created": None,
            "extra": {},
            "machine_type": None,
            "monitored": None,
            "ssh_keys": None,
            "cost": None,
            "expiration": None,
        }

    @abstractmethod
    def create_machine(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        """Never the same twice: a second call makes a second machine, so look before calling it again.

        RequestFailed with status 500 when the provider could not; WaitedTooLong when nobody knows whether it could.
        """

    @abstractmethod
    def act_on_machine(self, backend_id: str, machine_id: str, action: str) -> list[MachineRecord]:
        """start, stop, reboot, destroy and what else ``MachineRecord.actions`` has that needs no more to be told.

        The backend's machines after it are returned, as of the next three.
        """

    @abstractmethod
    def rename_machine(self, backend_id: str, machine_id: str, name: str) -> list[MachineRecord]: ...

    @abstractmethod
    def resize_machine(self, backend_id: str, machine_id: str, size_id: str) -> list[MachineRecord]: ...

    @abstractmethod
    def remove_machine(self, backend_id: str, machine_id: str) -> list[MachineRecord]:
        """Make Mist forget a host that is a machine only because Mist was told of it."""

    @abstractmethod
    def tag_requests(
        self, machine: MachineRecord, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> list[tuple[Mapping[str, str], Mapping[str, str]]]:
        """What to add and what to remove in each call of ``change_machine_tags``, so that one call is one request.

        InvalidValue when the machine's provider would refuse a tag. Nothing is sent.
        """

    @abstractmethod
    def change_machine_tags(
        self, backend_id: str, machine_id: str, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> None:
        """Set the tags ``added``, of which some may be there with other values, and remove the tags ``removed``.

        Both are values by name.
        """

    @abstractmethod
    def expire_machine(self, backend_id: str, machine_id: str, expiration: ExpirationRecord | None) -> None:
        """Make Mist do something to a machine at a time; None takes that back."""

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
    def list_monitored(self) -> list[MonitoredRecord]:
        """The machines of all backends that are monitored."""

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

    def foresee_metric(self, metric: MetricRecord) -> MetricRecord:
        """What a metric will be once it is added, as far as that can be known. Nothing is sent."""
        return metric

    def is_series_of(self, series_id: str, metric_id: str) -> bool:
        """Whether a series of stats is of a metric. Nothing is sent."""
        return series_id == metric_id

    @abstractmethod
    def add_metric(self, backend_id: str, machine_id: str, metric_id: str) -> MetricRecord | None:
        """What it is now; None where the server does not tell."""

    @abstractmethod
    def remove_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None: ...

    @abstractmethod
    def deploy_plugin(
        self, backend_id: str, machine_id: str, host: str, name: str, code: str, value_type: str, unit: str
    ) -> PluginRecord:
        """Make a metric of python code that runs on the machine; ``value_type`` is gauge or derive.

        When it returns, the code runs: also where other code of the same name ran before. ``done`` of an error says
        what of that was removed.
        """

    @abstractmethod
    def check_plugin(self, name: str, code: str) -> None:
        """InvalidValue when the server would refuse the name or the code at sight. Nothing is sent."""

    @abstractmethod
    def plugin_metric(self, name: str) -> str:
        """The id of the metric that the plugin of this name feeds. Nothing is sent."""

    def is_of_plugin(self, metric_id: str, name: str) -> bool:
        """Whether the plugin of this name feeds a metric; one may feed several. Nothing is sent."""
        return metric_id == self.plugin_metric(name)

    @abstractmethod
    def plugin_of(self, metric_id: str) -> str | None:
        """The name of the plugin that feeds a metric, None when none does. Nothing is sent."""

    @abstractmethod
    def find_in_plugins(self, backend_id: str, machine_id: str, host: str, words: Mapping[str, str]) -> set[str] | None:
        """Which plugins have a word in their code as it is on the machine; ``words`` are letters and digits, by name.

        None when nobody can tell. Changes nothing.
        """

    @abstractmethod
    def remove_plugin(self, backend_id: str, machine_id: str, host: str, name: str) -> PluginRecord:
        """Remove a plugin, and its metrics but for those that are returned."""

    def plugin_file(self, machine_id: str, name: str) -> str:
        """The file that stays on the machine when a plugin is removed; "" where Mist logs in and removes it.

        Nothing is sent.
        """
        return ""

    # ---- from answers to records

    def _list(self, shape: Callable[[Any], Record], *segments: str) -> list[Record]:
        return self._records(shape, segments[-1], "GET", *segments)

    def _records(self, shape: Callable[[Any], Record], what: str, *asked: str, **request: Any) -> list[Record]:
        return self._record(lambda items: each(items, shape), f"a list of {what}", *asked, **request)

    def _by_id(self, shape: Callable[[str, Any], Record], what: str, *asked: str, **request: Any) -> dict[str, Record]:
        return self._record(lambda items: by_id(items, shape), f"a dict of {what}", *asked, **request)

    def _record(self, shape: Callable[[Any], Record], what: str, method: str, *segments: str, **request: Any) -> Record:
        """What ``shape`` makes of the answer; NotMist when that is not ``what`` it ought to be."""
        answer = self._json(method, *segments, **request)
        try:
            return shape(answer)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise NotMist(
                f"{method} {self.transport.address(*segments)} answered JSON that is not {what} as in {self.since}.",
                f"Is mist_uri the address of a Mist server of the {self.name} generation?",
            ) from error


def check_parameters(spec: MachineSpec) -> None:
    """InvalidValue when the further fields of a machine hold one that is an option of its own."""
    doubled = sorted(set(spec.get("parameters", {})) & set(MachineSpec.__annotations__))
    if doubled:
        raise InvalidValue(f"parameters holds {listed(doubled, 'and')}, for which there are options.")
