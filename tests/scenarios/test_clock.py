"""The clock itself: time jumps, order holds, and waiting for nothing is noticed."""

import asyncio
import time

import pytest

from tests.scenarios.clock import THREAD_S, Stuck, run, sleep_until


def test_a_day_takes_no_time():
    async def a_day() -> float:
        await asyncio.sleep(86_400)
        return asyncio.get_running_loop().time()

    began_at = time.monotonic()

    assert run(a_day()) == pytest.approx(86_400)
    assert time.monotonic() - began_at < 60


def test_things_happen_in_the_order_of_their_times():
    happened = []

    async def note(at: float) -> None:
        await sleep_until(at)
        happened.append((at, asyncio.get_running_loop().time()))

    async def all_of_them() -> None:
        await asyncio.gather(*(note(at) for at in (3.0, 0.5, 2.0, 0.25)))

    run(all_of_them())

    assert happened == [(at, pytest.approx(at)) for at in (0.25, 0.5, 2.0, 3.0)]


def test_a_timeout_fires_at_its_time():
    async def wait() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await asyncio.sleep(2.0)
        return asyncio.get_running_loop().time()

    assert run(wait()) == pytest.approx(1.5)


def test_waiting_for_what_nobody_does_is_noticed():
    async def wait() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck):
        run(wait())


def test_a_thread_is_answered_after_a_while():
    async def ask() -> tuple[int, float]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, lambda: 1), loop.time()

    assert run(ask(), threads=lambda work: work() + 1) == (2, pytest.approx(THREAD_S, abs=1e-6))


def test_a_thread_that_nobody_answers_is_an_error():
    async def ask() -> None:
        await asyncio.get_running_loop().run_in_executor(None, lambda: 1)

    with pytest.raises(AssertionError, match="where time is real"):
        run(ask())


def test_going_in_circles_is_noticed():
    async def turn() -> None:
        while True:  # noqa: ASYNC110  (that is the point)
            await asyncio.sleep(0)

    with pytest.raises(Stuck, match="nobody waits"):
        run(turn())


def test_a_wait_that_is_rounded_to_nothing_ends():
    async def wait() -> float:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(1e6)
        due = loop.time() + 1e-9
        while loop.time() < due:  # noqa: ASYNC110  (rounding is what is tried)
            await asyncio.sleep((due - loop.time()) / 1e9)
        return loop.time()

    assert run(wait()) == pytest.approx(1e6)
