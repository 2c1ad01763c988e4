"""Names of providers → the providers themselves. The only file that names a vendor's module.

A module is imported when its provider is first asked for, so an SDK that nobody uses costs nothing.
"""

import asyncio
import logging
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Literal

from django.conf import settings

from voice.providers.account import Account
from voice.providers.errors import ProviderRejected, ProviderUnavailable
from voice.providers.protocols import Message, Prompt

logger = logging.getLogger(__name__)

Kind = Literal["stt", "llm", "tts"]

PROVIDERS: dict[Kind, dict[str, str]] = {
    "stt": {
        "deepgram": "voice.providers.stt.deepgram.Deepgram",
        "offline": "voice.providers.stt.offline.PocketSphinx",
    },
    "llm": {
        "groq": "voice.providers.llm.groq.Groq",
        "openai": "voice.providers.llm.openai.OpenAI",
        "offline": "voice.providers.llm.offline.Responder",
    },
    "tts": {"offline": "voice.providers.tts.offline.Espeak"},
}


GREETING = Prompt("", (Message("user", "Hello."),), reply_tokens_max=16)


class UnknownProvider(ValueError):
    """A chain names a provider that there is not, or leaves a session without a mind."""


def chain(kind: Kind, names: Sequence[str]) -> list[Any]:
    """The providers of a chain in order, without those that have no key or cannot run on this
    machine; the log says which. Raises UnknownProvider."""
    check(kind, names)
    providers = []
    for name in with_key(kind, names):
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
    if kind == "llm" and not with_key(kind, names):  # there is no going on in writing without one
        raise UnknownProvider(
            f"LLM_CHAIN ({', '.join(names)}) names no provider whose key is set; set one, "
            "or add “offline”, which needs none"
        )


def with_key(kind: Kind, names: Sequence[str]) -> list[str]:
    """The names without those of vendors whose key is not set."""
    accounts = {name: _account(kind, name) for name in names}
    missing = [name for name, account in accounts.items() if account and not account.key]
    for name in missing:
        logger.debug("%s provider left out: %s_API_KEY is not set", kind, name.upper())
    return [name for name in names if name not in missing]


async def warm_up(stt: Sequence[Any], llm: Sequence[Any], tts: Sequence[Any]) -> None:
    """Let each do its slow first time before somebody waits for it: with a key this is one small
    request, which tells at start whether the key is good. What fails here is logged; it will fail
    again, and be handled, when it is used."""
    ears = [_open_ear(provider) for provider in stt]
    minds = [_all_of(provider.stream(GREETING)) for provider in llm]
    voices = [_first_of(provider.speak("Hello.", voice="", language="en")) for provider in tts]
    for result in await asyncio.gather(*ears, *minds, *voices, return_exceptions=True):
        # Who is rejected has said so already, and what to check.
        if isinstance(result, Exception) and not isinstance(result, ProviderRejected):
            logger.warning("warm-up: %s", result)


def _provider(kind: Kind, name: str) -> Any:
    module, _, factory = PROVIDERS[kind][name].rpartition(".")
    provider = getattr(import_module(module), factory)
    account = _account(kind, name)
    return provider(account) if account else provider()


def _account(kind: Kind, name: str) -> Account | None:
    """What the settings hold for this vendor; None for a provider that needs no key."""
    vendor, model_setting = name.upper(), f"{name}_{kind}_MODEL".upper()
    if not hasattr(settings, model_setting):
        return None
    return Account(
        provider=name,
        key=getattr(settings, f"{vendor}_API_KEY"),
        base_url=getattr(settings, f"{vendor}_BASE_URL"),
        model=getattr(settings, model_setting),
        model_setting=model_setting,
    )


async def _open_ear(provider: Any) -> None:
    async with provider.open(language="en") as ear:
        await ear.finalise()
        await anext(ear.transcripts())


async def _all_of(answers: Any) -> None:
    async for _ in answers:
        pass  # to the end, so that the connection is kept


async def _first_of(answers: Any) -> None:
    async for _ in answers:
        break
    await answers.aclose()
