"""The sentences of one reply, wherever they come from: a model, a greeting, the rest of another.

A script outlives the reply that reads it: when the socket drops in mid-reply, what was not heard is
put back and the next reply reads on, while the model may still be writing.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

import structlog

from voice.providers.errors import ProviderError

log = structlog.get_logger()

SENTENCES_WAITING_MAX = 4
"""Full means that the model waits for the voice."""


class Sentences(asyncio.Queue[str | None]):
    """Speakable pieces in order, then None."""

    def waiting(self) -> list[str]:
        return [text for text in self._queue if text is not None]  # type: ignore[attr-defined]


class Script:
    def __init__(self) -> None:
        self.written = Sentences(SENTENCES_WAITING_MAX)
        self.error: Exception | None = None
        """Set when the writer failed, before the None that ends the sentences."""
        self.is_accounted_for = False
        """Somebody has counted that."""
        self._first: deque[str] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._is_over = False

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Script":
        """A script that is written already."""
        script = cls()
        script._first.extend(texts)
        script._is_over = True
        return script

    def start(
        self,
        write: Callable[[], Awaitable[None]],
        create_task: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """Let `write` fill `written` in a task of its own."""
        self._writer = create_task(self._write(write))

    async def get(self) -> str | None:
        """The next sentence, or None after the last. For one reader at a time."""
        if self._first:
            return self._first.popleft()
        if self._is_over:
            return None
        sentence = await self.written.get()
        self._is_over = sentence is None
        return sentence

    @property
    def is_read(self) -> bool:
        """To its end."""
        return self._is_over and not self._first

    def put_back(self, texts: Iterable[str]) -> None:
        """Have these read first, in this order."""
        self._first.extendleft(reversed(list(texts)))

    def unread(self) -> list[str]:
        """What is written and has not been read."""
        return [*self._first, *self.written.waiting()]

    def stop(self) -> None:
        """Stop the writer for good."""
        if self._writer is not None:
            self._writer.cancel()

    async def _write(self, write: Callable[[], Awaitable[None]]) -> None:
        try:
            await write()
        except ProviderError as error:
            await self._break_off(error)
        except Exception as error:
            # Our own mistake must not end the conversation: the user hears of it and goes on.
            log.exception("script.broke")
            await self._break_off(error)

    async def _break_off(self, error: Exception) -> None:
        self.error = error
        await self.written.put(None)
