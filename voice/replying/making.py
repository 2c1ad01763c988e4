"""How one answer came about: what may be said of it once it is over. Filled in as it is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from voice import store
from voice.context import Told
from voice.providers.protocols import Message, Tokens
from voice.telemetry.report import ToolUse, Usage
from voice.tools import Source

REPEATED = "cache"
"""Stands for a provider where an answer was given before."""


@dataclass(slots=True)
class Making:
    question: str
    context: Told
    """What the agent was told, and who was to be asked."""
    found: store.Recollection
    """What was gathered for it."""
    earlier: tuple[str, ...] = ()
    """What else the model was told that was said."""
    said_before: tuple[str, ...] = ()
    """Of that, what is the user's: their words, what was made of them, what tools gave."""
    models: set[str] = field(default_factory=set)
    """Who gave tokens of it."""
    voices: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    """What it drew on that others, or another moment, would not have: tools, memory, time."""
    tools: list[ToolUse] = field(default_factory=list)
    """Those that it has called."""
    usage: Usage = field(default_factory=Usage)
    """Of its models."""
    sources: list[Source] = field(default_factory=list)
    """Web pages that it rests on, each once."""
    repeats: store.Answer | None = None
    """The answer that was given before, where this is one."""

    def told(self, before: Sequence[Message], of_user: Iterable[str]) -> None:
        """The model was told these beside the question. of_user: what is known or was made of what
        the user said."""
        said = (message.text for message in before if message.role != "assistant")
        made = tuple(of_user)
        self.earlier = (*made, *(message.text for message in before))
        self.said_before = tuple(text for text in (*made, *said) if text)

    def add_sources(self, sources: list[Source]) -> None:
        self.sources += [source for source in sources if source not in self.sources]

    def add_tokens(self, tokens: Tokens) -> None:
        """Another request to a model took these."""
        before = self.usage
        self.usage = Usage(
            tokens_in=before.tokens_in + tokens.prompt,
            tokens_out=before.tokens_out + tokens.answer,
            is_estimated=before.is_estimated or tokens.is_estimated,
        )

    def release_sound(self) -> None:
        """A reply is remembered for longer than its sound is needed."""
        if self.repeats is not None:
            self.repeats = self.found.answer = replace(self.repeats, spoken=None)
