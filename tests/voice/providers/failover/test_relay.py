import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from tests.voice.providers.failover.players import (
    GONE,
    PATIENT,
    Player,
    for_ever,
    member,
    open_by_itself,
    until,
)
from tests.voice.providers.failover.stage import ITEMS, Stage, figures, stage, well
from voice.providers.errors import ProviderError, ProviderRejected, ProviderUnavailable
from voice.providers.failover.runner import STOP_S


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


# --- leaving --------------------------------------------------------------------------------------
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
                raise ProviderUnavailable("a", "the socket is gone")
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
