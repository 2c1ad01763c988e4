"""Names of providers → the providers themselves. The only file that names a vendor's module.

A module is imported when its provider is first asked for, so an SDK that nobody uses costs nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings

from voice.providers.account import Account
from voice.providers.errors import ProviderUnavailable

logger = logging.getLogger(__name__)

Kind = Literal["stt", "llm", "tts", "search"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a chain may name."""

    path: str
    vendor: str = ""
    """Whose key and address it uses, as the settings' names begin; "" where it needs neither."""
    needs_key: bool = True
    """Otherwise it needs an address."""


LOCAL = "local"
OFFLINE = "offline"

PROVIDERS: dict[Kind, dict[str, Entry]] = {
    "stt": {
        "deepgram": Entry("voice.providers.stt.deepgram.Deepgram", "DEEPGRAM"),
        "flux": Entry("voice.providers.stt.flux.Flux", "DEEPGRAM"),
        "assemblyai": Entry("voice.providers.stt.assemblyai.AssemblyAI", "ASSEMBLYAI"),
        LOCAL: Entry("voice.providers.stt.transcriptions.Transcriptions", "LOCAL_STT", False),
        OFFLINE: Entry("voice.providers.stt.offline.PocketSphinx"),
    },
    "llm": {
        "groq": Entry("voice.providers.llm.groq.Groq", "GROQ"),
        "openai": Entry("voice.providers.llm.openai.OpenAI", "OPENAI"),
        "gemini": Entry("voice.providers.llm.gemini.Gemini", "GEMINI"),
        LOCAL: Entry("voice.providers.llm.local.Local", "LOCAL_LLM", False),
        OFFLINE: Entry("voice.providers.llm.offline.Responder"),
    },
    "tts": {
        "cartesia": Entry("voice.providers.tts.cartesia.Cartesia", "CARTESIA"),
        "openai": Entry("voice.providers.tts.openai.OpenAIVoice", "OPENAI"),
        "deepgram": Entry("voice.providers.tts.aura.Aura", "DEEPGRAM"),
        "elevenlabs": Entry("voice.providers.tts.elevenlabs.ElevenLabs", "ELEVENLABS"),
        LOCAL: Entry("voice.providers.tts.local.LocalVoice", "LOCAL_TTS", False),
        OFFLINE: Entry("voice.providers.tts.offline.Espeak"),
    },
    "search": {"tavily": Entry("voice.providers.search.tavily.Tavily", "TAVILY")},
}


class UnknownProvider(ValueError):
    """A chain names a provider that there is not, or leaves a session without a mind."""


@dataclass(frozen=True, slots=True)
class Link:
    """One provider of a chain."""

    name: str
    provider: Any
    key: str
    """Names stage, provider, model and region: whoever shares it shares its troubles."""


def chain(kind: Kind, names: Sequence[str]) -> list[Link]:
    """The providers of a chain in order, without those that have no key or cannot run on this
    machine; the log says which. Raises UnknownProvider."""
    check(kind, names)
    links = []
    for name in usable(kind, names):
        try:
            links.append(_link(kind, name))
        except ProviderUnavailable as error:
            logger.warning("%s provider left out: %s", kind, error)
    return links


def load(kind: Kind) -> None:
    """Import every module whose provider could be asked for, whatever the chain: an agent may name
    it at any moment, and importing an SDK takes a good part of a second."""
    for name in usable(kind, tuple(PROVIDERS[kind])):
        import_module(PROVIDERS[kind][name].path.rpartition(".")[0])


def one(kind: Kind, name: str, *, model: str = "") -> Link:
    """This provider. model: another than the settings'. Raises UnknownProvider where there is none
    of that name or its key is not set, ProviderUnavailable where it cannot run on this machine."""
    if name not in PROVIDERS[kind]:
        raise UnknownProvider(f"{name} is none of {', '.join(PROVIDERS[kind])}")
    if missing := _missing(kind, name):
        raise UnknownProvider(f"{missing} is not set")
    return _link(kind, name, model)


def check(kind: Kind, names: Sequence[str]) -> None:
    """Raises UnknownProvider, naming the setting and what it may hold."""
    known = PROVIDERS[kind]
    if unknown := [name for name in names if name not in known]:
        raise UnknownProvider(
            f"{kind.upper()}_CHAIN names {', '.join(unknown)}; it may hold: {', '.join(known)}"
        )
    if kind == "llm" and not usable(kind, names):  # there is no going on in writing without one
        raise UnknownProvider(
            f"LLM_CHAIN ({', '.join(names)}) names no provider whose key is set; set one, "
            "or add “offline”, which needs none"
        )


def usable(kind: Kind, names: Sequence[str]) -> list[str]:
    """The names without those of providers whose key, or for a local one address, is not set."""
    missing = {name: _missing(kind, name) for name in dict.fromkeys(names)}
    for name, setting in missing.items():
        if setting:
            logger.debug("%s provider left out: %s: %s is not set", kind, name, setting)
    return [name for name, setting in missing.items() if not setting]


def _missing(kind: Kind, name: str) -> str:
    """The setting without which it is of no use; "" if it has all."""
    entry = PROVIDERS[kind][name]
    if not entry.vendor:
        return ""
    setting = f"{entry.vendor}_{'API_KEY' if entry.needs_key else 'BASE_URL'}"
    return "" if settings.PROVIDERS[setting] else setting


def _link(kind: Kind, name: str, model: str = "") -> Link:
    entry = PROVIDERS[kind][name]
    module, _, factory = entry.path.rpartition(".")
    make = getattr(import_module(module), factory)
    account = _account(kind, name, entry)
    if account is not None and model:
        account = replace(account, model=model)
    if account is None:
        return Link(name, make(), f"{kind}/{name}")
    region = urlsplit(account.base_url).netloc.rpartition("@")[2]  # without a password
    return Link(name, make(account), f"{kind}/{name}/{account.model}@{region}")


def _account(kind: Kind, name: str, entry: Entry) -> Account | None:
    """What the settings hold for it; None for a provider that needs nothing."""
    if not entry.vendor:
        return None
    prefix = f"{name}_{kind}".upper()
    model_setting = f"{prefix}_MODEL"
    return Account(
        provider=name,
        key=settings.PROVIDERS[f"{entry.vendor}_API_KEY"],
        base_url=settings.PROVIDERS[f"{entry.vendor}_BASE_URL"],
        model=settings.PROVIDERS.get(model_setting, ""),
        model_setting=model_setting,
        voice=settings.PROVIDERS.get(f"{prefix}_VOICE", ""),
        vendor=entry.vendor,
    )
