"""The one door from the voice to the database.

Queries run on a few threads of their own, fewer than the connection pool has places, so that one
slow query stalls neither the event loop nor, as on Django's single shared thread, every session.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from importlib import import_module
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from conversations import embeddings, memory, selectors, services, tokens
from conversations.models import Agent, User
from conversations.selectors import NotYours
from conversations.terms import pronunciations, terms
from voice.turns.pauses import USUAL_S

__all__ = ["NotYours"]

P = ParamSpec("P")
T = TypeVar("T")

QUERY_S = 10.0
"""No query of ours takes a tenth of this; a database that needs longer is down."""


class NoSuchAgent(LookupError):
    """There is no agent of that slug."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who talks: what a session needs to know of a user."""

    id: int
    name: str
    time_zone: str
    key_terms: tuple[str, ...] = ()
    usual_pause_s: float = USUAL_S
    """Learned in earlier conversations."""


@dataclass(frozen=True, slots=True)
class AgentContext:
    """What the agent is told and how it sounds, as of one version."""

    id: int
    slug: str
    version: int
    instructions: str
    greeting: str
    voice: str
    language: str
    temperature: float
    reply_tokens_max: int
    turns_kept: int
    key_terms: tuple[str, ...] = ()
    """The agent's, that the ear should know."""
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    """Written → spoken."""
    patience: str = "quick"
    """How long to wait for somebody who may have finished; a key of turns.endpointing.PATIENCE."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said, for the model to go on from."""

    role: str
    number: int
    reply: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation with a new connection to it."""

    conversation: UUID
    session: UUID
    agent: AgentContext
    turns: int
    replies: int
    history: tuple[Said, ...]


@cache
def _threads() -> ThreadPoolExecutor:
    # Two places of the pool stay free for the pages and the admin.
    workers = max(1, settings.DATABASE_POOL_SIZE - 2)
    return ThreadPoolExecutor(workers, thread_name_prefix="store")


async def _query(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it on one of our threads. Raises TimeoutError after QUERY_S; the query itself goes on."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(QUERY_S):
        return await loop.run_in_executor(
            _threads(), partial(_connected, function, *args, **kwargs)
        )


def _connected(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()


# --- who and what -------------------------------------------------------------------------------
async def person_of_token(token: str) -> Person | None:
    user = await _query(tokens.user_of, token)
    return _person(user) if user else None


async def person_of_login(session_key: str | None) -> Person | None:
    """The user who is logged in with this Django session, if any."""
    return await _query(_logged_in, session_key) if session_key else None


async def is_revoked(*, token: str | None, login: str | None) -> bool:
    """Whether what somebody came in with does not hold any more: they logged out, changed their
    password, or were deactivated."""
    if token is not None:
        return await _query(tokens.is_revoked, token)
    return login is not None and await person_of_login(login) is None


def _logged_in(session_key: str) -> Person | None:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return _person(user) if isinstance(user, User) and user.is_active else None


async def open_conversation(
    person: Person,
    conversation_id: UUID | None,
    *,
    agent_slug: str | None,
    providers: Mapping[str, list[str]],
    client: str,
) -> Opened:
    """Start a conversation, or go on with one. Raises selectors.NotYours and NoSuchAgent."""
    return await _query(_open, person, conversation_id, agent_slug, providers, client)


def _open(
    person: Person,
    conversation_id: UUID | None,
    agent_slug: str | None,
    providers: Mapping[str, list[str]],
    client: str,
) -> Opened:
    conversation = (
        selectors.conversation_of(person.id, conversation_id) if conversation_id else None
    )
    if conversation is None:
        agent = _agent(agent_slug)
        conversation = services.start_conversation(
            person.id, agent.id, conversation_id=conversation_id
        )
    agent = conversation.agent
    session = services.open_session(conversation.id, providers=providers, client=client)
    turns = selectors.recent_turns(conversation.id, limit=agent.turns_kept * 2)
    return Opened(
        conversation.id,
        session.id,
        _context(agent),
        conversation.turns,
        conversation.replies,
        tuple(Said(turn.role, turn.number, turn.reply, turn.text) for turn in turns),
    )


def _agent(slug: str | None) -> Agent:
    agent = selectors.agent_by_slug(slug) if slug else selectors.default_agent()
    if agent is None:
        raise NoSuchAgent(slug)
    return agent


def _context(agent: Agent) -> AgentContext:
    return AgentContext(
        id=agent.id,
        slug=agent.slug,
        version=agent.version,
        instructions=agent.instructions,
        greeting=agent.greeting,
        voice=agent.voice,
        language=agent.language,
        temperature=agent.temperature,
        reply_tokens_max=agent.reply_tokens_max,
        turns_kept=agent.turns_kept,
        key_terms=terms(agent.key_terms),
        pronunciations=pronunciations(agent.pronunciations),
        patience=agent.patience,
    )


def _person(user: User) -> Person:
    return Person(
        user.pk, user.get_username(), user.time_zone, terms(user.key_terms), user.usual_pause_s
    )


async def reopen_session(
    conversation: UUID, *, providers: Mapping[str, list[str]], client: str
) -> UUID:
    """Another connection of a conversation whose session still runs."""
    row = await _query(services.open_session, conversation, providers=providers, client=client)
    return row.id


# --- what was said ------------------------------------------------------------------------------
async def record_user_turn(
    conversation: UUID,
    number: int,
    *,
    text: str,
    source: str,
    started_at: datetime,
    ended_at: datetime,
    metrics: Mapping[str, object],
) -> None:
    await _query(
        services.record_user_turn,
        conversation,
        number,
        text=text,
        source=source,
        started_at=started_at,
        ended_at=ended_at,
        metrics=metrics,
    )


async def record_reply(
    conversation: UUID,
    number: int,
    *,
    reply: int,
    text: str,
    source: str,
    interrupted: bool,
    started_at: datetime,
    ended_at: datetime,
    metrics: Mapping[str, Any],
) -> None:
    await _query(
        services.record_reply,
        conversation,
        number,
        reply=reply,
        text=text,
        source=source,
        interrupted=interrupted,
        started_at=started_at,
        ended_at=ended_at,
        metrics=metrics,
    )


async def record_metrics(conversation: UUID, reply: int, metrics: Mapping[str, Any]) -> None:
    await _query(services.record_metrics, conversation, reply=reply, metrics=metrics)


async def close_session(session: UUID, close_code: int) -> None:
    await _query(services.close_session, session, close_code=close_code)


async def keep_pause(person: Person, usual_s: float) -> None:
    """How they were found to pause within a turn."""
    await _query(services.keep_pause, person.id, usual_s)


async def end_conversation(conversation: UUID) -> None:
    await _query(services.end_conversation, conversation)


async def mark_broken_off(live: list[UUID]) -> int:
    return await _query(services.mark_broken_off, live)


# --- what is remembered -------------------------------------------------------------------------
async def remember(person: Person, fact: str) -> None:
    """Raises ValueError for a fact that is empty or too long."""
    await _query(services.remember, person.id, fact)


async def recall(person: Person, query: str) -> list[str]:
    return await _query(memory.recall, person.id, query)


async def forget(person: Person, fact: str) -> int:
    return await _query(services.forget, person.id, fact)


def warm_up() -> None:
    """Load the embedding model (some 6 s) and embed what was remembered before it was there.
    Blocks: call it in a thread."""
    embeddings.warm_up()
    _connected(services.embed_memories)
