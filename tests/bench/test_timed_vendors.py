"""The simulated model and voice of the latency bench: when their tokens and sounds come."""

import asyncio

import pytest

from bench.latency.profiles import TYPICAL, ZERO, Profile
from bench.latency.simulated.mind import REPLY, tokens
from bench.latency.simulated.voice import Spoken
from tests.scenarios.clock import run
from tests.simulators.speaking import RATE_HZ


def test_the_first_token_comes_after_200_ms_and_then_100_words_a_second() -> None:
    async def ask() -> list[tuple[float, str]]:
        now = asyncio.get_running_loop().time
        return [(now(), word) async for word in tokens(TYPICAL, 20, now())]

    came = run(ask())

    assert "".join(word for _, word in came) == " ".join(REPLY.split()[:20])
    assert [at for at, _ in came] == pytest.approx([0.2 + 0.01 * i for i in range(20)], abs=1e-3)


async def spoken(profile: Profile, *texts: tuple[float, str]) -> list[tuple[float, float]]:
    """(when a piece came, how much had been said before it); texts: each with when it comes."""
    context = Spoken("context")
    now = asyncio.get_running_loop().time

    async def write() -> None:
        for at, text in texts:
            await asyncio.sleep(at - now())
            context.add(text, is_last=text is texts[-1][1])

    writing = asyncio.create_task(write())
    said_s, came = 0.0, []
    async for piece in context.pieces(profile):
        came.append((now(), said_s))
        said_s += len(piece.pcm) / 2 / RATE_HZ
    await writing
    return came


def test_the_voice_begins_120_ms_after_its_first_text_and_needs_a_fifth_of_real_time() -> None:
    for at, said_s in run(spoken(TYPICAL, (1.0, "There are three of them."))):
        assert at == pytest.approx(1.12 + 0.2 * said_s, abs=1e-3)


def test_a_voice_that_gets_tokens_does_not_wait_for_the_last() -> None:
    came = run(spoken(TYPICAL, (1.0, "There"), (2.0, " are"), (3.0, " three.")))

    assert came[0][0] == pytest.approx(1.12, abs=1e-3)
    assert came[-1][0] > 3.0


def test_with_no_delay_sound_is_there_with_its_text() -> None:
    assert all(at < 1.01 for at, _ in run(spoken(ZERO, (1.0, "There are three of them."))))
