"""Where a conversation stands: one frozen value, changed only by machine.py."""

from dataclasses import dataclass, replace
from enum import Enum

from voice.turns.actions import Source


class Phase(Enum):
    LISTENING = "listening"
    """Nobody speaks."""
    HEARING = "hearing"
    """The user speaks."""
    ENDPOINTING = "endpointing"
    """The user paused: is the turn over?"""
    THINKING = "thinking"
    """A reply is in the making; nothing of it has been heard."""
    SPEAKING = "speaking"
    """A reply is being heard."""
    ENDED = "ended"

    @property
    def shown_as(self) -> str:
        """What `state_change` calls it."""
        return _SHOWN_AS[self]


_SHOWN_AS = {
    Phase.LISTENING: "listening",
    Phase.HEARING: "listening",
    Phase.ENDPOINTING: "listening",
    Phase.THINKING: "thinking",
    Phase.SPEAKING: "speaking",
    Phase.ENDED: "idle",
}


@dataclass(frozen=True, slots=True)
class Speech:
    """The user's spoken turn in the making: one or more utterances with short pauses between."""

    first_utterance: int
    began_at: float
    ended_at: float
    settled: str = ""
    """What the ear has finalised."""
    interim: str = ""
    """What it may still change."""
    is_paused: bool = False
    """The user is silent."""
    is_final: bool = False
    """The last utterance has been finalised."""
    pause_over: bool = False
    """The pause was long enough, or the user said that the turn is over."""

    @property
    def said(self) -> str:
        return f"{self.settled} {self.interim}".strip()

    def with_piece(self, text: str, *, is_final: bool) -> "Speech":
        if not is_final:
            return replace(self, interim=text)
        return replace(self, settled=f"{self.settled} {text}".strip(), interim="")


@dataclass(frozen=True, slots=True)
class OpenReply:
    """The reply in the making or being heard."""

    attempt: int
    source: Source
    answers: Speech | None = None
    """The spoken turn it answers, which may yet go on."""
    number: int | None = None
    """Given when it is released."""
    resumes: int | None = None


@dataclass(frozen=True, slots=True)
class TurnState:
    phase: Phase = Phase.LISTENING
    turn: int = 0
    """The last user turn that counts."""
    reply: int = 0
    """The last reply number given."""
    attempt: int = 0
    timer: int = 0
    utterance: int = 1
    """The one that is, or will next be, spoken."""
    speech: Speech | None = None
    """In HEARING and ENDPOINTING; in THINKING and SPEAKING, what was said before and may not
    interrupt."""
    open_reply: OpenReply | None = None
    """In THINKING and SPEAKING only."""
