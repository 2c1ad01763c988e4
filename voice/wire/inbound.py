"""What a client says (docs/protocol.md), as values; parsing.py makes them out of its frames."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MicAudio:
    pcm: bytes
    """Mono s16le at the connection's `rate`."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    id: str = ""
    """By which it is the same when it is sent again; "" where it never is."""


@dataclass(frozen=True, slots=True)
class Commit:
    pass


@dataclass(frozen=True, slots=True)
class Interrupt:
    pass


@dataclass(frozen=True, slots=True)
class Playback:
    reply: int
    played_ms: float
    underruns: int = 0
    mic_sample: int | None = None
    reply_sample: int | None = None


@dataclass(frozen=True, slots=True)
class Echo:
    """What the client found out about its own speaker: whether its microphone hears it."""

    heard: bool
    level_db: float
    """Against the sound as it was played."""


@dataclass(frozen=True, slots=True)
class Heard:
    reply: int
    capture_ms: float
    network_ms: float
    play_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True)
class Mute:
    muted: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    ms: float


@dataclass(frozen=True, slots=True)
class Live:
    pass


@dataclass(frozen=True, slots=True)
class Ping:
    t: float


@dataclass(frozen=True, slots=True)
class End:
    pass


Inbound = (
    MicAudio
    | Text
    | Commit
    | Interrupt
    | Playback
    | Heard
    | Echo
    | Mute
    | Backlog
    | Live
    | Ping
    | End
)
