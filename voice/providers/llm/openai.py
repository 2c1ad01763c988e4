"""OpenAI's models, or whatever else speaks its protocol at OPENAI_BASE_URL."""

from voice.providers.account import Account
from voice.providers.llm.chat import Chat, Dialect
from voice.providers.openai_client import FAILURES, client

WITHOUT_REASONING = ("gpt-5.1", "gpt-5.2", "gpt-5.4", "gpt-5.5", "gpt-5.6")
"""These think first unless told not to, which a conversation has no time for; and while they think,
chat completions give them neither tools nor a temperature."""


class OpenAI(Chat):
    def __init__(self, account: Account) -> None:
        super().__init__(client(account), account, _dialect(account.model))


def _dialect(model: str) -> Dialect:
    thinks = model.startswith(WITHOUT_REASONING)
    effort = {"reasoning_effort": "none"} if thinks else {}
    # The tokens come behind the last word, in a chunk of their own: nobody waits for it.
    return Dialect(FAILURES, request=effort | {"stream_options": {"include_usage": True}})
