"""What the simulated models have in common: an answer as server-sent events, the model's own or the
one that the test prepared."""

import json
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.conduct import Conduct, Fault, conducted
from tests.simulators.http import Answer, Asked, HttpSimulator
from tests.simulators.model import Calls, Messages, Reply, SimulatedModel, echo, no_calls

Event = dict[str, Any] | str
"""A text stands as it is."""


@dataclass(frozen=True, slots=True)
class Prepared:
    events: tuple[Event, ...] = ()
    status: int = 200
    error: dict[str, object] = field(default_factory=dict)
    """The body, where the status is another."""
    headers: dict[str, str] = field(default_factory=dict)
    then: Fault = Fault.NONE
    """What happens after the last event: STALL and DROP, or nothing."""


class ThinkingSimulator(HttpSimulator):
    """A subclass gives `messages` and `events`."""

    newline = "\n"

    def __init__(
        self,
        conduct: Conduct = Conduct(),  # noqa: B008 (a frozen value)
        *,
        reply: Reply = echo,
        calls: Calls = no_calls,
        repeats: bool = False,
    ) -> None:
        """calls: the tools that it asks for instead of a reply, where it is offered any."""
        super().__init__(conduct)
        self._calls = calls
        self._model = SimulatedModel(reply, repeats=repeats)
        self._prepared: deque[Prepared] = deque()

    def messages(self, asked: Asked) -> Messages:
        """The prompt as a model reads it."""
        raise NotImplementedError

    def events(self, tokens: Iterable[str]) -> list[Event]:
        """A whole answer of these tokens."""
        raise NotImplementedError

    def will_call_all(self, *calls: tuple[str, dict[str, object]]) -> None:
        """Prepare an answer that asks for these tools."""
        raise NotImplementedError

    def will(self, *events: Event, **how: Any) -> None:
        """Prepare the next answer; `how` as in Prepared. Where none is, the model answers."""
        self._prepared.append(Prepared(events, **how))

    async def answer(self, asked: Asked) -> Answer:
        messages = self.messages(asked)
        calls = self._calls(messages) if asked.json.get("tools") and not self._prepared else []
        if calls:
            self.will_call_all(*calls)
        if not self._prepared:
            tokens = self._model.tokens(messages)
            return Answer(self._parts(self.events(tokens)))
        prepared = self._prepared.popleft()
        if prepared.status == 200:
            return Answer(self._parts(prepared.events, prepared.then))
        return refused(prepared.status, prepared.error, prepared.headers)

    async def _parts(
        self, events: Iterable[Event], then: Fault = Fault.NONE
    ) -> AsyncIterator[bytes]:
        async for event in conducted(events, lambda: self.conduct):
            text = event if isinstance(event, str) else json.dumps(event)
            yield f"data: {text}{self.newline * 2}".encode()
        async for _ in conducted([None], lambda: Conduct(then, after_items=0)):
            pass


def refused(status: int, error: dict[str, object], headers: dict[str, str] | None = None) -> Answer:
    body = json.dumps({"error": error}).encode()
    return Answer(_once(body), "application/json", status, headers or {})


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
