import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice import wire


def parse(rate_hz: int = 16_000, **message: object) -> wire.Inbound:
    return wire.parse_text(json.dumps(message), rate_hz=rate_hz)


def refusal(frame: str) -> str:
    with pytest.raises(wire.Malformed) as caught:
        wire.parse_text(frame, rate_hz=16_000)
    return caught.value.code


@pytest.mark.parametrize(
    ("message", "parsed"),
    [
        ({"type": "text", "text": " hello "}, wire.Text("hello")),
        ({"type": "text", "text": "hello", "id": "a-1"}, wire.Text("hello", "a-1")),
        ({"type": "commit"}, wire.Commit()),
        ({"type": "interrupt"}, wire.Interrupt()),
        ({"type": "mute", "muted": True}, wire.Mute(True)),
        ({"type": "backlog", "ms": 9800}, wire.Backlog(9800.0)),
        ({"type": "live"}, wire.Live()),
        (
            {"type": "echo", "heard": True, "level_db": -12.5, "path": "loop"},
            wire.Echo(True, -12.5),
        ),
        ({"type": "ping", "t": 123.4}, wire.Ping(123.4)),
        ({"type": "end"}, wire.End()),
        ({"type": "playback", "reply": 7, "played_ms": 1240}, wire.Playback(7, 1240.0)),
        (
            {
                "type": "playback",
                "reply": 7,
                "played_ms": 0,
                "underruns": 2,
                "mic_sample": 5,
                "reply_sample": 6,
            },
            wire.Playback(7, 0.0, 2, 5, 6),
        ),
        (
            {
                "type": "heard",
                "reply": 1,
                "capture_ms": 20,
                "network_ms": 3,
                "play_ms": 40,
                "total_ms": 700,
            },
            wire.Heard(1, 20.0, 3.0, 40.0, 700.0),
        ),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_every_message_of_the_protocol_is_understood(message, parsed):
    assert parse(**message) == parsed


def test_fields_that_are_not_known_are_ignored():
    assert parse(type="commit", colour="blue") == wire.Commit()


def test_base64_audio_is_the_same_as_binary():
    data = base64.b64encode(b"\1\0\2\0").decode()

    assert parse(type="audio", data=data) == wire.parse_binary(b"\1\0\2\0")


def test_audio_of_another_rate_than_the_connection_promised_is_refused():
    with pytest.raises(wire.Malformed, match="16000 Hz"):
        parse(type="audio", data="AAAA", sample_rate=8000)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", "not_json"),
        ("{", "not_json"),
        ("[]", "not_json"),
        ("null", "not_json"),
        ("[" * 100_000, "not_json"),
        ("{}", "unknown_type"),
        ('{"type": "dance"}', "unknown_type"),
        ('{"type": ["text"]}', "unknown_type"),
        ('{"type": "text"}', "bad_field"),
        ('{"type": "text", "text": "  "}', "bad_field"),
        ('{"type": "text", "text": 5}', "bad_field"),
        ('{"type": "mute", "muted": 1}', "bad_field"),
        ('{"type": "playback", "reply": 0, "played_ms": 1}', "bad_field"),
        ('{"type": "playback", "reply": 1.5, "played_ms": 1}', "bad_field"),
        ('{"type": "playback", "reply": true, "played_ms": 1}', "bad_field"),
        ('{"type": "playback", "reply": 1, "played_ms": NaN}', "bad_field"),
        ('{"type": "playback", "reply": 1, "played_ms": -1}', "bad_field"),
        ('{"type": "playback", "reply": 1e300, "played_ms": 1}', "bad_field"),
        ('{"type": "heard", "reply": 1}', "bad_field"),
        ('{"type": "ping"}', "bad_field"),
        ('{"type": "audio", "data": "not base64!"}', "bad_field"),
        ('{"type": "audio"}', "bad_field"),
        ('{"type": "audio", "data": ""}', "empty_audio"),
        ('{"type": "audio", "data": "AAAAAAAA"}', None),
    ],
)
def test_what_is_wrong_gets_a_code_of_its_own(frame, code):
    if code is None:
        assert isinstance(wire.parse_text(frame, rate_hz=16_000), wire.MicAudio)
    else:
        assert refusal(frame) == code


def test_text_of_a_megabyte_is_refused():
    assert refusal(json.dumps({"type": "text", "text": "x" * 1_000_000})) == "oversized_text"


@pytest.mark.parametrize(
    ("frame", "code"),
    [(b"", "empty_audio"), (b"abc", "odd_audio"), (bytes(32 * 1024 + 2), "oversized_audio")],
)
def test_audio_frames_of_a_wrong_length_are_refused(frame, code):
    with pytest.raises(wire.Malformed) as caught:
        wire.parse_binary(frame)

    assert caught.value.code == code


def test_what_postgres_cannot_store_is_taken_out_of_typed_text():
    assert parse(type="text", text="a\0b\ud800") == wire.Text("ab?")


@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_no_text_frame_raises_anything_but_malformed(frame):
    with contextlib.suppress(wire.Malformed):
        assert wire.parse_text(frame, rate_hz=16_000)
