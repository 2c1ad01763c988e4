"""Deepgram's `listen` v1 with a profile's timing."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from websockets.asyncio.server import ServerConnection

from bench.latency.profiles import Profile
from bench.latency.simulated.marks import Mark, Marks
from bench.latency.simulated.transcriber import Results, Transcriber, silence_s
from bench.speech.clips import Clip
from tests.simulators.sockets import SocketSimulator


class TimedEar(SocketSimulator):
    def __init__(self, profile: Profile, marks: Marks) -> None:
        super().__init__()
        self._marks = marks
        self._profile = profile
        self._clip: Clip | None = None
        self._transcribers: set[Transcriber] = set()

    def expect(self, clip: Clip) -> None:
        """What everybody who is heard says next."""
        self._clip = clip
        for transcriber in self._transcribers:
            transcriber.expect(clip)

    async def converse(self, socket: ServerConnection) -> None:
        endpointing = self.query().get("endpointing", [""])[0]
        transcriber = Transcriber(self._profile, silence_s(self._profile, endpointing))
        if self._clip:
            transcriber.expect(self._clip)
        self._transcribers.add(transcriber)
        changed = asyncio.Event()
        speaking = asyncio.create_task(self._speak(socket, transcriber, changed))
        try:
            await self._listen(socket, transcriber, changed)
        finally:
            self._transcribers.discard(transcriber)
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)

    async def _listen(
        self, socket: ServerConnection, transcriber: Transcriber, changed: asyncio.Event
    ) -> None:
        now = asyncio.get_running_loop().time
        async for message in socket:
            if isinstance(message, bytes):
                transcriber.hear(message, now())
            else:
                told: dict[str, Any] = json.loads(message)
                if told["type"] == "Finalize":
                    self._marks.set(Mark.FINALISE)
                    transcriber.finalise(now())
                elif told["type"] == "CloseStream":
                    await socket.close()
            changed.set()

    async def _speak(
        self, socket: ServerConnection, transcriber: Transcriber, changed: asyncio.Event
    ) -> None:
        now = asyncio.get_running_loop().time
        while True:
            for message in transcriber.take(now()):
                await socket.send(json.dumps(message))
                if _text(message):
                    self._marks.set(Mark.TRANSCRIPT)
            changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(transcriber.next_at):
                    await changed.wait()


def _text(message: Results) -> str:
    found: dict[str, Any] = message["channel"]  # type: ignore[assignment]
    return str(found["alternatives"][0]["transcript"])
