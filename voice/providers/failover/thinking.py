"""The language models of a chain as one that goes on when the first of them cannot.

What is handed on is what was given out for speaking, whole pieces of the reply: what a model had
begun beyond the last of them, the next one says in its own words.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.deadlines import THINK
from voice.providers.failover.member import Member
from voice.providers.failover.relay import Relay
from voice.providers.protocols import LanguageModel, Message, Prompt, ToolCall
from voice.text.continuation import Continuation
from voice.text.sentences import SentenceSplitter, Unfinished


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
        self, prompt: Prompt, *, on_served: Callable[[str], None], in_words: bool = False
    ) -> AsyncGenerator[Thought, None]:
        """The reply in speakable pieces, each given once, in order; tool calls end it. Raises
        ProviderError when no model could go on. Closing it stops them all.

        on_served: told the name of who gives the first token, and of each that goes on. in_words:
        the first sentence comes a few words at a time, for a voice that begins before it has all
        of it."""
        said: list[str] = []

        def begin(model: LanguageModel) -> AsyncGenerator[Thought, None]:
            is_open = not said or isinstance(said[-1], Unfinished)
            splitter = SentenceSplitter(in_words=in_words and is_open)
            return _thoughts(model, prompt, "".join(said), splitter)

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
    model: LanguageModel, prompt: Prompt, said: str, splitter: SentenceSplitter
) -> AsyncGenerator[Thought, None]:
    """What this model says after `said`."""
    new, asked, calls = Continuation(said), _continued(prompt, said), list[ToolCall]()
    async with aclosing(model.stream(asked)) as tokens:
        async for token in tokens:
            if isinstance(token, ToolCall):
                calls.append(token)
            elif calls:
                break  # it can't know yet what comes of them
            else:
                yield Thought(tuple(splitter.feed(new.feed(token))))
    yield Thought((*splitter.feed(new.flush()), *splitter.flush()), tuple(calls))


def _continued(prompt: Prompt, said: str) -> Prompt:
    """A prompt whose last message is the assistant's asks for the rest of that message."""
    if not said:
        return prompt
    return replace(prompt, messages=(*prompt.messages, Message("assistant", said)))
