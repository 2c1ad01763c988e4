"""The line to the user: the socket of the moment, or none while it is waited for.

What is sent while nobody is there is dropped, since whoever joins is told how things stand; but
what ended meanwhile, and what went wrong, is kept for the next socket.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from voice.edge.connection import Connection
from voice.wire import Error, Notice, Outbound, ReplyEnded, TranscriptUpdate

MISSED_MAX = 32
"""Messages that are kept; then the oldest goes. Nobody who is away says much."""


class Line:
    def __init__(self, on_sent: Callable[[Outbound], None] = lambda message: None) -> None:
        """on_sent: told of each message, whether or not there is a socket."""
        self._on_sent = on_sent
        self.connection: Connection | None = None
        self.reports = False
        """The client of this connection has sent `playback`."""
        self._attached = asyncio.Event()
        self._missed: deque[Outbound] = deque(maxlen=MISSED_MAX)

    def attach(self, connection: Connection) -> Connection | None:
        """Take a new socket, which `open` opens; returns the old one, which is nobody's now."""
        old, self.connection = self.connection, connection
        self.reports = False
        self._attached.clear()
        return old

    def detach(self, connection: Connection) -> bool:
        """False when this socket had been replaced already."""
        if connection is not self.connection:
            return False
        self.connection = None
        self._attached.clear()
        return True

    async def open(self) -> None:
        """Tell the new socket what it missed, and let replies be heard over it."""
        while self._missed and self.is_connected:
            await self._send(self._missed.popleft())
        if self.is_connected:
            self._attached.set()

    @property
    def is_connected(self) -> bool:
        return self.connection is not None and not self.connection.is_closed

    async def attached(self) -> None:
        """Return once there is a socket."""
        await self._attached.wait()

    async def send(self, message: Outbound) -> None:
        self._on_sent(message)
        if _lasts(message) and (self._missed or not self.is_connected):
            self._missed.append(message)  # after those that wait already
        else:
            await self._send(message)

    async def send_audio(self, reply: int, sample: int, pcm: bytes) -> None:
        if self.connection is not None:
            await self.connection.send_audio(reply, sample, pcm)

    async def close(self, code: int, error: Error | None = None) -> None:
        if self.connection is not None:
            await self.connection.close(code, error)

    async def _send(self, message: Outbound) -> None:
        if self.connection is not None:
            await self.connection.send(message)


def _lasts(message: Outbound) -> bool:
    """It says how something ended, and nothing that is said later does."""
    match message:
        case ReplyEnded() | Notice() | TranscriptUpdate(is_final=True):
            return True
    return False
