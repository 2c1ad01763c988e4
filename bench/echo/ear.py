"""An ear that hears everything that is audible, badly: the assistant's words in the echo, and the
user's, in the order in which they were spoken."""

from dataclasses import dataclass
from random import Random

from tests.voice.text.misheard import misheard

LAG_S = 0.15
"""Text comes this long after the middle of its word,"""
EVERY_S = 0.2
"""in steps of this."""
ECHO_ERRORS, USER_ERRORS = 0.35, 0.1
"""Share of words that are misheard."""
MASKED = 0.5
"""Share of the echo's words that are not heard while the user, who is louder, speaks."""


@dataclass(frozen=True, slots=True)
class Word:
    at_s: float
    """Its middle."""
    text: str
    is_echo: bool


class Ear:
    """One microphone's. Times on the microphone's clock."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._words: list[Word] = []

    def sounds(self, text: str, at_s: float, duration_s: float, *, is_echo: bool) -> None:
        """A word is spoken in the room."""
        errors = ECHO_ERRORS if is_echo else USER_ERRORS
        heard = " ".join(misheard([text], errors, self._random))
        if heard:
            self._words.append(Word(at_s + duration_s / 2, heard, is_echo))

    def masked(self, begins_s: float, ends_s: float) -> None:
        """Somebody speaks over the echo."""
        self._words = [
            word
            for word in self._words
            if not (word.is_echo and begins_s <= word.at_s <= ends_s)
            or self._random.random() >= MASKED
        ]

    def silence(self, after_s: float) -> None:
        """What had been going to sound after this does not."""
        self._words = [word for word in self._words if word.at_s < after_s]

    def text(self, began_s: float, now_s: float) -> str:
        """What it has made by now of what was spoken since `began_s`."""
        until_s = now_s // EVERY_S * EVERY_S - LAG_S
        words = sorted(
            (w for w in self._words if began_s <= w.at_s < until_s), key=lambda w: w.at_s
        )
        return " ".join(word.text for word in words)
