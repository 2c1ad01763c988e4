import asyncio
import math
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from django.conf import settings
from redis import Redis

from voice.providers.failover.breaker import PROBE_LOST_S, Breaker, Failure, State
from voice.providers.failover.shared import BREAKERS, PROBE, InProcess, InRedis

OPEN = Breaker(State.OPEN, 0, Failure.BUSY, 5.0, until=17.5, changed_at=12.5)
BY_HAND = Breaker().opened_by_hand(now=3.25)


@pytest.fixture
async def shared() -> AsyncIterator[InRedis]:
    made = InRedis(settings.REDIS_URL)
    yield made
    await made.close()


@pytest.fixture
async def away() -> AsyncIterator[InRedis]:
    made = InRedis("redis://127.0.0.1:1/0")
    yield made
    await made.close()


@pytest.mark.parametrize("breaker", [Breaker(), OPEN, OPEN.probing(now=20.0), BY_HAND])
async def test_a_breaker_comes_back_as_it_was_written(shared, breaker):
    key = str(uuid4())

    await shared.write({key: breaker})

    assert (await shared.read())[key] == breaker
    assert (await shared.read())[key].until == breaker.until


async def test_what_one_process_writes_leaves_what_others_wrote(shared):
    ours, theirs = str(uuid4()), str(uuid4())

    await shared.write({theirs: OPEN})
    await shared.write({ours: BY_HAND})
    await shared.write({})

    found = await shared.read()
    assert (found[ours], found[theirs]) == (BY_HAND, OPEN)


async def test_one_of_many_may_make_the_probe_that_is_due(shared):
    key = str(uuid4())

    claims = await asyncio.gather(*(shared.claim(key, 17.5) for _ in range(20)))

    assert sum(claims) == 1
    assert await shared.claim(key, 22.5)  # the next one is another


async def test_a_claim_lapses_when_its_probe_is_lost(shared):
    key = str(uuid4())
    await shared.claim(key, 17.5)

    redis = Redis.from_url(settings.REDIS_URL)
    left_ms = redis.pttl(f"{PROBE}{key}:17.500")
    redis.close()

    assert 0 < left_ms <= PROBE_LOST_S * 1000


@pytest.mark.parametrize(
    "value",
    [
        "no json",
        "[]",
        "{}",
        '{"state": "ajar", "reason": null}',
        '{"state": "open", "reason": "mood"}',
        '{"state": "open", "reason": null, "mood": 1}',
    ],
)
async def test_what_another_version_wrote_is_not_read(shared, value):
    key, ours = str(uuid4()), str(uuid4())
    redis = Redis.from_url(settings.REDIS_URL)
    redis.hset(BREAKERS, key, value)
    await shared.write({ours: OPEN})

    found = await shared.read()
    redis.hdel(BREAKERS, key)
    redis.close()

    assert key not in found
    assert found[ours] == OPEN


async def test_while_redis_is_away_nothing_is_known_and_everybody_may_probe(away):
    await away.write({"llm": OPEN})

    assert await away.read() == {}
    assert await away.claim("llm", math.inf)


async def test_that_redis_is_away_is_said_once(away, caplog):
    for _ in range(3):
        await away.read()
        await away.write({"llm": OPEN})

    assert caplog.text.count("breakers.not_shared") == 1


async def test_a_process_of_its_own_shares_nothing_and_may_always_probe():
    alone = InProcess()
    await alone.write({"llm": OPEN})

    assert await alone.read() == {}
    assert await alone.claim("llm", 17.5)
    await alone.close()


async def test_who_asks_can_be_cancelled_at_any_moment(shared):
    async def ask_on_and_on() -> None:
        while True:
            await shared.read()

    for steps in range(60):
        asking = asyncio.create_task(ask_on_and_on())
        for _ in range(steps):
            await asyncio.sleep(0)
        asking.cancel()
        done, _ = await asyncio.wait([asking], timeout=1)
        assert done
