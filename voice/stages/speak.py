"""From sentences to frames of sound: the voice, and nothing about who listens."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import Protocol

from voice.audio.framing import Reframer
from voice.providers.failover.speaking import Outlet
from voice.providers.failover.utterance import Voiced
from voice.providers.protocols import OUTPUT_HZ
from voice.stages.frames import FRAME_SAMPLES, Frame, Frames
from voice.text.draft import Draft
from voice.text.sentences import Unfinished
from voice.text.speakable import speakable
from voice.turns.timeline import WordTime


class Sentences(Protocol):
    async def get(self) -> str | None:
        """The next sentence, or None after the last."""


class SpeakSentence(Protocol):
    def __call__(self, text: str | Draft, outlet: Outlet) -> AsyncGenerator[Voiced, None]:
        """One sentence as sound. Raises ProviderError."""


async def speak(
    sentences: Sentences,
    frames: Frames,
    *,
    voice: SpeakSentence,
    said: Callable[[str], str],
    on_sentence: Callable[[str, str], None],
    on_more: Callable[[str, str], None] = lambda text, words: None,
    language: str = "en",
) -> None:
    """Voice each sentence into `frames`, then None. Raises ProviderError.

    said: how a text is to be read aloud. on_sentence is told a sentence as it is written and as it
    is said, before it is given to the voice; on_more what there is of it when it was not finished
    and there is more. Cancelling stops the voice."""

    def aloud(text: str) -> str:
        return said(speakable(text, language=language))

    index = 0
    while (text := await sentences.get()) is not None:
        words = aloud(text)
        if not words:  # a rule or an emoji on its own
            continue
        on_sentence(text, words)
        sound = _Sound(frames, index)
        if isinstance(text, Unfinished):
            writing = _Writing(text, words, sentences, aloud, on_more)
            await writing.beside(partial(sound.fill, voice))
        else:
            await sound.fill(voice, words)
        index += 1
        await frames.room()
    await frames.put(None)


class _Writing:
    """A sentence that comes a few words at a time, while the voice speaks it already."""

    def __init__(
        self,
        text: str,
        words: str,
        sentences: Sentences,
        aloud: Callable[[str], str],
        on_more: Callable[[str, str], None],
    ) -> None:
        self._text = text
        self._draft = Draft(words)
        self._sentences = sentences
        self._aloud = aloud
        self._on_more = on_more

    async def beside(self, speak: Callable[[Draft], Awaitable[None]]) -> None:
        """Write until it is finished, and have it spoken meanwhile. Raises what `speak` does."""
        writing = asyncio.create_task(self._write())
        try:
            await speak(self._draft)
        finally:
            writing.cancel()
            await asyncio.wait([writing])
        if not writing.cancelled():
            writing.result()

    async def _write(self) -> None:
        try:
            is_open = True
            while is_open and (text := await self._sentences.get()) is not None:
                is_open = isinstance(text, Unfinished)
                self._text = f"{self._text} {text}".rstrip()
                words = self._aloud(text)
                self._on_more(self._text, " ".join((*self._draft.words, words)))
                self._draft.add(words)
        finally:
            self._draft.finish()


class _Sound:
    """Of one sentence, on its way into the frames; the voice's Outlet."""

    def __init__(self, frames: Frames, index: int) -> None:
        self._frames = frames
        self._index = index
        self._reframer = Reframer(FRAME_SAMPLES)
        self._words: tuple[WordTime, ...] = ()
        """Told, and in no frame yet."""
        self._put = 0
        """Samples in frames that were put and not taken back."""
        self._given = 0
        """Samples that the voice gave and did not take back."""

    async def fill(self, voice: SpeakSentence, words: str | Draft) -> None:
        stream = voice(words, self)
        async with aclosing(stream):
            async for voiced in stream:
                self._given += len(voiced.pcm) // 2
                self._words += voiced.words
                for pcm in self._reframer.feed(voiced.pcm):
                    await self._give(pcm)
        await self._give(self._reframer.flush(), ends_sentence=True)

    def sent_s(self) -> float:
        return (self._put - self._frames.waiting_samples(self._index)) / OUTPUT_HZ

    def take_back(self, from_s: float) -> float:
        unframed = self._reframer.flush()
        void = self._given - round(from_s * OUTPUT_HZ)
        kept = unframed[: max(0, len(unframed) - 2 * void)]
        self._reframer.feed(kept)
        waiting = self._frames.waiting_samples(self._index)
        back = min(waiting, void - (len(unframed) - len(kept)) // 2)
        if back > 0:
            self._frames.take_back(self._index, back)
            self._put -= back
        self._given = self._put + len(kept) // 2
        self._words = tuple(time for time in self._words if time.start < self._given)
        return self._given / OUTPUT_HZ

    async def _give(self, pcm: bytes, *, ends_sentence: bool = False) -> None:
        words, self._words = self._words, ()
        await self._frames.put(Frame(self._index, pcm, words, ends_sentence=ends_sentence))
        self._put += len(pcm) // 2
