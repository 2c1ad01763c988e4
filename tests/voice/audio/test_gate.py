import pytest

from voice.audio.gate import Offset, Onset, SpeechGate

FRAME = 512


def events(*probabilities: float) -> list[tuple[int, Onset | Offset]]:
    """(index of the frame that decided, event)"""
    gate = SpeechGate()
    decided = [(i, gate.feed(p, i * FRAME)) for i, p in enumerate(probabilities)]
    return [(i, event) for i, event in decided if event is not None]


def test_three_frames_of_speech_are_an_onset_where_the_first_began():
    assert events(0.1, 0.6, 0.7, 0.9) == [(3, Onset(1 * FRAME))]


def test_a_click_of_two_frames_is_no_speech():
    assert events(0.1, 0.9, 0.9, 0.1, 0.9, 0.9, 0.4, 0.9) == []


def test_seven_frames_of_quiet_are_an_offset_where_the_first_began():
    speech, quiet = [0.9] * 5, [0.1] * 7

    assert events(*speech, *quiet) == [(2, Onset(0)), (11, Offset(5 * FRAME))]


def test_a_gap_inside_a_word_ends_nothing():
    assert events(*[0.9] * 5, *[0.1] * 6, *[0.9] * 5, *[0.1] * 6, 0.9) == [(2, Onset(0))]


def test_between_the_thresholds_a_pause_does_not_begin():
    assert events(*[0.9] * 5, *[0.4] * 20) == [(2, Onset(0))]


def test_between_the_thresholds_a_pause_goes_on():
    assert events(*[0.9] * 3, 0.1, *[0.4] * 6)[-1] == (9, Offset(3 * FRAME))


def test_speech_begins_again_after_it_stopped():
    found = [event for _, event in events(*[0.9] * 3, *[0.1] * 7, *[0.9] * 3)]

    assert found == [Onset(0), Offset(3 * FRAME), Onset(10 * FRAME)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold_on": 0.3, "threshold_off": 0.5},
        {"threshold_on": 1.5},
        {"onset_frames": 0},
        {"offset_frames": 0},
    ],
)
def test_nonsense_is_refused_at_once(wrong):
    with pytest.raises(ValueError, match=r"must keep|need a frame"):
        SpeechGate(**wrong)
