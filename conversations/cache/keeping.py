"""Whether an answer may be kept for others who ask the same. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from conversations.cache import phrases
from conversations.cache.questions import plain, why_not_asked
from conversations.sameness import Question
from conversations.text import words_alone

AUDIO_MAX_S = 30.0
"""A longer answer is rarely asked for again word for word, and takes 1.4 MB of sound."""
CHARACTERS_PER_TOKEN = 3.5
"""At least: an answer that comes near the limit of tokens may have been cut by it."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, and what went into it."""

    question: str
    answer: str
    language: str = "en"
    earlier: tuple[str, ...] = ()
    """What else was said in the conversation, as far as the model was told."""
    said_before: tuple[str, ...] = ()
    """Of that, what is the user's: their words, what was made of them, what tools gave."""
    person: str = ""
    """The name of whoever asked."""
    used: frozenset[str] = frozenset()
    """What it drew on that the question does not say: tools, memory, time …"""
    trouble: str = ""
    """Why it is not whole: interrupted, failed over, broke off, not heard …"""
    audio_s: float = 0.0
    reply_tokens_max: int = 150


def why_not_kept(given: Given) -> str | None:
    """The first reason; None for an answer that whoever asks the same may have again."""
    if given.trouble:
        return given.trouble
    if given.used:
        return min(given.used)
    if reason := why_not_asked(given.question, language=given.language):
        return reason
    return next((name for name, holds in RULES.items() if holds(given)), None)


# --- the rules ----------------------------------------------------------------------------------
def _is_cut(given: Given) -> bool:
    """It ends in the middle, by the limit of tokens."""
    ends = given.answer.rstrip().rstrip("\"'”’)*")
    near = given.reply_tokens_max * CHARACTERS_PER_TOKEN * 1.1
    return not ends.endswith((".", "!", "…", ":")) or len(given.answer) > near


def _is_long(given: Given) -> bool:
    return given.audio_s > AUDIO_MAX_S


def _asks_back(given: Given) -> bool:
    return given.answer.rstrip().endswith("?")


def _is_none(given: Given) -> bool:
    answer = plain(given.answer)
    return any(re.search(pattern, answer) for pattern in phrases.NO_ANSWER)


def _is_timely(given: Given) -> bool:
    answer = plain(given.answer)
    return bool(re.search(phrases.TIMELY[0], answer) or re.search(phrases.TIMELY[1], answer))


def _names_person(given: Given) -> bool:
    return bool(set(words_alone(given.person)) & set(words_alone(given.answer)))


def _goes_on(given: Given) -> bool:
    """It says so, or it holds a name or a number that only stands in what was said before."""
    answer = plain(given.answer)
    if any(re.search(pattern, answer) for pattern in phrases.OF_HISTORY):
        return True
    return bool(_telling(given.answer) & _telling(" ".join(given.earlier)) - _all(given.question))


def _telling(text: str) -> frozenset[str]:
    """Its names and numbers."""
    numbers = {word for word in words_alone(text) if any(map(str.isdigit, word))}
    return Question.of(text).names | numbers


def _all(text: str) -> frozenset[str]:
    return frozenset(words_alone(text)) | Question.of(text).names


RULES: dict[str, Callable[[Given], bool]] = {
    "too long": _is_long,
    "asks back": _asks_back,
    "cut": _is_cut,
    "no answer": _is_none,
    "time": _is_timely,
    "names the person": _names_person,
    "history": _goes_on,
}
