"""The language models of a chain as one that goes on when the first of them cannot.

What is handed on is what was given out for speaking, whole pieces of the reply: what a model had
begun beyond the last of them, the next one says in its own words.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial

from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.deadlines import THINK
from voice.providers.failover.member import Member
from voice.providers.failover.relay import Relay
from voice.providers.protocols import LanguageModel, Message, Prompt, Tokens, ToolCall
from voice.text.continuation import Continuation
from voice.text.sentences import SentenceSplitter, Unfinished

CHARACTERS_PER_TOKEN = 4
"""About, in English."""
CALL_CHARACTERS = 80
"""Of a tool that is asked for, with its arguments."""


@dataclass(frozen=True, slots=True)
class Thought:
    """What one token brought: often nothing, or the pieces that it completes; the last one, the
    tools that the model asks for."""

    pieces: tuple[str, ...] = ()
    calls: tuple[ToolCall, ...] = ()


class ThinkingChain:
    def __init__(self, members: Sequence[Member[LanguageModel]]) -> None:
        self._members = members
        self._budget = HedgeBudget()

    async def think(
        self,
        prompt: Prompt,
        *,
        on_served: Callable[[str], None],
        on_tokens: Callable[[str, Tokens], None] = lambda name, tokens: None,
        in_words: bool = False,
    ) -> AsyncGenerator[Thought, None]:
        """The reply in speakable pieces, each given once, in order; tool calls end it. Raises
        ProviderError when no model could go on. Closing it stops them all.

        on_served: told the name of who gives the first token, and of each that goes on. on_tokens:
        told what each that was asked took, whether or not its answer was wanted. in_words:
        the first sentence comes a few words at a time, for a voice that begins before it has all
        of it."""
        said: list[str] = []

        def begin(model: LanguageModel) -> AsyncGenerator[Thought, None]:
            is_open = not said or isinstance(said[-1], Unfinished)
            splitter = SentenceSplitter(in_words=in_words and is_open)
            asked = _continued(prompt, "".join(said))
            tokens = counted(model, asked, partial(on_tokens, model.name))
            return _thoughts(tokens, "".join(said), splitter)

        relay = Relay(self._members, begin, deadlines=THINK, budget=self._budget)
        server = ""
        async with aclosing(relay.items()) as items:
            async for member, thought in items:
                if member.name != server:
                    server = member.name
                    on_served(server)
                said.extend(thought.pieces)
                yield thought


async def _thoughts(
    tokens: AsyncGenerator[str | ToolCall, None], said: str, splitter: SentenceSplitter
) -> AsyncGenerator[Thought, None]:
    """What a model says after `said`."""
    new, calls = Continuation(said), list[ToolCall]()
    async with aclosing(tokens):
        async for token in tokens:
            if isinstance(token, ToolCall):
                calls.append(token)
            elif calls:
                break  # it can't know yet what comes of them
            else:
                yield Thought(tuple(splitter.feed(new.feed(token))))
    yield Thought((*splitter.feed(new.flush()), *splitter.flush()), tuple(calls))


async def counted(
    model: LanguageModel, prompt: Prompt, on_tokens: Callable[[Tokens], None]
) -> AsyncGenerator[str | ToolCall, None]:
    """What it says; in the end, or when nobody wants more of it, what that took is told. A refusal
    took nothing."""
    told, characters, is_refused = list[Tokens](), 0, False
    asked = replace(prompt, on_tokens=told.append)
    try:
        async with aclosing(model.stream(asked)) as tokens:
            async for token in tokens:
                characters += len(token) if isinstance(token, str) else CALL_CHARACTERS
                yield token
    except Exception:
        is_refused = not characters
        raise
    finally:
        if not is_refused:
            on_tokens(told[-1] if told else estimated(prompt, characters))


def estimated(prompt: Prompt, answer_characters: int) -> Tokens:
    """About what an answer of so many characters took."""
    texts = [prompt.instructions, *(message.text for message in prompt.messages)]
    tools = [f"{tool.name}{tool.description}{tool.parameters}" for tool in prompt.tools]
    asked = sum(map(len, (*texts, *tools)))
    return Tokens(
        -(-asked // CHARACTERS_PER_TOKEN),
        -(-answer_characters // CHARACTERS_PER_TOKEN),
        is_estimated=True,
    )


def _continued(prompt: Prompt, said: str) -> Prompt:
    """A prompt whose last message is the assistant's asks for the rest of that message."""
    if not said:
        return prompt
    return replace(prompt, messages=(*prompt.messages, Message("assistant", said)))
