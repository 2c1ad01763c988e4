"""A prompt in Gemini's terms: contents of parts, and the signatures of thoughts on tool calls."""

from collections import OrderedDict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from voice.providers.llm.announced import announced
from voice.providers.protocols import Message, Prompt, ToolCall
from voice.providers.text import sendable

KEPT_MAX = 1_000
"""Signatures of some kilobytes each. Full: the oldest goes, and its call is sent as a foreign one,
which it hardly ever is asked for: a call is sent back within seconds."""
FOREIGN = b"skip_thought_signature_validator"
"""Google's word for a call that Gemini didn't make, or made where we weren't there
(https://ai.google.dev/gemini-api/docs/thought-signatures)."""
SILENCE = "…"
"""Stands for a prompt in which nothing was said: Gemini takes neither none nor empty parts."""

Content = dict[str, object]


class Signatures:
    """What Gemini signs its tool calls with, by the id of the call. It wants to see the signature
    again with the tool's result, and a ToolCall, which any vendor may have made, has no place for
    it."""

    def __init__(self, *, demanded: bool) -> None:
        """demanded: the model takes no call without one."""
        self._demanded = demanded
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def keep(self, call: ToolCall, signature: bytes | None) -> None:
        if signature:
            self._kept[call.id] = signature
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)

    def of(self, calls: tuple[ToolCall, ...]) -> list[bytes | None]:
        """One for each of the calls that were made at once: Gemini signs the first."""
        kept = [self._kept.get(call.id) for call in calls]
        if calls and kept[0] is None and self._demanded:
            kept[0] = FOREIGN
        return kept


def contents(prompt: Prompt, signatures: Signatures) -> list[Content]:
    """What the model says in a row is one content: a call may not follow another model turn. So
    are the results of the calls in one: Gemini counts them."""
    entries: list[Content] = []
    for (role, is_said), run in groupby(_parts(prompt, signatures), key=itemgetter(0, 1)):
        parts = [part for _, _, part in run]
        turns = [[part] for part in parts] if is_said else [parts]
        entries += [{"role": role, "parts": turn} for turn in turns]
    return entries or [{"role": "user", "parts": [{"text": SILENCE}]}]


def _parts(prompt: Prompt, signatures: Signatures) -> Iterator[tuple[str, bool, Content]]:
    """Role, whether the user said it, and what it is."""
    for message in announced(prompt.messages):
        if message.call:
            yield "user", False, _result(message, message.call)
        elif message.text.strip():
            role = "model" if message.role == "assistant" else "user"
            yield role, role == "user", {"text": sendable(message.text)}
        for call, signature in zip(message.calls, signatures.of(message.calls), strict=True):
            yield "model", False, _call(call, signature)


def _call(call: ToolCall, signature: bytes | None) -> Content:
    made = {"id": call.id, "name": call.name, "args": dict(call.arguments)}
    return {"function_call": made, "thought_signature": signature}


def _result(message: Message, call: ToolCall) -> Content:
    response = {"output": sendable(message.text)}
    return {"function_response": {"id": call.id, "name": call.name, "response": response}}
