"""Calls of tools, on virtual time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.scenarios.clock import run
from voice.telemetry.meters import meters
from voice.telemetry.report import ToolUse
from voice.telemetry.tool_calls import timed


def called(name: str, work: Callable[[], Coroutine[Any, Any, bool]]) -> list[ToolUse]:
    """What is noted of it. work: returns whether it succeeded."""
    uses: list[ToolUse] = []

    async def call() -> None:
        with timed(name, uses, deadline_s=8.0) as timing:
            timing.has_failed = not await work()

    run(call())
    return uses


def failures(name: str) -> int:
    sums = meters().snapshot().items()
    return sum(found.times for key, found in sums if key[:2] == ("tool_failures", name))


async def succeeds() -> bool:
    await asyncio.sleep(0.25)
    return True


async def fails() -> bool:
    await asyncio.sleep(0.25)
    return False


def test_a_call_is_timed():
    [use] = called("one", succeeds)

    assert (use.name, use.ms, use.ok) == ("one", pytest.approx(250, abs=0.2), True)
    assert failures("one") == 0


def test_calls_side_by_side_say_when_each_began():
    uses: list[ToolUse] = []

    async def call(name: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        with timed(name, uses, deadline_s=8.0):
            await asyncio.sleep(1.0 - after_s * 0.5)

    async def both() -> None:
        began_at = asyncio.get_running_loop().time()
        await asyncio.gather(call("first", 0.0), call("second", 0.5))
        began = {use.name: round(use.began_at - began_at, 2) for use in uses}
        assert began == {"first": 0.0, "second": 0.5}

    run(both())


def test_one_that_says_that_it_failed_has_failed():
    assert [use.ok for use in called("two", fails)] == [False]
    assert failures("two") == 1


@pytest.mark.parametrize(("cut_s", "count"), [(8.0, 1), (1.0, 0)])
def test_one_that_is_late_has_failed_and_one_that_nobody_waits_for_has_not(cut_s, count):
    name, uses = f"cut after {cut_s}", list[ToolUse]()

    async def call() -> None:
        with timed(name, uses, deadline_s=8.0):
            await asyncio.sleep(60)

    async def cut() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(call(), cut_s)

    run(cut())

    assert [use.ok for use in uses] == [False]
    assert failures(name) == count
