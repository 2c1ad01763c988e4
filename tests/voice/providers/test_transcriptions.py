import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.simulators import tones
from tests.simulators.conduct import Conduct, Fault, conducted
from tests.simulators.http import Answer
from tests.simulators.transcriptions import TranscriptionsSimulator, sound
from tests.voice.providers.listening import PAUSE, answer, final, said, say, words
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
)
from voice.providers.protocols import INPUT_HZ, Transcript
from voice.providers.stt.transcriptions import (
    UTTERANCE_BYTES_MAX,
    UTTERANCE_BYTES_MIN,
    WAITING_MAX,
    Transcriptions,
    TranscriptionsStream,
)

KEY = "local-secret-0123456789"


class Replying(TranscriptionsSimulator):
    """Answers with what the test prepared."""

    def __init__(self, body: bytes, *, status: int = 200, content_type: str = "application/json"):
        super().__init__()
        self._body, self._status, self._content_type = body, status, content_type

    async def answer(self, asked):
        parts = conducted((self._body,), lambda: self.conduct)
        return Answer(parts, content_type=self._content_type, status=self._status)


def speech(text: str) -> bytes:
    return tones.sound(text, INPUT_HZ)[0] + PAUSE


def ear(url: str, key: str = KEY) -> Transcriptions:
    return Transcriptions(
        Account("local", key, f"{url}/v1", "whisper-small", "LOCAL_STT_MODEL", vendor="LOCAL_STT")
    )


@asynccontextmanager
async def opened(url: str, **how: object) -> AsyncIterator[TranscriptionsStream]:
    provider = ear(url)
    async with asyncio.timeout(10), provider.open(**({"language": "en"} | how)) as stream:
        yield stream
    await provider.aclose()


async def test_it_sends_the_utterance_as_a_wav_file_with_what_may_help():
    how = {"language": "en-GB", "terms": ["Ada Lovelace", "Grace"]}
    async with TranscriptionsSimulator() as server, opened(server.url, **how) as stream:
        assert await said(stream, "able acid") == [
            Transcript("able acid", is_final=True, answers_finalise=True)
        ]

    [asked], [form] = server.asked, server.forms
    assert asked.path == "/v1/audio/transcriptions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert sound(form.pop("file")) == speech("able acid")
    assert form == {
        "model": b"whisper-small",
        "language": b"en",
        "response_format": b"json",
        "prompt": b"Ada Lovelace, Grace",
    }


async def test_it_needs_neither_a_key_nor_terms():
    async with TranscriptionsSimulator() as server:
        provider = ear(server.url, key="")
        async with provider.open(language="en") as stream:
            assert words(await said(stream, "able")) == ["able"]
        await provider.aclose()

    assert "prompt" not in server.forms[0]


async def test_the_prompt_is_no_longer_than_the_model_reads():
    how = {"terms": [f"name {number:04}" for number in range(500)]}
    async with TranscriptionsSimulator() as server, opened(server.url, **how) as stream:
        await said(stream, "able")

    assert server.forms[0]["prompt"].startswith(b"name 0000, name 0001, ")
    assert len(server.forms[0]["prompt"]) < 900


async def test_each_utterance_is_sent_once_over_one_connection():
    async with TranscriptionsSimulator() as server, opened(server.url) as stream:
        for text in ("able", "acid", "aged"):
            assert words(await said(stream, text)) == [text]

    assert len(server.forms) == 3
    assert server.connections == 1


async def test_what_is_too_short_to_hold_a_word_is_not_sent():
    async with TranscriptionsSimulator() as server, opened(server.url) as stream:
        await stream.send(bytes(UTTERANCE_BYTES_MIN - 2))
        await stream.finalise()

        assert await answer(stream) == [Transcript("", is_final=True, answers_finalise=True)]
        assert server.asked == []


async def test_who_speaks_without_a_pause_is_transcribed_in_pieces():
    word = speech("able").ljust(UTTERANCE_BYTES_MAX // 50, b"\0")
    async with TranscriptionsSimulator() as server, opened(server.url) as stream:
        for _ in range(51):
            await stream.send(word)
        await stream.finalise()

        assert await final(stream, count=2) == [
            Transcript(" ".join(["able"] * 50), is_final=True),
            Transcript("able", is_final=True, answers_finalise=True),
        ]


async def test_a_server_slower_than_speech_is_given_up():
    async with TranscriptionsSimulator(Conduct(Fault.HANG)) as server, opened(server.url) as stream:
        await say(stream, "able")
        await stream.finalise()
        await server.until(lambda: server.answering == 1)
        for _ in range(WAITING_MAX + 1):
            await stream.finalise()

        with pytest.raises(ProviderBusy, match="more slowly than people speak"):
            await answer(stream)


async def test_what_fails_is_not_tried_again():
    async with TranscriptionsSimulator(Conduct(Fault.BROKEN)) as server:
        async with opened(server.url) as stream:
            with pytest.raises(ProviderUnavailable, match="500"):
                await said(stream, "able")
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"able", "text/plain"),
        (b"<html></html>", "text/html"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[]", "application/json"),
        (b'{"words": []}', "application/json"),
        (b'{"text": 7}', "application/json"),
        (b'{"text": null}', "application/json"),
        (b"", "application/json"),
    ],
)
async def test_an_answer_without_text_is_none(body, content_type):
    async with Replying(body, content_type=content_type) as server, opened(server.url) as stream:
        with pytest.raises(ProviderUnavailable):
            await said(stream, "able")


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        (400, ProviderRejected, "check LOCAL_STT_MODEL=whisper-small"),
        (401, ProviderRejected, "check LOCAL_STT_API_KEY"),
        (404, ProviderRejected, "check LOCAL_STT_MODEL and LOCAL_STT_BASE_URL"),
        (429, ProviderBusy, "429"),
        (503, ProviderUnavailable, "503"),
    ],
)
async def test_a_refusal_says_what_to_do_and_never_the_key(status, error, told, caplog):
    body = json.dumps({"error": {"message": f"why: {KEY}"}}).encode()
    async with Replying(body, status=status) as server, opened(server.url) as stream:
        with pytest.raises(ProviderError, match=told) as raised:
            await said(stream, "able")

    assert type(raised.value) is error
    assert KEY not in str(raised.value) + repr(raised.value) + raised.value.said + caplog.text
