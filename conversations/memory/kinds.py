"""What kind of thing a question asks for, and whether a turn has one. Pure.

"When did I get the dog?" is answered by "last Saturday" and not by what else was said of the dog.
English; of other languages no kind is known, and recall does without.
"""

import re
from collections.abc import Iterable

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend"
_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "twenty|thirty|forty|fifty|hundred|thousand|dozen|couple|half"
)
_CALLED = (
    "artist|band|book|breed|city|company|country|film|game|movie|place|restaurant|school|show|"
    "song|team|town"
)

Kind = re.Pattern[str]
"""Found in what has such a thing."""

TIME = re.compile(
    rf"\b(?:yesterday|today|tonight|tomorrow|ago|last|next|since|first|{_DAYS}|{_MONTHS}|"
    r"this (?:week|month|year|morning)|\d{4}|\d+(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)
NUMBER = re.compile(rf"\d|\b(?:{_NUMBERS})\b", re.IGNORECASE)
NAME = re.compile(r"(?<=[a-z,;:–—-] )[A-Z][a-z]+")
"""A capital where no sentence begins; "I" is none."""

_ASKED = tuple(
    (re.compile(asking, re.IGNORECASE), kind)
    for asking, kind in (
        (r"^\W*(?:when|how long ago|(?:in )?(?:what|which) (?:day|date|month|year|time))\b", TIME),
        (r"\bhow (?:many|much|old|long|often|far|tall)\b", NUMBER),
        (rf"^\W*(?:who|whose|where|(?:which|what) (?:{_CALLED}))\b|\b(?:named?|called)\b", NAME),
    )
)


def asked_for(question: str) -> tuple[Kind, ...]:
    """None where any answer would do, as to "why"."""
    return tuple(kind for asking, kind in _ASKED if asking.search(question))


def has_any(kinds: Iterable[Kind], text: str) -> bool:
    """Whether the text has something of one of these kinds."""
    return any(kind.search(text) for kind in kinds)
