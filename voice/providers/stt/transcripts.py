"""What a stream has understood and nobody has read yet."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from voice.providers.errors import ProviderError, ProviderUnavailable
from voice.providers.protocols import Transcript

WAITING_MAX = 256
"""Pieces that nobody takes. Full: the stream breaks off."""


class Transcripts:
    """One writes, one reads. A piece that is not final is replaced by the next."""

    def __init__(self, provider: str) -> None:
        self._provider = provider
        self._waiting: deque[Transcript] = deque()
        self._trouble: ProviderError | None = None
        self._closed = False
        self._changed = asyncio.Event()

    @property
    def ended(self) -> bool:
        """Nothing more can come."""
        return self._closed or self._trouble is not None

    def tell(self, transcript: Transcript) -> None:
        if self.ended:
            return
        if self._waiting and not self._waiting[-1].is_final:
            self._waiting.pop()
        self._waiting.append(transcript)
        if len(self._waiting) > WAITING_MAX:
            self.fail(ProviderUnavailable(self._provider, "nobody took what was understood"))
        self._changed.set()

    def fail(self, trouble: ProviderError) -> None:
        """Raise this from `read`, after what came before it. Only the first counts."""
        self._trouble = self._trouble or trouble
        self._changed.set()

    def close(self) -> None:
        self._closed = True
        self._changed.set()

    async def read(self) -> AsyncIterator[Transcript]:
        """Yield until closed. What is not taken stays for the next who reads."""
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            if self._trouble:
                raise self._trouble
            if self._closed:
                return
            self._changed.clear()
            await self._changed.wait()
