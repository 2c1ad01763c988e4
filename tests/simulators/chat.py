"""Chat completions on loopback: answers each request with the events that the test prepared."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

DONE = "[DONE]"


@dataclass
class Answer:
    events: list[dict[str, object] | str] = field(default_factory=list)
    status: int = 200
    error: dict[str, object] = field(default_factory=dict)
    goes_on: bool = False
    """The stream stays open after the last event, until the client leaves."""
    drops: bool = False
    """The connection breaks after the last event, in the middle of the body."""


@dataclass
class Asked:
    path: str
    authorization: str
    body: dict[str, object]


class ChatSimulator:
    def __init__(self) -> None:
        self.url = ""
        self.answers: deque[Answer] = deque()
        self.asked: list[Asked] = []
        self.connections = 0
        self.left = asyncio.Event()
        """A client closed its connection amid an answer that goes on."""
        self._serving: set[asyncio.Task[None]] = set()

    def will(self, *events: dict[str, object] | str, **how: object) -> None:
        """Prepare the next answer."""
        self.answers.append(Answer(list(events), **how))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        self._serving.add(task)
        try:
            while await self._answer(reader, writer):
                pass
        finally:
            self._serving.discard(task)
            writer.transport.abort()

    async def close(self) -> None:
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; whether the connection may serve another."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return False
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head)
        }
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.asked.append(Asked(head[0].split()[1], headers["authorization"], body))
        answer = self.answers.popleft()
        if answer.status != 200:
            return self._refuse(writer, answer)
        return await self._stream(reader, writer, answer)

    def _refuse(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        body = json.dumps({"error": answer.error}).encode()
        writer.write(
            f"HTTP/1.1 {answer.status} No\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        return True

    async def _stream(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer
    ) -> bool:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        for event in answer.events:
            text = event if isinstance(event, str) else json.dumps(event)
            data = f"data: {text}\n\n".encode()
            writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            await writer.drain()
        if answer.goes_on:
            await reader.read(1)
            self.left.set()
        if answer.goes_on or answer.drops:
            return False
        writer.write(b"0\r\n\r\n")
        return True


@asynccontextmanager
async def chat_simulator() -> AsyncIterator[ChatSimulator]:
    simulator = ChatSimulator()
    server = await asyncio.start_server(simulator.serve, "127.0.0.1", 0)
    simulator.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield simulator
    finally:
        server.close()
        await simulator.close()
        await server.wait_closed()


def chunk(
    text: str | None = None, *, finish: str | None = None, calls: list[object] | None = None
) -> dict[str, object]:
    """One event of a stream."""
    delta: dict[str, object] = {"content": text} if text is not None else {}
    if calls:
        delta["tool_calls"] = calls
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "simulated",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
