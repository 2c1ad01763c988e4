import random

import pytest

from voice.audio.gate import Dip, Edge, Offset, Onset, Rise, SpeechGate

FRAME = 512
SPEECH, QUIET = 0.9, 0.1


def events(*probabilities: float) -> list[tuple[int, Edge]]:
    """(index of the frame that decided, event)"""
    gate = SpeechGate()
    decided = [(i, gate.feed(p, i * FRAME)) for i, p in enumerate(probabilities)]
    return [(i, event) for i, event in decided if event is not None]


def test_three_frames_of_speech_are_an_onset_where_the_first_began():
    assert events(0.1, 0.6, 0.7, 0.9) == [(3, Onset(1 * FRAME))]


def test_a_click_of_two_frames_is_no_speech():
    assert events(0.1, 0.9, 0.9, 0.1, 0.9, 0.9, 0.4, 0.9) == []


def test_two_frames_of_quiet_are_a_dip_and_five_an_offset_where_the_first_began():
    assert events(*[SPEECH] * 5, *[QUIET] * 7) == [
        (2, Onset(0)),
        (6, Dip(5 * FRAME)),
        (9, Offset(5 * FRAME)),
    ]


def test_one_frame_of_quiet_is_nothing():
    assert events(*[SPEECH] * 5, QUIET, SPEECH, QUIET, SPEECH) == [(2, Onset(0))]


def test_a_gap_inside_a_word_dips_and_rises_and_ends_nothing():
    assert events(*[SPEECH] * 5, *[QUIET] * 4, *[SPEECH] * 2, *[QUIET] * 2, SPEECH) == [
        (2, Onset(0)),
        (6, Dip(5 * FRAME)),
        (9, Rise(9 * FRAME)),
        (12, Dip(11 * FRAME)),
        (13, Rise(13 * FRAME)),
    ]


def test_between_the_thresholds_a_pause_does_not_begin():
    assert events(*[SPEECH] * 5, *[0.4] * 20) == [(2, Onset(0))]


def test_between_the_thresholds_a_pause_goes_on():
    assert events(*[SPEECH] * 3, QUIET, *[0.4] * 4)[1:] == [
        (4, Dip(3 * FRAME)),
        (7, Offset(3 * FRAME)),
    ]


def test_speech_begins_again_after_it_stopped_and_does_not_rise():
    found = [event for _, event in events(*[SPEECH] * 3, *[QUIET] * 7, *[SPEECH] * 3)]

    assert found == [Onset(0), Dip(3 * FRAME), Offset(3 * FRAME), Onset(10 * FRAME)]


def test_without_a_dip_before_it_an_offset_can_be_as_short():
    gate = SpeechGate(offset_frames=2)
    found = [gate.feed(p, 0) for p in (*[SPEECH] * 3, *[QUIET] * 4)]

    assert [event for event in found if event] == [Onset(0), Offset(0)]


FOLLOWERS: dict[type[Edge] | None, set[type[Edge]]] = {
    None: {Onset},
    Onset: {Dip},
    Dip: {Rise, Offset},
    Rise: {Dip},
    Offset: {Onset},
}


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_heard_the_events_follow_one_another_in_order(seed):
    chance = random.Random(seed)
    heard = [chance.choice([QUIET, 0.4, SPEECH]) for _ in range(2000)]
    before, position = None, -1

    for _, event in events(*heard):
        assert type(event) in FOLLOWERS[before]
        assert event.sample > position or isinstance(event, Offset)
        before, position = type(event), event.sample

    assert before is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold_on": 0.3, "threshold_off": 0.5},
        {"threshold_on": 1.5},
        {"onset_frames": 0},
        {"dip_frames": 0},
        {"offset_frames": 0},
    ],
)
def test_nonsense_is_refused_at_once(wrong):
    with pytest.raises(ValueError, match=r"must keep|need a frame"):
        SpeechGate(**wrong)
