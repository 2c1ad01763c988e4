"""What is ElevenLabs' alone; the rest is in contract/test_speaking.py and test_sockets.py."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response

from tests.simulators import tones
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.elevenlabs import CONTEXTS_MAX, IDLE, TOO_MANY, ElevenLabsSimulator
from tests.voice.providers.speaking import KEY, TEXT, said, speech, spoken, words
from voice.providers.account import Account
from voice.providers.errors import ProviderBusy, ProviderRejected, ProviderUnavailable
from voice.providers.protocols import OUTPUT_HZ
from voice.providers.tts.connection import Upkeep, translated
from voice.providers.tts.elevenlabs import ElevenLabs, refusal

GOES_ON = Conduct(item_s=0.01)


@pytest.fixture
async def vendor() -> AsyncIterator[ElevenLabsSimulator]:
    async with ElevenLabsSimulator() as simulator:
        yield simulator


@pytest.fixture
async def voice(vendor: ElevenLabsSimulator) -> AsyncIterator[ElevenLabs]:
    provider = ElevenLabs(account(vendor.url))
    yield provider
    await provider.aclose()


def account(url: str, model: str = "eleven_flash_v2_5") -> Account:
    return Account("elevenlabs", KEY, url, model, "ELEVENLABS_TTS_MODEL", "voice-1")


async def speak(voice: ElevenLabs, name: str, language: str = "en") -> None:
    async for _ in voice.speak("able", voice=name, language=language):
        pass


async def test_it_calls_where_it_is_told_and_says_who_it_is(voice, vendor):
    await spoken(voice)

    [request] = vendor.requests
    assert request.path.split("?")[0] == "/v1/text-to-speech/voice-1/multi-stream-input"
    assert request.headers["xi-api-key"] == KEY
    assert "Sec-WebSocket-Extensions" not in request.headers
    assert {name: value for name, [value] in vendor.query().items()} == {
        "model_id": "eleven_flash_v2_5",
        "output_format": "pcm_24000",
        "inactivity_timeout": "180",
        "auto_mode": "true",
        "sync_alignment": "true",
        "language_code": "en",
    }


async def test_a_sentence_is_a_context_that_is_closed_once_all_is_asked_for(voice, vendor):
    await spoken(voice, "Able\nacid.")

    context = vendor.asked[0]["context_id"]
    assert vendor.asked == [
        {"text": " ", "context_id": context},
        {"text": "Able acid. ", "context_id": context, "flush": True},
        {"context_id": context, "close_context": True},
    ]


async def test_each_voice_and_language_has_a_socket_of_its_own(voice, vendor):
    for name, language in [("a/b", "en"), ("a/b", "en-GB"), ("a/b", "pt-BR"), ("c", "en")]:
        await speak(voice, name, language)

    paths = [request.path.split("?")[0].split("/")[3] for request in vendor.requests]
    assert paths == ["a%2Fb", "a%2Fb", "c"]


async def test_a_model_that_refuses_the_language_is_not_told_it(vendor):
    voice = ElevenLabs(account(vendor.url, "eleven_multilingual_v2"))
    await speak(voice, "a", "en")
    await speak(voice, "a", "de")
    await voice.aclose()

    assert vendor.connections == 1
    assert "language_code" not in vendor.query()


async def test_stopping_closes_the_context(voice, vendor):
    await vendor.behave(GOES_ON)
    async with speech(voice) as chunks:
        await anext(chunks)
    await vendor.until(lambda: len(vendor.cancelled) == 1)

    last = vendor.asked[-1]
    assert last == {"context_id": vendor.asked[0]["context_id"], "close_context": True}


async def test_contexts_that_the_vendor_has_not_given_up_yet_count(voice, vendor):
    """It closes a context some time after it was told to; a sixth would cost all their socket."""
    await vendor.behave(GOES_ON)
    vendor.release_s = 0.2
    for _ in range(12):
        async with speech(voice) as chunks:
            await anext(chunks)

    assert words(await spoken(voice)) == said(TEXT)
    assert vendor.most_contexts == CONTEXTS_MAX
    assert vendor.closed == []


async def test_the_sixth_at_once_gets_a_socket_of_its_own(voice, vendor):
    await vendor.behave(GOES_ON)
    all_spoken = await asyncio.gather(*(spoken(voice) for _ in range(6)))

    assert [words(chunks) for chunks in all_spoken] == [said(TEXT)] * 6
    assert vendor.connections == 2


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize("piece_bytes", [1000, 4801, 20_000, 10**6])
async def test_times_are_right_however_they_are_counted(absolute, piece_bytes, voice, vendor):
    vendor.absolute_times = absolute
    vendor.piece_bytes = piece_bytes
    told = [word for chunk in await spoken(voice) for word in chunk.words]
    _, truth = tones.sound(TEXT, OUTPUT_HZ)

    assert [word for word, _ in told] == [word for word, _ in truth]
    for (_, start_s), (_, true_s) in zip(told, truth, strict=True):
        assert start_s == pytest.approx(true_s, abs=0.05)


async def test_a_context_may_be_named_either_way(voice, vendor):
    vendor.snake_case = True

    assert words(await spoken(voice)) == said(TEXT)


async def test_a_socket_is_kept_alive_without_a_context_that_stays(vendor):
    vendor.idle_s = 0.3
    voice = ElevenLabs(account(vendor.url), Upkeep(sign_of_life_s=0.05))
    await spoken(voice)
    await vendor.until(lambda: len(vendor.asked) > 30)

    assert vendor.connections == 1
    assert vendor.most_contexts == 1
    await voice.aclose()


async def test_no_sign_of_life_takes_the_place_of_a_sentence(vendor):
    voice = ElevenLabs(account(vendor.url), Upkeep(sign_of_life_s=0.01))
    await vendor.behave(Conduct(item_s=0.02))
    await asyncio.gather(*(spoken(voice) for _ in range(CONTEXTS_MAX)))

    assert (vendor.connections, vendor.closed) == (1, [])
    await voice.aclose()


@pytest.mark.parametrize(
    ("code", "reason", "error", "told"),
    [
        (1008, "This request exceeds your quota of 10000.", ProviderRejected, "no credit left"),
        (1008, f"Invalid API key {KEY}", ProviderRejected, "check ELEVENLABS_API_KEY"),
        (1008, "A voice with voice_id x does not exist", ProviderRejected, "ELEVENLABS_TTS_MODEL"),
        (1008, TOO_MANY, ProviderBusy, "too many"),
        (1008, "We are sorry, something went wrong.", ProviderUnavailable, "something went wrong"),
        (1011, f"internal {KEY}", ProviderUnavailable, "internal …"),
        (1000, "", ProviderUnavailable, "hung up"),
    ],
)
async def test_hanging_up_says_why(code, reason, error, told, voice, vendor):
    await vendor.behave(Conduct(Fault.HANG))
    speaking = asyncio.create_task(spoken(voice))
    await vendor.until(lambda: len(vendor.asked) == 3)
    await vendor.hang_up(code, reason)

    with pytest.raises(error, match=told) as raised:
        await speaking
    assert KEY not in str(raised.value)


async def test_a_refusal_is_no_dead_socket_and_not_tried_on_another(voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(Fault.HANG))
    speaking = asyncio.create_task(spoken(voice))
    await vendor.until(lambda: vendor.answering == 1)
    await vendor.hang_up(1008, "This request exceeds your quota of 10000.")

    with pytest.raises(ProviderRejected):
        await speaking
    assert vendor.connections == 1


async def test_an_error_message_fails_its_context_or_all(voice, vendor):
    await vendor.behave(GOES_ON)
    speaking = [asyncio.create_task(spoken(voice)) for _ in range(3)]
    await vendor.until(lambda: vendor.answering == 3)
    first = vendor.asked[0]["context_id"]
    error = {"message": "Slow down.", "error": "rate_limit_exceeded", "code": 1008}
    await vendor.tell(json.dumps(error | {"contextId": first}))
    with pytest.raises(ProviderBusy):
        await speaking[0]
    await vendor.tell(json.dumps({"message": "Oh no.", "error": "unknown"}))
    results = await asyncio.gather(*speaking[1:], return_exceptions=True)

    assert [type(result) for result in results] == [ProviderUnavailable] * 2


async def test_a_message_with_nothing_in_it_is_passed_over(voice, vendor):
    await vendor.behave(GOES_ON)
    speaking = asyncio.create_task(spoken(voice))
    await vendor.until(lambda: vendor.answering == 1)
    context = {"contextId": vendor.asked[0]["context_id"]}
    nothing = {"chars": [None], "charStartTimesMs": [0], "charDurationsMs": [0]}
    for message in [{}, {"audio": ""}, {"alignment": nothing}, {"isFinal": False}, {"new": 7}]:
        await vendor.tell(json.dumps(context | message))

    assert words(await speaking) == said(TEXT)


async def test_being_closed_for_silence_costs_no_sentence(voice, vendor):
    await spoken(voice)
    await vendor.behave(Conduct(Fault.HANG))
    speaking = asyncio.create_task(spoken(voice))
    await vendor.until(lambda: vendor.answering == 1)
    vendor.conduct = Conduct()
    await vendor.hang_up(1008, IDLE)

    assert words(await speaking) == said(TEXT)


@pytest.mark.parametrize(
    "broken",
    [
        {"audio": "!"},
        {"audio": 7},
        {"alignment": {"chars": ["a"], "charStartTimesMs": [], "charDurationsMs": [1]}},
        {"alignment": {"chars": ["a"]}},
        {"alignment": 7},
    ],
)
async def test_a_message_that_makes_no_sense_is_a_failure(broken, voice, vendor):
    await vendor.behave(Conduct(Fault.HANG))
    speaking = asyncio.create_task(spoken(voice))
    await vendor.until(lambda: len(vendor.asked) == 3)
    await vendor.tell(json.dumps(broken | {"contextId": vendor.asked[0]["context_id"]}))

    with pytest.raises(ProviderUnavailable, match="not understood"):
        await speaking


def test_an_empty_account_is_not_taken_for_a_wrong_key():
    """At the door both are a 401."""
    ours = account("http://localhost")
    body = b'{"detail": {"status": "quota_exceeded", "message": "You have 0 credits left."}}'

    with pytest.raises(ProviderRejected, match="no credit left"), translated(ours, refusal(ours)):
        raise InvalidStatus(Response(401, "Unauthorized", Headers(), body))
