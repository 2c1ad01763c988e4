"""To speak to an ear and see what it has understood."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.simulators import tones
from voice.providers.protocols import INPUT_HZ, SpeechToText, SpeechToTextStream, Transcript

KEY = "key-secret-0123456789"
FRAME_BYTES = 1024
"""32 ms, as the pipeline sends them."""
PAUSE = bytes(INPUT_HZ * 2 // 5)
BOUND_S = 10.0
"""For what has to be over by itself, on a busy machine."""


@asynccontextmanager
async def opened(
    ear: SpeechToText, *, bound_s: float = BOUND_S, **how: object
) -> AsyncIterator[SpeechToTextStream]:
    """An ear that listens, for English where nothing else is said."""
    async with asyncio.timeout(bound_s), ear.open(**({"language": "en"} | how)) as stream:
        yield stream


async def visit(ear: SpeechToText, **how: object) -> None:
    """Open it, and leave."""
    async with opened(ear, **how):
        pass


async def send(stream: SpeechToTextStream, pcm: bytes) -> None:
    """Faster than it was said, yet so that the network can keep up."""
    for start in range(0, len(pcm), FRAME_BYTES):
        await stream.send(pcm[start : start + FRAME_BYTES])
        await asyncio.sleep(0)


async def say(stream: SpeechToTextStream, text: str) -> None:
    await send(stream, tones.sound(text, INPUT_HZ)[0] + PAUSE)


async def said(stream: SpeechToTextStream, text: str) -> list[Transcript]:
    """What comes of it until a finalise is answered."""
    await say(stream, text)
    await stream.finalise()
    return await answer(stream)


async def answer(stream: SpeechToTextStream, *, count: int = 1) -> list[Transcript]:
    """What comes until so many finalises are answered."""
    heard: list[Transcript] = []
    async for transcript in stream.transcripts():
        heard.append(transcript)
        if answers(heard) == count:
            break
    return heard


async def final(stream: SpeechToTextStream, *, count: int = 1) -> list[Transcript]:
    """The next pieces that are final."""
    heard: list[Transcript] = []
    async for transcript in stream.transcripts():
        heard += [transcript] if transcript.is_final else []
        if len(heard) == count:
            break
    return heard


async def interim(stream: SpeechToTextStream, text: str) -> None:
    """Read until these words have been heard, none of them final yet."""
    heard = []
    async for transcript in stream.transcripts():
        heard.append(transcript)
        assert not transcript.is_final, heard
        if transcript.text == text:
            break


def words(heard: list[Transcript]) -> list[str]:
    """Those that are final, without what a vendor does to write them nicely."""
    text = " ".join(transcript.text for transcript in heard if transcript.is_final)
    return text.lower().replace(".", "").split()


def answers(heard: list[Transcript]) -> int:
    return sum(transcript.answers_finalise for transcript in heard)
