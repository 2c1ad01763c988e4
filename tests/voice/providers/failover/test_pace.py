import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.providers.failover.pace import ENOUGH, GUESS, KEPT, Pace

FLOOR_S, GUESS_S, GUESS_MAX_S = 0.15, 0.8, 4.0


def pace(*waits_s: float) -> Pace:
    made = Pace(floor_s=FLOOR_S, guess_s=GUESS_S, guess_max_s=GUESS_MAX_S)
    for wait_s in waits_s:
        made.note(wait_s)
    return made


def test_of_an_unknown_provider_there_is_only_a_guess():
    assert pace().p95_s is None
    assert pace().late_s == GUESS_S


@pytest.mark.parametrize(
    ("longest_s", "late_s"), [(0.1, GUESS_S), (0.5, GUESS * 0.5), (1.6, GUESS_MAX_S)]
)
def test_the_guess_follows_the_longest_wait_so_far(longest_s, late_s):
    assert pace(0.05, longest_s).late_s == late_s


def test_late_is_beyond_the_95th_percentile_once_there_are_enough():
    waits_s = [0.2] * (ENOUGH - 1)

    assert pace(*waits_s).p95_s is None
    assert pace(*waits_s, 0.6).late_s == 0.2
    assert pace(*waits_s[1:], 0.6, 0.6).late_s == 0.6


def test_nothing_is_late_before_the_floor():
    assert pace(*[0.001] * KEPT).late_s == FLOOR_S


def test_a_provider_that_always_takes_long_is_not_late_for_it():
    assert pace(*[3.0] * KEPT).late_s == 3.0


def test_one_slow_answer_does_not_make_slowness_usual():
    assert pace(*[0.2] * KEPT, 30.0).late_s == 0.2


def test_one_that_has_become_slower_for_good_is_known_as_such_after_a_while():
    slower = pace(*[0.2] * KEPT, *[1.0] * KEPT)

    assert slower.late_s == 1.0


def test_only_the_last_measurements_count():
    assert pace(*[2.0] * KEPT, *[0.3] * KEPT).late_s == 0.3


@given(st.lists(st.floats(0.0, 1000.0), max_size=100))
def test_slow_is_later_than_late_and_late_no_earlier_than_the_floor(waits_s):
    found = pace(*waits_s)

    assert found.slow_s > found.late_s >= FLOOR_S
