"""From sentences to frames of sound: the voice, and nothing about who listens."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from voice.audio.framing import Reframer
from voice.providers.errors import ProviderTimeout
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk, TextToSpeech
from voice.text.speakable import speakable

CHUNK_S = 10.0
"""A voice that makes no sound for this long has failed."""
FRAME_MS = 40
"""Half the messages of 20 ms, and still less than anybody notices when it is cut."""
FRAME_SAMPLES = OUTPUT_HZ * FRAME_MS // 1000
FRAMES_WAITING_MAX = 600 // FRAME_MS


@dataclass(frozen=True, slots=True)
class Frame:
    """Sound of one sentence; never more than one sentence in a frame."""

    sentence: int
    """Index of the sentence in this reply."""
    text: str
    pcm: bytes
    ends_sentence: bool = False


Frames = asyncio.Queue[Frame | None]
"""Sound in order, then None. Full (600 ms) means that the voice waits for the ear."""


class Sentences(Protocol):
    async def get(self) -> str | None:
        """The next sentence, or None after the last."""


async def speak(
    sentences: Sentences,
    frames: Frames,
    *,
    voice: TextToSpeech,
    voice_name: str,
    language: str,
    on_sentence: Callable[[str], None],
) -> None:
    """Voice each sentence into `frames`, then None. Raises ProviderError.

    on_sentence is called before a sentence is given to the voice. Cancelling stops the voice."""
    index = 0
    while (text := await sentences.get()) is not None:
        words = speakable(text)
        if not words:  # a rule or an emoji on its own
            continue
        on_sentence(text)
        stream = voice.speak(words, voice=voice_name, language=language)
        await _voice(stream, frames, voice.name, index, text)
        index += 1
    await frames.put(None)


async def _voice(
    stream: AsyncGenerator[SpeechChunk, None], frames: Frames, name: str, index: int, text: str
) -> None:
    reframer = Reframer(FRAME_SAMPLES)
    async with aclosing(stream):
        while (chunk := await _next_chunk(stream, name)) is not None:
            for pcm in reframer.feed(chunk.pcm):
                await frames.put(Frame(index, text, pcm))
    await frames.put(Frame(index, text, reframer.flush(), ends_sentence=True))


async def _next_chunk(stream: AsyncGenerator[SpeechChunk, None], name: str) -> SpeechChunk | None:
    try:
        async with asyncio.timeout(CHUNK_S):
            return await anext(stream, None)
    except TimeoutError as error:
        raise ProviderTimeout(name, f"no sound for {CHUNK_S:g} s") from error
