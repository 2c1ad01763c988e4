import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from tests.voice.providers.failover.players import GONE, PATIENCE_S, for_ever, member
from tests.voice.scripted import ScriptedModel
from voice.providers.errors import ProviderError
from voice.providers.failover.thinking import ThinkingChain, Thought
from voice.providers.protocols import LanguageModel, Message, Prompt, ToolCall
from voice.text.sentences import Unfinished

PROMPT = Prompt("Be brief.", (Message("user", "Well?"),))
CALL = ToolCall("1", "recall", {"query": "tea"})

Token = str | ToolCall | Exception | asyncio.Event


def model(name: str, *tokens: Token) -> ScriptedModel:
    return ScriptedModel([tokens], name=name)


@dataclass
class Reply:
    thoughts: list[Thought] = field(default_factory=list)
    served: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece for thought in self.thoughts for piece in thought.pieces)

    @property
    def calls(self) -> list[ToolCall]:
        return [call for thought in self.thoughts for call in thought.calls]


async def reply(
    *models: LanguageModel,
    thoughts_max: int = 999,
    got: Reply | None = None,
    in_words: bool = False,
) -> Reply:
    got = got or Reply()
    thinking = ThinkingChain([member(each) for each in models]).think(
        PROMPT, on_served=got.served.append, in_words=in_words
    )
    async with asyncio.timeout(PATIENCE_S), aclosing(thinking) as thoughts:
        async for thought in thoughts:
            got.thoughts.append(thought)
            if len(got.thoughts) == thoughts_max:
                break
    return got


async def test_a_reply_comes_in_pieces_from_the_first_model():
    second = model("b", "No.")
    got = await reply(model("a", "One. ", "Two ", "and", " a half."), second)

    assert [thought.pieces for thought in got.thoughts] == [
        (),
        ("One. ",),
        (),
        (),
        ("Two and a half.",),
    ]
    assert got.served == ["a"]
    assert second.prompts == []


async def test_the_next_model_is_asked_anew_where_nothing_was_given_out():
    second = model("b", "Fresh.")
    got = await reply(model("a", "Half a sen", GONE), second)

    assert got.text == "Fresh."
    assert second.prompts == [PROMPT]
    assert got.served == ["a", "b"]


async def test_the_next_model_is_told_exactly_what_was_given_out():
    second = model("b", "Three.")
    got = await reply(model("a", "One. ", "Two. ", "And th", GONE), second)

    [asked] = second.prompts
    assert asked.messages == (*PROMPT.messages, Message("assistant", "One. Two. "))
    assert asked.instructions == PROMPT.instructions
    assert got.text == "One. Two. Three."


async def test_in_words_the_next_model_goes_on_within_the_sentence():
    first = model("a", "I think that ", "it is ", "late", GONE)
    second = model("b", "will soon be time to go to bed. ", "Good night to all of you.")
    got = await reply(first, second, in_words=True)
    pieces = [piece for thought in got.thoughts for piece in thought.pieces]

    assert pieces == [
        "I think that it ",
        "will soon be time to go to ",
        "bed. ",
        "Good night to all of you.",
    ]
    assert [isinstance(piece, Unfinished) for piece in pieces] == [True, True, False, False]
    assert second.prompts[0].messages[-1] == Message("assistant", "I think that it ")


async def test_in_words_a_sentence_that_was_finished_is_followed_by_whole_ones():
    got = await reply(
        model("a", "Yes. ", "So", GONE), model("b", "It is now time to go. "), in_words=True
    )

    assert [piece for thought in got.thoughts for piece in thought.pieces] == [
        "Yes. ",
        "It is now time to go. ",
    ]


async def test_the_third_model_is_told_what_both_others_gave_out():
    first = model("a", "One. ", "Two", GONE)
    second = model("b", "Two. ", "Three", GONE)
    third = model("c", "Three.")

    assert (await reply(first, second, third)).text == "One. Two. Three."
    assert third.prompts[0].messages[-1] == Message("assistant", "One. Two. ")


async def test_what_the_next_model_says_again_is_left_out():
    second = model("b", "It", " is blue", " and wide. ", "And so on.")
    got = await reply(model("a", "The sky is here. ", "It is blue and wide. ", "And", GONE), second)

    assert got.text == "The sky is here. It is blue and wide. And so on."


async def test_a_model_that_only_says_again_what_was_said_adds_nothing():
    second = model("b", "One two three.")
    got = await reply(model("a", "One two three. ", "Four", GONE), second)

    assert got.text == "One two three. "


async def test_a_tool_call_comes_with_what_was_said_before_it():
    got = await reply(model("a", "Let me look.", CALL))

    assert [(thought.pieces, thought.calls) for thought in got.thoughts] == [
        ((), ()),
        (("Let me look.",), (CALL,)),
    ]


async def test_several_tools_are_asked_for_at_once():
    other = ToolCall("2", "recall", {"query": "coffee"})
    got = await reply(model("a", "Let me look.", CALL, other))

    assert got.thoughts[-1].calls == (CALL, other)


async def test_no_word_before_a_tool_call_is_lost_though_it_might_have_been_a_repeat():
    second = model("b", "One two", CALL)
    got = await reply(model("a", "One two three. ", "And", GONE), second)

    assert got.text == "One two three. One two"
    assert got.calls == [CALL]


async def test_a_tool_call_ends_the_answer_even_of_a_model_that_says_more():
    got = await reply(model("a", CALL, "More.", GONE), model("b", "No."))

    assert (got.text, got.calls) == ("", [CALL])


async def test_a_model_that_breaks_once_its_call_is_there_is_not_followed_by_another():
    class Brittle(ScriptedModel):
        async def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
            try:
                yield CALL
            finally:
                raise GONE

    second = model("b", CALL)
    got = await reply(Brittle(name="a"), second)

    assert got.calls == [CALL]


async def test_beside_one_that_hangs_in_the_middle_the_next_goes_on():
    first, second = model("a", "One. ", "Two", for_ever()), model("b", "Two.")
    got = await reply(first, second)

    assert got.text == "One. Two."
    assert second.prompts[0].messages[-1] == Message("assistant", "One. ")
    assert first.streaming == 0


async def test_when_no_model_can_go_on_the_last_says_why_and_what_was_given_stays():
    first, second = model("a", "One. ", "Two", GONE), model("b", GONE)
    got = Reply()

    with pytest.raises(ProviderError, match="gone"):
        await reply(first, second, got=got)

    assert got.text == "One. "


async def test_closing_it_stops_the_models():
    first = model("a", "One. ", "Two. ", for_ever())
    await reply(first, thoughts_max=2)

    assert first.streaming == 0


# --- seeded faults --------------------------------------------------------------------------------
WORDS = [f"word{n}{'.' if n % 5 == 4 else ''}" for n in range(40)]


@dataclass
class Reciter:
    """Says the words, from behind those that it is told it has said; a fault comes after so many.
    Some say the last words again, as models do."""

    name: str
    fault: Exception | asyncio.Event | None
    after: int
    repeats: int
    streaming: int = 0

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
        last = prompt.messages[-1]
        said = len(last.text.split()) if last.role == "assistant" else 0
        words = WORDS[max(0, said - self.repeats) if said else 0 :]
        self.streaming += 1
        try:
            for count, word in enumerate(words):
                if count == self.after and self.fault is not None:
                    await self._break(self.fault)
                yield f"{word} "
        finally:
            self.streaming -= 1

    async def _break(self, fault: Exception | asyncio.Event) -> None:
        if isinstance(fault, Exception):
            raise fault
        await fault.wait()


@pytest.mark.parametrize("seed", range(40))
async def test_whatever_fails_every_word_comes_once_and_in_order(seed):
    """The last of three is well; each of the others breaks off or hangs at a random word."""
    chance = random.Random(seed)
    models = [
        Reciter(
            name,
            None if name == "c" else chance.choice([GONE, KeyError("oops"), for_ever()]),
            after=chance.randrange(len(WORDS)),
            repeats=chance.choice([0, 0, 3, 7]),
        )
        for name in "abc"
    ]

    got = await reply(*models)

    assert got.text.split() == WORDS
    assert [each.streaming for each in models] == [0, 0, 0]
