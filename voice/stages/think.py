"""From a prompt to speakable sentences: the mind and its tools, and nothing about sound."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

import structlog

from voice.providers.failover.thinking import Thought
from voice.providers.protocols import Message, Prompt, ToolCall
from voice.text.meanwhile import SLOW_TOOLS, meanwhile
from voice.text.sentences import Unfinished

log = structlog.get_logger()

TOOL_S = 8.0
TOOL_ROUNDS_MAX = 3
"""A model that still wants tools after this many answers is going in circles."""
TOOL_CALLS_MAX = 4
"""At once; what a model asks for beyond that, it is taken not to have asked for."""
MEANWHILE_S = 0.7
"""A search may take so long in silence; a little longer than the answer to a question does."""

Sentences = asyncio.Queue[str | None]
"""Speakable pieces in order, then None; one that is Unfinished is gone on with by the next. Full
(4) means that the model waits for the voice."""
CallTool = Callable[[ToolCall], Awaitable[str]]


class Mind(Protocol):
    def __call__(self, prompt: Prompt) -> AsyncGenerator[Thought, None]:
        """The answer to a prompt. Raises ProviderError."""


async def think(
    prompt: Prompt,
    sentences: Sentences,
    *,
    mind: Mind,
    call_tool: CallTool,
    on_token: Callable[[], None],
) -> None:
    """Put the reply into `sentences` piece by piece, then None. Raises ProviderError.

    on_token is called at each token. Cancelling stops the model and any tool."""
    has_spoken = False
    for round_left in reversed(range(TOOL_ROUNDS_MAX + 1)):
        asked = prompt if round_left else replace(prompt, tools=())
        said, calls = await _answer(mind(asked), sentences, on_token)
        if not calls or not round_left:
            break
        has_spoken = has_spoken or bool(said.strip())
        sentence = _meanwhile(prompt, calls, has_spoken=has_spoken)
        results, is_said = await _perform_all(calls, call_tool, sentence, sentences)
        if is_said:
            has_spoken, said = True, sentence or ""
        prompt = _told(prompt, said, calls, results)
    await sentences.put(None)


async def _answer(
    thoughts: AsyncGenerator[Thought, None], sentences: Sentences, on_token: Callable[[], None]
) -> tuple[str, tuple[ToolCall, ...]]:
    """Pass on what the model says; return that, and the tools that it asks for."""
    said: list[str] = []
    calls: tuple[ToolCall, ...] = ()
    async with aclosing(thoughts):
        async for thought in thoughts:
            if not thought.calls:
                on_token()
            calls = thought.calls or calls
            said += thought.pieces
            for piece in thought.pieces:
                if text := piece.strip():
                    await sentences.put(Unfinished(text) if isinstance(piece, Unfinished) else text)
    if len(calls) > TOOL_CALLS_MAX:
        log.warning("tool.too_many", calls=len(calls))
    return "".join(said), calls[:TOOL_CALLS_MAX]


async def _perform_all(
    calls: Sequence[ToolCall], call_tool: CallTool, sentence: str | None, sentences: Sentences
) -> tuple[list[str], bool]:
    """The results of the calls, in their order, and whether `sentence` was said meanwhile: it is
    when one of the slow ones keeps the user waiting."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_perform(call, call_tool)) for call in calls]
        slow = [task for task, call in zip(tasks, calls, strict=True) if call.name in SLOW_TOOLS]
        late = (await asyncio.wait(slow, timeout=MEANWHILE_S))[1] if sentence else set()
        if sentence and late:
            await sentences.put(sentence)
    return [task.result() for task in tasks], bool(late)


async def _perform(call: ToolCall, call_tool: CallTool) -> str:
    """The tool's result, or a sentence that says what went wrong, for the model to pass on."""
    try:
        async with asyncio.timeout(TOOL_S):
            return await call_tool(call)
    except TimeoutError:
        log.warning("tool.timeout", tool=call.name)
        return f"The tool {call.name} did not answer in time."


def _meanwhile(prompt: Prompt, calls: Sequence[ToolCall], *, has_spoken: bool) -> str | None:
    asked = sum(message.role == "user" for message in prompt.messages)
    return meanwhile(
        [call.name for call in calls],
        language=prompt.language,
        has_spoken=has_spoken,
        number=asked,
    )


def _told(prompt: Prompt, said: str, calls: tuple[ToolCall, ...], results: Sequence[str]) -> Prompt:
    """The prompt that goes on with the results."""
    asked = Message("assistant", said, calls=calls)
    told = (Message("tool", text, call) for call, text in zip(calls, results, strict=True))
    return replace(prompt, messages=(*prompt.messages, asked, *told))
