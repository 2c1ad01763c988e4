import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.voice.providers.failover.players import (
    GONE,
    PATIENCE_S,
    PATIENT,
    QUICK,
    Player,
    for_ever,
    member,
    open_by_itself,
    until,
)
from voice.providers.errors import (
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.deadlines import Deadlines
from voice.providers.failover.member import Member
from voice.providers.failover.relay import Relay
from voice.providers.failover.runner import STOP_S

ITEMS = [1, 2, 3, 4]


@dataclass
class Stage:
    """A chain, and one who takes its answer."""

    members: list[Member[Player]]
    deadlines: Deadlines = QUICK
    budget: HedgeBudget = field(default_factory=HedgeBudget)
    given: list[int] = field(default_factory=list)
    givers: list[str] = field(default_factory=list)

    def items(self) -> AsyncGenerator[tuple[Member[Player], int], None]:
        relay = Relay(
            self.members,
            lambda player: player.play(len(self.given)),
            deadlines=self.deadlines,
            budget=self.budget,
        )
        return relay.items()

    async def take(self, count: int = 99) -> list[int]:
        """Up to so many items, then leave."""
        async with asyncio.timeout(PATIENCE_S), aclosing(self.items()) as items:
            async for giver, item in items:
                self.given.append(item)
                self.givers.append(giver.name)
                if len(self.given) == count:
                    break
        return self.given


def stage(*players: Player, **how: Any) -> Stage:
    return Stage([member(player) for player in players], **how)


def empty() -> HedgeBudget:
    budget = HedgeBudget()
    while budget.spend():
        continue
    return budget


def well(name: str = "b") -> Player:
    return Player(name, list(ITEMS))


def figures(chain: Stage) -> list[tuple[int, int, int]]:
    """(served, failures, hedges) of each member."""
    vitals = [each.vitals for each in chain.members]
    return [(each.served, each.failures, each.hedges) for each in vitals]


# --- one that fails -----------------------------------------------------------------------------
async def test_who_is_well_gives_all_and_nobody_else_is_asked():
    second = well()
    chain = stage(well("a"), second)

    assert await chain.take() == ITEMS
    assert second.asked == 0
    assert figures(chain) == [(1, 0, 0), (0, 0, 0)]


@pytest.mark.parametrize("after", range(len(ITEMS) + 1))
async def test_wherever_one_fails_the_next_goes_on(after):
    chain = stage(Player("a", [*ITEMS[:after], GONE]), well())

    assert await chain.take() == ITEMS
    assert chain.givers == ["a"] * after + ["b"] * (len(ITEMS) - after)
    assert figures(chain) == [(0, 1, 0), (1, 0, 0)]


async def test_a_mistake_in_an_adapter_is_that_providers_failure():
    chain = stage(Player("a", [1, KeyError("choices")]), well())

    assert await chain.take() == ITEMS
    assert figures(chain)[0] == (0, 1, 0)


async def test_one_that_was_cancelled_by_somebody_else_has_failed():
    async def cancelled() -> None:
        raise asyncio.CancelledError

    class Cancelled(Player):
        async def play(self, given: int = 0) -> AsyncGenerator[int, None]:
            await asyncio.create_task(cancelled())  # as where a connection is shared
            yield 1

    chain = stage(Cancelled("a", []), well())

    assert await chain.take() == ITEMS
    assert figures(chain)[0] == (0, 1, 0)


async def test_a_request_that_is_refused_for_what_it_asks_is_no_strike():
    ours = ProviderRejected("a", "too long", is_ours=True)
    chain = stage(Player("a", [ours]), well())

    assert await chain.take() == ITEMS
    assert figures(chain)[0] == (0, 1, 0)
    assert chain.members[0].vitals.breaker.is_closed


async def test_when_all_fail_the_last_says_why():
    last = ProviderUnavailable("c", "gone too")
    chain = stage(Player("a", [1, GONE]), Player("b", [1, GONE]), Player("c", [1, 2, last]))

    with pytest.raises(ProviderError) as raised:
        await chain.take()

    assert raised.value is last
    assert chain.given == [1, 2]
    assert [each.vitals.failures for each in chain.members] == [1, 1, 1]


# --- one that hangs -----------------------------------------------------------------------------
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


# --- one that others find to be down --------------------------------------------------------------
async def test_who_waits_for_a_first_item_moves_on_when_the_breaker_opens_elsewhere():
    first = Player("a", [for_ever()])
    chain = Stage([member(first, PATIENT), member(well(), PATIENT)], deadlines=PATIENT)
    waiting = [asyncio.create_task(Stage(chain.members, PATIENT).take()) for _ in range(5)]
    await first.started.wait()
    open_by_itself(chain.members[0])

    assert await asyncio.gather(*waiting) == [ITEMS] * 5
    assert first.playing == 0
    assert chain.members[0].vitals.failures == 2  # they moved on without more of them


async def test_who_has_its_first_item_stays_when_the_breaker_opens_elsewhere():
    pause = asyncio.Event()
    chain = Stage(
        [member(Player("a", [1, pause, *ITEMS[1:]]), PATIENT), member(well(), PATIENT)], PATIENT
    )
    taking = asyncio.create_task(chain.take())
    await until(lambda: chain.given == [1])
    open_by_itself(chain.members[0])
    pause.set()

    assert await taking == ITEMS
    assert set(chain.givers) == {"a"}


async def test_an_answer_from_before_it_went_down_does_not_close_the_breaker():
    pause = asyncio.Event()
    chain = Stage([member(Player("a", [1, pause, 2]), PATIENT)], PATIENT)
    taking = asyncio.create_task(chain.take())
    await until(lambda: chain.given == [1])
    open_by_itself(chain.members[0])
    pause.set()
    await taking

    assert not chain.members[0].vitals.breaker.is_closed


async def test_an_open_one_that_answers_well_is_closed():
    chain = stage(well("a"))
    open_by_itself(chain.members[0])
    await chain.take()

    assert chain.members[0].vitals.breaker.is_closed


# --- slowness -----------------------------------------------------------------------------------
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


# --- leaving ------------------------------------------------------------------------------------
async def test_leaving_in_the_middle_stops_everybody():
    first, second = Player("a", [1, for_ever()]), Player("b", [for_ever()])
    chain = stage(first, second)
    taking = asyncio.create_task(chain.take())
    await second.started.wait()
    taking.cancel()
    await asyncio.wait([taking])

    assert taking.cancelled()
    assert first.playing == second.playing == 0


async def test_leaving_between_two_items_stops_the_provider():
    first = Player("a", [1, 2, for_ever()])
    chain = stage(first)
    await chain.take(2)

    assert first.playing == 0


async def test_nobody_waits_long_for_one_that_does_not_let_go(caplog):
    let_go = asyncio.Event()

    class Stubborn(Player):
        async def play(self, given: int = 0) -> AsyncGenerator[int, None]:
            try:
                await for_ever().wait()
            finally:
                await let_go.wait()
            yield 1

    chain = stage(Stubborn("a", []), well())
    began_at = asyncio.get_running_loop().time()
    assert await chain.take() == ITEMS

    assert asyncio.get_running_loop().time() - began_at < 2 * STOP_S
    assert "provider.not_stopped" in caplog.text
    let_go.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_one_that_breaks_while_it_is_stopped_harms_nobody():
    class Brittle(Player):
        async def play(self, given: int = 0) -> AsyncGenerator[int, None]:
            try:
                yield 1
            finally:
                raise RuntimeError("the socket is gone already")

    assert await stage(Brittle("a", [])).take(1) == [1]


async def test_errors_that_come_too_late_are_looked_at():
    """The loser fails in the same step in which the winner delivers."""
    now = asyncio.Event()
    second = Player("b", [now, ProviderUnavailable("b", "gone")])
    chain = stage(Player("a", [now, *ITEMS]), second)
    taking = asyncio.create_task(chain.take())
    await second.started.wait()
    now.set()

    assert await taking == ITEMS


@dataclass
class Crawler(Player):
    """Each item takes its time."""

    item_s: float = 0.0

    async def play(self, given: int = 0) -> AsyncGenerator[int, None]:
        async with aclosing(super().play(given)) as items:
            async for item in items:
                await asyncio.sleep(self.item_s)
                yield item


async def test_one_that_is_late_again_and_again_is_replaced_for_good():
    """It would win each race: the next one takes nearly as long to begin."""
    crawler = Crawler("crawler", [*ITEMS], item_s=0.08)
    stage = Stage([member(crawler), member(Crawler("next", [*ITEMS], item_s=0.065))])

    assert await stage.take() == ITEMS
    assert stage.givers[0] == "crawler"
    assert set(stage.givers[1:]) == {"next"}
    assert stage.members[0].vitals.breaker.points > 0
