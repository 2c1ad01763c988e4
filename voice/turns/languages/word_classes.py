"""Words that say whether a clause is over: the classes that each language fills. Pure.

A class may be incomplete: a word that is in none counts as one that a clause can end with. Words
that do both (“on” in “turn it on”) are left to completeness.py, or left out where they end clauses
more often (German “an”, “aus”, “mit”).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordClasses:
    open: frozenset[str]
    """A clause does not end with these: articles, prepositions, conjunctions, auxiliaries, subject
    pronouns, verbs that want an object, adverbs that want an adjective."""
    fillers: frozenset[str]
    """Said while thinking, at any place."""
    lead_ins: frozenset[str]
    """On their own they announce more: “so”, “hold on”."""
    answers: frozenset[str]
    """Open words that can be all that somebody says."""
    closed: frozenset[str]
    """Ends of clauses in spite of their last word: “yes it is”, “turn it on”."""
    adjectives: frozenset[str]
    """A noun is to follow, unless they come after a copula: “is great”."""
    degrees: frozenset[str]
    """Or after these: “so good”."""
    stranded: frozenset[str]
    """Open words that a question for an object ends with: “what is it like”, “what do you need”."""
    object_questions: frozenset[str]
    """How those begin."""
    wanting: frozenset[str]
    """Ends that no single word gives away: “tell me”, “do you know”."""
    dictates: frozenset[str]
    """Announce digits or letters: one digit behind them is not all."""
    subordinators: frozenset[str]
    """At its beginning they announce another clause."""
    questions: frozenset[str]
    """A question or request begins with these."""
    interrogatives: frozenset[str]
    """Of those, the ones that want a verb after them."""
    numbers: frozenset[str]
    """Digits and what is dictated between them."""
    copulas: frozenset[str]
    """Forms that a question cannot do without, and may end with: “where it is”."""


def words(*lines: str) -> frozenset[str]:
    """A class, written as words with spaces between; what has more than one word, with “_”."""
    return frozenset(word.replace("_", " ") for line in lines for word in line.casefold().split())
