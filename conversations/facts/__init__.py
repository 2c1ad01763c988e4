"""What is known about a user, in short sentences: found, kept, replaced, forgotten."""

from conversations.facts.known import (
    MEMORY_OFF,
    PINNED_MAX,
    RELEVANT,
    THE_SAME,
    asked_for,
    current,
    nearest,
    recall,
    speaking_of,
    stating,
)

__all__ = [
    "MEMORY_OFF",
    "PINNED_MAX",
    "RELEVANT",
    "THE_SAME",
    "asked_for",
    "current",
    "nearest",
    "recall",
    "speaking_of",
    "stating",
]
