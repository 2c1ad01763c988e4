"""What is told of one answered turn when it is over. It holds no words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from voice.wire import TurnMetrics


@dataclass(frozen=True, slots=True)
class ToolUse:
    """One call of a tool, while the reply was in the making."""

    name: str
    ms: float
    ok: bool
    began_at: float
    """Seconds of the session's clock while the reply is in the making; Unix time in a report."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the turn cost at the providers that its metrics name."""

    heard_s: float = 0.0
    """Sound that the ear was given since the turn before."""
    tokens_in: int = 0
    tokens_out: int = 0
    characters: int = 0
    """Given to the voice."""
    is_estimated: bool = False
    """Some vendor told no tokens: they are reckoned from characters."""


@dataclass(frozen=True, slots=True)
class TurnReport:
    """One is made for each reply that answers a turn, once it is over and its numbers are final: a
    few seconds after its end where the client does not say what it measured."""

    conversation: UUID
    session: UUID
    user: int
    agent: str
    context_version: int
    turn: int
    reply: int
    """0: it broke off before there was anything to hear."""
    source: str
    """model, cache …"""
    was_spoken: bool
    """The turn was, rather than typed."""
    interrupted: bool
    metrics: TurnMetrics
    speech_ended_at: float
    """Unix seconds; of a typed turn, when it came."""
    ended_at: float
    tools: tuple[ToolUse, ...] = ()
    usage: Usage = field(default_factory=Usage)
    error: str = ""
    """The stage that failed: llm or tts."""
    models: Mapping[str, str] = field(default_factory=dict)
    """Language models that this agent asks for instead of the settings', by provider."""
