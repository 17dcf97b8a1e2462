# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every part of the collection must have, so that a new one cannot be half there."""

from __future__ import annotations

import re
import textwrap
from importlib import import_module
from pathlib import Path
from typing import ForwardRef, get_args

import pytest
import yaml

from ansible_collections.mistio.cloud.plugins.doc_fragments.mist import ModuleDocFragment
from ansible_collections.mistio.cloud.plugins.inventory import mist as inventory
from ansible_collections.mistio.cloud.plugins.module_utils import _argspec
from ansible_collections.mistio.cloud.plugins.module_utils._module import ResourceModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine.info import MachineInfoWanted
from ansible_collections.mistio.cloud.plugins.module_utils._resources.monitoring.info import MonitoringInfoWanted
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import records
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.provider_table import (
    PROVIDERS,
    needs_option,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.records import BackendRecord, MachineRecord
from ansible_collections.mistio.cloud.plugins.modules import mist_backend

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("mist_*.py"))


PLUGINS = [("inventory", "mist"), ("lookup", "private_key")]


def read_yaml(path):
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_there_are_modules():
    assert "mist_backend" in MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_tested_by_name_and_has_a_target(module):
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/unit/modules").glob("test_*.py"))
    assert f'"{module}"' in tests
    assert (ROOT / "tests/integration/targets" / module / "tasks/main.yml").is_file()


@pytest.mark.parametrize("module", MODULES)
def test_the_readme_lists_the_module(module):
    assert f"`{module}`" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("module", [name for name in MODULES if not name.endswith("_info")])
def test_a_module_that_changes_has_a_twin_that_only_reads(module):
    # mist_key_info returns the associations with their keys
    assert {"mist_key_association": "mist_key_info"}.get(module, f"{module}_info") in MODULES


def test_the_action_group_holds_all_modules():
    assert read_yaml("meta/runtime.yml")["action_groups"]["mist"] == MODULES


def test_the_connection_options_are_documented_as_they_are():
    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    assert list(documented) == list(_argspec.CONNECTION)
    for name, spec in _argspec.CONNECTION.items():
        said = documented[name]
        assert (said["type"], said.get("default"), said.get("choices"), said.get("required")) == (
            spec["type"],
            spec.get("default"),
            spec.get("choices"),
            spec.get("required"),
        )
        _fallback, (variable,) = spec["fallback"]
        assert f"If not set, the environment variable E({variable}) is used." in said["description"]


@pytest.mark.parametrize(("kind", "plugin"), PLUGINS)
def test_a_plugin_is_tested_by_name_and_has_a_target(kind, plugin):
    assert [path.stem for path in (ROOT / "plugins" / kind).glob("[!_]*.py")] == [plugin]
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/unit" / kind).glob("*.py"))
    assert f'"mistio.cloud.{plugin}"' in tests
    targets = ROOT / "tests/integration/targets"
    assert any((targets / name / "tasks/main.yml").is_file() for name in (f"{kind}_{plugin}", plugin))


def test_the_connection_options_of_plugins_are_those_of_modules_with_variables_to_set_them():
    modules, plugins = (
        yaml.safe_load(fragment)["options"] for fragment in (ModuleDocFragment.DOCUMENTATION, ModuleDocFragment.PLUGIN)
    )
    assert list(plugins) == list(modules)
    for name, said in plugins.items():
        (variable,) = said.pop("env")
        (of_host,) = said.pop("vars")
        assert variable["name"] == _argspec.CONNECTION[name]["fallback"][1][0]
        assert variable["name"].startswith("MIST_")  # AWX lets no credential set a variable that begins with ANSIBLE_
        assert of_host["name"] == variable["name"].lower()
        sentence = f"If not set, the environment variable E({variable['name']}) is used."
        assert said == {
            **modules[name],
            "description": [each for each in modules[name]["description"] if each != sentence],
        }


def test_the_sub_options_of_credentials_are_the_fields_of_the_providers():
    documented = yaml.safe_load(mist_backend.DOCUMENTATION)["options"]["credentials"]["suboptions"]
    options = _argspec.credentials_options()
    assert list(documented) == list(options)
    for name, option in options.items():
        said = documented[name]
        assert (said["type"], said.get("elements"), said.get("aliases", [])) == (
            option["type"],
            option.get("elements"),
            option["aliases"],
        )


@pytest.mark.parametrize("driver", PROVIDERS)
def test_a_secret_has_a_masked_option_and_a_public_value_has_one_that_is_not_masked(driver):
    options = {**mist_backend.BackendModule.options, **_argspec.credentials_options()}
    for field in PROVIDERS[driver].all_fields:
        words = [word for word in (field.option, "" if needs_option(field) else field.name) if word]
        assert words, field.name
        assert {bool(options[word].get("no_log")) for word in words} == {field.secret}, field.name


def test_no_machine_says_which_server_is_asked():
    records = (MachineRecord, BackendRecord)
    facts = {f"mist_{name}" for record in records for name in record.__annotations__}
    facts |= {f"mist_{name}" for name in ("unique_id", "backend_title", "provider", "region", "key", "stale_since")}
    assert not facts & {spec["fallback"][1][0].lower() for spec in _argspec.CONNECTION.values()}


def test_every_option_of_the_inventory_but_those_with_expressions_has_a_variable():
    options = yaml.safe_load(inventory.DOCUMENTATION)["options"]
    without = {name for name, said in options.items() if not said.get("env")}
    assert without == {"plugin", "filters"}
    for name, said in options.items():
        assert all(each["name"] == f"MIST_{name.upper()}" for each in said.get("env", []))


def record_of(result):
    """The name of the record that a result holds, or holds a list of; None if it is no record."""
    noun = result.rstrip("s").removeprefix("ssh_")
    name = f"{noun.title()}Record"
    return name if hasattr(records, name) else None


def check_described(record, contains, where):
    """Assert that a RETURN block describes every field of a record, with its type."""
    for name, annotation in getattr(records, record).__annotations__.items():
        kind = annotation.__forward_arg__.replace(" | None", "")
        inner = re.search(r"\w+Record", kind)
        word = "list" if kind.startswith("list") else "dict" if inner or kind.startswith("dict") else kind
        assert contains[name]["type"] == word, f"{where}.{name}"
        if inner:
            check_described(inner[0], contains[name]["contains"], f"{where}.{name}")


@pytest.mark.parametrize(("result", "record"), [("ssh_keys", "KeyRecord"), ("images", "ImageRecord"), ("diff", None)])
def test_the_name_of_a_result_says_which_record_it_is(result, record):
    assert record_of(result) == record


@pytest.mark.parametrize("module", MODULES)
def test_the_results_are_documented_as_the_records_that_they_are(module):
    code = import_module(f"ansible_collections.mistio.cloud.plugins.modules.{module}")
    for name, said in yaml.safe_load(code.RETURN).items():
        record = record_of(name)
        if record and not module.startswith("mist_monitoring"):  # their results are no records of the client
            check_described(record, said["contains"], f"{module}: {name}")


def wanted_of(module):
    """The TypedDict that a module's options are read as."""
    code = module_class(module)
    if issubclass(code, ResourceModule):
        (base,) = code.resource.__orig_bases__
        return get_args(base)[1]
    return {"mist_machine_info": MachineInfoWanted, "mist_monitoring_info": MonitoringInfoWanted}[module]


def module_class(module):
    code = import_module(f"ansible_collections.mistio.cloud.plugins.modules.{module}")
    (found,) = [
        each for each in vars(code).values() if getattr(each, "__module__", "") == code.__name__ and "run" in dir(each)
    ]
    return found


def annotations_of(wanted):
    """The annotations of a TypedDict as texts; one whose module says so is not evaluated, for old Pythons."""
    return {
        name: annotation.__forward_arg__ if isinstance(annotation, ForwardRef) else annotation
        for name, annotation in wanted.__annotations__.items()
    }


def check_typed(options, wanted, home, nullable=""):
    """Assert that a TypedDict of the file ``home`` has every option, with its type, and no other."""
    annotations = annotations_of(wanted)
    assert set(annotations) == set(options)
    for name, option in options.items():
        kind = {"path": "str"}.get(option["type"], option["type"])
        inner = option.get("options") and re.search(r"\w+Option", annotations[name])
        item = {"list": option.get("elements"), "dict": "dict"}.get(kind)
        item = inner[0] if inner else {"dict": "dict[str, Any]"}.get(item, item)
        required = option.get("required") or option.get("default") is not None
        expected = f"list[{item}]" if kind == "list" else item or kind
        assert annotations[name] == expected + ("" if required else nullable), name
        if inner:
            check_typed(option["options"], getattr(home, inner[0]), home, " | None")


TYPED = [name for name in MODULES if not name.endswith("_info")] + ["mist_machine_info", "mist_monitoring_info"]


@pytest.mark.parametrize("module", TYPED)
def test_the_options_are_typed_as_the_module_takes_them(module):
    wanted = wanted_of(module)
    check_typed(module_class(module).options, wanted, import_module(wanted.__module__))


def yaml_in(path):
    """The texts of YAML in a plugin, a guide or the README."""
    text = path.read_text(encoding="utf-8")
    pattern = {
        ".py": r'^EXAMPLES = r"""\n(.*?)^"""',
        ".rst": r"^\.\. code-block:: ya?ml\n+((?:^ +[^\n]*\n|^\n)+)",
        ".md": r"^```ya?ml\n(.*?)^```",
    }
    return [textwrap.dedent(found) for found in re.findall(pattern[path.suffix], text, re.DOTALL | re.MULTILINE)]


def tasks_in(node):
    """Each task of our modules: (module, options)."""
    if isinstance(node, dict):
        for name, value in node.items():
            module = name.rpartition(".")[2] if isinstance(name, str) else ""
            if module in MODULES and isinstance(value, dict):
                yield module, value
            yield from tasks_in(value)
    elif isinstance(node, list):
        for each in node:
            yield from tasks_in(each)


EXAMPLES = [
    path
    for pattern in ("plugins/*/*.py", "docs/docsite/rst/*.rst", "README.md", "playbooks/*.yml")
    for path in sorted(ROOT.glob(pattern))
]


def test_every_task_in_the_documentation_has_options_that_its_module_has():
    wrong, count = [], 0
    for path in EXAMPLES:
        texts = [path.read_text(encoding="utf-8")] if path.suffix == ".yml" else yaml_in(path)
        for module, options in (task for text in texts for task in tasks_in(list(yaml.safe_load_all(text)))):
            spec = {**_argspec.CONNECTION, **module_class(module).options}
            known = {name for option, rules in spec.items() for name in (option, *rules.get("aliases", ()))}
            wrong += [f"{path.name}: {module} has no {name}" for name in options.keys() - known]
            count += 1
    assert wrong == []
    assert count > 50


def test_the_version_is_one():
    assert read_yaml("galaxy.yml")["version"] == _argspec.VERSION


def test_the_user_agent_names_the_client(run, mist):
    run("mist_backend_info")
    agent = mist.requests[0].headers["User-Agent"]
    assert agent.startswith(f"mistio.cloud/{_argspec.VERSION} ansible-core/2.")
    assert " python-requests/" in agent
