"""Tavily; what it shares with other searches is in contract/."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.simulators.tavily import TavilySimulator
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.protocols import Found
from voice.providers.search.tavily import QUERY_CHARS_MAX, TEXT_CHARS_MAX, Tavily

KEY = "tvly-secret-0123456789"


@pytest.fixture
async def vendor() -> AsyncIterator[TavilySimulator]:
    async with TavilySimulator() as simulator:
        yield simulator


@pytest.fixture
async def tavily(vendor: TavilySimulator) -> AsyncIterator[Tavily]:
    provider = make(vendor)
    yield provider
    await provider.aclose()


def make(vendor: TavilySimulator, key: str = KEY) -> Tavily:
    return Tavily(Account("tavily", key, vendor.url, "", "TAVILY_SEARCH_MODEL"))


async def found(tavily: Tavily, query: str = "tea") -> list[Found]:
    async with asyncio.timeout(10):
        return await tavily.search(query, results_max=3)


async def test_it_asks_for_what_the_pipeline_needs(tavily, vendor):
    await found(tavily)

    [asked] = vendor.asked
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.json == {"query": "tea", "search_depth": "fast", "max_results": 3}


async def test_it_never_searches_without_a_name(vendor):
    provider = make(vendor, key="")
    with pytest.raises(ProviderRejected, match="set TAVILY_API_KEY"):
        await found(provider)
    await provider.aclose()

    assert vendor.connections == 0


async def test_a_long_query_is_cut_to_what_tavily_takes(tavily, vendor):
    await found(tavily, "tea " * QUERY_CHARS_MAX)

    assert len(vendor.asked[0].json["query"]) == QUERY_CHARS_MAX


async def test_results_are_cut_to_what_a_model_can_read(tavily, vendor):
    result = {"title": "Tea", "url": "https://example.org", "content": "a\n b " * TEXT_CHARS_MAX}
    vendor.will(json.dumps({"results": [result]}).encode())

    [first] = await found(tavily)
    assert first.text == ("a b " * TEXT_CHARS_MAX)[:TEXT_CHARS_MAX]


async def test_a_result_may_lack_anything(tavily, vendor):
    vendor.will(b'{"results": [{"title": null, "url": "https://example.org"}]}')

    assert await found(tavily) == [Found("", "https://example.org", "")]


async def test_nothing_found_is_no_failure(tavily, vendor):
    vendor.will(b'{"results": []}')

    assert await found(tavily) == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b"null", b'{"results": 7}', b'{"results": ["x"]}', b"\xff"]
)
async def test_what_makes_no_sense_is_a_failure(body, tavily, vendor):
    vendor.will(body)

    with pytest.raises(ProviderUnavailable):
        await found(tavily)


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (401, ProviderRejected, "check TAVILY_API_KEY"),
        (403, ProviderRejected, "check TAVILY_API_KEY"),
        (400, ProviderRejected, "refuses the request"),
        (404, ProviderRejected, "check TAVILY_BASE_URL"),
        (432, ProviderRejected, "no credit left"),
        (433, ProviderRejected, "no credit left"),
        (408, ProviderTimeout, "408"),
        (429, ProviderBusy, "429"),
        (500, ProviderUnavailable, "500"),
        (503, ProviderUnavailable, "503"),
    ],
)
async def test_a_refusal_says_what_to_do(status, error, said, tavily, vendor):
    vendor.will(status=status)

    with pytest.raises(error, match=said):
        await found(tavily)
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("status", [201, 204, 302])
async def test_any_other_answer_is_a_failure(status, tavily, vendor):
    vendor.will(b"", status)

    with pytest.raises((ProviderRejected, ProviderUnavailable)):
        await found(tavily)


async def test_how_long_to_wait_is_passed_on(tavily, vendor):
    vendor.will(None, 429, **{"Retry-After": "7.5"})

    with pytest.raises(ProviderBusy) as raised:
        await found(tavily)
    assert raised.value.retry_after_s == 7.5


async def test_the_next_search_uses_the_same_connection(tavily, vendor):
    for _ in range(3):
        await found(tavily)

    assert vendor.connections == 1
