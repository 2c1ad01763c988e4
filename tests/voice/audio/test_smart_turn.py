"""Smart Turn's input, without its network: the weights are not part of the project."""

import numpy as np
import pytest

from voice.audio.smart_turn import RATE_HZ, SmartTurn, last_seconds, log_mel

SECOND = np.arange(RATE_HZ) / RATE_HZ


def tone(hz):
    return np.sin(2 * np.pi * hz * SECOND).astype(np.float32)


def test_there_are_80_bands_every_10_ms():
    assert log_mel(tone(440)).shape == (80, 100)
    assert log_mel(tone(440)).dtype == np.float32


@pytest.mark.parametrize(("hz", "band"), [(200, 4), (1000, 26), (4000, 62)])
def test_a_tone_is_in_the_band_of_its_pitch(hz, band):
    """Slaney's scale: 15 mel at 1 kHz of the 45.2 at 8 kHz, over 81 steps."""
    loudest = log_mel(tone(hz)).mean(axis=1).argmax()
    assert abs(int(loudest) - band) <= 2


def test_how_loud_it_is_does_not_matter():
    np.testing.assert_allclose(log_mel(tone(440)), log_mel(tone(440) * 0.1), atol=1e-3)


def test_what_is_too_quiet_is_cut_off():
    features = log_mel(np.concatenate((np.zeros(RATE_HZ, np.float32), tone(440))))
    assert features.max() - features.min() == pytest.approx(2.0)


def test_short_sound_is_preceded_by_silence():
    padded = last_seconds(tone(440))
    assert len(padded) == 8 * RATE_HZ
    assert not padded[: 7 * RATE_HZ].any()


def test_of_long_sound_the_end_counts():
    sound = np.arange(9 * RATE_HZ, dtype=np.float32)
    np.testing.assert_array_equal(last_seconds(sound), sound[RATE_HZ:])


def test_silence_has_features_too():
    assert np.isfinite(log_mel(np.zeros(RATE_HZ, np.float32))).all()


def test_a_file_that_is_no_network_is_refused(tmp_path):
    path = tmp_path / "no.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(Exception, match="onnx"):
        SmartTurn(path)
