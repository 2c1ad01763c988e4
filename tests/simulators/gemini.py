"""Gemini's streamGenerateContent on loopback: a model's answer as server-sent events, and the
refusals that its clients run into."""

import json
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.simulators.conduct import Conduct, Fault, conducted
from tests.simulators.http import Answer, Asked, HttpSimulator
from tests.simulators.model import Messages, Reply, SimulatedModel, echo

WITHOUT_MINIMAL = ("gemini-3.7", "gemini-3.8", "gemini-3.1-pro")
STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED"}

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    events: tuple[Event, ...] = ()
    status: int = 200
    message: str = ""
    details: tuple[dict[str, object], ...] = ()
    then: Fault = Fault.NONE
    """What happens after the last event: STALL, or nothing."""


class GeminiSimulator(HttpSimulator):
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

    def will_call(self, name: str, arguments: dict[str, object], **part: object) -> None:
        """Prepare a call of a tool. part: what else stands in its part, as its signature."""
        call = {"id": f"call-{len(self.asked)}", "name": name, "args": arguments}
        self.will(event({"functionCall": call} | part, finish="STOP"))

    async def answer(self, asked: Asked) -> Answer:
        if message := _objection(asked):
            return self._error(Prepared(status=400, message=message))
        if not self._prepared:
            tokens = self._model.tokens(_plain(asked.json))
            return Answer(self._events([*map(event, tokens), event(finish="STOP")]))
        prepared = self._prepared.popleft()
        if prepared.status != 200:
            return self._error(prepared)
        return Answer(self._events(prepared.events, prepared.then))

    def refusal(self, status: int) -> bytes:
        return _body(Prepared(status=status, message=f"simulated {status}"))

    def _error(self, prepared: Prepared) -> Answer:
        return Answer(_once(_body(prepared)), "application/json", prepared.status)

    async def _events(
        self, events: Iterable[Event], then: Fault = Fault.NONE
    ) -> AsyncIterator[bytes]:
        async for item in conducted(events, lambda: self.conduct):
            yield f"data: {json.dumps(item)}\r\n\r\n".encode()
        async for _ in conducted([None], lambda: Conduct(then, after_items=0)):
            pass


def event(part: str | dict[str, object] | None = None, *, finish: str | None = None) -> Event:
    """One event of a stream; part: a text, or any other part."""
    parts = [{"text": part} if isinstance(part, str) else part] if part else []
    candidate: Event = {"content": {"parts": parts, "role": "model"}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {
        "candidates": [candidate],
        "usageMetadata": {"promptTokenCount": 8, "totalTokenCount": 9},
        "modelVersion": "simulated",
        "responseId": "r-1",
    }


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _body(prepared: Prepared) -> bytes:
    error: dict[str, object] = {
        "code": prepared.status,
        "message": prepared.message,
        "status": STATUS.get(prepared.status, "INTERNAL"),
    }
    if prepared.details:
        error["details"] = prepared.details
    return json.dumps({"error": error}).encode()


def _objection(asked: Asked) -> str:
    """What today's Gemini answers 400 to."""
    model = asked.path.split("/models/")[1].split(":")[0]
    contents = asked.json["contents"]
    parts = [part for content in contents for part in content["parts"]]
    thinking = asked.json["generationConfig"].get("thinkingConfig", {})
    level = thinking.get("thinkingLevel") or thinking.get("thinking_level")
    calls = [part for part in parts if "functionCall" in part]
    roles = [content["role"] for content in contents]
    if not _is_unicode(asked.json):
        return "Invalid JSON payload received. Invalid unicode."
    if not parts or any(part.get("text") == "" for part in parts):
        return "contents.parts must not be empty."
    if roles[-1] == "model":
        return "Requests ending with a model turn are not supported."
    if any(pair == ("model", "model") for pair in pairwise(roles)):
        return "A function call turn comes immediately after a user turn."
    if level == "MINIMAL" and model.startswith(WITHOUT_MINIMAL):
        return "Thinking level MINIMAL is not supported for this model."
    if model.startswith("gemini-3") and not all("thoughtSignature" in part for part in calls):
        return "Function call is missing a thought_signature."
    return ""


def _is_unicode(request: dict[str, Any]) -> bool:
    """JSON can hold half a surrogate pair, and a protobuf can't."""
    text = json.dumps(request, ensure_ascii=False)
    return text == text.encode(errors="replace").decode()


def _plain(request: dict[str, Any]) -> Messages:
    roles = {"model": "assistant", "user": "user"}
    found: Messages = []
    if instruction := request.get("systemInstruction"):
        found.append({"role": "system", "content": instruction["parts"][0]["text"]})
    for content in request["contents"]:
        for part in content["parts"]:
            if result := part.get("functionResponse"):
                found.append({"role": "tool", "content": result["response"]["output"]})
            else:
                text = part.get("text", "None")
                found.append({"role": roles[content["role"]], "content": text})
    return found
