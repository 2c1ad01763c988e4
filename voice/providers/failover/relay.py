"""One answer, carried by the first provider that can, and handed on when that one fails.

A provider that is late gets the next one beside it (a hedge): who delivers first goes on, the other
is cancelled. One that fails, hangs or breaks off is followed by the next at once. Whoever comes
later begins where the answer stands: `begin` looks at what was delivered.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

import structlog

from voice.providers.errors import ProviderError, ProviderTimeout
from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.deadlines import Deadlines
from voice.providers.failover.member import Member, in_order
from voice.providers.failover.runner import Runner

log = structlog.get_logger()

P = TypeVar("P")
T = TypeVar("T")


RACES_MAX = 1
"""So often the next one is started beside the same provider within one answer."""


class Relay(Generic[P, T]):
    def __init__(
        self,
        members: Sequence[Member[P]],
        begin: Callable[[P], AsyncGenerator[T, None]],
        *,
        deadlines: Deadlines,
        budget: HedgeBudget,
    ) -> None:
        """begin: the rest of the answer, from where it stands."""
        self._members = deque(in_order(members))
        """Who has not been asked yet."""
        self._begin = begin
        self._deadlines = deadlines
        self._budget = budget
        self._runners: list[Runner[P, T]] = []
        """Oldest first: all but the last are late."""
        self._leaving: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._waited_s = 0.0
        self._is_held = False

    def hold(self) -> None:
        """Nobody is late until `go_on`: what they are to say is not all there."""
        self._is_held = True

    def go_on(self) -> None:
        self._is_held = False
        for runner in self._runners:
            runner.spare()
        self._wake.set()

    async def items(self) -> AsyncGenerator[tuple[Member[P], T], None]:
        """The answer, and who gave each item of it. Raises the last ProviderError when nobody
        could go on. Closing it stops everybody."""
        self._budget.earn()
        self._start_next()
        try:
            while (delivered := await self._next()) is not None:
                yield delivered
        finally:
            await self._stop()

    @property
    def hands_on(self) -> bool:
        """While `begin` is called: who gave the items so far will give no more."""
        return not self._runners

    async def _next(self) -> tuple[Member[P], T] | None:
        """None when the answer is complete."""
        began_at = self._loop.time()
        for runner in self._runners:
            runner.pull()
        await asyncio.sleep(0)  # what is there already needs no timer
        while True:
            self._wake.clear()
            for runner in [runner for runner in self._runners if runner.is_done]:
                try:
                    item = runner.result()
                except ProviderError as error:
                    self._failed(runner, error)
                    continue
                self._won(runner)
                self._waited_s += self._loop.time() - began_at
                if item is None:
                    runner.member.vitals.well(
                        runner.first_s, runner.gap_s, asked_at=runner.asked_at
                    )
                    return None
                return runner.member, item[0]
            self._watch(began_at)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._act_at()):
                    await self._wake.wait()

    # --- what becomes of a runner ---------------------------------------------------------------
    def _won(self, winner: Runner[P, T]) -> None:
        """Who was late has lost its turn; who was beside it may be asked again."""
        place = self._runners.index(winner)
        late, beside = self._runners[:place], self._runners[place + 1 :]
        for loser in late:
            loser.member.vitals.late(loser.waited_s)
        self._members.extendleft(loser.member for loser in reversed(beside))
        for loser in (*late, *beside):
            self._dismiss(loser)

    def _failed(self, runner: Runner[P, T], error: ProviderError) -> None:
        runner.member.vitals.failed(error)
        self._drop(runner, error)

    def _drop(self, runner: Runner[P, T], error: ProviderError) -> None:
        self._dismiss(runner)
        if self._runners:
            return
        if not self._members:
            raise error
        log.info("provider.handed_on", to=self._members[0].vitals.key, error=str(error))
        runner.member.vitals.handed_on()
        self._start_next()

    def _dismiss(self, runner: Runner[P, T]) -> None:
        """Cancel it, and wait for that only at the end of the answer."""
        self._runners.remove(runner)
        task = asyncio.create_task(runner.stop())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def _start_next(self) -> None:
        member = self._members.popleft()
        runner = Runner(member, self._begin(member.provider), self._wake.set)
        runner.pull()
        self._runners.append(runner)

    # --- time -----------------------------------------------------------------------------------
    def _watch(self, began_at: float) -> None:
        """Give up those who have waited too long; start the next beside who is late."""
        if self._is_held:
            return
        now = self._loop.time()
        if self._waited_s + now - began_at >= self._deadlines.total_s:
            raise ProviderTimeout(
                self._runners[-1].member.name, f"not done in {self._deadlines.total_s:g} s"
            )
        for runner in list(self._runners):
            if now >= self._lost_at(runner):
                error = ProviderTimeout(runner.member.name, f"nothing for {runner.waited_s:.1f} s")
                self._failed(runner, error)
            elif runner.is_given_up and self._second:
                self._drop(runner, ProviderTimeout(runner.member.name, "found to be down"))
        if self._second and now >= self._hedge_at():
            self._help(self._runners[-1], self._second)

    def _help(self, late: Runner[P, T], second: Member[P]) -> None:
        """Start the next beside it; in its place, if that was done before in this answer: one that
        crawls would win each race, and be heard to crawl."""
        if late.races == RACES_MAX:
            late.member.vitals.late(late.waited_s)
            self._drop(late, ProviderTimeout(late.member.name, "late again and again"))
        elif self._may_hedge(second):
            late.races += 1
            late.member.vitals.hedged()
            self._start_next()

    def _act_at(self) -> float:
        """When to look again if nothing comes."""
        if self._is_held:
            return math.inf
        return min(self._hedge_at(), *(self._lost_at(runner) for runner in self._runners))

    def _hedge_at(self) -> float:
        """When to start the next beside the last."""
        runner = self._runners[-1]
        if not self._second or runner.is_alone:
            return math.inf
        spared = self._deadlines.spares_last_resort and self._second.is_last_resort
        return runner.slow_at if spared else runner.late_at

    @property
    def _second(self) -> Member[P] | None:
        """Who may be started beside a late one; silence would be no help."""
        return self._members[0] if self._members and not self._members[0].is_silent else None

    def _may_hedge(self, second: Member[P]) -> bool:
        """The last resort costs nothing; others are within the budget or wait for a failure."""
        may = second.is_last_resort or self._budget.spend()
        self._runners[-1].is_alone = not may
        return may

    def _lost_at(self, runner: Runner[P, T]) -> float:
        lost_at = runner.lost_at(self._deadlines)
        return min(lost_at, runner.slow_at) if runner.is_alone else lost_at

    async def _stop(self) -> None:
        for runner in list(self._runners):
            self._dismiss(runner)
        if self._leaving:
            await asyncio.wait(self._leaving)
