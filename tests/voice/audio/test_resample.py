import numpy as np
import pytest

from tests.voice.audio.test_pcm import sine
from voice.audio.pcm import byte_count, duration_s, rms_dbfs
from voice.audio.resample import Resampler

RATES_HZ = (8000, 16000, 24000, 44100, 48000)


def in_pieces(resampler: Resampler, sound: bytes, piece_bytes: int) -> list[bytes]:
    pieces = [sound[i : i + piece_bytes] for i in range(0, len(sound), piece_bytes)]
    return [resampler.feed(piece) for piece in pieces]


@pytest.mark.parametrize("from_hz", RATES_HZ)
def test_a_tone_keeps_its_length_its_pitch_and_its_loudness(from_hz):
    tone = sine(0.5, seconds=1.0, rate_hz=from_hz, hz=1000)
    resampler = Resampler(from_hz, 16_000)

    sound = b"".join(in_pieces(resampler, tone, byte_count(0.02, from_hz))) + resampler.flush()

    assert duration_s(sound, 16_000) == pytest.approx(1.0, abs=0.001)
    middle = np.frombuffer(sound, "<i2")[4000:12000]
    assert np.argmax(np.abs(np.fft.rfft(middle))) * 2 == 1000
    assert rms_dbfs(middle.tobytes()) == pytest.approx(-9.03, abs=0.1)


@pytest.mark.parametrize("from_hz", [24000, 44100, 48000])
def test_what_the_lower_rate_cannot_hold_does_not_come_back_as_another_tone(from_hz):
    resampler = Resampler(from_hz, 16_000)

    sound = resampler.feed(sine(0.5, rate_hz=from_hz, hz=10_000)) + resampler.flush()

    assert rms_dbfs(sound[4000:-4000]) < -70


def test_equal_rates_hand_the_very_same_bytes_through():
    chunk = sine(0.5)

    assert Resampler(16_000, 16_000).feed(chunk) is chunk


@pytest.mark.parametrize("from_hz", [24000, 44100, 48000])
def test_sound_is_held_back_only_briefly(from_hz):
    resampler = Resampler(from_hz, 16_000)
    given = came = worst = 0.0

    for sound in in_pieces(resampler, sine(0.5, rate_hz=from_hz), byte_count(0.02, from_hz)):
        given, came = given + 0.02, came + duration_s(sound, 16_000)
        worst = max(worst, given - came)

    assert worst < 0.025


def test_half_a_sample_is_an_error():
    with pytest.raises(ValueError, match="middle of a sample"):
        Resampler(48_000, 16_000).feed(b"abc")
