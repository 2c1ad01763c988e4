"""What operators do to a conversation, as the turn machine sees it."""

from dataclasses import replace

from tests.voice.turns.floor import POLICY, EvenPause, Floor
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.state import Phase
from voice.turns.steering import SAYINGS_MAX

CLOSING = "We close in ten minutes."


class Slow(EvenPause):
    usual_s = 3.0


def kinds(actions: list[do.Action]) -> list[type[do.Action]]:
    return [type(action) for action in actions]


def say(floor: Floor, text: str = CLOSING) -> list[do.Action]:
    return floor.tell(on.SayAsked(floor.at, text))


def change(floor: Floor) -> list[do.Action]:
    return floor.tell(on.ContextChanged(floor.at, floor.policy))


# --- another context ----------------------------------------------------------------------------
def test_an_answer_begun_on_suspicion_is_dropped_when_the_context_changes():
    floor = Floor()
    floor.speak()
    floor.words("what time is it")
    floor.dip()
    assert floor.state.speculation is not None
    suspected = floor.state.speculation.attempt

    assert change(floor) == [do.DropReply(suspected)]
    floor.pause()
    floor.words("what time is it", is_final=True)
    floor.wait()

    assert any(isinstance(a, do.StartReply | do.AdoptReply) for a in floor.done)
    assert do.AdoptReply(suspected, 1, 0.4) not in floor.done


def test_in_a_pause_the_answer_is_begun_anew():
    floor = Floor()
    floor.speak()
    floor.words("what time is it")
    floor.pause()
    assert floor.phase is Phase.ENDPOINTING

    actions = change(floor)

    assert kinds(actions)[:2] == [do.DropReply, do.Speculate]


def test_in_a_pause_the_new_patience_counts_at_once():
    floor = Floor()
    floor.speak()
    floor.words("what time is it")
    floor.pause()
    floor.policy = replace(POLICY, endpointing=Slow())

    change(floor)

    assert floor.due_at - floor.at > 2.0


def test_a_reply_that_is_being_heard_is_left_alone():
    floor = Floor().answered()

    assert change(floor) == []
    assert floor.phase is Phase.SPEAKING


# --- something to say -----------------------------------------------------------------------------
def test_it_is_said_at_once_while_nobody_has_the_floor():
    floor = Floor()

    assert say(floor) == [do.Say(1, 0, CLOSING)]
    [released] = floor.ready()

    assert isinstance(released, do.ReleaseReply)
    assert (released.source, released.turn) == ("operator", 0)


def test_it_stops_a_reply_that_is_being_heard():
    floor = Floor().answered()

    assert kinds(say(floor)) == [do.InterruptReply, do.Say]


def test_it_waits_for_somebody_who_speaks_and_for_their_answer():
    floor = Floor()
    floor.speak()
    assert say(floor) == []
    floor.pause()
    floor.words("what time is it", is_final=True)
    floor.wait()
    floor.ready()
    assert not any(isinstance(a, do.Say) for a in floor.done)

    actions = floor.over()

    assert kinds(actions) == [do.CloseReply, do.Say]
    floor.ready()
    assert floor.state.sayings == ()


def test_it_does_not_talk_into_somebody_who_speaks_over_a_reply():
    floor = Floor().answered()
    floor.speak(0.1)

    assert say(floor) == []
    assert floor.phase is Phase.SPEAKING


def test_it_is_said_when_what_was_heard_turns_out_to_be_no_words():
    floor = Floor()
    floor.speak(0.3)
    say(floor)
    floor.pause()
    floor.words("", is_final=True)

    floor.wait()

    assert do.Say(floor.state.attempt, 0, CLOSING) in floor.done


def test_several_are_said_one_after_the_other():
    floor = Floor()
    say(floor, "One.")
    say(floor, "Two.")
    floor.ready()

    floor.over()

    assert [a.text for a in floor.done if isinstance(a, do.Say)] == ["One.", "Two."]


def test_what_another_operator_says_is_heard_to_its_end():
    floor = Floor()
    say(floor, "One.")
    floor.ready()

    assert say(floor, "Two.") == []
    assert do.Say(2, 0, "Two.") in floor.over()


def test_who_types_before_it_is_heard_hears_it_after_their_answer():
    floor = Floor()
    say(floor)
    floor.type("what time is it")
    floor.ready()

    assert do.Say(3, 1, CLOSING) in floor.over()


def test_it_is_not_tried_again_where_it_cannot_be_voiced():
    floor = Floor()
    say(floor)

    floor.tell(on.ReplyFailed(floor.at, floor.state.attempt))

    assert (floor.phase, floor.state.sayings) == (Phase.LISTENING, ())


def test_the_user_may_stop_it_before_it_is_heard():
    floor = Floor()
    say(floor)

    floor.tell(on.StopAsked(floor.at))

    assert (floor.phase, floor.state.sayings) == (Phase.LISTENING, ())


def test_more_than_anybody_would_listen_to_is_left_out():
    floor = Floor()
    for number in range(20):
        say(floor, f"{number}.")

    assert len(floor.state.sayings) == SAYINGS_MAX


def test_the_user_may_interrupt_it():
    floor = Floor()
    say(floor)
    floor.ready()

    assert do.InterruptReply in kinds(floor.interrupt())
