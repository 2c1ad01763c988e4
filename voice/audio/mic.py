"""The microphone queue: what came in and has not been listened to yet.

Bounded to one second of sound. Full means that listening has fallen behind the microphone: the
oldest goes, and is counted, because late speech is worth more than old speech. What was recorded
earlier comes faster than it is listened to: with it, all that a client may keep (15 s) has room.
"""

import asyncio
from collections import deque
from typing import NamedTuple


class MicChunk(NamedTuple):
    pcm: bytes
    """Mono s16le."""
    rate_hz: int
    end_sample: int
    """Index in its connection's microphone stream of the sample after the last."""
    is_live: bool = True
    """False for what was recorded earlier and sent late: it must not interrupt."""
    ends_turn: bool = False
    """The user said that the turn is over after this; the sound may be empty then."""

    @property
    def duration_s(self) -> float:
        return len(self.pcm) / 2 / self.rate_hz


BACKLOG_S = 16.0


class MicQueue:
    """Put by the consumer, got by the listen stage; both on one event loop."""

    def __init__(self, *, capacity_s: float = 1.0) -> None:
        self._capacity_s = capacity_s
        self._chunks: deque[MicChunk] = deque()
        self._waiting_s = 0.0
        self._is_catching_up = False
        """A backlog came, and has not been listened to yet."""
        self._filled = asyncio.Event()
        self.dropped = 0
        """Chunks that were lost because the queue was full."""

    def put(self, chunk: MicChunk) -> None:
        if not chunk.pcm and self._chunks:  # takes no place of its own, however often it comes
            self._chunks[-1] = self._chunks[-1]._replace(ends_turn=True)
            return
        self._chunks.append(chunk)
        self._waiting_s += chunk.duration_s
        self._is_catching_up = self._waiting_s > self._capacity_s and (
            self._is_catching_up or not chunk.is_live
        )
        capacity_s = BACKLOG_S if self._is_catching_up else self._capacity_s
        while self._waiting_s > capacity_s and len(self._chunks) > 1:
            self._waiting_s -= self._chunks.popleft().duration_s
            self.dropped += 1
        self._filled.set()

    async def get(self) -> MicChunk:
        """The oldest chunk, as soon as there is one. For one reader; safe to cancel."""
        while not self._chunks:
            self._filled.clear()
            await self._filled.wait()
        chunk = self._chunks.popleft()
        self._waiting_s -= chunk.duration_s
        return chunk
