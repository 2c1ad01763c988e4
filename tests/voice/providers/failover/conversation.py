"""A session's ear on a chain of ears, and one who speaks to it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.voice.providers.failover.ears import SILENCE, WordEar, frame
from tests.voice.providers.failover.players import PATIENT, member, until
from voice.providers.errors import ProviderError
from voice.providers.failover.deadlines import Deadlines
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.member import Member
from voice.stages.ear import Ear
from voice.turns.events import Event, TranscriptGrew


class Conversation:
    """A session's ear, and what it has understood."""

    def __init__(self, members: Sequence[Member[WordEar]]) -> None:
        self.members = members
        self.chain = HearingChain(members)
        self.events: list[TranscriptGrew] = []
        self.failures: list[ProviderError] = []
        self.utterance = 0
        self.ear = Ear(
            self.chain,
            language="en",
            terms=("tea",),
            emit=self._emit,
            now=lambda: 0.0,
            on_failure=self.failures.append,
        )

    @property
    def finals(self) -> list[tuple[int, str]]:
        return [(event.utterance, event.text) for event in self.events if event.is_final]

    def texts(self, utterance: int) -> list[str]:
        return [event.text for event in self.events if event.utterance == utterance]

    async def say(self, *words: str) -> None:
        for word in words:
            await self.ear.send(frame(word), is_speech=True)

    async def be_silent(self, frames: int = 3) -> None:
        for _ in range(frames):
            await self.ear.send(SILENCE, is_speech=False)

    async def ask(self) -> int:
        self.utterance += 1
        await self.ear.finalise(self.utterance)
        return self.utterance

    async def final(self, utterance: int) -> str:
        await until(lambda: any(number == utterance for number, _ in self.finals))
        return dict(self.finals)[utterance]

    async def hear(self, *words: str) -> str:
        """One utterance and what was understood of it."""
        await self.say(*words)
        await self.be_silent()
        return await self.final(await self.ask())

    def _emit(self, event: Event) -> None:
        assert isinstance(event, TranscriptGrew)
        self.events.append(event)


@asynccontextmanager
async def listening(
    *ears: WordEar, deadlines: Deadlines = PATIENT, members: Sequence[Member[WordEar]] = ()
) -> AsyncIterator[Conversation]:
    subject = Conversation(members or [member(ear, deadlines) for ear in ears])
    running = asyncio.create_task(subject.ear.run())
    try:
        yield subject
    finally:
        running.cancel()
        await asyncio.wait([running])


def strikes(subject: Conversation) -> list[int]:
    return [each.vitals.breaker.points for each in subject.members]


def empty(subject: Conversation) -> None:
    while subject.chain.budget.spend():
        continue
