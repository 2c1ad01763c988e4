"""What is Cartesia's alone; the rest is in contract/test_speaking.py and test_sockets.py."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.simulators import tones
from tests.simulators.cartesia import CartesiaSimulator
from tests.simulators.conduct import Conduct, Fault
from tests.voice.providers.speaking import KEY, TEXT, said, speech, spoken, words
from voice.providers.account import Account
from voice.providers.errors import ProviderBusy, ProviderRejected, ProviderUnavailable
from voice.providers.protocols import OUTPUT_HZ
from voice.providers.tts.cartesia import Cartesia

GOES_ON = Conduct(item_s=0.01)


@pytest.fixture
async def vendor() -> AsyncIterator[CartesiaSimulator]:
    async with CartesiaSimulator() as simulator:
        yield simulator


@pytest.fixture
async def voice(vendor: CartesiaSimulator) -> AsyncIterator[Cartesia]:
    account = Account("cartesia", KEY, vendor.url, "sonic-3.5", "CARTESIA_TTS_MODEL", "voice-1")
    provider = Cartesia(account)
    yield provider
    await provider.aclose()


async def test_it_calls_where_it_is_told_and_says_who_it_is(voice, vendor):
    await spoken(voice)

    [request] = vendor.requests
    assert request.path == "/tts/websocket"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert "Sec-WebSocket-Extensions" not in request.headers


async def test_a_sentence_is_one_request(voice, vendor):
    await spoken(voice, "Able\n\0acid. ")

    [request] = vendor.asked
    assert request.pop("context_id")
    assert request == {
        "model_id": "sonic-3.5",
        "transcript": "Able acid.",
        "voice": {"id": "voice-1"},
        "language": "en",
        "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000},
        "continue": False,
        "add_timestamps": True,
        "max_buffer_delay_ms": 0,
    }


@pytest.mark.parametrize(("language", "code"), [("pt-BR", "pt"), ("en_GB", "en"), ("fil", "fil")])
async def test_the_agents_voice_and_language_are_asked_for(language, code, voice, vendor):
    async for _ in voice.speak("able", voice="voice-2", language=language):
        pass

    [request] = vendor.asked
    assert request["voice"] == {"id": "voice-2"}
    assert request["language"] == code


async def test_stopping_says_so_and_nothing_else(voice, vendor):
    await vendor.behave(GOES_ON)
    async with speech(voice) as chunks:
        await anext(chunks)
    await vendor.until(lambda: len(vendor.cancelled) == 1)

    request, cancel = vendor.asked
    assert cancel == {"context_id": request["context_id"], "cancel": True}


async def test_an_error_without_a_context_fails_all_that_are_open(voice, vendor):
    """The SDK's own contexts would wait for ever."""
    await vendor.behave(GOES_ON)
    speaking = [asyncio.create_task(spoken(voice)) for _ in range(3)]
    await vendor.until(lambda: vendor.answering == 3)
    await vendor.tell(json.dumps(vendor.error(429)))
    results = await asyncio.gather(*speaking, return_exceptions=True)

    assert [type(result) for result in results] == [ProviderBusy] * 3
    await vendor.until(lambda: vendor.answering == 0)
    assert words(await spoken(voice)) == said(TEXT)
    assert vendor.connections == 1


async def test_an_error_with_a_context_fails_that_one_alone(voice, vendor):
    await vendor.behave(GOES_ON)
    speaking = [asyncio.create_task(spoken(voice)) for _ in range(3)]
    await vendor.until(lambda: len(vendor.asked) == 3)
    await vendor.tell(json.dumps(vendor.error(500, vendor.asked[1]["context_id"])))
    results = await asyncio.gather(*speaking, return_exceptions=True)

    assert isinstance(results[1], ProviderUnavailable)
    assert [words(results[i]) for i in (0, 2)] == [said(TEXT)] * 2
    assert vendor.cancelled == []


@pytest.mark.parametrize("names_context", [True, False])
async def test_a_refusal_may_or_may_not_name_its_context(names_context, voice, vendor):
    await spoken(voice)
    vendor.errors_name_context = names_context
    await vendor.behave(Conduct(Fault.BUSY))

    with pytest.raises(ProviderBusy):
        await spoken(voice)


@pytest.mark.parametrize(
    ("fields", "error", "told"),
    [
        ({"status_code": 402}, ProviderRejected, "no credit left"),
        ({"status_code": 404}, ProviderRejected, "CARTESIA_TTS_MODEL"),
        ({"status_code": 400, "message": f"bad {KEY}"}, ProviderRejected, "CARTESIA_TTS_MODEL"),
        ({"status_code": None, "message": f"bad {KEY}"}, ProviderUnavailable, "gave up"),
        ({"status_code": "x"}, ProviderUnavailable, "not understood"),
    ],
)
async def test_an_error_says_what_to_do_and_never_the_key(fields, error, told, voice, vendor):
    await vendor.behave(Conduct(Fault.HANG))
    speaking = asyncio.create_task(spoken(voice))
    await vendor.until(lambda: len(vendor.asked) == 1)
    await vendor.tell(json.dumps(vendor.error(500) | fields))

    with pytest.raises(error, match=told) as raised:
        await speaking
    assert KEY not in f"{raised.value} {raised.value.said}"
    assert ("bad …" in raised.value.said) is ("message" in fields)
    assert "bad" not in str(raised.value)  # the vendor may quote what is to be said


async def test_messages_of_other_kinds_are_passed_over(voice, vendor):
    """The SDK makes a chunk of what it does not know."""
    await vendor.behave(GOES_ON)
    speaking = asyncio.create_task(spoken(voice))
    await vendor.until(lambda: len(vendor.asked) == 1)
    context = {"context_id": vendor.asked[0]["context_id"]}
    await vendor.tell(json.dumps(context | {"type": "invented", "data": "AAAA", "done": True}))
    await vendor.tell(json.dumps(context | {"type": "timestamps"}))
    await vendor.tell(json.dumps(context | {"type": "chunk", "data": None, "done": False}))
    nothing = {"words": [None], "start": [0], "end": [1]}
    await vendor.tell(json.dumps(context | {"type": "timestamps", "word_timestamps": nothing}))

    assert words(await speaking) == said(TEXT)


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "chunk", "data": "!", "done": False},
        {"type": "timestamps", "word_timestamps": {"words": ["a"], "start": [], "end": [0]}},
        {"type": "timestamps", "word_timestamps": {"words": ["a"], "start": ["x"], "end": [0]}},
    ],
)
async def test_a_message_that_makes_no_sense_is_a_failure(broken, voice, vendor):
    await vendor.behave(Conduct(Fault.HANG))
    speaking = asyncio.create_task(spoken(voice))
    await vendor.until(lambda: len(vendor.asked) == 1)
    await vendor.tell(json.dumps(broken | {"context_id": vendor.asked[0]["context_id"]}))

    with pytest.raises(ProviderUnavailable, match="not understood"):
        await speaking


async def test_words_that_come_after_their_sound_are_told_all_the_same(voice, vendor):
    vendor.late_timestamps = True
    vendor.piece_bytes = 2 * OUTPUT_HZ
    chunks = await spoken(voice)

    assert [word for chunk in chunks for word in chunk.words] == tones.sound(TEXT, OUTPUT_HZ)[1]
    assert words(chunks) == said(TEXT)


async def test_it_is_told_where_words_end(voice):
    chunks = await spoken(voice, "able acid")
    [(_, first_s), (_, second_s)] = [word for chunk in chunks for word in chunk.words]
    ends_s = [end_s for chunk in chunks for end_s in chunk.ends_s]

    assert first_s < ends_s[0] <= second_s < ends_s[1]
