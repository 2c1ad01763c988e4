"""Providers whose answer is a written row of steps, and the chain that they stand in."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

from voice.providers.errors import ProviderUnavailable
from voice.providers.failover.deadlines import Deadlines
from voice.providers.failover.member import Member
from voice.providers.failover.vitals import Vitals

QUICK = Deadlines(
    first_s=1.0, gap_s=1.0, total_s=20.0, first_guess_s=0.05, gap_guess_s=0.05, floor_s=0.05
)
"""Late after 50 ms, slow after 300, lost after a second."""
PATIENT = Deadlines(
    first_s=20.0, gap_s=20.0, total_s=60.0, first_guess_s=20.0, gap_guess_s=20.0, floor_s=20.0
)
"""Nobody is late as long as a test lasts."""
PATIENCE_S = 5.0

GONE = ProviderUnavailable("a player", "gone")

Step = int | Exception | asyncio.Event
"""An item to give, an error to raise, or something to wait for."""


def for_ever() -> asyncio.Event:
    """To wait for in vain."""
    return asyncio.Event()


@dataclass
class Player:
    """Takes the same steps at each request, those left out that gave an item already."""

    name: str
    steps: list[Step]
    asked: int = 0
    playing: int = 0
    """Answers that are being given."""
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self, given: int = 0) -> AsyncGenerator[int, None]:
        """given: how many items the answer has already."""
        self.asked += 1
        self.playing += 1
        self.started.set()
        try:
            for step in self._rest(given):
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    yield step
        finally:
            self.playing -= 1

    def _rest(self, given: int) -> list[Step]:
        items = [at for at, step in enumerate(self.steps) if isinstance(step, int)]
        return self.steps[items[given - 1] + 1 :] if given else self.steps


def member(provider: Any, deadlines: Deadlines = QUICK, **how: bool) -> Member[Any]:
    return Member(provider.name, provider, Vitals(f"test/{provider.name}", deadlines), **how)


def open_by_itself(member: Member[Any]) -> None:
    """As another session's failures do it."""
    for _ in range(2):
        member.vitals.failed(GONE)


async def until(condition: Callable[[], bool]) -> None:
    """Return once it is so, for what no event tells of."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)
