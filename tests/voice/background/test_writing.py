"""Which model writes what nobody waits for."""

import asyncio

import pytest

from tests.voice.background.models import chains_of
from tests.voice.scripted import ScriptedModel
from voice.background.writing import CHARS_PER_TOKEN_MAX, has_language_model, write
from voice.providers.errors import (
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.protocols import Message, Prompt, ToolCall

PROMPT = Prompt("Be brief.", (Message("user", "Well?"),), reply_tokens_max=10)
GONE = ProviderUnavailable("a", "gone")


def model(name: str, *tokens: str | Exception | ToolCall | asyncio.Event) -> ScriptedModel:
    return ScriptedModel([tokens], name=name)


async def test_the_first_model_answers_to_the_character() -> None:
    second = model("b", "No.")

    assert await write(chains_of(model("a", '{"a": ', '"b."', " }\n"), second), PROMPT) == (
        '{"a": "b." }\n'
    )
    assert second.prompts == []


@pytest.mark.parametrize("broken", [(GONE,), ("Half an", GONE), (ValueError("?"),), (" ", "\n")])
async def test_the_next_one_begins_anew(broken: tuple[str | Exception, ...]) -> None:
    first, second = model("a", *broken), model("b", "Whole.")

    assert await write(chains_of(first, second), PROMPT) == "Whole."
    assert second.prompts == [PROMPT]
    assert first.streaming == 0


async def test_the_last_error_is_raised_and_the_offline_mind_is_never_asked() -> None:
    with pytest.raises(ProviderUnavailable, match="gone"):
        await write(chains_of(model("a", GONE)), PROMPT)
    with pytest.raises(ProviderError, match="no language model"):
        await write(chains_of(), PROMPT)


async def test_the_offline_mind_is_no_language_model() -> None:
    assert has_language_model(chains_of(model("a")))
    assert not has_language_model(chains_of())


async def test_one_that_is_known_to_be_down_is_asked_last() -> None:
    first, second = model("a", "First."), model("b", "Second.")
    chains = chains_of(first, second)
    chains.members["llm"][0].vitals.failed(ProviderRejected("a", "wrong key"))

    assert await write(chains, PROMPT) == "Second."


async def test_one_that_hangs_is_given_up() -> None:
    hangs = model("a", "So ", asyncio.Event())

    assert await write(chains_of(hangs, model("b", "Well.")), PROMPT, answer_s=0.05) == "Well."
    assert hangs.streaming == 0
    with pytest.raises(ProviderTimeout, match=r"not done in 0\.05 s"):
        await write(chains_of(hangs), PROMPT, answer_s=0.05)


async def test_one_that_never_stops_is_cut_off() -> None:
    endless = model("a", *["word "] * 1000)

    text = await write(chains_of(endless), PROMPT)

    assert len(text) <= PROMPT.reply_tokens_max * CHARS_PER_TOKEN_MAX + len("word ")
    assert endless.streaming == 0


async def test_a_call_of_a_tool_ends_the_answer() -> None:
    assert (
        await write(chains_of(model("a", "So. ", ToolCall("1", "recall"), "x")), PROMPT) == "So. "
    )
