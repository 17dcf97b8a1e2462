# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts a ``BackendSpec`` to requests of the clouds generation, by the table of providers. Sends nothing.

Missing, unknown and duplicate values raise InvalidValue. The errors use the option names of the user.
"""

from __future__ import annotations

import ast
import json
import re
from typing import Any, Iterable, Mapping
from urllib.parse import urlsplit

from ...errors import InvalidValue, NotSupported
from ...records import BackendRecord, BackendSpec, ProviderRecord
from ...wording import did_you_mean, join_words, nearest
from ..provider_names import canonical_provider, driver_and_region
from ..provider_table import (
    ADDRESS,
    BY_NAME,
    GENERAL,
    HOSTS,
    KEY_FILE,
    NUMBER,
    PROVIDERS,
    REGION,
    SWITCH,
    URL,
    Field,
    Provider,
    needs_option,
)
from ..provider_values import check_url, read_number, read_switch, read_text, secret_in_public

# recordings/4.7/CONTRACT-2.md 1. Spaces and underscores are accepted, although the server's own error omits them.
TITLE = re.compile(r"[0-9a-zA-Z][0-9a-zA-Z_ .-]*[0-9a-zA-Z]")
REMOVE_FIRST = "Choose another title, or remove the backend first with state=absent."


# ---- checks and facts


def given_region(spec: BackendSpec) -> tuple[str, str]:
    """The driver, and the given region if the server lists the provider's regions (not for OpenStack)."""
    driver = canonical_provider(spec["provider"])
    region = _given(spec).get("region", "") if REGION in PROVIDERS[driver].fields else ""
    return driver, region


def check_region(driver: str, region: str, regions: Iterable[str]) -> None:
    """InvalidValue if ``region`` is not one of ``regions``, unless that is empty."""
    known = list(regions)
    if known and region not in known:
        raise InvalidValue(
            f"Invalid region {region!r} for a backend of {driver}.{did_you_mean(nearest(region, known))}",
            f"region must be one of {join_words(known, 'or')}.",
        )


def providers() -> list[ProviderRecord]:
    """The complete table. A field without a general option is called ``credentials.<field>``."""
    return [_record(driver, provider) for driver, provider in PROVIDERS.items()]


def secret_fields(provider: str) -> frozenset[str]:
    """The fields with secret values, under all their names."""
    fields = PROVIDERS[canonical_provider(provider)].fields
    return frozenset(name for field in fields if field.secret for name in (field.name, *field.spellings))


def secret_values(provider: str, body: Mapping[str, Any]) -> set[str]:
    """The secret values in the body of a request."""
    return {str(body[name]) for name in secret_fields(provider) & body.keys()}


def check_title(name: str) -> None:
    """InvalidValue for a title that the server rejects, or from which it strips spaces."""
    if not TITLE.fullmatch(name):
        raise InvalidValue(
            f"Invalid backend title {name!r}: only ASCII letters, digits, spaces, dots, dashes and underscores are"
            " allowed, at least two, with a letter or digit at both ends."
        )


# ---- the bodies of requests


def payload(spec: BackendSpec) -> dict[str, Any]:
    """The body of POST /api/v1/clouds."""
    driver = canonical_provider(spec["provider"])
    check_title(spec.get("title", ""))
    body = {**_defaults(driver), **_given(spec)}
    if PROVIDERS[driver].hosts:
        body = _as_hosts(driver, body)
    _check_complete(driver, PROVIDERS[driver].fields, body)
    _check_not_ignored(driver, body)
    if driver == "gce" and "email" not in body:
        raise InvalidValue(
            "A new backend of gce requires api_key, the email of the service account.",
            "Or set api_secret to the complete JSON key file.",
        )
    return {"name": spec["title"], "provider": driver, **body, **_without_test(spec)}


def credentials_payload(spec: BackendSpec) -> dict[str, Any]:
    """The body of PATCH /api/v1/clouds/{id}: the given fields of the provider. They can be incomplete."""
    driver = canonical_provider(spec["provider"])
    if PROVIDERS[driver].hosts:
        # recorded for other (recordings/4.7, cloud-edit-other), read in the server's source for libvirt. Hosts can only
        # be added, see hosts_of
        raise NotSupported(f"Servers of generation 'clouds' cannot change the hosts of a backend of {driver}.")
    # the server ignores empty and false values (CONTRACT-2.md 0)
    body = {name: value for name, value in {**_defaults(driver), **_given(spec)}.items() if value}
    if not body:
        raise InvalidValue("No credentials are given for the update of the backend.", _accepted(driver))
    return {**body, **_without_test(spec)}


def _defaults(driver: str) -> dict[str, Any]:
    return {field.name: field.default for field in PROVIDERS[driver].fields if field.default is not None}


def _check_not_ignored(driver: str, body: Mapping[str, Any]) -> None:
    """InvalidValue for an empty or false value: the server ignores it and uses its default (CONTRACT-2.md 0)."""
    for field in PROVIDERS[driver].fields:
        if field.initial and not body.get(field.name, field.initial):
            raise InvalidValue(
                f"Invalid {field.name}={body[field.name]!r} for a backend of {driver}: the server ignores empty and"
                f" false values, and uses the default, {field.initial}.",
                f"Remove {field.name}.",
            )


def _without_test(spec: BackendSpec) -> dict[str, Any]:
    """The field that stores an update without a test (read in the server's source). 4.7 ignores it for an add
    (CONTRACT-2.md 1)."""
    return {} if spec.get("validate", True) else {"fail_on_error": False}


def public_fields(spec: BackendSpec) -> dict[str, Any]:
    """The fields of a new backend in GET /api/v1/clouds, which omits empty and false values."""
    driver = canonical_provider(spec["provider"])
    initial = {field.name: field.initial for field in PROVIDERS[driver].fields if field.initial is not None}
    return _listed(driver, {**initial, **_defaults(driver), **_given(spec)})


def is_without_default(backend: BackendRecord, spec: BackendSpec) -> bool:
    """Whether ``backend`` lacks a value that this client sends by default, and that ``spec`` does not set."""
    driver = BY_NAME.get(backend["provider"], "")
    defaults = _defaults(driver) if driver else {}
    given = _given(spec)
    return any(value and not backend["settings"].get(name) for name, value in defaults.items() if name not in given)


def listed_fields(cloud: Mapping[str, Any]) -> dict[str, Any]:
    """``settings`` of a cloud of GET /api/v1/clouds; empty for a provider that is not in the table."""
    return _listed(cloud["provider"], cloud)


def mismatch(backend: BackendRecord, spec: BackendSpec) -> str:
    """The differences between ``backend`` and ``spec`` that the server shows, as words; "" if there are none."""
    if backend["provider"] not in BY_NAME and spec["provider"] == backend["provider"]:
        return ""  # a provider that only the server knows
    driver = canonical_provider(spec["provider"])
    if BY_NAME.get(backend["provider"], backend["provider"]) != driver:
        return f"its provider is {backend['provider']}, not {driver}"
    given, settings = _given(spec), backend["settings"]
    # the server does not list empty and false values
    differing = [name for name in _shown(driver) if name in given and (given[name] or None) != settings.get(name)]
    parts = (f"its {name} is {settings.get(name) or 'not set'}, not {given[name]}" for name in differing)
    return join_words(parts, "and") if differing else ""


def unshown_options(spec: BackendSpec) -> list[str]:
    """The given options whose fields are not secret, but are not listed."""
    given = _given(spec)
    fields = PROVIDERS[canonical_provider(spec["provider"])].fields
    return [_word(field) for field in fields if field.hidden and not field.secret and field.name in given]


def updated(backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
    """The record of ``backend`` after an update with ``credentials_payload``."""
    driver = canonical_provider(spec["provider"])
    if BY_NAME.get(backend["provider"]) != driver:
        raise InvalidValue(f"The provider of a backend cannot be changed from {backend['provider']} to {driver}.")
    body = credentials_payload(spec)
    kept = [name for name, value in _given(spec).items() if not value and backend["settings"].get(name)]
    if kept:
        raise InvalidValue(f"The server cannot clear {join_words(kept, 'and')} of an existing backend.", REMOVE_FIRST)
    settings = {**backend["settings"], **_listed(driver, body)}
    return {**backend, "settings": settings, "region": settings.get("region")}


def describe_unlisted(backend: BackendRecord) -> str:
    """Which machines of a backend the server does not list (CONTRACT-2.md 1); "" if it lists all."""
    if backend["provider"] != "docker" or backend["settings"].get("show_all"):
        return ""
    return (
        f"The server lists only the running containers of the backend {backend['title']!r} ({backend['id']}), because"
        " its show_all is off."
    )


def region_of(cloud: Mapping[str, Any]) -> str | None:
    """The region of a cloud of GET /api/v1/clouds."""
    return cloud.get("region") or None


def hosts_of(spec: BackendSpec) -> list[dict[str, Any]]:
    """The hosts in ``spec``, by the server's names, if hosts can be added to the backend; else none."""
    driver = canonical_provider(spec["provider"])
    if driver != "other":
        return []
    body = _as_hosts(driver, _given(spec))
    return list(body["machines"]) if "machines" in body else [body]


def place_of(host: Mapping[str, Any]) -> tuple[str, int]:
    """The address and port of a host. They identify it."""
    # read in the server's source: it extracts the host from a URL (helpers.py, sanitize_host)
    address = re.sub(r"^https?://", "", host.get("machine_hostname") or host["host"]).partition("/")[0]
    address = address if address.count(":") > 1 else address.partition(":")[0]
    return address, int(host.get("machine_port") or host.get("port") or 22)


# ---- from the user's options to the server's fields


class _Form:
    """Collects the fields of a backend, or of one host. ``values`` is by the server's names."""

    def __init__(self, driver: str, fields: tuple[Field, ...]) -> None:
        self.driver = driver
        self.fields = fields
        self.values: dict[str, Any] = {}
        self._words: dict[str, str] = {}

    def option(self, option: str, value: Any) -> None:
        """Set the field of a general option."""
        field = next((field for field in self.fields if field.option == option), None)
        if field is None and option == "api_key" and any(field.option == "api_secret" for field in self.fields):
            raise secret_in_public("api_key", self.driver, value)
        if field is None:
            raise InvalidValue(f"Invalid option {option} for a backend of {self.driver}.", _accepted(self.driver))
        self.fill(field, option, value)

    def named(self, name: str, value: Any, within: str) -> None:
        """Set a field by its name. ``within`` is the option that contains it."""
        field = next((field for field in self.fields if name in (field.name, *field.spellings)), None)
        if field is None:
            close = nearest(name, (known for field in self.fields for known in (field.name, *field.spellings)))
            raise InvalidValue(
                f"Invalid field {name!r} in {within} for a backend of {self.driver}.{did_you_mean(close)}",
                _accepted(self.driver),
            )
        if needs_option(field):
            raise secret_in_public(f"{within}.{name}", self.driver, value)
        self.fill(field, f"{within}.{name}", value)

    def fill(self, field: Field, word: str, value: Any) -> None:
        """``word`` is the user's name for the field. InvalidValue if another name has set another value."""
        if field.kind == ADDRESS:
            value = self._without_port(word, read_text(word, value))
        checked = _checked(self.driver, field, word, value)
        if field.kind == URL:
            check_url(word, checked)
        before = self._words.setdefault(field.name, word)
        if self.values.setdefault(field.name, checked) != checked:
            raise InvalidValue(
                f"{before} and {word} set the field {field.name} to different values.", "Use only one of them."
            )

    def _without_port(self, word: str, address: str) -> str:
        """The host of ``host``, ``host:port`` or a URL. The port is set as a separate field."""
        try:
            parts = urlsplit(address if "//" in address else f"//{address}")
            host, port = parts.hostname, parts.port
            if parts.path.strip("/") or parts.query or parts.username:
                host = None  # there is no field for these
        except ValueError:
            host, port = None, None
        if not host:
            raise InvalidValue(f"Invalid {word}: it must be host, host:port or http://host:port.")
        if port:
            field = next((field for field in self.fields if field.name == "port"), None)
            if field is None:
                raise InvalidValue(
                    f"Invalid {word}: a backend of {self.driver} does not accept a port.", "Remove the port."
                )
            self.fill(field, word, port)
        return host


def _given(spec: BackendSpec) -> dict[str, Any]:
    """The given values, by the server's names. For a list of hosts, also the fields of a single host."""
    driver, region = driver_and_region(spec["provider"])
    form = _Form(driver, PROVIDERS[driver].all_fields)
    if region:
        form.fill(REGION, f"provider={spec['provider']}", region)
    for option, value in _filled(spec):
        if option in GENERAL:
            form.option(option, value)
    for name, value in _filled(spec.get("credentials", {})):
        form.named(name, value, "credentials")
    if driver == "gce":
        _read_key_file(form)
    if "url" in form.values:
        # read in the server's source: it stores the URL of OpenStack this way. Otherwise the listed value would differ
        form.values["url"] = re.sub(r"(/v2\.0)?/*$", "", form.values["url"])
    return form.values


def _read_key_file(form: _Form) -> None:
    """Read the key and the email from Google's JSON.

    Read in the server's source: it only parses the JSON if it does not have an email yet.
    """
    text = form.values.get("private_key", "")
    try:
        # templating can turn JSON into a dict, and the dict into a text in Python syntax
        key_file = ast.literal_eval(text) if text.startswith("{'") else json.loads(text)
        key, email = key_file["private_key"], key_file["client_email"]
    except (KeyError, SyntaxError, TypeError, ValueError):
        return
    form.values["private_key"] = key
    form.fill(next(field for field in form.fields if field.name == "email"), "the client_email of the key file", email)


def _filled(given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The values that are not empty. AWX sends empty values for options that are not set.

    Read in the server's source: it treats an empty value as not given.
    """
    return [(name, value) for name, value in given.items() if value is not None and value != ""]


def _as_hosts(driver: str, given: dict[str, Any]) -> dict[str, Any]:
    """The body with the list of hosts, or with the fields of a single host."""
    (list_field,) = PROVIDERS[driver].fields
    host = {name: value for name, value in given.items() if name != list_field.name}
    if host and list_field.name in given:
        raise InvalidValue(
            f"credentials.{list_field.name} cannot be combined with the options for a single host.",
            "Put all hosts in the list.",
        )
    if host:
        _check_complete(driver, PROVIDERS[driver].hosts, host)
    if host and driver == "other" and "machine_name" not in host:
        # sent without a list: then the request fails, and no cloud stays, if the host fails (read in the server's
        # source: clouds/controllers/main/controllers.py, OtherMainController.add). Recorded for a host without a key
        return host
    hosts = [host] if host else given.get(list_field.name, [])
    _check_no_duplicates(hosts)
    # without a list, the server answers 500 but adds the cloud: recordings/4.7, cloud-add-other-nothing-else
    return {list_field.name: hosts} if hosts or not list_field.required else {}


def _check_no_duplicates(hosts: Iterable[Mapping[str, Any]]) -> None:
    """InvalidValue for duplicate hosts: the server would add each of them as a machine (CONTRACT-2.md 1)."""
    places = [place_of(host) for host in hosts]
    duplicates = sorted({f"{address}, port {port}" for address, port in places if places.count((address, port)) > 1})
    if duplicates:
        raise InvalidValue(
            f"The list of hosts contains {join_words(duplicates, 'and')} more than once.",
            "Mist would add each of them as a machine.",
        )


def _checked(driver: str, field: Field, word: str, value: Any) -> Any:
    """The value to send to the server. InvalidValue if it has another type."""
    if field.kind == NUMBER:
        return read_number(word, value)
    if field.kind == SWITCH:
        return read_switch(word, value)
    if field.kind == HOSTS:
        return _hosts(driver, word, value)
    if field.kind == KEY_FILE and isinstance(value, dict):
        return json.dumps(value)  # templating turns a text of JSON into a dict
    return read_text(word, value)


def _hosts(driver: str, word: str, hosts: Any) -> list[dict[str, Any]]:
    if not isinstance(hosts, list) or not all(isinstance(host, dict) for host in hosts):
        raise InvalidValue(f"{word} must be a list of hosts, and each host must be a dict.", _accepted(driver))
    return [_host(driver, f"{word}[{number}]", host) for number, host in enumerate(hosts)]


def _host(driver: str, word: str, host: Mapping[str, Any]) -> dict[str, Any]:
    form = _Form(driver, PROVIDERS[driver].hosts)
    for name, value in _filled(host):
        form.named(name, value, word)
    missing = [field.name for field in form.fields if field.required and field.name not in form.values]
    if missing:
        raise InvalidValue(f"{word} requires {join_words(missing, 'and')}.")
    return form.values


def _check_complete(driver: str, fields: Iterable[Field], body: Mapping[str, Any]) -> None:
    missing = [_word(field) for field in fields if field.required and field.name not in body]
    if missing:
        raise InvalidValue(f"A new backend of {driver} requires {join_words(missing, 'and')}.", _accepted(driver))


# ---- names for the user


def _record(driver: str, provider: Provider) -> ProviderRecord:
    required = [field for field in provider.fields if field.required and field.kind != HOSTS]
    if any(field.required and field.kind == HOSTS for field in provider.fields):
        required += [field for field in provider.hosts if field.required]
    return {
        "provider": driver,
        "title": provider.title,
        "required": [_word(field) for field in required],
        "optional": [_word(field) for field in provider.all_fields if field not in required],
    }


def _listed(provider: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in _shown(provider) if values.get(name)}


def _shown(provider: str) -> list[str]:
    """The fields that the server lists; none for a provider that is not in the table."""
    driver = BY_NAME.get(provider, "")
    fields = PROVIDERS[driver].fields if driver else ()
    return [field.name for field in fields if not (field.secret or field.hidden or field.kind == HOSTS)]


def _word(field: Field) -> str:
    return field.option or f"credentials.{field.name}"


def _accepted(driver: str) -> str:
    """The sentence with the options and fields that a provider accepts."""
    fields = PROVIDERS[driver].all_fields
    options = [field.option for field in fields if field.option]
    names = [field.name for field in fields if not needs_option(field)]
    in_credentials = f", and these fields in credentials: {join_words(names, 'and')}" if names else ""
    return f"A backend of {driver} accepts {join_words(options, 'and')}{in_credentials}."
