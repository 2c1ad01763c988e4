"""What the model may ask for: to remember, recall and forget facts about the user."""

from collections.abc import Awaitable, Callable

import structlog

from voice import store
from voice.providers.protocols import Tool, ToolCall

log = structlog.get_logger()


def _one_text(name: str, description: str) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": description}},
        "required": [name],
    }


TOOLS = (
    Tool(
        "remember",
        "Keep a fact about the user for later conversations.",
        _one_text("fact", "The fact, in one short sentence."),
    ),
    Tool(
        "recall",
        "Look up what is remembered about the user.",
        _one_text("query", "What to look for; empty for everything."),
    ),
    Tool(
        "forget",
        "Delete a remembered fact when the user asks for it.",
        _one_text("fact", "The fact to delete, or words from it."),
    ),
)


HAVE_EFFECTS = frozenset({"remember", "forget"})
"""Not to be called for a turn that may turn out to be another."""


class Toolbox:
    """The tools of one person's session."""

    def __init__(self, person: store.Person) -> None:
        self._person = person
        self._tools: dict[str, Callable[[str], Awaitable[str]]] = {
            "remember": self._remember,
            "recall": self._recall,
            "forget": self._forget,
        }

    async def call(self, call: ToolCall) -> str:
        """The result, as a text for the model. What goes wrong is said in it too."""
        tool = self._tools.get(call.name)
        if tool is None:
            return f"There is no tool {call.name}."
        texts = [value for value in call.arguments.values() if isinstance(value, str)]
        try:
            return await tool(texts[0] if texts else "")
        except ValueError as error:
            return str(error)
        except Exception:
            log.exception("tool.failed", tool=call.name)
            return f"The tool {call.name} failed."

    async def _remember(self, fact: str) -> str:
        await store.remember(self._person, fact)
        return f"Remembered: {fact}"

    async def _recall(self, query: str) -> str:
        facts = await store.recall(self._person, query)
        return "\n".join(facts) if facts else "Nothing is remembered about that."

    async def _forget(self, fact: str) -> str:
        count = await store.forget(self._person, fact)
        return f"Forgotten: {count} fact{'s' * (count != 1)}."
