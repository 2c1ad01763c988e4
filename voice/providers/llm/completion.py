"""An answer of chat completions: what has come of it so far, chunk by chunk."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from voice.providers.protocols import Tokens, ToolCall

NOT_AN_END = frozenset({"content_filter", "error", "abort"})
"""Reasons to finish that leave a reply broken off: the vendor's filter, and vLLM's own troubles."""
CALLS_MAX = 16
"""Far more than anybody makes use of; a model that asks for more is not listened to any longer."""


@dataclass(slots=True)
class _Call:
    """One tool that it asks for."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""

    def take(self, part: Any) -> None:
        self.id = self.id or part.id or ""
        if part.function:
            self.name = self.name or part.function.name or ""
            self.arguments += part.function.arguments or ""

    def made(self) -> ToolCall:
        arguments = json.loads(self.arguments or "{}")
        if not isinstance(arguments, dict):
            raise ValueError("not an object")
        return ToolCall(self.id or uuid.uuid4().hex, self.name, arguments)


@dataclass(slots=True)
class Completion:
    finished: str = ""
    """Why it ended; empty while it goes on."""
    has_words: bool = False
    tokens: Tokens | None = None
    """What it took, if the server says so."""
    _calls: list[_Call] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return bool(self.finished) and self.finished not in NOT_AN_END

    def take(self, chunk: Any) -> Iterator[str]:
        """Yield the words of a chunk; keep the rest. A refusal is what the model has to say."""
        for choice in chunk.choices:
            self.finished = choice.finish_reason or self.finished
            delta = choice.delta
            for part in delta.tool_calls or ():
                self._call_of(part).take(part)
            if words := delta.content or getattr(delta, "refusal", None):
                self.has_words = True
                yield words

    def count(self, usage: Any) -> None:
        """Take what the server says of its tokens, where it says so in numbers."""
        prompt = getattr(usage, "prompt_tokens", None)
        answer = getattr(usage, "completion_tokens", None)
        if isinstance(prompt, int) and isinstance(answer, int):
            self.tokens = Tokens(prompt, answer)

    def calls(self) -> list[ToolCall]:
        """The tools that it asks for. Raises ValueError if the arguments of one are no JSON
        object."""
        return [call.made() for call in self._calls[:CALLS_MAX] if call.name]

    def _call_of(self, part: Any) -> _Call:
        """The call that this is a piece of. Some servers give every call the same index, and none
        gives two of them the same id."""
        index = part.index or 0
        for call in reversed(self._calls):
            if call.index == index and (not part.id or not call.id or call.id == part.id):
                return call
        self._calls = [*self._calls[:CALLS_MAX], _Call(index)]
        return self._calls[-1]
