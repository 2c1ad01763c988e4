"""What every ear holds to, whoever is behind it, fast, slow or broken."""

import asyncio
import gc
import logging
import statistics
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from tests.simulators import tones
from tests.simulators.assemblyai import AssemblyAISimulator
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.deepgram import DeepgramSimulator
from tests.simulators.flux import FluxSimulator
from tests.simulators.hearing import HUMAN, HearingSimulator
from tests.simulators.server import Simulator
from tests.simulators.transcriptions import TranscriptionsSimulator
from tests.voice.providers.listening import (
    KEY,
    PAUSE,
    answer,
    answers,
    opened,
    said,
    say,
    send,
    words,
)
from tests.voice.providers.speaking import BUSY
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.protocols import INPUT_HZ, SpeechToText, SpeechToTextStream, Transcript
from voice.providers.stt.assemblyai import AssemblyAI
from voice.providers.stt.deepgram import Deepgram
from voice.providers.stt.flux import Flux
from voice.providers.stt.offline import PocketSphinx
from voice.providers.stt.owed import ANSWER_S
from voice.providers.stt.transcriptions import Transcriptions


@dataclass(frozen=True)
class Vendor:
    simulator: type[Simulator]
    make: Callable[[Account], Any]
    model: str
    greets: bool = False
    """Its first item opens the stream, which waits for it."""

    def ear_at(self, url: str) -> Any:
        name = self.simulator.__name__.removesuffix("Simulator").lower()
        return self.make(Account(name, KEY, url, self.model, f"{name}_STT_MODEL".upper()))


VENDORS = {
    "deepgram": Vendor(DeepgramSimulator, Deepgram, "nova-3"),
    "flux": Vendor(FluxSimulator, Flux, "flux-general-en"),
    "assemblyai": Vendor(
        AssemblyAISimulator, AssemblyAI, "universal-streaming-english", greets=True
    ),
    "transcriptions": Vendor(TranscriptionsSimulator, Transcriptions, "whisper"),
}
SOCKETS = [name for name in VENDORS if name != "transcriptions"]

TEXTS = ["able acid aged also", "area army away", "baby back ball band bank base"]
LATE_S = 0.4
"""More than it ought to take, on a busy machine."""
CANCEL_S = 0.1
OURS = ("/voice/providers/", "/deepgram/", "/assemblyai/", "/openai/", "/websockets/legacy/")


@pytest.fixture(params=VENDORS)
def kind(request: pytest.FixtureRequest) -> Vendor:
    return VENDORS[request.param]


@pytest.fixture
async def vendor(kind: Vendor) -> AsyncIterator[Simulator]:
    async with kind.simulator() as simulator:
        yield simulator


@pytest.fixture
async def ear(kind: Vendor, vendor: Simulator) -> AsyncIterator[SpeechToText]:
    provider = kind.ear_at(vendor.url)
    yield provider
    await provider.aclose()


@pytest.fixture(params=[*VENDORS, "offline"])
async def any_ear(request: pytest.FixtureRequest) -> AsyncIterator[SpeechToText]:
    if request.param == "offline":
        provider = PocketSphinx(linger_s=0)
        yield provider
        return
    kind = VENDORS[request.param]
    async with kind.simulator() as simulator:
        provider = kind.ear_at(simulator.url)
        yield provider
        await provider.aclose()


def our_tasks() -> list[asyncio.Task[Any]]:
    """Those that run code of ours or of an SDK."""
    files = {
        task: getattr(task.get_coro(), "cr_code", say.__code__).co_filename
        for task in asyncio.all_tasks()
    }
    return [
        task
        for task, file in files.items()
        if "/tests/" not in file and any(part in file for part in OURS)
    ]


# --- what is understood --------------------------------------------------------------------------


async def test_words_are_transcribed_as_they_were_said(ear):
    async with opened(ear) as stream:
        for text in TEXTS:
            assert words(await said(stream, text)) == text.split()


async def test_a_finalise_is_answered_when_nothing_was_said(any_ear):
    async with opened(any_ear) as stream:
        await stream.finalise()
        assert words(await answer(stream)) == []
        await send(stream, PAUSE)
        await stream.finalise()
        assert words(await answer(stream)) == []


async def test_two_finalises_in_a_row_are_answered_once_each_and_in_order(any_ear):
    async with opened(any_ear) as stream:
        for _ in range(2):
            await send(stream, PAUSE)
            await stream.finalise()
            await stream.finalise()
            assert words(await answer(stream, count=2)) == []


async def test_two_finalises_in_a_row_leave_every_word_to_the_first(ear):
    async with opened(ear) as stream:
        for text in TEXTS:
            await say(stream, text)
            await stream.finalise()
            await stream.finalise()
            assert words(await answer(stream)) == text.split()
            assert words(await answer(stream)) == []


async def test_a_finalise_is_answered_soon_and_no_second_time(ear):
    loop = asyncio.get_running_loop()
    async with opened(ear) as stream:
        for text in TEXTS:
            await say(stream, text)
            asked_at = loop.time()
            await stream.finalise()
            await answer(stream)
            assert loop.time() - asked_at < ANSWER_S + LATE_S
        await say(stream, "able")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(ANSWER_S + LATE_S):
                await answer(stream)


@pytest.mark.parametrize("name", SOCKETS)
@pytest.mark.parametrize("cut", [1, 2, 3])
async def test_what_the_vendor_ends_by_itself_loses_and_doubles_no_word(name, cut):
    """What it ends while it is being asked to may be its answer, and the rest come after that."""
    kind, expected = VENDORS[name], " ".join(TEXTS).split()
    heard: list[Transcript] = []
    async with kind.simulator(cuts_after_words=cut) as vendor, opened(kind.ear_at(vendor.url)) as s:
        for text in TEXTS:
            heard += await said(s, text)
        transcripts = aiter(s.transcripts())
        while len(words(heard)) < len(expected):
            heard.append(await anext(transcripts))
        await send(s, PAUSE)
        await s.finalise()
        heard += await answer(s)

    assert words(heard) == expected
    assert answers(heard) == len(TEXTS) + 1


async def test_a_stream_that_is_opened_again_hears_as_well(any_ear, request):
    for text in TEXTS:
        async with opened(any_ear, bound_s=30) as stream:  # one of them starts a process
            heard = await said(stream, text)
            assert answers(heard) == 1
            if "offline" not in request.node.name:  # it knows people, not tones
                assert words(heard) == text.split()


async def test_two_minutes_of_sound_are_understood(ear):
    vocabulary, spoken_s = list(tones.VOCABULARY), 0.0
    async with asyncio.timeout(60), ear.open(language="en") as stream:
        while spoken_s < 120:
            vocabulary = [*vocabulary[7:], *vocabulary[:7]]
            text = " ".join(vocabulary[:24])
            assert words(await said(stream, text)) == text.split()
            spoken_s += len(tones.sound(text, INPUT_HZ)[0]) / 2 / INPUT_HZ


async def test_two_streams_do_not_mix(ear):
    async with opened(ear) as one, opened(ear) as other:
        for text, another in zip(TEXTS, reversed(TEXTS), strict=True):
            pair = await asyncio.gather(said(one, text), said(other, another))
            assert [words(heard) for heard in pair] == [text.split(), another.split()]


async def test_people_are_understood_too(ear):
    hum = np.random.default_rng(1).normal(0, 0.2, 3 * INPUT_HZ).clip(-1, 1)
    async with opened(ear) as stream:
        await send(stream, (hum * 32767).astype("<i2").tobytes() + PAUSE)
        await stream.finalise()
        assert words(await answer(stream)) == [word.lower() for word in HUMAN]


# --- what goes wrong -----------------------------------------------------------------------------

AT_OPEN = {
    Fault.REFUSE: ProviderUnavailable,
    Fault.UNAUTHORISED: ProviderRejected,
    Fault.BUSY: ProviderBusy,
    Fault.BROKEN: ProviderUnavailable,
    Fault.HANG_CONNECT: ProviderTimeout,
}
IN_THE_MIDDLE = {
    Fault.REFUSE: ProviderUnavailable,
    Fault.DROP: ProviderUnavailable,
    Fault.END_EARLY: ProviderUnavailable,
    Fault.GARBAGE: ProviderUnavailable,
}


async def one_utterance(ear: SpeechToText) -> list[Transcript]:
    async with opened(ear) as stream:
        return await said(stream, TEXTS[0])


@pytest.mark.parametrize("fault", AT_OPEN)
async def test_what_is_wrong_at_first_is_told_as_what_it_is_and_without_the_key(
    ear, vendor, fault, caplog
):
    caplog.set_level(logging.DEBUG)
    await vendor.behave(Conduct(fault))

    with pytest.raises(AT_OPEN[fault]) as raised:
        await one_utterance(ear)

    assert type(raised.value) is AT_OPEN[fault]
    assert KEY not in told_by(raised.value) + repr(ear) + caplog.text


def told_by(error: ProviderError) -> str:
    return "".join(traceback.format_exception(error)) + repr(error)


@pytest.mark.parametrize("after_items", [0, 1])
@pytest.mark.parametrize("fault", IN_THE_MIDDLE)
async def test_what_goes_wrong_later_is_told_as_what_it_is(ear, vendor, fault, after_items):
    async with opened(ear) as stream:
        await said(stream, TEXTS[0])
        await vendor.behave(Conduct(fault, after_items=after_items))
        with pytest.raises(IN_THE_MIDDLE[fault]):
            await said(stream, TEXTS[1])


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.STALL])
async def test_a_deaf_ear_answers_all_the_same_or_says_that_it_is_late(kind, ear, vendor, fault):
    await vendor.behave(Conduct(fault))

    try:
        heard = await one_utterance(ear)
    except ProviderTimeout:
        assert not isinstance(vendor, HearingSimulator) or kind.greets
    else:
        assert answers(heard) == 1


async def test_a_slow_ear_answers_in_time(ear, vendor):
    await vendor.behave(Conduct(Fault.SLOW, first_item_s=0.05, item_s=0.05))
    loop = asyncio.get_running_loop()
    async with opened(ear) as stream:
        await say(stream, TEXTS[0])
        asked_at = loop.time()
        await stream.finalise()
        assert answers(await answer(stream)) == 1
        assert loop.time() - asked_at < 1.0 + LATE_S


async def test_who_is_busy_says_for_how_long(kind, ear, vendor):
    await vendor.behave(Conduct(Fault.BUSY, retry_after_s=7))

    with pytest.raises(ProviderBusy) as raised:
        await one_utterance(ear)

    if isinstance(ear, AssemblyAI):
        assert raised.value.retry_after_s is None  # its SDK keeps the header to itself
    else:
        assert raised.value.retry_after_s == 7


@pytest.mark.parametrize("fault", IN_THE_MIDDLE)
async def test_the_key_is_told_to_nobody(ear, vendor, fault, caplog):
    caplog.set_level(logging.DEBUG)
    await vendor.behave(Conduct(fault))

    with pytest.raises(ProviderError) as raised:
        await one_utterance(ear)

    assert KEY not in told_by(raised.value) + repr(ear) + caplog.text


@pytest.mark.parametrize("name", SOCKETS)
async def test_a_key_that_the_vendor_quotes_is_not_passed_on(name, caplog):
    kind = VENDORS[name]
    async with kind.simulator() as vendor, opened(kind.ear_at(vendor.url)) as stream:
        await said(stream, TEXTS[0])
        await vendor.hang_up(4999, f"no such key: {KEY}")

        with pytest.raises(ProviderUnavailable, match="no such key") as raised:
            await answer(stream)

    assert KEY not in str(raised.value) + repr(raised.value)


# --- leaving -------------------------------------------------------------------------------------


async def test_closing_ends_the_transcripts(any_ear):
    async with opened(any_ear) as stream:
        reading = asyncio.create_task(answer(stream))
        await asyncio.sleep(0)

    assert await asyncio.wait_for(reading, 1) == []


async def session(ear: SpeechToText) -> None:
    async with ear.open(language="en") as stream:
        await say(stream, "able")
        await stream.finalise()
        await answer(stream)


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Without the garbage collector, which alone may take as long as we have."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("fault", [Fault.NONE, Fault.HANG, Fault.HANG_CONNECT])
async def test_whoever_is_cancelled_is_gone_at_once_wherever_that_was(ear, vendor, fault):
    """After one step of the event loop, after two, … until there is nothing left to cancel."""
    await vendor.behave(Conduct(fault))
    loop = asyncio.get_running_loop()
    steps, was_cancelled, took_s = 0, True, []
    while was_cancelled and steps < 80:
        running = asyncio.create_task(session(ear))
        for _ in range(steps):
            await asyncio.sleep(0)
        was_cancelled, cancelled_at = running.cancel(), loop.time()
        async with asyncio.timeout(BUSY * CANCEL_S):
            await asyncio.wait({running})
            await vendor.until(lambda: not vendor.answering)
        took_s.append(loop.time() - cancelled_at)
        assert our_tasks() == []
        assert running.cancelled() == was_cancelled, f"after {steps} steps"
        steps += 1
    assert statistics.median(took_s) < CANCEL_S


@pytest.mark.parametrize("name", SOCKETS)
async def test_whoever_is_cancelled_while_leaving_leaves_nothing_behind(name):
    """The peer does not help: it answers nothing any more."""
    kind = VENDORS[name]
    async with kind.simulator() as vendor:
        ear = kind.ear_at(vendor.url)
        for steps in range(8):
            running = asyncio.create_task(_left_by_a_silent_peer(ear, vendor))
            await vendor.until(lambda n=steps: vendor.silenced > n)
            for _ in range(steps):
                await asyncio.sleep(0)
            running.cancel()
            async with asyncio.timeout(1):
                await asyncio.wait({running})
            assert running.cancelled()
            assert our_tasks() == []


async def _left_by_a_silent_peer(ear: SpeechToText, vendor: Any) -> None:
    async with opened(ear) as stream:
        await said(stream, TEXTS[0])
        vendor.stop_reading()


@pytest.mark.parametrize("name", SOCKETS)
async def test_leaving_just_after_a_drop_raises_nothing_more(name):
    kind = VENDORS[name]
    async with kind.simulator() as vendor, opened(kind.ear_at(vendor.url)) as stream:
        await said(stream, TEXTS[0])
        vendor.drop()


@pytest.mark.parametrize("drops", [False, True])
@pytest.mark.parametrize("name", SOCKETS)
async def test_a_peer_that_does_not_read_cannot_hold_us(name, drops):
    """Nor does it matter if it drops us while we try to take leave."""
    kind = VENDORS[name]
    loop, noise = asyncio.get_running_loop(), np.random.default_rng(1).bytes(2**16)
    async with kind.simulator() as vendor:
        async with opened(kind.ear_at(vendor.url)) as stream:
            await said(stream, TEXTS[0])
            vendor.stop_reading()
            with pytest.raises(ProviderUnavailable, match="too slow"):
                await _shout(stream, noise)
            if drops:
                loop.call_later(0.02, vendor.drop)
            left_at = loop.time()
        assert loop.time() - left_at < 1
        assert our_tasks() == []


async def _shout(stream: SpeechToTextStream, noise: bytes) -> None:
    """Until the stream breaks."""
    reading = asyncio.create_task(answer(stream))
    while not reading.done():
        await stream.send(noise)
        await asyncio.sleep(0)
    await reading
