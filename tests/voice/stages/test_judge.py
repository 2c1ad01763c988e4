"""The audio model is asked off the loop; the newest question counts."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import numpy as np

from voice.audio.smart_turn import Signal
from voice.stages.judge import EndJudge
from voice.turns.events import EndJudged, Event

SOUND = bytes(3200)


class Model:
    """Thinks that longer sound is over, once it may."""

    def __init__(self, *, waits: bool = False) -> None:
        self.may_answer = threading.Event()
        self.asked = threading.Event()
        self.heard: list[int] = []
        if not waits:
            self.may_answer.set()

    def ends_probability(self, samples: Signal) -> float:
        assert samples.dtype == np.float32
        self.heard.append(len(samples))
        self.asked.set()
        assert self.may_answer.wait(5)
        if not len(samples):
            raise ValueError("there is nothing to hear")
        return min(1.0, len(samples) / 16_000)


@asynccontextmanager
async def judging(model: Model) -> AsyncIterator[tuple[EndJudge, "asyncio.Queue[Event]"]]:
    told: asyncio.Queue[Event] = asyncio.Queue()
    judge = EndJudge(model, emit=told.put_nowait, now=lambda: 7.0)
    task = asyncio.create_task(judge.run())
    try:
        yield judge, told
    finally:
        model.may_answer.set()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def told_soon(told: "asyncio.Queue[Event]") -> Event:
    async with asyncio.timeout(5):
        return await told.get()


async def test_the_answer_names_its_pause():
    async with judging(Model()) as (judge, told):
        judge.ask(SOUND, 3.5)

        assert await told_soon(told) == EndJudged(7.0, 3.5, 0.1)


async def test_a_question_that_waits_gives_way_to_a_newer_one():
    model = Model(waits=True)
    async with judging(model) as (judge, told):
        judge.ask(SOUND, 1.0)
        await asyncio.to_thread(model.asked.wait, 5)
        judge.ask(SOUND, 2.0)
        judge.ask(SOUND * 2, 3.0)
        model.may_answer.set()

        assert [await told_soon(told), await told_soon(told)] == [
            EndJudged(7.0, 1.0, 0.1),
            EndJudged(7.0, 3.0, 0.2),
        ]
        assert model.heard == [1600, 3200]


async def test_a_model_that_fails_costs_its_opinion_and_nothing_else():
    model = Model()
    async with judging(model) as (judge, told):
        judge.ask(b"", 1.0)
        await asyncio.to_thread(model.asked.wait, 5)
        judge.ask(SOUND, 2.0)

        assert await told_soon(told) == EndJudged(7.0, 2.0, 0.1)
