import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.voice.ears import hearing
from tests.voice.scripted import ScriptedEar
from voice.providers.errors import ProviderUnavailable

GONE = ProviderUnavailable("scripted", "gone")


@dataclass
class SlowEar(ScriptedEar):
    """Opens when it is told to."""

    opening: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def open(self, **how):  # type: ignore[no-untyped-def]
        await self.opening.wait()
        async with ScriptedEar.open(self, **how) as stream:
            yield stream


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


async def test_what_is_certain_is_followed_by_what_is_not():
    provider = ScriptedEar(["three"])
    async with hearing(provider) as subject:
        provider.opened[0].settle("one")
        provider.opened[0].hear("too")
        provider.opened[0].hear("two")
        provider.opened[0].settle("two")
        await subject.ear.finalise(1)

        texts = [await subject.next() for _ in range(5)]
        assert [text for _, text, _ in texts] == [
            "one",
            "one too",
            "one two",
            "one two",
            "one two three",
        ]


async def test_what_is_said_before_the_ear_is_open_is_heard_when_it_is():
    provider = SlowEar(["early words"])
    async with hearing(provider) as subject:
        await subject.ear.send(b"\1\0", is_speech=True)
        await subject.ear.finalise(1)
        provider.opening.set()

        assert await subject.next() == (1, "early words", True)
        assert provider.opened[0].received == b"\1\0"


async def test_the_ear_knows_the_language_the_terms_and_who_it_is():
    provider = ScriptedEar(["yes"])
    async with hearing(provider) as subject:
        assert subject.ear.heard_by == ""
        await subject.ear.finalise(1)
        await subject.next()

        assert (provider.language, provider.terms) == ("en", ("Nguyen",))
        assert subject.ear.heard_by == "scripted"


async def test_what_one_ear_began_is_void_when_another_goes_on():
    first, second = ScriptedEar(name="a", remembers=False), ScriptedEar(["whole words"], name="b")
    async with hearing(first, second) as subject:
        first.opened[0].settle("half a")
        assert await subject.next() == (1, "half a", False)
        await subject.ear.finalise(1)
        first.opened[0].fail(GONE)

        assert await subject.next() == (1, "whole words", True)
        assert subject.ear.heard_by == "b"
        assert subject.failures == []


async def test_when_no_ear_is_left_what_was_understood_is_the_answer():
    provider = ScriptedEar(remembers=False)
    async with hearing(provider) as subject:
        provider.opened[0].settle("half")
        provider.opened[0].hear("a")
        await subject.next()
        assert await subject.next() == (1, "half a", False)
        await subject.ear.finalise(1)
        await subject.ear.finalise(2)

        provider.opened[0].fail(GONE)

        assert await subject.next() == (1, "half a", True)
        assert await subject.next() == (2, "", True)
        assert subject.failures == [GONE]


async def test_an_ear_that_forgets_an_answer_is_not_waited_for_for_ever():
    first, second = ScriptedEar(name="a", remembers=False), ScriptedEar(["second"], name="b")
    async with hearing(first, second) as subject:
        await subject.ear.send(b"\1\0", is_speech=True)
        await subject.ear.finalise(1)

        assert await subject.next() == (1, "second", True)
        await subject.ear.finalise(2)
        assert await subject.next() == (2, "", True)
