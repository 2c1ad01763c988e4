import numpy as np
import pytest

from tests.voice.audio.recordings import RATE_HZ, Recording, noise, recordings
from voice.audio.framing import Reframer
from voice.audio.pcm import Samples, from_float, to_float
from voice.audio.quality import SECOND_FRAMES, Quality, QualityMeter, quality

FRAME = 512


def measured(pcm: bytes, starts_s: float = 0.0, ends_s: float = 0.0) -> list[Quality]:
    """What is said of each second; somebody speaks from start to end."""
    meter, found = QualityMeter(), []
    for index, frame in enumerate(Reframer(FRAME).feed(pcm)):
        at_s = index * FRAME / RATE_HZ
        found.append(meter.feed(frame, is_speech=starts_s <= at_s < ends_s))
    return [second for second in found if second]


def tone(amplitude: float, seconds: float = 2.0) -> Samples:
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.asarray(amplitude * np.sin(2 * np.pi * 440 * time), np.float32)


def in_noise(recording: Recording, snr_db: float) -> bytes:
    """Two seconds of noise, the recording's speech, two seconds; speech from 2 s on."""
    begin, end = round(recording.start_s * RATE_HZ), round(recording.end_s * RATE_HZ)
    speech = to_float(recording.pcm)[begin:end]
    level_dbfs = 10 * np.log10(np.mean(np.square(speech)))
    quiet = np.zeros(2 * RATE_HZ, np.float32)
    sound = np.concatenate((quiet, speech, quiet))
    return from_float(sound + noise("pink", level_dbfs - snr_db, sound.size / RATE_HZ))


def test_it_comes_once_a_second():
    assert len(measured(from_float(tone(0.1, 10.0)))) == 10 * RATE_HZ // FRAME // SECOND_FRAMES


def test_a_tone_has_the_peak_and_the_level_that_it_has():
    second = measured(from_float(tone(0.1)))[0]

    assert second.peak_dbfs == pytest.approx(-20, abs=0.1)
    assert second.rms_dbfs == pytest.approx(-23, abs=0.1)
    assert second.clipping == 0


def test_what_is_cut_off_at_full_scale_is_counted():
    second = measured(from_float(tone(2.0)))[0]

    assert second.peak_dbfs == pytest.approx(0, abs=0.01)
    assert second.clipping == pytest.approx(2 / 3, abs=0.01)  # |sin| is above a half


@pytest.mark.parametrize("snr_db", [20, 10, 5, 0])
def test_the_snr_of_speech_in_noise_is_what_it_was_mixed_with(snr_db):
    for recording in recordings()[:8]:
        length_s = recording.end_s - recording.start_s
        found = measured(in_noise(recording, snr_db), 2.0, 2.0 + length_s)

        assert np.mean([s.snr_db for s in found[2:]]) == pytest.approx(snr_db, abs=3)


def test_the_first_frames_of_a_word_that_nobody_knows_of_yet_are_not_taken_for_noise():
    recording = recordings()[0]
    end_s = 2.0 + recording.end_s - recording.start_s
    prompt = measured(in_noise(recording, 20), 2.0, end_s)
    late = measured(in_noise(recording, 20), 2.1, end_s + 0.16)

    assert late[-1].snr_db == pytest.approx(prompt[-1].snr_db, abs=2)


def test_before_anybody_spoke_a_quiet_room_is_good_and_a_loud_one_is_not():
    quiet = measured(from_float(noise("pink", -60, 2)))[0]
    loud = measured(from_float(noise("pink", -36, 2)))[0]

    assert quiet.quality == 100
    assert loud.quality < 50


def test_digital_silence_is_a_number_too():
    second = measured(bytes(2 * 2 * RATE_HZ))[0]

    assert second == Quality(60.0, -100.0, -100.0, 0.0, 100)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ((25, -26, 0), (15, -26, 0)),
        ((15, -26, 0), (5, -26, 0)),
        ((40, -40, 0), (40, -50, 0)),
        ((40, -26, 0), (40, -26, 0.005)),
        ((40, -26, 0.005), (40, -26, 0.01)),
    ],
)
def test_noise_distance_and_clipping_each_make_it_worse(better, worse):
    assert 100 >= quality(*better) > quality(*worse) >= 0


@pytest.mark.parametrize(
    ("heard", "percent"),
    [((60, -20, 0), 100), ((0, -20, 0), 0), ((12.5, -20, 0), 50), ((60, -20, 1), 40)],
)
def test_quality_is_the_product_of_its_shares(heard, percent):
    assert quality(*heard) == percent
