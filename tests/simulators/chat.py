"""Chat completions on loopback, as OpenAI, Groq and the local servers speak them."""

import json
from collections.abc import Iterable
from typing import Any

from tests.simulators.http import Answer, Asked
from tests.simulators.model import Messages
from tests.simulators.thinking import Event, ThinkingSimulator, refused

DONE = "[DONE]"


class ChatSimulator(ThinkingSimulator):
    def __init__(
        self, *args: Any, takes_tools: bool = True, tells_tokens: bool = True, **how: Any
    ) -> None:
        """takes_tools: otherwise it refuses a request that offers any, as Ollama does for models
        that were not trained for them. tells_tokens: otherwise it refuses one that asks for them,
        as servers do that know only the older protocol."""
        super().__init__(*args, **how)
        self.takes_tools = takes_tools
        self.tells_tokens = tells_tokens

    def will_call(self, name: str, arguments: dict[str, object]) -> None:
        """Prepare a call of a tool, its arguments in two pieces."""
        self.will_call_all((name, arguments))

    def will_call_all(self, *calls: tuple[str, dict[str, object]]) -> None:
        """The same with several in one answer, one after the other."""
        events: list[Event] = []
        for index, (name, arguments) in enumerate(calls):
            text, identity = json.dumps(arguments), f"call-{len(self.asked)}-{index}"
            first = {"index": index, "id": identity, "type": "function"}
            events += [
                chunk(calls=[first | {"function": {"name": name, "arguments": text[:5]}}]),
                chunk(calls=[{"index": index, "function": {"arguments": text[5:]}}]),
            ]
        self.will(*events, chunk(finish="tool_calls"), DONE)

    async def answer(self, asked: Asked) -> Answer:
        if not self.takes_tools and "tools" in asked.json:
            return refused(400, {"message": "registry.ollama.ai/x does not support tools"})
        if not self.tells_tokens and "stream_options" in asked.json:
            return refused(400, {"message": "Unrecognized request argument: stream_options"})
        if message := _objection(asked.json["messages"]):
            return refused(400, {"message": message})
        return await super().answer(asked)

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


def _objection(messages: list[dict[str, Any]]) -> str:
    """What OpenAI answers 400 to, where tools are concerned."""
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return "messages with role 'tool' must be a response to a preceding 'tool_calls'."
            waiting.remove(message["tool_call_id"])
            continue
        if waiting:
            return "tool_calls must be followed by tool messages responding to each of them."
        waiting = [call["id"] for call in message.get("tool_calls", ())]
    return "tool_calls must be followed by tool messages." if waiting else ""
