import asyncio
import logging
import traceback

import pytest

from tests.simulators.conduct import Conduct, Fault
from tests.simulators.deepgram import DeepgramSimulator, results
from tests.simulators.silent import silent_peer
from tests.voice.providers.listening import KEY, answer, final, interim, opened, say, visit
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.http import CONNECT_S
from voice.providers.protocols import Transcript
from voice.providers.stt.deepgram import TERMS_CHARACTERS_MAX, TERMS_MAX, Deepgram
from voice.providers.stt.owed import ANSWER_S
from voice.providers.stt.socket_stream import QUEUED_MAX
from voice.providers.stt.transcripts import WAITING_MAX, Transcripts

FRAME = bytes(1024)
FRAME_S = 0.032


def ear(url: str, model: str = "nova-3") -> Deepgram:
    return Deepgram(Account("deepgram", KEY, url, model, "DEEPGRAM_STT_MODEL"))


def deaf_to_finalise() -> DeepgramSimulator:
    return DeepgramSimulator(answers_finalise=False)


# --- what it asks for ----------------------------------------------------------------------------


async def test_it_asks_for_what_the_pipeline_needs():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)):
        [request] = deepgram.requests
        assert request.headers["Authorization"] == f"Token {KEY}"
        assert request.path.startswith("/v1/listen?")
        assert {name: value for name, [value] in deepgram.query().items()} == {
            "model": "nova-3",
            "language": "en",
            "encoding": "linear16",
            "sample_rate": "16000",
            "interim_results": "true",
            "smart_format": "true",
            "endpointing": "100",
        }


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("nova-3", ["Ada Lovelace", "Grace"]),
        ("nova-3-medical", ["Ada Lovelace", "Grace"]),
        ("nova-2", None),
    ],
)
async def test_names_that_are_heard_wrong_are_passed_on_to_a_model_that_takes_them(model, asked):
    async with DeepgramSimulator() as deepgram:
        await visit(ear(deepgram.url, model), terms=["Ada  Lovelace", "Grace", "", "Grace"])

        assert deepgram.query().get("keyterm") == asked


@pytest.mark.parametrize("length", [2, 40])
async def test_no_more_terms_are_sent_than_it_can_bear(length):
    terms = [f"{number:0{length}}" for number in range(99)] * 2 + ["x" * length, "y", "z"]
    async with DeepgramSimulator() as deepgram:
        await visit(ear(deepgram.url), terms=terms)
        sent = deepgram.query()["keyterm"]

    assert sent == list(dict.fromkeys(terms))[: len(sent)]
    assert len(sent) == min(TERMS_MAX, TERMS_CHARACTERS_MAX // length)


# --- what is heard -------------------------------------------------------------------------------


async def test_words_come_while_they_are_spoken_and_once_more_when_they_are_certain():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        await say(stream, "able")
        await interim(stream, "able")
        await say(stream, "acid")
        await interim(stream, "able acid")
        await stream.finalise()

        assert await answer(stream) == [
            Transcript("able acid", is_final=True, answers_finalise=True)
        ]


async def test_what_is_certain_before_anybody_asked_is_a_piece():
    async with (
        DeepgramSimulator(cuts_after_words=2) as deepgram,
        opened(ear(deepgram.url)) as stream,
    ):
        await say(stream, "able acid aged")
        await stream.finalise()

        assert await final(stream, count=2) == [
            Transcript("able acid", is_final=True),
            Transcript("aged", is_final=True, answers_finalise=True),
        ]


async def test_finalise_comes_after_the_sound():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        await stream.send(FRAME)
        await stream.finalise()
        await answer(stream)

        assert deepgram.heard == FRAME
        assert deepgram.told == ["Finalize"]


async def test_a_finalise_that_deepgram_leaves_unanswered_is_answered_with_what_was_understood():
    async with deaf_to_finalise() as deepgram, opened(ear(deepgram.url)) as stream:
        await say(stream, "able acid")
        await interim(stream, "able acid")
        await stream.finalise()

        async with asyncio.timeout(ANSWER_S + 0.4):
            [guess] = await answer(stream)
        assert guess == Transcript("able acid", is_final=True, answers_finalise=True, is_guess=True)


async def test_words_that_come_after_a_guess_without_any_are_told_once_as_late():
    async with deaf_to_finalise() as deepgram, opened(ear(deepgram.url)) as stream:
        await stream.send(FRAME)
        await stream.finalise()
        [guess] = await answer(stream)
        assert (guess.text, guess.is_guess) == ("", True)
        said = results("good night", duration=FRAME_S, is_final=True, from_finalize=True)
        deepgram.say(said)
        deepgram.say(said)
        deepgram.say(results("hello", start=FRAME_S, duration=FRAME_S))

        assert await final(stream) == [Transcript("good night", is_final=True, is_late=True)]
        await interim(stream, "hello")


async def test_an_answer_that_comes_too_late_is_not_heard_twice():
    async with deaf_to_finalise() as deepgram, opened(ear(deepgram.url)) as stream:
        await stream.send(FRAME)
        await deepgram.until(lambda: bool(deepgram.heard))
        deepgram.say(results("good night", duration=FRAME_S))
        await interim(stream, "good night")
        await stream.finalise()
        await answer(stream)
        deepgram.say(results("good night", duration=FRAME_S, is_final=True, from_finalize=True))
        deepgram.say(results("hello", start=FRAME_S, duration=FRAME_S))

        await interim(stream, "hello")


async def test_words_that_were_answered_with_are_not_said_again_by_what_follows_them():
    async with deaf_to_finalise() as deepgram, opened(ear(deepgram.url)) as stream:
        await stream.send(FRAME)
        await deepgram.until(lambda: bool(deepgram.heard))
        deepgram.say(results("good night", duration=FRAME_S))
        await interim(stream, "good night")
        await stream.finalise()
        await answer(stream)
        deepgram.say(results("good night then bye", duration=1.0))
        await interim(stream, "then bye")
        deepgram.say(results("good night then bye", duration=2.0, is_final=True))
        deepgram.say(results("hello you two", start=2.0, duration=1.0, is_final=True))

        assert await final(stream, count=2) == [
            Transcript("then bye", is_final=True),
            Transcript("hello you two", is_final=True),
        ]


async def test_a_late_answer_does_not_answer_the_next_finalise():
    async with deaf_to_finalise() as deepgram, opened(ear(deepgram.url)) as stream:
        await stream.send(FRAME)
        await stream.finalise()
        await answer(stream)
        await stream.send(FRAME)
        await stream.finalise()
        answers = {"is_final": True, "from_finalize": True, "duration": FRAME_S}
        deepgram.say(results("old", **answers))
        deepgram.say(results("new", start=FRAME_S, **answers))

        assert await answer(stream) == [Transcript("new", is_final=True, answers_finalise=True)]


async def test_a_finalise_without_new_sound_asks_nobody():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        await stream.finalise()
        await stream.send(FRAME)
        await stream.finalise()
        await stream.finalise()

        assert len(await answer(stream, count=3)) == 3
        assert deepgram.told == ["Finalize"]


async def test_messages_of_other_kinds_are_passed_over():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        await deepgram.until(lambda: deepgram.answering == 1)
        deepgram.say({"type": "SpeechStarted", "channel": [0], "timestamp": 0.1})
        deepgram.say({"type": "Invented", "of": "tomorrow"})
        deepgram.say({"type": "Results", "is_final": True})
        deepgram.say(results("hello", is_final=True))

        assert [piece.text for piece in await final(stream, count=2)] == ["", "hello"]


async def test_a_silent_microphone_keeps_the_connection_alive():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)):
        await deepgram.until(lambda: deepgram.told == ["KeepAlive"])


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault.UNAUTHORISED, ProviderRejected, "DEEPGRAM_API_KEY"),
        (Fault.BUSY, ProviderBusy, "429"),
        (Fault.BROKEN, ProviderUnavailable, "500"),
    ],
)
async def test_a_refusal_says_what_to_do_and_never_the_key(fault, error, said, caplog):
    caplog.set_level(logging.DEBUG)
    async with DeepgramSimulator(Conduct(fault)) as deepgram:
        with pytest.raises(error, match=said) as raised:
            await visit(ear(deepgram.url))

    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert KEY not in told + caplog.text + repr(ear(deepgram.url)._account)


async def test_a_wrong_key_is_logged_once_however_often_it_is_tried(caplog):
    async with DeepgramSimulator(Conduct(Fault.UNAUTHORISED)) as deepgram:
        provider = ear(deepgram.url)
        for _ in range(3):
            with pytest.raises(ProviderRejected):
                await visit(provider)

    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "check DEEPGRAM_API_KEY" in record.getMessage()


async def test_being_hung_up_on_is_reported():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        await deepgram.until(lambda: deepgram.answering == 1)
        await deepgram.hang_up(1011, "NET-0001")

        with pytest.raises(ProviderUnavailable, match="NET-0001"):
            await answer(stream)


async def test_an_error_message_is_reported():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        await deepgram.until(lambda: deepgram.answering == 1)
        deepgram.say({"type": "Error", "variant": "X", "description": "bad frame"})

        with pytest.raises(ProviderUnavailable, match="bad frame"):
            await answer(stream)


async def test_trouble_is_told_to_everybody_who_reads():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        await deepgram.until(lambda: deepgram.answering == 1)
        await deepgram.hang_up(1011, "")

        for _ in range(2):
            with pytest.raises(ProviderUnavailable, match="hung up"):
                await answer(stream)


async def test_leaving_after_a_drop_raises_nothing_more():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)):
        await deepgram.until(lambda: deepgram.answering == 1)
        await deepgram.behave(Conduct(Fault.REFUSE))


async def test_sending_never_waits_and_breaks_off_when_too_much_is_queued():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        async with asyncio.timeout(1):
            for _ in range(QUEUED_MAX + 1):  # without a pause, so that nothing goes out meanwhile
                await stream.send(FRAME)

        with pytest.raises(ProviderUnavailable, match="too slow"):
            await answer(stream)


async def test_what_nobody_reads_does_not_pile_up():
    transcripts, piece = Transcripts("deepgram"), Transcript("word", is_final=True)
    for _ in range(WAITING_MAX + 1):
        assert not transcripts.ended
        transcripts.tell(piece)

    assert transcripts.ended
    reading = transcripts.read()
    for _ in range(WAITING_MAX + 1):
        assert await anext(reading) == piece
    with pytest.raises(ProviderUnavailable, match="nobody took"):
        await anext(reading)


async def test_words_that_are_not_certain_yet_do_not_pile_up():
    transcripts = Transcripts("deepgram")
    for number in range(WAITING_MAX + 2):
        transcripts.tell(Transcript(f"word {number}"))

    assert not transcripts.ended
    assert await anext(transcripts.read()) == Transcript(f"word {WAITING_MAX + 1}")


async def test_a_silent_peer_delays_closing_by_less_than_a_second():
    loop = asyncio.get_running_loop()
    async with DeepgramSimulator() as deepgram:
        async with opened(ear(deepgram.url)) as stream:
            await deepgram.until(lambda: deepgram.answering == 1)
            deepgram.stop_reading()
            await stream.send(FRAME)
            started = loop.time()
        assert loop.time() - started < 1


async def test_a_peer_that_is_silent_from_the_first_is_given_up():
    loop = asyncio.get_running_loop()
    async with silent_peer() as url:
        started = loop.time()
        with pytest.raises(ProviderTimeout, match="no connection"):
            await visit(ear(url))
        assert loop.time() - started < CONNECT_S + 0.5


async def test_whoever_is_cancelled_while_a_peer_is_silent_is_not_held():
    loop = asyncio.get_running_loop()
    async with silent_peer() as url:
        running = asyncio.create_task(visit(ear(url)))
        await asyncio.sleep(0.05)  # in the middle of the handshake, which never ends
        started = loop.time()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert loop.time() - started < 0.5


def test_every_error_is_one_that_the_pipeline_knows():
    account = Account("deepgram", KEY, "http://localhost", "nova-3", "DEEPGRAM_STT_MODEL")

    for status in range(400, 600):
        error = account.error(status, f"why: {KEY}")
        assert isinstance(error, ProviderError)
        assert KEY not in str(error)


# --- its own endpointing -------------------------------------------------------------------------


async def test_what_it_has_settled_in_a_pause_is_not_asked_for_again():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        await say(stream, "able")
        await interim(stream, "able")
        deepgram.say(results("able", start=0.0, duration=60.0, is_final=True, speech_final=True))
        await final(stream)

        await stream.finalise()

        assert await answer(stream) == [Transcript("", is_final=True, answers_finalise=True)]
        assert deepgram.told == []


async def test_what_was_said_since_it_settled_is_asked_for():
    async with DeepgramSimulator() as deepgram, opened(ear(deepgram.url)) as stream:
        await say(stream, "able")
        await interim(stream, "able")
        deepgram.say(results("able", start=0.0, duration=0.1, is_final=True, speech_final=True))
        await final(stream)
        for _ in range(20):
            await stream.send(FRAME)

        await stream.finalise()
        await answer(stream)

        assert deepgram.told == ["Finalize"]


async def test_what_it_settles_while_it_is_asked_is_the_answer():
    """Deepgram may stay silent to a Finalize that leaves it nothing to do."""
    async with deaf_to_finalise() as deepgram, opened(ear(deepgram.url)) as stream:
        await say(stream, "able")
        await interim(stream, "able")
        await stream.finalise()

        deepgram.say(results("able", start=0.0, duration=60.0, is_final=True, speech_final=True))

        told = Transcript("able", is_final=True, answers_finalise=True)
        assert await answer(stream) == [told]


async def test_its_late_answer_to_what_it_has_settled_answers_nothing_else():
    async with deaf_to_finalise() as deepgram, opened(ear(deepgram.url)) as stream:
        await stream.send(FRAME)
        await stream.finalise()
        settled = {"is_final": True, "duration": FRAME_S}
        deepgram.say(results("able", **settled, speech_final=True))
        await answer(stream)
        for _ in range(20):
            await stream.send(FRAME)
        await stream.finalise()
        deepgram.say(results("", **settled, from_finalize=True))
        deepgram.say(
            results("acid", start=FRAME_S, duration=1.0, is_final=True, from_finalize=True)
        )

        assert await answer(stream) == [Transcript("acid", is_final=True, answers_finalise=True)]
