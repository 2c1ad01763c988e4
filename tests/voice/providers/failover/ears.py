"""Ears that understand what they are given: each frame of sound is a word."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np

from voice.providers.protocols import Transcript

FRAME_SAMPLES = 512
WORDS = [f"w{n:03}" for n in range(200)]


def frame(word: str, samples: int = FRAME_SAMPLES) -> bytes:
    """The sound of a word."""
    return np.full(samples, 1 + WORDS.index(word), "<i2").tobytes()


SILENCE = bytes(2 * FRAME_SAMPLES)


class WordStream:
    def __init__(self, ear: "WordEar") -> None:
        self._ear = ear
        self._words: list[str] = []
        self._out: asyncio.Queue[Transcript | Exception | None] = asyncio.Queue()
        self.unanswered: list[list[str]] = []
        """What was asked for, utterance by utterance."""
        self.received: list[bytes] = []
        self.is_closed = False

    async def send(self, pcm: bytes) -> None:
        if self._ear.send_fails is not None:
            raise self._ear.send_fails
        self.received.append(pcm)
        if level := int(np.frombuffer(pcm, "<i2")[0]):
            self._words.append(WORDS[level - 1])
        if self._words and self._ear.tells_as_it_goes and not self._ear.is_deaf:
            self._out.put_nowait(Transcript(" ".join(self._words)))
        if self._ear.breaks_after == len(self.received):
            self.fail(self._ear.breaks_with)

    async def finalise(self) -> None:
        self.unanswered.append(self._words)
        self._words = []
        if not self._ear.keeps_answers:
            self.answer()

    def settle(self) -> None:
        """Be certain of what was heard so far."""
        self._out.put_nowait(Transcript(" ".join(self._words), is_final=True))
        self._words = []

    def settle_asked(self) -> None:
        """Be certain of what was asked for, and go on thinking about the rest."""
        self._out.put_nowait(Transcript(" ".join(self.unanswered[0]), is_final=True))
        self.unanswered[0] = []

    def answer(self) -> None:
        words = self.unanswered.pop(0)
        text = "" if self._ear.is_deaf else " ".join(words)
        self._out.put_nowait(Transcript(text, is_final=True, answers_finalise=True))

    def fail(self, error: Exception) -> None:
        self._out.put_nowait(error)

    def hang_up(self) -> None:
        self._out.put_nowait(None)

    async def transcripts(self) -> AsyncIterator[Transcript]:
        while (item := await self._out.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item


@dataclass
class WordEar:
    name: str
    speech_only: bool = True
    tells_as_it_goes: bool = True
    is_deaf: bool = False
    """Takes everything and understands nothing."""
    keeps_answers: bool = False
    """Until it is told to answer."""
    breaks_after: int = -1
    """So many frames of each stream."""
    breaks_with: Exception = field(default_factory=lambda: KeyError("oops"))
    send_fails: Exception | None = None
    open_fails: Exception | None = None
    opening: asyncio.Event | None = None
    """Opens no sooner."""
    closing: asyncio.Event | None = None
    asked: int = 0
    opened: list[WordStream] = field(default_factory=list)

    @asynccontextmanager
    async def open(self, *, language: str, terms: Sequence[str] = ()) -> AsyncIterator[WordStream]:
        self.asked += 1
        if self.opening is not None:
            await self.opening.wait()
        if self.open_fails is not None:
            raise self.open_fails
        stream = WordStream(self)
        self.opened.append(stream)
        try:
            yield stream
        finally:
            stream.is_closed = True
            if self.closing is not None:
                await self.closing.wait()

    @property
    def listening(self) -> int:
        return sum(not stream.is_closed for stream in self.opened)
