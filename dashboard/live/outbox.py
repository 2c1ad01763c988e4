"""What one page is still to be told: of each thing the newest.

One batch is under way at a time. The next goes when the page has seen it, so a slow page skips
states that are out of date by then, instead of falling behind: the server itself takes any amount
for a client that does not read.
"""

import asyncio
from collections.abc import Hashable

WAITING_MAX = 200
"""Things, not messages. Full: what has waited longest goes."""
SEEN_S = 30.0


class Unread(Exception):
    """The page has seen nothing for SEEN_S."""


class Outbox:
    def __init__(self, *, seen_s: float = SEEN_S) -> None:
        self._seen_s = seen_s
        self._waiting: dict[Hashable, str] = {}
        self._unseen = 0
        self._changes = asyncio.Event()

    def put(self, thing: Hashable, text: str) -> None:
        """Tell this of the thing; what waited of the same is out of date. Never waits."""
        if thing not in self._waiting and len(self._waiting) >= WAITING_MAX:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[thing] = text
        self._changes.set()

    def seen(self) -> None:
        """The page has seen one message more."""
        self._unseen = max(0, self._unseen - 1)
        self._changes.set()

    async def take(self) -> list[str]:
        """The next batch, once the one before has been seen. Raises Unread."""
        try:
            async with asyncio.timeout(self._seen_s):
                while self._unseen:
                    await self._change()
        except TimeoutError as error:
            raise Unread from error
        while not self._waiting:
            await self._change()
        batch, self._waiting = [*self._waiting.values()], {}
        self._unseen = len(batch)
        return batch

    async def _change(self) -> None:
        self._changes.clear()
        await self._changes.wait()
