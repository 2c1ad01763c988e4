"""Asking a voice for a sentence, and reading its words off the sound."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from types import CoroutineType
from typing import Any

from tests.simulators import tones
from voice import providers
from voice.providers.protocols import OUTPUT_HZ, SpeaksDrafts, SpeechChunk, TextToSpeech
from voice.text.draft import Draft

KEY = "key-secret-0123456789"
TEXT = "Able acid, aged also area army away."
BOUND_S = 6.0
"""For what has to be over by itself, on a busy machine."""
BUSY = 10
"""So much longer may something take once, on a machine that does other things as well."""
OURS = str(Path(providers.__file__).parent)


def speech(voice: TextToSpeech, text: str = TEXT):
    return aclosing(voice.speak(text, voice="", language="en"))


async def spoken(
    voice: TextToSpeech, text: str = TEXT, into: list[SpeechChunk] | None = None
) -> list[SpeechChunk]:
    """All of it; `into` has what came of it even if the voice fails."""
    given = [] if into is None else into
    async with asyncio.timeout(BOUND_S), speech(voice, text) as chunks:
        async for chunk in chunks:
            given.append(chunk)
    return given


async def dictated(
    voice: SpeaksDrafts, *parts: str, into: list[SpeechChunk] | None = None
) -> list[SpeechChunk]:
    """All of a sentence of which each part is written when the one before has been heard."""
    given = [] if into is None else into
    draft, rest = Draft(parts[0]), list(parts[1:])
    async with (
        asyncio.timeout(BOUND_S),
        aclosing(voice.speak_draft(draft, voice="", language="en")) as chunks,
    ):
        async for chunk in chunks:
            given.append(chunk)
            if draft.is_whole or len(words(given)) < len(draft.words):
                continue
            if rest:
                draft.add(rest.pop(0))
            else:
                draft.finish()
    return given


def words(chunks: list[SpeechChunk]) -> list[str]:
    return tones.words(b"".join(chunk.pcm for chunk in chunks), OUTPUT_HZ)


def said(text: str) -> list[str]:
    return tones.words(tones.sound(text, OUTPUT_HZ)[0], OUTPUT_HZ)


def our_tasks() -> set[asyncio.Task[Any]]:
    """Those that run code of a provider's."""
    return {
        task
        for task in asyncio.all_tasks()
        if isinstance(coroutine := task.get_coro(), CoroutineType)
        and coroutine.cr_code.co_filename.startswith(OURS)
    }
