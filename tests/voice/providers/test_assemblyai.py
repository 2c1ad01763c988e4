import asyncio
import json

import pytest
from assemblyai.streaming.v3 import RealTimeTranscriberOptions, TurnEvent

from tests.simulators.assemblyai import AssemblyAISimulator, turn
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.hearing import Word
from tests.simulators.silent import silent_peer
from tests.voice.providers.listening import (
    FRAME_BYTES,
    KEY,
    answer,
    final,
    interim,
    opened,
    say,
    visit,
)
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.http import CONNECT_S
from voice.providers.protocols import Transcript
from voice.providers.stt.assemblyai import AssemblyAI
from voice.providers.stt.assemblyai.connection import Connection
from voice.providers.stt.assemblyai.turns import FORMAT_S
from voice.providers.stt.owed import ANSWER_S

ENGLISH, MULTILINGUAL, PRO = (
    "universal-streaming-english",
    "universal-streaming-multilingual",
    "u3-rt-pro",
)


def account(url: str, model: str = ENGLISH) -> Account:
    return Account("assemblyai", KEY, url, model, "ASSEMBLYAI_STT_MODEL")


def ear(url: str, model: str = ENGLISH) -> AssemblyAI:
    return AssemblyAI(account(url, model))


def said(text: str, *, until_s: float = 0.5) -> list[Word]:
    return [Word(word, 0.0, until_s) for word in text.split()]


# --- what it asks for ----------------------------------------------------------------------------


async def test_it_asks_for_what_the_pipeline_needs():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)):
        [request] = assemblyai.requests
        assert request.headers["Authorization"] == KEY
        assert request.path.startswith("/v3/ws?")
        assert {name: value for name, [value] in assemblyai.query().items()} == {
            "speech_model": ENGLISH,
            "sample_rate": "16000",
            "encoding": "pcm_s16le",
            "format_turns": "True",
            "end_of_turn_confidence_threshold": "1.0",
        }


async def test_a_model_that_formats_at_once_is_not_asked_to_do_it_late():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url, PRO)):
        asked = assemblyai.query()
        assert not {"format_turns", "end_of_turn_confidence_threshold"} & set(asked)
        assert asked["min_turn_silence"] == ["1000"]


async def test_names_that_are_heard_wrong_are_passed_on_as_far_as_it_takes_them():
    terms = ["Ada Lovelace", "x" * 51, *map(str, range(200))]
    async with AssemblyAISimulator() as assemblyai:
        await visit(ear(assemblyai.url), terms=terms)
        [sent] = assemblyai.query()["keyterms_prompt"]

    assert json.loads(sent) == ["Ada Lovelace", *map(str, range(99))]


@pytest.mark.parametrize(
    ("model", "language", "refused"),
    [
        (ENGLISH, "en-US", False),
        (ENGLISH, "de", True),
        (MULTILINGUAL, "de-AT", False),
        (MULTILINGUAL, "pl", True),
        ("whisper-rt", "pl", False),
        ("no-such-model", "en", True),
    ],
)
async def test_what_a_model_cannot_do_is_refused(model, language, refused):
    async with AssemblyAISimulator() as assemblyai:
        if refused:
            with pytest.raises(ProviderRejected, match="check ASSEMBLYAI_STT_MODEL"):
                await visit(ear(assemblyai.url, model), language=language)
        else:
            await visit(ear(assemblyai.url, model), language=language)
        assert bool(assemblyai.requests) != refused


# --- the sound -----------------------------------------------------------------------------------


async def test_frames_are_put_together_until_they_are_long_enough_and_no_longer():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        for frames in range(2, 9, 2):
            await stream.send(b"\1\0" * (FRAME_BYTES // 2))
            await stream.send(b"\1\0" * (FRAME_BYTES // 2))
            await assemblyai.until(lambda f=frames: len(assemblyai.heard) == f * FRAME_BYTES)
        assert {len(message) for message in assemblyai.messages} == {2 * FRAME_BYTES}


async def test_what_is_too_short_when_somebody_has_finished_is_filled_up_with_silence():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        await stream.send(b"\1\0" * (FRAME_BYTES // 2))
        await stream.finalise()
        await answer(stream)

        assert assemblyai.messages == [(b"\1\0" * (FRAME_BYTES // 2)).ljust(1600, b"\0")]
        assert assemblyai.told == ["ForceEndpoint"]


async def test_a_muted_microphone_keeps_the_connection_alive():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)):
        await assemblyai.until(lambda: assemblyai.told == ["KeepAlive"])


# --- what is heard -------------------------------------------------------------------------------


async def test_the_word_that_may_still_change_is_heard_as_well():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        assemblyai.say(turn(0, said("good"), settled=0))
        await interim(stream, "good")
        assemblyai.say(turn(0, said("good night"), settled=1))
        await interim(stream, "good night")


async def test_the_words_of_a_model_that_settles_none_are_not_heard_twice():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url, PRO)) as stream:
        assemblyai.say(turn(0, said("good night"), settled=0) | {"transcript": "Good night"})

        await interim(stream, "Good night")


async def test_a_turn_that_is_ended_twice_is_final_once_and_well_written():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        for text in ("able acid", "aged also"):
            await say(stream, text)
            await stream.finalise()
            assert await final(stream) == [
                Transcript(f"{text.capitalize()}.", is_final=True, answers_finalise=True)
            ]


async def test_a_turn_that_is_formatted_from_the_first_is_final_at_once():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url, PRO)) as stream:
        await stream.send(bytes(32000))
        await stream.finalise()
        assemblyai.say(turn(0, said("able acid"), ends=True, formatted=True))

        assert await answer(stream) == [
            Transcript("Able acid.", is_final=True, answers_finalise=True)
        ]


async def test_words_that_are_never_formatted_answer_soon_all_the_same():
    loop = asyncio.get_running_loop()
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        assemblyai.formats = False
        await say(stream, "able acid")
        asked_at = loop.time()
        await stream.finalise()

        assert await final(stream) == [
            Transcript("able acid", is_final=True, answers_finalise=True)
        ]
        assert FORMAT_S <= loop.time() - asked_at < ANSWER_S


async def test_a_format_that_comes_too_late_is_not_heard_twice():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        assemblyai.formats = False
        await say(stream, "able acid")
        await stream.finalise()
        await final(stream)
        assemblyai.say(turn(0, said("able acid"), ends=True, formatted=True))
        assemblyai.say(turn(1, said("hello", until_s=9.0)))

        await interim(stream, "hello")


async def test_words_that_the_next_turn_overtakes_are_kept():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        assemblyai.say(turn(0, said("able acid"), ends=True))
        await interim(stream, "able acid")
        assemblyai.say(turn(1, said("hello", until_s=9.0)))
        assert await final(stream) == [Transcript("able acid", is_final=True)]
        await interim(stream, "hello")
        assemblyai.say(turn(0, said("able acid"), ends=True, formatted=True))
        assemblyai.say(turn(1, said("hello you", until_s=9.5)))
        await interim(stream, "hello you")


async def test_a_turn_that_it_ends_by_itself_is_a_piece():
    async with (
        AssemblyAISimulator(cuts_after_words=2) as assemblyai,
        opened(ear(assemblyai.url)) as stream,
    ):
        await say(stream, "able acid")
        assert await final(stream) == [Transcript("Able acid.", is_final=True)]
        await say(stream, "aged")
        await stream.finalise()
        assert await final(stream) == [Transcript("Aged.", is_final=True, answers_finalise=True)]


async def test_messages_of_other_kinds_are_passed_over():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        assemblyai.say({"type": "SpeechStarted", "timestamp": 10})
        assemblyai.say({"type": "Warning", "warning_code": 1, "warning": "careful"})
        assemblyai.say({"type": "Invented", "of": "tomorrow"})
        assemblyai.say(turn(0, said("hello")))

        await interim(stream, "hello")


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "said", "error", "told"),
    [
        (1008, "Unauthorized Connection: Missing Authorization", ProviderRejected, "API_KEY"),
        (1008, "Policy", ProviderUnavailable, "1008"),
        (1013, "blocking", ProviderUnavailable, "broken on their side"),
        (3005, "Server error", ProviderUnavailable, "broken on their side"),
        (3006, "Invalid parameter: x", ProviderRejected, "ASSEMBLYAI_STT_MODEL"),
        (3008, "Session expired", ProviderUnavailable, "Session expired"),
        (3009, "Too many concurrent sessions", ProviderBusy, "too many"),
        (4001, "Not Authorized", ProviderRejected, "check ASSEMBLYAI_API_KEY"),
        (4002, "Insufficient Funds", ProviderRejected, "no credit"),
        (4031, "Session idle", ProviderUnavailable, "Session idle"),
    ],
)
@pytest.mark.parametrize("is_open", [True, False])
async def test_an_error_is_what_its_code_says(code, said, error, told, is_open):
    message = {"type": "Error", "error_code": code, "error": said}
    async with AssemblyAISimulator() as assemblyai:
        assemblyai.greeting = {} if is_open else message
        with pytest.raises(error, match=told) as raised:
            await _meet(assemblyai, message)
        assert type(raised.value) is error


async def _meet(assemblyai: AssemblyAISimulator, message: dict[str, object]) -> None:
    async with opened(ear(assemblyai.url)) as stream:
        assemblyai.say(message)
        await answer(stream)


async def test_a_session_that_never_begins_is_given_up():
    loop = asyncio.get_running_loop()
    async with AssemblyAISimulator(Conduct(Fault.HANG)) as assemblyai:
        started = loop.time()
        with pytest.raises(ProviderTimeout, match="no session"):
            await visit(ear(assemblyai.url))
        assert CONNECT_S <= loop.time() - started < CONNECT_S + 0.5
        await assemblyai.until(lambda: assemblyai.answering == 0)


async def test_a_peer_that_is_silent_from_the_first_is_given_up():
    loop = asyncio.get_running_loop()
    async with silent_peer() as url:
        started = loop.time()
        with pytest.raises(ProviderTimeout, match="no session"):
            await visit(ear(url))
        assert loop.time() - started < CONNECT_S + 0.5


async def test_being_hung_up_on_in_good_order_is_reported_too():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        await assemblyai.hang_up(1000, "")

        with pytest.raises(ProviderUnavailable, match="1000"):
            await answer(stream)


async def test_a_turn_that_the_sdk_cannot_read_does_not_leave_us_deaf():
    async with AssemblyAISimulator() as assemblyai, opened(ear(assemblyai.url)) as stream:
        assemblyai.say({"type": "Turn", "turn_order": "first"})

        with pytest.raises(ProviderUnavailable, match="not understood: ValidationError"):
            await answer(stream)


async def test_what_we_cannot_read_is_not_left_to_the_log_of_the_sdk():
    options = RealTimeTranscriberOptions(api_host="ws://127.0.0.1", api_key=KEY)
    connection = Connection(options, account("http://127.0.0.1"))

    connection._on(None, TurnEvent.model_construct(type="Turn"))

    with pytest.raises(ProviderUnavailable, match="not understood"):
        await connection.hear(lambda _: None)


async def test_a_session_that_is_left_is_terminated():
    async with AssemblyAISimulator() as assemblyai:
        await visit(ear(assemblyai.url))
        await assemblyai.until(lambda: assemblyai.told == ["Terminate"])
        await assemblyai.until(lambda: assemblyai.answering == 0)


async def test_a_silent_peer_delays_closing_by_less_than_a_second():
    loop = asyncio.get_running_loop()
    async with AssemblyAISimulator() as assemblyai:
        async with opened(ear(assemblyai.url)) as stream:
            assemblyai.stop_reading()
            await stream.send(bytes(3200))
            started = loop.time()
        assert loop.time() - started < 1
