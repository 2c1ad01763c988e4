"""Where the reader looks: the figures in the database, the running sessions in Redis, the breakers
of this process. What cannot be had is said, and the rest is shown."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import structlog
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import Error as DatabaseError
from redis.exceptions import RedisError

from conversations import measures
from conversations.measures import Span
from conversations.models import Agent, User
from dashboard.live import figures, providers
from dashboard.live.sight import Sight
from dashboard.live.topics import Applied, Figures, Topic
from voice import steering
from voice.live import LiveState, LiveUnavailable
from voice.steering import Ack
from voice.store.threads import query

log = structlog.get_logger()

FRESH_S: dict[Span, float] = {"5m": 4.0, "1h": 10.0, "1d": 30.0}
"""For so long a window is not read again. Processes write every five seconds what happened."""
AGAIN_S = REDIS_S = 1.0
NO_REDIS = "The running sessions cannot be listed: Redis does not answer."
NO_DATABASE = "The figures cannot be read: the database does not answer."

Drawn = dict[str, Any]


class Sources:
    """Of one reader."""

    def __init__(self) -> None:
        self._windows: dict[Span, tuple[float, Drawn]] = {}
        """With the moment at which each was read, by a clock that only goes on."""
        self._wanted: providers.Wanted = ()
        self._problems: list[str] = []

    async def see(self, topics: frozenset[Topic]) -> Sight:
        """All that pages on these topics show. Never raises for a server that is away."""
        self._problems = []
        spans = {topic.span for topic in topics if isinstance(topic, Figures)}
        agents = {topic.agent for topic in topics if isinstance(topic, Applied)}
        return Sight(
            at=time.time(),
            running=await self._running(),
            figures=await self._figures(spans),
            breakers=await self._breakers() if spans else (),
            versions=await self._versions(agents),
            problems=self._problems,
        )

    async def _running(self) -> list[LiveState]:
        try:
            return await steering.running()
        except LiveUnavailable as error:
            self._miss(NO_REDIS, error)
            return []

    async def _figures(self, spans: set[Span]) -> dict[Span, Drawn]:
        """The last that is known where the database does not answer."""
        now = time.monotonic()
        for span in sorted(spans):
            if span in self._windows and now - self._windows[span][0] < FRESH_S[span]:
                continue
            try:
                self._windows[span] = now, await query(_figures, span)
            except (DatabaseError, OSError) as error:  # TimeoutError is one
                self._miss(NO_DATABASE, error)
                break
        return {span: drawn for span, (_, drawn) in self._windows.items() if span in spans}

    async def _breakers(self) -> list[Drawn]:
        """With the models that agents were last known to name."""
        try:
            self._wanted = await providers.wanted()
        except (DatabaseError, OSError) as error:
            self._miss(NO_DATABASE, error)
        return await providers.breakers(self._wanted)

    async def _versions(self, agents: set[int]) -> dict[int, int]:
        try:
            return await query(_versions, agents) if agents else {}
        except (DatabaseError, OSError) as error:
            self._miss(NO_DATABASE, error)
            return {}

    def _miss(self, problem: str, error: Exception) -> None:
        if problem not in self._problems:
            self._problems.append(problem)
            log.warning("dashboard.not_seen", problem=problem, error=str(error))


async def hear_acks(take: Callable[[Ack], None]) -> None:
    """What sessions acknowledge, until cancelled. While Redis is away it tries again each second;
    what is lost meanwhile shows in the list of sessions."""
    while True:
        try:
            await _hear_acks(take)
        except (RedisError, OSError) as error:
            log.warning("dashboard.acks_not_heard", error=str(error))
            await asyncio.sleep(AGAIN_S)


async def _hear_acks(take: Callable[[Ack], None]) -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel("dashboard.")
    try:
        await layer.group_add(steering.ACKS, channel)
        while True:
            message = await layer.receive(channel)
            _pass_on(message, take)
    finally:
        await _leave(layer, channel)


async def _leave(layer: Any, channel: str) -> None:
    """A server that is away has forgotten us already."""
    with suppress(RedisError, OSError):  # TimeoutError is one
        async with asyncio.timeout(REDIS_S):
            await layer.group_discard(steering.ACKS, channel)


def _pass_on(message: dict[str, Any], take: Callable[[Ack], None]) -> None:
    """What another version of this program wrote must not end the listening."""
    try:
        take(Ack(**{field.name: message[field.name] for field in fields(Ack)}))
    except KeyError as error:
        log.warning("dashboard.unreadable_ack", missing=str(error))


def _figures(span: Span) -> Drawn:
    now = datetime.now(UTC)
    targets = {
        "hear": settings.TARGET_HEAR_MS,
        "first_token": settings.TARGET_FIRST_TOKEN_MS,
        "voice": settings.TARGET_VOICE_MS,
        "turn": settings.TARGET_TURN_MS,
    }
    readings, history = measures.window(span, now), measures.history(span, now)
    drawn = figures.of_window(readings, history, targets=targets)
    return _with_names(drawn)


def _with_names(drawn: Drawn) -> Drawn:
    """Who the users are that cost something."""
    users = drawn["cost"]["users"]
    ids = [int(user["label"]) for user in users]
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "username")) if ids else {}
    for user in users:
        user["name"] = names.get(int(user["label"]), "deleted")
    return drawn


def _versions(agents: set[int]) -> dict[int, int]:
    return dict(Agent.objects.filter(pk__in=agents).values_list("pk", "version"))
