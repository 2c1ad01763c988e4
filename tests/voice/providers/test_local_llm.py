"""A server of one's own whose model takes no tools."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from tests.simulators.chat import ChatSimulator
from voice.providers.account import Account
from voice.providers.errors import ProviderRejected
from voice.providers.llm.local import Local
from voice.providers.llm.without_tools import NOTE
from voice.providers.protocols import Found, Message, Prompt, ToolCall
from voice.providers.quoting import quoted
from voice.tools import tools_of

TOOLS = tools_of(None)


class Anything:
    name = "anything"

    async def search(self, query: str, *, results_max: int) -> list[Found]:
        return []


SEARCHES = tools_of(Anything())
HELLO = Message("user", "Hello.")
LOOK = Message("user", "Look up the price of tea.")


@pytest.fixture
async def vendor() -> AsyncIterator[ChatSimulator]:
    async with ChatSimulator(takes_tools=False) as simulator:
        yield simulator


@pytest.fixture
async def model(vendor: ChatSimulator) -> AsyncIterator[Local]:
    local = Local(Account("local", "", f"{vendor.url}/v1", "gemma", "LOCAL_LLM_MODEL"))
    yield local
    await local.aclose()


async def answer(model: Local, *messages: Message, tools=TOOLS) -> list[str | ToolCall]:
    async with asyncio.timeout(5), aclosing(model.stream(Prompt("", messages, tools))) as stream:
        return [token async for token in stream]


def said(tokens: list[str | ToolCall]) -> str:
    return "".join(str(token) for token in tokens)


async def test_it_is_asked_again_without_and_offered_none_any_more(model, vendor):
    assert said(await answer(model, HELLO)) == "You said: Hello."
    assert said(await answer(model, HELLO)) == "You said: Hello."

    assert ["tools" in asked.json for asked in vendor.asked] == [True, False, False]


async def test_what_is_to_be_looked_up_is_searched_for_before_the_model_is_asked(model, vendor):
    [call] = await answer(model, HELLO, LOOK, tools=SEARCHES)

    assert (call.name, call.arguments) == ("web_search", {"query": "the price of tea"})
    assert len(vendor.asked) == 1


async def test_what_was_found_stands_in_its_prompt_as_a_text(model, vendor):
    [call] = await answer(model, LOOK, tools=SEARCHES)
    found = quoted([Found("Tea", "https://example.org", "It costs 3 euros.")])
    made = Message("assistant", "", calls=(call,))
    tokens = await answer(model, LOOK, made, Message("tool", found, call), tools=SEARCHES)

    assert "It costs 3 euros." in said(tokens)
    asked = vendor.asked[-1].json["messages"]
    assert [each["role"] for each in asked] == ["system", "user", "user"]
    assert asked[0]["content"] == NOTE


async def test_nothing_is_searched_for_where_nobody_can(model):
    assert said(await answer(model, LOOK, tools=TOOLS)) == f"You said: {LOOK.text}"


async def test_a_refusal_for_another_reason_is_one(model, vendor):
    vendor.takes_tools = True
    vendor.will(status=400, error={"message": "context length exceeded"})

    with pytest.raises(ProviderRejected):
        await answer(model, HELLO)
    assert said(await answer(model, HELLO)) == "You said: Hello."
    assert ["tools" in asked.json for asked in vendor.asked] == [True, True]
