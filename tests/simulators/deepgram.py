"""Deepgram's `listen` v1 on loopback: takes sound, and says what the test tells it to say."""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Request, Response, ServerConnection, serve

HEARD_WITHIN_S = 8.0


class ListenSimulator:
    def __init__(self, *, status: int | None, on_finalise: str | None) -> None:
        """status: refuse every connection with it. on_finalise: the text that answers a Finalize;
        None leaves it unanswered."""
        self._status = status
        self._on_finalise = on_finalise
        self._changed = asyncio.Condition()
        self._socket: ServerConnection | None = None
        self.url = ""
        self.query: dict[str, list[str]] = {}
        self.authorization = ""
        self.heard = b""
        self.told: list[str] = []
        """Types of the messages that came."""

    async def say(self, text: str, *, is_final: bool = False, **fields: object) -> None:
        """One Results message; fields: further ones of it."""
        result = {
            "type": "Results",
            "channel_index": [0, 1],
            "start": 0.0,
            "duration": len(self.heard) / 32000,
            "is_final": is_final,
            "speech_final": False,
            "channel": {"alternatives": [{"transcript": text, "confidence": 0.9, "words": []}]},
        }
        await self.tell(result | fields)

    async def tell(self, message: dict[str, object]) -> None:
        await self.until(lambda: self._socket is not None)
        assert self._socket is not None
        await self._socket.send(json.dumps(message))

    async def hang_up(self, code: int, reason: str) -> None:
        await self.until(lambda: self._socket is not None)
        assert self._socket is not None
        await self._socket.close(code, reason)

    async def until(self, is_so) -> None:
        async with asyncio.timeout(HEARD_WITHIN_S), self._changed:
            await self._changed.wait_for(is_so)

    async def serve(self, socket: ServerConnection) -> None:
        async with self._changed:
            self._socket = socket
            self._changed.notify_all()
        async for message in socket:
            if isinstance(message, bytes):
                self.heard += message
            else:
                await self._take(json.loads(message)["type"])
            async with self._changed:
                self._changed.notify_all()

    async def _take(self, kind: str) -> None:
        self.told.append(kind)
        if kind == "Finalize" and self._on_finalise is not None:
            await self.say(self._on_finalise, is_final=True, from_finalize=True)

    def admit(self, socket: ServerConnection, request: Request) -> Response | None:
        self.query = parse_qs(urlsplit(request.path).query)
        self.authorization = request.headers["Authorization"]
        return self._status and socket.respond(HTTPStatus(self._status), "no\n")


@asynccontextmanager
async def listen_simulator(
    *, status: int | None = None, on_finalise: str | None = None
) -> AsyncIterator[ListenSimulator]:
    simulator = ListenSimulator(status=status, on_finalise=on_finalise)
    async with serve(
        simulator.serve, "127.0.0.1", 0, process_request=simulator.admit, close_timeout=0.2
    ) as server:
        simulator.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield simulator


@asynccontextmanager
async def silent_listen_simulator() -> AsyncIterator[str]:
    """One that accepts the connection and from then on neither reads nor answers; its address."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = re.search(r"Sec-WebSocket-Key: (\S+)", request, re.IGNORECASE)
        digest = hashlib.sha1(f"{key[1]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )
        open_writers.append(writer)

    open_writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for writer in open_writers:
            writer.transport.abort()
        server.close()
        await server.wait_closed()
