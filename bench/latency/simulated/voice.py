"""Cartesia's WebSocket with a profile's timing. A context may get its text in pieces, as tokens
come; each piece holds whole words."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache

from bench.latency.profiles import Profile
from bench.latency.simulated.marks import Mark as Moment
from bench.latency.simulated.marks import Marks
from bench.latency.simulated.mind import until
from tests.simulators import tones
from tests.simulators.cartesia import CartesiaSimulator
from tests.simulators.speaking import RATE_HZ, Context, Line, Mark, Message, Piece

PIECE_S = 0.1


@dataclass(slots=True)
class Spoken(Context):
    begun_at: float = 0.0
    """When its first text came."""

    def add(self, text: str, *, is_last: bool) -> None:
        if text.strip() and not self.text.strip():
            self.begun_at = asyncio.get_running_loop().time()
        self.text += text if not self.text or text[:1].isspace() else f" {text}"
        if is_last:
            self.input_ended.set()
        self.grown.set()

    async def pieces(self, profile: Profile) -> AsyncIterator[Piece]:
        """The sound of all of it, each piece when it is there."""
        now = asyncio.get_running_loop().time
        index, said_s, due = 0, 0.0, 0.0
        while (word := await self._word(index)) is not None:
            due = max(due, self.begun_at + profile.first_audio_s)
            for piece in _pieces(word, said_s):
                await until(due)
                yield piece
                length_s = len(piece.pcm) / 2 / RATE_HZ
                due = max(due, now() - PIECE_S) + length_s * profile.pace
                said_s += length_s
            index += 1

    async def _word(self, index: int) -> str | None:
        """The word at that place once it is there; None when none comes any more."""
        while len(words := self.text.split()) <= index:
            if self.input_ended.is_set():
                return None
            self.grown.clear()
            await self.grown.wait()
        return words[index]


@dataclass(slots=True)
class Saying:
    """Since it was last reset."""

    contexts: int = 0
    characters: int = 0


class TimedVoice(CartesiaSimulator):
    def __init__(self, profile: Profile, marks: Marks) -> None:
        super().__init__()
        self._marks = marks
        self.saying = Saying()
        self._profile = profile

    async def take(self, line: Line, message: Message) -> None:
        self.asked.clear()  # nobody looks, and a long run would keep them all
        name = message["context_id"]
        if message.get("cancel"):
            await self._cancel(line, name)
            return
        context = line.contexts.get(name) or self._begun(line, name)
        assert isinstance(context, Spoken)
        self.saying.characters += len(message["transcript"])
        context.add(message["transcript"], is_last=not message.get("continue"))

    def _begun(self, line: Line, name: str) -> Spoken:
        context = line.contexts[name] = Spoken(name)
        self.saying.contexts += 1
        self._marks.set(Moment.VOICE)
        self.begin(line, context)
        return context

    async def _cancel(self, line: Line, name: str) -> None:
        if context := line.contexts.pop(name, None):
            assert context.speaking
            context.speaking.cancel()
            await line.send(*self.last(name))

    async def _speak(self, line: Line, context: Context) -> None:
        assert isinstance(context, Spoken)
        async for piece in context.pieces(self._profile):
            if piece.start_s == 0:
                self._marks.set(Moment.SOUND)
            await line.send(*self.said(context.name, piece))
        line.contexts.pop(context.name, None)
        await line.send(*self.last(context.name))


def _pieces(word: str, start_s: float) -> list[Piece]:
    pcm = _sound(word)
    mark = Mark(word, start_s, start_s + len(pcm) / 2 / RATE_HZ)
    size = int(PIECE_S * RATE_HZ) * 2
    return [
        Piece(pcm[at : at + size], start_s + at / 2 / RATE_HZ, [] if at else [mark])
        for at in range(0, len(pcm), size)
    ]


@lru_cache(maxsize=1024)
def _sound(word: str) -> bytes:
    return tones.sound(word, RATE_HZ)[0]
