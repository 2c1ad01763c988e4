import numpy as np
import pytest

from voice.audio import pcm


def sine(amplitude: float, *, seconds: float = 1.0, rate_hz: int = 16_000, hz: int = 440) -> bytes:
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    return pcm.from_float(np.asarray(amplitude * np.sin(2 * np.pi * hz * time), np.float32))


def test_every_sample_survives_the_way_to_float_and_back():
    every_sample = np.arange(-32768, 32768).astype("<i2").tobytes()

    assert pcm.from_float(pcm.to_float(every_sample)) == every_sample


def test_what_is_too_loud_is_clipped_and_does_not_wrap_around():
    loud = pcm.from_float(np.array([1.5, -1.5], np.float32))

    assert np.frombuffer(loud, "<i2").tolist() == [32767, -32768]


def test_half_a_sample_is_an_error():
    with pytest.raises(ValueError, match="3 bytes"):
        pcm.to_float(b"abc")


@pytest.mark.parametrize(
    ("sound", "rms", "peak"),
    [
        (sine(1.0), -3.01, 0.0),
        (sine(0.1), -23.01, -20.0),
        (bytes(640), pcm.SILENCE_DBFS, pcm.SILENCE_DBFS),
        (b"", pcm.SILENCE_DBFS, pcm.SILENCE_DBFS),
    ],
)
def test_levels_are_given_below_full_scale(sound, rms, peak):
    assert pcm.rms_dbfs(sound) == pytest.approx(rms, abs=0.05)
    assert pcm.peak_dbfs(sound) == pytest.approx(peak, abs=0.05)


def test_durations_and_byte_counts_agree():
    assert pcm.byte_count(0.02, 16_000) == 640
    assert pcm.duration_s(pcm.silence(0.25, 24_000), 24_000) == 0.25
