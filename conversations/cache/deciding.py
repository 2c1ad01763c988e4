"""Whether the answer to one question answers another. Pure."""

from collections.abc import Sequence

from conversations.sameness import Question, difference, marks, spoken
from conversations.text import words_alone

NEAR = 0.85
"""Cosine similarity of two questions below which nobody looks further: the same in other words has
0.89 now and then. On its own it decides nothing: with MiniLM one pair in eight above 0.95 asks for
different things."""


def may_answer(known: str, asked: str, similarity: float, *, language: str = "en") -> bool:
    """Whether the answer to `known` answers `asked`. In languages whose words we have no tables
    of, only the same words do."""
    if said(known) == said(asked):
        return True
    return similarity >= NEAR and why_not(known, asked, language=language) is None


def said(text: str) -> tuple[list[str], tuple[str, ...]]:
    """The same for texts that differ in no more than capitals and punctuation."""
    return words_alone(spoken(text.lower())), marks(text)


def why_not(known: str, asked: str, *, language: str = "en") -> str | None:
    """The rule by which they ask for different things."""
    if not language.lower().startswith("en"):
        return "language"
    return difference(Question.of(known), Question.of(asked))


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Of two unit vectors."""
    return sum(a * b for a, b in zip(one, other, strict=True))
