"""A model on a machine of one's own: whatever speaks OpenAI's protocol at LOCAL_LLM_BASE_URL, such
as Ollama, vLLM, llama.cpp or LM Studio. The key is optional.

Many of these models take no tools, and their servers refuse whoever offers them any. Such a one is
asked without from then on, and what the user wants looked up is searched for by a plain rule.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import structlog

from voice.providers.account import Account
from voice.providers.llm.chat import Chat, Dialect
from voice.providers.llm.without_tools import search_for, without_tools
from voice.providers.openai_client import FAILURES, client
from voice.providers.protocols import Prompt, ToolCall

log = structlog.get_logger()

LIMIT = "max_tokens"
"""The older name, which all of these know. Ollama passes over the newer one without a word, and its
replies would have no end (https://docs.ollama.com/api/openai-compatibility)."""
_TOOLS = re.compile(r"\btool|\bfunction.call", re.IGNORECASE)


class _RefusesTools(Exception):
    """The server does; the model has not been asked anything."""


class Local(Chat):
    def __init__(self, account: Account) -> None:
        super().__init__(client(account), account, Dialect(FAILURES, request={}, limit=LIMIT))
        self._takes_tools = True
        """As far as this process knows."""

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
        if self._takes_tools:
            try:
                async with aclosing(super().stream(prompt)) as tokens:
                    async for token in tokens:
                        yield token
                return
            except _RefusesTools as refusal:
                self._takes_tools = False
                log.info("model.takes_no_tools", provider=self.name)
                log.debug("model.said", provider=self.name, said=str(refusal))
        if call := search_for(prompt):
            yield call
            return
        async with aclosing(super().stream(without_tools(prompt))) as tokens:
            async for token in tokens:
                yield token

    async def _ask(self, prompt: Prompt) -> Any:
        try:
            return await super()._ask(prompt)
        except FAILURES.refusals as error:
            status = getattr(error, "status_code", 0)
            if prompt.tools and status == 400 and _TOOLS.search(str(error)):
                raise _RefusesTools(str(error)[:200]) from error
            raise
