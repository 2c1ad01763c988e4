import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.simulators.flux import FluxSimulator
from tests.voice.providers.listening import answer, final, interim, said, say, words
from voice.providers.account import Account
from voice.providers.errors import ProviderRejected, ProviderUnavailable
from voice.providers.protocols import Transcript
from voice.providers.stt.flux import SILENCE, Flux
from voice.providers.stt.socket_stream import KEEP_ALIVE_S, SocketStream

KEY = "dg-secret-0123456789"
ENGLISH, MULTILINGUAL = "flux-general-en", "flux-general-multi"


def ear(url: str, model: str = ENGLISH) -> Flux:
    return Flux(Account("flux", KEY, url, model, "FLUX_STT_MODEL", vendor="DEEPGRAM"))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[SocketStream]:
    async with asyncio.timeout(10), ear(url).open(language="en") as stream:
        yield stream


async def visit(ear: Flux, **how: object) -> None:
    async with ear.open(**({"language": "en"} | how)):
        pass


def deaf_to_finalise() -> FluxSimulator:
    return FluxSimulator(answers_finalise=False)


def turn(event: str, index: int, transcript: str, until_s: float, **fields: object):
    return {
        "type": "TurnInfo",
        "event": event,
        "turn_index": index,
        "audio_window_start": 0.0,
        "audio_window_end": until_s,
        "transcript": transcript,
        "words": [],
        "end_of_turn_confidence": 0.1,
        **fields,
    }


# --- what it asks for ----------------------------------------------------------------------------


async def test_it_asks_to_be_left_the_end_of_turns():
    async with FluxSimulator() as flux, opened(flux.url):
        [request] = flux.requests
        assert request.headers["Authorization"] == f"Token {KEY}"
        assert request.path.startswith("/v2/listen?")
        assert {name: value for name, [value] in flux.query().items()} == {
            "model": ENGLISH,
            "encoding": "linear16",
            "sample_rate": "16000",
            "eot_threshold": "1.0",
        }


@pytest.mark.parametrize(
    ("model", "language", "hint"),
    [
        (ENGLISH, "en", None),
        (ENGLISH, "en-GB", None),
        (MULTILINGUAL, "de", ["de"]),
        (MULTILINGUAL, "pt-BR", ["pt"]),
        ("flux-of-tomorrow", "sw", ["sw"]),
    ],
)
async def test_it_is_told_which_language_to_expect(model, language, hint):
    async with FluxSimulator() as flux:
        await visit(ear(flux.url, model), language=language)

        assert flux.query().get("language_hint") == hint


@pytest.mark.parametrize(("model", "language"), [(ENGLISH, "de"), (MULTILINGUAL, "pl")])
async def test_a_language_that_the_model_does_not_know_is_refused(model, language):
    async with FluxSimulator() as flux:
        with pytest.raises(ProviderRejected, match=f"not “{language}”; check FLUX_STT_MODEL"):
            await visit(ear(flux.url, model), language=language)
        assert flux.requests == []


@pytest.mark.parametrize(("model", "asked"), [(ENGLISH, ["Ada"]), (MULTILINGUAL, None)])
async def test_names_are_passed_on_to_a_model_that_knows_what_to_do_with_them(model, asked):
    async with FluxSimulator() as flux:
        await visit(ear(flux.url, model), terms=["Ada"])

        assert flux.query().get("keyterm") == asked


# --- what is heard -------------------------------------------------------------------------------


async def test_a_turn_grows_and_is_final_when_it_is_ended():
    async with FluxSimulator() as flux, opened(flux.url) as stream:
        await say(stream, "able")
        await interim(stream, "able")
        await say(stream, "acid")
        await interim(stream, "able acid")
        await stream.finalise()

        assert await answer(stream) == [
            Transcript("able acid", is_final=True, answers_finalise=True)
        ]
        assert flux.told == ["ForceEndTurn"]


async def test_a_turn_that_flux_ends_in_the_middle_is_a_piece():
    async with FluxSimulator(cuts_after_words=2) as flux, opened(flux.url) as stream:
        await say(stream, "able acid aged")
        await stream.finalise()

        assert await final(stream, count=2) == [
            Transcript("able acid", is_final=True),
            Transcript("aged", is_final=True, answers_finalise=True),
        ]


@pytest.mark.parametrize(("warns", "least_s", "most_s"), [(True, 0, 0.4), (False, 0.4, 1.2)])
async def test_a_finalise_that_finds_the_turn_ended_is_answered(warns, least_s, most_s):
    loop = asyncio.get_running_loop()
    async with FluxSimulator(cuts_after_words=2) as flux, opened(flux.url) as stream:
        flux.warns = warns
        await say(stream, "able acid")
        assert await final(stream) == [Transcript("able acid", is_final=True)]
        asked_at = loop.time()
        await stream.finalise()

        [answered] = await answer(stream)
        assert answered == Transcript("", True, answers_finalise=True, is_guess=not warns)
        assert least_s <= loop.time() - asked_at < most_s


async def test_a_word_that_was_not_transcribed_in_time_begins_the_next_turn():
    async with deaf_to_finalise() as flux, opened(flux.url) as stream:
        await stream.send(bytes(32000))
        await stream.finalise()
        flux.say(turn("EndOfTurn", 0, "good", 0.9, trigger="manual"))
        flux.say(turn("StartOfTurn", 1, "night", 1.0))

        assert await answer(stream) == [Transcript("good", is_final=True, answers_finalise=True)]
        await interim(stream, "night")


async def test_a_turn_that_goes_on_after_we_gave_it_up_says_no_word_twice():
    async with deaf_to_finalise() as flux, opened(flux.url) as stream:
        await stream.send(bytes(32000))
        await flux.until(lambda: bool(flux.heard))
        flux.say(turn("StartOfTurn", 0, "good night", 1.0))
        await interim(stream, "good night")
        await stream.finalise()
        assert words(await answer(stream)) == ["good", "night"]
        flux.say(turn("Update", 0, "good night then", 1.5))
        await interim(stream, "then")
        flux.say(turn("EndOfTurn", 0, "good night then", 2.0, trigger="timeout"))
        assert await final(stream) == [Transcript("then", is_final=True)]
        flux.say(turn("StartOfTurn", 1, "hello you", 2.5))
        await interim(stream, "hello you")


async def test_an_end_of_its_own_that_comes_while_it_is_asked_is_no_answer():
    async with deaf_to_finalise() as flux, opened(flux.url) as stream:
        await stream.send(bytes(32000))
        await stream.finalise()
        flux.say(turn("EndOfTurn", 0, "good", 0.5, trigger="model"))
        flux.say(turn("EndOfTurn", 1, "night", 1.0, trigger="manual"))

        assert await answer(stream) == [
            Transcript("good", is_final=True),
            Transcript("night", is_final=True, answers_finalise=True),
        ]


async def test_words_that_come_after_their_answer_are_in_the_next_one_only():
    async with deaf_to_finalise() as flux, opened(flux.url) as stream:
        await stream.send(bytes(32000))
        await stream.finalise()
        flux.say(turn("EndOfTurn", 0, "good", 0.9, trigger="manual"))
        assert words(await answer(stream)) == ["good"]
        flux.say(turn("StartOfTurn", 1, "night", 1.0))
        await interim(stream, "night")
        await stream.finalise()
        assert words(await answer(stream)) == ["night"]
        flux.say(turn("EndOfTurn", 1, "night then", 2.0, trigger="timeout"))
        assert words(await final(stream)) == ["then"]


async def test_an_end_that_comes_too_late_is_not_heard_twice():
    async with deaf_to_finalise() as flux, opened(flux.url) as stream:
        await stream.send(bytes(32000))
        await stream.finalise()
        await answer(stream)
        flux.say(turn("EndOfTurn", 0, "good night", 1.0, trigger="manual"))
        flux.say(turn("StartOfTurn", 1, "hello", 1.5))

        await interim(stream, "hello")


async def test_messages_of_other_kinds_are_passed_over():
    async with FluxSimulator() as flux, opened(flux.url) as stream:
        await flux.until(lambda: flux.answering == 1)
        flux.say({"type": "ConfigureSuccess", "request_id": "0", "sequence_id": 1})
        flux.say({"type": "Warning", "code": "SOMETHING_ELSE", "description": "", "sequence_id": 1})
        flux.say({"type": "Invented", "of": "tomorrow"})
        flux.say(turn("EagerEndOfTurn", 0, "hello", 0.5))
        await interim(stream, "hello")
        flux.say(turn("TurnResumed", 0, "hello you", 0.7))
        await interim(stream, "hello you")


async def test_a_fatal_error_is_reported():
    async with FluxSimulator() as flux, opened(flux.url) as stream:
        await flux.until(lambda: flux.answering == 1)
        flux.say({"type": "Error", "code": "INTERNAL_SERVER_ERROR", "description": "sorry"})

        with pytest.raises(ProviderUnavailable, match="INTERNAL_SERVER_ERROR: sorry"):
            await answer(stream)


# --- a muted microphone --------------------------------------------------------------------------


async def test_silence_keeps_a_muted_connection_alive():
    async with FluxSimulator() as flux:
        flux.idle_s = KEEP_ALIVE_S + 1
        async with opened(flux.url) as stream:
            for times in (1, 2):
                await flux.until(lambda so_far=times * SILENCE: flux.heard == so_far)
            assert words(await said(stream, "able")) == ["able"]
        assert flux.told == ["ForceEndTurn"]


async def test_the_silence_that_is_added_counts_as_sound():
    """Otherwise what comes too late after a mute would pass for new."""
    async with deaf_to_finalise() as flux, opened(flux.url) as stream:
        await flux.until(lambda: flux.heard == SILENCE)
        await stream.send(bytes(3200))
        await stream.finalise()
        await answer(stream)
        flux.say(turn("EndOfTurn", 0, "late", 0.2, trigger="manual"))
        flux.say(turn("StartOfTurn", 1, "hello", 0.3))

        await interim(stream, "hello")
