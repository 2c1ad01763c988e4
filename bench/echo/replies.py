"""What the assistant says, and in which voice: a model and a voice behind the usual Protocols."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import cache

from bench.echo.room import levelled
from tests.simulators.espeak import accent
from tests.voice.text.replies import REPLIES
from voice.audio.pcm import from_float, to_float
from voice.providers.protocols import OUTPUT_HZ, Prompt, SpeechChunk

REPLY_DBFS = -20.0
VOICES = ("cartesia", "openai", "deepgram", "elevenlabs", "local")
TTFT_S, TTFB_S = 0.2, 0.12
CHUNK_BYTES = OUTPUT_HZ // 10 * 2
PACE = 0.2
"""Of the time that it takes to hear a sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    pcm: bytes
    """24 kHz."""
    words: tuple[tuple[str, float], ...]
    """And when each begins."""

    def middles(self) -> list[tuple[float, str]]:
        ends_s = [*(at_s for _, at_s in self.words[1:]), len(self.pcm) / 2 / OUTPUT_HZ]
        ends = zip(self.words, ends_s, strict=True)
        return [((at_s + end_s) / 2, word) for (word, at_s), end_s in ends]


@cache
def spoken(text: str, voice: str) -> Sentence:
    pcm, words = accent(voice)(text, OUTPUT_HZ)
    return Sentence(from_float(levelled(to_float(pcm), REPLY_DBFS)), tuple(words))


class Model:
    """Says one of a few replies, a word at a time, whatever it is asked."""

    name = "model"

    def __init__(self, seed: int) -> None:
        self._next = seed

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        texts = REPLIES["en"]
        text, self._next = texts[self._next % len(texts)], self._next + 1
        await asyncio.sleep(TTFT_S)
        for word in text.split(" "):
            yield f"{word} "
            await asyncio.sleep(0.01)


class Voice:
    name = "voice"

    def __init__(self, accent_name: str) -> None:
        self._accent = accent_name
        self.said: list[Sentence] = []
        """Sentences in the order in which they were asked for."""

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        said = spoken(text, self._accent)
        self.said.append(said)
        await asyncio.sleep(TTFB_S)
        for at in range(0, len(said.pcm), CHUNK_BYTES):
            begins, ends = at / 2 / OUTPUT_HZ, (at + CHUNK_BYTES) / 2 / OUTPUT_HZ
            here = tuple((word, at_s) for word, at_s in said.words if begins <= at_s < ends)
            yield SpeechChunk(said.pcm[at : at + CHUNK_BYTES], here)
            await asyncio.sleep(PACE * CHUNK_BYTES / 2 / OUTPUT_HZ)
