"""Of whom a question speaks: of the user, or of the assistant. Pure.

What somebody said of themselves has no name in it, so a name in the question leads a model of
meanings astray: "When did Priya start the cello?" is asked as "When did I start the cello?".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Role = Literal["user", "assistant"]

FIRST_PERSON = re.compile(r"\b(?:i|me|my|mine|myself)\b", re.IGNORECASE)
BOTH = re.compile(r"\b(?:we|us|our|ours|ourselves)\b", re.IGNORECASE)
SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
POLITE = re.compile(
    r"\b(?:can|could|do|did|would|will) you (?:please |still )?"
    r"(?:tell|remind|remember|recall|know|say|find|look)\b(?: me\b)?",
    re.IGNORECASE,
)
"""Says "you" and "me" of the asking, not of what is asked."""


WITHIN = re.compile(r"(?<=[\w,;:] )\w{2,}")
"""A word that does not begin a sentence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for the embedding model."""

    text: str
    role: Role | None
    """Whose words likely answer it, if that is clear."""
    is_personal: bool
    """It is about the two of them at all."""
    names: tuple[str, ...]
    """Of whom and what else it speaks by name."""


def asked(text: str, *, user: Iterable[str], assistant: Iterable[str]) -> Asked:
    """user, assistant: what each of them is called."""
    of_user, plain = _spoken_of(text, user, "I", "my")
    of_assistant, plain = _spoken_of(plain, assistant, "you", "your")
    if not of_user and not of_assistant:
        rest = POLITE.sub(" ", text)
        of_user = FIRST_PERSON.search(rest) is not None
        of_assistant = SECOND_PERSON.search(rest) is not None
    role: Role | None = None
    if of_user != of_assistant:
        role = "user" if of_user else "assistant"
    is_personal = of_user or of_assistant or BOTH.search(text) is not None
    return Asked(" ".join(plain.split()), role, is_personal, _names(plain))


def _names(text: str) -> tuple[str, ...]:
    return tuple(word for word in WITHIN.findall(text) if word[0].isupper())


def _spoken_of(text: str, names: Iterable[str], subject: str, owner: str) -> tuple[bool, str]:
    """Whether one of the names is in the text, and the text with pronouns in their place."""
    found = False
    for name in sorted({name for name in names if name.strip()}, key=len, reverse=True):
        of_theirs, owned = _replace(rf"\b{re.escape(name)}(?:['’]s?)(?!\w)", owner, text)
        of_them, text = _replace(rf"\b{re.escape(name)}\b", subject, owned)
        found = found or of_theirs or of_them
    return found, text


def _replace(pattern: str, by: str, text: str) -> tuple[bool, str]:
    replaced, count = re.subn(pattern, by, text, flags=re.IGNORECASE)
    return count > 0, replaced
