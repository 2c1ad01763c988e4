"""Groq: open models, answered faster than anybody speaks."""

import groq
import httpx
from groq.types import CompletionUsage
from groq.types.chat import ChatCompletionChunk

from voice.providers.account import Account
from voice.providers.failures import Failures
from voice.providers.http import CONNECT_S, CONNECTIONS_MAX, KEEPALIVE_S, READ_S
from voice.providers.llm.chat import Chat, Dialect

REASONING_TOKENS = 400
"""Room for the thoughts of a gpt-oss model, which can be made short but not be left out."""
FAILURES = Failures(
    timeouts=(groq.APITimeoutError, httpx.TimeoutException),
    refusals=(groq.APIStatusError,),
    others=(groq.GroqError, httpx.HTTPError),  # what breaks within a stream stays HTTP's own
)


class Groq(Chat):
    def __init__(self, account: Account) -> None:
        client = groq.AsyncGroq(
            api_key=account.key,
            base_url=account.base_url.rstrip("/").removesuffix("/openai/v1"),  # the SDK adds it
            max_retries=0,
            http_client=groq.DefaultAsyncHttpxClient(
                timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
                limits=httpx.Limits(max_connections=CONNECTIONS_MAX, keepalive_expiry=KEEPALIVE_S),
            ),
        )
        super().__init__(client, account, _dialect(account.model))


def _dialect(model: str) -> Dialect:
    """https://console.groq.com/docs/reasoning"""
    thinks = model.startswith("openai/gpt-oss")
    effort = "low" if thinks else "none" if model.startswith("qwen/qwen3") else ""
    return Dialect(
        FAILURES,
        request={"reasoning_effort": effort} if effort else {},
        reasoning_tokens=REASONING_TOKENS if thinks else 0,
        trouble=_trouble,
        usage=_usage,
    )


def _trouble(chunk: ChatCompletionChunk) -> str | None:
    return chunk.x_groq.error if chunk.x_groq else None


def _usage(chunk: ChatCompletionChunk) -> CompletionUsage | None:
    return chunk.x_groq.usage if chunk.x_groq else None
