"""The line to the user: the socket of the moment, or none while it is waited for.

What is sent while nobody is there is dropped, since whoever joins is told how things stand.
"""

import asyncio

from voice.edge.connection import Connection
from voice.wire import Error, Outbound


class Line:
    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.reports = False
        """The client of this connection has sent `playback`."""
        self._attached = asyncio.Event()

    def attach(self, connection: Connection) -> Connection | None:
        """Take a new socket; returns the old one, which is nobody's now."""
        old, self.connection = self.connection, connection
        self.reports = False
        self._attached.set()
        return old

    def detach(self, connection: Connection) -> bool:
        """False when this socket had been replaced already."""
        if connection is not self.connection:
            return False
        self.connection = None
        self._attached.clear()
        return True

    async def attached(self) -> None:
        """Return once there is a socket."""
        await self._attached.wait()

    async def send(self, message: Outbound) -> None:
        if self.connection is not None:
            await self.connection.send(message)

    async def send_audio(self, reply: int, sample: int, pcm: bytes) -> None:
        if self.connection is not None:
            await self.connection.send_audio(reply, sample, pcm)

    async def close(self, code: int, error: Error | None = None) -> None:
        if self.connection is not None:
            await self.connection.close(code, error)
