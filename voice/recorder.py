"""Keeps what was said, off the voice path and in order: a turn is committed when it ends.

A database that is away is asked again, ever more slowly, so that nothing is lost to an outage that
the conversation itself survives. The queue is bounded: full, it refuses, and the user is told.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError

from voice.telemetry.meters import count

log = structlog.get_logger()

WRITES_WAITING_MAX = 256
"""A hundred turns. An outage of that length has other signs."""
WAITING_FEW = 8
"""Where more wait, the database is away or behind."""
RETRY_FIRST_S, RETRY_MAX_S = 0.2, 10.0

Write = Callable[[], Awaitable[None]]


class Recorder:
    def __init__(self, *, on_lost: Callable[[], None]) -> None:
        """on_lost: something could not be taken."""
        self._on_lost = on_lost
        self._writes: asyncio.Queue[Write] = asyncio.Queue(WRITES_WAITING_MAX)

    def put(self, write: Write) -> None:
        """Have it written after all before it."""
        try:
            self._writes.put_nowait(write)
        except asyncio.QueueFull:
            log.error("record.lost")
            count("errors", "store")
            self._on_lost()

    def offer(self, write: Write) -> None:
        """Have it written like the others where few of them wait. Otherwise it is left out: it is
        only good to have, and may hold much."""
        if self._writes.qsize() < WAITING_FEW:
            self.put(write)
        else:
            log.info("record.left_out")

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            write = await self._writes.get()
            await self._persist(write)
            self._writes.task_done()

    async def flush(self, timeout_s: float) -> None:
        """Wait until all is written, for `timeout_s` at most; `run` must be running."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._writes.join()
        except TimeoutError:
            log.error("record.lost", writes=self._writes.qsize())
            count("errors", "store")

    async def _persist(self, write: Write) -> None:
        delay_s = RETRY_FIRST_S
        while True:
            try:
                await write()
                return
            except ObjectDoesNotExist:  # the user deleted the conversation while it ran
                log.info("record.conversation_gone")
                return
            except (OperationalError, InterfaceError, OSError, TimeoutError) as error:
                log.warning("record.failed", error=str(error), again_in_s=delay_s)
            except Exception:  # it would fail again, and nothing after it would be kept
                log.exception("record.refused")
                count("errors", "store")
                return
            await asyncio.sleep(delay_s)
            delay_s = min(RETRY_MAX_S, delay_s * 2)
