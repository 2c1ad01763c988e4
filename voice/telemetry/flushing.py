"""Brings what the meters count to the database, off the voice path.

A database that is away loses nothing for a while: what it did not take stays with the minute in
which it was counted, and comes with the next round.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog
from django.db import Error, InterfaceError, OperationalError

from voice.telemetry.meters import NOTHING, Key, Meters, Sum

log = structlog.get_logger()

EVERY_S = 5.0
PRUNE_EVERY_S = 3600.0
WAITING_MAX = 20_000
"""Sums that wait for the database: an hour of a busy process. Full: the oldest minutes go."""

Row = tuple[datetime, str, str, int, int, float]
"""Minute, name, label, bucket, count, total."""


async def prune_hourly(prune: Callable[[], Awaitable[int]]) -> None:
    """Until cancelled. prune: forgets what nobody asks for any more; returns how many rows."""
    while True:
        try:
            log.info("measures.pruned", rows=await prune())
        except (Error, OSError) as error:
            log.warning("measures.not_pruned", error=str(error))
        await asyncio.sleep(PRUNE_EVERY_S)


class Flusher:
    """`run` is its life. One write is under way at a time."""

    def __init__(
        self,
        meters: Meters,
        keep: Callable[[Sequence[Row]], Awaitable[None]],
        *,
        wall: Callable[[], datetime],
    ) -> None:
        """keep: adds rows to what is stored; where it raises, it has added none. wall: the time of
        day."""
        self._meters = meters
        self._keep = keep
        self._wall = wall
        self._waiting: dict[tuple[datetime, Key], Sum] = {}
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.flush()

    async def flush(self) -> None:
        """Now. Never raises for a database that is away."""
        async with self._lock:
            self._take()
            if not self._waiting:
                return
            try:
                await self._keep([(at, *key, *found) for (at, key), found in self._waiting.items()])
            except (OperationalError, InterfaceError, OSError) as error:  # TimeoutError is one
                log.warning("meters.not_kept", sums=len(self._waiting), error=str(error))
                self._shorten()
            except Error:  # it would be refused again, and hold up all that comes after it
                log.exception("meters.refused", sums=len(self._waiting))
                self._waiting.clear()
            else:
                self._waiting.clear()

    def _take(self) -> None:
        minute = self._wall().replace(second=0, microsecond=0)
        for key, new in self._meters.drain().items():
            self._waiting[minute, key] = self._waiting.get((minute, key), NOTHING).plus(new)

    def _shorten(self) -> None:
        lost = len(self._waiting) - WAITING_MAX
        if lost > 0:
            for oldest in list(self._waiting)[:lost]:
                del self._waiting[oldest]
            log.error("meters.lost", sums=lost)
