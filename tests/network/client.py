"""A client written from docs/protocol.md alone: the `websockets` package and nothing of ours."""

import asyncio
import json
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

SPEECH = Path(__file__).resolve().parent.parent / "data" / "speech"
FRAME_BYTES = 640
FRAME_S = 0.02
PATIENCE_S = 60.0
"""A machine that does other things as well has needed more than 20."""


class Client:
    """`async with Client(url)`; reads all the time, so that nothing waits for the test."""

    def __init__(self, url: str, **connecting: Any) -> None:
        self.messages: list[dict[str, Any]] = []
        self.audio: list[tuple[float, int, int, bytes]] = []
        """(when it came, reply, first sample, pcm)"""
        self.close_code: int | None = None
        self._connecting = connect(url, max_size=None, **connecting)
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> "Client":
        self.socket: ClientConnection = await self._connecting
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.socket.close()
        await self._reading

    # --- saying ---------------------------------------------------------------------------------
    async def say(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def speak(self, pcm: bytes) -> None:
        """Microphone sound at the pace of speaking, 20 ms at a time."""
        clock, start = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        for index in range(0, len(pcm) // FRAME_BYTES):
            await self.socket.send(pcm[index * FRAME_BYTES : (index + 1) * FRAME_BYTES])
            await asyncio.sleep(max(0.0, start + (index + 1) * FRAME_S - clock.time()))

    async def be_silent(self, seconds: float) -> None:
        await self.speak(bytes(int(seconds * 32_000)))

    # --- seeing ---------------------------------------------------------------------------------
    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    async def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The first message of this kind with these fields, when it is there."""

        def matching() -> list[dict[str, Any]]:
            return [m for m in self.of(kind) if fields.items() <= m.items()]

        await self.see(lambda: bool(matching()), f"{kind} {fields}")
        return matching()[0]

    async def until_closed(self) -> int:
        await self.see(lambda: self.close_code is not None, "the close")
        assert self.close_code is not None
        return self.close_code

    async def see(self, condition: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError:
            raise AssertionError(f"never saw {what}; saw {self.messages[-20:]}") from None

    async def _read(self) -> None:
        try:
            while True:
                self._take(await self.socket.recv())
                await self._tell()
        except ConnectionClosed:
            self.close_code = self.socket.close_code
            await self._tell()

    def _take(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            self.messages.append(json.loads(frame))
            return
        reply, sample = struct.unpack("<II", frame[:8])
        now = asyncio.get_running_loop().time()
        self.audio.append((now, reply, sample, frame[8:]))

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def recording(name: str) -> bytes:
    """The samples of one of tests/data/speech, 16 kHz mono s16le."""
    with wave.open(str(SPEECH / name)) as file:
        return file.readframes(file.getnframes())
