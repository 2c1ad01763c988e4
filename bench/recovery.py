"""How soon a provider that got well serves again, and how many probes that took.

Three processes' watches over one simulated model and one real Redis. The model is down for a while;
one process notices, all spare it. Measured: from getting well to closed in all three, against the
cool-down in force then, and the probes in that time.
Usage: python -m bench.recovery [outages] [seed]
"""

import asyncio
import logging
import random
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

import structlog

from bench.figures import summary
from tests.simulators.chat import ChatSimulator
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.vendors import adapter
from voice.providers.errors import ProviderUnavailable
from voice.providers.failover.deadlines import THINK
from voice.providers.failover.health import SYNC_S, Health, Patient
from voice.providers.failover.shared import InRedis
from voice.providers.failover.vitals import Vitals
from voice.providers.probes import PROBES
from voiceassistant import embedded

PROCESSES = 3
OUTAGE_S = (1.0, 12.0)
FAULTS = (Fault.REFUSE, Fault.BROKEN, Fault.BUSY, Fault.END_EARLY)


class Process:
    def __init__(self, url: str, redis_url: str, run: int) -> None:
        self.vitals = Vitals(f"llm/groq/run-{run}", THINK)
        self.provider = adapter("llm", "groq", url)
        patient = Patient(self.vitals, partial(PROBES["llm"], self.provider))
        self.shared = InRedis(redis_url)
        self.health = Health({self.vitals.key: patient}, self.shared)
        self.task = asyncio.create_task(self.health.run())

    @property
    def is_closed(self) -> bool:
        return self.vitals.breaker.is_closed

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])
        await self.shared.close()
        await self.provider.aclose()


async def one_outage(run: int, redis_url: str, chance: random.Random) -> tuple[float, float, int]:
    """Seconds to recover, seconds of the cool-down in force, probes in that time."""
    loop = asyncio.get_running_loop()
    async with ChatSimulator() as groq:
        processes = [Process(groq.url, redis_url, run) for _ in range(PROCESSES)]
        await groq.behave(Conduct(chance.choice(FAULTS), after_items=0))
        for _ in range(2):  # one process finds it down
            processes[0].vitals.failed(ProviderUnavailable("groq", "is down"))
        await asyncio.sleep(chance.uniform(*OUTAGE_S))
        assert not any(process.is_closed for process in processes)
        cooldown_s = processes[0].vitals.breaker.cooldown_s
        await groq.behave(Conduct())
        well_at, asked = loop.time(), len(groq.asked)
        while not all(process.is_closed for process in processes):  # noqa: ASYNC110 (looked at)
            await asyncio.sleep(0.01)
        recovered_s = loop.time() - well_at
        probes = len(groq.asked) - asked
        for process in processes:
            await process.close()
    return recovered_s, cooldown_s, probes


async def main(outages: int, seed: int, redis_url: str) -> None:
    chance = random.Random(seed)
    found = await asyncio.gather(*(one_outage(run, redis_url, chance) for run in range(outages)))
    late = [
        recovered_s for recovered_s, cooldown_s, _ in found if recovered_s > cooldown_s + SYNC_S
    ]
    print(summary("well again → serves in every process", [s * 1000 for s, _, _ in found]))
    print(f"later than one cool-down and {SYNC_S:g} s: {len(late)} of {outages}")
    print(f"probes: {sorted(probes for _, _, probes in found)}")


def with_redis(outages: int, seed: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="voiceassistant-bench-"))
    redis = embedded.start_redis(folder)
    try:
        asyncio.run(main(outages, seed, embedded.redis_url(folder)))
    finally:
        embedded.stop_redis(redis)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    given = [int(argument) for argument in sys.argv[1:]]
    with_redis(*given, *(10, 1)[len(given) :])
