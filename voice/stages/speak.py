"""From sentences to frames of sound: the voice, and nothing about who listens."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Protocol

from voice.audio.framing import Reframer
from voice.providers.failover.speaking import Outlet
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.stages.frames import FRAME_SAMPLES, Frame, Frames
from voice.text.speakable import speakable


class Sentences(Protocol):
    async def get(self) -> str | None:
        """The next sentence, or None after the last."""


class SpeakSentence(Protocol):
    def __call__(self, text: str, outlet: Outlet) -> AsyncGenerator[SpeechChunk, None]:
        """One sentence as sound. Raises ProviderError."""


async def speak(
    sentences: Sentences,
    frames: Frames,
    *,
    voice: SpeakSentence,
    said: Callable[[str], str],
    on_sentence: Callable[[str], None],
) -> None:
    """Voice each sentence into `frames`, then None. Raises ProviderError.

    said: how a text is to be read aloud. on_sentence is called before a sentence is given to the
    voice. Cancelling stops the voice."""
    index = 0
    while (text := await sentences.get()) is not None:
        words = said(speakable(text))
        if not words:  # a rule or an emoji on its own
            continue
        on_sentence(text)
        await _Sound(frames, index, text).fill(voice, words)
        index += 1
    await frames.put(None)


class _Sound:
    """Of one sentence, on its way into the frames; the voice's Outlet."""

    def __init__(self, frames: Frames, index: int, text: str) -> None:
        self._frames = frames
        self._index = index
        self._text = text
        self._reframer = Reframer(FRAME_SAMPLES)
        self._put = 0
        """Samples in frames that were put and not taken back."""
        self._given = 0
        """Samples that the voice gave and did not take back."""

    async def fill(self, voice: SpeakSentence, words: str) -> None:
        stream = voice(words, self)
        async with aclosing(stream):
            async for chunk in stream:
                self._given += len(chunk.pcm) // 2
                for pcm in self._reframer.feed(chunk.pcm):
                    await self._give(Frame(self._index, self._text, pcm))
        last = Frame(self._index, self._text, self._reframer.flush(), ends_sentence=True)
        await self._give(last)

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
        return self._given / OUTPUT_HZ

    async def _give(self, frame: Frame) -> None:
        await self._frames.put(frame)
        self._put += len(frame.pcm) // 2
