# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: a story with its log, that grows as the clock goes on (contract 4.7, section 6)."""

from __future__ import annotations

import json
from typing import Any

from ..call import Answer, Call
from ..errors import NotFound
from ..world import World
from . import auth
from .state import Database, Item, Story, database
from .wire import iso, of_json


def begin(call: Call, kind: str, fields: Item, answer: Item | None = None, own_id: object = None) -> Story:
    """The story that this request opens, or adds to where it brought the id of one.

    `answer` is what the request is answered besides the job.
    """
    stories = database(call).stories
    story_id = str(own_id or call.world.digest("job", 32))
    if story_id not in stories:
        visible_from = call.now + call.world.settings.story_seconds
        stories[story_id] = Story(story_id, None if own_id else kind, call.now, visible_from)
    story = stories[story_id]
    _write_request(call, story, kind, fields, {**(answer or {}), **named(story)})
    return story


def named(story: Story) -> Item:
    """How an answer names its job."""
    return {"job_id": story.id, "job": story.job}


def _write_request(call: Call, story: Story, kind: str, own: Item, answer: Item) -> None:
    """The line of the request itself."""
    token = auth.token_of_call(call)
    request = {
        "request_path": call.arrived.path,
        "request_method": call.arrived.method,
        "request_ip": "127.0.0.1",
        "user_agent": call.arrived.headers.get("User-Agent", ""),
        "response_code": 200,
        "api_token_id": token.id if token else "",
        "api_token_name": token.name if token else "",
        "api_token": f"{token.token[:4]}***CENSORED***" if token else "",
        "token_expires": "Never",
        "request_params": call.arrived.body,
        "response_body": json.dumps(answer),
    }
    session = {"session_id": token.id if token else ""}
    write(call.world, story, kind, call.now, "request", "opens", {**own, **session}, request)


def write(
    world: World,
    story: Story,
    action: str,
    at: float,
    type_: str,
    relation: str,
    own: Item,
    more: Item,
    error: Any = False,
    *,
    signed: bool = True,
) -> None:
    """One line of the log; `signed` lines know who asked."""
    data: Database = world.database
    line = {
        "owner_id": data.org,
        "log_id": world.digest("log", 32),
        "action": action,
        "type": type_,
        "time": at,
        "error": error,
        **({"user_id": data.user, "email": data.email} if signed else {}),
        "job_id": story.id,
        "job": story.job,
        **own,
        "story_id": story.id,
        "stories": [[relation, "job", story.id]],
        "@timestamp": f"{iso(at)[:19]}.000Z",
        **more,
    }
    story.logs.append(line)
    if relation == "closes":
        story.finished_at, story.error = at, error


def find(call: Call, job: str) -> Story | None:
    story = database(call).stories.get(job)
    return story if story and call.now >= story.visible_from else None


def shown(data: Database, story: Story) -> Item:
    """The fields of the story are those of its lines: each new one adds what it knows."""
    last = story.logs[-1]
    session = next((line["session_id"] for line in story.logs if "session_id" in line), None)
    found = {
        "logs": story.logs,
        "type": "job" if last["type"] == "job" else None,
        "error": story.error,
        "story_id": story.id,
        "started_at": story.started_at,
        "finished_at": story.finished_at,
        "owner_id": data.org,
        "user_id": data.user,
        "job_id": story.id,
        "session_id": session,
        "job": story.job,
    }
    for line in story.logs:
        found |= {name: line[name] for name in ("cloud_id", "script_id", "key_id", "machine_id") if name in line}
    return found


async def show(call: Call, job: str) -> Answer:
    auth.check(call)
    story = find(call, job)
    if story is None:
        raise NotFound(f"Story {job}")
    return of_json(shown(database(call), story))
