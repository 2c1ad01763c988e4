"""OpenAI's models, or whatever else speaks its protocol at OPENAI_BASE_URL.

Not all of that tells tokens: a server that refuses to be asked for them is asked without from then
on, and what its answers take is estimated.
"""

from dataclasses import replace
from typing import Any

import structlog

from voice.providers.account import Account
from voice.providers.llm.chat import Chat, Dialect
from voice.providers.openai_client import FAILURES, client
from voice.providers.protocols import Prompt

log = structlog.get_logger()

WITHOUT_REASONING = ("gpt-5.1", "gpt-5.2", "gpt-5.4", "gpt-5.5", "gpt-5.6")
"""These think first unless told not to, which a conversation has no time for; and while they think,
chat completions give them neither tools nor a temperature."""
USAGE = "stream_options"
"""Asks for the tokens. They come behind the last word, in a chunk of their own: nobody waits."""


class OpenAI(Chat):
    def __init__(self, account: Account) -> None:
        super().__init__(client(account), account, _dialect(account.model))

    async def _ask(self, prompt: Prompt) -> Any:
        asks_for_usage = USAGE in self._dialect.request
        try:
            return await super()._ask(prompt)
        except FAILURES.refusals as error:
            if not (asks_for_usage and _is_about_usage(error)):
                raise
        self._ask_for_usage_no_more()
        return await super()._ask(prompt)

    def _ask_for_usage_no_more(self) -> None:
        """As far as this process knows, the server never takes it."""
        request = dict(self._dialect.request)
        if request.pop(USAGE, None):  # of requests that were refused side by side, the first
            self._dialect = replace(self._dialect, request=request)
            log.info("model.tells_no_tokens", provider=self.name)


def _is_about_usage(error: Exception) -> bool:
    return getattr(error, "status_code", 0) == 400 and USAGE in str(error)


def _dialect(model: str) -> Dialect:
    thinks = model.startswith(WITHOUT_REASONING)
    effort = {"reasoning_effort": "none"} if thinks else {}
    return Dialect(FAILURES, request=effort | {USAGE: {"include_usage": True}})
