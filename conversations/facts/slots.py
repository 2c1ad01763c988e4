"""What a fact gives a value to, where it can have only one value at a time. Pure.

So that “my favourite colour is green” replaces “my favourite colour is blue”, while “I like tea”
leaves “I like coffee” alone. In doubt there is no slot, and both facts stand.
"""

import re

from conversations.sameness.english import SYNONYMS
from conversations.text import words_alone

_ONE_OF_THEM = (
    r"(?:wife|husband|partner|boyfriend|girlfriend|fianc[eé]e?|mother|father|mum|mom|dad|boss)"
)
"""Whoever somebody has one of at a time. Of two sisters, both names are right."""
_ATTRIBUTE = (
    r"(?:first |last |middle |full )?name|nickname|age|birthday|(?:home |email |e mail )?address"
    r"|email|(?:phone |telephone |mobile )?number|job|job title|weight|height|shoe size|blood type"
    r"|postcode|zip code|marital status"
)
_SLOTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"my (?:{_ONE_OF_THEM}'s )?(?:{_ATTRIBUTE}) is ",
        r"my favorite (?:[\w'-]+ ){1,4}?is ",
        rf"my {_ONE_OF_THEM} is (?:called|named) ",
        rf"my {_ONE_OF_THEM} lives in ",
        r"i am (?:called|named) ",
        r"i (?:currently |now )?live in ",
        r"i (?:am (?=\d+ years? old))",
    )
)
_WORDS_OF_TIME = frozenset({"now", "currently", "today"})
"""They say that a value is new, and are no part of what it is the value of."""


def slot(fact: str) -> str | None:
    """The words that come before its value; None where it may stand beside others like it."""
    plain = _plain(fact)
    found = next((match for pattern in _SLOTS if (match := pattern.match(plain))), None)
    if found is None or found.end() == len(plain):
        return None
    return found.group()


def _plain(fact: str) -> str:
    """In the words of who it is about, one for all spellings."""
    words = " ".join(words_alone(fact.replace("’", "'")))
    words = re.sub(r"^(?:the )?user's ", "my ", words)
    words = re.sub(r"^i'm ", "i am ", re.sub(r"^the user ", "i ", words))
    return " ".join(SYNONYMS.get(w, w) for w in words.split() if w not in _WORDS_OF_TIME)
