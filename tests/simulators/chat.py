"""Chat completions on loopback, as OpenAI, Groq and the local servers speak them."""

import json
from collections.abc import Iterable

from tests.simulators.http import Asked
from tests.simulators.model import Messages
from tests.simulators.thinking import Event, ThinkingSimulator

DONE = "[DONE]"


class ChatSimulator(ThinkingSimulator):
    def will_call(self, name: str, arguments: dict[str, object]) -> None:
        """Prepare a call of a tool, its arguments in two pieces."""
        text = json.dumps(arguments)
        first = {"index": 0, "id": f"call-{len(self.asked)}", "type": "function"}
        self.will(
            chunk(calls=[first | {"function": {"name": name, "arguments": text[:5]}}]),
            chunk(calls=[{"index": 0, "function": {"arguments": text[5:]}}]),
            chunk(finish="tool_calls"),
            DONE,
        )

    def messages(self, asked: Asked) -> Messages:
        messages = asked.json["messages"]
        return [{"role": str(each["role"]), "content": str(each["content"])} for each in messages]

    def events(self, tokens: Iterable[str]) -> list[Event]:
        return [*map(chunk, tokens), chunk(finish="stop"), DONE]


def chunk(
    text: str | None = None,
    *,
    finish: str | None = None,
    calls: list[object] | None = None,
    **delta: object,
) -> dict[str, object]:
    """One event of a stream. delta: what else stands in it."""
    delta |= {"content": text} if text is not None else {}
    delta |= {"tool_calls": calls} if calls else {}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "simulated",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
