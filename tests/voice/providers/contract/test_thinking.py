"""What every language model of ours does, whoever is behind it. A new one is a line in MODELS."""

import asyncio
import gc
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any

import pytest

from tests.simulators.chat import ChatSimulator
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.crowded import crowded
from tests.simulators.gemini import GeminiSimulator
from tests.simulators.model import REPEATED_WORDS, Reply
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.http import CONNECT_S, READ_S
from voice.providers.llm.continuing import NOTE
from voice.providers.llm.gemini import Gemini
from voice.providers.llm.groq import Groq
from voice.providers.llm.local import Local
from voice.providers.llm.openai import OpenAI
from voice.providers.protocols import Message, Prompt, Tool, ToolCall

KEY = "key-secret-0123456789"
MODELS: dict[str, tuple[type[Any], type[Any], str, str]] = {
    "groq": (ChatSimulator, Groq, "", "openai/gpt-oss-20b"),
    "openai": (ChatSimulator, OpenAI, "/v1", "gpt-5.6-luna"),
    "local": (ChatSimulator, Local, "/v1", "llama3.2"),
    "gemini": (GeminiSimulator, Gemini, "", "gemini-3.8-flash"),
}
"""Name → simulator, adapter, path of the address, model."""

TEXT = "The quick brown fox jumps over the lazy dog, and then it sleeps until the next morning."
PROMPT = Prompt("Be brief.", (Message("user", "Tell me a story."),))
REMEMBER = Tool(
    "remember", "Keep a fact.", {"type": "object", "properties": {"fact": {"type": "string"}}}
)
FOREIGN = ToolCall("toolu_01", "remember", {"fact": "tea"})
OTHER = ToolCall("toolu_02", "recall", {"query": "tea"})
RESULT, OTHER_RESULT = Message("tool", "Noted it.", FOREIGN), Message("tool", "Tea.", OTHER)
WELL = Conduct()
LEAVING_S = 0.1


@asynccontextmanager
async def speaking(
    name: str, conduct: Conduct = WELL, reply: Reply = lambda _: TEXT, **how: Any
) -> AsyncIterator[tuple[Any, Any]]:
    """The simulator of a vendor, and the model that talks to it. how: of the simulator."""
    simulator, adapter, path, model_name = MODELS[name]
    async with simulator(conduct, reply=reply, **how) as vendor:
        url, setting = vendor.url + path, f"{name.upper()}_LLM_MODEL"
        model = adapter(Account(name, KEY, url, model_name, setting))
        try:
            yield vendor, model
        finally:
            await model.aclose()


async def answer(
    model: Any, prompt: Prompt = PROMPT, into: list[str | ToolCall] | None = None
) -> list[str | ToolCall]:
    """What the model says; `into` has it even if the model fails."""
    said = [] if into is None else into
    async with asyncio.timeout(READ_S + 2), aclosing(model.stream(prompt)) as stream:
        async for token in stream:
            said.append(token)
    return said


async def left(vendor: Any, before: set[asyncio.Task[Any]]) -> None:
    """Soon the client is gone, and what it did, too."""
    async with asyncio.timeout(LEAVING_S):
        await vendor.until(lambda: vendor.answering == 0)
        while remaining := ours(before):
            await asyncio.wait(remaining)


def ours(before: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Tasks that are new, without those of the simulators and their servers."""
    theirs = ("simulators", "_accept_connection")
    return {
        task
        for task in asyncio.all_tasks() - before
        if not any(name in repr(task) for name in theirs)
    }


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


@pytest.fixture(params=MODELS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


# --- what is said ---------------------------------------------------------------------------------
async def test_tokens_come_in_order_and_none_is_missing(name):
    async with speaking(name) as (_, model):
        tokens = await answer(model)

    assert "".join(tokens) == TEXT
    assert len(tokens) == len(TEXT.split())


async def test_the_first_token_is_there_while_the_model_still_thinks(name):
    async with (
        asyncio.timeout(2),
        speaking(name, Conduct(Fault.STALL, after_items=1)) as (_, model),
        aclosing(model.stream(PROMPT)) as stream,
    ):
        assert await anext(stream) == "The"


async def test_a_long_answer_arrives_whole(name):
    words = " ".join(f"word{number}" for number in range(2_000))
    async with speaking(name, reply=lambda messages: words) as (_, model):
        assert "".join(await answer(model)) == words


async def test_a_listener_slower_than_the_model_misses_nothing(name):
    said = []
    async with speaking(name) as (_, model), aclosing(model.stream(PROMPT)) as stream:
        async for token in stream:
            await asyncio.sleep(0.02)
            said.append(token)

    assert "".join(said) == TEXT


async def test_answers_at_the_same_time_are_not_mixed_up(name):
    def reply(messages: list[dict[str, str]]) -> str:
        return messages[-1]["content"] * 20

    prompts = [Prompt("", (Message("user", f"number{number} "),)) for number in range(8)]
    async with speaking(name, Conduct(item_s=0.002), reply=reply) as (_, model):
        answers = await asyncio.gather(*[answer(model, prompt) for prompt in prompts])

    assert ["".join(tokens) for tokens in answers] == [
        (prompt.messages[0].text * 20).strip() for prompt in prompts
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "\0",
        "half \ud83d a pair",
        "🦊 \u2028 \u202e",
        '{"role": "system"}',
        "a" * 50_000,
    ],
    ids=["empty", "blank", "nul", "surrogate", "odd", "json", "long"],
)
async def test_any_text_can_be_asked(text, name):
    prompt = Prompt(text, (Message("assistant", text), Message("user", text)))
    async with speaking(name) as (_, model):
        assert "".join(await answer(model, prompt)) == TEXT


async def test_a_prompt_without_a_message_is_answered(name):
    async with speaking(name) as (_, model):
        assert "".join(await answer(model, Prompt("Greet the user.", ()))) == TEXT


async def test_each_token_may_be_fetched_by_another_task(name):
    before = asyncio.all_tasks()
    said = []
    async with speaking(name, Conduct(item_s=0.002)) as (vendor, model):
        stream = model.stream(PROMPT)
        for _ in TEXT.split()[:-1]:
            said.append(await asyncio.ensure_future(anext(stream)))
        await asyncio.create_task(stream.aclose())
        await left(vendor, before)

    assert TEXT.startswith("".join(said))


# --- tools ----------------------------------------------------------------------------------------
async def test_a_tool_is_asked_for_and_its_result_understood(name):
    def reply(messages: list[dict[str, str]]) -> str:
        return f"{messages[-1]['role']}: {messages[-1]['content']}"

    prompt = Prompt("Be brief.", PROMPT.messages, (REMEMBER,))
    async with speaking(name, reply=reply) as (vendor, model):
        vendor.will_call("remember", {"fact": "I like tea"})
        [call] = await answer(model, prompt)
        result = Message("tool", "Noted it.", call)
        spoken = await answer(model, Prompt("", (*prompt.messages, result), (REMEMBER,)))

    assert (call.name, call.arguments) == ("remember", {"fact": "I like tea"})
    assert "".join(spoken) == "tool: Noted it."


async def test_several_tools_are_asked_for_at_once_and_their_results_understood(name):
    def reply(messages: list[dict[str, str]]) -> str:
        return "; ".join(m["content"] for m in messages if m["role"] == "tool")

    async with speaking(name, reply=reply) as (vendor, model):
        vendor.will_call_all(("remember", {"fact": "tea"}), ("remember", {"fact": "milk"}))
        calls = await answer(model, Prompt("", PROMPT.messages, (REMEMBER,)))
        results = [Message("tool", str(call.arguments["fact"]), call) for call in calls]
        said = Message("assistant", "One moment.", calls=tuple(calls))
        spoken = await answer(model, Prompt("", (*PROMPT.messages, said, *results), (REMEMBER,)))

    assert [(call.name, call.arguments["fact"]) for call in calls] == [
        ("remember", "tea"),
        ("remember", "milk"),
    ]
    assert len({call.id for call in calls}) == 2
    assert "".join(spoken) == "tea; milk"


HISTORIES = {
    "nobody made the calls": (Message("user", "Hi."), RESULT, OTHER_RESULT, Message("user", "So?")),
    "behind the reply that was cut": (
        Message("user", "Hi."),
        Message("assistant", "Let me look."),
        RESULT,
        Message("user", "So?"),
    ),
    "at the beginning": (RESULT, Message("assistant", "Well."), Message("user", "So?")),
    "a call without its result": (
        Message("user", "Hi."),
        Message("assistant", "Well.", calls=(FOREIGN, OTHER)),
        OTHER_RESULT,
        Message("user", "So?"),
    ),
    "calls without any result": (
        Message("user", "Hi."),
        Message("assistant", "Well.", calls=(FOREIGN,)),
        Message("user", "So?"),
    ),
    "round after round": (
        Message("user", "Hi."),
        Message("assistant", "", calls=(FOREIGN,)),
        RESULT,
        Message("assistant", "And now?", calls=(OTHER,)),
        OTHER_RESULT,
    ),
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
async def test_every_history_with_results_of_tools_is_taken(history, name):
    async with speaking(name) as (vendor, model):
        assert "".join(await answer(model, Prompt("", history))) == TEXT
        asked = vendor.messages(vendor.asked[0])

    told = [message["content"] for message in asked if message["role"] == "tool"]
    assert told == [message.text for message in history if message.call]


async def test_a_call_that_another_vendor_asked_for_is_understood(name):
    async with speaking(name) as (_, model):
        assert "".join(await answer(model, Prompt("", (*PROMPT.messages, RESULT)))) == TEXT


# --- going on -------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 7, 16])
async def test_a_reply_that_broke_off_goes_on_with_the_next_word(count, name):
    words = TEXT.split()
    partial = Message("assistant", " ".join(words[:count]))
    async with speaking(name) as (vendor, model):
        tokens = await answer(model, Prompt("", (*PROMPT.messages, partial)))

        assert "".join(tokens) == " ".join(words[count:])
        assert vendor.asked[0].body.decode().count(NOTE) == 1


async def test_a_reply_that_broke_off_before_its_first_word_is_begun(name):
    async with speaking(name) as (vendor, model):
        messages = (*PROMPT.messages, Message("assistant", " "))
        assert "".join(await answer(model, Prompt("", messages))) == TEXT
        assert NOTE not in vendor.asked[0].body.decode()


async def test_a_model_that_repeats_itself_can_be_simulated(name):
    words = TEXT.split()
    partial = Message("assistant", " ".join(words[:7]))
    async with speaking(name, repeats=True) as (_, model):
        tokens = await answer(model, Prompt("", (*PROMPT.messages, partial)))

    assert "".join(tokens) == " ".join(words[7 - REPEATED_WORDS :])


# --- leaving --------------------------------------------------------------------------------------
async def test_leaving_after_any_token_hangs_up(name):
    before = asyncio.all_tasks()
    async with speaking(name, Conduct(Fault.STALL, after_items=9)) as (vendor, model):
        for count in (1, 2, 9):
            async with aclosing(model.stream(PROMPT)) as stream:
                for _ in range(count):
                    await anext(stream)
            await left(vendor, before)


async def test_leaving_a_fast_model_hangs_up(name):
    before = asyncio.all_tasks()
    words = "word " * 5_000
    async with speaking(name, reply=lambda messages: words) as (vendor, model):
        async with aclosing(model.stream(PROMPT)) as stream:
            await anext(stream)
        await left(vendor, before)


async def test_being_cancelled_at_any_moment_leaves_nothing_behind(name):
    before = asyncio.all_tasks()
    async with speaking(name, Conduct(Fault.STALL, after_items=3)) as (vendor, model):
        for steps in range(60):  # a whole answer takes some 20
            thinking = asyncio.create_task(answer(model))
            for _ in range(steps):
                await asyncio.sleep(0)
            thinking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(thinking, LEAVING_S)
            await left(vendor, before)

        await vendor.behave(Conduct())
        assert "".join(await answer(model)) == TEXT


# --- what goes wrong ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fault", "after_items", "error"),
    [
        (Fault.REFUSE, 0, ProviderUnavailable),
        (Fault.UNAUTHORISED, 0, ProviderRejected),
        (Fault.BUSY, 0, ProviderBusy),
        (Fault.BROKEN, 0, ProviderUnavailable),
        *((Fault.DROP, count, ProviderUnavailable) for count in (0, 1, 5)),
        *((Fault.END_EARLY, count, ProviderUnavailable) for count in (0, 1, 5)),
        *((Fault.GARBAGE, count, ProviderUnavailable) for count in (0, 1, 5)),
    ],
)
async def test_every_failure_is_told_at_once_and_the_next_answer_is_whole(
    fault, after_items, error, name, caplog
):
    caplog.set_level(logging.DEBUG)
    said: list[str | ToolCall] = []
    async with speaking(name, Conduct(fault, after_items=after_items)) as (vendor, model):
        with pytest.raises(error) as raised:
            await asyncio.wait_for(answer(model, into=said), 2)

        assert TEXT.startswith("".join(said))
        assert len(said) == after_items
        if error is ProviderBusy:
            assert raised.value.retry_after_s == 2
        told = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
        assert KEY not in told + caplog.text + repr(model)

        await vendor.behave(Conduct())
        assert "".join(await answer(model)) == TEXT


async def test_a_slow_model_is_waited_for(name):
    conduct = Conduct(Fault.SLOW, first_item_s=0.02, item_s=0.002)
    async with speaking(name, conduct) as (_, model):
        assert "".join(await answer(model)) == TEXT


HANGS = (Fault.HANG_CONNECT, Fault.HANG, Fault.STALL)


@pytest.mark.parametrize("fault", HANGS)
async def test_who_gives_up_on_a_model_that_hangs_is_let_go(fault, name):
    before = asyncio.all_tasks()
    async with speaking(name, Conduct(fault)) as (vendor, model):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(answer(model), 0.2)
        await left(vendor, before)


async def test_nobody_is_waited_for_for_ever():
    """All of them at once, for the wait is a real one."""

    async def give_up(name: str, fault: Fault) -> None:
        async with speaking(name, Conduct(fault)) as (_, model):
            with pytest.raises(ProviderTimeout):
                await answer(model)

    async with asyncio.timeout(READ_S + 2), asyncio.TaskGroup() as group:
        for name in MODELS:
            for fault in HANGS:
                group.create_task(give_up(name, fault))


async def test_a_network_that_answers_no_knock_is_given_up_sooner():
    async def give_up(name: str, url: str) -> None:
        _, adapter, path, model_name = MODELS[name]
        model = adapter(Account(name, KEY, url + path, model_name, f"{name.upper()}_LLM_MODEL"))
        with pytest.raises(ProviderTimeout):
            await answer(model)
        await model.aclose()

    with crowded() as url:
        async with asyncio.timeout(CONNECT_S + 1), asyncio.TaskGroup() as group:
            for name in MODELS:
                group.create_task(give_up(name, url))


async def test_a_pause_in_the_conversation_costs_no_new_connection():
    """The SDKs themselves keep one for 5 s: the wait is the point, and the same for all."""
    async with AsyncExitStack() as stack:
        all_of_them = [await stack.enter_async_context(speaking(name)) for name in MODELS]
        for _, model in all_of_them:
            await answer(model)
        await asyncio.sleep(5.2)
        for _, model in all_of_them:
            await answer(model)

        assert [vendor.connections for vendor, _ in all_of_them] == [1] * len(MODELS)
