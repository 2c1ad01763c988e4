"""The session's clock: moments on the event loop's monotonic clock, and the time of day at one."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    loop: asyncio.AbstractEventLoop

    def now(self) -> float:
        """Seconds; only differences mean anything."""
        return self.loop.time()

    def wall(self, moment: float) -> datetime:
        """The time of day at a moment of `now`."""
        return datetime.now(UTC) - timedelta(seconds=self.now() - moment)
