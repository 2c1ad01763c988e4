"""An answer of chat completions: what has come of it so far, chunk by chunk."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from voice.providers.protocols import ToolCall

NOT_AN_END = frozenset({"content_filter", "error", "abort"})
"""Reasons to finish that leave a reply broken off: the vendor's filter, and vLLM's own troubles."""


@dataclass(slots=True)
class Completion:
    finished: str = ""
    """Why it ended; empty while it goes on."""
    has_words: bool = False
    _id: str = ""
    _tool: str = ""
    _arguments: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return bool(self.finished) and self.finished not in NOT_AN_END

    def take(self, chunk: Any) -> Iterator[str]:
        """Yield the words of a chunk; keep the rest. A refusal is what the model has to say."""
        for choice in chunk.choices:
            self.finished = choice.finish_reason or self.finished
            delta = choice.delta
            for part in delta.tool_calls or ():
                self._take_call(part)
            if words := delta.content or getattr(delta, "refusal", None):
                self.has_words = True
                yield words

    def call(self) -> ToolCall | None:
        """The tool that it asks for. Raises ValueError if its arguments are no JSON object."""
        if not self._tool:
            return None
        arguments = json.loads("".join(self._arguments) or "{}")
        if not isinstance(arguments, dict):
            raise ValueError("not an object")
        return ToolCall(self._id or self._tool, self._tool, arguments)

    def _take_call(self, part: Any) -> None:
        if part.index:  # asked for one at a time; a second is left out
            return
        self._id = self._id or part.id or ""
        if part.function:
            self._tool = self._tool or part.function.name or ""
            self._arguments.append(part.function.arguments or "")
