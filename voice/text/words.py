"""Texts as their words: ears change their mind about marks and capitals. Pure."""

import re

_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def words_of(text: str) -> list[str]:
    """In lower case, without the marks around them; “mm-hm” and “don't” are one word each."""
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same; how it is written down does not matter."""
    return _joined(one) == _joined(other)


def _joined(text: str) -> str:
    return "".join(words_of(text)).replace("-", "").replace("'", "")
