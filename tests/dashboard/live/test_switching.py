"""A breaker that is moved by hand is moved everywhere: two processes over a real Redis."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import redis
from django.conf import settings as configured

from dashboard.live import providers
from voice import wiring
from voice.providers.chains import Chains, chains, named
from voice.providers.failover.breaker import State
from voice.providers.failover.member import in_order
from voice.providers.failover.shared import BREAKERS, InRedis

PATIENCE_S = 5.0


@pytest.fixture(autouse=True)
def here(settings) -> Iterator[Chains]:
    """The chains of this process, on a machine without a key, and no breaker known."""
    settings.STT_CHAIN = settings.LLM_CHAIN = settings.TTS_CHAIN = ["offline"]
    wiring.providers.cache_clear()
    with redis.from_url(configured.REDIS_URL) as known:
        known.delete(BREAKERS)
        yield wiring.providers()
        known.delete(BREAKERS)
    wiring.providers.cache_clear()


@asynccontextmanager
async def watched(*sites: Chains) -> AsyncIterator[None]:
    """Each watches over its breakers as a process does, without probing."""
    shared = [InRedis(configured.REDIS_URL) for _ in sites]
    tasks = [
        asyncio.create_task(one.health(over).run()) for one, over in zip(sites, shared, strict=True)
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for over in shared:
            await over.close()


async def until(there: Chains, state: State) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if there.members["llm"][0].vitals.breaker.state is state:
                return
            await asyncio.sleep(0.01)


async def test_a_change_by_hand_reaches_the_other_processes(here: Chains):
    there = chains(named())
    async with watched(here, there):
        await providers.switch("llm", "offline", is_open=True)
        await until(there, State.OPEN)
        await providers.switch("llm", "offline", is_open=False)
        await until(there, State.CLOSED)


async def test_a_process_that_starts_later_knows_it_too(here: Chains):
    async with watched(here):
        await providers.switch("llm", "offline", is_open=True)
        async with watched(there := chains(named())):
            await until(there, State.OPEN)


async def test_who_was_opened_by_hand_is_asked_by_nobody_while_there_is_another(here: Chains):
    await providers.switch("tts", "offline", is_open=True)
    [offline] = here.members["tts"]
    another = chains(named()).members["tts"][0]

    assert in_order([offline, another]) == [another]


async def test_the_page_is_told_of_it(here: Chains):
    await providers.switch("llm", "offline", is_open=True)

    told = {one["stage"]: one for one in await providers.breakers()}

    assert (told["llm"]["state"], told["llm"]["reason"]) == ("open", "by hand")
    assert (told["stt"]["state"], told["stt"]["reason"]) == ("closed", None)


@pytest.mark.parametrize(("stage", "name"), [("llm", "nobody"), ("nothing", "offline")])
@pytest.mark.django_db
async def test_who_there_is_not_cannot_be_switched(stage: str, name: str):
    with pytest.raises(providers.NoSuchProvider):
        await providers.switch(stage, name, is_open=True)
