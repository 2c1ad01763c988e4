"""OpenAI's voice and the local ones; what they share with other voices is in contract/."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.simulators import tones
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.speech import SpeechSimulator, wav_header
from tests.voice.providers.speaking import KEY, TEXT, said, speech, spoken, words
from voice.providers.account import Account
from voice.providers.errors import ProviderRejected, ProviderUnavailable
from voice.providers.protocols import OUTPUT_HZ
from voice.providers.tts.local import LocalVoice
from voice.providers.tts.openai import OpenAIVoice
from voice.providers.tts.speech import TEXT_CHARS_MAX
from voice.providers.tts.wav import HEADER_BYTES_MAX

SOUND, _ = tones.sound(TEXT, OUTPUT_HZ)


@pytest.fixture
async def vendor() -> AsyncIterator[SpeechSimulator]:
    async with SpeechSimulator() as simulator:
        yield simulator


def make(vendor: SpeechSimulator, name: str = "openai", key: str = KEY) -> Any:
    adapter = {"openai": OpenAIVoice, "local": LocalVoice}[name]
    setting = f"{name.upper()}_TTS_MODEL"
    return adapter(Account(name, key, f"{vendor.url}/v1", "gpt-4o-mini-tts", setting, "alloy"))


@pytest.fixture(params=["openai", "local"])
async def voice(request: pytest.FixtureRequest, vendor: SpeechSimulator) -> AsyncIterator[Any]:
    provider = make(vendor, request.param)
    yield provider
    await provider.aclose()


async def test_it_asks_for_what_the_pipeline_needs(voice, vendor):
    await spoken(voice)

    [asked] = vendor.asked
    assert asked.path == "/v1/audio/speech"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.json == {
        "model": "gpt-4o-mini-tts",
        "voice": "alloy",
        "input": TEXT,
        "response_format": "pcm",
        **({"stream_format": "sse"} if voice.name == "openai" else {}),
    }


async def test_the_agents_voice_goes_before_that_of_the_settings(voice, vendor):
    async for _ in voice.speak(TEXT, voice="nova", language="en"):
        pass

    assert vendor.asked[0].json["voice"] == "nova"


async def test_no_sample_is_lost_where_pieces_cut_them_in_two(voice, vendor):
    vendor.pieces = (1, 3, 4_801)
    heard = b"".join([chunk.pcm for chunk in await spoken(voice)])

    assert heard[: len(SOUND)] == SOUND


async def test_the_next_sentence_uses_the_same_connection(voice, vendor):
    for _ in range(3):
        await spoken(voice)

    assert vendor.connections == 1


async def test_a_text_that_is_too_long_is_refused_before_it_is_sent(voice, vendor):
    with pytest.raises(ProviderRejected, match=str(TEXT_CHARS_MAX)):
        await spoken(voice, "a" * (TEXT_CHARS_MAX + 1))
    assert vendor.connections == 0


async def test_an_answer_without_any_sound_is_a_failure(voice, vendor):
    await vendor.behave(Conduct(Fault.END_EARLY, after_items=0))

    with pytest.raises(ProviderUnavailable, match=r"no sound|broke off"):
        await spoken(voice)


async def test_mere_sound_that_ends_early_in_good_order_cannot_be_told_from_whole_sound(vendor):
    await vendor.behave(Conduct(Fault.END_EARLY, after_items=8))
    voice = make(vendor, "local")

    heard = words(await spoken(voice))
    await voice.aclose()
    assert heard == said(TEXT)[: len(heard)]
    assert 0 < len(heard) < len(said(TEXT))


async def test_events_that_end_without_the_last_are_a_failure(vendor):
    await vendor.behave(Conduct(Fault.END_EARLY, after_items=8))
    voice = make(vendor)

    with pytest.raises(ProviderUnavailable, match="broke off in the middle"):
        await spoken(voice)
    await voice.aclose()


async def test_a_model_that_knows_no_events_is_asked_for_none(vendor):
    voice = OpenAIVoice(Account("openai", KEY, f"{vendor.url}/v1", "tts-1", "SET", "alloy"))
    await spoken(voice)
    await voice.aclose()

    assert "stream_format" not in vendor.asked[0].json


async def test_leaving_closes_the_connection(voice, vendor):
    await vendor.behave(Conduct(Fault.STALL, after_items=3))
    async with speech(voice) as chunks:
        await anext(chunks)
    await vendor.until(lambda: vendor.answering == 0)


# --- sound in a file ------------------------------------------------------------------------------
@pytest.mark.parametrize("pieces", [(4_801, 4_799), (1,) * 60 + (4_800,)], ids=["whole", "bytes"])
@pytest.mark.parametrize(
    "header",
    [
        wav_header(),
        wav_header(0),
        wav_header(len(SOUND)),
        wav_header(extra=b"LIST\x05\0\0\0abcde\0"),
    ],
    ids=["endless", "no size", "sized", "with a list"],
)
async def test_a_wav_header_is_not_heard(header, pieces, voice, vendor):
    vendor.knows_events = False
    vendor.before, vendor.pieces, vendor.content_type = header, pieces, "audio/wav"
    heard = b"".join([chunk.pcm for chunk in await spoken(voice)])

    assert heard[: len(SOUND)] == SOUND


async def test_what_stands_behind_the_sound_of_a_file_is_not_heard(voice, vendor):
    vendor.knows_events = False
    vendor.before, vendor.after = wav_header(len(SOUND)), b"LIST\x04\0\0\0\xff\x7f\xff\x7f"
    heard = b"".join([chunk.pcm for chunk in await spoken(voice)])

    assert heard.rstrip(b"\0") == SOUND.rstrip(b"\0")


async def test_sound_that_begins_like_a_file_is_heard(vendor):
    vendor.knows_events = False
    vendor.before = b"RI"
    voice = make(vendor)
    heard = b"".join([chunk.pcm for chunk in await spoken(voice)])
    await voice.aclose()

    assert heard.startswith(b"RI" + SOUND[:4_000])


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (wav_header(rate_hz=22_050), "1 × 16 bit at 22050 Hz"),
        (wav_header(channels=2), "2 × 16 bit at 24000 Hz"),
        (b"RIFF" + bytes(HEADER_BYTES_MAX), "no end"),
    ],
    ids=["rate", "stereo", "endless"],
)
async def test_sound_that_cannot_be_used_is_refused_and_says_why(header, why, voice, vendor):
    vendor.knows_events = False
    vendor.before = header

    with pytest.raises(ProviderRejected, match=f"{why}.+check {voice.name.upper()}_TTS_MODEL"):
        await spoken(voice)
    await vendor.until(lambda: vendor.answering == 0)


@pytest.mark.parametrize("kind", ["audio/mpeg", "audio/mp3", "text/html; charset=utf-8"])
async def test_what_is_no_pcm_is_not_played(kind, voice, vendor):
    vendor.knows_events = False
    vendor.content_type = kind

    with pytest.raises(ProviderRejected, match=kind):
        await spoken(voice)


async def test_a_local_server_needs_no_key(vendor):
    voice = make(vendor, "local", key="")

    assert words(await spoken(voice)) == said(TEXT)
    await voice.aclose()
