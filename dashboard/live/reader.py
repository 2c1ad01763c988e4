"""One reader for all the sockets of a process, which works only while somebody looks.

Every two seconds it looks once and tells everybody; acknowledgements of sessions are passed on as
they come. What it tells is the whole state of a topic with a number that counts its states, so
whoever has the newest has everything, and whoever reads fast enough misses no number.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

import structlog

from dashboard.live.drawing import drawn, shows_acks
from dashboard.live.outbox import Outbox
from dashboard.live.sight import Sight
from dashboard.live.topics import Topic
from voice.steering import Ack

log = structlog.get_logger()

EVERY_S = 2.0
ACKS_EVERY_S = 0.1
"""Fifty sessions that acknowledge at once are one state, or two."""

See = Callable[[frozenset[Topic]], Awaitable[Sight]]
Hear = Callable[[Callable[[Ack], None]], Coroutine[Any, Any, None]]
"""Calls with each acknowledgement, until cancelled."""


class Reader:
    """Made on the event loop that serves the sockets."""

    def __init__(self, see: See, hear: Hear, *, every_s: float = EVERY_S) -> None:
        self._see = see
        self._hear = hear
        self._every_s = every_s
        self._audience: dict[Topic, set[Outbox]] = {}
        self._told: dict[Topic, tuple[int, str]] = {}
        """The last state of each topic that somebody looks at: its number, and its text."""
        self._sight: Sight | None = None
        self._acks: dict[str, Ack] = {}
        self._acked = asyncio.Event()
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_working(self) -> bool:
        return self._task is not None

    @asynccontextmanager
    async def watching(self, topic: Topic, outbox: Outbox) -> AsyncIterator[None]:
        """Its states go into the outbox meanwhile, the present one at once where it is known."""
        self._audience.setdefault(topic, set()).add(outbox)
        if topic in self._told:
            outbox.put(topic, self._told[topic][1])
        else:
            self._asked.set()
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="dashboard")
        try:
            yield
        finally:
            await self._leave(topic, outbox)

    async def _leave(self, topic: Topic, outbox: Outbox) -> None:
        self._audience[topic].discard(outbox)
        if not self._audience[topic]:
            del self._audience[topic]
            self._told.pop(topic, None)
        if self._audience or self._task is None:
            return
        working, self._task = self._task, None
        self._sight, self._acks = None, {}
        working.cancel()
        await asyncio.wait({working})

    async def _work(self) -> None:
        """Until cancelled. A mistake of ours is logged, and pages say that nothing new comes until
        it goes better."""
        while True:
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._look_again_and_again())
                    tasks.create_task(self._pass_on_acks())
                    tasks.create_task(self._hear(self._take_ack))
            except* Exception:
                log.exception("dashboard.reader_failed")
            await asyncio.sleep(self._every_s)

    async def _look_again_and_again(self) -> None:
        while True:
            self._asked.clear()
            await self._look()
            await self._wait()

    async def _look(self) -> None:
        topics = frozenset(self._audience)
        sight = self._sight = await self._see(topics)
        running = {state.conversation for state in sight.running}
        self._acks = {key: ack for key, ack in self._acks.items() if key in running}
        self._tell(topics & self._audience.keys())

    async def _wait(self) -> None:
        """Until the next look is due, or somebody wants to see what was not looked at yet."""
        try:
            async with asyncio.timeout(self._every_s):
                await self._asked.wait()
        except TimeoutError:
            return

    def _take_ack(self, ack: Ack) -> None:
        self._acks[ack.conversation] = ack
        self._acked.set()

    async def _pass_on_acks(self) -> None:
        while True:
            await self._acked.wait()
            self._acked.clear()
            self._tell([topic for topic in self._told if shows_acks(topic)])
            await asyncio.sleep(ACKS_EVERY_S)

    def _tell(self, topics: Iterable[Topic]) -> None:
        if self._sight is None:
            return
        for topic in topics:
            number = self._told[topic][0] + 1 if topic in self._told else 1
            state = {"type": topic.type, "seq": number, **drawn(topic, self._sight, self._acks)}
            text = json.dumps(state, separators=(",", ":"))
            self._told[topic] = number, text
            for outbox in self._audience[topic]:
                outbox.put(topic, text)
