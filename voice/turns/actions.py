"""What the session is asked to do. Frozen values, imperative; none of them says how."""

from dataclasses import dataclass
from typing import Literal

Source = Literal["model", "greeting", "operator", "resumed"]


@dataclass(frozen=True, slots=True)
class Finalise:
    """Ask the ear for all of this utterance; the next piece of speech is another one."""

    utterance: int


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Answered by TimerFired. Never cancelled: only the latest serial counts."""

    serial: int
    delay_s: float


@dataclass(frozen=True, slots=True)
class ShowCaption:
    """The user's words so far; an empty final text takes the caption away."""

    turn: int
    text: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class RecordTurn:
    """Keep what the user said. May come again, longer, for the same turn."""

    turn: int
    text: str
    source: Literal["spoken", "typed"]
    began_at: float
    ended_at: float


@dataclass(frozen=True, slots=True)
class StartReply:
    """Answer the turn, holding the audio back until ReleaseReply."""

    attempt: int
    turn: int
    pause_s: float = 0.0
    """How much silence the turn's end was waited for."""


@dataclass(frozen=True, slots=True)
class Speculate:
    """Answer what the turn may turn out to be, holding the audio back. Adopted or dropped; until
    then nothing that it does may have an effect."""

    attempt: int
    turn: int
    text: str
    """What the user has said so far."""


@dataclass(frozen=True, slots=True)
class AdoptReply:
    """The turn was what it had been taken for: this attempt answers it. If its first audio is
    there, ReplyReady tells so again."""

    attempt: int
    turn: int
    pause_s: float
    """As of StartReply."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak this greeting, or these words of an operator, held back likewise."""

    attempt: int
    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class ResumeReply:
    """Carry the reply `resumes` on from its first unheard word under a new attempt."""

    attempt: int
    turn: int
    resumes: int


@dataclass(frozen=True, slots=True)
class ReleaseReply:
    """Let it be heard. It has a number now."""

    attempt: int
    reply: int
    turn: int
    source: Source
    resumes: int | None = None


@dataclass(frozen=True, slots=True)
class DropReply:
    """Nobody heard of it and nobody will."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Duck:
    """Play on softly: somebody speaks, and it is not clear whether they interrupt."""

    reply: int


@dataclass(frozen=True, slots=True)
class Unduck:
    """They don't: back to full level."""

    reply: int


@dataclass(frozen=True, slots=True)
class CloseReply:
    """It has been heard to its end."""

    attempt: int
    reply: int


@dataclass(frozen=True, slots=True)
class InterruptReply:
    """Silence it at once and for good; keep what was heard."""

    attempt: int
    reply: int


@dataclass(frozen=True, slots=True)
class ReportFailure:
    """Tell the user that there is no answer, or not all of it."""

    turn: int


@dataclass(frozen=True, slots=True)
class EndSession:
    pass


Action = (
    Finalise
    | SetTimer
    | ShowCaption
    | RecordTurn
    | StartReply
    | Speculate
    | AdoptReply
    | Say
    | ResumeReply
    | ReleaseReply
    | DropReply
    | Duck
    | Unduck
    | CloseReply
    | InterruptReply
    | ReportFailure
    | EndSession
)
