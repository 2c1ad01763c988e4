"""What a user hears when a provider fails: every provider as the first of its chain, every fault,
at a random moment of an answer. The real adapters and chains talk to simulators on loopback.

Added silence is what the run without the fault, of the same provider, did not have: before the
first sound, and in gaps. Words are read off the sound that was played (tests/simulators/tones.py).
Usage: python -m bench.faults [runs of each provider and fault] [seed] [think speak hear]
"""

import asyncio
import logging
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

import structlog

from bench.faults.hear import hear_once
from bench.faults.house import FIRST_ITEM_S, NEXT, House, Outcome, house
from bench.faults.speak import REPLY, speak_once, think_once
from bench.figures import percentile
from tests.simulators.conduct import Conduct, Fault
from voice.providers.failover.vitals import Vitals

AT_ONCE = 10
"""Runs side by side, each on simulators of its own; more would measure this machine."""
WARM = 20
ONCE = {"think": think_once, "speak": speak_once, "hear": hear_once}
FAULTS = [fault for fault in Fault if fault is not Fault.NONE]
ITEMS_MAX = {"think": 14, "speak": 12, "hear": 6}
"""What goes wrong in the middle does so after 0 to so many items."""
LATER_S = {"think": 0.6, "speak": 2.5, "hear": 3.0}
"""Half of the faults are there from the start, the others begin within so long."""


@dataclass(frozen=True, slots=True)
class Trouble:
    conduct: Conduct
    after_s: float


NONE = Trouble(Conduct(), 0.0)


@dataclass
class Row:
    added_ms: list[float] = field(default_factory=list)
    lost: int = 0
    twice: int = 0
    unordered: int = 0
    unfinished: int = 0
    served: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))


async def main(runs: int, seed: int, stages: Sequence[str]) -> None:
    chance = random.Random(seed)
    for stage in stages:
        for provider in NEXT[stage]:
            await one_provider(stage, provider, runs, chance)


async def one_provider(stage: str, provider: str, runs: int, chance: random.Random) -> None:
    rates: dict[str, float] = {}
    async with house(stage, provider, REPLY, rates) as here:
        plain = [
            outcome
            for _ in range(WARM // AT_ONCE)
            for outcome in await asyncio.gather(*(run(here, NONE) for _ in range(AT_ONCE)))
        ]
        known = here.members[0].vitals
    base_ms = median(outcome.silence_ms for outcome in plain)
    tell(f"{stage} {provider}: none (silence {base_ms:.0f})", row_of(plain, base_ms))
    for fault in FAULTS:
        conducts = [random_trouble(stage, fault, chance) for _ in range(runs)]
        row = await side_by_side(stage, provider, known, rates, conducts, base_ms)
        tell(f"{stage} {provider}: {fault.value}", row)
    row = await side_by_side(stage, provider, known, rates, [None] * runs, base_ms)
    tell(f"{stage} {provider}: breaker open", row)


async def side_by_side(
    stage: str,
    provider: str,
    known: Vitals,
    rates: dict[str, float],
    conducts: Sequence[Trouble | None],
    base_ms: float,
) -> Row:
    """conduct None: nothing is wrong, but the first one's breaker is open."""
    outcomes: list[Outcome] = []
    places = asyncio.Semaphore(AT_ONCE)

    async def one(conduct: Trouble | None) -> None:
        async with places, house(stage, provider, REPLY, dict(rates)) as here:
            here.learn(known)
            if conduct is None:
                here.members[0].vitals.open_by_hand()
            outcomes.append(await run(here, conduct or NONE))

    async with asyncio.TaskGroup() as tasks:
        for conduct in conducts:
            tasks.create_task(one(conduct))
    return row_of(outcomes, base_ms)


def row_of(outcomes: Sequence[Outcome], base_ms: float) -> Row:
    row = Row()
    for outcome in outcomes:
        row.added_ms.append(outcome.silence_ms - base_ms)
        row.lost += len(outcome.lost)
        row.twice += len(outcome.twice)
        row.unordered += not outcome.in_order
        row.unfinished += not outcome.is_finished
        row.served["+".join(outcome.served)] += 1
    return row


def random_trouble(stage: str, fault: Fault, chance: random.Random) -> Trouble:
    conduct = Conduct(fault, after_items=chance.randrange(ITEMS_MAX[stage]))
    later_s = chance.uniform(0, LATER_S[stage])
    return Trouble(conduct, chance.choice((0.0, later_s)))


async def run(here: House, trouble: Trouble) -> Outcome:
    async def begin() -> None:
        await asyncio.sleep(trouble.after_s)
        await here.first.behave(here.paced(trouble.conduct))

    if not trouble.after_s:
        await begin()
    beginning = asyncio.create_task(begin())
    try:
        return await ONCE[here.stage](here)
    finally:
        beginning.cancel()
        await asyncio.wait([beginning])


def tell(name: str, row: Row) -> None:
    served = ", ".join(f"{who} {count}" for who, count in sorted(row.served.items()))
    print(
        f"{name:44} added p50 {percentile(row.added_ms, 50):6.0f} p95 "
        f"{percentile(row.added_ms, 95):6.0f} max {max(row.added_ms):6.0f} ms  lost {row.lost} "
        f"twice {row.twice} unordered {row.unordered} unfinished {row.unfinished}"
        f"  (n={len(row.added_ms)}) {served}",
        flush=True,
    )


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    arguments = sys.argv[1:]
    count = int(arguments[0]) if arguments else 5
    print(f"first item of each provider: {FIRST_ITEM_S * 1000:.0f} ms")
    asyncio.run(
        main(count, int(arguments[1]) if len(arguments) > 1 else 1, arguments[2:] or list(ONCE))
    )
