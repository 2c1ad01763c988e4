"""From a prompt to speakable sentences: the mind and its tools, and nothing about sound."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

import structlog

from voice.providers.failover.thinking import Thought
from voice.providers.protocols import Message, Prompt, ToolCall
from voice.text.sentences import Unfinished

log = structlog.get_logger()

TOOL_S = 8.0
TOOL_ROUNDS_MAX = 3
"""A model that still wants tools after this many answers is going in circles."""

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
    for round_left in reversed(range(TOOL_ROUNDS_MAX + 1)):
        asked = prompt if round_left else replace(prompt, tools=())
        call = await _answer(mind(asked), sentences, on_token)
        if call is None:
            break
        result = await _perform(call, call_tool)
        prompt = replace(prompt, messages=(*prompt.messages, Message("tool", result, call)))
    await sentences.put(None)


async def _answer(
    thoughts: AsyncGenerator[Thought, None], sentences: Sentences, on_token: Callable[[], None]
) -> ToolCall | None:
    """Pass on what the model says; return the tool that it asks for instead of going on."""
    call = None
    async with aclosing(thoughts):
        async for thought in thoughts:
            if not thought.call:
                on_token()
            call = thought.call or call
            for piece in thought.pieces:
                if text := piece.strip():
                    await sentences.put(Unfinished(text) if isinstance(piece, Unfinished) else text)
    return call


async def _perform(call: ToolCall, call_tool: CallTool) -> str:
    """The tool's result, or a sentence that says what went wrong, for the model to pass on."""
    try:
        async with asyncio.timeout(TOOL_S):
            return await call_tool(call)
    except TimeoutError:
        log.warning("tool.timeout", tool=call.name)
        return f"The tool {call.name} did not answer in time."
