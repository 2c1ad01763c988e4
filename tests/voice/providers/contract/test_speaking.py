"""What every voice holds to, whoever is behind it, fast, slow or broken."""

import asyncio
import logging
import statistics
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.simulators import tones
from tests.simulators.aura import AuraSimulator
from tests.simulators.cartesia import CartesiaSimulator
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.elevenlabs import ElevenLabsSimulator
from tests.simulators.server import Simulator
from tests.simulators.speech import SpeechSimulator
from tests.voice.providers.speaking import (
    BOUND_S,
    BUSY,
    KEY,
    TEXT,
    dictated,
    our_tasks,
    said,
    speech,
    spoken,
    words,
)
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.http import READ_S
from voice.providers.protocols import OUTPUT_HZ, SpeaksDrafts, SpeechChunk, TextToSpeech
from voice.providers.tts.aura import Aura
from voice.providers.tts.cartesia import Cartesia
from voice.providers.tts.elevenlabs import ElevenLabs
from voice.providers.tts.local import LocalVoice
from voice.providers.tts.openai import OpenAIVoice
from voice.text.draft import Draft


@dataclass(frozen=True)
class Voice:
    simulator: type[Simulator]
    make: Callable[[Account], Any]
    model: str
    has_times: bool = True
    """It says when each word begins."""
    notices_early_end: bool = True
    """Its protocol says when a sentence is over."""

    def speaking_at(self, url: str) -> Any:
        name = self.simulator.__name__.removesuffix("Simulator").lower()
        return self.make(
            Account(name, KEY, url, self.model, f"{name}_TTS_MODEL".upper(), "voice-1")
        )


VOICES = {
    "cartesia": Voice(CartesiaSimulator, Cartesia, "sonic-3.5"),
    "elevenlabs": Voice(ElevenLabsSimulator, ElevenLabs, "eleven_flash_v2_5"),
    "aura": Voice(AuraSimulator, Aura, "aura-2-thalia-en", has_times=False),
    "openai": Voice(SpeechSimulator, OpenAIVoice, "gpt-4o-mini-tts", has_times=False),
    "local": Voice(SpeechSimulator, LocalVoice, "kokoro", False, False),
}

TEXTS = [TEXT, "Baby back ball band.", "Belt best bird blow blue boat.", "Cake call calm card!"]
CANCEL_S = 0.1


@pytest.fixture(params=VOICES)
def kind(request: pytest.FixtureRequest) -> Voice:
    return VOICES[request.param]


@pytest.fixture
async def vendor(kind: Voice) -> AsyncIterator[Simulator]:
    async with kind.simulator() as simulator:
        yield simulator


@pytest.fixture
async def voice(kind: Voice, vendor: Simulator) -> AsyncIterator[TextToSpeech]:
    provider = kind.speaking_at(vendor.url)
    yield provider
    await provider.aclose()


# --- what is heard -----------------------------------------------------------------------------


async def test_every_word_is_heard_in_order_and_once(voice):
    assert words(await spoken(voice)) == said(TEXT)


async def test_pieces_are_whole_samples_and_neither_crumbs_nor_lumps(voice):
    for chunk in await spoken(voice):
        assert len(chunk.pcm) % 2 == 0
        assert 0.02 <= len(chunk.pcm) / 2 / OUTPUT_HZ <= 0.2


async def test_the_first_piece_does_not_wait_for_the_rest(voice, vendor):
    await vendor.behave(Conduct(Fault.STALL, after_items=2))

    async with asyncio.timeout(BOUND_S), speech(voice) as chunks:
        assert (await anext(chunks)).pcm


async def test_many_speak_at_once_and_none_says_the_others_words(voice, vendor):
    await vendor.behave(Conduct(item_s=0.002))

    all_spoken = await asyncio.gather(*(spoken(voice, text) for text in TEXTS * 3))

    assert [words(chunks) for chunks in all_spoken] == [said(text) for text in TEXTS * 3]


async def test_words_begin_when_they_are_heard(kind, voice):
    if not kind.has_times:
        pytest.skip("it gives no times")
    told = [word for chunk in await spoken(voice) for word in chunk.words]
    _, truth = tones.sound(TEXT, OUTPUT_HZ)

    assert [word for word, _ in told] == TEXT.split()
    assert [start_s for _, start_s in told] == sorted(start_s for _, start_s in told)
    for (_, start_s), (_, true_s) in zip(told, truth, strict=True):
        assert start_s == pytest.approx(true_s, abs=0.05)


async def test_a_word_comes_with_its_sound(kind, voice):
    if not kind.has_times:
        pytest.skip("it gives no times")
    given_s = 0.0
    for chunk in await spoken(voice):
        given_s += len(chunk.pcm) / 2 / OUTPUT_HZ
        for _, start_s in chunk.words:
            assert given_s - 0.4 < start_s < given_s


async def test_a_long_text_is_spoken_to_its_end(voice):
    text = " ".join(tones.VOCABULARY * 5)[:1000]

    assert words(await spoken(voice, text)) == said(text)


@pytest.mark.parametrize("text", ["", " ", "\n", "…", "🙂", "—?!", "\0", "\u200f", "'\"'"])
async def test_what_has_no_words_is_silence_that_nobody_is_asked_for(text, voice, vendor):
    assert await spoken(voice, text) == []
    assert vendor.connections == 0


@pytest.mark.parametrize(
    "text",
    [
        'He said "able", and “acid”.',
        "able\nacid\r\n\taged",
        "able\0acid",
        "שלום עולם",
        "مرحبا بالعالم، كيف الحال؟",
        "你好世界",
        "{\"text\": 'able'} <break time='9s'/> \\u0000",
        "able 🙂 acid … aged",
        "a",
        "\ud83d able",
    ],
)
async def test_odd_text_is_spoken_like_any_other(text, voice):
    chunks = await spoken(voice, text)

    assert sum(len(chunk.pcm) for chunk in chunks) > 0.1 * OUTPUT_HZ
    assert words(await spoken(voice)) == said(TEXT)


# --- while it is being written -----------------------------------------------------------------

PARTS = ["Able acid, aged", "also area", "army away."]


@pytest.fixture
def dictatable(voice: TextToSpeech) -> SpeaksDrafts:
    if not isinstance(voice, SpeaksDrafts):
        pytest.skip("it needs the whole sentence")
    return voice


async def test_a_sentence_is_spoken_while_it_is_being_written(dictatable):
    assert words(await dictated(dictatable, *PARTS)) == said(TEXT)


async def test_words_that_come_later_begin_when_they_are_heard(dictatable):
    chunks = await dictated(dictatable, *PARTS)
    told = [word for chunk in chunks for word in chunk.words]
    _, truth = tones.sound(TEXT, OUTPUT_HZ)

    assert [word for word, _ in told] == TEXT.split()
    for (_, start_s), (_, true_s) in zip(told, truth, strict=True):
        assert start_s == pytest.approx(true_s, abs=0.05)


async def test_what_is_written_before_there_is_a_connection_is_said_too(dictatable):
    draft = Draft(PARTS[0])
    chunks = dictatable.speak_draft(draft, voice="", language="en")
    first = asyncio.ensure_future(anext(chunks))
    await asyncio.sleep(0)
    draft.add(" ".join(PARTS[1:]))
    draft.finish()
    async with asyncio.timeout(BOUND_S):
        given = [await first, *[chunk async for chunk in chunks]]

    assert words(given) == said(TEXT)


async def test_a_sentence_that_goes_on_on_a_dead_socket_is_asked_for_once_more(dictatable, vendor):
    await spoken(dictatable)
    await vendor.behave(Conduct(Fault.DROP, after_items=0))
    speaking = asyncio.create_task(dictated(dictatable, *PARTS))
    await vendor.until(lambda: vendor.connections == 2)
    await vendor.behave(Conduct())

    assert words(await speaking) == said(TEXT)


async def test_stopping_a_sentence_that_is_being_written_stops_the_vendor(dictatable, vendor):
    draft = Draft(PARTS[0])
    stream = dictatable.speak_draft(draft, voice="", language="en")
    await anext(stream)
    assert vendor.answering == 1

    await stream.aclose()
    draft.add(PARTS[1])
    async with asyncio.timeout(BUSY * CANCEL_S):
        await vendor.until(lambda: vendor.answering == 0)


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.GARBAGE])
async def test_what_came_of_an_unfinished_sentence_before_a_failure_is_given_out(
    fault, dictatable, vendor
):
    await vendor.behave(Conduct(fault, after_items=8))
    chunks: list[SpeechChunk] = []

    with pytest.raises(ProviderUnavailable):
        await dictated(dictatable, *PARTS, into=chunks)

    heard = words(chunks)
    assert heard
    assert heard == said(TEXT)[: len(heard)]


# --- stopping ----------------------------------------------------------------------------------


@pytest.mark.parametrize("is_first", [True, False], ids=["at first use", "later"])
async def test_it_can_be_cancelled_at_every_await(is_first, kind, vendor):
    """After so many steps of the loop: before there is a connection, until amid the sound."""
    loop = asyncio.get_running_loop()
    voice = kind.speaking_at(vendor.url)
    await spoken(voice)
    tasks_of_upkeep = len(our_tasks())
    took_s = []
    for steps in range(0, 75, 3):
        if is_first:
            await voice.aclose()
            voice = kind.speaking_at(vendor.url)
        speaking = asyncio.create_task(spoken(voice))
        for _ in range(steps):
            await asyncio.sleep(0)
        speaking.cancel()
        started = loop.time()
        await asyncio.wait([speaking])
        await vendor.until(lambda: vendor.answering == 0)
        took_s.append(loop.time() - started)
        assert len(our_tasks()) <= tasks_of_upkeep
    assert words(await spoken(voice)) == said(TEXT)
    await voice.aclose()
    assert our_tasks() == set()
    assert statistics.median(took_s) < CANCEL_S
    assert max(took_s) < BUSY * CANCEL_S


@pytest.mark.parametrize("how", ["aclose", "cancel"])
async def test_stopping_amid_the_sound_stops_the_vendor(how, voice, vendor):
    await vendor.behave(Conduct(item_s=0.01))
    stream = voice.speak(TEXT, voice="", language="en")
    await anext(stream)
    assert vendor.answering == 1

    if how == "aclose":
        await stream.aclose()
    else:
        going_on = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        going_on.cancel()
        await asyncio.wait([going_on])

    async with asyncio.timeout(BUSY * CANCEL_S):
        await vendor.until(lambda: vendor.answering == 0)


async def test_two_hundred_stops_in_a_row_leave_nothing_behind(voice, vendor):
    await spoken(voice)
    before = len(our_tasks())
    await vendor.behave(Conduct(item_s=0.001))
    for _ in range(200):
        async with speech(voice) as chunks:
            await anext(chunks)
    async with asyncio.timeout(BOUND_S):
        await vendor.until(lambda: vendor.answering == 0)

    assert len(our_tasks()) <= before
    assert words(await spoken(voice)) == said(TEXT)


async def test_who_does_not_listen_holds_up_nobody(voice, vendor):
    async with speech(voice) as paused:
        first = await anext(paused)
        for text in TEXTS * 2:
            assert words(await spoken(voice, text)) == said(text)

        async with asyncio.timeout(BOUND_S):
            rest = [chunk async for chunk in paused]
    assert words([first, *rest]) == said(TEXT)


async def test_closing_amid_the_sound_leaves_nothing(kind, vendor):
    await vendor.behave(Conduct(item_s=0.01))
    voice = kind.speaking_at(vendor.url)
    speaking = [asyncio.create_task(spoken(voice, text)) for text in TEXTS]
    await vendor.until(lambda: vendor.answering == len(TEXTS))

    async with asyncio.timeout(BUSY * CANCEL_S):
        await voice.aclose()
        results = await asyncio.gather(*speaking, return_exceptions=True)
        await vendor.until(lambda: vendor.answering == 0)

    assert all(isinstance(result, ProviderError) for result in results)
    assert our_tasks() == set()


# --- when things go wrong ----------------------------------------------------------------------

FAILURES: dict[Fault, type[ProviderError]] = {
    Fault.REFUSE: ProviderUnavailable,
    Fault.UNAUTHORISED: ProviderRejected,
    Fault.BUSY: ProviderBusy,
    Fault.BROKEN: ProviderUnavailable,
    Fault.DROP: ProviderUnavailable,
    Fault.END_EARLY: ProviderUnavailable,
    Fault.GARBAGE: ProviderUnavailable,
}
SILENCES = [Fault.HANG_CONNECT, Fault.HANG, Fault.STALL]
"""Somebody above gives up on these, unless they are given up before."""


@pytest.fixture(params=[False, True], ids=["at first use", "later"])
async def faulty(
    request: pytest.FixtureRequest, voice: TextToSpeech, vendor: Simulator
) -> Callable[[Conduct], Any]:
    """Makes the vendor faulty before or after its first sentence."""

    async def behave(conduct: Conduct) -> None:
        if request.param:
            await spoken(voice)
        await vendor.behave(conduct)

    return behave


@pytest.mark.parametrize("fault", FAILURES)
async def test_a_failure_is_one_that_the_pipeline_knows(fault, faulty, kind, voice, vendor):
    if fault is Fault.END_EARLY and not kind.notices_early_end:
        pytest.skip("its protocol does not say when a sentence is over")
    await faulty(Conduct(fault))

    with pytest.raises(FAILURES[fault]):
        await spoken(voice)

    await vendor.behave(Conduct())
    assert words(await spoken(voice)) == said(TEXT)


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.GARBAGE])
async def test_what_came_before_the_failure_is_given_out(fault, faulty, voice):
    await faulty(Conduct(fault, after_items=8))
    chunks: list[SpeechChunk] = []

    with pytest.raises(ProviderUnavailable):
        await spoken(voice, into=chunks)

    heard = words(chunks)
    assert heard
    assert heard == said(TEXT)[: len(heard)]


@pytest.mark.parametrize("fault", SILENCES)
async def test_silence_can_be_given_up(fault, faulty, voice, vendor):
    await faulty(Conduct(fault))

    with pytest.raises((TimeoutError, ProviderTimeout)):
        async with asyncio.timeout(0.3):
            await spoken(voice)
    async with asyncio.timeout(BUSY * CANCEL_S):
        await vendor.until(lambda: vendor.answering == 0)

    await vendor.behave(Conduct())
    assert words(await spoken(voice)) == said(TEXT)


async def test_a_door_that_never_opens_is_a_timeout():
    """All of them at once, for the wait is a real one."""

    async def give_up(kind: Voice) -> None:
        async with kind.simulator() as vendor:
            await vendor.behave(Conduct(Fault.HANG_CONNECT))
            voice = kind.speaking_at(vendor.url)
            with pytest.raises(ProviderTimeout):
                async with speech(voice) as stream:
                    await anext(stream)
            await voice.aclose()

    async with asyncio.timeout(READ_S + 2), asyncio.TaskGroup() as group:
        for kind in VOICES.values():
            group.create_task(give_up(kind))


async def test_slow_is_not_broken(faulty, voice):
    await faulty(Conduct(Fault.SLOW, item_s=0.005))

    assert words(await spoken(voice)) == said(TEXT)


async def test_a_busy_vendor_says_how_long(voice, vendor):
    await vendor.behave(Conduct(Fault.BUSY, retry_after_s=7))

    with pytest.raises(ProviderBusy) as raised:
        await spoken(voice)
    assert raised.value.retry_after_s == 7


@pytest.mark.parametrize("fault", [*FAILURES, Fault.NONE])
async def test_nobody_is_told_the_key(fault, kind, voice, vendor, caplog):
    caplog.set_level(logging.DEBUG)
    await vendor.behave(Conduct(fault))
    told = repr(voice)
    try:
        await spoken(voice)
    except ProviderError as error:
        told += "".join(traceback.format_exception(error)) + repr(error)

    assert KEY not in told + caplog.text


async def test_a_refused_key_is_logged_once_and_says_what_to_check(voice, vendor, caplog):
    await vendor.behave(Conduct(Fault.UNAUTHORISED))
    for _ in range(3):
        with pytest.raises(ProviderRejected):
            await spoken(voice)

    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "_API_KEY" in record.getMessage()
