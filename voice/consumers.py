"""The thin edge of the voice: parse and enqueue. Nothing here waits for the pipeline, since
Channels reads the next frame only after `receive` has returned.

Every close but 1000 comes after an `error` with the same code: accept first, say why, then close.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any

import structlog
from autobahn.exception import Disconnected
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from voice.edge import notices
from voice.edge.connection import Connection
from voice.edge.door import Address, identify
from voice.edge.inbox import Inbox
from voice.edge.limits import Rate
from voice.edge.notices import GONE, Refused
from voice.session import Session
from voice.switchboard import Call
from voice.telemetry import journal
from voice.telemetry.meters import count
from voice.wire import Error, Inbound, Malformed, parse_binary, parse_text
from voice.wiring import switchboard

log = structlog.get_logger()

Message = Mapping[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MALFORMED_MAX, MALFORMED_WINDOW_S = 20, 10.0
FLOOD_WINDOW_S = 2.0
MESSAGES_MAX = 800
"""In the window: 50 a second is ordinary, 200 with a backlog at four times real time."""
BYTES_MAX = 8 * 1024 * 1024
"""In the window: sound at 48 kHz and four times real time is 0.8 MB, as base64 1 MB."""


class VoiceConsumer(AsyncWebsocketConsumer):
    """One socket. It holds no state of the conversation: the session outlives it."""

    session: Session | None = None
    connection: Connection | None = None
    inbox: Inbox | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Channels' own loop makes a task for each message, to listen to a channel layer as well,
        and goes to a thread before each, to close old database connections. Nothing here needs
        either, and it costs a fifth of what a session costs in all."""
        self.scope, self.base_send = scope, send
        try:
            with suppress(StopConsumer):
                while True:
                    await self.handle(await receive())
        finally:  # whatever ends the socket, its session must know
            await self.disconnect(GONE)

    async def handle(self, message: Message) -> None:
        match message["type"]:
            case "websocket.receive":
                await self.receive(message.get("text"), message.get("bytes"))
            case "websocket.connect":
                await self.connect()
            case "websocket.disconnect":
                await self.disconnect(message.get("code", GONE))
                raise StopConsumer

    async def connect(self) -> None:
        self._messages = Rate(MESSAGES_MAX, window_s=FLOOD_WINDOW_S)
        self._bytes = Rate(BYTES_MAX, window_s=FLOOD_WINDOW_S)
        self._malformed = Rate(MALFORMED_MAX, window_s=MALFORMED_WINDOW_S)
        address = Address(self.scope)
        journal.bind_socket(address.request_id)
        await self.accept()
        try:
            await self._join(address)
        except Refused as refused:
            log.info("socket.refused", code=refused.error.code, why=str(refused))
            await self._refuse(refused.error)
        except Exception:  # the database is away, or a mistake of ours: the client may try again
            log.exception("socket.join_failed")
            count("errors", "session")
            await self._refuse(notices.BROKEN)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        connection, inbox = self.connection, self.inbox
        if connection is None or inbox is None or connection.is_closed:
            return
        if self._floods(connection, text_data, bytes_data):
            await connection.close(notices.TOO_MANY, notices.TOO_FAST)
            return
        try:
            message = self._parse(connection, text_data, bytes_data)
        except Malformed as malformed:
            await self._complain(connection, malformed)
        else:
            await inbox.receive(message)

    async def disconnect(self, code: int) -> None:
        """Twice does no harm."""
        if self.connection is None:
            return
        self.connection.is_closed = True
        if self.session is not None:
            self.session.detach(self.connection, code)
            self.session = None

    async def _join(self, address: Address) -> None:
        conversation, person = address.conversation, await identify(address)
        self.connection = Connection(
            rate_hz=address.rate_hz,
            audio=address.audio,
            client=address.client,
            token=address.token,
            login=address.login,
            send_text=self._send_text,
            send_bytes=self._send_bytes,
            close_socket=self._close,
            plain=address.plain,
        )
        call = Call(person, conversation, address.agent, self.connection)
        self.session, self.inbox = await switchboard().join(call)

    def _floods(self, connection: Connection, text: str | None, frame: bytes | None) -> bool:
        size, now = len(frame if frame is not None else text or ""), monotonic()
        connection.bytes_in += size
        too_many = self._messages.exceeded_by(1, now=now)
        return self._bytes.exceeded_by(size, now=now) or too_many

    def _parse(self, connection: Connection, text: str | None, frame: bytes | None) -> Inbound:
        if frame is not None:
            return parse_binary(frame)
        return parse_text(text or "", rate_hz=connection.rate_hz)

    async def _complain(self, connection: Connection, malformed: Malformed) -> None:
        if self._malformed.exceeded_by(1, now=monotonic()):
            log.info("socket.malformed")
            await connection.close(notices.BAD_REQUEST, notices.MALFORMED)
            return
        await connection.send(Error(code=malformed.code, message=str(malformed), retryable=False))

    async def _refuse(self, error: Error) -> None:
        refusing = self.connection or Connection(
            rate_hz=0,
            audio="base64",
            client="",
            send_text=self._send_text,
            send_bytes=self._send_bytes,
            close_socket=self._close,
            plain=Address(self.scope).plain,
        )
        await refusing.close(int(error.code), error)

    async def _send_text(self, text: str) -> None:
        await self._pass_on({"type": "websocket.send", "text": text})

    async def _send_bytes(self, frame: bytes) -> None:
        await self._pass_on({"type": "websocket.send", "bytes": frame})

    async def _close(self, code: int) -> None:
        await self._pass_on({"type": "websocket.close", "code": code})

    async def _pass_on(self, message: Message) -> None:
        """A socket that is gone already is no news: its `websocket.disconnect` is on the way."""
        with suppress(Disconnected):
            await self.base_send(message)
