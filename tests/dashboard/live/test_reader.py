"""The one reader of a process: when it works, and that nobody misses what it tells."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from dashboard.live.outbox import Outbox
from dashboard.live.reader import Reader
from dashboard.live.sight import Sight
from dashboard.live.topics import Applied, Sessions, Topic
from tests.dashboard.live.states import AGENT, conversation, running
from voice.steering import Ack

PATIENCE_S = 5.0
SOON_S = 0.001
NEVER_S = 1000.0


class World:
    """What there is to see, and how often somebody looked."""

    def __init__(self) -> None:
        self.looks: list[frozenset[Topic]] = []
        self.sessions = [running(1), running(2)]
        self.trouble: Exception | None = None
        self.is_heard, self.looked_three_times = asyncio.Event(), asyncio.Event()
        self.take: Callable[[Ack], None]

    async def see(self, topics: frozenset[Topic]) -> Sight:
        self.looks.append(topics)
        if len(self.looks) == 3:
            self.looked_three_times.set()
        if self.trouble:
            raise self.trouble
        return Sight(at=len(self.looks), running=self.sessions, versions={AGENT: 1})

    async def hear(self, take: Callable[[Ack], None]) -> None:
        self.take = take
        self.is_heard.set()
        await asyncio.Future()

    def acknowledge(self, number: int, version: int) -> None:
        self.take(Ack(AGENT, conversation(number), "", version, 0, ms=5.0))

    def reader(self, *, every_s: float) -> Reader:
        return Reader(self.see, self.hear, every_s=every_s)


async def told(outbox: Outbox) -> dict[str, Any]:
    """The next message, which the page has then seen."""
    async with asyncio.timeout(PATIENCE_S):
        [text] = await outbox.take()
    outbox.seen()
    return dict(json.loads(text))


async def test_it_works_only_while_somebody_looks():
    world = World()
    reader = world.reader(every_s=SOON_S)
    assert not reader.is_working

    one, other = Outbox(), Outbox()
    async with reader.watching(Sessions(), one):
        async with reader.watching(Sessions(), other):
            await told(other)
        assert reader.is_working
        await told(one)
    assert not reader.is_working

    looks = len(world.looks)
    for _ in range(50):
        await asyncio.sleep(SOON_S)
    assert len(world.looks) == looks


async def test_it_begins_again_for_the_next_one():
    world = World()
    reader = world.reader(every_s=SOON_S)
    for _ in range(2):
        outbox = Outbox()
        async with reader.watching(Sessions(), outbox):
            assert (await told(outbox))["seq"] == 1


async def test_what_was_seen_before_everybody_left_is_not_shown_as_the_present():
    world = World()
    reader = world.reader(every_s=NEVER_S)
    before, after = Outbox(), Outbox()
    async with reader.watching(Sessions(), before):
        assert len((await told(before))["sessions"]) == 2
    world.sessions = []
    async with reader.watching(Sessions(), after):
        assert (await told(after))["sessions"] == []


async def test_everybody_who_reads_is_told_every_state_and_each_is_read_once():
    world = World()
    reader = world.reader(every_s=SOON_S)
    one, other = Outbox(), Outbox()
    async with reader.watching(Sessions(), one), reader.watching(Sessions(), other):
        numbers = [((await told(one))["seq"], (await told(other))["seq"]) for _ in range(20)]

    assert numbers == [(number, number) for number in range(1, 21)]
    assert len(world.looks) <= 21


async def test_a_slow_page_gets_the_newest_state_and_it_is_whole():
    world = World()
    reader = world.reader(every_s=SOON_S)
    slow, quick = Outbox(), Outbox()
    async with reader.watching(Sessions(), slow), reader.watching(Sessions(), quick):
        await slow.take()
        for _ in range(10):
            newest = await told(quick)
        world.sessions = [running(7)]
        while (newest := await told(quick))["sessions"][0]["user"] != "user7":
            continue
        slow.seen()
        late = await told(slow)

    assert late["seq"] >= newest["seq"] > 2
    assert [row["user"] for row in late["sessions"]] == ["user7"]


async def test_who_comes_later_sees_the_present_state_at_once():
    world = World()
    reader = world.reader(every_s=NEVER_S)
    first, second = Outbox(), Outbox()
    async with reader.watching(Sessions(), first):
        state = await told(first)
        async with reader.watching(Sessions(), second):
            assert await told(second) == state

    assert len(world.looks) == 1


async def test_what_nobody_looked_at_before_is_looked_at_without_waiting():
    world = World()
    reader = world.reader(every_s=NEVER_S)
    first, second = Outbox(), Outbox()
    async with reader.watching(Sessions(), first):
        await told(first)
        async with reader.watching(Applied(AGENT), second):
            assert (await told(second))["type"] == "applied"

    assert world.looks[-1] == {Sessions(), Applied(AGENT)}


async def test_an_acknowledgement_is_told_as_it_comes():
    world = World()
    reader, outbox = world.reader(every_s=NEVER_S), Outbox()
    async with reader.watching(Applied(AGENT), outbox):
        before = await told(outbox)
        await world.is_heard.wait()
        world.acknowledge(1, 2)
        after = await told(outbox)

    assert (before["applied"], before["of"], before["version"]) == (2, 2, 1)
    assert (after["applied"], after["of"], after["version"]) == (1, 2, 2)
    assert (before["seq"], after["seq"]) == (1, 2)
    assert len(world.looks) == 1


async def test_fifty_acknowledgements_at_once_are_few_states_and_none_is_lost():
    world = World()
    world.sessions = [running(number) for number in range(50)]
    reader, outbox = world.reader(every_s=NEVER_S), Outbox()
    async with reader.watching(Applied(AGENT), outbox):
        await told(outbox)
        await world.is_heard.wait()
        for number in range(50):
            world.acknowledge(number, 2)
            await asyncio.sleep(0)
        while (state := await told(outbox))["applied"] < 50:
            continue

    assert state["of"] == 50
    assert state["seq"] <= 4


async def test_acknowledgements_of_sessions_that_are_over_are_forgotten():
    world = World()
    reader, outbox = world.reader(every_s=SOON_S), Outbox()
    async with reader.watching(Applied(AGENT), outbox):
        await told(outbox)
        world.acknowledge(1, 9)
        while (await told(outbox))["version"] != 9:
            continue
        world.sessions = [running(2)]
        while (state := await told(outbox))["of"] == 2 or state["version"] == 9:
            continue

    assert (state["applied"], state["of"], state["version"]) == (1, 1, 1)


async def test_a_look_that_breaks_is_followed_by_another(capsys):
    world = World()
    reader, outbox = world.reader(every_s=SOON_S), Outbox()
    world.trouble = ValueError("of ours")
    async with reader.watching(Sessions(), outbox):
        async with asyncio.timeout(PATIENCE_S):
            await world.looked_three_times.wait()
        world.trouble = None

        assert (await told(outbox))["seq"] == 1
