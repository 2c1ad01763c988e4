"""Providers that cost nothing, so that what is measured is ours: an ear that always understands the
same, a mind with one answer, a voice with one sound."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager

from voice.providers.protocols import OUTPUT_HZ, Prompt, SpeechChunk, Transcript

ANSWER = ("There are three of them. ", "The second one is on Thursday, after lunch.")
CHARACTERS_PER_S = 15
PIECE = bytes(OUTPUT_HZ * 2 // 10)


class FreeEar:
    name = "free"
    speech_only = True
    tells_as_it_goes = True

    @asynccontextmanager
    async def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AsyncIterator["FreeEarStream"]:
        yield FreeEarStream()


class FreeEarStream:
    """Gives an interim transcript every 10 pieces, about three times a second."""

    def __init__(self) -> None:
        self._out: asyncio.Queue[Transcript] = asyncio.Queue()
        self._pieces = 0

    async def send(self, pcm: bytes) -> None:
        self._pieces += 1
        if self._pieces % 10 == 0:
            self._out.put_nowait(Transcript("how many are there " * (self._pieces // 30 + 1)))

    async def finalise(self) -> None:
        self._pieces = 0
        self._out.put_nowait(Transcript("how many are there", is_final=True, answers_finalise=True))

    async def transcripts(self) -> AsyncIterator[Transcript]:
        while True:
            yield await self._out.get()


class FreeMind:
    name = "free"

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        for token in ANSWER:
            yield token


class FreeVoice:
    name = "free"

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        for _ in range(len(text) * 10 // CHARACTERS_PER_S):
            yield SpeechChunk(PIECE)
