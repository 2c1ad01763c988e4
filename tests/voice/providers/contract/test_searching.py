"""What every search of ours does, whoever is behind it. A new one is a line in SEARCHES."""

import asyncio
import gc
import logging
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.simulators.conduct import Conduct, Fault
from tests.simulators.crowded import crowded
from tests.simulators.tavily import TavilySimulator, echo
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.http import CONNECT_S, READ_S
from voice.providers.protocols import Found
from voice.providers.search.tavily import Tavily

KEY = "key-secret-0123456789"
SEARCHES: dict[str, tuple[type[Any], type[Any]]] = {"tavily": (TavilySimulator, Tavily)}
"""Name → simulator, adapter."""
LEAVING_S = 0.1


@pytest.fixture(params=SEARCHES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def vendor(name: str) -> AsyncIterator[Any]:
    async with SEARCHES[name][0]() as simulator:
        yield simulator


@pytest.fixture
async def search(name: str, vendor: Any) -> AsyncIterator[Any]:
    adapter = SEARCHES[name][1]
    provider = adapter(Account(name, KEY, vendor.url, "", f"{name.upper()}_SEARCH_MODEL"))
    yield provider
    await provider.aclose()


@pytest.fixture(autouse=True)
async def quiet() -> AsyncIterator[None]:
    """Nothing is left for the event loop to complain about."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    yield
    gc.collect(1)  # the young ones
    for _ in range(10):
        await asyncio.sleep(0)
    assert complaints == []


async def found(search: Any, query: str = "tea", results_max: int = 3) -> list[Found]:
    async with asyncio.timeout(READ_S + 2):
        results: list[Found] = await search.search(query, results_max=results_max)
    return results


def ours(before: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Tasks that are new, without those of the simulators and their servers."""
    theirs = ("simulators", "_accept_connection")
    return {
        task
        for task in asyncio.all_tasks() - before
        if not any(name in repr(task) for name in theirs)
    }


@pytest.mark.parametrize("results_max", [1, 3])
async def test_it_finds_so_many_results_the_best_first(results_max, search):
    assert await found(search, results_max=results_max) == [
        Found(result["title"], result["url"], result["content"])
        for result in echo("tea")[:results_max]
    ]


@pytest.mark.parametrize("query", ["half \ud83d a pair", "🦊 \u2028 \u202e", '{"a": 1}', "\0 x"])
async def test_anything_can_be_searched_for(query, search):
    assert len(await found(search, query)) == 3


@pytest.mark.parametrize("query", ["", " \n"])
async def test_nothing_is_not_searched_for(query, search, vendor):
    assert await found(search, query) == []
    assert vendor.connections == 0


async def test_searches_at_the_same_time_are_not_mixed_up(search, vendor):
    await vendor.behave(Conduct(first_item_s=0.02, item_s=0.02))
    queries = [f"query{number}" for number in range(8)]
    all_found = await asyncio.gather(*[found(search, query) for query in queries])

    assert [results[0].title for results in all_found] == [
        f"{query}, number 1" for query in queries
    ]


async def test_being_cancelled_at_any_moment_leaves_nothing_behind(search, vendor):
    before = asyncio.all_tasks()
    await vendor.behave(Conduct(Fault.STALL, after_items=1))
    for steps in range(60):
        searching = asyncio.create_task(found(search))
        for _ in range(steps):
            await asyncio.sleep(0)
        searching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(searching, LEAVING_S)
        async with asyncio.timeout(LEAVING_S):
            await vendor.until(lambda: vendor.answering == 0)
            while remaining := ours(before):
                await asyncio.wait(remaining)

    await vendor.behave(Conduct())
    assert len(await found(search)) == 3


@pytest.mark.parametrize(
    ("fault", "after_items", "error"),
    [
        (Fault.REFUSE, 0, ProviderUnavailable),
        (Fault.UNAUTHORISED, 0, ProviderRejected),
        (Fault.BUSY, 0, ProviderBusy),
        (Fault.BROKEN, 0, ProviderUnavailable),
        *((Fault.DROP, count, ProviderUnavailable) for count in (0, 1)),
        *((Fault.END_EARLY, count, ProviderUnavailable) for count in (0, 1)),
        *((Fault.GARBAGE, count, ProviderUnavailable) for count in (0, 1)),
    ],
)
async def test_every_failure_is_told_at_once_and_the_next_search_finds(
    fault, after_items, error, search, vendor, caplog
):
    caplog.set_level(logging.DEBUG)
    await vendor.behave(Conduct(fault, after_items=after_items))

    with pytest.raises(error) as raised:
        await asyncio.wait_for(found(search), 2)

    if error is ProviderBusy:
        assert raised.value.retry_after_s == 2
    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert KEY not in told + caplog.text + repr(search)
    await vendor.behave(Conduct())
    assert len(await found(search)) == 3


async def test_a_slow_vendor_is_waited_for(search, vendor):
    await vendor.behave(Conduct(Fault.SLOW, first_item_s=0.02))

    assert len(await found(search)) == 3


HANGS = (Fault.HANG_CONNECT, Fault.HANG, Fault.STALL)


@pytest.mark.parametrize("fault", HANGS)
async def test_who_gives_up_on_a_vendor_that_hangs_is_let_go(fault, search, vendor):
    await vendor.behave(Conduct(fault))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(found(search), 0.2)
    async with asyncio.timeout(LEAVING_S):
        await vendor.until(lambda: vendor.answering == 0)


async def test_nobody_is_waited_for_for_ever(search, vendor):
    await vendor.behave(Conduct(Fault.STALL))

    async with asyncio.timeout(READ_S + 2):
        with pytest.raises(ProviderTimeout):
            await found(search)


async def test_a_network_that_answers_no_knock_is_given_up_sooner(name):
    with crowded() as url:
        provider = SEARCHES[name][1](Account(name, KEY, url, "", f"{name.upper()}_SEARCH_MODEL"))
        async with asyncio.timeout(CONNECT_S + 1):
            with pytest.raises(ProviderTimeout):
                await found(provider)
        await provider.aclose()


async def test_a_pause_between_two_searches_costs_no_new_connection(search, vendor):
    await found(search)
    await asyncio.sleep(5.2)  # the SDKs themselves keep a connection for 5 s
    await found(search)

    assert vendor.connections == 1
