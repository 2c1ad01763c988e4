import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest

from tests.scenarios.clock import run
from voice.providers.failover.thinking import Thought
from voice.providers.protocols import Message, Prompt, ToolCall
from voice.stages.think import MEANWHILE_S, TOOL_CALLS_MAX, TOOL_ROUNDS_MAX, TOOL_S, think
from voice.text.meanwhile import SENTENCES
from voice.text.sentences import Unfinished

HELLO = Message("user", "Hello.")
SEARCH = ToolCall("s", "web_search", {"query": "tea"})
SENTENCE = SENTENCES["en"][1]
"""To the first thing that was said."""


class Thinking:
    """What becomes of these answers, all but the last of which ask for tools."""

    def __init__(
        self, *rounds: list[Thought], tools: Callable[[ToolCall], Awaitable[str]], language: str
    ) -> None:
        self._rounds = list(rounds)
        self._tools = tools
        self._prompt = Prompt("", (HELLO,), language=language)
        self.prompts: list[Prompt] = []
        self.put: asyncio.Queue[str | None] = asyncio.Queue()

    async def mind(self, prompt: Prompt) -> AsyncGenerator[Thought, None]:
        self.prompts.append(prompt)
        for thought in self._rounds.pop(0):
            yield thought

    async def done(self) -> list[str]:
        """What is to be spoken."""
        await think(
            self._prompt,
            self.put,
            mind=self.mind,
            call_tool=self._tools,
            on_token=lambda: None,
        )
        given = [self.put.get_nowait() for _ in range(self.put.qsize())]
        assert given.pop() is None
        return [piece for piece in given if piece is not None]


def thinking(
    *rounds: list[Thought],
    seconds: dict[str, float] | None = None,
    results: dict[str, str] | None = None,
    language: str = "en",
) -> Thinking:
    """seconds: how long each tool takes. results: what it gives, "42" by itself."""

    async def call_tool(call: ToolCall) -> str:
        await asyncio.sleep((seconds or {}).get(call.name, 0.0))
        return (results or {}).get(call.name, "42")

    return Thinking(*rounds, tools=call_tool, language=language)


def asks(*calls: ToolCall, says: str = "") -> list[Thought]:
    return [Thought((says,) if says else (), calls)]


async def test_what_is_unfinished_stays_so():
    [opening, rest, second] = await thinking(
        [Thought((Unfinished("I think that "),)), Thought(("it is. ", " So do I. "))]
    ).done()

    assert (opening, rest, second) == ("I think that", "it is.", "So do I.")
    assert isinstance(opening, Unfinished)
    assert not isinstance(rest, Unfinished)


async def test_white_space_is_no_sentence():
    call = ToolCall("1", "time")

    assert await thinking(
        [Thought((" ",), (call,))],
        [Thought((" ", "Here it is."))],
    ).done() == ["Here it is."]


# --- tools ----------------------------------------------------------------------------------------
def test_tools_run_side_by_side_and_their_results_stand_in_the_order_of_the_calls():
    slow, fast = ToolCall("1", "slow"), ToolCall("2", "fast")
    asked = thinking(
        asks(slow, fast, says="Let me see."),
        [Thought(("Done.",))],
        seconds={"slow": 2.0, "fast": 1.5},
        results={"slow": "first", "fast": "second"},
    )

    async def timed() -> float:
        await asked.done()
        return asyncio.get_running_loop().time()

    assert run(timed()) == pytest.approx(2.0, abs=0.01)
    assert asked.prompts[1].messages == (
        HELLO,
        Message("assistant", "Let me see.", calls=(slow, fast)),
        Message("tool", "first", slow),
        Message("tool", "second", fast),
    )


def test_a_tool_that_is_never_done_does_not_keep_the_result_of_another():
    hung, well = ToolCall("1", "hung"), ToolCall("2", "well")
    asked = thinking(asks(hung, well), [Thought(("Done.",))], seconds={"hung": 3600.0, "well": 0.1})

    async def timed() -> float:
        assert await asked.done() == ["Done."]
        return asyncio.get_running_loop().time()

    assert run(timed()) == pytest.approx(TOOL_S, abs=0.01)
    assert [message.text for message in asked.prompts[1].messages[2:]] == [
        "The tool hung did not answer in time.",
        "42",
    ]


async def test_a_model_that_asks_for_too_much_at_once_gets_the_first_of_it():
    calls = tuple(ToolCall(str(number), "time") for number in range(TOOL_CALLS_MAX + 3))
    asked = thinking(asks(*calls), [Thought(("Done.",))])
    await asked.done()

    told = asked.prompts[1].messages
    assert told[1].calls == calls[:TOOL_CALLS_MAX]
    assert [message.call for message in told[2:]] == list(calls[:TOOL_CALLS_MAX])


async def test_a_model_that_goes_in_circles_is_stopped():
    call = ToolCall("1", "time")
    asked = thinking(*[asks(call) for _ in range(TOOL_ROUNDS_MAX)], asks(call, says="So."))

    assert await asked.done() == ["So."]
    assert len(asked.prompts) == TOOL_ROUNDS_MAX + 1


# --- while something is looked up -----------------------------------------------------------------
def test_a_search_that_takes_long_is_announced_once_and_the_model_knows_that_it_was():
    again = ToolCall("t", "web_search", {"query": "coffee"})
    asked = thinking(
        asks(SEARCH), asks(again), [Thought(("It is hot.",))], seconds={"web_search": 2.0}
    )

    assert run(asked.done()) == [SENTENCE, "It is hot."]
    assert [message.text for message in asked.prompts[2].messages if message.calls] == [
        SENTENCE,
        "",
    ]


def test_it_is_announced_as_soon_as_it_is_late():
    asked = thinking(asks(SEARCH), [Thought(("It is hot.",))], seconds={"web_search": 2.0})

    async def announced_at() -> float:
        running = asyncio.create_task(asked.done())
        await asyncio.sleep(MEANWHILE_S - 0.01)
        assert asked.put.empty()
        await asyncio.sleep(0.02)
        assert asked.put.qsize() == 1
        await running
        return asyncio.get_running_loop().time()

    assert run(announced_at()) == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(
    ("says", "seconds", "language"),
    [
        ("", {"web_search": MEANWHILE_S - 0.05}, "en"),
        ("One moment.", {"web_search": 2.0}, "en"),
        ("", {"web_search": 2.0}, "fi"),
        ("", {"web_search": 0.1, "remember": 2.0}, "en"),
    ],
    ids=["fast", "the model said something", "no words for it", "another tool is slow"],
)
def test_nothing_is_announced_of(says, seconds, language):
    calls = SEARCH, ToolCall("r", "remember", {"fact": "tea"})
    asked = thinking(
        asks(*calls, says=says), [Thought(("Hot.",))], seconds=seconds, language=language
    )

    assert run(asked.done()) == [*([says] if says else []), "Hot."]


def test_cancelling_ends_the_tools():
    ended: list[str] = []

    async def call_tool(call: ToolCall) -> str:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(call.id)
        return ""

    async def cancelled() -> None:
        asked = Thinking(asks(SEARCH, ToolCall("2", "time")), tools=call_tool, language="en")
        running = asyncio.create_task(asked.done())
        await asyncio.sleep(1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(cancelled())
    assert sorted(ended) == ["2", "s"]
