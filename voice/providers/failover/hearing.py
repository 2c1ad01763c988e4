"""The ears of a chain as one that loses no word when one of them goes deaf.

The sound of the utterance in progress is kept until its transcript is there. When an ear fails, the
next one gets all of that at once, and what it understands replaces what was understood so far.
Where an answer is late, a second ear listens beside the first. In a pause the session goes back to
the best ear that is well.
"""

import asyncio
import math
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from voice.providers.errors import ProviderError, ProviderTimeout
from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.deadlines import HEAR
from voice.providers.failover.kept import Finalise, Kept, Said, Sound
from voice.providers.failover.member import Member, in_order
from voice.providers.failover.open_ear import OpenEar
from voice.providers.protocols import SpeechToText, Transcript

log = structlog.get_logger()

REVIEW_S = 1.0
"""How often to look for a better ear while nobody speaks."""
AGAIN_FIRST_S, AGAIN_MAX_S = 0.25, 8.0
CLOSE_S = 2.0
"""An ear closes within a second; one that doesn't is left behind, and logged."""


class Hearer(Protocol):
    """Who is told."""

    def on_transcript(self, transcript: Transcript, *, anew: bool) -> None:
        """anew: what was told of utterances without an answer is void."""

    def on_deaf(self, error: ProviderError, *, is_news: bool) -> None:
        """No ear can hear just now; what was asked will not be answered. Told at each attempt;
        is_news: the first since one could."""


class HearingChain:
    def __init__(self, members: Sequence[Member[SpeechToText]]) -> None:
        self.members = members
        self.budget = HedgeBudget()

    def listen(
        self,
        hearer: Hearer,
        *,
        language: str,
        terms: Sequence[str] = (),
        on_given: Callable[[str, float], None] = lambda name, seconds: None,
    ) -> "Hearing":
        """on_given: told now and then how many more seconds of sound an ear was given."""
        return Hearing(self, hearer, language, terms, on_given)


class Hearing:
    """For one session. `run` is its life; `send` and `finalise` are called by others meanwhile."""

    def __init__(
        self,
        chain: HearingChain,
        hearer: Hearer,
        language: str,
        terms: Sequence[str],
        on_given: Callable[[str, float], None],
    ) -> None:
        self._on_given = on_given
        self._chain = chain
        self._hearer = hearer
        self._language = language
        self._terms = terms
        self._expects_others = False
        """Than the open ear was told."""
        self._kept = Kept()
        self._ears: list[OpenEar] = []
        """Who is listened to, and perhaps others beside it: because those before are late, or to
        take over in a pause."""
        self._failed: set[str] = set()
        """Members that failed since one was heard from."""
        self._is_alone = False
        """The last is late, and there is nobody else or the budget allows none."""
        self._tasks: dict[OpenEar, asyncio.Task[None]] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()

    @property
    def name(self) -> str:
        """Whose ear it is now; "" while there is none."""
        return self._ears[0].member.name if self._ears else ""

    def steer(self, language: str, terms: Sequence[str]) -> None:
        """Expect this language and these terms. Where they are others, the ear is opened anew as
        soon as nobody is speaking."""
        if (language, tuple(terms)) != (self._language, tuple(self._terms)):
            self._language, self._terms = language, terms
            self._expects_others = True
            self._wake.set()

    async def send(self, pcm: bytes, *, is_speech: bool) -> None:
        """Take 20–100 ms of sound at 16 kHz."""
        sound = Sound(pcm, is_speech)
        self._kept.sound(sound)
        await self._give(sound)

    async def finalise(self) -> None:
        """Ask for what was said since the last time. Answers come in order."""
        self._chain.budget.earn()
        self._is_alone = False
        await self._give(self._kept.finalise(asyncio.get_running_loop().time()))
        self._wake.set()

    async def run(self) -> None:
        """Hear until cancelled; when no ear can, try again, ever more slowly."""
        loop = asyncio.get_running_loop()
        delay_s = AGAIN_FIRST_S
        while True:
            began_at = loop.time()
            try:
                await self._listen()
            except ProviderError as error:
                if loop.time() - began_at > AGAIN_MAX_S:
                    delay_s = AGAIN_FIRST_S
                self._give_up_answers()
                self._hearer.on_deaf(error, is_news=delay_s == AGAIN_FIRST_S)
            await asyncio.sleep(delay_s * random.uniform(0.5, 1.0))
            delay_s = min(AGAIN_MAX_S, delay_s * 2)

    async def _listen(self) -> None:
        """With one ear after the other. Raises ProviderError when none can hear."""
        loop = asyncio.get_running_loop()
        self._failed.clear()
        self._is_alone = False
        try:
            self._open(in_order(self._chain.members)[0])
            while True:
                self._wake.clear()
                self._watch(loop.time())
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(loop.time() + self._wait_s(loop.time())):
                        await self._wake.wait()
        finally:
            for ear in list(self._ears):
                self._close(ear)
            if self._leaving and (await asyncio.wait(self._leaving, timeout=CLOSE_S))[1]:
                log.warning("provider.not_closed", ears=len(self._leaving))

    # --- what was understood ----------------------------------------------------------------------
    def _take(self, ear: OpenEar, transcript: Transcript) -> None:
        if transcript.answers_finalise:
            self._account_for(ear)
        owed = ear.asked[0] if ear.asked else None
        answered = ear.asked.popleft() if owed and transcript.answers_finalise else None
        if owed and self._kept.is_answered(owed):
            self._wake.set()  # it comes second, with what is known already
            return
        if ear is self._ears[0]:
            self._take_first(ear, transcript, answered)
        else:
            ear.told = [told for told in ear.told if told.is_final]
            ear.told.append(transcript)
            if answered is not None or (transcript.text and self._ears[0].seems_deaf):
                self._prefer(ear, answered)

    def _take_first(self, ear: OpenEar, transcript: Transcript, answered: Finalise | None) -> None:
        if answered is not None and transcript.is_guess and len(self._ears) > 1:
            ear.asked.appendleft(answered)  # it stayed silent: the other one is sure to know more
            self._prefer(self._ears[1], None)
            return
        others = [other for other in self._ears[1:] if any(t.text for t in other.told)]
        if answered is not None and others and ear.seems_deaf and not transcript.text:
            ear.asked.appendleft(answered)  # the other one has heard words, so this one is deaf
            return
        self._tell(ear, transcript, answered)
        self._failed.clear()

    def _prefer(self, ear: OpenEar, answered: Finalise | None) -> None:
        """It was faster than those before it, or hears while they don't."""
        now = asyncio.get_running_loop().time()
        for before in self._ears[: self._ears.index(ear)]:
            if self._is_late(before, now):
                before.member.vitals.late(before.waited_s(now))
            self._close(before)
        self._promote(ear, answered)

    def _promote(self, ear: OpenEar, answered: Finalise | None = None) -> None:
        """It is the first now: what it understood beside another is what counts."""
        told, ear.told = ear.told, []
        for transcript in told:
            self._tell(ear, transcript, answered if transcript.answers_finalise else None)

    def _tell(self, ear: OpenEar, transcript: Transcript, answered: Finalise | None) -> None:
        anew, ear.is_new = ear.is_new, False
        self._hearer.on_transcript(transcript, anew=anew)
        if answered is not None:
            ear.member.vitals.well(ear.took_s(answered), asked_at=ear.asked_at)
            self._kept.answer(answered)
            for other in self._ears:
                other.told.clear()  # it was about the same
            self._wake.set()

    def _give_up_answers(self) -> None:
        for finalise in self._kept.unanswered():
            self._kept.answer(finalise)

    # --- who listens ------------------------------------------------------------------------------
    def _watch(self, now: float) -> None:
        """Replace who fails; have another listen beside who is late; go back to the best."""
        for ear in list(self._ears):
            limit_s = self._limit_s(ear)
            if ear.error is None and ear.waited_s(now) >= limit_s:
                ear.error = ProviderTimeout(ear.member.name, f"no answer within {limit_s:.1f} s")
            if ear.error is not None:
                self._fail(ear, ear.error)
        if not self._kept.is_idle:
            if not self._is_alone and self._is_late(self._ears[-1], now):
                self._hedge()
        elif self._expects_others:
            self._renew()
        elif len(self._ears) > 1:
            self._settle()
        else:
            self._go_back()

    def _hedge(self) -> None:
        member = self._next()
        if member is None or not (member.is_last_resort or self._chain.budget.spend()):
            self._is_alone = True
            return
        self._ears[-1].member.vitals.hedged()
        self._open(member)

    def _fail(self, ear: OpenEar, error: ProviderError) -> None:
        ear.member.vitals.failed(error)
        self._failed.add(ear.member.name)
        self._is_alone = False
        self._close(ear)
        if self._ears:
            self._promote(self._ears[0])
            return
        member = self._next()
        if member is None:
            raise error
        log.info("provider.handed_on", to=member.vitals.key, error=str(error))
        ear.member.vitals.handed_on()
        self._open(member)

    def _settle(self) -> None:
        """In a pause one ear is enough: the best, once it is open and owes nothing."""
        order = in_order(self._chain.members)
        best = next((ear for m in order for ear in self._ears if ear.member is m), self._ears[0])
        if best.is_open and not best.asked:
            for ear in [ear for ear in self._ears if ear is not best]:
                self._close(ear)
            self._promote(best)

    def _renew(self) -> None:
        self._expects_others = False
        self._open(self._ears[0].member)
        for ear in self._ears[:-1]:
            self._close(ear)

    def _go_back(self) -> None:
        best = in_order(self._chain.members)[0]
        is_open = best is self._ears[0].member
        if not is_open and best.vitals.breaker.is_closed and best.name not in self._failed:
            self._open(best)

    def _next(self) -> Member[SpeechToText] | None:
        taken = {ear.member.name for ear in self._ears} | self._failed
        return next((m for m in in_order(self._chain.members) if m.name not in taken), None)

    def _open(self, member: Member[SpeechToText]) -> None:
        ear = OpenEar(member, self._kept, self._take, self._wake.set)
        self._ears.append(ear)
        self._tasks[ear] = asyncio.create_task(ear.run(self._language, self._terms))

    def _close(self, ear: OpenEar) -> None:
        """Without waiting for it."""
        self._account_for(ear)
        self._ears.remove(ear)
        task = self._tasks.pop(ear)
        task.cancel()
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def _account_for(self, ear: OpenEar) -> None:
        if given_s := ear.take_given_s():
            self._on_given(ear.member.name, given_s)

    async def _give(self, said: Said) -> None:
        for ear in list(self._ears):
            await ear.give(said)

    # --- time -------------------------------------------------------------------------------------
    def _is_late(self, ear: OpenEar, now: float) -> bool:
        return ear.seems_deaf or self._late_in_s(ear, now) <= 0

    def _late_in_s(self, ear: OpenEar, now: float) -> float:
        """For an answer that no other has given meanwhile."""
        waited_for = next((asked for asked in ear.asked if not self._kept.is_answered(asked)), None)
        if waited_for is None:
            return math.inf
        return ear.member.vitals.first.late_s - ear.waited_s(now, waited_for)

    def _limit_s(self, ear: OpenEar) -> float:
        slow_s = ear.member.vitals.first.slow_s
        return slow_s if self._is_alone and self._next() else max(HEAR.first_s, slow_s)

    def _wait_s(self, now: float) -> float:
        """Until something is due if nothing comes."""
        due = [self._limit_s(ear) - ear.waited_s(now) for ear in self._ears if ear.asked]
        if not self._is_alone:
            due.append(self._late_in_s(self._ears[-1], now))
        return min([REVIEW_S, *due])
