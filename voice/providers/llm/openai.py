"""OpenAI's models, or whatever else speaks its protocol at OPENAI_BASE_URL."""

import httpx2
import openai

from voice.providers.account import Account
from voice.providers.http import CONNECT_S, CONNECTIONS_MAX, KEEPALIVE_S, READ_S
from voice.providers.llm.chat import Chat, Dialect

WITHOUT_REASONING = ("gpt-5.1", "gpt-5.2", "gpt-5.4", "gpt-5.5", "gpt-5.6")
"""These think first unless told not to, which a conversation has no time for; and while they think,
chat completions give them neither tools nor a temperature."""


class OpenAI(Chat):
    def __init__(self, account: Account) -> None:
        client = openai.AsyncOpenAI(
            api_key=account.key,
            base_url=account.base_url,
            max_retries=0,
            http_client=openai.DefaultAsyncHttpxClient(
                timeout=httpx2.Timeout(READ_S, connect=CONNECT_S),
                limits=httpx2.Limits(max_connections=CONNECTIONS_MAX, keepalive_expiry=KEEPALIVE_S),
            ),
        )
        super().__init__(client, account, _dialect(account.model))


def _dialect(model: str) -> Dialect:
    return Dialect(
        timeouts=(openai.APITimeoutError, httpx2.TimeoutException),
        refusals=(openai.APIStatusError,),
        failures=(openai.OpenAIError, httpx2.HTTPError),
        request={"reasoning_effort": "none"} if model.startswith(WITHOUT_REASONING) else {},
    )
