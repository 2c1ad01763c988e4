"""Every vendor's simulator, and the adapter that talks to it, by stage and name in a chain."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from tests.simulators import tones
from tests.simulators.hearing import HUMAN
from tests.simulators.model import Calls, Reply, echo, no_calls
from tests.simulators.server import Simulator
from tests.simulators.speaking import Sound
from voice.providers.account import Account
from voice.providers.registry import PROVIDERS, Kind
from voiceassistant.vendors import MODELS, VOICES

KEY = "simulated-key-0123456789"
SIMULATORS: dict[tuple[Kind, str], str] = {
    ("stt", "deepgram"): "deepgram.DeepgramSimulator",
    ("stt", "flux"): "flux.FluxSimulator",
    ("stt", "assemblyai"): "assemblyai.AssemblyAISimulator",
    ("stt", "local"): "transcriptions.TranscriptionsSimulator",
    ("llm", "groq"): "chat.ChatSimulator",
    ("llm", "openai"): "chat.ChatSimulator",
    ("llm", "gemini"): "gemini.GeminiSimulator",
    ("llm", "local"): "chat.ChatSimulator",
    ("tts", "cartesia"): "cartesia.CartesiaSimulator",
    ("tts", "openai"): "speech.SpeechSimulator",
    ("tts", "deepgram"): "aura.AuraSimulator",
    ("tts", "elevenlabs"): "elevenlabs.ElevenLabsSimulator",
    ("tts", "local"): "speech.SpeechSimulator",
    ("search", "tavily"): "tavily.TavilySimulator",
}


def simulator(
    kind: Kind,
    name: str,
    *,
    reply: Reply = echo,
    calls: Calls = no_calls,
    sound: Sound = tones.sound,
    human: Sequence[str] = HUMAN,
) -> Simulator:
    """Not started. reply and calls: what a simulated model says and asks for. sound: how a
    simulated voice sounds. human: what a simulated ear hears people say."""
    module, _, made = SIMULATORS[kind, name].rpartition(".")
    make = getattr(import_module(f"tests.simulators.{module}"), made)
    how: dict[Kind, dict[str, Any]] = {
        "llm": {"reply": reply, "calls": calls},
        "tts": {"sound": sound},
        "stt": {"human": human},
    }
    built: Simulator = make(**how.get(kind, {}))
    return built


def adapter(kind: Kind, name: str, url: str) -> Any:
    """The provider that a chain calls `name`, talking to the server at `url`."""
    entry = PROVIDERS[kind][name]
    module, _, made = entry.path.rpartition(".")
    prefix = f"{name}_{kind}".upper()
    account = Account(
        provider=name,
        key=KEY,
        base_url=url,
        model=MODELS.get(prefix, ""),
        model_setting=f"{prefix}_MODEL",
        voice=VOICES.get(prefix, ""),
        vendor=entry.vendor,
    )
    return getattr(import_module(module), made)(account)
