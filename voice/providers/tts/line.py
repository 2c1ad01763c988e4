"""One socket to Deepgram's Aura. It speaks one sentence at a time, since nothing in its protocol
says to which sentence a sound belongs.

What `Clear` stops may leave sound and a `Flushed` behind that look like the next sentence's. So a
line is never cleared: who stops it in the middle closes it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

from websockets.exceptions import ConnectionClosed

from voice.providers.errors import ProviderBusy, ProviderUnavailable
from voice.providers.http import CONNECT_S

SEND_S = 3.0
CLOSE_S = 0.1
"""How long closing is waited for; what takes longer goes on by itself."""
MESSAGES_MAX = 4_096
"""Sound that nobody takes: minutes of it, more than a sentence has. Full: the network waits, and
with it the pongs that keep the line alive. That comes sooner with the library's own 32."""
WINDOW_S = 60.0
FLUSHES_MAX = 20
"""In WINDOW_S; later ones are left unanswered (https://developers.deepgram.com/docs/tts-ws-flush)."""
CHARACTERS_MAX = 2_400
"""In WINDOW_S; Deepgram hangs up on those who send more."""

Connecting = AbstractAsyncContextManager[Any]
"""The SDK's, with its socket inside."""
Say = Callable[[Any, str], Awaitable[None]]
"""Have a socket speak a text."""


class Line:
    def __init__(self, provider: str, model: str, connecting: Connecting, say: Say) -> None:
        """Begins to connect."""
        self.model = model
        self._say = say
        self._provider = provider
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[Any] = self._loop.create_future()
        self._owner = asyncio.create_task(self._own(connecting))
        self._sentences: deque[tuple[float, int]] = deque()
        """(when, characters) of those within WINDOW_S."""
        self._waiting: list[bytes] = []
        self.is_speaking = False

    @property
    def is_open(self) -> bool:
        if not self._opened.done() or self._opened.exception():
            return False
        return bool(self._opened.result()._websocket.open)

    @property
    def is_lost(self) -> bool:
        return self._opened.done() and not self.is_open

    def may_speak(self, characters: int) -> bool:
        """Whether Deepgram's limits allow for such a sentence now."""
        while self._sentences and self._sentences[0][0] <= self._loop.time() - WINDOW_S:
            self._sentences.popleft()
        sent = sum(count for _, count in self._sentences)
        return len(self._sentences) < FLUSHES_MAX and sent + characters <= CHARACTERS_MAX

    async def begin(self, text: str) -> None:
        """Return when the sound begins. Raises what the SDK raises."""
        async with asyncio.timeout(CONNECT_S):
            socket = await asyncio.shield(self._opened)
        self.is_speaking = True
        self._sentences.append((self._loop.time(), len(text)))
        async with asyncio.timeout(SEND_S):
            await self._say(socket, text)
        if (first := await self.next()) is None:
            raise ProviderUnavailable(self._provider, "made no sound")
        self._waiting.append(first)

    async def next(self) -> bytes | None:
        """The next piece of sound, of any length; None at the end of the sentence."""
        while self.is_speaking and not self._waiting:
            self._take(await self._opened.result().recv())
        return self._waiting.pop() if self._waiting else None

    async def close(self) -> None:
        """At once for Deepgram, whatever state the line is in."""
        self._owner.cancel()
        await asyncio.wait({self._owner}, timeout=CLOSE_S)

    def _take(self, message: Any) -> None:
        if isinstance(message, bytes):
            self._waiting.append(message)
            return
        kind = message.type  # not its class: the SDK makes a Flushed of a Cleared, too
        if kind == "Flushed":
            self.is_speaking = False
        elif kind == "Error":
            raise ProviderUnavailable(self._provider, f"gave up: {message.description}")
        elif kind == "Warning" and "flush" in f"{message.code} {message.description}".lower():
            raise ProviderBusy(self._provider, f"too many sentences: {message.description}")

    async def _own(self, connecting: Connecting) -> None:
        """Hold the socket until cancelled. Its own ways of closing wait for the peer: it is cut."""
        try:
            async with AsyncExitStack() as closing:
                async with asyncio.timeout(CONNECT_S):
                    socket = await closing.enter_async_context(connecting)
                socket._websocket.max_queue = MESSAGES_MAX
                socket._websocket.close_timeout = CLOSE_S
                closing.callback(socket._websocket.transport.abort)
                self._opened.set_result(socket)
                await self._loop.create_future()
        except ConnectionClosed:
            pass  # so closing ends where the socket was cut
        except Exception as error:
            self._failed(error)
        finally:
            self._failed(ConnectionAbortedError("closed before it was open"))

    def _failed(self, error: Exception) -> None:
        if not self._opened.done():
            self._opened.set_exception(error)
            self._opened.exception()  # known, even if nobody waits for it
