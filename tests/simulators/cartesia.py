"""Cartesia's `/tts/websocket` on loopback."""

from base64 import b64encode
from typing import Any

from tests.simulators.speaking import Context, Line, Mark, Message, Piece, SpeakingSimulator

ERRORS = {
    401: ("unauthorized", "Unauthorized", "The API key is not valid."),
    429: ("concurrency_limited", "Too many concurrent requests", "You have exceeded your limit."),
    500: ("internal_error", "Internal server error", "Something went wrong."),
}
PUNCTUATION = '.,;:!?…"“”()—'


class CartesiaSimulator(SpeakingSimulator):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.errors_name_context = True
        self.late_timestamps = False
        """Whether they follow the sound that they are of, or come before it."""

    async def take(self, line: Line, message: Message) -> None:
        name = message["context_id"]
        if message.get("cancel"):
            if context := line.contexts.get(name):
                await self.stop(line, context)
        elif status := self.refuses:
            await line.send(self.error(status, name if self.errors_name_context else None))
        else:
            self._add(line, message)

    def _add(self, line: Line, message: Message) -> None:
        """To the sentence of its context, or begin one."""
        name = message["context_id"]
        is_new = name not in line.contexts
        context = line.contexts.setdefault(name, Context(name))
        context.text += message["transcript"]
        if not message["continue"]:
            context.input_ended.set()
        context.grown.set()
        if is_new:
            self.begin(line, context)

    def error(self, status: int, context: str | None = None, message: str = "") -> Message:
        code, title, usual = ERRORS[status]
        error = {
            "type": "error",
            "done": True,
            "status_code": status,
            "error_code": code,
            "title": title,
            "message": message or usual,
            "request_id": "550e8400-e29b-41d4-a716-446655440000",
        }
        return error | ({"context_id": context} if context else {})

    def said(self, context: str, piece: Piece) -> list[Message]:
        chunk = {
            "type": "chunk",
            "context_id": context,
            "data": b64encode(piece.pcm).decode(),
            "done": False,
            "status_code": 206,
            "step_time": 4.2,
        }
        if not piece.marks:
            return [chunk]
        timestamps = _timestamps(context, piece.marks)
        return [chunk, timestamps] if self.late_timestamps else [timestamps, chunk]

    def last(self, context: str) -> list[Message]:
        common = {"context_id": context, "status_code": 200}
        flushed = {"type": "flush_done", "flush_id": 1, "flush_done": True, "done": False}
        return [common | flushed, common | {"type": "done", "done": True}]


def _timestamps(context: str, words: list[Mark]) -> Message:
    return {
        "type": "timestamps",
        "context_id": context,
        "done": False,
        "status_code": 206,
        "word_timestamps": {
            "words": [word.text.strip(PUNCTUATION) for word in words],
            "start": [word.start_s for word in words],
            "end": [word.end_s for word in words],
        },
    }
