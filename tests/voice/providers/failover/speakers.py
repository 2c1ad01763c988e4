"""Voices whose words can be read off their sound, and that fail when told."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import groupby

import numpy as np

from voice.providers.failover.utterance import SECONDS_PER_LETTER
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk

LETTERS = 4
WORD_SAMPLES = round(LETTERS * SECONDS_PER_LETTER * OUTPUT_HZ)
"""0.31 s, as fast as an unknown voice is thought to speak."""
VOICED_SAMPLES = WORD_SAMPLES * 3 // 4
ROUNDED = 2
"""Samples by which a cut may be off."""
CHUNK_BYTES = 2 * OUTPUT_HZ // 20
VOCABULARY = [f"w{n:03}" for n in range(400)]

Fault = Exception | asyncio.Event


class Times(Enum):
    """What a voice says about where its words are."""

    NONE = auto()
    STARTS = auto()
    ENDS = auto()


@dataclass
class Speaker:
    """A constant level for each word, and a pause behind it. A fault comes after so many chunks of
    50 ms of a sentence, as often as it is written down; None is a sentence without."""

    name: str
    times: Times = Times.NONE
    faults: list[tuple[int, Fault] | None] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    voices: list[str] = field(default_factory=list)
    speaking: int = 0

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        self.said.append(text)
        self.voices.append(voice)
        fault = self.faults.pop(0) if self.faults else None
        self.speaking += 1
        try:
            for count, chunk in enumerate(self.chunks(text.split())):
                if fault is not None and count == fault[0]:
                    await _suffer(fault[1])
                yield chunk
                await asyncio.sleep(0)
            if fault is not None and fault[0] < 0:  # behind its last sound
                await _suffer(fault[1])
        finally:
            self.speaking -= 1

    def chunks(self, words: Sequence[str]) -> list[SpeechChunk]:
        pcm = sound(words, self.name)
        begin_s = [at * WORD_SAMPLES / OUTPUT_HZ for at in range(len(words))]
        timed = list(zip(words, begin_s, strict=True)) if self.times is not Times.NONE else []
        chunks = []
        for at in range(0, len(pcm), CHUNK_BYTES):
            here = [word for word in timed if at <= word[1] * 2 * OUTPUT_HZ < at + CHUNK_BYTES]
            ends_s = [begin + VOICED_SAMPLES / OUTPUT_HZ for _, begin in here]
            chunks.append(
                SpeechChunk(
                    pcm[at : at + CHUNK_BYTES],
                    tuple(here),
                    tuple(ends_s) if self.times is Times.ENDS else (),
                )
            )
        return chunks


async def _suffer(fault: Fault) -> None:
    if isinstance(fault, Exception):
        raise fault
    await fault.wait()


def sound(words: Sequence[str], voice: str = "") -> bytes:
    """Each word at a level of its own, which differs a little from voice to voice."""
    samples = np.zeros((len(words), WORD_SAMPLES), "<i2")
    for row, word in zip(samples, words, strict=True):
        row[:VOICED_SAMPLES] = 1000 + 10 * VOCABULARY.index(word) + len(voice)
    return samples.tobytes()


def words_of(pcm: bytes) -> list[str]:
    """The words that are whole in a sound: what is less was cut, and does not count when it is
    said again."""
    whole = VOICED_SAMPLES - ROUNDED
    return [_word(level) for level, count in _runs(pcm) if level and count >= whole]


def fragments_of(pcm: bytes) -> list[str]:
    """The words that were cut."""
    whole = VOICED_SAMPLES - ROUNDED
    return [_word(level) for level, count in _runs(pcm) if level and count < whole]


def _runs(pcm: bytes) -> list[tuple[int, int]]:
    samples = np.frombuffer(pcm, "<i2").tolist()
    return [(level, len(list(run))) for level, run in groupby(samples)]


def _word(level: int) -> str:
    return VOCABULARY[(level - 1000) // 10]
