"""An HTTP/1.1 server whose answers can go wrong at every byte, which no real one would let them."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.conduct import AT_THE_DOOR, Broken, Fault
from tests.simulators.server import Simulator

GARBAGE = b"\x00\xff<html>not what you asked for</html>\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Answer:
    parts: AsyncIterator[bytes]
    """The pieces of the body, each in a chunk of its own. May raise Broken."""
    content_type: str = "text/event-stream"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class HttpSimulator(Simulator):
    """A subclass gives `answer`. `asked` keeps every request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: list[Asked] = []
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[Any]] = set()

    async def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def refusal(self, status: int) -> bytes:
        """The body of an error, as this vendor writes it."""
        return json.dumps({"error": {"message": f"simulated {status}", "code": status}}).encode()

    async def _start_listening(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, reuse_port=True
        )

    async def _stop_listening(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.connections += 1
        self._note()
        try:
            while await self._serve_request(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client left, or we are closing
        finally:
            self._serving.discard(task)
            writer.transport.abort()
            self._note()

    async def _serve_request(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Whether the connection may serve another."""
        asked = await _read(reader)
        self.asked.append(asked)
        self._note()
        fault = self.conduct.fault
        if fault is Fault.HANG_CONNECT:
            await reader.read(1)
            return False
        if status := AT_THE_DOOR.get(fault):
            return await self._refuse(writer, status)
        if fault is Fault.GARBAGE and self.conduct.after_items == 0:
            writer.write(GARBAGE)
            await writer.drain()
            return False
        return await self._stream(reader, writer, await self.answer(asked))

    async def _refuse(self, writer: asyncio.StreamWriter, status: int) -> bool:
        retry = f"Retry-After: {self.conduct.retry_after_s:g}\r\n" if status == 429 else ""
        body = self.refusal(status)
        writer.write(
            f"HTTP/1.1 {status} No\r\nContent-Type: application/json\r\n{retry}"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        return True

    async def _stream(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer
    ) -> bool:
        """Write the answer while watching for the client to leave."""
        self.answering += 1
        self._note()
        writing = asyncio.create_task(_write(writer, answer))
        leaving = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return writing.done() and writing.result()
        finally:
            self.answering -= 1
            self._note()
            writing.cancel()
            leaving.cancel()
            await asyncio.gather(writing, leaving, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(head[0].split()[1], headers, body)


async def _write(writer: asyncio.StreamWriter, answer: Answer) -> bool:
    more = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    writer.write(
        f"HTTP/1.1 {answer.status} OK\r\nContent-Type: {answer.content_type}\r\n{more}"
        "Transfer-Encoding: chunked\r\n\r\n".encode()
    )
    try:
        async for part in answer.parts:
            writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            await writer.drain()
    except Broken as broken:
        if broken.fault is Fault.GARBAGE:
            writer.write(f"{len(GARBAGE):x}\r\n".encode() + GARBAGE + b"\r\n")
        if broken.fault is not Fault.END_EARLY:
            await writer.drain()
            return False
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True
