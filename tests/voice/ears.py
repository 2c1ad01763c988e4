"""An ear of the pipeline on providers of the test's choice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.voice.calls import member
from voice.providers.errors import ProviderError
from voice.providers.failover.hearing import HearingChain
from voice.providers.protocols import SpeechToText
from voice.stages.ear import Ear
from voice.turns.events import Event, TranscriptGrew


class Hearing:
    """The ear, and what came of it."""

    def __init__(self, *providers: SpeechToText) -> None:
        self.events: asyncio.Queue[TranscriptGrew] = asyncio.Queue()
        self.failures: list[ProviderError] = []
        self.ear = Ear(
            HearingChain([member("stt", provider) for provider in providers]),
            language="en",
            terms=("Nguyen",),
            emit=self._emit,
            now=lambda: 1.5,
            on_failure=self.failures.append,
        )

    def _emit(self, event: Event) -> None:
        assert isinstance(event, TranscriptGrew)
        self.events.put_nowait(event)

    async def event(self) -> TranscriptGrew:
        return await asyncio.wait_for(self.events.get(), 5)

    async def next(self) -> tuple[int, str, bool]:
        """(utterance, text, is final) of the next event."""
        event = await self.event()
        return event.utterance, event.text, event.is_final


@asynccontextmanager
async def hearing(*providers: SpeechToText) -> AsyncIterator[Hearing]:
    subject = Hearing(*providers)
    running = asyncio.create_task(subject.ear.run())
    for _ in range(2):  # the chain begins, and then its ear
        await asyncio.sleep(0)
    try:
        yield subject
    finally:
        running.cancel()
        await asyncio.wait([running])
