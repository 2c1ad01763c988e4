"""The ears of a chain as one that loses no word when one of them goes deaf.

The sound of the utterance in progress is kept until its transcript is there. When an ear fails, the
next one gets all of that at once, and what it understands replaces what was understood so far.
Where an answer is late, a second ear listens beside the first. In a pause the session goes back to
the best ear that is well.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress

from voice.providers.errors import ProviderError
from voice.providers.failover.arbiter import Arbiter, Hearer
from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.ears import Ears
from voice.providers.failover.kept import Kept, Sound
from voice.providers.failover.member import Member
from voice.providers.failover.roster import Roster
from voice.providers.protocols import SpeechToText

AGAIN_FIRST_S, AGAIN_MAX_S = 0.25, 8.0


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
        self._hearer = hearer
        self._wake = asyncio.Event()
        self._kept = Kept()
        self._ears = Ears(
            self._kept, language=language, terms=terms, wake=self._wake.set, on_given=on_given
        )
        self._arbiter = Arbiter(self._ears, self._kept, hearer, self._wake.set)
        self._roster = Roster(
            chain.members, chain.budget, ears=self._ears, kept=self._kept, arbiter=self._arbiter
        )

    @property
    def name(self) -> str:
        """Whose ear it is now; "" while there is none."""
        return self._ears.first.member.name if self._ears else ""

    def steer(self, language: str, terms: Sequence[str]) -> None:
        """Expect this language and these terms. Where they are others, the ear is opened anew as
        soon as nobody is speaking."""
        self._ears.expect(language, terms)

    async def send(self, pcm: bytes, *, is_speech: bool) -> None:
        """Take 20–100 ms of sound at 16 kHz."""
        sound = Sound(pcm, is_speech)
        self._kept.sound(sound)
        await self._ears.give(sound)

    async def finalise(self) -> None:
        """Ask for what was said since the last time. Answers come in order."""
        self._roster.asked()
        await self._ears.give(self._kept.finalise(asyncio.get_running_loop().time()))
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
                self._arbiter.give_up_answers()
                self._hearer.on_deaf(error, is_news=delay_s == AGAIN_FIRST_S)
            await asyncio.sleep(delay_s * random.uniform(0.5, 1.0))
            delay_s = min(AGAIN_MAX_S, delay_s * 2)

    async def _listen(self) -> None:
        """With one ear after the other. Raises ProviderError when none can hear."""
        loop = asyncio.get_running_loop()
        try:
            self._roster.begin()
            while True:
                self._wake.clear()
                self._roster.watch(loop.time())
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(loop.time() + self._roster.wait_s(loop.time())):
                        await self._wake.wait()
        finally:
            await self._ears.leave()
