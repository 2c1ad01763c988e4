import base64
import struct

from voice import wire
from voice.edge.plain import PlainForms


def test_audio_carries_its_reply_and_its_place_in_it():
    frame = wire.audio_frame(7, 960, b"\1\0\2\0")

    assert struct.unpack("<II", frame[:8]) == (7, 960)
    assert frame[8:] == b"\1\0\2\0"


def test_audio_for_json_clients_carries_the_same():
    assert wire.audio_message(7, 960, b"\1\0") == {
        "type": "audio",
        "reply": 7,
        "sample": 960,
        "data": base64.b64encode(b"\1\0").decode(),
    }


def test_fields_without_a_value_are_left_out():
    caption = wire.TranscriptUpdate(turn=1, role="user", text="hi", is_final=True)

    assert caption.as_dict() == {
        "type": "transcript_update",
        "turn": 1,
        "role": "user",
        "text": "hi",
        "is_final": True,
    }


def caption(reply: int, text: str, *, is_final: bool = False) -> wire.TranscriptUpdate:
    return wire.TranscriptUpdate(
        turn=1, reply=reply, role="assistant", text=text, is_final=is_final
    )


def test_a_plain_client_gets_the_reply_in_chunks_that_add_up():
    plain = PlainForms()

    chunks = [
        form["data"]
        for message in (caption(1, "One."), caption(1, "One. Two."), caption(2, "Next."))
        for form in plain.of(message)
    ]

    assert chunks == ["One.", " Two.", "Next."]
    assert plain.of(caption(2, "Next.", is_final=True)) == []


def test_a_plain_client_is_told_the_status():
    plain, said = PlainForms(), {"reply": 1, "turn": 1, "heard_text": ""}

    assert plain.of(wire.StateChange(state="thinking")) == [
        {"type": "status", "data": "generating"}
    ]
    assert plain.of(wire.Interrupted(reply=1)) == [{"type": "status", "data": "interrupted"}]
    assert plain.of(wire.ReplyEnded(interrupted=False, **said)) == [
        {"type": "status", "data": "complete"}
    ]
    assert plain.of(wire.ReplyEnded(interrupted=True, **said)) == []


def test_a_plain_client_finds_what_went_wrong_where_it_looks_for_data():
    error = wire.Error(code="odd_audio", message="Odd.", retryable=False)

    assert PlainForms().full(error)["data"] == "Odd."


def test_how_good_the_sound_is_goes_out_in_numbers():
    metrics = wire.AudioMetrics(
        snr_db=23.5, peak_dbfs=-6.1, rms_dbfs=-24.0, clipping=0.0012, quality=87
    )

    assert metrics.as_dict() == {
        "type": "audio_metrics",
        "snr_db": 23.5,
        "peak_dbfs": -6.1,
        "rms_dbfs": -24.0,
        "clipping": 0.0012,
        "quality": 87,
    }
