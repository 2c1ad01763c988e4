"""What is known about a user, in short sentences: found, kept, replaced, forgotten."""

from conversations.facts.known import (
    MEMORY_OFF,
    RELEVANT,
    THE_SAME,
    current,
    nearest,
    speaking_of,
    stating,
)
from conversations.facts.recalling import PINNED_MAX, asked_for, is_known, recall

__all__ = [
    "MEMORY_OFF",
    "PINNED_MAX",
    "RELEVANT",
    "THE_SAME",
    "asked_for",
    "current",
    "is_known",
    "nearest",
    "recall",
    "speaking_of",
    "stating",
]
