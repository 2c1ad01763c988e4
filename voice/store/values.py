"""What a session knows of who talks, with whom, and of what was said before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from conversations.models import TOOLS
from voice.turns.pauses import USUAL_S

ALL_TOOLS = frozenset(TOOLS)
WAITING_TURNS = 8
"""Turns beyond an agent's `turns_kept` that the model is told until the summary has taken them in:
summing up begins when five wait, and takes a model some seconds."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who talks: what a session needs to know of a user."""

    id: int
    name: str
    time_zone: str
    key_terms: tuple[str, ...] = ()
    usual_pause_s: float = USUAL_S
    """Learned in earlier conversations."""
    memory_on: bool = True
    """Otherwise nothing is recalled, and nothing that is said to them is given to others."""


@dataclass(frozen=True, slots=True)
class AgentContext:
    """What the agent is told and how it sounds, as of one version."""

    id: int
    slug: str
    version: int
    instructions: str
    greeting: str
    voice: str
    language: str
    temperature: float
    reply_tokens_max: int
    turns_kept: int
    key_terms: tuple[str, ...] = ()
    """The agent's, that the ear should know."""
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    """Written → spoken."""
    patience: str = "quick"
    """How long to wait for somebody who may have finished; a key of turns.endpointing.PATIENCE."""
    language_models: tuple[tuple[str, str], ...] = ()
    """Providers in order, each with its model, "" for the settings' one; none: those of the
    settings."""
    tools: frozenset[str] = ALL_TOOLS
    """The names of those that it may use."""
    memory_on: bool = True
    cache_on: bool = True


@dataclass(frozen=True, slots=True)
class OwnContext:
    """What the agent is told in one conversation, beside its instructions."""

    text: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said, for the model to go on from."""

    role: str
    number: int
    reply: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation with a new connection to it."""

    conversation: UUID
    session: UUID
    agent: AgentContext
    turns: int
    replies: int
    history: tuple[Said, ...]
    own: OwnContext = OwnContext()
