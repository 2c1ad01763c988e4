"""Several ears may listen at once: whose words count, so that each is told once and in order."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from voice.providers.errors import ProviderError
from voice.providers.failover.ears import Ears
from voice.providers.failover.kept import Finalise, Kept
from voice.providers.failover.open_ear import OpenEar
from voice.providers.protocols import Transcript


class Hearer(Protocol):
    """Who is told."""

    def on_transcript(self, transcript: Transcript, *, anew: bool) -> None:
        """anew: what was told of utterances without an answer is void."""

    def on_deaf(self, error: ProviderError, *, is_news: bool) -> None:
        """No ear can hear just now; what was asked will not be answered. Told at each attempt;
        is_news: the first since one could."""


class Arbiter:
    """Passes on what the first ear understands. What another understands beside it is noted, and
    counts once that one is the first."""

    def __init__(
        self, ears: Ears, kept: Kept, hearer: Hearer, on_answer: Callable[[], None]
    ) -> None:
        """on_answer: an ear owes one answer less."""
        self._ears = ears
        self._kept = kept
        self._hearer = hearer
        self._on_answer = on_answer

    def take(self, ear: OpenEar, transcript: Transcript) -> None:
        """This ear has understood something."""
        if transcript.answers_finalise:
            self._ears.account_for(ear)
        owed = ear.asked[0] if ear.asked else None
        answered = ear.asked.popleft() if owed and transcript.answers_finalise else None
        if owed and self._kept.is_answered(owed):
            self._on_answer()  # it comes second, with what is known already
        elif ear is self._ears.first:
            self._take_first(ear, transcript, answered)
        else:
            self._take_beside(ear, transcript, answered)

    def promote(self, ear: OpenEar, answered: Finalise | None = None) -> None:
        """It is the first now: what it understood beside another is what counts."""
        told, ear.told = ear.told, []
        for transcript in told:
            self._tell(ear, transcript, answered if transcript.answers_finalise else None)

    def give_up_answers(self) -> None:
        """Nobody will give those that were asked for."""
        for finalise in self._kept.unanswered():
            self._kept.answer(finalise)

    def _take_first(self, ear: OpenEar, transcript: Transcript, answered: Finalise | None) -> None:
        others = [other for other in self._ears if other is not ear]
        if answered is not None and transcript.is_guess and others:
            ear.asked.appendleft(answered)  # it stayed silent: the other one is sure to know more
            self._prefer(others[0], None)
            return
        is_heard = any(told.text for other in others for told in other.told)
        if answered is not None and is_heard and ear.seems_deaf and not transcript.text:
            ear.asked.appendleft(answered)  # the other one has heard words, so this one is deaf
            return
        self._tell(ear, transcript, answered)
        self._ears.failed.clear()

    def _take_beside(self, ear: OpenEar, transcript: Transcript, answered: Finalise | None) -> None:
        ear.told = [told for told in ear.told if told.is_final]
        ear.told.append(transcript)
        if answered is not None or (transcript.text and self._ears.first.seems_deaf):
            self._prefer(ear, answered)

    def _prefer(self, ear: OpenEar, answered: Finalise | None) -> None:
        """It was faster than those before it, or hears while they don't."""
        now = asyncio.get_running_loop().time()
        for before in self._ears.before(ear):
            if before.is_late(now):
                before.member.vitals.late(before.waited_s(now))
            self._ears.close(before)
        self.promote(ear, answered)

    def _tell(self, ear: OpenEar, transcript: Transcript, answered: Finalise | None) -> None:
        anew, ear.is_new = ear.is_new, False
        self._hearer.on_transcript(transcript, anew=anew)
        if answered is not None:
            ear.member.vitals.well(ear.took_s(answered), asked_at=ear.asked_at)
            self._kept.answer(answered)
            for other in self._ears:
                other.told.clear()  # it was about the same
            self._on_answer()
