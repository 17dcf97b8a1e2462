# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks: tokens, browser sessions with their csrf token, the pages, the organization."""

from __future__ import annotations

from http.cookies import SimpleCookie

from ..call import Answer, Call
from ..errors import BadRequest, NotFound, ParameterMissing
from .errors import Conflict, CsrfMissing, NotAuthenticated
from .state import MOST_TOKENS, Database, Item, Session, Token, database
from .wire import OK, date, of_json, page, parameters

READING = frozenset({"GET", "HEAD", "OPTIONS"})
DEFAULT_TTL = 3600
VERSION: Item = {
    "version": {
        "sha": "dcf483f47e7433d7f8bb44eb784a677ce057641f",
        "name": "v4.7.1-dcf483f",
        "repo": "mistio/mist-ce",
        "modified": False,
    }
}


def session_of(call: Call) -> Session | None:
    cookie = SimpleCookie(call.arrived.headers.get("Cookie", "")).get("session.id")
    return database(call).sessions.get(cookie.value) if cookie else None


def check_csrf(call: Call) -> None:
    """Before everything else: a write without an Authorization header needs a session and its csrf token."""
    if call.arrived.method in READING or "Authorization" in call.arrived.headers:
        return
    session = session_of(call)
    if session is None or call.arrived.headers.get("Csrf-Token") != session.csrf:
        raise CsrfMissing


def token_of_call(call: Call) -> Token | None:
    """The active token of the header: bare, in any case, without a scheme."""
    given = call.arrived.headers.get("Authorization", "").lower()
    every = database(call).tokens.values()
    return next((each for each in every if each.token.lower() == given and each.is_active(call.now)), None)


def check(call: Call) -> str:
    """The e-mail of who asks; NotAuthenticated."""
    if "Authorization" in call.arrived.headers:
        token = token_of_call(call)
        if token is None:
            raise NotAuthenticated
        token.last_accessed_at = call.now
        return token.email
    session = session_of(call)
    if session is None or not session.email:
        raise NotAuthenticated
    return session.email


async def version(call: Call) -> Answer:
    return of_json(VERSION)


async def ping(call: Call) -> Answer:
    return of_json({"hello": check(call)})


async def ui_page(call: Call) -> Answer:
    """The one page that the UI is; it opens a session for a browser that has none."""
    if "Authorization" in call.arrived.headers:
        return page()
    session = session_of(call)
    if session:
        return page(session.csrf)
    session = database(call).new_session()
    answer = page(session.csrf)
    answer.headers["Set-Cookie"] = _cookie(session)
    return answer


def _cookie(session: Session) -> str:
    return f"session.id={session.id}; Path=/;"


async def log_in(call: Call) -> Answer:
    given = parameters(call)
    email, password = given.get("email") or given.get("username"), given.get("password")
    if not email:
        raise ParameterMissing("You must provide email or username")
    logins = {(each.email.lower(), each.password) for each in call.world.settings.core}
    if (str(email).lower(), password) not in logins:
        raise NotAuthenticated
    session = database(call).new_session(str(email).lower())
    answer = of_json({"auth": True, "redirect": "/", "csrf_token": session.csrf})
    answer.headers["Set-Cookie"] = _cookie(session)
    return answer


FOUND_PAGE = """<html>
 <head>
  <title>302 Found</title>
 </head>
 <body>
  <h1>302 Found</h1>
  The resource was found at /; you should be redirected automatically.


 </body>
</html>"""


async def log_out(call: Call) -> Answer:
    session = session_of(call)
    if session:
        del database(call).sessions[session.id]
    answer = Answer.of_text(FOUND_PAGE, 302)
    answer.headers["Location"] = "/"
    return answer


async def create_token(call: Call) -> Answer:
    """The password is not looked at: v4.7 made it so."""
    given, data = parameters(call), database(call)
    email = str(given.get("email") or "").lower()
    if not email:
        raise ParameterMissing("No email provided")
    if email not in {each.email.lower() for each in call.world.settings.core}:
        raise NotAuthenticated
    ttl = _ttl(given.get("ttl", DEFAULT_TTL))
    number = call.world.count("token name")
    name = given.get("name") or f"api_token_{10000 + number}"
    active = [each for each in data.tokens.values() if each.is_active(call.now)]
    if name in {each.name for each in active}:
        raise Conflict(f"Token with name {name} already exists")
    if len(active) >= MOST_TOKENS:
        # The limit is read in the code, its text is a guess.
        raise BadRequest(f"MAX number of {MOST_TOKENS} active tokens reached")
    token = Token(
        call.world.digest("token id", 24),
        call.world.digest("token", 64),
        name,
        email,
        ttl,
        call.now,
        user_agent=call.arrived.headers.get("User-Agent", ""),
    )
    data.tokens[token.id] = token
    return of_json({**_shown(data, token), "token": token.token})


def _ttl(given: object) -> float:
    try:
        ttl = float(str(given))
    except ValueError:
        ttl = -1
    if ttl < 0:
        raise BadRequest("Ttl must be a number greater than 0")
    return int(ttl) if ttl == int(ttl) else ttl


def _shown(data: Database, token: Token) -> Item:
    return {
        "id": token.id,
        "created": date(token.created),
        "last_accessed_at": date(token.last_accessed_at) or "Never",
        "ip_address": "127.0.0.1",
        "user_agent": token.user_agent,
        "org_id": data.org,
        "org_name": data.email,
        "user_id": data.user,
        "name": token.name,
        "ttl": token.ttl,
        "token": f"{token.token[:4]}...",
    }


async def list_tokens(call: Call) -> Answer:
    check(call)
    data = database(call)
    return of_json([_shown(data, each) for each in data.tokens.values() if each.is_active(call.now)])


async def revoke_token(call: Call) -> Answer:
    check(call)
    token = database(call).tokens.get(str(parameters(call).get("id")))
    if token is None:
        raise NotFound("Session not found")
    token.revoked = True
    return OK


async def list_orgs(call: Call) -> Answer:
    check(call)
    return of_json([{"id": database(call).org, "name": database(call).email}])


async def show_org(call: Call) -> Answer:
    check(call)
    data = database(call)
    member = {"id": data.user, "name": data.email, "email": data.email, "pending": False, "parent": False}
    team = {"id": data.team, "name": "Owners", "members": [data.user], "visible": True, "parent": False}
    return of_json(
        {
            "rule_counter": 0,
            "alerts_email": [],
            "avatar": "",
            "created": {"$date": int(data.started_at * 1000)},
            "last_active": {"$date": int(call.now * 1000)},
            "name": data.email,
            "members": [member],
            "members_count": 0,
            "teams": [team],
            "teams_count": 0,
            "clouds_count": 0,
            "promo_codes": [],
            "enterprise_plan": {},
            "enable_r12ns": False,
            "insights_enabled": False,
            "ownership_enabled": True,
            "super_org": False,
            "vault_role_id": "role-of-the-emulator",
            "vault_secret_engine_path": "engine-of-the-emulator",
            "id": data.org,
            "is_owner": True,
        }
    )


async def preflight(call: Call, path: str) -> Answer:
    answer = Answer.of_text("", 204)
    answer.headers["Access-Control-Allow-Origin"] = call.arrived.headers.get("Origin", "*")
    return answer
