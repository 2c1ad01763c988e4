"""What the server says (docs/protocol.md), and its form on the wire.

The name of a field here is its name there.
"""

import base64
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

AUDIO_HEADER = struct.Struct("<II")
"""Reply number, index of the first sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    type: ClassVar[str]

    def as_dict(self) -> dict[str, Any]:
        """The message as on the wire; a field that is None is left out."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"type": self.type} | {k: v for k, v in values.items() if v is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened(Outbound):
    type: ClassVar[str] = "session"
    conversation: str
    session: str
    agent: str
    resumed: bool
    input_hz: int
    output_hz: int
    providers: Mapping[str, list[str]]
    accepts: Sequence[str] = ("echo",)
    """Messages that this server understands and others may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange(Outbound):
    type: ClassVar[str] = "state_change"
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VadStatus(Outbound):
    type: ClassVar[str] = "vad_status"
    speaking: bool
    probability: float
    sample: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptUpdate(Outbound):
    type: ClassVar[str] = "transcript_update"
    turn: int
    reply: int | None = None
    role: str
    text: str
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyStarted(Outbound):
    type: ClassVar[str] = "reply_started"
    reply: int
    turn: int
    source: str
    resumes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyEnded(Outbound):
    type: ClassVar[str] = "reply_ended"
    reply: int
    turn: int
    interrupted: bool
    heard_text: str
    sources: Sequence[Mapping[str, str]] | None = None
    """`title` and `url` of the web pages that it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted(Outbound):
    type: ClassVar[str] = "interrupted"
    reply: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Duck(Outbound):
    type: ClassVar[str] = "duck"
    reply: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unduck(Outbound):
    type: ClassVar[str] = "unduck"
    reply: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioMetrics(Outbound):
    type: ClassVar[str] = "audio_metrics"
    snr_db: float
    peak_dbfs: float
    rms_dbfs: float
    clipping: float
    """Share of samples at full scale, 0 to 1."""
    quality: int
    """0 to 100 (voice/audio/quality.py says of what)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnMetrics(Outbound):
    type: ClassVar[str] = "turn_metrics"
    turn: int
    reply: int
    final: bool
    vad_end_ms: float
    stt_ms: float
    recall_ms: float
    llm_ttft_ms: float
    clause_ms: float
    tts_ttfb_ms: float
    capture_ms: float
    network_ms: float
    play_ms: float
    total_ms: float
    cache_hit: bool
    speculated: int
    """How often this turn was answered before it was known to be over,"""
    adopted: bool
    """and whether one of those answers is this."""
    providers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextUpdated(Outbound):
    type: ClassVar[str] = "context_updated"
    version: int
    """Of the agent."""
    own_version: int
    """Of what is told in this conversation beside it; 0 for nothing."""
    by: str
    """Who changed it, "" where that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Outbound):
    type: ClassVar[str] = "notice"
    level: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Error(Outbound):
    type: ClassVar[str] = "error"
    code: str | int
    message: str
    retryable: bool
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong(Outbound):
    type: ClassVar[str] = "pong"
    t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Outbound):
    """The typed turn of this id is the session's now: it need not be sent again."""

    type: ClassVar[str] = "taken"
    id: str


def audio_frame(reply: int, sample: int, pcm: bytes) -> bytes:
    """Reply audio as a binary frame."""
    return AUDIO_HEADER.pack(reply, sample) + pcm


def audio_message(reply: int, sample: int, pcm: bytes) -> dict[str, Any]:
    """The same for a client that asked for `audio=base64`."""
    data = base64.b64encode(pcm).decode("ascii")
    return {"type": "audio", "reply": reply, "sample": sample, "data": data}
