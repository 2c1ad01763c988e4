"""Where a conversation stands: one frozen value, changed only by the transitions."""

from dataclasses import dataclass, field, replace
from enum import Enum

from voice.turns.actions import Source
from voice.turns.pauses import Habit


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
    """What the user says in one go: one or more utterances with short pauses between. A turn in the
    making, or, over a reply, what may yet become one."""

    first_utterance: int
    began_at: float
    ended_at: float
    """Of the last voiced sample before the dip or pause that it is in."""
    voiced_from: float
    """When the voice set in that goes on, or was the last to."""
    voiced_s: float = 0.0
    """How long the voice lasted before that."""
    settled: str = ""
    """What the ear has finalised."""
    interim: str = ""
    """What it may still change."""
    interim_of: int = 0
    """The utterance that this is the text of."""
    is_live: bool = True
    """False for what was recorded earlier: it interrupts nobody."""
    has_echo: bool = False
    """It may be the assistant that is heard."""
    is_dipped: bool = False
    """The voice has just fallen silent."""
    is_paused: bool = False
    """It has been silent for long enough to ask the ear for all of it."""
    asked_at: float = 0.0
    """When the ear was."""
    is_final: bool = False
    """The last utterance has been finalised."""
    is_committed: bool = False
    """The user said that the turn is over."""
    gap_s: float = 0.0
    """The pause that it went on after, while no word has come since."""
    has_pauses: bool = False
    """More words came after a pause."""
    is_echo: bool = False
    """Its words are the assistant's own."""
    has_passed: bool = False
    """It was no interruption so far."""
    has_interrupted: bool = False
    """Its words stopped a reply."""
    ends_probability: float | None = None
    """What an audio model thinks of the pause that it is in."""
    turn_over: bool | None = None
    """What the ear thinks, where it judges turns."""

    @property
    def said(self) -> str:
        return f"{self.settled} {self.interim}".strip()

    @property
    def is_silent(self) -> bool:
        return self.is_dipped or self.is_paused

    def spoken_s(self, now: float) -> float:
        """How long the voice has lasted, pauses not counted."""
        until = self.ended_at if self.is_silent else now
        return self.voiced_s + max(0.0, until - self.voiced_from)

    def dipped(self, ended_at: float) -> "Speech":
        return replace(self, is_dipped=True, ended_at=ended_at)

    def paused(self, ended_at: float, *, at: float, voiced_s: float | None = None) -> "Speech":
        if voiced_s is None:
            voiced_s = max(0.0, ended_at - self.voiced_from)
        return replace(
            self,
            is_dipped=False,
            is_paused=True,
            ended_at=ended_at,
            voiced_from=ended_at,
            voiced_s=self.voiced_s + voiced_s,
            asked_at=at,
        )

    def going_on(self, from_s: float) -> "Speech":
        """The voice is there again after a pause."""
        return replace(
            self,
            voiced_s=self.spoken_s(from_s),
            voiced_from=from_s,
            gap_s=from_s - self.ended_at,
            is_dipped=False,
            is_paused=False,
            is_final=False,
            is_committed=False,
            ends_probability=None,
            turn_over=None,
        )

    def with_piece(self, text: str, *, is_final: bool) -> "Speech":
        if not is_final:
            return replace(self, interim=text)
        return replace(self, settled=f"{self.settled} {text}".strip(), interim="")


@dataclass(frozen=True, slots=True)
class Speculation:
    """A reply to what the turn in the making may turn out to be."""

    attempt: int
    text: str
    """What it answers."""


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
    """In HEARING and ENDPOINTING; in THINKING and SPEAKING, what is said over the reply."""
    wordless: Speech | None = None
    """What was forgotten last since the ear had no word of it; its words may yet come."""
    open_reply: OpenReply | None = None
    """In THINKING and SPEAKING only."""
    is_ducked: bool = False
    """It plays softly; in SPEAKING only."""
    speculation: Speculation | None = None
    """In HEARING and ENDPOINTING only."""
    speculated: int = 0
    """How often, in the turn that was last begun."""
    habit: Habit = field(default_factory=Habit)
    """How this user pauses."""
    sayings: tuple[str, ...] = ()
    """What operators want said as soon as nobody has the floor, the oldest first."""
