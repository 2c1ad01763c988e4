"""What becomes of turns and interruptions, counted from what the machine decides."""

import pytest

from tests.scenarios.call import call
from tests.scenarios.seen import Seen
from tests.scenarios.timeline import Drops, Ear, Model, Says, Step, Stops, Types, Voice
from voice.telemetry.meters import meters
from voice.turns.policy import Policy

COUNTING = "One two three four five. Six seven eight nine ten."
ASKS = Says(0.96, 1.92, "please count to ten")
QUICK = {
    "model": Model((COUNTING, "It is noon."), ttft_s=0.05),
    "voice": Voice(ttfb_s=0.03, character_s=0.1),
}


def counted(name: str, *steps: Step, **parts: object) -> tuple[Seen, dict[str, int]]:
    """What a call adds to a series, by label."""
    before = meters().snapshot()
    seen = call(*steps, **QUICK | parts)
    grown = {
        key.label: found.times - before[key].times if key in before else found.times
        for key, found in meters().snapshot().items()
        if key.name == name
    }
    return seen, {label: count for label, count in grown.items() if count}


def interruptions(*steps: Step, **parts: object) -> dict[str, int]:
    """Of somebody who asks for a long answer."""
    return counted("interruptions", ASKS, *steps, **parts)[1]


def test_an_answer_that_is_let_go_on_is_no_interruption():
    assert interruptions() == {}


def test_words_over_it_interrupt():
    assert interruptions(Says(3.2, 4.16, "no wait stop")) == {"true": 1}


def test_a_cough_is_recovered_from():
    assert interruptions(Says(3.2, 3.52)) == {"recovered": 1}


def test_a_long_noise_that_nobody_said_anything_with_is_a_false_one():
    assert interruptions(Says(3.2, 5.0)) == {"false": 1}


@pytest.mark.parametrize("step", [Stops(3.2), Types(3.2, "something else")])
def test_a_button_and_the_keyboard_interrupt(step):
    assert interruptions(step) == {"true": 1}


def test_hanging_up_is_none():
    assert interruptions(ends_s=3.2) == {}


def test_a_dropped_socket_is_none():
    assert interruptions(Drops(3.2, 4.0)) == {}


def test_turns_are_counted_once_by_how_they_came():
    steps = (ASKS, Types(9.0, "and the time"))

    assert counted("turns", *steps)[1] == {"spoken": 1, "typed": 1}


def test_a_turn_that_goes_on_before_its_answer_is_one_turn():
    steps = (Says(0.96, 1.92, "please count"), Says(2.3, 3.2, "to ten"))

    seen, turns = counted("turns", *steps, model=Model((COUNTING,), ttft_s=0.5))

    assert len(seen.turns()) == 2
    assert turns == {"spoken": 1}


def test_answers_on_suspicion_are_counted_with_what_became_of_them():
    policy = Policy()

    _, found = counted("speculations", ASKS, policy=policy, ear=Ear(interim_every_s=0.1))

    assert found["begun"] >= 1
    assert found["adopted"] == 1


def test_replies_are_counted_by_where_they_come_from():
    _, found = counted("replies", ASKS, Drops(3.2, 4.0), greeting="Hello.")

    assert found == {"greeting": 1, "model": 1, "resumed": 1}
