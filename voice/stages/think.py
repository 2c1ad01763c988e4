"""From a prompt to speakable sentences: the language model, its tools, and nothing about sound."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import replace

import structlog

from voice.providers.errors import ProviderTimeout
from voice.providers.protocols import LanguageModel, Message, Prompt, ToolCall
from voice.text.sentences import SentenceSplitter

log = structlog.get_logger()

TOKEN_S = 10.0
"""A model that says nothing for this long has failed."""
TOOL_S = 8.0
TOOL_ROUNDS_MAX = 3
"""A model that still wants tools after this many answers is going in circles."""

Sentences = asyncio.Queue[str | None]
"""Speakable pieces in order, then None. Full (4) means that the model waits for the voice."""
CallTool = Callable[[ToolCall], Awaitable[str]]


async def think(
    prompt: Prompt,
    sentences: Sentences,
    *,
    model: LanguageModel,
    call_tool: CallTool,
    on_token: Callable[[], None],
) -> None:
    """Put the reply into `sentences` piece by piece, then None. Raises ProviderError.

    on_token is called at each token. Cancelling stops the model and any tool."""
    for round_left in reversed(range(TOOL_ROUNDS_MAX + 1)):
        asked = prompt if round_left else replace(prompt, tools=())
        call = await _answer(model.stream(asked), sentences, model.name, on_token)
        if call is None:
            break
        result = await _perform(call, call_tool)
        prompt = replace(prompt, messages=(*prompt.messages, Message("tool", result, call)))
    await sentences.put(None)


async def _answer(
    stream: AsyncGenerator[str | ToolCall, None],
    sentences: Sentences,
    name: str,
    on_token: Callable[[], None],
) -> ToolCall | None:
    """Pass on what the model says; return the tool that it asks for instead of going on."""
    splitter = SentenceSplitter()
    call = None
    async with aclosing(stream):
        while (token := await _next_token(stream, name)) is not None:
            if isinstance(token, ToolCall):
                call = token
                break
            on_token()
            await _put(sentences, splitter.feed(token))
    await _put(sentences, splitter.flush())
    return call


async def _put(sentences: Sentences, pieces: Iterable[str]) -> None:
    for piece in map(str.strip, pieces):
        if piece:
            await sentences.put(piece)


async def _next_token(
    stream: AsyncGenerator[str | ToolCall, None], name: str
) -> str | ToolCall | None:
    try:
        async with asyncio.timeout(TOKEN_S):
            return await anext(stream, None)
    except TimeoutError as error:
        raise ProviderTimeout(name, f"no token for {TOKEN_S:g} s") from error


async def _perform(call: ToolCall, call_tool: CallTool) -> str:
    """The tool's result, or a sentence that says what went wrong, for the model to pass on."""
    try:
        async with asyncio.timeout(TOOL_S):
            return await call_tool(call)
    except TimeoutError:
        log.warning("tool.timeout", tool=call.name)
        return f"The tool {call.name} did not answer in time."
