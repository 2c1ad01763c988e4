"""Deepgram's voice; what it shares with other voices is in contract/."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.simulators.aura import FLUSHES_MAX, AuraSimulator
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.silent import silent_peer
from tests.voice.providers.speaking import KEY, TEXT, our_tasks, said, speech, spoken, words
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.http import CONNECT_S
from voice.providers.tts.aura import TEXT_CHARS_MAX, Aura
from voice.providers.tts.line import CHARACTERS_MAX, CLOSE_S
from voice.providers.tts.lines import KEPT_MAX


@pytest.fixture
async def vendor() -> AsyncIterator[AuraSimulator]:
    async with AuraSimulator() as simulator:
        yield simulator


@pytest.fixture
async def voice(vendor: AuraSimulator) -> AsyncIterator[Aura]:
    provider = make(vendor.url)
    yield provider
    await provider.aclose()


def make(url: str) -> Aura:
    account = Account(
        "deepgram", KEY, url, "aura-2-thalia-en", "DEEPGRAM_TTS_MODEL", vendor="DEEPGRAM"
    )
    return Aura(account)


async def test_it_asks_for_what_the_pipeline_needs(voice, vendor):
    await spoken(voice)

    assert vendor.requests[0].headers["Authorization"] == f"Token {KEY}"
    assert vendor.query() == {
        "model": ["aura-2-thalia-en"],
        "encoding": ["linear16"],
        "sample_rate": ["24000"],
    }
    assert vendor.asked == [{"type": "Speak", "text": TEXT}, {"type": "Flush"}]


async def test_the_agents_voice_goes_before_that_of_the_settings(voice, vendor):
    for name in ("aura-2-zeus-en", ""):
        async for _ in voice.speak(TEXT, voice=name, language="en"):
            pass
        assert vendor.query()["model"] == [name or "aura-2-thalia-en"]


async def test_an_unknown_voice_is_named(voice):
    with pytest.raises(ProviderRejected, match=r"DEEPGRAM_TTS_MODEL.+“aura-2-nobody-en”"):
        async for _ in voice.speak(TEXT, voice="aura-2-nobody-en", language="en"):
            pass


async def test_a_text_that_is_too_long_is_refused_before_it_is_sent(voice, vendor):
    with pytest.raises(ProviderRejected, match=str(TEXT_CHARS_MAX)):
        await spoken(voice, "a" * (TEXT_CHARS_MAX + 1))
    assert vendor.connections == 0


async def test_an_answer_without_any_sound_is_a_failure():
    async with AuraSimulator(sound=lambda text, rate_hz: (b"", [])) as vendor:
        voice = make(vendor.url)
        with pytest.raises(ProviderUnavailable, match="no sound"):
            await spoken(voice)
        await voice.aclose()


# --- messages -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "message",
    [
        {"type": "Cleared", "sequence_id": 0},
        {"type": "Warning", "description": "Odd text.", "code": "ODD"},
        {"type": "Invented", "of": "tomorrow"},
        {"type": "Metadata", "request_id": "r-2"},
    ],
    ids=lambda message: message["type"],
)
async def test_only_the_end_of_a_sentence_ends_it(message, voice, vendor):
    vendor.before = [message]  # the SDK makes a Flushed of most of these

    assert words(await spoken(voice)) == said(TEXT)


async def test_an_error_message_is_a_failure(voice, vendor):
    vendor.before = [{"type": "Error", "description": "out of voices", "code": "X"}]

    with pytest.raises(ProviderUnavailable, match="out of voices"):
        await spoken(voice)


@pytest.mark.parametrize("nonsense", ["[1, 2]", "null", '"Flushed"', "7", "{"])
async def test_what_makes_no_sense_is_a_failure(nonsense, voice, vendor):
    vendor.before = [nonsense]

    with pytest.raises(ProviderUnavailable, match="not understood"):
        await spoken(voice)


# --- lines ----------------------------------------------------------------------------------------
async def test_sentences_are_spoken_on_the_line_that_is_open(voice, vendor):
    for _ in range(5):
        await spoken(voice)

    assert vendor.connections == 1


async def test_no_line_is_asked_for_more_sentences_than_it_may_be(voice, vendor):
    for _ in range(2 * FLUSHES_MAX + 1):
        assert words(await spoken(voice, "Able.")) == ["able"]

    assert vendor.connections == 3


async def test_no_line_is_given_more_text_than_it_may_be(voice, vendor):
    text = ("Able " * 200)[: CHARACTERS_MAX // 3 - 1]
    for _ in range(4):
        await spoken(voice, text)

    assert vendor.connections == 2


async def test_a_vendor_that_takes_no_more_sentences_is_busy(voice, vendor):
    vendor.flushes_max = 1
    await spoken(voice)

    with pytest.raises(ProviderBusy, match="60-second window"):
        await spoken(voice)


async def test_a_line_that_is_known_to_be_dead_is_not_used(voice, vendor):
    await spoken(voice)
    await vendor.hang_up()

    assert words(await spoken(voice)) == said(TEXT)
    assert vendor.connections == 2


async def test_a_kept_line_that_dies_before_its_first_sound_is_replaced_once(voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(Fault.DROP, after_items=0))

    with pytest.raises(ProviderUnavailable, match="hung up"):
        await spoken(voice)
    assert vendor.connections == 2


async def test_nothing_is_said_twice_where_a_line_dies_amid_the_sound(voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(Fault.DROP, after_items=3))

    with pytest.raises(ProviderUnavailable, match="hung up"):
        await spoken(voice)
    assert vendor.connections == 1


async def test_a_line_that_is_cut_short_is_closed_and_another_waits_for_the_next(voice, vendor):
    async with speech(voice) as chunks:
        await anext(chunks)
    await vendor.until(lambda: vendor.connections == 2 and vendor.open_sockets == 1)

    assert words(await spoken(voice)) == said(TEXT)
    assert vendor.connections == 2


async def test_a_waiting_line_that_could_not_be_opened_is_not_used(voice, vendor):
    async with speech(voice) as chunks:
        await anext(chunks)
        await vendor.behave(Conduct(Fault.BROKEN))
    await vendor.until(lambda: len(vendor.requests) == 2)
    if connecting := our_tasks():
        await asyncio.wait(connecting)
    await vendor.behave(Conduct())

    assert words(await spoken(voice)) == said(TEXT)


async def test_so_many_lines_are_kept_and_no_more(voice, vendor):
    await vendor.behave(Conduct(item_s=0.001))
    await asyncio.gather(*(spoken(voice) for _ in range(KEPT_MAX + 4)))
    await vendor.until(lambda: vendor.open_sockets == KEPT_MAX)

    assert vendor.connections == KEPT_MAX + 4


async def test_a_listener_who_pauses_does_not_keep_the_line_from_living(voice, vendor):
    vendor.piece_bytes = 480  # so that there are far more messages than the library likes to hold
    async with speech(voice) as chunks:
        first = await anext(chunks)
        [socket] = vendor._open
        await vendor.until(lambda: vendor.answering == 0)
        pong = await socket.ping()
        await asyncio.wait_for(pong, 2)

        assert words([first, *[chunk async for chunk in chunks]]) == said(TEXT)


# --- peers that say nothing -----------------------------------------------------------------------
async def test_a_peer_that_listens_no_more_is_hung_up_on_at_once(voice, vendor):
    await vendor.behave(Conduct(item_s=0.01))
    async with speech(voice, TEXT * 4) as chunks:
        await anext(chunks)
        [socket] = vendor._open
        socket.transport.pause_reading()  # it will not hear a farewell
    async with asyncio.timeout(2 * CLOSE_S):
        await vendor.until(lambda: vendor.answering == 0)


async def test_a_peer_that_takes_the_connection_and_says_nothing_is_given_up():
    async with silent_peer() as url:
        voice = make(url)
        async with asyncio.timeout(CONNECT_S + 1):
            with pytest.raises(ProviderTimeout):
                await spoken(voice)
        await voice.aclose()


async def test_who_gives_up_on_such_a_peer_is_let_go():
    loop = asyncio.get_running_loop()
    async with silent_peer() as url:
        voice = make(url)
        speaking = asyncio.create_task(spoken(voice))
        await asyncio.wait({speaking}, timeout=0.2)
        speaking.cancel()
        started = loop.time()
        await asyncio.wait({speaking})

        assert loop.time() - started < 3 * CLOSE_S
    if closing := our_tasks():
        await asyncio.wait(closing)
    await voice.aclose()
