import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from django.conf import settings

from tests.voice.providers.failover.players import GONE, QUICK, until
from voice.providers.errors import ProviderRejected
from voice.providers.failover.breaker import PROBE_LOST_S, Breaker, Failure, State
from voice.providers.failover.health import SYNC_S, Health, Patient
from voice.providers.failover.shared import InProcess, InRedis, Shared
from voice.providers.failover.vitals import Vitals

NOWHERE = "redis://127.0.0.1:1/0"


@dataclass
class Provider:
    """What every process probes."""

    error: Exception | None = None
    first_s: float = 0.02
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    probed: int = 0

    async def probe(self) -> float:
        self.probed += 1
        await self.answers.wait()
        if self.error is not None:
            raise self.error
        return self.first_s


def provider(error: Exception | None = None) -> Provider:
    """Answers at once."""
    made = Provider(error)
    made.answers.set()
    return made


class Process:
    def __init__(self, key: str, provider: Provider, shared: Shared) -> None:
        self.vitals = Vitals(key, QUICK)
        self.shared = shared
        self.health = Health({key: Patient(self.vitals, provider.probe)}, shared)
        self.running: asyncio.Task[None] | None = None

    @property
    def breaker(self) -> Breaker:
        return self.vitals.breaker

    def start(self) -> None:
        self.running = asyncio.create_task(self.health.run())

    async def die(self) -> None:
        if self.running is not None:
            self.running.cancel()
            await asyncio.wait([self.running])
            assert self.running.cancelled()
        await self.shared.close()


@asynccontextmanager
async def site(
    provider: Provider, *, processes: int = 3, url: str = "", starts: bool = True
) -> AsyncIterator[list[Process]]:
    """Processes that know one provider."""
    key = f"llm/{uuid4()}"
    made = [Process(key, provider, InRedis(url or settings.REDIS_URL)) for _ in range(processes)]
    for process in made if starts else ():
        process.start()
    try:
        yield made
    finally:
        for process in made:
            await process.die()


def opened(*, due_s: float, failure: Failure = Failure.UNAVAILABLE) -> Breaker:
    now = time.time()
    return Breaker(State.OPEN, reason=failure, cooldown_s=2.0, until=now + due_s, changed_at=now)


def all_closed(processes: Sequence[Process]) -> bool:
    return all(process.breaker.is_closed for process in processes)


async def test_of_three_processes_one_makes_the_probe():
    asked = Provider()
    async with site(asked) as processes:
        breaker = opened(due_s=0.1)
        for process in processes:
            process.vitals.adopt(breaker)
        await until(lambda: asked.probed > 0)
        await asyncio.sleep(2 * SYNC_S)  # each of the others has wanted to
        assert asked.probed == 1
        asked.answers.set()
        await until(lambda: all_closed(processes))

        assert asked.probed == 1


async def test_a_provider_that_is_well_again_is_back_when_its_cool_down_is_over():
    async with site(provider()) as processes:
        breaker = opened(due_s=0.3)
        processes[0].vitals.adopt(breaker)
        processes[0].vitals.on_change()
        await until(lambda: processes[0].breaker.is_closed)

        assert breaker.until <= time.time() < breaker.until + breaker.cooldown_s


async def test_a_provider_that_is_still_down_is_left_alone_for_twice_as_long():
    asked = provider(GONE)
    async with site(asked) as processes:
        first = opened(due_s=0.0)
        for process in processes:
            process.vitals.adopt(first)
        await until(lambda: all(each.breaker.cooldown_s > first.cooldown_s for each in processes))

        assert {process.breaker.state for process in processes} == {State.OPEN}
        assert processes[0].breaker.cooldown_s == 2 * first.cooldown_s
        assert asked.probed == 1


@pytest.mark.parametrize("by_hand", [True, False])
async def test_what_one_process_finds_out_the_others_know_within_a_second(by_hand):
    async with site(provider()) as (first, *others):
        await asyncio.sleep(0.1)
        if by_hand:
            first.vitals.open_by_hand()
        else:
            first.vitals.failed(ProviderRejected("it", "no key"))
        began_at = asyncio.get_running_loop().time()
        await until(lambda: all(other.breaker == first.breaker for other in others))

        assert asyncio.get_running_loop().time() - began_at <= 1.0
        assert others[0].breaker.state is State.OPEN


async def test_what_waits_for_a_first_item_in_another_process_is_told():
    told = asyncio.Event()
    async with site(provider()) as (first, second, _):
        second.vitals.listen(told.set)
        first.vitals.open_by_hand()

        async with asyncio.timeout(1):
            await told.wait()


async def test_a_process_that_begins_knows_what_the_others_know():
    async with site(provider(), processes=2, starts=False) as (first, late):
        first.start()
        first.vitals.open_by_hand()
        await asyncio.sleep(0.1)
        late.start()

        await until(lambda: late.breaker == first.breaker)


async def test_one_opened_by_hand_is_not_probed_and_opens_again_for_all_when_closed():
    asked = provider()
    async with site(asked) as processes:
        processes[0].vitals.open_by_hand()
        await until(lambda: not any(process.breaker.is_closed for process in processes))
        await asyncio.sleep(SYNC_S)
        assert asked.probed == 0
        processes[1].vitals.close_by_hand()

        await until(lambda: all_closed(processes))


async def test_one_opened_by_hand_elsewhere_while_it_is_probed_stays_open():
    asked = Provider()
    async with site(asked) as everyone:
        first, second, _ = everyone
        first.vitals.adopt(opened(due_s=0.0))
        first.vitals.on_change()
        await until(lambda: asked.probed == 1)
        second.vitals.open_by_hand()
        await until(lambda: {each.breaker.reason for each in everyone} == {Failure.BY_HAND})
        asked.answers.set()
        await asyncio.sleep(2 * SYNC_S)

        assert {each.breaker.reason for each in everyone} == {Failure.BY_HAND}
        assert not any(each.breaker.is_closed for each in everyone)


async def test_a_probe_that_died_with_its_process_is_made_by_another():
    asked = Provider()
    async with site(asked, processes=2, starts=False) as (first, second):
        first.vitals.adopt(opened(due_s=0.0))
        first.start()
        await until(lambda: asked.probed == 1)
        await asyncio.sleep(0.1)
        await first.die()  # in the middle of it
        second.start()
        await until(lambda: second.breaker.state is State.HALF_OPEN)
        assert asked.probed == 1


async def test_a_probe_of_which_nothing_has_come_for_long_is_made_again():
    asked = provider()
    async with site(asked) as processes:
        lost = opened(due_s=-PROBE_LOST_S).probing(now=time.time() - PROBE_LOST_S + 0.2)
        for process in processes:
            process.vitals.adopt(lost)
        assert asked.probed == 0
        await until(lambda: all_closed(processes))

        assert asked.probed == 1


async def test_without_redis_each_process_finds_out_for_itself():
    asked = provider()
    async with site(asked, url=NOWHERE) as processes:
        for process in processes:
            process.vitals.adopt(opened(due_s=0.1))
        await until(lambda: all_closed(processes))

        assert asked.probed == 3


async def test_nobody_probes_what_was_opened_by_hand_just_then():
    asked = provider()

    class Slow(InProcess):
        async def claim(self, key: str, until: float) -> bool:
            process.vitals.open_by_hand()
            return True

    process = Process("llm/claimed", asked, Slow())
    process.vitals.adopt(opened(due_s=0.0))
    process.start()
    await until(lambda: process.breaker.reason is Failure.BY_HAND)
    await asyncio.sleep(0.01)
    await process.die()

    assert asked.probed == 0


async def test_a_mistake_in_a_probe_ends_nothing():
    asked = provider(KeyError("oops"))
    async with site(asked, processes=1) as [process]:
        process.vitals.adopt(opened(due_s=0.0))
        process.vitals.on_change()
        await until(lambda: process.breaker.cooldown_s > 2.0)
        asked.error = None
        process.vitals.adopt(opened(due_s=0.0))
        process.vitals.on_change()

        await until(lambda: process.breaker.is_closed)


async def test_a_probe_that_takes_much_longer_than_usual_closes_nothing():
    slow = provider()
    slow.first_s = 5.0
    process = Process("llm/slow", slow, InProcess())
    for _ in range(20):
        process.vitals.first.note(0.1)
    process.vitals.adopt(opened(due_s=0.0))
    await process.health.probe("llm/slow")

    assert (process.breaker.state, process.breaker.reason) == (State.OPEN, Failure.SLOW)


async def test_at_start_each_provider_is_asked_once():
    well, broken = provider(), provider(GONE)
    vitals = {name: Vitals(name, QUICK) for name in ("well", "broken")}
    health = Health(
        {
            "well": Patient(vitals["well"], well.probe),
            "broken": Patient(vitals["broken"], broken.probe),
        },
        InProcess(),
    )
    await health.probe_all()

    assert (well.probed, broken.probed) == (1, 1)
    assert [each.failures for each in vitals.values()] == [0, 1]
    assert [each.served for each in vitals.values()] == [0, 0]


async def test_at_start_too_one_opened_by_hand_stays_so():
    async with site(provider(), processes=2, starts=False) as (first, late):
        first.vitals.open_by_hand()
        await first.health.probe_all()
        await late.health.probe_all()

        assert {each.breaker.reason for each in (first, late)} == {Failure.BY_HAND}
        assert not late.breaker.is_closed


async def test_whose_requests_cost_is_never_probed_and_shared_all_the_same():
    key = f"search/{uuid4()}"
    here, there = Vitals(key, QUICK), Vitals(key, QUICK)
    shared = [InRedis(settings.REDIS_URL) for _ in range(2)]
    each = zip((here, there), shared, strict=True)
    made = [Health({key: Patient(vitals, None)}, door) for vitals, door in each]
    here.adopt(opened(due_s=0.0))
    await made[0].probe_all()
    running = [asyncio.create_task(health.run()) for health in made]
    try:
        await until(lambda: not there.breaker.is_closed)
        await asyncio.sleep(SYNC_S * 1.5)  # as long as it would take to be probed

        assert here.breaker.state is there.breaker.state is State.OPEN
        here.open_by_hand()
        await until(lambda: there.breaker.reason is Failure.BY_HAND)
    finally:
        for task in running:
            task.cancel()
        await asyncio.wait(running)
        for door in shared:
            await door.close()
