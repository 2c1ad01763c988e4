"""Speculation: answers that are begun before the turn is known to be over."""

from dataclasses import replace
from unittest.mock import ANY

from tests.voice.turns.floor import POLICY, EvenPause, Floor
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.state import Phase

QUESTION = "how many tracks are there"


def speculations(floor: Floor) -> list[str]:
    return [action.text for action in floor.done if isinstance(action, do.Speculate)]


def suspecting(text: str = QUESTION) -> Floor:
    """The voice has dipped after these words."""
    floor = Floor()
    floor.speak(2.0)
    floor.words(text)
    floor.dip()
    return floor


def test_a_soft_pause_begins_the_answer():
    floor = suspecting()

    assert floor.done[-1] == do.Speculate(1, turn=1, text=QUESTION)
    assert floor.phase is Phase.HEARING


def test_words_that_come_during_the_dip_begin_another_and_drop_the_first():
    floor = suspecting("how many tracks")

    assert floor.words(QUESTION) == [
        do.ShowCaption(1, QUESTION, is_final=False),
        do.DropReply(1),
        do.Speculate(2, turn=1, text=QUESTION),
    ]


def test_words_that_come_while_the_voice_goes_on_begin_nothing():
    floor = Floor()
    floor.speak()

    floor.words("how many")
    floor.dip()
    floor.rise()
    floor.words("how many tracks")

    assert speculations(floor) == ["how many"]


class QuickPause(EvenPause):
    usual_s = 0.3


def test_a_clause_that_has_all_it_needs_is_answered_before_the_voice_dips():
    floor = Floor(policy=replace(POLICY, endpointing=QuickPause()))
    floor.speak()

    floor.words("how many")
    floor.words("how many tracks")

    assert speculations(floor) == ["how many tracks"]


def test_the_turn_that_was_suspected_gets_the_answer_that_was_begun():
    floor = suspecting()
    floor.pause()
    floor.words("How many tracks are there?", is_final=True)

    assert floor.wait()[-1] == do.AdoptReply(1, turn=1, pause_s=EvenPause.usual_s)
    assert floor.phase is Phase.THINKING
    assert floor.ready() == [do.ReleaseReply(1, reply=1, turn=1, source="model")]


def test_an_answer_that_is_ready_early_stays_silent():
    floor = suspecting()
    assert floor.ready() == []
    floor.pause()

    assert floor.ready() == []
    assert floor.phase is Phase.ENDPOINTING


def test_other_words_than_were_suspected_are_answered_anew():
    floor = Floor(policy=replace(POLICY, speculations_max=1))
    floor.speak()
    floor.words("how many tracks")
    floor.pause()
    floor.words(QUESTION, is_final=True)

    assert do.Speculate(1, turn=1, text="how many tracks") in floor.done
    assert do.DropReply(1) in floor.done
    assert isinstance(floor.wait()[-1], do.StartReply)


def test_a_turn_that_goes_on_leaves_no_trace_of_what_was_begun():
    floor = suspecting("how many tracks")
    floor.pause()
    floor.speak()
    floor.forget()

    assert floor.words("how many tracks are") == [
        do.ShowCaption(1, "how many tracks are", is_final=False),
        do.DropReply(1),
    ]


def test_no_more_than_three_are_begun_in_a_turn_and_the_last_in_a_pause():
    floor = Floor()
    floor.speak()
    for text in ("one thing", "one thing more", "one thing more please"):
        floor.words(text)
        floor.dip()
        floor.rise()
    assert speculations(floor) == ["one thing", "one thing more"]

    floor.pause()
    floor.words("one thing more please now", is_final=True)

    assert len(speculations(floor)) == 3


def test_nothing_is_begun_where_the_words_say_that_more_will_come():
    assert speculations(suspecting("how many tracks and")) == []


def test_nothing_is_begun_without_words():
    assert speculations(suspecting("")) == []


def test_nothing_is_begun_where_it_is_turned_off():
    floor = Floor(policy=replace(POLICY, speculations_max=0))
    floor.speak()
    floor.words(QUESTION)
    floor.dip()
    floor.pause()

    assert speculations(floor) == []


def test_what_failed_on_suspicion_is_asked_again_when_it_is_certain():
    floor = suspecting()
    assert floor.tell(on.ReplyFailed(floor.at, 1)) == [do.DropReply(1)]
    floor.pause()
    floor.words(QUESTION, is_final=True)

    floor.wait()

    assert floor.phase is Phase.THINKING
    assert do.ReportFailure(1) not in floor.done


def test_a_noise_while_thinking_costs_a_moment_and_not_the_answer():
    floor = Floor().say(QUESTION)
    attempt = floor.state.attempt
    floor.forget()

    floor.speak(0.2)
    floor.ready(attempt)
    floor.pause()
    floor.words("", is_final=True)
    floor.wait()

    assert do.DropReply(attempt) not in floor.done
    assert floor.done[-1] == do.AdoptReply(attempt, turn=1, pause_s=ANY)


def test_typing_drops_what_was_begun():
    assert do.DropReply(1) in suspecting().type("never mind")


def test_hanging_up_drops_what_was_begun():
    assert do.DropReply(1) in suspecting().hang_up()


def test_a_pause_that_the_user_went_on_after_is_learned():
    floor = Floor()
    floor.speak()
    floor.words("I would like")
    floor.pause()
    before = floor.state.habit
    floor.at += 1.0
    floor.speak()
    floor.words("a coffee")

    assert floor.state.habit.usual_s > before.usual_s
