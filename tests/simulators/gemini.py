"""Gemini's streamGenerateContent on loopback, and the refusals that its clients run into."""

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from tests.simulators.http import Answer, Asked
from tests.simulators.model import Messages
from tests.simulators.thinking import Event, ThinkingSimulator, refused

WITHOUT_MINIMAL = ("gemini-3.7", "gemini-3.8", "gemini-3.1-pro")
STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED"}


class GeminiSimulator(ThinkingSimulator):
    newline = "\r\n"

    def will_call(self, name: str, arguments: dict[str, object], **part: object) -> None:
        """Prepare a call of a tool. part: what else stands in its part, as its signature."""
        call = {"id": f"call-{len(self.asked)}", "name": name, "args": arguments}
        self.will(event({"functionCall": call} | part, finish="STOP"))

    def will_call_all(self, *calls: tuple[str, dict[str, object]]) -> None:
        """The same with several in one answer, the first of which is signed."""
        parts: list[dict[str, object]] = [
            {"functionCall": {"id": f"call-{len(self.asked)}-{n}", "name": name, "args": arguments}}
            for n, (name, arguments) in enumerate(calls)
        ]
        parts[0]["thoughtSignature"] = "c2lnbmVk"
        self.will(*map(event, parts), event(finish="STOP"))

    def will_refuse(self, status: int, message: str = "", details: Sequence[object] = ()) -> None:
        """Prepare a refusal."""
        self.will(status=status, error=_error(status, message, details))

    async def answer(self, asked: Asked) -> Answer:
        if message := _objection(asked):
            return refused(400, _error(400, message))
        return await super().answer(asked)

    def messages(self, asked: Asked) -> Messages:
        return _plain(asked.json)

    def events(self, tokens: Iterable[str]) -> list[Event]:
        return [*map(event, tokens), event(finish="STOP")]

    def refusal(self, status: int) -> bytes:
        return json.dumps({"error": _error(status, f"simulated {status}")}).encode()


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


def _error(status: int, message: str, details: Sequence[object] = ()) -> dict[str, object]:
    said = {"code": status, "message": message, "status": STATUS.get(status, "INTERNAL")}
    return said | {"details": details} if details else said


def _objection(asked: Asked) -> str:
    """What today's Gemini answers 400 to."""
    model = asked.path.split("/models/")[1].split(":")[0]
    contents = asked.json["contents"]
    parts = [part for content in contents for part in content["parts"]]
    thinking = asked.json["generationConfig"].get("thinkingConfig", {})
    level = thinking.get("thinkingLevel") or thinking.get("thinking_level")
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
    return _objection_to_calls(contents, are_signed=model.startswith("gemini-3"))


def _objection_to_calls(contents: list[dict[str, Any]], *, are_signed: bool) -> str:
    for content, following in pairwise([*contents, {"parts": []}]):
        calls, responses = _parts(content, "functionCall"), _parts(following, "functionResponse")
        if len(calls) != len(responses):
            return "The number of function response parts must equal that of function call parts."
        if are_signed and calls and "thoughtSignature" not in calls[0]:
            return "Function call is missing a thought_signature."
    return ""


def _parts(content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [part for part in content["parts"] if kind in part]


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
