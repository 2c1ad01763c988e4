from functools import reduce

from voice.turns.pauses import PAUSE_S_MAX, SCALE_MAX, SCALE_MIN, USUAL_S, Habit


def after(*pauses_s):
    return reduce(Habit.with_pause, pauses_s, Habit())


def test_of_a_stranger_nothing_is_known():
    assert Habit().scale == 1.0


def test_long_pauses_make_it_wait_longer():
    assert after(1.0).scale > 1.1
    assert after(1.0, 1.0, 1.0, 1.0).scale > 1.5


def test_short_pauses_make_it_wait_less():
    assert after(*[0.25] * 10).scale < 0.9


def test_it_learns_long_pauses_faster_than_short_ones():
    risen = after(0.9).usual_s - USUAL_S
    fallen = USUAL_S - after(0.1).usual_s
    assert risen > 3 * fallen


def test_it_settles_above_most_of_the_pauses():
    usual_s = after(*[0.3, 0.9, 0.3, 0.3] * 30).usual_s
    assert 0.4 < usual_s < 0.8


def test_it_is_bounded_both_ways():
    assert after(*[60.0] * 100).scale == SCALE_MAX
    assert after(*[60.0] * 100).usual_s <= PAUSE_S_MAX
    assert after(*[0.0] * 100).scale == SCALE_MIN


def test_it_forgets_slowly():
    thinker = after(1.0, 1.0, 1.0)
    ten, fifty = thinker, thinker
    for _ in range(10):
        ten = ten.with_fluent_turn()
    for _ in range(50):
        fifty = fifty.with_fluent_turn()
    assert thinker.scale > ten.scale > fifty.scale > 1.0
    assert fifty.scale < 1.1


def test_learning_leaves_the_old_value_alone():
    habit = Habit()
    habit.with_pause(1.0)
    assert habit == Habit()
