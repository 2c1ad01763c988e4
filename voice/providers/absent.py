"""What stands in where a stage has no provider at all: the conversation goes on in writing.

An ear that understands nothing, and a voice that is silent for as long as reading takes, so that
captions and turns keep their pace. The user is told (notices.NO_EAR, notices.NO_VOICE).
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager

from voice.providers.protocols import OUTPUT_HZ, SpeechChunk, Transcript

CHARACTERS_PER_S = 15
PIECE_S = 0.1


class AbsentEar:
    name = "none"
    speech_only = True
    tells_as_it_goes = False

    @asynccontextmanager
    async def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AsyncIterator["AbsentEarStream"]:
        yield AbsentEarStream()


class AbsentEarStream:
    def __init__(self) -> None:
        # One entry per `finalise`, which the turn machine asks for once per pause.
        self._asked: asyncio.Queue[None] = asyncio.Queue(64)

    async def send(self, pcm: bytes) -> None:
        return None

    async def finalise(self) -> None:
        await self._asked.put(None)

    async def transcripts(self) -> AsyncIterator[Transcript]:
        while True:
            await self._asked.get()
            yield Transcript("", is_final=True, answers_finalise=True)


class AbsentVoice:
    name = "none"

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        for _ in range(max(1, round(len(text) / CHARACTERS_PER_S / PIECE_S))):
            yield SpeechChunk(bytes(2 * int(OUTPUT_HZ * PIECE_S)))
