"""The client's end of one connection, with a network between it and the server."""

import asyncio
import json
import struct
from collections import deque
from collections.abc import Callable

from tests.scenarios.clock import sleep_until
from tests.scenarios.seen import Message, Sound
from voice import wire
from voice.edge.connection import Connection
from voice.edge.inbox import Inbox
from voice.session import Session
from voice.turns.state import Phase

GONE = 1006
_HEADER = struct.Struct("<II")


class Socket:
    def __init__(
        self, number: int, network_s: float, on_arrival: "Callable[[Socket, Arrival], None]"
    ) -> None:
        """on_arrival: told what the server says; a number is the code of its close."""
        self.number = number
        self.is_open = True
        self.closed = asyncio.Event()
        """The server closed it."""
        self.connection = Connection(
            rate_hz=16_000,
            audio="binary",
            client="a scenario",
            send_text=self._text,
            send_bytes=self._bytes,
            close_socket=self._close,
        )
        self._network_s = network_s
        self._on_arrival = on_arrival
        self._loop = asyncio.get_running_loop()
        self._to_server: asyncio.Queue[tuple[float, wire.Inbound]] = asyncio.Queue()
        self._from_server: deque[Arrival] = deque()
        self._session: Session | None = None
        self._carrying: asyncio.Task[None] | None = None

    @property
    def is_served(self) -> bool:
        return self._session is not None

    def phase(self) -> str:
        """The server's, under the name that it is shown by."""
        assert self._session is not None
        return Phase(self._session.presence.live_state().phase).shown_as

    def serve(self, session: Session, inbox: Inbox, tasks: asyncio.TaskGroup) -> None:
        """This session answers."""
        self._session = session
        self._carrying = tasks.create_task(self._carry(inbox))

    def put(self, message: wire.Inbound) -> None:
        """Send it; it is lost when the network goes away meanwhile."""
        self._to_server.put_nowait((self._loop.time() + self._network_s, message))

    def drop(self, *, noticed: bool) -> None:
        """The network goes away; noticed: and the server sees that."""
        self._leave()
        if noticed:
            self.connection.is_closed = True
            if self._session is not None:
                self._session.detach(self.connection, GONE)

    def _leave(self) -> None:
        self.is_open = False
        if self._carrying is not None:
            self._carrying.cancel()

    async def _carry(self, inbox: Inbox) -> None:
        while True:
            due, message = await self._to_server.get()
            await sleep_until(due)
            if not self.connection.is_closed:
                await inbox.receive(message)

    # --- what the server does with it -----------------------------------------------------------
    async def _text(self, text: str) -> None:
        self._arrives(json.loads(text))

    async def _bytes(self, frame: bytes) -> None:
        reply, sample = _HEADER.unpack_from(frame)
        self._arrives(Sound(reply, sample, (len(frame) - _HEADER.size) // 2))

    async def _close(self, code: int) -> None:
        """As the consumer does: a socket that is closed is detached."""
        self._arrives(code)
        if self._session is not None:
            self._session.detach(self.connection, code)

    def _arrives(self, what: "Arrival") -> None:
        self._from_server.append(what)
        if self._network_s:
            self._loop.call_later(self._network_s, self._arrive)
        else:
            self._arrive()

    def _arrive(self) -> None:
        what = self._from_server.popleft()
        if not self.is_open:
            return
        if isinstance(what, int):
            self._leave()
            self.closed.set()
        self._on_arrival(self, what)


Arrival = Message | Sound | int
