"""The state of running sessions, written to Redis at each sentence: the one source for the list of
live sessions, for resuming and for taking over. In this process where there is no Redis.

A state outlives its last write by the resume window, so what a dead process left is gone with it.
"""

import asyncio
import json
from dataclasses import asdict, dataclass
from functools import cache
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

import redis.asyncio as redis
import structlog
from django.conf import settings
from redis.exceptions import RedisError

from voice.turns.heard import Spoken, heard_text
from voice.turns.timeline import WordTime

log = structlog.get_logger()

REDIS_S = 1.0
PREFIX = "live:"


@dataclass(frozen=True, slots=True)
class LiveState:
    """One running session, as another process would need it to go on."""

    conversation: str
    session: str
    user: int
    agent: str
    owner: str
    """Names the process that runs it."""
    phase: str
    context_version: int
    since: float
    """Unix time at which it began."""
    turn: int = 0
    reply: int = 0
    source: str = ""
    spoken: tuple[Spoken, ...] = ()
    """Of the open reply: the sentences whose sound has begun to go out."""
    sent_samples: int = 0
    heard_samples: int = 0
    unvoiced: tuple[str, ...] = ()
    """Of the open reply: what is written beyond `spoken`."""
    agent_id: int = 0
    own_version: int = 0
    """Of what is told in this conversation beside its agent's."""
    user_name: str = ""
    is_connected: bool = True
    """There is a socket; otherwise it is waited for."""

    @property
    def heard_text(self) -> str:
        return heard_text(self.spoken, self.heard_samples)

    @property
    def carries(self) -> int | None:
        """The reply that was being heard."""
        return self.reply if self.spoken else None


class LiveUnavailable(Exception):
    """The list cannot be had just now."""


class LiveSessions(Protocol):
    async def put(self, state: LiveState, *, lifetime_s: float) -> None: ...
    async def get(self, conversation: UUID) -> LiveState | None: ...
    async def remove(self, conversation: UUID, *, owner: str) -> None:
        """Forget it, unless another process than `owner` has taken the conversation over."""

    async def all(self) -> list[LiveState]:
        """Those of every process. Raises LiveUnavailable."""

    async def close(self) -> None: ...


class InProcess:
    """For a single process without Redis."""

    def __init__(self) -> None:
        self._states: dict[str, tuple[LiveState, float]] = {}
        """With the moment at which each lapses."""

    async def put(self, state: LiveState, *, lifetime_s: float) -> None:
        self._states[state.conversation] = state, monotonic() + lifetime_s

    async def get(self, conversation: UUID) -> LiveState | None:
        return self._current().get(str(conversation))

    async def remove(self, conversation: UUID, *, owner: str) -> None:
        state = self._current().get(str(conversation))
        if state and state.owner == owner:
            del self._states[state.conversation]

    async def all(self) -> list[LiveState]:
        return list(self._current().values())

    def _current(self) -> dict[str, LiveState]:
        now = monotonic()
        self._states = {key: value for key, value in self._states.items() if value[1] > now}
        return {key: state for key, (state, _) in self._states.items()}

    async def close(self) -> None:
        return None


class InRedis:
    """Shared by all processes. Redis being away costs resuming, never the conversation: a failed
    write is logged and the next one tries again; a failed read finds nothing."""

    def __init__(self, url: str) -> None:
        # Every call has a deadline here; the library's own loses cancellations (Python 3.11).
        self._redis = redis.from_url(url, socket_timeout=None, socket_connect_timeout=REDIS_S)

    async def put(self, state: LiveState, *, lifetime_s: float) -> None:
        try:
            async with asyncio.timeout(REDIS_S):
                await self._redis.set(
                    PREFIX + state.conversation,
                    json.dumps(asdict(state)),
                    px=max(1, int(lifetime_s * 1000)),
                )
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("live.put_failed", conversation=state.conversation, error=str(error))

    async def get(self, conversation: UUID) -> LiveState | None:
        try:
            async with asyncio.timeout(REDIS_S):
                value = await self._redis.get(PREFIX + str(conversation))
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("live.get_failed", conversation=str(conversation), error=str(error))
            return None
        return None if value is None else _read(value)

    async def remove(self, conversation: UUID, *, owner: str) -> None:
        state = await self.get(conversation)
        if state is None or state.owner != owner:
            return
        try:
            async with asyncio.timeout(REDIS_S):
                await self._redis.delete(PREFIX + str(conversation))
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("live.remove_failed", conversation=str(conversation), error=str(error))

    async def all(self) -> list[LiveState]:
        try:
            async with asyncio.timeout(REDIS_S * 5):
                keys = [key async for key in self._redis.scan_iter(match=PREFIX + "*", count=500)]
                values = await self._redis.mget(keys) if keys else []
        except (RedisError, OSError, TimeoutError) as error:
            raise LiveUnavailable(str(error)) from error
        states = (_read(value) for value in values if value is not None)
        return [state for state in states if state is not None]

    async def close(self) -> None:
        await self._redis.aclose()


def _read(value: bytes | str) -> LiveState | None:
    """None for what another version of this program wrote."""
    try:
        fields = json.loads(value)
        spoken = tuple(map(_sentence, fields.pop("spoken")))
        return LiveState(**fields | {"spoken": spoken, "unvoiced": tuple(fields["unvoiced"])})
    except (ValueError, TypeError, KeyError) as error:
        log.warning("live.unreadable", error=str(error))
        return None


def _sentence(fields: dict[str, Any]) -> Spoken:
    times = tuple(WordTime(*time) for time in fields["times"])
    return Spoken(**fields | {"times": times, "loud": fields["loud"] and tuple(fields["loud"])})


@cache
def live_sessions() -> LiveSessions:
    """This process's door to them. Made on the event loop that uses it."""
    return InRedis(settings.REDIS_URL) if settings.REDIS_URL else InProcess()
