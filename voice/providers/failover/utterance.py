"""One sentence in the mouth of one voice: what was said of it so far, to the word. Pure.

Where a voice gives no word times, words share the sound from the first that is loud in proportion
to their length, and the quietest moment near the end of the last whole word is taken for its end.
"""

from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.turns.timeline import WordTime

SECONDS_PER_LETTER = 1 / 13
"""Ordinary speech, the spaces between words not counted."""
LOUD = 500
"""-36 dB: most voices are silent for a moment before they begin."""
QUIET_S, QUIET = 0.02, 0.1
"""A moment is quiet that is hardly louder than the quietest: by a tenth of the usual."""
CERTAIN_S = 1.0
TOO_SHORT = 0.6
"""A sentence that should take a second or more never takes so much less."""
NEAR_S = 0.15
"""How far from its guessed end a word may really end."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """A piece of a sentence, and the words that begin in it where the voice says."""

    pcm: bytes
    words: tuple[WordTime, ...] = ()


@dataclass(slots=True)
class Utterance:
    words: tuple[str, ...]
    """What this voice was asked to say."""
    from_s: float = 0.0
    """Where its sound begins in the sentence: an earlier voice said what is before."""
    first_word: int = 0
    """Which word of the sentence it begins with."""
    rate: float = SECONDS_PER_LETTER
    """Seconds per letter, as this voice speaks."""
    _pcm: list[bytes] = field(default_factory=list, init=False)
    _starts_s: list[float] = field(default_factory=list, init=False)
    _ends_s: list[float] = field(default_factory=list, init=False)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def letters(self) -> int:
        return sum(map(_letters, self.words))

    @property
    def given_s(self) -> float:
        return sum(map(len, self._pcm)) / 2 / OUTPUT_HZ

    def take(self, chunk: SpeechChunk) -> Voiced:
        """Note what the voice gave; returns it as a part of the sentence."""
        first = self.first_word + len(self._starts_s)
        starts_s = [start_s for _, start_s in chunk.words]
        self._pcm.append(chunk.pcm)
        self._starts_s += starts_s
        self._ends_s += chunk.ends_s
        words = (
            WordTime(
                first + at, self._sample(start_s), None if end_s is None else self._sample(end_s)
            )
            for at, (start_s, end_s) in enumerate(zip_longest(starts_s, chunk.ends_s))
        )
        return Voiced(chunk.pcm, tuple(words))

    def rest(self, *, anew: bool = False) -> "Utterance":
        """What another voice has to say so that each word is said once.

        anew: nothing of this has gone out, so all of it can be said again."""
        count, end_s = (0, 0.0) if anew else self._whole()
        return Utterance(self.words[count:], self.from_s + end_s, self.first_word + count)

    def is_cut_short(self) -> bool:
        """Whether what was given as the whole sentence is far too short for it. Voices that say
        when words end say when they are done as well."""
        expected_s = self.letters * self.rate
        said_s = self.given_s - self._silent_s()
        return not self._starts_s and expected_s > CERTAIN_S and said_s < expected_s * TOO_SHORT

    def measured_rate(self) -> float:
        """Seconds per letter of a sentence that was said to its end."""
        return (self.given_s - self._silent_s()) / max(1, self.letters)

    def _sample(self, at_s: float) -> int:
        """Of the sentence, for a moment of this voice's."""
        return round((self.from_s + at_s) * OUTPUT_HZ)

    def _whole(self) -> tuple[int, float]:
        """How many words are whole, and where the last of them ends."""
        if not self._starts_s:
            return self._guessed()
        ends_s = [*self._ends_s, *self._starts_s[len(self._ends_s) + 1 :]]
        count = sum(end_s <= self.given_s for end_s in ends_s)
        return count, ends_s[count - 1] if count else 0.0

    def _guessed(self) -> tuple[int, float]:
        ends_s = self._silent_s() + np.cumsum([_letters(word) for word in self.words]) * self.rate
        count = int(np.sum(ends_s <= self.given_s + NEAR_S / 2))
        if count == 0:
            return 0, 0.0
        return count, self._quietest(float(ends_s[count - 1]))

    def _levels(self) -> NDArray[np.float32]:
        return np.abs(np.frombuffer(b"".join(self._pcm), "<i2").astype(np.float32))

    def _silent_s(self) -> float:
        """How long it was silent before it began."""
        loud = np.flatnonzero(self._levels() > LOUD)
        return float(loud[0]) / OUTPUT_HZ if loud.size else self.given_s

    def _quietest(self, near_s: float) -> float:
        """The middle of the quietest moment around `near_s`, of several the nearest; `near_s` if
        nothing there is quiet."""
        samples = self._levels()
        window = int(QUIET_S * OUTPUT_HZ)
        first = max(0, int((near_s - NEAR_S) * OUTPUT_HZ))
        last = min(len(samples), int((near_s + NEAR_S) * OUTPUT_HZ))
        if last - first < 2 * window:
            return min(near_s, self.given_s)
        loudness = np.convolve(samples[first:last], np.ones(window), "valid")
        if loudness.min() > loudness.mean() / 2:
            return min(near_s, self.given_s)
        middles = first + window // 2 + np.arange(len(loudness))
        quiet = middles[loudness <= loudness.min() + QUIET * loudness.mean()]
        nearest = quiet[np.argmin(np.abs(quiet - near_s * OUTPUT_HZ))]
        return float(nearest) / OUTPUT_HZ


def _letters(word: str) -> int:
    """What of it is said; a sign on its own counts as one."""
    return max(1, sum(character.isalnum() for character in word))
