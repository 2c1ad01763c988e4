"""What Flux thinks of a turn on its way to the turn machine, and what of it when Flux fails."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.simulators import tones
from tests.simulators.deepgram import DeepgramSimulator
from tests.simulators.flux import FluxSimulator
from tests.simulators.vendors import adapter
from tests.voice.calls import Caller, house, said
from tests.voice.ears import Hearing, hearing
from voice.providers.protocols import INPUT_HZ
from voice.turns.endpointing import Endpointing
from voice.turns.events import TranscriptGrew
from voice.turns.policy import Policy

FRAME_BYTES = 1024
SILENCE = bytes(FRAME_BYTES)


@pytest.fixture
async def flux() -> AsyncIterator[FluxSimulator]:
    async with FluxSimulator() as simulator:
        yield simulator


@pytest.fixture
async def nova() -> AsyncIterator[DeepgramSimulator]:
    async with DeepgramSimulator() as simulator:
        yield simulator


async def say(subject: Hearing, text: str) -> None:
    """With a quarter of a second of silence behind it."""
    sound = tones.sound(text, INPUT_HZ)[0]
    for start in range(0, len(sound), FRAME_BYTES):
        await subject.ear.send(sound[start : start + FRAME_BYTES], is_speech=True)
        await asyncio.sleep(0)
    for _ in range(8):
        await subject.ear.send(SILENCE, is_speech=False)
        await asyncio.sleep(0)


async def until(subject: Hearing, utterance: int, **fields: object) -> list[TranscriptGrew]:
    """What comes while the microphone goes on, up to an event of which this can be said."""

    async def run() -> None:
        while True:
            await subject.ear.send(SILENCE, is_speech=False)
            await asyncio.sleep(0.02)

    running, events = asyncio.create_task(run()), []
    try:
        while not events or not _is(events[-1], {"utterance": utterance} | fields):
            events.append(await subject.event())
    finally:
        running.cancel()
        await asyncio.wait({running})
    return events


def _is(event: TranscriptGrew, fields: dict[str, object]) -> bool:
    return all(getattr(event, name) == value for name, value in fields.items())


async def test_an_utterance_is_answered_and_its_turn_over_when_the_model_says_so(flux):
    flux.open_words = ("acid",)
    async with hearing(adapter("stt", "flux", flux.url)) as subject:
        await say(subject, "able acid")
        await subject.ear.finalise(1)
        answered = await until(subject, 1, is_final=True)
        flux.open_words = ()
        over = await until(subject, 2, turn_over=True)

    assert {event.turn_over for event in answered} == {False}
    assert answered[-1].text == "able acid"
    assert (over[-1].text, over[-1].is_final) == ("", False)
    assert flux.told == []


async def test_a_turn_may_have_several_utterances(flux):
    flux.open_words = ("able", "acid")
    async with hearing(adapter("stt", "flux", flux.url)) as subject:
        for number, word in enumerate(("able", "acid"), 1):
            await say(subject, word)
            await subject.ear.finalise(number)
            answered = await until(subject, number, is_final=True)
            assert {event.turn_over for event in answered} == {False}
            assert answered[-1].text == word
        await say(subject, "aged")
        over = await until(subject, 3, turn_over=True)

    assert over[-1].text == "aged"
    assert flux.events.count("EndOfTurn") == 1


@pytest.mark.parametrize("is_asked", [False, True])
async def test_another_ear_that_goes_on_has_no_opinion_and_all_the_words(flux, nova, is_asked):
    flux.open_words = ("acid",)
    ears = adapter("stt", "flux", flux.url), adapter("stt", "deepgram", nova.url)
    async with hearing(*ears) as subject:
        await say(subject, "able acid")
        told = await until(subject, 1, text="able acid")
        if is_asked:
            flux.stop_reading()
            await subject.ear.finalise(1)
        flux.drop()
        await say(subject, "aged" if not is_asked else "")
        if not is_asked:
            await subject.ear.finalise(1)
        answered = await until(subject, 1, is_final=True)

    assert {event.turn_over for event in told} == {False}
    assert answered[-1].text == ("able acid" if is_asked else "able acid aged")
    assert answered[-1].turn_over is None
    assert subject.failures == []


def spoken(text: str, *, silent_s: float) -> bytes:
    return tones.sound(text, INPUT_HZ)[0] + bytes(int(silent_s * INPUT_HZ) * 2)


async def test_a_conversation_takes_the_turns_that_the_model_ends(flux, alice):
    flux.open_words = ("baby",)
    provider, policy = adapter("stt", "flux", flux.url), Policy(Endpointing())
    async with house(ear=provider, policy=policy) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say_aloud(spoken("able acid", silent_s=0.8))
        await caller.until("reply_ended", reply=1)
        await caller.say_aloud(spoken("also baby", silent_s=0.7))
        await caller.say_aloud(spoken("army", silent_s=0.8))
        await caller.until("reply_ended", reply=2)
        heard = [text for role, text in await said(caller.conversation) if role == "user"]

    assert heard == ["able acid", "also baby army"]
    assert (flux.events.count("EndOfTurn"), flux.told) == (2, [])
