"""A conversation as it was planned: who says what when, and how long everybody takes.

Seconds count from the moment at which the user's first socket has its `session`.
"""

import math
from dataclasses import dataclass, field

from voice.providers.protocols import OUTPUT_HZ
from voice.turns.policy import Policy


# --- the user -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Says:
    """Into the microphone. With no text it is a cough, or a door."""

    from_s: float
    to_s: float
    text: str = ""
    """What the ear will make of it; a word once its middle has been heard."""
    probability: float = 1.0
    """What the VAD makes of it."""


@dataclass(frozen=True, slots=True)
class Types:
    at_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Commits:
    """Lets go of the key: the turn is over."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Stops:
    """Presses stop."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Mutes:
    at_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class Drops:
    """The network goes away."""

    at_s: float
    back_s: float | None = None
    """When the client has a new socket; None: it never comes back."""
    noticed: bool = True
    """Otherwise the server believes in the old socket until the new one is there."""


Step = Says | Types | Commits | Stops | Mutes | Drops


# --- the staff ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Saves:
    """The agent, with other instructions."""

    at_s: float
    instructions: str
    is_told: bool = True
    """Otherwise the message to the sessions is lost."""


@dataclass(frozen=True, slots=True)
class Announces:
    """Has this said."""

    at_s: float
    text: str


# --- who serves them ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Tells:
    """A piece that the ear tells unasked, whatever it hears."""

    at_s: float
    text: str
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Ear:
    """An interim transcript `lag_s` after its words, every `interim_every_s` (None: never); all of
    it `final_s` after it was asked (None: never)."""

    interim_every_s: float | None = 0.2
    lag_s: float = 0.15
    final_s: float | None = 0.15
    tells: tuple[Tells, ...] = ()
    breaks_at_s: tuple[float, ...] = ()
    """When the connection of the moment breaks."""


@dataclass(frozen=True, slots=True)
class Model:
    """Answers the first turn so, and so on; the last repeats."""

    answers: tuple[str, ...] = ("It is noon.",)
    ttft_s: float = 0.2
    tokens_per_s: float = 100.0
    failures: tuple[int, ...] = ()
    """Requests (0, 1, …) that break off after the first token,"""
    hangs: tuple[int, ...] = ()
    """and those that give nothing more after it."""
    remembers: tuple[int, ...] = ()
    """Requests that ask for the tool `remember` instead."""


@dataclass(frozen=True, slots=True)
class Voice:
    """`character_s` of sound for each character, first after `ttfb_s`, then at `real_time` of the
    time that it takes to hear it."""

    ttfb_s: float = 0.12
    real_time: float = 0.2
    character_s: float = 1 / 15
    chunk_s: float = 0.1
    failures: tuple[int, ...] = ()
    """Sentences that break off after the first chunk."""

    def samples(self, text: str) -> int:
        """Of this sentence."""
        return int(len(text) * self.character_s * OUTPUT_HZ)


@dataclass(frozen=True, slots=True)
class Client:
    network_s: float = 0.0
    """One way."""
    buffer_s: float = 0.0
    """What it gathers before it plays."""
    reports: bool = True
    """Otherwise it never says what it has played."""
    heard_s: float | None = None
    """So long after the first sound of a reply it says when it was heard; None: never."""


@dataclass(frozen=True, slots=True)
class Database:
    away: tuple[tuple[float, float], ...] = ()
    """From when to when."""


# --- all of it ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Timeline:
    user: tuple[Step, ...] = ()
    staff: tuple[Saves | Announces, ...] = ()
    """In order."""
    ear: Ear = Ear()
    model: Model = Model()
    voice: Voice = Voice()
    client: Client = Client()
    database: Database = Database()
    greeting: str = ""
    resume_window_s: float = 30.0
    ends_s: float = 0.0
    """When the user hangs up; 0: 10 s after the last thing they do."""
    microphone_off_s: float = math.inf
    """From then on no sound comes."""
    policy: Policy = field(default_factory=Policy)

    @property
    def hangs_up_s(self) -> float:
        return self.ends_s or max(map(_end_s, self.user), default=0.0) + 10.0


def _end_s(step: Step) -> float:
    match step:
        case Says():
            return step.to_s
        case Mutes():
            return step.until_s
        case Drops():
            return step.back_s or step.at_s
    return step.at_s
