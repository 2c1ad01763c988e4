"""Whether a question stands for itself, so that it asks the same whoever asks it, whenever. Pure.

A question that fails here is neither kept nor looked up. Rules err on the safe side: what is not
cached costs a second, a wrong answer costs trust.
"""

import re
from collections.abc import Callable, Iterable

from conversations.cache import phrases
from conversations.sameness import Question
from conversations.sameness import english as words_of_english
from conversations.text import words_alone

WORDS_MIN = 3
"""“Why?”, “Who won?”: what they ask stands before them."""
WORDS_MAX = 40
"""Whoever says more tells a story of their own."""


def why_not_asked(question: str, *, language: str = "en") -> str | None:
    """Why this question is none for the cache; None where it may be kept and looked up."""
    if not language.lower().startswith("en"):
        return "language"
    text = plain(question)
    return next((name for name, holds in RULES.items() if holds(text, question)), None)


def asks_for_time(question: str) -> bool:
    """Whether the answer depends on when it is asked."""
    return _any(phrases.TIMELY, plain(question))


def is_personal(question: str, answer: str) -> bool:
    """Whether it touches, or may touch, whoever asked: it is then theirs alone."""
    asked, told = plain(_without_country(question)), plain(_without_country(answer))
    both = f"{re.sub(phrases.ASKING_FOR, ' ', asked)} {told}"
    return bool(re.search(phrases.PERSONAL, both) or re.search(phrases.TO_USER, told))


def plain(text: str) -> str:
    """Lower case, with straight apostrophes, and without what is said before a question."""
    text = " ".join(text.lower().replace("’", "'").split())
    return re.sub(phrases.POLITE, "", text)


# --- the rules ----------------------------------------------------------------------------------
def _is_short(text: str, _: str) -> bool:
    count = len(words_alone(text))
    return not WORDS_MIN <= count <= WORDS_MAX


def _is_no_question(text: str, question: str) -> bool:
    """“I am tired.”"""
    if question.rstrip().endswith("?"):
        return False
    first = (words_alone(text) or [""])[0]
    return first not in words_of_english.ASKING and first not in phrases.REQUESTS


def _has_no_subject(text: str, _: str) -> bool:
    """“Can you explain?”"""
    return not set(Question.of(text).content) - phrases.HEARSAY


def _goes_on(text: str, _: str) -> bool:
    return _any(phrases.CONTINUING, text)


def _points_back(text: str, _: str) -> bool:
    for harmless in phrases.HARMLESS:
        text = re.sub(harmless, " ", text)
    return any(_bare(word) in phrases.POINTING for word in words_alone(text))


def _is_definite(text: str, question: str) -> bool:
    """“The tower”: which one was said before."""
    names = Question.of(question).names
    words = words_alone(text)
    return any(
        word == "the" and not _is_told(words[at + 1 : at + 6], names)
        for at, word in enumerate(words)
    )


def _is_told(following: list[str], names: frozenset[str]) -> bool:
    first = following[0] if following else ""
    if _bare(first) in phrases.UNIQUE or first.endswith("est") or first.isdigit():
        return True
    return _bare(first) in names or any(word in phrases.DETERMINED for word in following[1:4])


def _is_timely(text: str, _: str) -> bool:
    return _any(phrases.TIMELY, text)


def _asks_about_oneself(text: str, _: str) -> bool:
    """“What is my name?” “How do I boil an egg?” asks for what anybody would ask for."""
    return bool(re.search(phrases.PERSONAL, re.sub(phrases.ANYBODY, " ", text)))


def _wants_variety(text: str, _: str) -> bool:
    return _any(phrases.VARIED, text)


RULES: dict[str, Callable[[str, str], bool]] = {
    "length": _is_short,
    "no question": _is_no_question,
    "goes on": _goes_on,
    "points back": _points_back,
    "time": _is_timely,
    "variety": _wants_variety,
    "oneself": _asks_about_oneself,
    "subject": _has_no_subject,
    "definite": _is_definite,
}
"""Each is told the plain text and the question as it was put."""


def _any(patterns: Iterable[str], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'re").removesuffix("'d").removesuffix("'ll")


def _without_country(text: str) -> str:
    """“US” and “U.S.” are a country, “us” is not."""
    return re.sub(r"\bUS\b|\bU\.S\.", "America", text)
