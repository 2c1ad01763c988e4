"""What makes two questions different, one rule for each kind of difference. Pure."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from itertools import pairwise

from conversations.sameness import english
from conversations.sameness.question import Question


def numbers(question: Question) -> Hashable:
    """“37 weeks”, “the 2nd”, “B12”, in their order."""
    return tuple(word for word in question.words if any(map(str.isdigit, word)))


def marks(question: Question) -> Hashable:
    """“C++”, “-2 degrees”, “3 > 5”."""
    return question.marks


def asked(question: Question) -> Hashable:
    """What, who, when, where, why or how."""
    return tuple(english.ASKING[word] for word in question.words if word in english.ASKING)


def negation(question: Question) -> Hashable:
    """“Not”, “without”, “how do I stop”."""
    counted = Counter(
        english.NEGATIONS[word] for word in question.words if word in english.NEGATIONS
    )
    return frozenset(counted.items())


def time(question: Question) -> Hashable:
    """Past, future or neither."""
    words = frozenset(question.words)
    return not words.isdisjoint(english.PAST), not words.isdisjoint(english.FUTURE)


def aspect(question: Question) -> Hashable:
    """“Is it closing”, “is it closed”; “do lions hunt”, “are lions hunted”."""
    if english.BEING.isdisjoint(question.words):
        return False, False
    verbs = {
        word
        for before, word in pairwise(question.words)
        if before not in english.RELATIONS and word not in english.NO_PARTICIPLES
    }
    is_under_way = any(word.endswith("ing") for word in verbs)
    is_done = any(word.endswith("ed") or word in english.PARTICIPLES for word in verbs)
    return is_under_way, is_done


def leave(question: Question) -> Hashable:
    """“Can I”, “should I”, “must I”; of “how can I” and “how should I” the answer is the same."""
    if question.words[:1] == ("how",):
        return None
    return frozenset(english.MODALS[word] for word in question.words if word in english.MODALS)


def persons(question: Question) -> Hashable:
    """“My name”, “your name”; but “how do I” asks for what “how does one” asks, and how to wash my
    car is how to wash a car."""
    is_anybodys = question.words[:2] == ("how", "to") or question.words[:3] == WHAT_IF
    return frozenset(
        english.PERSONS[word]
        for before, word in zip(("", *question.words), question.words, strict=False)
        if word in english.PERSONS
        and not (word in english.ANYBODY and before in english.AUXILIARIES)
        and not (is_anybodys and (word == "my" or (word in english.ANYBODY and before == "if")))
    )


WHAT_IF = ("what", "happens", "if")


def comparison(question: Question) -> Hashable:
    """“More than”, “the oldest”, “cheaper”, “before”."""
    return tuple(word for word in question.words if word in english.DEGREES or _compares(word))


def _compares(word: str) -> bool:
    return len(word) > 4 and word.endswith(("er", "est")) and word not in english.NO_COMPARISONS


def direction(question: Question) -> Hashable:
    """“From Rome to Paris”, “did Rome defeat Carthage”: who does it to whom."""
    related = tuple(word for word in question.words if word in english.RELATIONS)
    return related, question.order


def article(question: Question) -> Hashable:
    """“Who is the president”, “who is a president”, where nothing else is said of it."""
    of_how_much = question.words[:1] == ("how",) and question.words[1:2] != ("to",)
    return len(question.content) == 1 + of_how_much and "the" in question.words


def content(question: Question) -> Hashable:
    """All other words, in any order."""
    return frozenset(question.content)


RULES: Mapping[str, Callable[[Question], Hashable]] = {
    rule.__name__: rule
    for rule in (
        numbers,
        marks,
        asked,
        negation,
        time,
        aspect,
        leave,
        persons,
        comparison,
        article,
        content,
        direction,
    )
}
"""Each takes one side of a question; two questions may differ in none of them."""


def difference(one: Question, other: Question) -> str | None:
    """The name of the first rule by which they ask for different things; None where one's answer
    answers the other."""
    if not (_has_names(one, other.names) and _has_names(other, one.names)):
        return "names"
    return next((name for name, side in RULES.items() if side(one) != side(other)), None)


def _has_names(question: Question, names: frozenset[str]) -> bool:
    """They are among its words, however those are written: ears forget capitals."""
    return names <= {word.removesuffix("'s") for word in question.words}
