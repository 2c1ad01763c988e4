import asyncio
from contextlib import aclosing

import pytest

from tests.voice.providers.failover.players import (
    GONE,
    PATIENCE_S,
    QUICK,
    Player,
    for_ever,
    member,
    open_by_itself,
)
from tests.voice.providers.failover.stage import ITEMS, Stage, empty, figures, stage, well
from voice.providers.errors import ProviderTimeout
from voice.providers.failover.deadlines import Deadlines


@pytest.mark.parametrize("after", range(len(ITEMS) + 1))
async def test_beside_one_that_hangs_the_next_is_started(after):
    first = Player("a", [*ITEMS[:after], for_ever()])
    chain = stage(first, well())

    assert await chain.take() == ITEMS
    assert first.playing == 0
    assert figures(chain) == [(0, 0, 1), (1, 0, 0)]
    assert chain.members[0].vitals.breaker.points == 2


async def test_of_two_whoever_is_first_goes_on_and_the_other_is_cancelled():
    late, second = asyncio.Event(), Player("b", [for_ever(), *ITEMS])
    chain = stage(Player("a", [late, *ITEMS]), second)
    taking = asyncio.create_task(chain.take())
    await second.started.wait()
    late.set()

    assert await taking == ITEMS
    assert set(chain.givers) == {"a"}
    assert second.playing == 0
    assert [each.vitals.breaker.points for each in chain.members] == [0, 0]


async def test_who_lost_a_race_may_be_asked_again_when_the_winner_fails():
    late, second = asyncio.Event(), Player("b", [for_ever(), *ITEMS])
    chain = stage(Player("a", [late, 1, 2, GONE]), second)
    taking = asyncio.create_task(chain.take())
    await second.started.wait()
    second.steps = [*ITEMS]
    late.set()

    assert await taking == ITEMS
    assert chain.givers == ["a", "a", "b", "b"]
    assert second.asked == 2


async def test_one_that_is_late_again_and_again_loses_its_turn():
    """It crawls, and wins each race by a little."""
    first_late, second_late = asyncio.Event(), asyncio.Event()
    first = Player("a", [first_late, 1, second_late, *ITEMS[1:]])
    second = Player("b", [for_ever(), *ITEMS])
    chain = stage(first, second)
    taking = asyncio.create_task(chain.take())
    await second.started.wait()
    second.steps = [*ITEMS]
    first_late.set()

    assert await taking == ITEMS
    assert chain.givers == ["a", "b", "b", "b"]
    assert [each.vitals.breaker.points for each in chain.members] == [2, 0]
    assert first.playing == 0


async def test_a_third_is_started_beside_two_that_hang():
    chain = stage(Player("a", [for_ever()]), Player("b", [1, for_ever()]), well("c"))

    assert await chain.take() == ITEMS
    assert chain.givers == ["b", "c", "c", "c"]


async def test_one_that_fails_beside_a_late_one_leaves_it_alone():
    late, second = asyncio.Event(), Player("b", [GONE])
    chain = stage(Player("a", [late, *ITEMS]), second)
    taking = asyncio.create_task(chain.take())
    await second.started.wait()
    late.set()

    assert await taking == ITEMS
    assert set(chain.givers) == {"a"}


async def test_without_a_budget_one_that_hangs_is_given_up_once_that_is_certain():
    lost_never = Deadlines(20.0, 20.0, 60.0, 0.05, 0.05, 0.05)
    chain = stage(Player("a", [1, for_ever()]), well(), budget=empty(), deadlines=lost_never)

    assert await chain.take() == ITEMS
    assert figures(chain) == [(0, 1, 0), (1, 0, 0)]
    assert chain.members[0].vitals.breaker.points == 3


async def test_one_that_was_late_without_a_budget_gets_a_hedge_when_there_is_one_again():
    pause, budget = asyncio.Event(), empty()
    first = Player("a", [pause, 1, for_ever()])
    chain = stage(first, well(), budget=budget)
    asyncio.get_running_loop().call_later(0.1, pause.set)  # late, and not slow

    async with asyncio.timeout(PATIENCE_S), aclosing(chain.items()) as items:
        async for giver, item in items:
            chain.given.append(item)
            chain.givers.append(giver.name)
            for _ in range(80):
                budget.earn()

    assert chain.givers == ["a", "b", "b", "b"]
    assert figures(chain)[0] == (0, 0, 1)


async def test_the_last_resort_is_started_even_without_a_budget():
    first, last = Player("a", [for_ever()]), well("offline")
    chain = Stage([member(first), member(last, is_last_resort=True)], budget=empty())

    assert await chain.take() == ITEMS
    assert figures(chain) == [(0, 0, 1), (1, 0, 0)]


async def test_a_late_one_gets_twice_its_time_where_the_last_resort_is_much_worse():
    spares = Deadlines(1.0, 1.0, 20.0, 0.05, 0.05, 0.05, spares_last_resort=True)
    first, last = Player("a", [for_ever()]), well("offline")
    chain = Stage([member(first), member(last, is_last_resort=True)], deadlines=spares)
    began_at = asyncio.get_running_loop().time()
    await chain.take()

    slow_s = chain.members[0].vitals.first.slow_s
    assert asyncio.get_running_loop().time() - began_at >= slow_s > 2 * QUICK.first_guess_s


async def test_nobody_hurries_to_silence():
    late = asyncio.Event()
    first, nothing = Player("a", [late, *ITEMS]), well("silence")
    chain = Stage([member(first), member(nothing, is_last_resort=True, is_silent=True)])
    asyncio.get_running_loop().call_later(0.2, late.set)
    asyncio.get_running_loop().call_later(0.1, open_by_itself, chain.members[0])
    await chain.take()

    assert chain.members[0].vitals.failures == 2
    assert nothing.asked == 0


async def test_silence_is_what_there_is_when_all_have_failed():
    chain = Stage(
        [member(Player("a", [1, GONE])), member(well("silence"), is_silent=True)],
    )

    assert await chain.take() == ITEMS


async def test_an_only_provider_that_hangs_is_given_up_in_the_end():
    only = Player("a", [1, for_ever()])
    short = Deadlines(0.1, 0.1, 20.0, 0.01, 0.01, 0.01)
    chain = Stage([member(only, short)], deadlines=short)

    with pytest.raises(ProviderTimeout):
        await chain.take()

    assert chain.given == [1]
    assert only.playing == 0


async def test_an_answer_that_goes_on_and_on_is_ended_and_no_providers_fault():
    endless = Player("a", [step for at in range(50) for step in (_soon(at), at)])
    short = Deadlines(1.0, 1.0, 0.2, 1.0, 1.0, 1.0)
    chain = Stage([member(endless, short)], deadlines=short)

    with pytest.raises(ProviderTimeout, match=r"not done in 0\.2 s"):
        await chain.take()

    assert 0 < len(chain.given) < 50
    assert figures(chain) == [(0, 0, 0)]


def _soon(at: int) -> asyncio.Event:
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(0.02 * (at + 1), event.set)
    return event


# --- slowness -------------------------------------------------------------------------------------
async def test_a_slow_consumer_is_never_a_slow_provider():
    second = well()
    chain = stage(well("a"), second)
    async with aclosing(chain.items()) as items:
        async for _, item in items:
            chain.given.append(item)
            await asyncio.sleep(2 * QUICK.gap_guess_s)  # late, were it the provider's

    assert chain.given == ITEMS
    assert second.asked == 0
    vitals = chain.members[0].vitals
    assert (vitals.failures, vitals.hedges, vitals.breaker.points) == (0, 0, 0)
    assert vitals.gap.late_s == QUICK.gap_guess_s


async def test_an_answer_long_after_its_usual_time_counts_against_a_provider():
    late = asyncio.Event()
    chain = stage(Player("a", [late, *ITEMS]))
    for _ in range(20):
        chain.members[0].vitals.first.note(0.0)
    asyncio.get_running_loop().call_later(1.5 * chain.members[0].vitals.first.slow_s, late.set)

    await chain.take()

    assert chain.members[0].vitals.breaker.points == 2


async def test_who_always_takes_long_is_not_hurried():
    """Slower than the stage likes, and healthy."""
    late = asyncio.Event()
    slow, second = Player("a", [late, *ITEMS]), well()
    chain = stage(slow, second)
    for _ in range(20):
        chain.members[0].vitals.first.note(0.4)
    asyncio.get_running_loop().call_later(0.2, late.set)

    await chain.take()

    assert second.asked == 0
    assert chain.members[0].vitals.breaker.points == 0


async def test_late_strikes_open_the_breaker_of_one_that_hangs():
    chain = stage(Player("a", [for_ever()]), well())
    for _ in range(3):
        chain.given.clear()
        await chain.take()

    assert not chain.members[0].vitals.breaker.is_closed
    chain.givers.clear()
    chain.given.clear()
    await chain.take()
    assert chain.members[0].provider.asked == 3
