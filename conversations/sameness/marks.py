"""The marks of a question that are no punctuation: “C++”, “-2 degrees”, “O-”, “3 > 5”, “😀”. Pure.

Words alone would make “who invented C” of “who invented C++”.
"""

import re

_AMOUNT = r"\s?(\d[\d.,]*)"
_SPOKEN = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"(?<=\d)\s?%", " percent"),
        (r"(?<=\d)['’′]", " feet "),
        (r"(?<=\d)[\"”″]", " inches "),
        (rf"(?:us)?\${_AMOUNT}", r"\1 dollars"),
        (rf"€{_AMOUNT}", r"\1 euros"),
        (rf"£{_AMOUNT}", r"\1 pounds"),
        (rf"[¥￥]{_AMOUNT}", r"\1 yen"),
        (rf"(?:₹|\brs\.?){_AMOUNT}", r"\1 rupees"),
    )
)
_AROUND = "\"'“”‘’„«»()[]{},;:"
_AT_THE_END = re.compile(r"(?:[.?…]|(?<!\d)!)+$")
"""“7!” is a number of its own."""
_WITHIN_WORDS = re.compile(r"(?<=[^\W\d_])[-/.&](?=\w)|(?<=\d)[.,](?=\d)|['’]|\w")
_NONE = frozenset({"", "&", "–", "—"})


def spoken(text: str) -> str:
    """Money, percent, feet and inches in words, as one says them. In lower case."""
    for written, said in _SPOKEN:
        text = written.sub(said, text)
    return text


def marks(text: str) -> tuple[str, ...]:
    """In their order; those of one word together."""
    found = map(_of_word, spoken(text.lower()).split())
    return tuple(mark for mark in found if mark not in _NONE)


def _of_word(word: str) -> str:
    plain = _AT_THE_END.sub("", word.strip(_AROUND)).strip(_AROUND)
    if not re.search(r"\w", plain):
        return _AT_THE_END.sub("", word.strip(",;"))  # “:)” is one as it stands
    return _WITHIN_WORDS.sub("", plain)
