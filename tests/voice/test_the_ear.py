import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.voice.scripted import ScriptedEar, ScriptedEarStream
from voice.providers.errors import ProviderError, ProviderUnavailable
from voice.stages.ear import ANSWER_S, Ear
from voice.turns.events import Event, TranscriptGrew


class Hearing:
    """An ear, a clock that the test moves, and what came of it."""

    def __init__(self, provider: ScriptedEar) -> None:
        self.events: asyncio.Queue[TranscriptGrew] = asyncio.Queue()
        self.failures: list[ProviderError] = []
        self.clock = 0.0
        self.ear = Ear(
            provider,
            language="en",
            emit=self._emit,
            now=lambda: self.clock,
            on_failure=self.failures.append,
        )

    def _emit(self, event: Event) -> None:
        assert isinstance(event, TranscriptGrew)
        self.events.put_nowait(event)

    async def next(self) -> tuple[int, str, bool]:
        """(utterance, text, is final) of the next event."""
        event = await asyncio.wait_for(self.events.get(), 5)
        return event.utterance, event.text, event.is_final


@asynccontextmanager
async def hearing(provider: ScriptedEar) -> AsyncIterator[Hearing]:
    subject = Hearing(provider)
    running = asyncio.create_task(subject.ear.run())
    await asyncio.sleep(0)
    try:
        yield subject
    finally:
        running.cancel()


async def test_words_belong_to_the_utterance_that_is_being_spoken():
    provider = ScriptedEar(["hello there"])
    async with hearing(provider) as subject:
        provider.opened[0].hear("hello")
        assert await subject.next() == (1, "hello", False)

        await subject.ear.finalise(1)
        assert await subject.next() == (1, "hello there", True)

        provider.opened[0].hear("next")
        assert await subject.next() == (2, "next", False)


async def test_words_that_come_before_the_answer_belong_to_what_was_asked():
    provider = ScriptedEar(["late"])
    async with hearing(provider) as subject:
        provider.opened[0].hear("la")
        await subject.ear.finalise(1)

        assert await subject.next() == (1, "la", False)
        assert await subject.next() == (1, "late", True)


async def test_what_is_said_before_the_ear_is_open_is_heard_when_it_is():
    opening = asyncio.Event()

    class SlowEar(ScriptedEar):
        @asynccontextmanager
        async def open(self, *, language: str) -> AsyncIterator[ScriptedEarStream]:
            await opening.wait()
            async with ScriptedEar.open(self, language=language) as stream:
                yield stream

    provider = SlowEar(["early words"])
    async with hearing(provider) as subject:
        await subject.ear.send(b"\1\0")
        await subject.ear.finalise(1)
        opening.set()

        assert await subject.next() == (1, "early words", True)
        assert provider.opened[0].received == b"\1\0"


async def test_when_the_stream_breaks_what_was_understood_is_the_answer():
    provider = ScriptedEar()
    async with hearing(provider) as subject:
        stream = provider.opened[0]
        stream.hear("half a")
        assert await subject.next() == (1, "half a", False)
        stream.finalise = _never  # type: ignore[method-assign]
        await subject.ear.finalise(1)

        stream.fail(ProviderUnavailable("scripted", "gone"))

        assert await subject.next() == (1, "half a", True)
        assert len(subject.failures) == 1


async def test_a_provider_that_forgets_an_answer_is_not_waited_for_for_ever():
    provider = ScriptedEar(["second"])
    async with hearing(provider) as subject:
        stream = provider.opened[0]
        remembered, stream.finalise = stream.finalise, _never  # type: ignore[method-assign]
        await subject.ear.finalise(1)
        subject.clock += ANSWER_S + 1
        stream.finalise = remembered  # type: ignore[method-assign]

        stream.hear("sec")
        assert await subject.next() == (2, "sec", False)
        await subject.ear.finalise(2)

        assert await subject.next() == (2, "second", True)


async def _never() -> None:
    return None
