"""How soon a vendor notices that somebody was interrupted, and what a thousand interruptions leave.

Every adapter behind its chain, cancelled at a random moment of an answer; seen from the simulator:
nothing is being answered any more. Afterwards tasks and sockets are counted.
Usage: python -m bench.cancels [cancels of each provider] [seed]
"""

import asyncio
import logging
import random
import sys
from collections.abc import Coroutine
from contextlib import aclosing
from typing import Any

import psutil
import structlog

from bench.faults.house import FIRST_ITEM_S, ITEM_S, KINDS, NEXT
from bench.figures import summary
from tests.simulators import tones
from tests.simulators.conduct import Conduct
from tests.simulators.vendors import adapter, simulator
from voice.providers.chains import DEADLINES
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.member import Member
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.failover.thinking import ThinkingChain
from voice.providers.failover.vitals import Vitals
from voice.providers.probes import PROBES
from voice.providers.protocols import INPUT_HZ, Message, Prompt, Transcript

TEXT = " ".join(tones.VOCABULARY)
ANSWER_S = 0.8
"""Cancels come within so long of the request."""
SOUND = tones.sound(TEXT, INPUT_HZ)[0]


class Nobody:
    """Hears, and lets it be said to it."""

    def on_transcript(self, transcript: Transcript, *, anew: bool) -> None:
        return None

    def on_deaf(self, error: Exception, *, is_news: bool) -> None:
        return None

    def sent_s(self) -> float:
        return 0.0

    def take_back(self, from_s: float) -> float:
        return from_s


async def think(member: Member[Any]) -> None:
    prompt = Prompt("", (Message("user", TEXT),))
    async with aclosing(ThinkingChain([member]).think(prompt, on_served=str)) as thoughts:
        async for _ in thoughts:
            pass


async def speak(member: Member[Any]) -> None:
    chain = SpeakingChain([member])
    sound = chain.speak(TEXT, Nobody(), voice="", language="en", on_served=str)
    async with aclosing(sound) as chunks:
        async for _ in chunks:
            pass


async def hear(member: Member[Any]) -> None:
    hearing = HearingChain([member]).listen(Nobody(), language="en")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(hearing.run())
        for at in range(0, len(SOUND), 1024):
            await hearing.send(SOUND[at : at + 1024], is_speech=True)
            await asyncio.sleep(0.01)
        await hearing.finalise()


WORK = {"think": think, "speak": speak, "hear": hear}


async def measure(stage: str, name: str, count: int, chance: random.Random) -> None:
    kind = KINDS[stage]
    async with simulator(kind, name, reply=lambda _: TEXT) as server:
        provider = adapter(kind, name, server.url)
        await PROBES[kind](provider)
        await server.behave(Conduct(first_item_s=FIRST_ITEM_S, item_s=ITEM_S[stage]))
        vitals = Vitals(f"{kind}/{name}", DEADLINES[kind])
        tasks, sockets = counted()
        freed_ms = []
        for _ in range(count):
            work = WORK[stage](Member(name, provider, vitals))
            freed_ms.append(await cancelled(work, server, chance.uniform(0, ANSWER_S)))
        await asyncio.sleep(0.2)  # what is leaving has left
        more = [now - before for now, before in zip(counted(), (tasks, sockets), strict=True)]
        await provider.aclose()
    print(
        f"{summary(f'{stage} {name}', freed_ms)}  tasks {more[0]:+} sockets {more[1]:+}", flush=True
    )


async def cancelled(work: Coroutine[Any, Any, None], server: Any, after_s: float) -> float:
    """Milliseconds from the cancel until the simulator answers nothing any more."""
    loop, task = asyncio.get_running_loop(), asyncio.create_task(work)
    await asyncio.sleep(after_s)
    began_at = loop.time()
    task.cancel()
    await server.until(lambda: server.answering == 0)
    freed_ms = (loop.time() - began_at) * 1000
    await asyncio.wait([task])
    return freed_ms


def counted() -> tuple[int, int]:
    """Tasks of this loop, and sockets of this process to simulators and back."""
    return len(asyncio.all_tasks()), len(psutil.Process().net_connections("tcp"))


async def main(count: int, seed: int) -> None:
    chance = random.Random(seed)
    for stage, names in NEXT.items():
        for name in names:
            await measure(stage, name, count, chance)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    given = [int(argument) for argument in sys.argv[1:]]
    asyncio.run(main(*given, *(100, 1)[len(given) :]))
