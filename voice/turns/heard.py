"""How much of a reply was heard: played samples → written words. Pure.

A word counts as heard once its middle has been; one without a sound, such as a dash, together with
the next that has one, or else the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf

from voice.turns.alignment import Span, spans
from voice.turns.timeline import WordTime, length, middle, places

OUTPUT_HZ = 24_000
SAMPLES_PER_LETTER = OUTPUT_HZ / 14
"""Ordinary speech, pauses counted as in `alignment`."""
LEARNED_LETTERS = 60
"""A sentence of so many counts as much as all before it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence of a reply as it was voiced. Positions but `first_sample` count from there."""

    text: str
    """As it is written."""
    first_sample: int
    samples: int = 0
    is_whole: bool = False
    """All of its sound is counted in `samples`."""
    said: str = ""
    """As the voice was given it; "" for as it is written."""
    times: tuple[WordTime, ...] = ()
    """Of words of `said`, in order, as far as the voice tells."""
    loud: tuple[int, int] | None = None
    """Where it is first and last not silent."""
    samples_per_letter: float = SAMPLES_PER_LETTER
    """How fast the voice speaks: how long a sentence will be whose sound is still being made."""

    def lengthened(
        self,
        samples: int,
        *,
        is_whole: bool,
        times: Sequence[WordTime] = (),
        loud: tuple[int, int] | None = None,
    ) -> "Spoken":
        """With so much more sound, and the words that begin in it. loud: from its first sample."""
        if loud:
            here = self.samples + loud[0], self.samples + loud[1]
            loud = (self.loud or here)[0], here[1]
        return replace(
            self,
            samples=self.samples + samples,
            is_whole=is_whole,
            times=_joined(self.times, times),
            loud=loud or self.loud,
        )

    def completed(self, samples: int, *, loud: int) -> "Spoken":
        """With all the sound that will come, the first `loud` samples of it up to its silence."""
        last = self.samples + loud if loud else (self.loud or (0, 0))[1]
        return replace(
            self,
            samples=self.samples + samples,
            is_whole=True,
            loud=((self.loud or (self.samples, 0))[0], last) if last else None,
        )

    @property
    def words(self) -> list[str]:
        """Those that the voice says."""
        return (self.said or self.text).split()

    def begins(self) -> list[float]:
        """Where each of `words` begins."""
        return [begin for begin, _ in places(self.words, self.times, *self._heard_between())]

    def middles(self) -> list[float]:
        """Where the middle of each written word is, never before that of the one in front of it."""
        begin, end = self._heard_between()
        found = places(self.words, self.times, begin, end)
        known = [middle(span, found) if span else None for span in self._spans()]
        nearest = next((at for at in reversed(known) if at is not None), end)
        reached = []
        for here in reversed(known):
            nearest = nearest if here is None else here
            reached.append(nearest)
        return list(accumulate(reversed(reached), max))

    def _spans(self) -> tuple[Span | None, ...]:
        return spans(self.text, self.said or self.text)

    def _heard_between(self) -> tuple[float, float]:
        begin, last = self.loud or (0, self.samples)
        if self.is_whole:
            return begin, last
        return begin, max(float(last), begin + length(self.words) * self.samples_per_letter)


@dataclass(slots=True)
class SpeakingRate:
    """How fast a voice speaks, learned sentence by sentence."""

    samples_per_letter: float = SAMPLES_PER_LETTER

    def learn(self, sentence: Spoken) -> None:
        """sentence: one that is whole."""
        if sentence.loud is None:  # written only: there is no voice
            return
        letters = length(sentence.words)
        measured = (sentence.loud[1] - sentence.loud[0]) / letters
        share = letters / (letters + LEARNED_LETTERS)
        self.samples_per_letter += share * (measured - self.samples_per_letter)


def heard_text(sentences: Sequence[Spoken], played: int) -> str:
    """The words of these sentences that were heard when `played` samples had been."""
    return progress(sentences, played)[0]


def progress(sentences: Sequence[Spoken], played: int) -> tuple[str, float]:
    """The same, and the sample at which another word will have been heard; infinite if there is
    none yet."""
    heard: list[str] = []
    next_at = inf
    for sentence in sentences:
        words, ahead = sentence.text.split(), _ahead(sentence, played)
        heard += words[: len(words) - len(ahead)]
        if ahead:
            next_at = min(next_at, sentence.first_sample + ahead[0])
    return " ".join(heard), next_at


def unheard_texts(sentences: Sequence[Spoken], played: int) -> list[str]:
    """The rest, sentence by sentence, from the first word that was not heard."""
    rests = []
    for sentence in sentences:
        words, ahead = sentence.text.split(), _ahead(sentence, played)
        rests.append(" ".join(words[len(words) - len(ahead) :]))
    return [rest for rest in rests if rest]


def _ahead(sentence: Spoken, played: int) -> list[float]:
    """The middles of the words that are still to be heard."""
    into = played - sentence.first_sample
    if sentence.is_whole and into >= sentence.samples:
        return []
    return [middle for middle in sentence.middles() if middle > into or into <= 0]


def _joined(known: Sequence[WordTime], more: Sequence[WordTime]) -> tuple[WordTime, ...]:
    """Where another voice goes on, it says again what the first had not said whole."""
    for time in more:
        known = [*(earlier for earlier in known if earlier.word < time.word), time]
    return tuple(known)
