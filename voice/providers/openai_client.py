"""OpenAI's SDK, for all who speak its protocol: models, voices and ears, OpenAI's and others'."""

import httpx2
import openai

from voice.providers.account import Account
from voice.providers.failures import Failures
from voice.providers.http import CONNECT_S, CONNECTIONS_MAX, KEEPALIVE_S, READ_S

NO_KEY = "none"
"""For a server that wants none: the SDK does without no key, and an empty one is no header."""
FAILURES = Failures(
    timeouts=(openai.APITimeoutError, httpx2.TimeoutException),
    refusals=(openai.APIStatusError,),
    others=(openai.OpenAIError, httpx2.HTTPError),  # what breaks within sound stays HTTP's own
)


def client(account: Account) -> openai.AsyncOpenAI:
    """One that keeps its connections and leaves trying again to others."""
    return openai.AsyncOpenAI(
        api_key=account.key or NO_KEY,
        base_url=account.base_url,
        max_retries=0,
        http_client=openai.DefaultAsyncHttpxClient(
            timeout=httpx2.Timeout(READ_S, connect=CONNECT_S),
            limits=httpx2.Limits(max_connections=CONNECTIONS_MAX, keepalive_expiry=KEEPALIVE_S),
        ),
    )
