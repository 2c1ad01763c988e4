import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.simulators.deepgram import listen_simulator, silent_listen_simulator
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
)
from voice.providers.protocols import Transcript
from voice.providers.stt.deepgram import ANSWER_S, QUEUED_MAX, Deepgram, DeepgramStream

KEY = "dg-secret-0123456789"
FRAME = bytes(1024)


def ear(url: str) -> Deepgram:
    return Deepgram(Account("deepgram", KEY, url, "nova-3", "DEEPGRAM_STT_MODEL"))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[DeepgramStream]:
    async with asyncio.timeout(10), ear(url).open(language="en") as stream:
        yield stream


async def heard(stream: DeepgramStream, count: int) -> list[Transcript]:
    found = []
    async for transcript in stream.transcripts():
        found.append(transcript)
        if len(found) == count:
            break
    return found


async def test_it_asks_for_what_the_pipeline_needs():
    async with listen_simulator() as deepgram, opened(deepgram.url):
        assert deepgram.authorization == f"Token {KEY}"
        assert {name: value for name, [value] in deepgram.query.items()} == {
            "model": "nova-3",
            "language": "en",
            "encoding": "linear16",
            "sample_rate": "16000",
            "interim_results": "true",
            "smart_format": "true",
            "endpointing": "false",
        }


async def test_words_come_while_they_are_spoken_and_once_more_when_they_are_certain():
    async with listen_simulator() as deepgram, opened(deepgram.url) as stream:
        await stream.send(FRAME)
        await deepgram.until(lambda: deepgram.heard == FRAME)
        await deepgram.say("what time")
        first = await heard(stream, 1)
        await deepgram.say("What time is it?", is_final=True)

        assert first == [Transcript("what time")]
        assert await heard(stream, 1) == [Transcript("What time is it?", is_final=True)]


async def test_finalise_comes_after_the_sound_and_is_answered():
    async with (
        listen_simulator(on_finalise="Good night.") as deepgram,
        opened(deepgram.url) as stream,
    ):
        await stream.send(FRAME)
        await stream.finalise()

        assert await heard(stream, 1) == [
            Transcript("Good night.", is_final=True, answers_finalise=True)
        ]
        assert deepgram.heard == FRAME


async def test_a_finalise_that_deepgram_leaves_unanswered_is_answered_with_what_was_understood():
    async with listen_simulator() as deepgram, opened(deepgram.url) as stream:
        await stream.send(FRAME)
        await deepgram.until(lambda: deepgram.heard == FRAME)
        await deepgram.say("good night")
        await heard(stream, 1)
        await stream.finalise()

        async with asyncio.timeout(ANSWER_S + 1):
            answer = await heard(stream, 1)

        assert answer == [Transcript("good night", is_final=True, answers_finalise=True)]


async def test_an_answer_that_comes_too_late_is_not_heard_twice():
    async with listen_simulator() as deepgram, opened(deepgram.url) as stream:
        await stream.send(FRAME)
        await stream.finalise()
        await heard(stream, 1)
        await deepgram.say("good night", is_final=True, from_finalize=True)
        await stream.send(FRAME)
        await deepgram.until(lambda: deepgram.heard == 2 * FRAME)
        await deepgram.say("hello")

        assert await heard(stream, 1) == [Transcript("hello")]


async def test_messages_of_other_kinds_are_passed_over():
    async with listen_simulator() as deepgram, opened(deepgram.url) as stream:
        await deepgram.tell({"type": "SpeechStarted", "channel": [0], "timestamp": 0.1})
        await deepgram.tell({"type": "Invented", "of": "tomorrow"})
        await deepgram.tell({"type": "Results", "is_final": True})
        await deepgram.say("hello", is_final=True)

        assert [transcript.text for transcript in await heard(stream, 2)] == ["", "hello"]


async def test_a_silent_microphone_keeps_the_connection_alive():
    async with listen_simulator() as deepgram, opened(deepgram.url):
        await deepgram.until(lambda: deepgram.told == ["KeepAlive"])


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (401, ProviderRejected, "DEEPGRAM_API_KEY"),
        (400, ProviderRejected, "DEEPGRAM_STT_MODEL=nova-3"),
        (429, ProviderBusy, "429"),
        (500, ProviderUnavailable, "500"),
    ],
)
async def test_a_refusal_says_what_to_do_and_never_the_key(status, error, said, caplog):
    caplog.set_level(logging.DEBUG)
    async with listen_simulator(status=status) as deepgram:
        with pytest.raises(error, match=said) as raised:
            async with opened(deepgram.url):
                pass

    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert KEY not in told + caplog.text + repr(ear(deepgram.url)._account)


async def test_a_wrong_key_is_logged_once_however_often_it_is_tried(caplog):
    async with listen_simulator(status=401) as deepgram:
        provider = ear(deepgram.url)
        for _ in range(3):
            with pytest.raises(ProviderRejected):
                async with provider.open(language="en"):
                    pass

    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "check DEEPGRAM_API_KEY" in record.getMessage()


async def test_nobody_there_is_unavailable(unused_tcp_port):
    with pytest.raises(ProviderUnavailable, match="no connection"):
        async with opened(f"http://127.0.0.1:{unused_tcp_port}"):
            pass


async def test_being_hung_up_on_is_reported():
    async with listen_simulator() as deepgram, opened(deepgram.url) as stream:
        await deepgram.hang_up(1011, "NET-0001")

        with pytest.raises(ProviderUnavailable, match="NET-0001"):
            await heard(stream, 1)


async def test_an_error_message_is_reported():
    async with listen_simulator() as deepgram, opened(deepgram.url) as stream:
        await deepgram.tell({"type": "Error", "variant": "X", "description": "bad frame"})

        with pytest.raises(ProviderUnavailable, match="bad frame"):
            await heard(stream, 1)


async def test_sending_never_waits_and_breaks_off_when_too_much_is_queued():
    async with silent_listen_simulator() as url, opened(url) as stream:
        async with asyncio.timeout(1):
            for _ in range(QUEUED_MAX + 1):  # without a pause, so that nothing goes out meanwhile
                await stream.send(FRAME)

        with pytest.raises(ProviderUnavailable, match="too slow"):
            await heard(stream, 1)


async def test_a_silent_peer_delays_closing_by_less_than_a_second():
    loop = asyncio.get_running_loop()
    async with silent_listen_simulator() as url:
        async with opened(url) as stream:
            await stream.send(FRAME)
            started = loop.time()
        assert loop.time() - started < 1


async def test_a_cancelled_session_leaves_within_a_second_and_no_task_behind():
    loop, before = asyncio.get_running_loop(), asyncio.all_tasks()
    async with silent_listen_simulator() as url:
        ready = asyncio.Event()

        async def session() -> None:
            async with opened(url) as stream:
                ready.set()
                await heard(stream, 1)

        running = asyncio.create_task(session())
        await ready.wait()
        started = loop.time()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

        assert loop.time() - started < 1
        assert {
            task for task in asyncio.all_tasks() - before if "accept" not in repr(task)
        } == set()


async def test_closing_ends_the_transcripts():
    async with listen_simulator() as deepgram:
        async with opened(deepgram.url) as stream:
            reading = asyncio.create_task(heard(stream, 1))
            await asyncio.sleep(0)

        assert await asyncio.wait_for(reading, 1) == []


def test_every_error_is_one_that_the_pipeline_knows():
    account = Account("deepgram", KEY, "http://localhost", "nova-3", "DEEPGRAM_STT_MODEL")

    for status in range(400, 600):
        error = account.error(status, f"why: {KEY}")
        assert isinstance(error, ProviderError)
        assert KEY not in str(error)
