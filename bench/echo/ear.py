"""An ear that hears everything that is audible, badly: the assistant's words in the echo, and the
user's, in the order in which they were spoken. Behind the Protocol of the real ones."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from tests.voice.text.misheard import misheard
from voice.providers.protocols import Transcript

LAG_S = 0.15
"""Text comes this long after the middle of its word, or after it was asked for,"""
EVERY_S = 0.2
"""in steps of this."""
PREROLL_S = 0.55
"""Of sound that comes at once, where only speech is sent."""
ECHO_ERRORS, USER_ERRORS = 0.35, 0.1
"""Share of words that are misheard."""
MASKED = 0.5
"""Share of the echo's words that are not heard while the user, who is louder, speaks."""


@dataclass(frozen=True, slots=True)
class Word:
    at_s: float
    """Its middle, on the loop's clock."""
    text: str
    is_echo: bool


class Ear:
    """One microphone's."""

    name = "ear"
    tells_as_it_goes = False

    def __init__(self, seed: int, *, hears_echo: bool, speech_only: bool) -> None:
        self.speech_only = speech_only
        self._hears_echo = hears_echo
        self._random = Random(seed)
        self._words: list[Word] = []

    @asynccontextmanager
    async def open(self, *, language: str, terms: Sequence[str] = ()) -> AsyncIterator["EarStream"]:
        stream = EarStream(self)
        async with asyncio.TaskGroup() as tasks:
            telling = tasks.create_task(stream.tell())
            yield stream
            telling.cancel()

    def sounds(self, text: str, middle_s: float, *, is_echo: bool) -> None:
        """A word is spoken in the room."""
        if is_echo and not self._hears_echo:
            return
        errors = ECHO_ERRORS if is_echo else USER_ERRORS
        heard = " ".join(misheard([text], errors, self._random))
        if heard:
            self._words.append(Word(middle_s, heard, is_echo))
            self._words.sort(key=lambda word: word.at_s)

    def masks(self) -> bool:
        """Whether a word of the echo is lost while somebody speaks over it."""
        return self._random.random() < MASKED

    def between(self, from_s: float, until_s: float) -> list[Word]:
        return [word for word in self._words if from_s <= word.at_s < until_s]


class EarStream:
    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._loop = asyncio.get_running_loop()
        self._out: asyncio.Queue[Transcript] = asyncio.Queue()
        self._spans: list[tuple[float, float]] = []
        """The sound that it was sent since it was last asked to finalise."""
        self._told = ""
        self._owed = 0

    async def send(self, pcm: bytes) -> None:
        now = self._loop.time()
        if self._spans and now - self._spans[-1][1] < PREROLL_S:
            self._spans[-1] = self._spans[-1][0], now
        else:
            self._spans.append((now - PREROLL_S, now))

    async def finalise(self) -> None:
        now = self._loop.time()
        text, self._told = self._text(now), ""
        self._spans = [(now, now)]
        self._owed += 1
        self._loop.call_later(LAG_S, self._answer, text)

    async def transcripts(self) -> AsyncIterator[Transcript]:
        while True:
            yield await self._out.get()

    async def tell(self) -> None:
        """Until cancelled: pieces come in order, so what is asked for comes first."""
        while True:
            await asyncio.sleep(EVERY_S)
            text = self._text(self._loop.time() - LAG_S)
            if text != self._told and not self._owed:
                self._told = text
                self._out.put_nowait(Transcript(text))

    def _answer(self, text: str) -> None:
        self._owed -= 1
        self._out.put_nowait(Transcript(text, is_final=True, answers_finalise=True))

    def _text(self, until_s: float) -> str:
        heard = [self._ear.between(since, min(end, until_s)) for since, end in self._spans]
        return " ".join(word.text for words in heard for word in words)
