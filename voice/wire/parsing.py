"""Frames of a client, parsed into what it says; one that cannot be used is Malformed.

A field is spelled here as on the wire, and only here.
"""

import base64
import binascii
from collections.abc import Callable

from voice.wire.fields import (
    Fields,
    Malformed,
    flag,
    integer,
    integer_or_none,
    json_object,
    number,
)
from voice.wire.inbound import (
    Backlog,
    Commit,
    Echo,
    End,
    Heard,
    Inbound,
    Interrupt,
    Live,
    MicAudio,
    Mute,
    Ping,
    Playback,
    Text,
)

AUDIO_BYTES_MAX = 32 * 1024
TEXT_CHARS_MAX = 4_000
ID_CHARS_MAX = 64


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
    message = json_object(frame)
    kind = message.get("type")
    parser = _PARSERS.get(kind) if isinstance(kind, str) else None
    if parser is None:
        raise Malformed(
            "unknown_type",
            f"Unknown message type {str(kind)[:40]!r}; known are: {', '.join(_PARSERS)}.",
        )
    return parser(message, rate_hz)


def _parse_audio(message: Fields, rate_hz: int) -> MicAudio:
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


def _parse_typed(message: Fields, rate_hz: int) -> Text:
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Malformed("bad_field", "“text” must be text that is not empty.")
    if len(text) > TEXT_CHARS_MAX:
        raise Malformed(
            "oversized_text",
            f"A typed turn may have {TEXT_CHARS_MAX:,} characters; this has {len(text):,}.",
        )
    # PostgreSQL stores no NUL and UTF-8 has no lone surrogates.
    text = text.replace("\0", "").encode("utf-8", "replace").decode().strip()
    return Text(text, _id_of(message))


def _id_of(message: Fields) -> str:
    value = message.get("id", "")
    if not isinstance(value, str) or len(value) > ID_CHARS_MAX:
        raise Malformed("bad_field", f"“id” must be text of at most {ID_CHARS_MAX} characters.")
    return value


def _parse_playback(message: Fields, rate_hz: int) -> Playback:
    return Playback(
        reply=integer(message, "reply", least=1),
        played_ms=number(message, "played_ms"),
        underruns=integer_or_none(message, "underruns") or 0,
        mic_sample=integer_or_none(message, "mic_sample"),
        reply_sample=integer_or_none(message, "reply_sample"),
    )


def _parse_echo(message: Fields, rate_hz: int) -> Echo:
    return Echo(flag(message, "heard"), number(message, "level_db", least=-200))


def _parse_heard(message: Fields, rate_hz: int) -> Heard:
    parts = ("capture_ms", "network_ms", "play_ms", "total_ms")
    return Heard(integer(message, "reply", least=1), *(number(message, part) for part in parts))


def _parse_mute(message: Fields, rate_hz: int) -> Mute:
    return Mute(flag(message, "muted"))


_PARSERS: dict[str, Callable[[Fields, int], Inbound]] = {
    "audio": _parse_audio,
    "text": _parse_typed,
    "commit": lambda message, rate_hz: Commit(),
    "interrupt": lambda message, rate_hz: Interrupt(),
    "playback": _parse_playback,
    "heard": _parse_heard,
    "echo": _parse_echo,
    "mute": _parse_mute,
    "backlog": lambda message, rate_hz: Backlog(number(message, "ms")),
    "live": lambda message, rate_hz: Live(),
    "ping": lambda message, rate_hz: Ping(number(message, "t", least=-(2**53))),
    "end": lambda message, rate_hz: End(),
}
