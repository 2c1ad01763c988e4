"""ElevenLabs' `multi-stream-input` on loopback: five contexts on a socket, times by character."""

from base64 import b64encode
from typing import Any

from tests.simulators.speaking import (
    REASON_MAX,
    Context,
    Line,
    Mark,
    Message,
    Piece,
    SpeakingSimulator,
)

CONTEXTS_MAX = 5
TOO_MANY = (
    "Maximum simultaneous contexts per WebSocket connection exceeded (5). "
    "Please close an existing context before opening a new one."
)
IDLE = "Have not received a new text input within the timeout of 20 seconds."
REFUSALS = {
    401: (1008, "Invalid API key"),
    429: (1008, "rate_limit_exceeded: too many concurrent requests"),
    500: (1011, "internal error"),
}


class ElevenLabsSimulator(SpeakingSimulator):
    idle_close = (1008, IDLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.absolute_times = False
        """Count characters' times from the start of the sentence, and not of the message."""
        self.snake_case = False
        """Name the context in answers as it is named in requests."""
        self.most_contexts = 0
        """At a time on one socket."""

    async def take(self, line: Line, message: Message) -> None:
        name = message["context_id"]
        if message.get("close_context"):
            await self._close(line, name)
            return
        if name not in line.contexts and not await self._open_context(line, name):
            return
        context = line.contexts[name]
        context.text += message["text"]
        context.grown.set()
        if message.get("flush") and not context.speaking:
            self.begin(line, context)

    async def _open_context(self, line: Line, name: str) -> bool:
        refusal = REFUSALS.get(self.refuses) if self.refuses else None
        if len(line.contexts) == CONTEXTS_MAX:
            refusal = (1008, TOO_MANY)
            error = {"message": TOO_MANY, "error": "max_active_conversations", "code": 1008}
            await line.send(error)
        if refusal:
            await line.socket.close(refusal[0], refusal[1][:REASON_MAX])
            return False
        line.contexts[name] = Context(name)
        self.most_contexts = max(self.most_contexts, len(line.contexts))
        return True

    async def _close(self, line: Line, name: str) -> None:
        """What was flushed is spoken to its end, unless it is closed once more."""
        context = line.contexts.get(name)
        if context is None:
            return
        if context.input_ended.is_set():
            await self.stop(line, context)
            return
        context.input_ended.set()
        context.grown.set()
        if not context.speaking:
            self.begin(line, context)

    def marks(self, words: list[Mark]) -> list[Mark]:
        """Each character of the text, evenly spread over its word, and a space after that."""
        characters = []
        for word in words:
            step_s = (word.end_s - word.start_s) / len(word.text)
            for index, character in enumerate(word.text):
                start_s = word.start_s + index * step_s
                characters.append(Mark(character, start_s, start_s + step_s))
            characters.append(Mark(" ", word.end_s, word.end_s))
        return characters

    def said(self, context: str, piece: Piece) -> list[Message]:
        base_s = 0.0 if self.absolute_times else piece.start_s
        alignment = {
            "chars": [mark.text for mark in piece.marks],
            "charStartTimesMs": [round((mark.start_s - base_s) * 1000) for mark in piece.marks],
            "charDurationsMs": [round((mark.end_s - mark.start_s) * 1000) for mark in piece.marks],
        }
        return [
            {
                "audio": b64encode(piece.pcm).decode(),
                "isFinal": None,
                "alignment": alignment if piece.marks else None,
                "normalizedAlignment": alignment if piece.marks else None,
                **self._naming(context),
            }
        ]

    def last(self, context: str) -> list[Message]:
        return [{"audio": None, "isFinal": True, "alignment": None, **self._naming(context)}]

    def _naming(self, context: str) -> Message:
        return {"context_id" if self.snake_case else "contextId": context}
