"""What was said so far, as the model is told it: bounded, in order, and only what was heard.

What a tool gave stands in its turn, even where the reply that asked for it was interrupted.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Literal

from voice.providers.protocols import Message, ToolCall
from voice.store import WAITING_TURNS, Opened

WHOLE_TURNS = 3
"""Results of tools are told in full for so many turns: longer, nobody asks what stood in them."""
SHORT_LINES, SHORT_LINE_CHARS = 12, 160
"""Of a result after that: of a page that was found, its title and its address."""

Key = tuple[int, Literal["user", "assistant", "tool"], int | str]
"""Turn, who, and which: 0 of the user, the number of a reply, the id of a call."""


class History:
    """The last `kept` entries of both sides. Writing an entry again corrects it in its place: a
    turn that went on, a reply whose heard part is known better now."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._entries: dict[Key, Message] = {}

    @classmethod
    def of(cls, opened: Opened) -> "History":
        """What was said in earlier connections of the conversation."""
        history = cls(entries_of(opened.agent.turns_kept))
        for said in opened.history:
            if said.role == "user":
                history.user(said.number, said.text)
            elif said.reply is not None:
                history.assistant(said.reply, said.text, turn=said.number)
        return history

    def user(self, turn: int, text: str) -> None:
        self._put((turn, "user", 0), Message("user", text))

    def assistant(self, reply: int, text: str, *, turn: int) -> None:
        """turn: the one it answers, or the last there was."""
        self._put((turn, "assistant", reply), Message("assistant", text))

    def tool(self, turn: int, call: ToolCall, result: str) -> None:
        """What a tool gave that was called for this turn; it may come late."""
        self._put((turn, "tool", call.id), Message("tool", result, call))

    def messages(
        self,
        asked: tuple[int, str] | None = None,
        *,
        since: int = 0,
        without: Collection[int] = (),
    ) -> tuple[Message, ...]:
        """asked: what the user may turn out to have said in this turn. since: a summary holds the
        turns up to this one; 0 for none. without: turns that the user wants forgotten,
        the last one excepted."""
        entries = dict(self._entries)
        if asked is not None:
            turn, text = asked
            entries[turn, "user", 0] = Message("user", text)
        last = max((key[0] for key in entries), default=0)
        told = [
            (turn, message)
            for (turn, role, _), message in sorted(entries.items(), key=lambda entry: entry[0][0])
            if message.text
            and (turn > since or not since)
            and (turn == last or turn not in without)
            # What a dropped attempt at this turn found may be an answer to half a question.
            and not (role == "tool" and turn == last and not _is_answered(entries, turn))
        ]
        return tuple(_aged(message, last - turn) for turn, message in told)

    def keep(self, turns_kept: int) -> None:
        """From now on so many turns are told word for word."""
        self._kept = entries_of(turns_kept)
        self._trim()

    def _put(self, key: Key, message: Message) -> None:
        self._entries[key] = message
        self._trim()

    def _trim(self) -> None:
        while len(self._entries) > self._kept:
            del self._entries[next(iter(self._entries))]


def entries_of(turns_kept: int) -> int:
    """How many entries so many turns are, with those that the summary may not have taken in."""
    return (turns_kept + WAITING_TURNS) * 2


def _is_answered(entries: Mapping[Key, Message], turn: int) -> bool:
    return any(
        key[:2] == (turn, "assistant") and bool(message.text) for key, message in entries.items()
    )


def _aged(message: Message, turns: int) -> Message:
    """As it is told so many turns later."""
    if message.call is None or turns <= WHOLE_TURNS:
        return message
    lines = [_short(line) for line in message.text.splitlines()[:SHORT_LINES]]
    return replace(message, text="\n".join(lines))


def _short(line: str) -> str:
    return line if len(line) <= SHORT_LINE_CHARS else f"{line[:SHORT_LINE_CHARS]}…"
