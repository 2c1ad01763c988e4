"""How much of a reply was heard: played samples → words. Pure.

A word counts as heard once its middle has been. Where the voice gives no word times, words share
a sentence's sound in proportion to their length.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

OUTPUT_HZ = 24_000
SAMPLES_PER_CHARACTER = OUTPUT_HZ / 15
"""Ordinary speech has about 15 characters a second: how long a sentence will be whose sound is
still being made."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence of a reply as it was voiced."""

    text: str
    first_sample: int
    samples: int = 0
    is_whole: bool = False
    """All of its sound is counted in `samples`."""

    def lengthened(self, samples: int, *, is_whole: bool) -> "Spoken":
        return replace(self, samples=self.samples + samples, is_whole=is_whole)

    @property
    def length(self) -> float:
        """In samples; while its sound is still being made, at least what its text will take."""
        if self.is_whole:
            return float(self.samples)
        return max(float(self.samples), len(self.text) * SAMPLES_PER_CHARACTER)


def heard_text(sentences: Sequence[Spoken], played: int) -> str:
    """The words of these sentences that were heard when `played` samples had been."""
    return " ".join(part for part in (_split(s, played)[0] for s in sentences) if part)


def unheard_texts(sentences: Sequence[Spoken], played: int) -> list[str]:
    """The rest, sentence by sentence, from the first word that was not heard."""
    return [part for part in (_split(s, played)[1] for s in sentences) if part]


def _split(sentence: Spoken, played: int) -> tuple[str, str]:
    words = sentence.text.split()
    count = _words_heard(words, sentence, played)
    return " ".join(words[:count]), " ".join(words[count:])


def _words_heard(words: Sequence[str], sentence: Spoken, played: int) -> int:
    into = played - sentence.first_sample
    if into <= 0 or not words:
        return 0
    if sentence.is_whole and into >= sentence.samples:
        return len(words)
    characters = sum(len(word) for word in words)
    reached = characters * into / max(1.0, sentence.length)
    position = 0.0
    for count, word in enumerate(words):
        if position + len(word) / 2 > reached:
            return count
        position += len(word)
    return len(words)
