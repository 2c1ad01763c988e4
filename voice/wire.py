"""The messages of the voice WebSocket (docs/protocol.md), in and out: parsed and serialised.

No socket and no session here. A field is spelled here as on the wire, and only here.
"""

import base64
import binascii
import json
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

MESSAGE_BYTES_MAX = 2 * 1024 * 1024
"""Above this the server closes with 1009 before we see anything."""
AUDIO_BYTES_MAX = 32 * 1024
TEXT_CHARS_MAX = 4_000
AUDIO_HEADER = struct.Struct("<II")
"""Reply number, index of the first sample."""


class Malformed(ValueError):
    """A message we cannot use. `str()` tells the client's author what is wrong with it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


# --- client → server ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MicAudio:
    pcm: bytes
    """Mono s16le at the connection's `rate`."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str


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


def parse_binary(frame: bytes) -> MicAudio:
    """Raises Malformed on an empty, odd or oversized frame."""
    if not frame:
        raise Malformed("empty_audio", "A binary frame must hold samples; this one is empty.")
    if len(frame) % 2:
        raise Malformed(
            "odd_audio", f"Audio is 16-bit samples: {len(frame)} bytes is not an even length."
        )
    if len(frame) > AUDIO_BYTES_MAX:
        raise Malformed(
            "oversized_audio",
            f"{len(frame)} bytes are above the {AUDIO_BYTES_MAX} of a frame; send 20 ms at a time.",
        )
    return MicAudio(frame)


def parse_text(frame: str, *, rate_hz: int) -> Inbound:
    """rate_hz: what this connection said it sends. Raises Malformed on anything unknown."""
    message = _object(frame)
    kind = message.get("type")
    parser = _PARSERS.get(kind) if isinstance(kind, str) else None
    if parser is None:
        raise Malformed(
            "unknown_type",
            f"Unknown message type {str(kind)[:40]!r}; known are: {', '.join(_PARSERS)}.",
        )
    return parser(message, rate_hz)


def _object(frame: str) -> dict[str, Any]:
    try:
        message = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise Malformed("not_json", "A text frame must be one JSON object.") from error
    if not isinstance(message, dict):
        raise Malformed("not_json", "A text frame must be one JSON object.")
    return message


def _flag(message: Mapping[str, Any], key: str) -> bool:
    value = message.get(key)
    if not isinstance(value, bool):
        raise Malformed("bad_field", f"“{key}” must be true or false.")
    return value


def _number(message: Mapping[str, Any], key: str, *, least: float = 0) -> float:
    value = message.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Malformed("bad_field", f"“{key}” must be a number.")
    if not least <= value <= 2**53:
        raise Malformed("bad_field", f"“{key}” must be {least:g} or more.")
    return float(value)


def _integer(message: Mapping[str, Any], key: str, *, least: int = 0) -> int:
    value = _number(message, key, least=least)
    if value != int(value):
        raise Malformed("bad_field", f"“{key}” must be a whole number.")
    return int(value)


def _optional(message: Mapping[str, Any], key: str) -> int | None:
    return None if message.get(key) is None else _integer(message, key)


def _parse_audio(message: Mapping[str, Any], rate_hz: int) -> MicAudio:
    data = message.get("data")
    if not isinstance(data, str):
        raise Malformed("bad_field", "“data” must be base64 text.")
    if message.get("sample_rate", rate_hz) != rate_hz:
        raise Malformed(
            "bad_rate", f"This connection sends {rate_hz} Hz; connect with ?rate=… for another."
        )
    try:
        return parse_binary(base64.b64decode(data, validate=True))
    except binascii.Error as error:
        raise Malformed("bad_field", "“data” must be base64 text.") from error


def _parse_typed(message: Mapping[str, Any], rate_hz: int) -> Text:
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Malformed("bad_field", "“text” must be text that is not empty.")
    if len(text) > TEXT_CHARS_MAX:
        raise Malformed(
            "oversized_text",
            f"A typed turn may have {TEXT_CHARS_MAX:,} characters; this has {len(text):,}.",
        )
    # PostgreSQL stores no NUL and UTF-8 has no lone surrogates.
    return Text(text.replace("\0", "").encode("utf-8", "replace").decode().strip())


def _parse_playback(message: Mapping[str, Any], rate_hz: int) -> Playback:
    return Playback(
        reply=_integer(message, "reply", least=1),
        played_ms=_number(message, "played_ms"),
        underruns=_optional(message, "underruns") or 0,
        mic_sample=_optional(message, "mic_sample"),
        reply_sample=_optional(message, "reply_sample"),
    )


def _parse_echo(message: Mapping[str, Any], rate_hz: int) -> Echo:
    return Echo(_flag(message, "heard"), _number(message, "level_db", least=-200))


def _parse_heard(message: Mapping[str, Any], rate_hz: int) -> Heard:
    parts = ("capture_ms", "network_ms", "play_ms", "total_ms")
    return Heard(_integer(message, "reply", least=1), *(_number(message, part) for part in parts))


def _parse_mute(message: Mapping[str, Any], rate_hz: int) -> Mute:
    return Mute(_flag(message, "muted"))


_PARSERS: dict[str, Callable[[Mapping[str, Any], int], Inbound]] = {
    "audio": _parse_audio,
    "text": _parse_typed,
    "commit": lambda message, rate_hz: Commit(),
    "interrupt": lambda message, rate_hz: Interrupt(),
    "playback": _parse_playback,
    "heard": _parse_heard,
    "echo": _parse_echo,
    "mute": _parse_mute,
    "backlog": lambda message, rate_hz: Backlog(_number(message, "ms")),
    "live": lambda message, rate_hz: Live(),
    "ping": lambda message, rate_hz: Ping(_number(message, "t", least=-(2**53))),
    "end": lambda message, rate_hz: End(),
}


# --- server → client ----------------------------------------------------------------------------
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


def audio_frame(reply: int, sample: int, pcm: bytes) -> bytes:
    """Reply audio as a binary frame."""
    return AUDIO_HEADER.pack(reply, sample) + pcm


def audio_message(reply: int, sample: int, pcm: bytes) -> dict[str, Any]:
    """The same for a client that asked for `audio=base64`."""
    data = base64.b64encode(pcm).decode("ascii")
    return {"type": "audio", "reply": reply, "sample": sample, "data": data}
