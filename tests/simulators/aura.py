"""Deepgram's `speak` v1 on loopback: one voice per socket, sound in binary messages, and nothing
that says to which sentence it belongs."""

import asyncio
import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import Request, Response, ServerConnection

from tests.simulators import tones
from tests.simulators.conduct import AT_THE_DOOR, Broken, Conduct, conducted
from tests.simulators.sockets import SocketSimulator
from tests.simulators.speaking import Sound

RATE_HZ = 24_000
FLUSHES_MAX = 20
"""On one socket; the real one allows for them again after a minute."""
TOO_MANY = {
    "type": "Warning",
    "description": "Cannot process any more Flush messages until the 60-second window has passed.",
    "code": "TOO_MANY_FLUSHES",
}


class AuraSimulator(SocketSimulator):
    def __init__(
        self,
        conduct: Conduct = Conduct(),  # noqa: B008 (a frozen value)
        *,
        sound: Sound = tones.sound,
    ) -> None:
        super().__init__(conduct)
        self._sound = sound
        self.asked: list[dict[str, Any]] = []
        self.models = ("aura-2-thalia-en", "aura-2-zeus-en")
        self.flushes_max = FLUSHES_MAX
        self.piece_bytes = 4_801
        """Of sound in each message; cuts samples in two."""
        self.before: list[dict[str, object] | str | bytes] = []
        """What is said before the sound of every sentence."""

    @property
    def open_sockets(self) -> int:
        return len(self._open)

    async def hang_up(self, code: int = 1000, reason: str = "") -> None:
        for socket in list(self._open):
            await socket.close(code, reason)

    async def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        refusal = await super()._admit(socket, request)
        if refusal or self.query()["model"][0] in self.models:
            return refusal
        return socket.respond(HTTPStatus.BAD_REQUEST, "no such model\n")

    async def converse(self, socket: ServerConnection) -> None:
        await _tell(socket, {"type": "Metadata", "request_id": "r-1", "model_name": "simulated"})
        speech = _Speech(self, socket)
        try:
            async for raw in socket:
                message = json.loads(raw)
                self.asked.append(message)
                self._note()
                await speech.take(message)
        finally:
            await speech.stop()

    def sound(self, text: str) -> Iterator[bytes]:
        pcm, _ = self._sound(text, RATE_HZ)
        for at in range(0, len(pcm), self.piece_bytes):
            yield pcm[at : at + self.piece_bytes]

    def counted(self, change: int) -> None:
        self.answering += change
        self._note()

    async def break_off(self, socket: ServerConnection, broken: Broken) -> None:
        await self._break(socket, broken.fault)


class _Speech:
    """What is said on one socket."""

    def __init__(self, vendor: AuraSimulator, socket: ServerConnection) -> None:
        self._vendor = vendor
        self._socket = socket
        self._text = ""
        self._flushes = 0
        self._cleared = 0
        self._speaking: asyncio.Task[None] | None = None

    async def take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if AT_THE_DOOR.get(self._vendor.conduct.fault):
            await self._socket.close(1008, "refused")
        elif kind == "Speak":
            self._text += message["text"]
        elif kind == "Flush":
            await self._flush()
        elif kind == "Clear":
            await self.stop()
            await _tell(self._socket, {"type": "Cleared", "sequence_id": self._cleared})
            self._cleared += 1
        elif kind == "Close":
            await self._socket.close()

    async def stop(self) -> None:
        if self._speaking:
            self._speaking.cancel()
            await asyncio.wait({self._speaking})

    async def _flush(self) -> None:
        if self._flushes == self._vendor.flushes_max:
            await _tell(self._socket, TOO_MANY)
            return
        text, self._text = self._text, ""
        self._flushes += 1
        self._speaking = asyncio.create_task(self._speak(text))

    async def _speak(self, text: str) -> None:
        self._vendor.counted(+1)
        try:
            for item in self._vendor.before:
                await _tell(self._socket, item)
            sound = self._vendor.sound(text)
            async for piece in conducted(sound, lambda: self._vendor.conduct):
                await self._socket.send(piece)
            await _tell(self._socket, {"type": "Flushed", "sequence_id": self._flushes - 1})
        except Broken as broken:
            await self._vendor.break_off(self._socket, broken)
        finally:
            self._vendor.counted(-1)


async def _tell(socket: ServerConnection, message: dict[str, object] | str | bytes) -> None:
    await socket.send(json.dumps(message) if isinstance(message, dict) else message)
