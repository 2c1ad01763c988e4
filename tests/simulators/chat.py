"""Chat completions on loopback, as OpenAI, Groq and the local servers speak them: a model's answer
in server-sent events, or the events that the test prepared."""

import json
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from tests.simulators.conduct import Conduct, Fault, conducted
from tests.simulators.http import Answer, Asked, HttpSimulator
from tests.simulators.model import Messages, Reply, SimulatedModel, echo

DONE = "[DONE]"

Event = dict[str, object] | str


@dataclass(frozen=True, slots=True)
class Prepared:
    events: tuple[Event, ...] = ()
    status: int = 200
    error: dict[str, object] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    then: Fault = Fault.NONE
    """What happens after the last event: STALL and DROP, or nothing."""


class ChatSimulator(HttpSimulator):
    def __init__(
        self,
        conduct: Conduct = Conduct(),  # noqa: B008 (a frozen value)
        *,
        reply: Reply = echo,
        repeats: bool = False,
    ) -> None:
        super().__init__(conduct)
        self._model = SimulatedModel(reply, repeats=repeats)
        self._prepared: deque[Prepared] = deque()

    def will(self, *events: Event, **how: object) -> None:
        """Prepare the next answer; `how` as in Prepared. Where none is, the model answers."""
        self._prepared.append(Prepared(events, **how))

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

    async def answer(self, asked: Asked) -> Answer:
        if not self._prepared:
            tokens = self._model.tokens(_plain(asked.json["messages"]))
            return Answer(self._events([*map(chunk, tokens), chunk(finish="stop"), DONE]))
        prepared = self._prepared.popleft()
        if prepared.status == 200:
            return Answer(self._events(prepared.events, prepared.then))
        body = json.dumps({"error": prepared.error}).encode()
        return Answer(_once(body), "application/json", prepared.status, prepared.headers)

    async def _events(
        self, events: Iterable[Event], then: Fault = Fault.NONE
    ) -> AsyncIterator[bytes]:
        async for event in conducted(events, lambda: self.conduct):
            text = event if isinstance(event, str) else json.dumps(event)
            yield f"data: {text}\n\n".encode()
        async for _ in conducted([None], lambda: Conduct(then, after_items=0)):
            pass


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _plain(messages: list[dict[str, object]]) -> Messages:
    return [{"role": str(entry["role"]), "content": str(entry["content"])} for entry in messages]


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
