"""The plain form of messages that `/ws` sends beside the full one, for simple JSON clients."""

from typing import Any

from voice.wire import (
    Error,
    Interrupted,
    Outbound,
    ReplyEnded,
    SessionOpened,
    StateChange,
    TranscriptUpdate,
)


class PlainForms:
    """Makes them for one connection; it knows how much of a reply's text it has passed on."""

    def __init__(self) -> None:
        self._reply = 0
        self._passed_on = 0

    def of(self, message: Outbound) -> list[dict[str, Any]]:
        match message:
            case SessionOpened():
                return [_status("connected")]
            case StateChange(state="thinking"):
                return [_status("generating")]
            case Interrupted():
                return [_status("interrupted")]
            case ReplyEnded(interrupted=False):
                return [_status("complete")]
            case TranscriptUpdate(role="user"):
                data = {"text": message.text, "is_final": message.is_final}
                return [{"type": "transcript", "data": data}]
            case TranscriptUpdate(role="assistant"):
                return self._chunk(message)
        return []

    def full(self, message: Outbound) -> dict[str, Any]:
        """The message itself; an error's text stands in `data` too, where a simple client looks."""
        form = message.as_dict()
        return form | {"data": message.message} if isinstance(message, Error) else form

    def _chunk(self, message: TranscriptUpdate) -> list[dict[str, Any]]:
        if message.reply != self._reply:
            self._reply, self._passed_on = message.reply or 0, 0
        chunk = message.text[self._passed_on :]
        self._passed_on = max(self._passed_on, len(message.text))
        return [{"type": "text_chunk", "data": chunk}] if chunk else []


def _status(status: str) -> dict[str, Any]:
    return {"type": "status", "data": status}
