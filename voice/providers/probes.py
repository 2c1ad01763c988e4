"""One small real request to a provider: at start, by `manage.py check_providers`, and to find out
whether one that was down is well again."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from voice.providers.errors import ProviderUnavailable
from voice.providers.protocols import (
    INPUT_HZ,
    LanguageModel,
    Message,
    Prompt,
    Search,
    SpeechToText,
    TextToSpeech,
)
from voice.providers.registry import Kind

GREETING = Prompt("", (Message("user", "Hello."),), reply_tokens_max=16)

Probe = Callable[[Any], Awaitable[float]]


async def _hear(provider: SpeechToText) -> float:
    """From when it is open, as in a conversation; to a little silence, since without any sound
    some are asked for nothing."""
    async with provider.open(language="en") as ear:
        await ear.send(bytes(INPUT_HZ // 5 * 2))
        began_at = _now()
        await ear.finalise()
        async for transcript in ear.transcripts():
            if transcript.answers_finalise:
                return _now() - began_at
    raise ProviderUnavailable(provider.name, "closed without an answer")


async def _think(provider: LanguageModel) -> float:
    return await _first_of(provider.stream(GREETING))


async def _speak(provider: TextToSpeech) -> float:
    return await _first_of(provider.speak("Hello.", voice="", language="en"))


async def _search(provider: Search) -> float:
    began_at = _now()
    await provider.search("weather", results_max=1)
    return _now() - began_at


PROBES: dict[Kind, Probe] = {"stt": _hear, "llm": _think, "tts": _speak, "search": _search}
"""By stage: makes the request to its end, so that a connection can be kept; returns the seconds to
the first item. Raises ProviderError."""


async def _first_of(answer: AsyncGenerator[Any, None]) -> float:
    began_at = _now()
    first_s = None
    async with aclosing(answer):
        async for _ in answer:
            first_s = first_s or _now() - began_at
    return first_s or _now() - began_at


def _now() -> float:
    return asyncio.get_running_loop().time()
