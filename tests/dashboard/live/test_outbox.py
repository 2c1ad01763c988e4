import asyncio

import pytest

from dashboard.live.outbox import WAITING_MAX, Outbox, Unread


async def test_of_each_thing_the_newest_is_told():
    outbox = Outbox()
    outbox.put("a", "a1")
    outbox.put("b", "b1")
    outbox.put("a", "a2")

    assert await outbox.take() == ["a2", "b1"]


async def test_a_page_that_reads_slowly_skips_what_is_out_of_date():
    outbox = Outbox()
    outbox.put("a", "a1")
    assert await outbox.take() == ["a1"]

    next_batch = asyncio.create_task(outbox.take())
    for number in range(2, 10):
        outbox.put("a", f"a{number}")
        await asyncio.sleep(0)
    assert not next_batch.done()
    outbox.seen()

    assert await next_batch == ["a9"]


async def test_a_batch_counts_as_seen_with_its_last_message():
    outbox = Outbox()
    outbox.put("a", "a1")
    outbox.put("b", "b1")
    await outbox.take()
    outbox.put("a", "a2")
    next_batch = asyncio.create_task(outbox.take())

    outbox.seen()
    await asyncio.sleep(0)
    assert not next_batch.done()
    outbox.seen()

    assert await next_batch == ["a2"]


async def test_a_page_that_reads_nothing_any_more_is_given_up():
    outbox = Outbox(seen_s=0.01)
    outbox.put("a", "a1")
    await outbox.take()

    with pytest.raises(Unread):
        await outbox.take()


async def test_it_is_bounded_and_what_waited_longest_goes():
    outbox = Outbox()
    for number in range(WAITING_MAX + 3):
        outbox.put(number, str(number))

    batch = await outbox.take()

    assert (len(batch), batch[0], batch[-1]) == (WAITING_MAX, "3", str(WAITING_MAX + 2))
