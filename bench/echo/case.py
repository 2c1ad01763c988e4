"""What is tried and what came of it: a room, how the session is set up, an outcome."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SetUp:
    """A way in which the product is run, and who its client and its ear are."""

    name: str
    reports_positions: bool = True
    """The client says where in its microphone's stream a reply is heard: without, nothing but the
    words tells an echo."""
    cancels_echo: bool = False
    """ECHO_CANCELLER."""
    hears_echo: bool = True
    """The ear makes words of an echo; the offline one makes none."""
    speech_only: bool = False
    """The ear is sent nothing but what VAD takes for speech."""


@dataclass(frozen=True, slots=True)
class Setting:
    room: str
    gain_db: float | None
    """None without any echo."""
    delay_s: float
    seed: int
    replies: int
    is_interrupted: bool
    """Somebody talks over each reply."""


@dataclass
class Outcome:
    replies: int = 0
    false_ducks: int = 0
    false_interruptions: int = 0
    false_turns: int = 0
    interruptions: int = 0
    """True ones: those over a reply that something else had cut are none."""
    heard_turns: int = 0
    """So many had words taken as a turn."""
    noticed_s: list[float] = field(default_factory=list)
    """From the onset of a true interruption until the speaker is soft,"""
    stopped_s: list[float] = field(default_factory=list)
    """and until it is silent."""

    def add(self, other: "Outcome") -> None:
        self.replies += other.replies
        self.false_ducks += other.false_ducks
        self.false_interruptions += other.false_interruptions
        self.false_turns += other.false_turns
        self.interruptions += other.interruptions
        self.heard_turns += other.heard_turns
        self.noticed_s += other.noticed_s
        self.stopped_s += other.stopped_s
