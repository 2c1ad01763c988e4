"""What recall found, as values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn of an earlier moment, of this conversation or another of the same user."""

    id: int
    conversation: UUID
    number: int
    """Of the user's turn that it is or answers."""
    at: datetime
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """Facts, the pinned and then the most relevant first; turns, those that matter most first."""

    facts: tuple[str, ...] = ()
    turns: tuple[PastTurn, ...] = ()
