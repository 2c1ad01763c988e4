"""What the words of a turn say about whether more will follow. Pure.

Punctuation is used where there is some, and not needed: interims come without, and ears put a full
stop behind whatever they finalise. Only the last sentence counts.
"""

import re
from enum import Enum
from itertools import takewhile

from voice.text.words import words_of
from voice.turns.languages import WORD_CLASSES
from voice.turns.languages.word_classes import WordClasses

DICTATED_MIN, DICTATED_MAX = 3, 10
"""So many digits or letters in a row are a number or a word that is being spelled, not a time; a
telephone number has ended by then."""
FILLER_WORDS_MAX = 4
STRANDED_WORDS_MIN = 4
"""“What is it like” has as many; “what is like” wants more."""
CLAUSE_WORDS_MIN = 8
"""“If it rains tomorrow” is half of it; what has this many words may hold both halves."""

_SENTENCES = re.compile(r"(?<=[.?!…])\s+")
_DATE = re.compile(r"\d[:/.,]\d\S*$")
_ADDRESS = re.compile(
    r"@|\b(dot|punkt|point|punto|ponto|arobase|arroba|chiocciola)\b", re.IGNORECASE
)


class Shape(Enum):
    EMPTY = "empty"
    """No words: a noise, or an ear that is late."""
    ANSWER = "answer"
    """One word that can stand alone."""
    FINISHED = "finished"
    """A question or request that has all it needs."""
    STATEMENT = "statement"
    """A clause that may be all, or the first of several."""
    DICTATED = "dictated"
    """Digits or letters; there may always be one more."""
    UNSURE = "unsure"
    """Something is missing, or it cannot be told."""
    OPEN = "open"
    """It cannot be all: “and”, “to the”, “um”."""


def shape_of(text: str, language: str = "en") -> Shape:
    """Of a turn so far. language: a BCP 47 tag; others than are in the tables are taken for
    English."""
    sentence = _SENTENCES.split(text.strip())[-1]
    words = words_of(sentence)
    classes = WORD_CLASSES.get(language[:2].lower(), WORD_CLASSES["en"])
    if not words:
        return Shape.EMPTY
    if _is_filler(words, classes) or sentence.endswith(("…", "-", "–")):
        return Shape.OPEN
    if _is_dictated(words, sentence, classes):
        return Shape.DICTATED
    if len(words) == 1:
        return _shape_of_one(words[0], classes)
    if _is_open(words, classes):
        return Shape.OPEN
    return _shape_of_clause(words, sentence, classes)


def _shape_of_one(word: str, classes: WordClasses) -> Shape:
    if word in classes.interrogatives:
        return Shape.UNSURE
    if word in classes.answers:
        return Shape.ANSWER
    if word in classes.open:
        return Shape.OPEN
    return Shape.UNSURE if word in classes.questions else Shape.ANSWER


def _shape_of_clause(words: list[str], sentence: str, classes: WordClasses) -> Shape:
    if _wants_noun(words, classes):
        return Shape.UNSURE
    if _asks(words, classes) or sentence.endswith("?"):
        return Shape.FINISHED if _is_whole_question(words, classes) else Shape.UNSURE
    if words[0] in classes.subordinators:
        return Shape.UNSURE if len(words) >= CLAUSE_WORDS_MIN else Shape.OPEN
    return Shape.UNSURE if _is_bare_subject(words, classes) else Shape.STATEMENT


def _is_filler(words: list[str], classes: WordClasses) -> bool:
    if " ".join(words) in classes.lead_ins:
        return True
    return any(
        " ".join(words[-count:]) in classes.fillers for count in range(1, FILLER_WORDS_MAX + 1)
    )


def _is_open(words: list[str], classes: WordClasses) -> bool:
    if any(" ".join(words[-count:]) in classes.wanting for count in (1, 2, 3)):
        return True
    if words[-1].endswith(("'s", "s'")):
        return " ".join(words[-2:]) not in classes.closed
    if words[-1] in classes.stranded and _asks_for_object(words, classes):
        return len(words) < STRANDED_WORDS_MIN
    if words[-1] in classes.copulas and any(w in classes.interrogatives for w in words[1:-2]):
        return False  # “tell me where it is”
    return words[-1] in classes.open and " ".join(words[-2:]) not in classes.closed


def _asks_for_object(words: list[str], classes: WordClasses) -> bool:
    return not classes.object_questions.isdisjoint((words[0], " ".join(words[:2])))


def _wants_noun(words: list[str], classes: WordClasses) -> bool:
    """“The true”, but not “it is true”, “is it true”, “how great”."""
    if words[-1] not in classes.adjectives or " ".join(words[-2:]) in classes.closed:
        return False
    before = words[-2]
    if before in classes.copulas or before in classes.degrees:
        return False
    return before in classes.open or before in classes.adjectives


def _is_bare_subject(words: list[str], classes: WordClasses) -> bool:
    """“My account number”: something is going to be said of it."""
    if len(words) > 3 or words[0] not in classes.open or words[0] in classes.copulas:
        return False
    return not any(word in classes.copulas for word in words)


def _asks(words: list[str], classes: WordClasses) -> bool:
    first = words[0]
    if first in classes.subordinators:  # “when is it”, but “when I was there”
        return first in classes.questions and words[1] in classes.copulas
    return first in classes.questions


def _is_whole_question(words: list[str], classes: WordClasses) -> bool:
    """“How many conference” wants its verb; “are there”, “can you” want what they ask for."""
    if words[0] in classes.interrogatives:
        return len(words) > 5 or any(word in classes.copulas for word in words[1:])
    return len(words) > 2 or words[0] not in classes.copulas


def _is_dictated(words: list[str], sentence: str, classes: WordClasses) -> bool:
    """A number, a spelled word, an e-mail address so far."""
    last = list(takewhile(lambda word: _is_digit(word, classes), reversed(words)))
    if sum(len(word) if word.isdigit() else 1 for word in last) >= DICTATED_MAX:
        return False
    if any(word in classes.dictates for word in words):
        return bool(last) or _ADDRESS.search(" ".join(words[-4:])) is not None
    return len(last) >= DICTATED_MIN and not _DATE.search(sentence)


def _is_digit(word: str, classes: WordClasses) -> bool:
    return word in classes.numbers or word.isdigit() or len(word) == 1
