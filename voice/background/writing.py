"""Asking the language models of the process for a text that nobody waits for.

Not the way of a live reply (failover/thinking.py): there is no hurry, so that no model is asked
beside another, and a slow answer here says nothing of how quick a model is in a conversation. Who
is known to be down is asked last, as there.
"""

import asyncio
from contextlib import aclosing
from functools import partial
from typing import Any

import structlog

from voice.providers.chains import Chains
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.failover.member import Member, in_order
from voice.providers.failover.thinking import counted
from voice.providers.protocols import Prompt, Tokens, ToolCall
from voice.telemetry.usage import spend

log = structlog.get_logger()

ANSWER_S = 90.0
"""For one model's whole answer: a small local one writes some ten tokens a second."""
CHARS_PER_TOKEN_MAX = 8
"""A model that writes on and on is cut off here, whatever it makes of the limit it was given."""


def has_language_model(chains: Chains) -> bool:
    """Whether there is more than the offline mind, which understands a few commands only."""
    return bool(_members(chains))


async def write(chains: Chains, prompt: Prompt, *, answer_s: float = ANSWER_S) -> str:
    """The answer of the first model that gives one. Raises ProviderError when none does."""
    failed: ProviderError | None = None
    for member in in_order(_members(chains)):
        try:
            return await _answer(member, prompt, answer_s)
        except ProviderError as error:
            log.warning("background.model_failed", provider=member.vitals.key, error=str(error))
            failed = error
        except Exception as error:
            failed = member.broke(error)
    raise failed or ProviderError("llm", "no language model")


async def _answer(member: Member[Any], prompt: Prompt, answer_s: float) -> str:
    text = ""
    try:
        answer = counted(member.provider, prompt, partial(_spend, member.name))
        async with asyncio.timeout(answer_s), aclosing(answer) as tokens:
            async for token in tokens:
                if isinstance(token, ToolCall):
                    break
                text += token
                if len(text) > prompt.reply_tokens_max * CHARS_PER_TOKEN_MAX:
                    break
    except TimeoutError:
        raise ProviderTimeout(member.name, f"not done in {answer_s:g} s") from None
    if not text.strip():
        raise ProviderUnavailable(member.name, "said nothing")
    return text


def _spend(name: str, tokens: Tokens) -> None:
    spend("llm", name, None, tokens_in=tokens.prompt, tokens_out=tokens.answer)


def _members(chains: Chains) -> list[Member[Any]]:
    return [member for member in chains.members["llm"] if not member.is_last_resort]
