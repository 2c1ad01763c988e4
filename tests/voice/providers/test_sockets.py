"""Sockets that many sentences share: how they are opened, kept, lost and opened again."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from tests.simulators import tones
from tests.simulators.cartesia import CartesiaSimulator
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.elevenlabs import ElevenLabsSimulator
from tests.simulators.speaking import SpeakingSimulator
from tests.voice.providers.speaking import (
    BOUND_S,
    BUSY,
    KEY,
    TEXT,
    our_tasks,
    said,
    speech,
    spoken,
    words,
)
from voice.providers.account import Account
from voice.providers.errors import ProviderBusy, ProviderRejected, ProviderUnavailable
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.tts.cartesia import Cartesia
from voice.providers.tts.connection import CLOSE_S, Endpoint, Upkeep, options
from voice.providers.tts.context import WAITING_MAX_S
from voice.providers.tts.elevenlabs import ElevenLabs
from voice.providers.tts.shared_socket import SILENT_S
from voice.providers.tts.sockets import Sockets
from voice.text.draft import Draft

VENDORS: dict[str, tuple[type[SpeakingSimulator], Any, str]] = {
    "cartesia": (CartesiaSimulator, Cartesia, "sonic-3.5"),
    "elevenlabs": (ElevenLabsSimulator, ElevenLabs, "eleven_flash_v2_5"),
}
QUICK = Upkeep(unused_s=60.0, sign_of_life_s=0.05, reopen_s=0.01, reopen_max_s=0.05)
GOES_ON = Conduct(item_s=0.01)
AT_ONCE = Conduct(Fault.DROP, after_items=0)


@pytest.fixture(params=VENDORS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def vendor(name: str) -> AsyncIterator[SpeakingSimulator]:
    async with VENDORS[name][0]() as simulator:
        yield simulator


@pytest.fixture
async def voice(name: str, vendor: SpeakingSimulator) -> AsyncIterator[Any]:
    provider = make(name, vendor, QUICK)
    yield provider
    await provider.aclose()


def make(name: str, vendor: SpeakingSimulator, upkeep: Upkeep) -> Any:
    _, adapter, model = VENDORS[name]
    setting = f"{name}_TTS_MODEL".upper()
    return adapter(Account(name, KEY, vendor.url, model, setting, "voice-1"), upkeep)


def asked(vendor: SpeakingSimulator) -> list[str]:
    """Contexts in which something was to be said, in order."""
    texts = [m for m in vendor.asked if (m.get("transcript") or m.get("text") or "").strip()]
    return [message["context_id"] for message in texts]


async def test_a_context_that_ends_before_its_sentence_is_followed_by_another(voice, vendor):
    """Cartesia waits for a second after the last sound, and a model may take longer."""
    vendor.expires_s = 0.05
    draft = Draft("Able acid, aged")
    chunks = voice.speak_draft(draft, voice="", language="en")
    given: list[SpeechChunk] = []

    async def speak() -> None:
        async for chunk in chunks:
            given.append(chunk)

    speaking = asyncio.create_task(speak())
    await vendor.until(lambda: vendor.answering == 1)
    await vendor.until(lambda: vendor.answering == 0)
    draft.add("also area army away.")
    draft.finish()
    async with asyncio.timeout(BOUND_S):
        await speaking
    told = [word for chunk in given for word in chunk.words]

    assert words(given) == said(TEXT)
    assert [word for word, _ in told] == TEXT.split()
    for (_, at_s), (_, true_s) in zip(told, tones.sound(TEXT, OUTPUT_HZ)[1], strict=True):
        assert at_s == pytest.approx(true_s, abs=0.05)
    assert len(set(asked(vendor))) == 2


# --- sharing -----------------------------------------------------------------------------------


async def test_one_socket_serves_one_sentence_after_the_other(voice, vendor):
    for _ in range(5):
        await spoken(voice)

    assert vendor.connections == 1


async def test_those_who_speak_at_once_open_as_few_sockets_as_can_be(name, voice, vendor):
    await vendor.behave(GOES_ON)
    await asyncio.gather(*(spoken(voice) for _ in range(12)))

    assert vendor.connections == {"cartesia": 1, "elevenlabs": 3}[name]


async def test_two_hundred_stops_in_a_row_leave_one_socket(voice, vendor):
    await vendor.behave(GOES_ON)
    for _ in range(200):
        async with speech(voice) as chunks:
            await anext(chunks)
    await vendor.until(lambda: len(vendor.cancelled) == 200)

    assert vendor.connections == vendor.open_sockets == 1
    assert len(our_tasks()) == 3  # which live, read and write


@pytest.mark.parametrize("piece_bytes", [2, 101, 4801, 100_001, 2_000_000])
async def test_sound_may_be_cut_anywhere(piece_bytes, voice, vendor):
    vendor.piece_bytes = piece_bytes
    text = TEXT if piece_bytes > 100 else "able"
    chunks = await spoken(voice, text)

    assert words(chunks) == said(text)
    assert {len(chunk.pcm) % 2 for chunk in chunks} == {0}
    assert all(960 <= len(chunk.pcm) <= 9600 for chunk in chunks)


async def test_a_message_may_hold_a_minute_of_sound(voice, vendor):
    vendor.piece_bytes = 10**8
    vendor.sound = lambda text, rate_hz: (bytes(2 * 59 * rate_hz), [])
    chunks = await spoken(voice)

    assert sum(len(chunk.pcm) for chunk in chunks) == 2 * 59 * OUTPUT_HZ


async def test_too_much_that_nobody_takes_fails_that_sentence_alone(voice, vendor):
    long = tones.sound("able " * 500, OUTPUT_HZ)
    vendor.sound = lambda text, _: long if "Paused" in text else tones.sound(text, OUTPUT_HZ)
    vendor.next.append(Conduct(Fault.STALL, after_items=round((WAITING_MAX_S + 2) * 10)))
    async with speech(voice, "Paused.") as paused:
        await anext(paused)
        await vendor.until(lambda: vendor.cancelled == asked(vendor))
        assert words(await spoken(voice)) == said(TEXT)

        with pytest.raises(ProviderUnavailable, match="nobody took 60 s"):
            await anext(paused)
    assert vendor.connections == 1


# --- stopping ----------------------------------------------------------------------------------


async def test_who_stops_listening_tells_the_vendor_and_hears_no_more_of_it(voice, vendor):
    await vendor.behave(GOES_ON)
    async with speech(voice, "Baby back ball band.") as chunks:
        await anext(chunks)
    [context] = asked(vendor)
    await vendor.until(lambda: vendor.cancelled == [context])

    assert words(await spoken(voice)) == said(TEXT)


async def test_what_is_stopped_before_it_was_asked_for_is_never_asked_for(voice, vendor):
    await spoken(voice)
    beginning = voice.speak(TEXT, voice="", language="en").__anext__()
    beginning.send(None)  # to its first await, with no other task in between
    with pytest.raises(asyncio.CancelledError):
        beginning.throw(asyncio.CancelledError())
    await spoken(voice)

    assert len(asked(vendor)) == 2
    assert vendor.cancelled == []


async def test_a_sentence_that_has_ended_is_not_stopped(voice, vendor):
    await spoken(voice)
    await spoken(voice)

    assert vendor.cancelled == []


async def test_closing_hangs_up(voice, vendor):
    await spoken(voice)
    await voice.aclose()
    await vendor.until(lambda: vendor.open_sockets == 0)

    assert vendor.closed == [1000]
    assert our_tasks() == set()


async def test_closing_does_not_wait_long_for_a_vendor_that_does_not_answer(voice, vendor):
    await spoken(voice)
    vendor.go_deaf()

    async with asyncio.timeout(BUSY * CLOSE_S):
        await voice.aclose()
    assert our_tasks() == set()


async def test_closing_ends_a_sentence_and_opens_nothing(voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(Fault.HANG))
    speaking = asyncio.create_task(spoken(voice))
    await vendor.until(lambda: vendor.answering == 1)
    await voice.aclose()

    with pytest.raises(ProviderUnavailable, match="closed"):
        await speaking
    assert vendor.connections == 1


async def test_what_is_closed_can_speak_again_and_keeps_its_socket(name, vendor):
    voice = make(name, vendor, Upkeep(reopen_s=0.2))
    await spoken(voice)
    await vendor.hang_up()
    await asyncio.wait(our_tasks())  # so that it is about to open another when it is closed
    await voice.aclose()

    assert words(await spoken(voice)) == said(TEXT)
    await vendor.hang_up()
    await vendor.until(lambda: vendor.connections == 3)
    await voice.aclose()


# --- losing a socket -----------------------------------------------------------------------------


async def test_a_socket_that_died_unnoticed_costs_no_sentence(voice, vendor):
    await spoken(voice)
    vendor.next.append(AT_ONCE)

    assert words(await spoken(voice)) == said(TEXT)
    assert vendor.connections == 2


async def test_only_one_more_socket_is_tried(voice, vendor):
    await spoken(voice)
    vendor.next += [AT_ONCE, AT_ONCE]

    with pytest.raises(ProviderUnavailable, match="hung up"):
        await spoken(voice)


async def test_a_sentence_that_had_a_fresh_socket_is_not_asked_for_twice(voice, vendor):
    vendor.next.append(AT_ONCE)

    with pytest.raises(ProviderUnavailable, match="hung up"):
        await spoken(voice)
    assert len(asked(vendor)) == 1


async def test_a_sentence_that_has_begun_is_not_asked_for_twice(voice, vendor):
    await spoken(voice)
    vendor.next.append(Conduct(Fault.DROP, after_items=3))

    with pytest.raises(ProviderUnavailable, match="hung up"):
        await spoken(voice)
    assert len(asked(vendor)) == 2


async def test_all_who_speak_on_a_socket_fail_with_it(voice, vendor):
    await vendor.behave(GOES_ON)
    speaking = [asyncio.create_task(spoken(voice)) for _ in range(3)]
    await vendor.until(lambda: vendor.answering == 3)
    await vendor.hang_up(1011, "restarting")
    results = await asyncio.gather(*speaking, return_exceptions=True)

    assert [type(result) for result in results] == [ProviderUnavailable] * 3
    assert "restarting" in str(results[0])


async def test_a_socket_that_is_closed_while_nobody_speaks_is_opened_again(voice, vendor):
    await spoken(voice)
    await vendor.hang_up()
    await vendor.until(lambda: vendor.connections == 2)

    assert words(await spoken(voice)) == said(TEXT)
    assert vendor.connections == 2


async def test_a_vendor_that_is_away_is_looked_for_until_it_is_back(voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(Fault.REFUSE))
    await asyncio.sleep(0.2)  # some attempts, which nobody sees
    await vendor.behave(Conduct())

    await vendor.until(lambda: vendor.open_sockets == 1)


async def test_each_attempt_waits_longer_than_the_one_before(name, vendor):
    """A vendor that hangs up as soon as it has picked up is not called a hundred times a second."""
    voice = make(name, vendor, Upkeep(reopen_s=0.01, reopen_max_s=10))
    await spoken(voice)
    vendor.idle_s = 0.0
    await vendor.hang_up()
    await vendor.until(lambda: vendor.connections == 5)
    began = asyncio.get_running_loop().time()
    await vendor.until(lambda: vendor.connections == 6)

    assert asyncio.get_running_loop().time() - began >= 0.01 * 2**4
    await voice.aclose()


async def test_an_outage_of_any_length_is_survived():
    attempts, enough = count(1), asyncio.Event()

    async def refuse() -> Any:
        if next(attempts) == 1100:  # 2 to this power is no float any more
            enough.set()
        raise ProviderUnavailable("nobody", "no connection")

    sockets = Sockets(Endpoint("nobody", refuse, lambda context: {}), Upkeep(reopen_s=0.0))
    with pytest.raises(ProviderUnavailable):
        await anext(sockets.speak(TEXT, lambda text, context: []))
    async with asyncio.timeout(BOUND_S):
        await enough.wait()
    await sockets.aclose()


async def test_a_vendor_that_is_busy_is_left_alone_for_as_long_as_it_says(voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(Fault.BUSY, retry_after_s=0.3))
    await vendor.hang_up()
    await vendor.until(lambda: len(vendor.requests) == 2)
    began = asyncio.get_running_loop().time()
    await vendor.until(lambda: len(vendor.requests) == 3)

    assert asyncio.get_running_loop().time() - began > 0.25


async def test_a_refusal_is_not_tried_again_in_the_background(voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(Fault.UNAUTHORISED))
    await vendor.hang_up()
    await vendor.until(lambda: len(vendor.requests) == 2)
    await asyncio.sleep(0.2)  # for what must not happen

    assert len(vendor.requests) == 2
    with pytest.raises(ProviderRejected):
        await spoken(voice)


async def test_a_voice_that_nobody_uses_is_not_opened_again(name, vendor):
    voice = make(name, vendor, Upkeep(unused_s=0.05, sign_of_life_s=60, reopen_s=0.01))
    await spoken(voice)
    await asyncio.sleep(0.1)
    await vendor.hang_up()
    await asyncio.sleep(0.1)  # for what must not happen

    assert vendor.connections == 1
    assert our_tasks() == set()
    await voice.aclose()


async def test_a_socket_that_nobody_uses_is_closed(name, vendor):
    voice = make(name, vendor, Upkeep(unused_s=0.1, sign_of_life_s=0.02))
    await spoken(voice)
    await vendor.until(lambda: vendor.open_sockets == 0)

    assert words(await spoken(voice)) == said(TEXT)
    await voice.aclose()


async def test_a_socket_that_says_nothing_is_not_trusted_with_the_next_sentence(voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(Fault.HANG))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(SILENT_S + 0.1), speech(voice) as chunks:
            await anext(chunks)
    await vendor.behave(Conduct())

    assert words(await spoken(voice)) == said(TEXT)
    assert vendor.connections == 2
    await vendor.until(lambda: vendor.open_sockets == 1)


async def test_an_impatient_listener_does_not_cost_the_others_their_socket(voice, vendor):
    await vendor.behave(GOES_ON)
    others = asyncio.create_task(spoken(voice, " ".join(tones.VOCABULARY)))
    await vendor.until(lambda: vendor.answering == 1)
    for _ in range(10):
        async with asyncio.timeout(BOUND_S), speech(voice) as chunks:
            await anext(chunks)
    await others

    assert vendor.connections == 1


# --- what the vendors say in their own words -----------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.UNAUTHORISED, ProviderRejected),
        (Fault.BUSY, ProviderBusy),
        (Fault.BROKEN, ProviderUnavailable),
    ],
)
async def test_a_refusal_on_an_open_socket_is_understood(fault, error, voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(fault))

    with pytest.raises(error):
        await spoken(voice)


NOBODYS = '{"type": "done", "context_id": ["a"], "contextId": ["a"], "isFinal": true}'


@pytest.mark.parametrize(
    "garbage", ["", "{", "null", "[]", "7", '"x"', '{"type": 7}', "\x00", "\ufffe", NOBODYS]
)
async def test_garbage_harms_nobody_for_long(garbage, voice, vendor):
    await spoken(voice)
    await vendor.tell(garbage)

    assert words(await spoken(voice)) == said(TEXT)


def test_tls_is_prepared_before_it_is_needed():
    assert "ssl" in options("wss://api.example.com")
    assert "ssl" not in options("ws://127.0.0.1:1")
