# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server says can do no harm, and is plain where it could do none."""

from __future__ import annotations

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.mistio.cloud.plugins.plugin_utils import trust

from .attack import HOSTILE, TEMPLATES, YAML

PLAIN = [
    "",
    "web",
    "192.0.2.1",
    "2001:db8::1",
    "DOMAIN\\user",
    "a: b, [c] 'd' \"e\" <f> $g #i jinja2",
    "日本",
    "a\nb",
    "web (old)",
    "Ubuntu (PV)",
]


def trusted(text):
    """A text as of a playbook."""
    return trust.trust_as_template(text) if trust.trust_as_template else text


def rendered(value):
    """The value with all that is a template in it rendered, as when a playbook shows it."""
    return Templar(DataLoader(), variables={}).template(value)


def of_expression(expression, **variables):
    return Templar(DataLoader(), variables=variables).template(trusted("{{ " + expression + " }}"))


def holds(condition, **variables):
    """Whether a task with this ``when`` would be run; False also where it fails."""
    templar = Templar(DataLoader(), variables=variables)
    try:
        if trust.trust_as_template:
            return templar.evaluate_conditional(trusted(condition))
        from ansible.playbook.conditional import Conditional

        conditional = Conditional(DataLoader())
        conditional.when = [condition]
        return conditional.evaluate_conditional(templar, variables)
    except Exception:  # which one depends on the version of ansible-core
        return False


@pytest.mark.parametrize("text", TEMPLATES)
def test_these_texts_of_a_playbook_would_be_rendered(text, canary):
    rendered(trusted(text))
    assert canary()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_as_it_is_wherever_it_stands(text, canary):
    for value in (text, [text], {"k": text}, {text: "v"}, [{"k": (text,)}]):
        rendered(trust.neutralize(value))
        of_expression("value", value=trust.neutralize(value))
        of_expression("value | string | upper", value=trust.neutralize(value))
    assert of_expression("value", value=trust.neutralize(text)) == text
    assert not canary()


@pytest.mark.parametrize("text", HOSTILE)
def test_an_expression_renders_nothing_of_a_guarded_text(text, canary):
    assert of_expression("value", value=trust.neutralize_before_templating(text)) == text
    of_expression("value", value=trust.neutralize_before_templating([text]))
    of_expression("value", value=trust.neutralize_before_templating({text: text}))
    of_expression("value | string | upper", value=trust.neutralize_before_templating(text))
    holds("value", value=trust.neutralize_before_templating(text))
    assert not canary()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("condition", ["{{ tag }}", "tag", "tag == 'x'"])
def test_a_hostile_text_is_no_condition(text, condition, canary):
    holds(condition, tag=trust.neutralize(text))
    assert not canary()


def test_a_hostile_text_of_yaml_makes_no_template_of_what_compose_sets(canary):
    made = trust.neutralize(of_expression("tag | from_yaml", tag=trust.neutralize(YAML)))
    assert "{{" in made
    rendered(made)
    of_expression("made", made=made)
    assert not canary()


@pytest.mark.skipif(trust.trust_as_template is None, reason="before 2.19 filters forget what is unsafe")
def test_a_hostile_text_of_yaml_makes_no_template_in_a_playbook(canary):
    rendered(of_expression("tag | from_yaml", tag=trust.neutralize(YAML)))
    assert not canary()


@pytest.mark.skipif(trust.trust_as_template is None, reason="ansible-core before 2.19 knows no trust")
@pytest.mark.parametrize("text", HOSTILE)
def test_trust_that_a_hostile_text_came_to_is_taken_away(text, canary):
    rendered(trust.neutralize(trusted(text)))
    assert not canary()


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_text_is_plain_in_the_json_of_an_inventory(text, dump):
    assert dump(trust.neutralize({"a": text, "b": [text]})) == {"a": text, "b": [text]}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_marked_in_the_json_of_an_inventory(text, dump):
    assert dump(trust.neutralize({"a": text})) == {"a": {"__ansible_unsafe": text}}


@pytest.mark.parametrize("value", [None, True, 3, 2.5])
def test_what_is_no_text_stays_as_it_is(value):
    assert trust.neutralize(value) is value
