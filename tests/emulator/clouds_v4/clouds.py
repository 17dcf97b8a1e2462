# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds: list, add with the checks of fields, rename, edit, switch, delete."""

from __future__ import annotations

import re

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, ParameterMissing
from ..world import World
from . import auth, find, hosts, polling
from .errors import CloudUnauthorized, Said
from .state import Cloud, Item, database
from .tables import COMMON_FIELDS, DEFAULTS, Fields, fields_of
from .wire import OK, Parameters, is_form, of_json, parameters, python_dict, required

# blanks and underscores too, whatever the error says: CONTRACT-2.md 1
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ .-]*[A-Za-z0-9]")
BAD_NAME = "Cloud name may only contain ASCII letters, numbers, dashes and dots"
TAKEN = "Cloud with this name already exists"
NO_STATE = "new_state or dns_enabled or           observation_logs_enabled or object_storage_enabled"
FEATURES = ("dns_enabled", "object_storage_enabled", "observation_logs_enabled", "container_enabled")
SWITCHES = ("show_all", "verify")
INTERVALS = range(600, 43201)


def shown(call: Call, cloud: Cloud) -> Item:
    return {
        "id": cloud.id,
        "name": cloud.title,
        "provider": cloud.provider,
        "enabled": cloud.enabled,
        **{name: cloud.features[name] for name in FEATURES},
        "state": "online" if cloud.enabled else "offline",
        "polling_interval": cloud.polling_interval,
        "tags": dict(cloud.tags),
        "owned_by": cloud.owner,
        "created_by": cloud.owner,
        **open_fields(cloud),
    }


def open_fields(cloud: Cloud) -> Item:
    """The provider's own fields that are no secret; one that is empty or false is not shown."""
    fields = known_fields(cloud.provider)
    names = (*fields.required, *fields.optional) if cloud.provider != "other" else ()
    return {name: cloud.fields[name] for name in names if cloud.fields.get(name) and name not in fields.secret}


def known_fields(provider: str) -> Fields:
    fields = fields_of(provider)
    assert fields is not None, provider
    return fields


async def list_clouds(call: Call) -> Answer:
    auth.check(call)
    return of_json(call.ordered([shown(call, cloud) for cloud in database(call).clouds()]))


async def add_cloud(call: Call) -> Answer:
    auth.check(call)
    # texts are stripped: CONTRACT-2.md 1
    given = {name: value.strip() if isinstance(value, str) else value for name, value in parameters(call).items()}
    if is_form(call):
        raise ApiError
    cloud, errors = await add(call, given)
    answer = {**shown(call, cloud), "index": len(database(call).clouds()) - 1}
    return of_json({**answer, "errors": errors} if errors else answer)


async def add(call: Call, given: Parameters) -> tuple[Cloud, list[str]]:
    """The new cloud and what went wrong with single hosts of it."""
    provider = required(given, "provider")
    fields = fields_of(str(provider))
    if fields is None:
        raise BadRequest(f"Invalid provider '{provider}'.")
    own = {name: value for name, value in given.items() if name not in ("provider", "name", *COMMON_FIELDS)}
    own = _checked(fields, own)
    name = given.get("name")
    check_name(name)
    _check_missing(call, fields, own)
    check_taken(call, str(name))
    cloud = new_cloud(call.world, fields, str(name), own, database(call).user)
    _check_switches(cloud, own)
    # also with fail_on_error false (recordings: ec2-add-bad-credentials-fail-on-error-false)
    await check_account(call, cloud)
    call.world.backends[cloud.id] = cloud
    if fields.driver == "other":
        return cloud, _add_hosts(call, cloud, own)
    first_poll(call.world, cloud)
    return cloud, []


def check_name(name: object) -> None:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BadRequest(BAD_NAME)


def check_taken(call: Call, name: str, but: Cloud | None = None) -> None:
    if any(each.title == name and each is not but for each in database(call).clouds()):
        raise Said(409, TAKEN)


def _checked(fields: Fields, own: Parameters) -> Parameters:
    """The provider's own fields under their present names; BadRequest for one that it does not have."""
    renamed = {fields.old_names.get(name, name): value for name, value in own.items()}
    unknown = [name for name in renamed if name not in (*fields.required, *fields.optional)]
    if unknown:
        errors = {name: f"Invalid parameter {name}={renamed[name]!r}." for name in unknown}
        raise BadRequest(python_dict(f"Invalid parameters {unknown!r}.", errors))
    return renamed


def _check_missing(call: Call, fields: Fields, own: Parameters) -> None:
    missing = [name for name in fields.required if not own.get(name)]
    if missing:
        what = f"Cloud.{fields.model}:{call.world.digest('invalid cloud', 32)}"
        message = f"ValidationError ({what}) (Field is required: {missing!r})"
        raise BadRequest(python_dict(message, dict.fromkeys(missing, "Field is required")))


def _check_switches(cloud: Cloud, own: Parameters) -> None:
    """As recorded of an edit: docker-edit-show-all-text."""
    wrong = [name for name in SWITCHES if own.get(name) and not isinstance(own[name], bool)]
    if wrong:
        what = f"Cloud.{known_fields(cloud.provider).model}:{cloud.id}"
        message = f"ValidationError ({what}) (BooleanField only accepts boolean values: {wrong!r})"
        raise BadRequest(python_dict(message, dict.fromkeys(wrong, "BooleanField only accepts boolean values")))


def new_cloud(world: World, fields: Fields, name: str, own: Parameters, owner: str) -> Cloud:
    """The cloud that these fields describe, not stored yet."""
    is_other = fields.driver == "other"
    cloud = Cloud(
        id=world.digest("cloud", 32),
        title=name,
        provider=fields.driver,
        polling_interval=0 if is_other else 1800,
        features=dict.fromkeys(FEATURES, False) | {"observation_logs_enabled": not is_other},
        owner=owner,
    )
    use_fields(world, cloud, DEFAULTS.get(fields.driver, {}) | own)
    return cloud


def use_fields(world: World, cloud: Cloud, fields: Item) -> None:
    """Take these credentials; the provider's emulation reads them from the common fields."""
    cloud.fields = fields
    cloud.region = str(fields.get("region") or "")
    cloud.apikey = str(fields.get("apikey") or fields.get("username") or "")
    cloud.apisecret = str(fields.get("apisecret") or fields.get("token") or fields.get("password") or "")
    cloud.apiurl = str(fields.get("host") or fields.get("url") or "")
    cloud.tenant_name = str(fields.get("tenant") or "")
    port = fields.get("port")
    cloud.docker_port = int(port) if port else cloud.docker_port
    cloud.owned_by = polling.driver_at(cloud).account_of(world, cloud)


async def check_account(call: Call, cloud: Cloud) -> None:
    if cloud.provider != "other":
        await polling.ask(call, cloud)


def first_poll(world: World, cloud: Cloud) -> None:
    """What the poller finds out after an add; until then the lists are empty."""

    def work() -> None:
        if not polling.answers(world, cloud):
            return
        # Machines come first: until the next polling they know no image and no location.
        polling.note(world, cloud)
        polling.fill_catalogue(world, cloud)

    if polling.driver_at(cloud).can_create:
        world.later(world.clock.now() + world.settings.first_poll_seconds, work)
        world.run_due_jobs()


def _add_hosts(call: Call, cloud: Cloud, own: Parameters) -> list[str]:
    """Each host of `machines`, or the one that is given flat; the errors of those that cannot be added."""
    listed = own.get("machines")
    if listed is None and not own.get("machine_hostname"):
        # The exception comes after the cloud is stored, and before it has an owner.
        cloud.owner = ""
        raise ApiError
    if listed is None:
        _add_single_host(call, cloud, own)
        return []
    errors: list[str] = []
    for each in listed:
        try:
            hosts.add(call, cloud, each, checked=True)
        except hosts.LoginRefused as error:
            # No host's name is in it (recordings: other-add-three-hosts-one-dead).
            errors.append(CloudUnauthorized(error.exception).text)
        except ApiError as error:
            errors.append(error.text)
    return errors


def _add_single_host(call: Call, cloud: Cloud, own: Parameters) -> None:
    """Its failure is the request's, and nothing is stored (R); its name is the cloud's."""
    try:
        if "machine_name" in own:
            errors = {"machine_name": f"Invalid parameter machine_name={own['machine_name']!r}."}
            raise BadRequest(python_dict("Invalid parameters ['machine_name'].", errors))
        hosts.add(call, cloud, {"machine_name": cloud.title, **own}, checked=True)
    except ApiError as error:
        del call.world.backends[cloud.id]
        if isinstance(error, hosts.LoginRefused):
            raise CloudUnauthorized(error.exception) from None
        raise


async def rename_cloud(call: Call, cloud: str) -> Answer:
    auth.check(call)
    new_name = required(parameters(call), "new_name")
    found = find.cloud_by_id(call, cloud)
    check_name(new_name)
    check_taken(call, new_name, found)
    found.title = new_name
    return OK


async def edit_cloud(call: Call, cloud: str) -> Answer:
    auth.check(call)
    given = parameters(call)
    found = find.cloud_by_id(call, cloud)
    await edit(call, found, given)
    return OK


async def edit(call: Call, cloud: Cloud, given: Parameters) -> None:
    if not given:
        raise BadRequest("You should provide your new cloud settings")
    if cloud.provider == "other":
        raise BadRequest(
            "OtherServer clouds don't support `update`. Only name can be changed, using `rename`. To change machine"
            " details, one must edit the machines themselves, not the cloud."
        )
    interval = given.get("polling_interval")
    if interval is not None and interval not in INTERVALS:
        raise BadRequest("Interval must be at least 10 mins and at most 12 hours.")
    own = {name: value for name, value in given.items() if name not in COMMON_FIELDS}
    own = _checked(known_fields(cloud.provider), own)
    before = cloud.fields
    # what is empty or false is ignored (recordings: docker-edit-show-all-off)
    own = {name: value for name, value in own.items() if value}
    _check_switches(cloud, own)
    use_fields(call.world, cloud, {**before, **own})
    try:
        if own and given.get("fail_on_error", True):
            await check_account(call, cloud)
    except ApiError:
        use_fields(call.world, cloud, before)
        raise
    cloud.polling_interval = interval or cloud.polling_interval


async def switch_cloud(call: Call, cloud: str) -> Answer:
    auth.check(call)
    given = parameters(call)
    found = find.cloud_by_id(call, cloud)
    if not {"new_state", *FEATURES} & given.keys():
        raise ParameterMissing(NO_STATE)
    state = given.get("new_state")
    # The code compares with strings: a number is no state, and 0 is as good as none.
    if state and state not in ("0", "1"):
        raise BadRequest("Invalid cloud state")
    if state:
        found.enabled = state == "1"
    for name in FEATURES:
        if name in given:
            found.features[name] = bool(int(given[name]))
    return OK


async def delete_cloud(call: Call, cloud: str) -> Answer:
    auth.check(call)
    from_vault = parameters(call).get("delete_from_vault")
    found = find.cloud_by_id(call, cloud)
    remove(call, found)
    if from_vault and not any(found.fields.get(name) for name in known_fields(found.provider).secret):
        # A cloud without a secret has nothing in the vault, which the server did not foresee.
        raise ApiError
    return OK


def remove(call: Call, cloud: Cloud) -> None:
    """Its machines go from the lists; what is at the provider stays."""
    for record in database(call).records_of(cloud):
        record.missing_since = call.now
    del call.world.backends[cloud.id]
