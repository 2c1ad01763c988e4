"""What is begun on the store's threads is done, whether somebody waits for it or not."""

import asyncio
import threading

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from voice.background import threads as background
from voice.store import threads


async def test_what_nobody_waits_for_any_more_is_finished():
    is_begun, may_go_on, done = threading.Event(), threading.Event(), []

    def slow() -> None:
        is_begun.set()
        may_go_on.wait(10)
        done.append("slow")

    begun = threads.begin(slow)
    await asyncio.to_thread(is_begun.wait, 10)
    begun.cancel()
    asyncio.get_running_loop().call_later(0.05, may_go_on.set)
    await asyncio.to_thread(threads.finish)

    assert done == ["slow"]


async def test_there_are_threads_again_afterwards():
    await asyncio.to_thread(threads.finish)

    assert await threads.query(lambda: "found") == "found"


@pytest.mark.parametrize("query", [threads.query, background.run])
async def test_a_line_that_is_written_there_says_whose_it_is(query):
    with bound_contextvars(conversation="c", turn=3):
        found = await query(structlog.contextvars.get_contextvars)

    assert found == {"conversation": "c", "turn": 3}


async def test_what_is_bound_there_stays_there():
    with bound_contextvars(turn=3):
        await threads.query(lambda: structlog.contextvars.bind_contextvars(turn=4))

        assert structlog.contextvars.get_contextvars()["turn"] == 3
