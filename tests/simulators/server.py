"""What every simulated provider has: an address on loopback, a conduct, eyes for who is there."""

import asyncio
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.simulators.conduct import Conduct, Fault

PATIENCE_S = 8.0


class Simulator:
    """`async with` starts and stops it. Its subclass says how it listens."""

    def __init__(self, conduct: Conduct = Conduct()) -> None:  # noqa: B008 (a frozen value)
        self.conduct = conduct
        self.port = 0
        self.connections = 0
        """Ever opened."""
        self.answering = 0
        """Requests or contexts that are being answered just now; for the ears, open sockets."""
        self._changed = asyncio.Event()
        self._listens = False
        self._place = socket.socket()
        """Bound and never listening: it keeps the port ours while nobody listens there."""

    @property
    def url(self) -> str:
        """The http root of this server."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._place.bind(("127.0.0.1", self.port))
        self.port = self._place.getsockname()[1]
        await self.behave(self.conduct)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop_listening()
        self._place.close()

    async def behave(self, conduct: Conduct) -> None:
        """Change how it behaves. To refuse it stops to listen and resets what is open; whatever
        comes after refusing listens on the same port again."""
        self.conduct = conduct
        refuses = conduct.fault is Fault.REFUSE
        if refuses and self._listens:
            await self._stop_listening()
        elif not refuses and not self._listens:
            await self._start_listening()
        self._listens = not refuses

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that the simulator sees; every `_note` looks again."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def _note(self) -> None:
        self._changed.set()

    async def _start_listening(self) -> None:
        raise NotImplementedError

    async def _stop_listening(self) -> None:
        """Close the listening socket, reset every connection and end what serves them."""
        raise NotImplementedError
