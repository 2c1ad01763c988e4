import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.simulators import tones
from tests.simulators.flux import FluxListener, FluxSimulator, turn_info
from tests.voice.providers.listening import (
    KEY,
    answer,
    answers,
    final,
    interim,
    opened,
    said,
    say,
    send,
    visit,
    words,
)
from voice.providers.account import Account
from voice.providers.errors import ProviderRejected, ProviderUnavailable
from voice.providers.protocols import INPUT_HZ, SpeechToTextStream, Transcript
from voice.providers.stt.flux import SILENCE, Flux
from voice.providers.stt.owed import ANSWER_S
from voice.providers.stt.socket_stream import KEEP_ALIVE_S

ENGLISH, MULTILINGUAL = "flux-general-en", "flux-general-multi"
SECOND = bytes(INPUT_HZ * 2)


def ear(url: str, model: str = ENGLISH) -> Flux:
    return Flux(Account("flux", KEY, url, model, "FLUX_STT_MODEL", vendor="DEEPGRAM"))


class Mute(FluxListener):
    def hear(self, pcm: bytes) -> None:
        """The test speaks for it."""


class Puppet(FluxSimulator):
    listener = Mute

    def __init__(self) -> None:
        super().__init__(answers_finalise=False)

    def tell(
        self, event: str, index: int, text: str, until_s: float | None, **fields: object
    ) -> None:
        self.say(turn_info(event, index, text, until_s=until_s, **fields))


async def hush(stream: SpeechToTextStream, silent_s: float) -> None:
    await send(stream, bytes(int(INPUT_HZ * silent_s) * 2))


@asynccontextmanager
async def live(stream: SpeechToTextStream) -> AsyncIterator[None]:
    """The microphone goes on meanwhile, and hears nothing."""

    async def run() -> None:
        while True:
            await hush(stream, 0.032)
            await asyncio.sleep(0.02)

    running = asyncio.create_task(run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait({running})


async def turn(stream: SpeechToTextStream) -> list[Transcript]:
    """What comes until the turn is over."""
    heard: list[Transcript] = []
    async with live(stream):
        async for piece in stream.transcripts():
            heard.append(piece)
            if piece.turn_over:
                break
    return heard


# --- what it asks for ----------------------------------------------------------------------------


async def test_it_asks_for_early_and_certain_ends_of_turns():
    async with FluxSimulator() as flux, opened(ear(flux.url)):
        [request] = flux.requests
        assert request.headers["Authorization"] == f"Token {KEY}"
        assert request.path.startswith("/v2/listen?")
        assert {name: value for name, [value] in flux.query().items()} == {
            "model": ENGLISH,
            "encoding": "linear16",
            "sample_rate": "16000",
            "eot_threshold": "0.7",
            "eager_eot_threshold": "0.4",
            "eot_timeout_ms": "5000",
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


# --- whose turn it is ----------------------------------------------------------------------------


async def test_a_turn_goes_on_until_the_model_says_that_it_is_over():
    async with FluxSimulator() as flux, opened(ear(flux.url)) as stream:
        await say(stream, "able acid")
        await stream.finalise()
        heard = await turn(stream)

        assert [piece.turn_over for piece in heard] == [False] * (len(heard) - 1) + [True]
        assert (words(heard), answers(heard)) == (["able", "acid"], 1)
        assert flux.events[-1] == "EndOfTurn"
        assert flux.told == []


async def test_that_a_turn_is_over_is_told_though_its_words_were_answered_with():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await stream.send(SECOND)
        await stream.finalise()
        flux.tell("EagerEndOfTurn", 0, "good night", 1.0)
        flux.tell("Update", 0, "good night", 1.2)
        flux.tell("EndOfTurn", 0, "Good night.", 1.4, trigger="model")

        assert await answer(stream) == [
            Transcript("good night", True, answers_finalise=True, turn_over=False)
        ]
        assert await final(stream) == [Transcript("", True, turn_over=True)]


async def test_a_turn_that_resumes_after_an_early_end_was_not_over():
    async with FluxSimulator() as flux, opened(ear(flux.url)) as stream:
        await say(stream, "able")
        await say(stream, "acid")
        heard = await turn(stream)

        told = [event for event in flux.events if event != "Update"]
        resumed = ["StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EagerEndOfTurn", "EndOfTurn"]
        assert told == resumed
        assert [piece.turn_over for piece in heard] == [False] * (len(heard) - 1) + [True]
        assert words(heard) == ["able", "acid"]


async def test_a_turn_that_the_model_is_not_sure_of_is_over_when_its_time_is_up():
    async with FluxSimulator() as flux, opened(ear(flux.url)) as stream:
        flux.open_words = ("acid",)
        await say(stream, "able acid")
        await stream.finalise()
        await hush(stream, 4.5)
        heard = await answer(stream)
        assert heard[-1] == Transcript("able acid", True, answers_finalise=True, turn_over=False)
        await hush(stream, 0.5)
        assert await final(stream) == [Transcript("", True, turn_over=True)]
        assert "EagerEndOfTurn" not in flux.events


async def test_a_finalise_in_a_pause_leaves_the_turn_to_the_model():
    async with FluxSimulator() as flux, opened(ear(flux.url)) as stream:
        flux.open_words = ("acid",)
        await say(stream, "able acid")
        await stream.finalise()
        async with live(stream):
            first = await answer(stream)
        await say(stream, "aged")
        await stream.finalise()
        second = await turn(stream)

        assert first[-1] == Transcript("able acid", True, answers_finalise=True, turn_over=False)
        assert (words(second), answers(second)) == (["aged"], 1)
        assert (flux.events.count("EndOfTurn"), flux.told) == (1, [])


async def test_a_word_that_is_understood_late_is_told_after_the_answer():
    async with FluxSimulator() as flux, opened(ear(flux.url)) as stream:
        flux.lag_s = 0.45
        await say(stream, "able acid")
        await stream.finalise()
        heard = await turn(stream)

        at = next(at for at, piece in enumerate(heard) if piece.answers_finalise)
        assert words(heard[: at + 1]) == ["able"]
        assert words(heard) == ["able", "acid"]
        assert [piece.turn_over for piece in heard] == [False] * (len(heard) - 1) + [True]


async def test_a_microphone_that_has_stopped_ends_the_turn_without_a_judgement():
    """Hold-to-talk released: there will be no sound that could decide anything."""
    async with FluxSimulator() as flux, opened(ear(flux.url)) as stream:
        await say(stream, "able")
        await interim(stream, "able")
        await say(stream, "acid")
        await interim(stream, "able acid")
        await stream.finalise()

        assert await answer(stream) == [Transcript("able acid", True, answers_finalise=True)]
        assert flux.told == ["ForceEndTurn"]


async def test_a_finalise_soon_after_the_end_of_a_turn_asks_for_nothing():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await stream.send(SECOND)
        await flux.until(lambda: bool(flux.heard))
        flux.tell("EndOfTurn", 0, "good", 0.9, trigger="model")
        await final(stream)
        flux.tell("Update", 1, "", 1.0)
        await stream.finalise()

        assert await answer(stream) == [Transcript("", True, answers_finalise=True, turn_over=True)]


async def test_the_end_of_one_turn_says_nothing_of_what_is_said_next():
    """Its first word may still be on its way when it is asked for."""
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await stream.send(SECOND)
        await flux.until(lambda: bool(flux.heard))
        flux.tell("EndOfTurn", 0, "good", 0.5, trigger="model")
        await final(stream)
        await stream.finalise()
        flux.tell("Update", 1, "", 1.0)
        flux.tell("StartOfTurn", 1, "yes", 1.1)

        assert await answer(stream) == [Transcript("", True, answers_finalise=True)]
        await interim(stream, "yes")


@pytest.mark.parametrize("seed", range(8))
async def test_no_word_is_lost_or_told_twice_wherever_it_is_asked_for(seed):
    """Pauses of any length, within turns and between them, and a finalise in some of them."""
    chance = random.Random(seed)
    spoken = chance.choices(tones.VOCABULARY, k=24)
    heard: list[Transcript] = []
    asked = 0
    async with FluxSimulator() as flux, opened(ear(flux.url), bound_s=30) as stream:
        flux.open_words = tuple(chance.sample(spoken, 6))
        flux.lag_s = chance.choice((0.0, 0.2))
        for word in spoken:
            await send(stream, tones.sound(word, INPUT_HZ)[0])
            await hush(stream, chance.uniform(0.05, 0.9))
            if chance.random() < 0.5:
                await stream.finalise()
                asked += 1
            if chance.random() < 0.2:
                async with live(stream):
                    heard += await answer(stream, count=asked - answers(heard)) if asked else []
        await stream.finalise()
        heard += await answer(stream, count=asked + 1 - answers(heard))

    assert words(heard) == spoken
    assert answers(heard) == asked + 1


# --- what is heard -------------------------------------------------------------------------------


async def test_a_turn_that_flux_ends_in_the_middle_is_a_piece():
    async with FluxSimulator(cuts_after_words=2) as flux, opened(ear(flux.url)) as stream:
        await say(stream, "able acid aged")
        await stream.finalise()

        assert await final(stream, count=2) == [
            Transcript("able acid", is_final=True, turn_over=True),
            Transcript("aged", is_final=True, answers_finalise=True),
        ]


@pytest.mark.parametrize(("warns", "least_s", "most_s"), [(True, 0, 0.6), (False, ANSWER_S, 1.2)])
async def test_a_finalise_without_a_turn_is_answered(warns, least_s, most_s):
    loop = asyncio.get_running_loop()
    async with FluxSimulator() as flux, opened(ear(flux.url)) as stream:
        flux.warns = warns
        await hush(stream, 0.1)
        asked_at = loop.time()
        await stream.finalise()

        [answered] = await answer(stream)
        assert answered == Transcript("", True, answers_finalise=True, is_guess=not warns)
        assert least_s <= loop.time() - asked_at < most_s


async def test_a_word_that_was_not_transcribed_in_time_begins_the_next_turn():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await stream.send(SECOND)
        await stream.finalise()
        flux.tell("EndOfTurn", 0, "good", 0.9, trigger="manual")
        flux.tell("StartOfTurn", 1, "night", 1.0)

        assert await answer(stream) == [Transcript("good", is_final=True, answers_finalise=True)]
        await interim(stream, "night")


async def test_words_that_are_worded_anew_are_neither_lost_nor_told_twice():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await stream.send(SECOND)
        await stream.finalise()
        flux.tell("Update", 0, "seventy five dollars", 1.0)
        assert words(await answer(stream)) == ["seventy", "five", "dollars"]
        flux.tell("Update", 0, "75 dollars please", 1.5)
        await interim(stream, "please")
        flux.tell("EndOfTurn", 0, "75 dollars, please.", 2.0, trigger="model")

        assert await final(stream) == [Transcript("please.", is_final=True, turn_over=True)]


async def test_a_turn_that_goes_on_after_we_gave_it_up_says_no_word_twice():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await stream.send(SECOND)
        await flux.until(lambda: bool(flux.heard))
        flux.tell("StartOfTurn", 0, "good night", 0.9)
        await interim(stream, "good night")
        await stream.finalise()
        [guess] = await answer(stream)
        assert guess == Transcript("good night", True, True, is_guess=True, turn_over=False)
        flux.tell("Update", 0, "good night then", 1.5)
        await interim(stream, "then")
        flux.tell("EndOfTurn", 0, "good night then", 2.0, trigger="timeout")
        assert await final(stream) == [Transcript("then", is_final=True, turn_over=True)]
        flux.tell("StartOfTurn", 1, "hello you", 2.5)
        await interim(stream, "hello you")


async def test_an_end_before_what_was_asked_for_is_no_answer():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await stream.send(SECOND)
        await stream.finalise()
        flux.tell("EndOfTurn", 0, "good", 0.5, trigger="model")
        flux.tell("EndOfTurn", 1, "night", 1.0, trigger="manual")

        assert await answer(stream) == [
            Transcript("good", is_final=True, turn_over=True),
            Transcript("night", is_final=True, answers_finalise=True),
        ]


async def test_one_message_answers_every_finalise_that_it_reaches():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        for _ in range(3):
            await stream.send(SECOND)
            await stream.finalise()
        flux.tell("Update", 0, "good", 2.0)
        flux.tell("Update", 0, "good night", 3.0)

        heard = await answer(stream, count=3)
        assert [piece.text for piece in heard] == ["good", "", "night"]


async def test_a_message_that_does_not_say_how_far_it_reaches_is_an_answer():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await stream.send(SECOND)
        await flux.until(lambda: bool(flux.heard))
        flux.tell("StartOfTurn", 0, "good", None)
        await interim(stream, "good")
        await stream.finalise()
        flux.tell("Update", 0, "good night", None)

        assert words(await answer(stream)) == ["good", "night"]


async def test_an_end_that_comes_after_a_guess_without_words_is_told_once_as_late():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await stream.send(SECOND)
        await stream.finalise()
        await answer(stream)
        for _ in range(2):
            flux.tell("EndOfTurn", 0, "good night", 1.0, trigger="manual")
        flux.tell("StartOfTurn", 1, "hello", 1.5)

        assert await final(stream) == [Transcript("good night", is_final=True, is_late=True)]
        await interim(stream, "hello")


async def test_messages_of_other_kinds_are_passed_over():
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await flux.until(lambda: flux.answering == 1)
        flux.say({"type": "ConfigureSuccess", "request_id": "0", "sequence_id": 1})
        flux.say({"type": "Warning", "code": "SOMETHING_ELSE", "description": "", "sequence_id": 1})
        flux.say({"type": "Invented", "of": "tomorrow"})
        flux.tell("InventedToo", 0, "hello", 0.5)
        await interim(stream, "hello")
        flux.tell("EndOfTurn", 0, "hello", 0.7, trigger="of tomorrow")

        assert await final(stream) == [Transcript("hello", is_final=True, turn_over=True)]


async def test_a_fatal_error_is_reported():
    async with FluxSimulator() as flux, opened(ear(flux.url)) as stream:
        await flux.until(lambda: flux.answering == 1)
        flux.say({"type": "Error", "code": "INTERNAL_SERVER_ERROR", "description": "sorry"})

        with pytest.raises(ProviderUnavailable, match="INTERNAL_SERVER_ERROR: sorry"):
            await answer(stream)


# --- a muted microphone --------------------------------------------------------------------------


async def test_silence_keeps_a_muted_connection_alive():
    async with FluxSimulator() as flux:
        flux.idle_s = KEEP_ALIVE_S + 1
        async with opened(ear(flux.url)) as stream:
            for times in (1, 2):
                await flux.until(lambda so_far=times * SILENCE: flux.heard == so_far)
            assert words(await said(stream, "able")) == ["able"]
        assert flux.told == ["ForceEndTurn"]


async def test_the_silence_that_is_added_counts_as_sound():
    """Otherwise what comes too late after a mute would pass for new."""
    async with Puppet() as flux, opened(ear(flux.url)) as stream:
        await flux.until(lambda: flux.heard == SILENCE)
        await stream.send(bytes(3200))
        await stream.finalise()
        await answer(stream)
        flux.tell("EndOfTurn", 0, "late", 0.2, trigger="manual")
        flux.tell("StartOfTurn", 1, "hello", 0.3)

        assert await final(stream) == [Transcript("late", is_final=True, is_late=True)]
        await interim(stream, "hello")
