"""What was said so far, as the model is told it: bounded, in order, and only what was heard."""

from typing import Literal

from voice.providers.protocols import Message
from voice.store import Opened


class History:
    """The last `kept` entries of both sides. Writing an entry again corrects it in its place: a
    turn that went on, a reply whose heard part is known better now."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._entries: dict[tuple[Literal["user", "assistant"], int], str] = {}

    @classmethod
    def of(cls, opened: Opened) -> "History":
        """What was said in earlier connections of the conversation."""
        history = cls(opened.agent.turns_kept * 2)
        for said in opened.history:
            if said.role == "user":
                history.user(said.number, said.text)
            elif said.reply is not None:
                history.assistant(said.reply, said.text)
        return history

    def user(self, turn: int, text: str) -> None:
        self._put("user", turn, text)

    def assistant(self, reply: int, text: str) -> None:
        self._put("assistant", reply, text)

    def messages(self, asked: tuple[int, str] | None = None) -> tuple[Message, ...]:
        """asked: what the user may turn out to have said in this turn."""
        entries = dict(self._entries)
        if asked is not None:
            turn, text = asked
            entries["user", turn] = text
        return tuple(Message(role, text) for (role, _), text in entries.items() if text)

    def _put(self, role: Literal["user", "assistant"], number: int, text: str) -> None:
        self._entries[role, number] = text
        while len(self._entries) > self._kept:
            del self._entries[next(iter(self._entries))]
