"""What an ear makes of words that it hears badly: seeded, in any alphabet.

Of the words that it gets wrong, most sound alike, some are dropped, some are others altogether.
"""

from collections.abc import Sequence
from random import Random

OTHERS = (
    "uh",
    "and",
    "a",
    "the",
    "it",
    "is",
    "to",
    "in",
    "so",
    "well",
    "okay",
    "there",
    "of",
    "no",
)
"""What ears like to hear where there is nothing to understand."""
_ALIKE = ["aeiouy", "bp", "dt", "gkc", "fv", "sz", "mn", "lr"]


def misheard(words: Sequence[str], rate: float, random: Random) -> list[str]:
    """The words, of which about the share `rate` is wrong, dropped or joined with the next."""
    heard: list[str] = []
    for word in words:
        if random.random() >= rate:
            heard.append(word)
        else:
            heard += _wrong(word, heard, random)
    return heard


def _wrong(word: str, before: list[str], random: Random) -> list[str]:
    kind = random.random()
    if kind < 0.2:
        return []
    if kind < 0.3:
        return [random.choice(OTHERS)]
    if kind < 0.4:
        return [random.choice(OTHERS), word]
    if kind < 0.5 and before:
        return [before.pop() + word]
    return [_alike(word, random)]


def _alike(word: str, random: Random) -> str:
    letters = list(word)
    for _ in range(max(1, round(len(word) * 0.35))):
        at = random.randrange(len(letters))
        kind = random.random()
        if kind < 0.6:
            letters[at] = _sounds_like(letters[at], random)
        elif kind < 0.8 and len(letters) > 1:
            del letters[at]
        else:
            letters.insert(at, random.choice("aeiou" if letters[at].isascii() else letters))
    return "".join(letters)


def _sounds_like(letter: str, random: Random) -> str:
    for group in _ALIKE:
        if letter.lower() in group:
            return random.choice(group)
    return letter
