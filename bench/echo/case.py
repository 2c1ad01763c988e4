"""What is tried and what came of it: a room, a defence, an outcome."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Defence:
    name: str
    canceller: bool = False
    """From the beginning."""
    switches: bool = False
    """The canceller is switched on once an echo is heard."""
    guard: bool = False
    text: bool = False


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
    noticed_s: list[float] = field(default_factory=list)
    """From the onset of a true interruption until the reply is ducked,"""
    stopped_s: list[float] = field(default_factory=list)
    """and until it is stopped."""

    def add(self, other: "Outcome") -> None:
        self.replies += other.replies
        self.false_ducks += other.false_ducks
        self.false_interruptions += other.false_interruptions
        self.false_turns += other.false_turns
        self.interruptions += other.interruptions
        self.noticed_s += other.noticed_s
        self.stopped_s += other.stopped_s
