"""One provider at work on one answer: pulled item by item, and timed."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from typing import Generic, TypeVar

import structlog

from voice.providers.errors import ProviderError, ProviderUnavailable
from voice.providers.failover.deadlines import Deadlines
from voice.providers.failover.member import Member
from voice.providers.failover.pace import Pace

log = structlog.get_logger()

P = TypeVar("P")
T = TypeVar("T")

STOP_S = 1.0
"""An adapter that takes longer to let go is left behind, and logged."""


class Runner(Generic[P, T]):
    def __init__(
        self, member: Member[P], stream: AsyncGenerator[T, None], wake: Callable[[], None]
    ) -> None:
        """wake: called when there is something to look at."""
        self.member = member
        self.first_s: float | None = None
        """How long the first item took."""
        self.gap_s = 0.0
        """The longest wait for an item behind the first."""
        self.asked_at = time.time()
        self.races = 0
        """How often another was started beside it."""
        self.is_alone = False
        """It is late, and the budget allows nobody beside it."""
        self._stream = stream
        self._wake = wake
        self._loop = asyncio.get_running_loop()
        self._has_begun = False
        self._has_opened = False
        """Its breaker has, since it was asked."""
        self._task: asyncio.Task[tuple[T] | None] | None = None
        self._pulled_at = self._owes_from = self._loop.time()
        self._stop_listening = member.vitals.listen(self._doubt)

    @property
    def is_done(self) -> bool:
        return self._task is not None and self._task.done()

    @property
    def is_given_up(self) -> bool:
        """Its breaker opened while it had nothing to show."""
        return self._has_opened and not self._has_begun

    @property
    def waited_s(self) -> float:
        """For the item that is being waited for."""
        return self._loop.time() - self._pulled_at

    @property
    def late_at(self) -> float:
        """On the loop's clock: it takes longer than it usually does."""
        return self._owes_from + self._pace.late_s

    @property
    def slow_at(self) -> float:
        """It takes so long that something is wrong."""
        return self._owes_from + self._pace.slow_s

    def lost_at(self, deadlines: Deadlines) -> float:
        """It is given up. A provider that always takes longer than a stage likes gets its time."""
        limit_s = deadlines.gap_s if self._has_begun else deadlines.first_s
        return self._owes_from + max(limit_s, self._pace.slow_s)

    def pull(self) -> None:
        """Have it fetch its next item, unless it does already."""
        if self._task is None:
            self._pulled_at = self._owes_from = self._loop.time()
            self.is_alone = False
            self._task = asyncio.create_task(self._fetch())
            self._task.add_done_callback(self._fetched)

    def spare(self) -> None:
        """Count its lateness from now on: until now it was waiting for us."""
        self._owes_from = self._loop.time()

    def result(self) -> tuple[T] | None:
        """The item that it has fetched, None for the end. Raises ProviderError."""
        task, self._task = self._task, None
        assert task is not None
        waited_s = self.waited_s
        if task.cancelled():  # not by us: what an adapter waited for was, by somebody else
            raise ProviderUnavailable(self.member.name, "was cancelled")
        item = task.result()
        if self._has_begun:
            self.gap_s = max(self.gap_s, self._loop.time() - self._owes_from)
        elif item is not None:
            self.first_s, self._has_begun = waited_s, True
        return item

    async def stop(self) -> None:
        """Cancel what it is doing, and return when its provider has let go."""
        self._stop_listening()
        try:
            async with asyncio.timeout(STOP_S):
                if self._task is not None:
                    self._task.cancel()
                    await asyncio.wait([self._task])
                await self._stream.aclose()
        except TimeoutError:
            log.warning("provider.not_stopped", provider=self.member.vitals.key)
        except Exception as error:  # nobody wants its answer any more
            log.info(
                "provider.stopped_badly",
                provider=self.member.vitals.key,
                error=type(error).__name__,
            )

    async def _fetch(self) -> tuple[T] | None:
        try:
            return (await anext(self._stream),)
        except StopAsyncIteration:
            return None
        except ProviderError:
            raise
        except Exception as error:
            raise self.member.broke(error) from error

    def _fetched(self, task: asyncio.Task[tuple[T] | None]) -> None:
        if not task.cancelled():
            task.exception()  # looked at here, since nobody may come for it
        self._wake()

    @property
    def _pace(self) -> Pace:
        vitals = self.member.vitals
        return vitals.gap if self._has_begun else vitals.first

    def _doubt(self) -> None:
        self._has_opened = True
        self._wake()
