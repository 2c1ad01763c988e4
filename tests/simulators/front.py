"""One address for a vendor that has several servers behind it: the path of a connection's first
request says which."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.simulators.server import Simulator

PIECE = 65_536


class Front:
    def __init__(self, behind: Mapping[str, Simulator]) -> None:
        """behind: what a path begins with → who serves it."""
        self._behind = behind
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            await self._connect(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # either side left, or we are closing
        finally:
            self._serving.discard(task)
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readuntil(b"\r\n")
        path = line.decode().split()[1]
        server = next(server for begin, server in self._behind.items() if path.startswith(begin))
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", server.port)
        inner_writer.write(line)
        there = asyncio.create_task(_pipe(reader, inner_writer))
        back = asyncio.create_task(_pipe(inner_reader, writer))
        try:
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            inner_writer.transport.abort()
            for task in (there, back):
                task.cancel()
                with suppress(ConnectionError, asyncio.CancelledError):
                    await task


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(PIECE):
        writer.write(piece)
        await writer.drain()
