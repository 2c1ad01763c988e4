"""An address that speaks OpenAI's protocol and refuses to be asked for tokens."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from structlog.testing import capture_logs

from tests.simulators.chat import ChatSimulator
from voice.providers.account import Account
from voice.providers.errors import ProviderRejected
from voice.providers.failover.thinking import counted
from voice.providers.llm.openai import OpenAI
from voice.providers.protocols import Message, Prompt, Tokens

PROMPT = Prompt("", (Message("user", "Hello."),))


@pytest.fixture
async def vendor() -> AsyncIterator[ChatSimulator]:
    async with ChatSimulator(tells_tokens=False) as simulator:
        yield simulator


@pytest.fixture
async def model(vendor: ChatSimulator) -> AsyncIterator[OpenAI]:
    model = OpenAI(Account("openai", "key", f"{vendor.url}/v1", "gpt-5.6", "OPENAI_LLM_MODEL"))
    yield model
    await model.aclose()


async def answer(model: OpenAI, told: list[Tokens]) -> str:
    async with asyncio.timeout(5), aclosing(counted(model, PROMPT, told.append)) as tokens:
        return "".join([str(token) async for token in tokens])


def asked_for_tokens(vendor: ChatSimulator) -> list[bool]:
    return ["stream_options" in asked.json for asked in vendor.asked]


async def test_it_is_asked_again_without_and_for_none_any_more(model, vendor):
    with capture_logs() as logged:
        said = [await answer(model, []), await answer(model, [])]

    assert said == ["You said: Hello."] * 2
    assert asked_for_tokens(vendor) == [True, False, False]
    assert [line["event"] for line in logged] == ["model.tells_no_tokens"]


async def test_all_else_is_asked_as_before(model, vendor):
    await answer(model, [])

    first, again = (asked.json for asked in vendor.asked)
    assert first.pop("stream_options") == {"include_usage": True}
    assert first == again


async def test_what_it_took_is_estimated(model):
    told: list[Tokens] = []
    await answer(model, told)

    [tokens] = told
    assert tokens.is_estimated


async def test_requests_that_are_refused_side_by_side_are_all_answered_and_it_is_logged_once(
    model, vendor
):
    with capture_logs() as logged:
        said = await asyncio.gather(*(answer(model, []) for _ in range(5)))

    assert said == ["You said: Hello."] * 5
    assert Counter(asked_for_tokens(vendor)) == {True: 5, False: 5}
    assert len(logged) == 1


async def test_a_refusal_for_another_reason_is_one(model, vendor):
    vendor.tells_tokens = True
    vendor.will(status=400, error={"message": "context length exceeded"})

    with pytest.raises(ProviderRejected):
        await answer(model, [])
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("status", [400, 401])
async def test_who_goes_on_refusing_is_not_asked_for_ever(status, model, vendor):
    vendor.tells_tokens = True
    for _ in range(4):
        vendor.will(status=status, error={"message": "no stream_options here"})

    for _ in range(2):
        with pytest.raises(ProviderRejected):
            await answer(model, [])
    assert len(vendor.asked) == (3 if status == 400 else 2)
