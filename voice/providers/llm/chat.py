"""A language model behind an OpenAI-compatible chat-completions client, whichever vendor's SDK it
comes from. What differs between them is said by the vendor's module; no SDK is imported here.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from voice.providers.account import Account
from voice.providers.errors import ProviderUnavailable
from voice.providers.failures import Failures
from voice.providers.llm.announced import announced
from voice.providers.llm.completion import Completion
from voice.providers.llm.continuing import continuing
from voice.providers.protocols import Message, Prompt, Tool, ToolCall
from voice.providers.text import sendable

DRAIN_S = 0.1
"""After its last token a stream is read to its end, so that the connection can be used again."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a vendor's SDK and its models differ from the others'."""

    failures: Failures
    request: Mapping[str, object]
    """What the request holds beside the usual, for the model in use."""
    limit: str = "max_completion_tokens"
    """What the limit of a reply is called."""
    reasoning_tokens: int = 0
    """What the model may use for thoughts before it speaks; counted in the limit of a reply."""
    trouble: Callable[[Any], str | None] = lambda chunk: None
    """What a chunk says went wrong, where the vendor has a field of its own for that."""
    usage: Callable[[Any], Any] = lambda chunk: getattr(chunk, "usage", None)
    """What a chunk, mostly the last, says of the tokens that the answer took."""


class Chat:
    def __init__(self, client: Any, account: Account, dialect: Dialect) -> None:
        """client: an AsyncOpenAI or one that has its shape; it must not retry by itself."""
        self.name = account.provider
        self._client = client
        self._completions = client.chat.completions  # the SDK imports it now, not in a turn
        self._account = account
        self._dialect = dialect
        self._failures = dialect.failures

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
        """A reply at the end of the prompt is one that broke off: the model goes on with it."""
        answer = Completion()
        try:
            async with await self._ask(continuing(prompt)) as chunks:
                while not answer.finished and (chunk := await anext(chunks, None)):
                    self._check(chunk)
                    answer.count(self._dialect.usage(chunk))
                    for token in answer.take(chunk):
                        yield token
                await self._drain(chunks, answer)
        except self._failures.every as error:
            raise self._failures.translated(self._account, error) from error
        if answer.tokens:
            prompt.on_tokens(answer.tokens)
        for call in self._conclusion(answer):
            yield call

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.close()

    async def _ask(self, prompt: Prompt) -> Any:
        request: dict[str, Any] = {
            "model": self._account.model,
            "messages": messages(prompt),
            "temperature": prompt.temperature,
            self._dialect.limit: prompt.reply_tokens_max + self._dialect.reasoning_tokens,
            "stream": True,
        }
        if prompt.tools:
            request["tools"] = [_tool(tool) for tool in prompt.tools]
        return await self._completions.create(**request, **self._dialect.request)

    def _check(self, chunk: Any) -> None:
        if trouble := self._dialect.trouble(chunk):
            raise ProviderUnavailable(self.name, f"broke off ({trouble})")

    async def _drain(self, chunks: Any, answer: Completion) -> None:
        """The answer is complete: what goes wrong now costs the next turn a new connection."""
        with suppress(TimeoutError, *self._failures.every):
            async with asyncio.timeout(DRAIN_S):
                while chunk := await anext(chunks, None):
                    answer.count(self._dialect.usage(chunk))

    def _conclusion(self, answer: Completion) -> list[ToolCall]:
        """The tools that it asks for, if any. Raises ProviderUnavailable for what is no answer."""
        if not answer.is_whole:
            why = f" ({answer.finished})" if answer.finished else ""
            raise ProviderUnavailable(self.name, f"the answer broke off in the middle{why}")
        try:
            calls = answer.calls()
        except ValueError as error:
            raise ProviderUnavailable(self.name, "asked for a tool in broken JSON") from error
        if not (answer.has_words or calls):
            raise ProviderUnavailable(self.name, f"said nothing ({answer.finished})")
        return calls


def messages(prompt: Prompt) -> list[dict[str, object]]:
    """The prompt as chat completions want it: results follow the message that made their calls."""
    entries = [_entry(message) for message in announced(prompt.messages)]
    if prompt.instructions:
        entries.insert(0, {"role": "system", "content": sendable(prompt.instructions)})
    return entries


def _entry(message: Message) -> dict[str, object]:
    text = sendable(message.text)
    if message.call:
        return {"role": "tool", "tool_call_id": message.call.id, "content": text}
    if message.calls:
        calls = [_call(call) for call in message.calls]
        return {"role": "assistant", "content": text or None, "tool_calls": calls}
    return {"role": message.role, "content": text}


def _call(call: ToolCall) -> dict[str, object]:
    function = {"name": call.name, "arguments": json.dumps(dict(call.arguments))}
    return {"id": call.id, "type": "function", "function": function}


def _tool(tool: Tool) -> dict[str, object]:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }
    return {"type": "function", "function": function}
