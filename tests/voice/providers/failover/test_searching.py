"""A chain of searches, over the real SDK."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.scenarios.clock import run
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.tavily import TavilySimulator
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.failover.breaker import State
from voice.providers.failover.deadlines import SEARCH
from voice.providers.failover.member import Member
from voice.providers.failover.searching import SearchChain
from voice.providers.failover.vitals import Vitals
from voice.providers.protocols import Found, Search
from voice.providers.search.tavily import Tavily


def member(provider: Search) -> Member[Search]:
    return Member(provider.name, provider, Vitals(f"search/{provider.name}", SEARCH))


def rested(member: Member[Search]) -> None:
    """Its cool-down is over."""
    member.vitals.breaker = replace(member.vitals.breaker, until=0.0)


@pytest.fixture
async def vendor() -> AsyncIterator[TavilySimulator]:
    async with TavilySimulator() as simulator:
        yield simulator


@pytest.fixture
async def tavily(vendor: TavilySimulator) -> AsyncIterator[Member[Search]]:
    account = Account("tavily", "key-0123456789", vendor.url, "", "TAVILY_SEARCH_MODEL")
    provider = Tavily(account)
    yield member(provider)
    await provider.aclose()


class Scripted:
    """Finds one page, raises, or takes for ever."""

    def __init__(self, name: str, error: Exception | None = None, seconds: float = 0.0) -> None:
        self.name = name
        self.asked = 0
        self._error = error
        self._seconds = seconds

    async def search(self, query: str, *, results_max: int) -> list[Found]:
        self.asked += 1
        await asyncio.sleep(self._seconds)
        if self._error:
            raise self._error
        return [Found(self.name, f"https://{self.name}.org", query)]


async def titles(*members: Member[Search]) -> list[str]:
    return [found.title for found in await SearchChain(members).search("tea", results_max=2)]


async def test_the_first_that_answers_is_the_answer(tavily, vendor):
    assert await titles(tavily, member(Scripted("b"))) == ["tea, number 1", "tea, number 2"]
    assert tavily.vitals.served == 1


async def test_where_one_fails_the_next_is_asked(tavily, vendor):
    await vendor.behave(Conduct(Fault.BROKEN))

    assert await titles(tavily, member(Scripted("b"))) == ["b"]
    assert tavily.vitals.failures == 1


@pytest.mark.parametrize(
    ("fault", "error"), [(Fault.UNAUTHORISED, ProviderRejected), (Fault.BUSY, ProviderBusy)]
)
async def test_one_that_is_down_is_left_alone_and_its_trouble_told_at_once(
    fault, error, tavily, vendor
):
    await vendor.behave(Conduct(fault))
    for _ in range(3):
        with pytest.raises(error):
            await titles(tavily)

    assert len(vendor.asked) == 1


async def test_the_first_search_after_its_rest_is_its_probe(tavily, vendor):
    await vendor.behave(Conduct(Fault.UNAUTHORISED))
    with pytest.raises(ProviderRejected):
        await titles(tavily)
    rested(tavily)
    with pytest.raises(ProviderRejected):
        await titles(tavily)
    assert tavily.vitals.breaker.state is State.OPEN

    await vendor.behave(Conduct())
    with pytest.raises(ProviderRejected):
        await titles(tavily)
    rested(tavily)
    assert len(await titles(tavily)) == 2
    assert tavily.vitals.breaker.is_closed
    assert len(vendor.asked) == 3


async def test_while_one_search_is_the_probe_others_do_not_wait_for_it(tavily, vendor):
    await vendor.behave(Conduct(Fault.UNAUTHORISED))
    with pytest.raises(ProviderRejected):
        await titles(tavily)
    rested(tavily)
    await vendor.behave(Conduct(Fault.STALL))
    probe = asyncio.create_task(titles(tavily))
    await vendor.until(lambda: vendor.answering == 1)

    with pytest.raises(ProviderError):
        await asyncio.wait_for(titles(tavily), 1)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe


async def test_a_request_that_was_ours_to_mend_does_not_keep_others_from_searching():
    ours = member(Scripted("a", ProviderRejected("a", "too long", is_ours=True)))
    for _ in range(3):
        with pytest.raises(ProviderRejected, match="too long"):
            await titles(ours)

    assert ours.vitals.breaker.is_closed


async def test_a_probe_that_was_ours_to_mend_shows_that_it_is_well():
    ours = member(Scripted("a", ProviderRejected("a", "too long", is_ours=True)))
    ours.vitals.found_down(ProviderRejected("a", "the key"))
    rested(ours)
    with pytest.raises(ProviderRejected, match="too long"):
        await titles(ours)

    assert ours.vitals.breaker.is_closed


async def test_an_adapter_that_breaks_is_a_provider_that_fails():
    with pytest.raises(ProviderUnavailable, match="broke"):
        await titles(member(Scripted("a", KeyError("oops"))))


def test_nobody_is_waited_for_for_ever():
    async def waited() -> float:
        with pytest.raises(ProviderTimeout):
            await titles(member(Scripted("a", seconds=3600)))
        return asyncio.get_running_loop().time()

    assert run(waited()) == pytest.approx(SEARCH.total_s, abs=0.01)


async def test_a_slow_one_is_better_than_none():
    slow = member(Scripted("a", seconds=0.02))
    for _ in range(30):
        await titles(slow)

    assert slow.vitals.breaker.is_closed
