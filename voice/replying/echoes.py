"""Words that the ear understood, without those that were the assistant's own, come back through an
open speaker.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from math import inf

from voice.text.echo import HeardText, SaidWord, is_echo, own_words
from voice.text.letters import letter_count, split
from voice.turns.events import TranscriptGrew
from voice.turns.state import Speech

EARLY_S = 0.3
"""Words may begin so much before VAD hears a voice."""
SURE_S = 0.3
"""A voice that the echo guard has let pass for so long is somebody's: each word counts."""
LETTERS_MIN = 2
"""Before that, less than “no” says nothing: ears make a lone vowel of the beginning of an echo."""


EARLIEST_S = 0.2
"""No ear knows a word sooner after a voice sets in: half of it has to be said, and then some time
passes. What it tells sooner is of the sound before."""


class Echoes:
    """One session's. Ears that are sent all of the sound understand an echo while VAD hears nobody:
    what was told by then is not what the user says afterwards, in the same utterance."""

    def __init__(self) -> None:
        self._utterance = 0
        self._letters = 0
        """Of this utterance, told while nobody spoke."""
        self._answered_at = -inf
        """When an utterance was last final."""

    def taken_out(
        self,
        event: TranscriptGrew,
        said: Sequence[SaidWord],
        speech: Speech | None,
        *,
        is_guarded: bool,
    ) -> TranscriptGrew:
        """said: what could be heard of the assistant lately. speech: what the words belong to.
        is_guarded: echo is told from voices by the sound as well."""
        if event.utterance != self._utterance:
            self._utterance, self._letters = event.utterance, 0
        if said and not self._is_somebody_heard(speech, event.at):
            self._letters = letter_count(split(event.text))
        if event.is_final:
            self._answered_at = event.at
        later = _behind(event.text, self._letters) if said else event.text
        return without_echo(replace(event, text=later), said, speech, is_guarded=is_guarded)

    def _is_somebody_heard(self, speech: Speech | None, now: float) -> bool:
        """The words may be somebody's: of one who has the floor, or speaks, or spoke just now."""
        if speech is None or speech.spoken_s(now) < EARLIEST_S:
            return False
        is_over = speech.is_paused and self._answered_at >= speech.asked_at
        return not (speech.has_passed and is_over)


def _behind(text: str, letters: int) -> str:
    """What follows about so many letters: ears change their minds about words."""
    words = split(text)
    ends = [0, *accumulate(letter_count([word]) for word in words)]
    count = min(range(len(ends)), key=lambda n: abs(ends[n] - letters))
    return text[words[count].start :] if count < len(words) else ""


def without_echo(
    event: TranscriptGrew, said: Sequence[SaidWord], speech: Speech | None, *, is_guarded: bool
) -> TranscriptGrew:
    """The same, of an ear that is sent nothing but what VAD takes for a voice."""
    if not said or speech is None or not event.text:
        return event
    heard = HeardText(event.text, speech.began_at - EARLY_S, event.at)
    has_strays = not is_guarded or speech.spoken_s(event.at) < SURE_S
    own = own_words(heard, said)
    is_own = has_strays and letter_count(split(own)) < LETTERS_MIN
    if not is_own and not is_echo(heard, said, has_strays=has_strays):
        return replace(event, text=own)
    # Where the sound is told from echo as well, a voice that goes on is somebody's without words.
    return replace(event, text="") if is_guarded else replace(event, is_echo=True)
