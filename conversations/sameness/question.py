"""A question in the pieces that the rules look at."""

import re
from dataclasses import dataclass
from functools import cache

import snowballstemmer
from text_to_num import alpha2digit

from conversations.sameness import english
from conversations.sameness.marks import marks, spoken
from conversations.sameness.rewording import reworded

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_COUNTRY = re.compile(r"\b(?:USA?\b|U\.S\.(?:A\.)?)|(?<=\bthe )us\b")
"""Otherwise “us” is a person."""
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_DEFINES = re.compile(r"\b(?:explain|define)\W*$")
_SENTENCE_START = re.compile(r"(?:^|[.?!…:]\s+)[\"'“‘(]*([^\W_]+)")


@dataclass(frozen=True, slots=True)
class Question:
    words: tuple[str, ...]
    """Lower case, contractions opened, numbers in digits, without what is said before a question
    and beside it."""
    names: frozenset[str]
    """Those that are written as names."""
    marks: tuple[str, ...]
    """What stands in it beside words and punctuation."""

    @classmethod
    def of(cls, text: str) -> "Question":
        """Of an English one."""
        beside = marks(text)
        text = _HYPHEN.sub(" ", _COUNTRY.sub("America", text))
        names = frozenset(_names(text))
        plain = alpha2digit(_opened(spoken(text.lower())), "en")
        words = [word.replace(",", "") for word in _WORD.findall(reworded(_request(plain)))]
        return cls(tuple(word for word in words if word not in english.ASIDE), names, beside)

    @property
    def content(self) -> tuple[str, ...]:
        """What it is about, in order: stems, one for all synonyms."""
        return tuple(_stem(word) for word in self.words if _is_content(word))

    @property
    def order(self) -> tuple[str, ...]:
        """The same without adverbs, which may stand anywhere."""
        placed = (word for word in self.words if not _is_adverb(word))
        return tuple(_stem(word) for word in placed if _is_content(word))


def _names(text: str) -> list[str]:
    """Words with a capital where a sentence does not begin, and those with one further inside."""
    first = {found.start(1) for found in _SENTENCE_START.finditer(text)}
    return [
        found.group().lower().removesuffix("'s")
        for found in _WORD.finditer(text.replace("’", "'"))
        if _is_name(found.group(), begins=found.start() in first)
    ]


def _is_name(word: str, *, begins: bool) -> bool:
    if any(letter.isupper() for letter in word[1:]):
        return True
    return word[0].isupper() and not begins and word.split("'")[0] != "I"


def _opened(text: str) -> str:
    text = text.replace("’", "'")
    for short, long in english.OPENED.items():
        text = text.replace(short, long)
    return text


def _request(text: str) -> str:
    """“Tell me the capital of Peru” asks what it is; “tell me a joke” does not."""
    question = _without_lead_ins(text)
    first = (question.split(maxsplit=1) or [""])[0]
    if question == text or first in english.ASKING or first in english.BEGINNINGS:
        return question
    asks_what = first == "the" or _DEFINES.search(text.removesuffix(question))
    return f"what is {question}" if asks_what else question


def _without_lead_ins(text: str) -> str:
    """A polite question is the question."""
    for lead_in in english.LEAD_INS:
        rest = re.sub(rf"^\W*{lead_in}\b[\s,]*", "", text)
        if rest != text and rest.strip(" ?.!"):
            return _without_lead_ins(rest)
    return text


def _is_content(word: str) -> bool:
    return not (
        word in english.PLAIN
        or word in english.ASKING
        or word in english.MODALS
        or word in english.PAST
        or word in english.FUTURE
        or word in english.CONDITIONAL
        or word in english.NEGATIONS
        or word in english.PERSONS
        or word in english.ANYBODY
        or word in english.RELATIONS
    )


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") or word in english.ADVERBS


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    if word in english.DEGREES:
        return word
    stem: str = _stemmer().stemWord(word)
    return _synonyms().get(stem, stem)


@cache
def _synonyms() -> dict[str, str]:
    stem = _stemmer().stemWord
    return {stem(word): stem(same) for word, same in english.SYNONYMS.items()}


@cache
def _stemmer() -> "snowballstemmer.EnglishStemmer":
    return snowballstemmer.stemmer("english")
