"""What can happen in a conversation. Frozen values, past tense; time comes inside them.

`at` is in seconds on the session's monotonic clock. What belongs to a reply names its `attempt`:
a reply gets its number only when it is released.
"""

from dataclasses import dataclass

from voice.turns.pauses import USUAL_S
from voice.turns.policy import Policy


@dataclass(frozen=True, slots=True)
class Event:
    at: float


@dataclass(frozen=True, slots=True)
class Began(Event):
    """The session runs. Turn and reply numbers go on from what is stored."""

    turn: int = 0
    reply: int = 0
    greeting: str = ""
    """Said first, where the agent speaks first."""
    is_unanswered: bool = False
    """Another process lost or gave up this conversation with the last turn unanswered,"""
    carries: int | None = None
    """or while this reply was being heard."""
    usual_pause_s: float = USUAL_S
    """How this user pauses within a turn, as far as that is known."""


@dataclass(frozen=True, slots=True)
class SpeechStarted(Event):
    began_at: float
    """When the voice really set in, a few frames before it was clear."""
    is_live: bool = True
    """False for what was recorded before the socket was there: it must not interrupt."""
    has_echo: bool = False
    """The microphone hears the assistant loud enough to be taken for a voice."""


@dataclass(frozen=True, slots=True)
class SpeechStopped(Event):
    ended_at: float
    """When the voice really ended; `at` is when the pause was long enough to say so."""
    voiced_s: float | None = None
    """How long it had lasted by its samples; None: as long as the clock says. Sound that was kept
    for a while comes faster than it was spoken."""


@dataclass(frozen=True, slots=True)
class SpeechDipped(Event):
    """The voice fell silent: perhaps a pause, perhaps the gap before a plosive."""

    ended_at: float
    """When it did."""


@dataclass(frozen=True, slots=True)
class SpeechRose(Event):
    """It went on after a dip that was no stop."""


@dataclass(frozen=True, slots=True)
class EndJudged(Event):
    """An audio model has listened to the turn up to this pause."""

    ended_at: float
    """When the voice ended, as in SpeechStopped."""
    probability: float
    """That the turn is over."""


@dataclass(frozen=True, slots=True)
class TranscriptGrew(Event):
    utterance: int
    """Counts what is finalised: the piece of speech that this text belongs to."""
    text: str
    """Of this utterance, whole so far."""
    is_final: bool = False
    is_echo: bool = False
    """These are the words that the assistant is saying."""
    turn_over: bool | None = None
    """What the ear itself thinks of the turn; None where it does not judge turns."""
    is_late: bool = False
    """They belong to an utterance before, of which the ear was taken to have no word."""


@dataclass(frozen=True, slots=True)
class TextTyped(Event):
    text: str


@dataclass(frozen=True, slots=True)
class TurnCommitted(Event):
    """The user said that the turn is over: hold-to-talk was released."""


@dataclass(frozen=True, slots=True)
class StopAsked(Event):
    """The user wants silence: a key or a button."""


@dataclass(frozen=True, slots=True)
class TimerFired(Event):
    serial: int


@dataclass(frozen=True, slots=True)
class ReplyReady(Event):
    """Its first audio is there, held back until it is released."""

    attempt: int


@dataclass(frozen=True, slots=True)
class ReplyOver(Event):
    """All of it has been heard, or there was nothing to hear."""

    attempt: int


@dataclass(frozen=True, slots=True)
class ReplyFailed(Event):
    """It broke off; what was made before is still played and ends with ReplyOver."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Rejoined(Event):
    """A new socket took the place of one that had dropped."""

    reply: int
    """The one that was being heard then."""


@dataclass(frozen=True, slots=True)
class ContextChanged(Event):
    """The agent is told other things, or sounds or listens otherwise, from here on."""

    policy: Policy
    """By which decisions are made, this one included."""


@dataclass(frozen=True, slots=True)
class SayAsked(Event):
    """An operator wants this said."""

    text: str


@dataclass(frozen=True, slots=True)
class HungUp(Event):
    """The user or the server ended the call, or nobody came back in time."""
