import asyncio
from collections.abc import AsyncGenerator

from voice.providers.failover.thinking import Thought
from voice.providers.protocols import Prompt, ToolCall
from voice.stages.think import think
from voice.text.sentences import Unfinished


async def sentences(*rounds: list[Thought]) -> list[str]:
    """What is to be spoken of these answers, all but the last of which ask for a tool."""
    put: asyncio.Queue[str | None] = asyncio.Queue()
    answers = list(rounds)

    async def mind(prompt: Prompt) -> AsyncGenerator[Thought, None]:
        for thought in answers.pop(0):
            yield thought

    async def call_tool(call: ToolCall) -> str:
        return "42"

    await think(Prompt("", ()), put, mind=mind, call_tool=call_tool, on_token=lambda: None)
    given = [put.get_nowait() for _ in range(put.qsize())]
    assert given.pop() is None
    return [piece for piece in given if piece is not None]


async def test_what_is_unfinished_stays_so():
    [opening, rest, second] = await sentences(
        [Thought((Unfinished("I think that "),)), Thought(("it is. ", " So do I. "))]
    )

    assert (opening, rest, second) == ("I think that", "it is.", "So do I.")
    assert isinstance(opening, Unfinished)
    assert not isinstance(rest, Unfinished)


async def test_white_space_is_no_sentence():
    call = ToolCall("1", "time")

    assert await sentences(
        [Thought((" ",), call)],
        [Thought((" ", "Here it is."))],
    ) == ["Here it is."]
