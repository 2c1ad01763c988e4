"""Where the processes of a site tell one another which providers are down: a hash in Redis.

Without Redis, or while it is away, each process finds out for itself.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

from voice.providers.failover.breaker import PROBE_LOST_S, Breaker, Failure, State

log = structlog.get_logger()

REDIS_S = 1.0
BREAKERS = "breakers"
PROBE = "probe:"

Breakers = Mapping[str, Breaker]


class Shared(Protocol):
    async def read(self) -> Breakers:
        """What is known of each provider, by the key of its vitals."""

    async def write(self, breakers: Breakers) -> None: ...

    async def claim(self, key: str, until: float) -> bool:
        """Whether this process may make the probe that is due since `until`: one may."""

    async def close(self) -> None: ...


class InProcess:
    """For a single process without Redis."""

    async def read(self) -> Breakers:
        return {}

    async def write(self, breakers: Breakers) -> None:
        return None

    async def claim(self, key: str, until: float) -> bool:
        return True

    async def close(self) -> None:
        return None


class InRedis:
    def __init__(self, url: str) -> None:
        self._redis = redis.from_url(
            url,
            socket_timeout=None,  # ours is enough, and theirs loses cancellations (Python 3.11)
            socket_connect_timeout=REDIS_S,
            decode_responses=True,
        )
        self._is_away = False

    async def read(self) -> Breakers:
        try:
            async with asyncio.timeout(REDIS_S):
                found = await self._redis.hgetall(BREAKERS)
        except (RedisError, OSError, TimeoutError) as error:
            self._miss(error)
            return {}
        self._is_away = False
        read = {str(key): _breaker(str(value)) for key, value in found.items()}
        return {key: breaker for key, breaker in read.items() if breaker is not None}

    async def write(self, breakers: Breakers) -> None:
        if not breakers:
            return
        values: dict[Any, Any] = {
            key: json.dumps(asdict(breaker)) for key, breaker in breakers.items()
        }
        try:
            async with asyncio.timeout(REDIS_S):
                await self._redis.hset(BREAKERS, mapping=values)
        except (RedisError, OSError, TimeoutError) as error:
            self._miss(error)

    async def claim(self, key: str, until: float) -> bool:
        """While Redis is away each process probes for itself."""
        name = f"{PROBE}{key}:{until:.3f}"
        try:
            async with asyncio.timeout(REDIS_S):
                return bool(await self._redis.set(name, "", nx=True, px=int(PROBE_LOST_S * 1000)))
        except (RedisError, OSError, TimeoutError) as error:
            self._miss(error)
            return True

    async def close(self) -> None:
        await self._redis.aclose()

    def _miss(self, error: Exception) -> None:
        """Said once for each time that Redis goes away."""
        if not self._is_away:
            log.warning("breakers.not_shared", error=str(error))
        self._is_away = True


def _breaker(value: str) -> Breaker | None:
    """None for what another version of this program wrote."""
    try:
        fields = json.loads(value)
        reason = fields["reason"]
        return Breaker(
            **fields | {"state": State(fields["state"]), "reason": reason and Failure(reason)}
        )
    except (ValueError, TypeError, KeyError) as error:
        log.warning("breakers.unreadable", error=str(error))
        return None
