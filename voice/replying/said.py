"""What a reply says: its sentences as the voice has taken them, and which words lie where in the
sound that went out. Pure: where the ear is in it is passed in, in samples.
"""

from collections.abc import Callable
from dataclasses import replace

from voice.stages.frames import Frame
from voice.text.echo import SaidWord
from voice.turns.heard import (
    OUTPUT_HZ,
    SpeakingRate,
    Spoken,
    heard_text,
    progress,
    unheard_texts,
)

Rest = Callable[[int], tuple[int, int] | None]
"""Of a sentence of which all sound is there: how much of it follows (Frames.rest)."""


class Said:
    def __init__(self, rate: SpeakingRate, spoken: tuple[Spoken, ...] = ()) -> None:
        """rate: of the voice, which learns from each sentence. spoken: where it goes on."""
        self._rate = rate
        self._spoken = list(spoken)
        self._given = [(sentence.text, sentence.said) for sentence in spoken]
        """The sentences that the voice has taken, spoken or not: as written, and as said."""
        self.next_at = 0.0
        """Where the next word to be shown will have been heard."""

    @property
    def spoken(self) -> tuple[Spoken, ...]:
        """The sentences whose sound has begun to go out."""
        return tuple(self._spoken)

    @property
    def texts(self) -> list[str]:
        """The sentences that the voice has taken, as they are written."""
        return [text for text, _ in self._given]

    # --- as it is voiced ------------------------------------------------------------------------
    def give(self, text: str, said: str) -> None:
        """The voice takes another sentence."""
        self._given.append((text, said))

    def give_more(self, text: str, said: str) -> None:
        """The last one is longer than it was."""
        self._given[-1] = text, said
        if len(self._spoken) == len(self._given):
            self._spoken[-1] = replace(self._spoken[-1], text=text, said=said)
            self.next_at = 0.0

    def begins(self, frame: Frame) -> bool:
        """Whether another sentence begins with it."""
        return frame.sentence == len(self._spoken)

    def send(self, frame: Frame, first_sample: int, rest: Rest) -> None:
        """This sound goes out, from that sample on."""
        if self.begins(frame):
            self.next_at = min(self.next_at, first_sample)
            self._spoken.append(self._begun(frame.sentence, first_sample))
        spoken = self._spoken[-1]
        if spoken.is_whole:
            spoken = spoken.lengthened(0, is_whole=True, times=frame.words)
        else:
            samples = len(frame.pcm) // 2
            spoken = spoken.lengthened(samples, is_whole=False, times=frame.words, loud=frame.loud)
            if left := rest(frame.sentence):
                spoken = spoken.completed(left[0], loud=left[1])
                self._rate.learn(spoken)
        self._spoken[-1] = spoken

    def _begun(self, sentence: int, first_sample: int) -> Spoken:
        text, said = self._given[sentence]
        rate = self._rate.samples_per_letter
        return Spoken(text, first_sample, said=said, samples_per_letter=rate)

    # --- as it is heard -------------------------------------------------------------------------
    def heard(self, played: int) -> str:
        """What the ear has reached."""
        return heard_text(self._spoken, played)

    def show(self, played: int) -> str:
        """The same, for the screen: `next_at` says when there will be more."""
        heard, self.next_at = progress(self._spoken, played)
        return heard

    def unheard(self, played: int) -> list[str]:
        """What the voice has taken and the ear has not reached."""
        return [*unheard_texts(self._spoken, played), *self.unvoiced()]

    def unvoiced(self) -> list[str]:
        """What the voice has taken and no sound has gone out of."""
        return [text for text, _ in self._given[len(self._spoken) :]]

    def words(self, played: int, at: float) -> list[SaidWord]:
        """When each word began to be heard, on the clock that shows `at` where `played` is."""
        return [
            SaidWord(word, at + (sentence.first_sample + begin - played) / OUTPUT_HZ)
            for sentence in self._spoken
            for word, begin in zip(sentence.words, sentence.begins(), strict=True)
        ]
