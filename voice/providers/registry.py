"""Names of providers → the providers themselves. The only file that names a vendor's module.

A module is imported when its provider is first asked for, so an SDK that nobody uses costs nothing.
"""

import asyncio
import logging
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Literal

from voice.providers.errors import ProviderUnavailable
from voice.providers.protocols import Prompt

logger = logging.getLogger(__name__)

Kind = Literal["stt", "llm", "tts"]

PROVIDERS: dict[Kind, dict[str, str]] = {
    "stt": {"offline": "voice.providers.stt.offline.PocketSphinx"},
    "llm": {"offline": "voice.providers.llm.offline.Responder"},
    "tts": {"offline": "voice.providers.tts.offline.Espeak"},
}


class UnknownProvider(ValueError):
    """A chain names a provider that there is not."""


def chain(kind: Kind, names: Sequence[str]) -> list[Any]:
    """The providers of a chain in order, without those that cannot run on this machine; the log
    says which. Raises UnknownProvider."""
    check(kind, names)
    providers = []
    for name in names:
        try:
            providers.append(_provider(kind, name))
        except ProviderUnavailable as error:
            logger.warning("%s provider left out: %s", kind, error)
    return providers


def check(kind: Kind, names: Sequence[str]) -> None:
    """Raises UnknownProvider, naming the setting and what it may hold."""
    known = PROVIDERS[kind]
    if unknown := [name for name in names if name not in known]:
        raise UnknownProvider(
            f"{kind.upper()}_CHAIN names {', '.join(unknown)}; it may hold: {', '.join(known)}"
        )


async def warm_up(stt: Sequence[Any], llm: Sequence[Any], tts: Sequence[Any]) -> None:
    """Let each do its slow first time before somebody waits for it. What fails here is logged; it
    will fail again, and be handled, when it is used."""
    ears = [_open_ear(provider) for provider in stt]
    minds = [_first_of(provider.stream(Prompt("", ()))) for provider in llm]
    voices = [_first_of(provider.speak("Hello.", voice="", language="en")) for provider in tts]
    for result in await asyncio.gather(*ears, *minds, *voices, return_exceptions=True):
        if isinstance(result, Exception):
            logger.warning("warm-up: %s", result)


def _provider(kind: Kind, name: str) -> Any:
    module, _, factory = PROVIDERS[kind][name].rpartition(".")
    return getattr(import_module(module), factory)()


async def _open_ear(provider: Any) -> None:
    async with provider.open(language="en") as ear:
        await ear.finalise()
        await anext(ear.transcripts())


async def _first_of(answers: Any) -> None:
    async for _ in answers:
        break
    await answers.aclose()
