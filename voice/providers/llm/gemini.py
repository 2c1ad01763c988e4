"""Google's Gemini.

Its SDK closes a connection only at the end of an answer, or if it is cancelled while it reads. When
a stream is left in any other way, the model goes on talking to nobody: so we close it ourselves.
"""

import asyncio
import re
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import httpx2
from google import genai
from google.genai import errors, types

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.failures import GARBLED
from voice.providers.http import CONNECT_S, CONNECTIONS_MAX, KEEPALIVE_S, READ_S
from voice.providers.llm.completion import CALLS_MAX
from voice.providers.llm.contents import Signatures, contents
from voice.providers.llm.continuing import continuing
from voice.providers.protocols import Prompt, Tokens, Tool, ToolCall
from voice.providers.text import sendable

DRAIN_S = 0.1
"""After its last word an answer is read to its end, so that the connection can be used again."""
COMPLETE = frozenset({"STOP", "MAX_TOKENS"})
"""Reasons to finish that leave a whole answer; the others name what the model tripped over."""
MINIMAL = types.ThinkingConfig(thinking_level=types.ThinkingLevel.MINIMAL)
LOW = types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW)
LEAST_THINKING: tuple[tuple[str, types.ThinkingConfig | None], ...] = (
    ("gemini-2.0", None),
    ("gemini-2.5-pro", types.ThinkingConfig(thinking_budget=128)),
    ("gemini-2.5", types.ThinkingConfig(thinking_budget=0)),
    ("gemini-3-flash", MINIMAL),
    ("gemini-3.1-flash", MINIMAL),
    ("gemini-3.5-flash", MINIMAL),
    ("gemini-3.6-flash", MINIMAL),
    ("gemini-", LOW),
)
"""The least that each model can be made to think, by what its name begins with; the first that fits
counts. (https://ai.google.dev/gemini-api/docs/generate-content/thinking)"""
THOUGHT_TOKENS = 500
"""Room for those thoughts, which count in the limit of a reply."""
Chunks = AsyncGenerator[types.GenerateContentResponse, None]

_responses: ContextVar[list[httpx2.Response]] = ContextVar("responses")
"""Where the HTTP client puts what the SDK holds back: the response of the answer being read."""


class Gemini:
    def __init__(self, account: Account) -> None:
        self.name = account.provider
        self._account = account
        # Without a client of ours the SDK takes aiohttp where it finds it, which fails differently.
        self._http = httpx2.AsyncClient(
            limits=httpx2.Limits(max_connections=CONNECTIONS_MAX, keepalive_expiry=KEEPALIVE_S),
            event_hooks={"request": [_limit], "response": [_note]},
        )
        options = types.HttpOptions(base_url=account.base_url, httpx_async_client=self._http)
        client = genai.Client(api_key=account.key, enterprise=False, http_options=options)
        self._models = client.aio.models
        self._signatures = Signatures(demanded=not account.model.startswith("gemini-2"))

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
        """A reply at the end of the prompt is one that broke off: the model goes on with it."""
        answer = _Answer()
        try:
            async with self._asked(continuing(prompt)) as chunks:
                while chunk := await _next(chunks, answer):
                    for token in answer.take(chunk):
                        yield token
        except (errors.APIError, httpx2.HTTPError, *GARBLED) as error:
            if not answer.finished:  # what goes wrong behind the end costs a connection, no more
                raise self._translated(error) from error
        if answer.tokens:
            prompt.on_tokens(answer.tokens)
        for call in self._conclusion(answer):
            yield call

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    @asynccontextmanager
    async def _asked(self, prompt: Prompt) -> AsyncIterator[Chunks]:
        """Nothing is sent before the first read."""
        model = self._account.model
        asked: Any = contents(prompt, self._signatures)
        chunks: Any = await self._models.generate_content_stream(
            model=model, contents=asked, config=_config(model, prompt)
        )
        responses: list[httpx2.Response] = []
        _responses.set(responses)
        async with aclosing(chunks):
            try:
                yield chunks
            finally:
                for response in responses:
                    await response.aclose()

    def _translated(self, error: Exception) -> ProviderError:
        if isinstance(error, errors.APIError):
            status = 401 if "API_KEY_INVALID" in str(error.details) else error.code
            return self._account.error(status, error.message or "", retry_after=_retry_after(error))
        if isinstance(error, httpx2.TimeoutException):
            return ProviderTimeout(self.name, f"no answer in time ({type(error).__name__})")
        return ProviderUnavailable(self.name, f"broke off ({type(error).__name__})")

    def _conclusion(self, answer: "_Answer") -> list[ToolCall]:
        """The tools that it asks for, if any. Raises ProviderUnavailable for what is no answer."""
        if answer.finished not in COMPLETE:
            why = f" ({answer.finished})" if answer.finished else ""
            raise ProviderUnavailable(self.name, f"the answer broke off in the middle{why}")
        if not (answer.has_words or answer.calls):
            raise ProviderUnavailable(self.name, f"said nothing ({answer.finished})")
        for call, signature in answer.calls:
            self._signatures.keep(call, signature)
        return [call for call, _ in answer.calls]


@dataclass(slots=True)
class _Answer:
    """What has come of an answer so far."""

    finished: str = ""
    """Why it ended; empty while it goes on."""
    has_words: bool = False
    tokens: Tokens | None = None
    """What it took so far."""
    calls: list[tuple[ToolCall, bytes | None]] = field(default_factory=list, repr=False)
    """The tools that it asks for, with what it signs them with."""

    def take(self, chunk: types.GenerateContentResponse) -> Iterator[str]:
        """Yield the words of a chunk; keep the rest."""
        self.tokens = _tokens(chunk.usage_metadata) or self.tokens
        feedback = chunk.prompt_feedback
        if feedback and feedback.block_reason:
            self.finished = f"the prompt: {feedback.block_reason.value}"
        for candidate in (chunk.candidates or ())[:1]:
            if candidate.finish_reason:
                self.finished = candidate.finish_reason.value
            for part in (candidate.content and candidate.content.parts) or ():
                if part.function_call and len(self.calls) < CALLS_MAX:
                    made = _tool_call(part.function_call), part.thought_signature
                    self.calls.append(made)
                elif part.text and not part.thought:
                    self.has_words = True
                    yield part.text


async def _next(chunks: Chunks, answer: _Answer) -> types.GenerateContentResponse | None:
    """None when the stream has ended, or should have."""
    try:
        async with asyncio.timeout(DRAIN_S if answer.finished else None):
            return await anext(chunks, None)
    except TimeoutError:
        return None


async def _limit(request: httpx2.Request) -> None:
    """The SDK knows one timeout, and would have the server stop a whole reply after it too."""
    request.extensions["timeout"] = httpx2.Timeout(READ_S, connect=CONNECT_S).as_dict()


async def _note(response: httpx2.Response) -> None:
    _responses.get().append(response)


def _config(model: str, prompt: Prompt) -> types.GenerateContentConfig:
    thinking = next((least for name, least in LEAST_THINKING if model.startswith(name)), None)
    thinks = thinking is not None and bool(thinking.thinking_budget or thinking.thinking_level)
    return types.GenerateContentConfig(
        system_instruction=sendable(prompt.instructions) or None,
        temperature=prompt.temperature if model.startswith("gemini-2") else None,  # later: fixed
        max_output_tokens=prompt.reply_tokens_max + (THOUGHT_TOKENS if thinks else 0),
        thinking_config=thinking,
        tools=[_tools(prompt.tools)] if prompt.tools else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        automatic_continuation=False,
    )


def _tools(tools: tuple[Tool, ...]) -> types.Tool:
    return types.Tool(
        function_declarations=[
            types.FunctionDeclaration(
                name=tool.name,
                description=tool.description,
                parameters_json_schema=dict(tool.parameters),
            )
            for tool in tools
        ]
    )


def _tokens(usage: types.GenerateContentResponseUsageMetadata | None) -> Tokens | None:
    """All but the prompt's are paid for as the answer's: thoughts, too."""
    if usage is None or usage.prompt_token_count is None or usage.total_token_count is None:
        return None
    return Tokens(usage.prompt_token_count, usage.total_token_count - usage.prompt_token_count)


def _tool_call(call: types.FunctionCall) -> ToolCall:
    return ToolCall(call.id or uuid.uuid4().hex, call.name or "", call.args or {})


def _retry_after(error: errors.APIError) -> str | None:
    """In seconds. Google says it in the body, as RetryInfo."""
    if said := re.search(r"'retryDelay': '([\d.]+)s'", str(error.details)):
        return said[1]
    after: str | None = getattr(error.response, "headers", {}).get("retry-after")
    return after
