"""A language model behind an OpenAI-compatible chat-completions client, whichever vendor's SDK it
comes from. What differs between them is said by the vendor's module; no SDK is imported here.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.protocols import Message, Prompt, Tool, ToolCall

DRAIN_S = 0.1
"""After its last token a stream is read to its end, so that the connection can be used again."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a vendor's SDK and its models differ from the others'."""

    timeouts: tuple[type[Exception], ...]
    refusals: tuple[type[Exception], ...]
    """Exceptions with a `status_code` and a `body`."""
    failures: tuple[type[Exception], ...]
    """Everything else that the SDK raises, the HTTP library's own exceptions among it."""
    request: Mapping[str, object]
    """What the request holds beside the usual, for the model in use."""
    reasoning_tokens: int = 0
    """What the model may use for thoughts before it speaks; counted in the limit of a reply."""


class Chat:
    def __init__(self, client: Any, account: Account, dialect: Dialect) -> None:
        """client: an AsyncOpenAI or one that has its shape; it must not retry by itself."""
        self.name = account.provider
        self._client = client
        self._account = account
        self._dialect = dialect

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
        answer = _Answer()
        try:
            async with await self._ask(prompt) as chunks:
                while not answer.finished and (chunk := await anext(chunks, None)):
                    for token in answer.take(chunk):
                        yield token
                await self._drain(chunks)
        except self._errors as error:
            raise self._translated(error) from error
        if call := self._conclusion(answer):
            yield call

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.close()

    async def _ask(self, prompt: Prompt) -> Any:
        request: dict[str, Any] = {
            "model": self._account.model,
            "messages": messages(prompt),
            "temperature": prompt.temperature,
            "max_completion_tokens": prompt.reply_tokens_max + self._dialect.reasoning_tokens,
            "stream": True,
        }
        if prompt.tools:
            request["tools"] = [_tool(tool) for tool in prompt.tools]
            request["parallel_tool_calls"] = False
        return await self._client.chat.completions.create(**request, **self._dialect.request)

    async def _drain(self, chunks: Any) -> None:
        """The answer is complete: what goes wrong now costs the next turn a new connection."""
        with suppress(TimeoutError, *self._errors):
            async with asyncio.timeout(DRAIN_S):
                while await anext(chunks, None):
                    pass

    @property
    def _errors(self) -> tuple[type[Exception], ...]:
        ours = self._dialect
        return (*ours.timeouts, *ours.refusals, *ours.failures, json.JSONDecodeError)

    def _translated(self, error: Exception) -> ProviderError:
        if isinstance(error, self._dialect.timeouts):
            return ProviderTimeout(self.name, f"no answer in time ({type(error).__name__})")
        if isinstance(error, self._dialect.refusals):
            status: int = error.status_code  # type: ignore[attr-defined]
            body: object = error.body  # type: ignore[attr-defined]
            return self._account.error(status, _said(body))
        return ProviderUnavailable(self.name, f"broke off ({type(error).__name__})")

    def _conclusion(self, answer: "_Answer") -> ToolCall | None:
        """The tool that it asks for, if any. Raises ProviderUnavailable for what is no answer."""
        if not answer.finished:
            raise ProviderUnavailable(self.name, "the answer broke off in the middle")
        try:
            call = answer.call()
        except ValueError as error:
            raise ProviderUnavailable(self.name, "asked for a tool in broken JSON") from error
        if not (answer.has_words or call):
            raise ProviderUnavailable(self.name, f"said nothing ({answer.finished})")
        return call


@dataclass(slots=True)
class _Answer:
    """What has come of an answer so far."""

    finished: str = ""
    """Why it ended; empty while it goes on."""
    has_words: bool = False
    _id: str = ""
    _tool: str = ""
    _arguments: list[str] = field(default_factory=list)

    def take(self, chunk: Any) -> Iterator[str]:
        """Yield the words of a chunk; keep the rest."""
        for choice in chunk.choices:
            self.finished = choice.finish_reason or self.finished
            for part in choice.delta.tool_calls or ():
                self._take_call(part)
            if choice.delta.content:
                self.has_words = True
                yield choice.delta.content

    def call(self) -> ToolCall | None:
        """Raises ValueError if its arguments are no JSON object."""
        if not self._tool:
            return None
        arguments = json.loads("".join(self._arguments) or "{}")
        if not isinstance(arguments, dict):
            raise ValueError("not an object")
        return ToolCall(self._id or self._tool, self._tool, arguments)

    def _take_call(self, part: Any) -> None:
        if part.index:  # asked for one at a time; a second is left out
            return
        self._id = self._id or part.id or ""
        if part.function:
            self._tool = self._tool or part.function.name or ""
            self._arguments.append(part.function.arguments or "")


def messages(prompt: Prompt) -> list[dict[str, object]]:
    """The prompt as chat completions want it: a tool's result follows the call that it answers."""
    entries = [entry for message in prompt.messages for entry in _entries(message)]
    if prompt.instructions:
        entries.insert(0, {"role": "system", "content": prompt.instructions})
    return entries


def _entries(message: Message) -> Iterator[dict[str, object]]:
    if message.call is None:
        yield {"role": message.role, "content": message.text}
        return
    call = message.call
    function = {"name": call.name, "arguments": json.dumps(dict(call.arguments))}
    yield {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": call.id, "type": "function", "function": function}],
    }
    yield {"role": "tool", "tool_call_id": call.id, "content": message.text}


def _tool(tool: Tool) -> dict[str, object]:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }
    return {"type": "function", "function": function}


def _said(body: object) -> str:
    """The message in an error's body, with its code; the SDKs differ in how deep it lies."""
    inner = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(inner, dict):
        return str(inner or "")
    return " ".join(str(inner[key]) for key in ("code", "message") if inner.get(key))
