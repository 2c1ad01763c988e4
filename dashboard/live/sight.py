"""What the reader saw at one moment. Every page is drawn from it. Values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversations.measures import Span
from voice.live import LiveState


@dataclass(frozen=True, slots=True)
class Sight:
    at: float
    """Unix seconds."""
    running: Sequence[LiveState] = ()
    figures: Mapping[Span, Mapping[str, Any]] = field(default_factory=dict)
    """As figures.of_window draws them; a span that cannot be had is missing."""
    breakers: Sequence[Mapping[str, Any]] = ()
    """As providers.breakers tells them."""
    versions: Mapping[int, int] = field(default_factory=dict)
    """As stored, of the agents that somebody looks at."""
    problems: Sequence[str] = ()
    """What could not be had: a sentence each."""
