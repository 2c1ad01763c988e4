import pytest

from tests.voice.turns.floor import POLICY, STOP_S, EvenPause, Floor
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.state import Phase


def test_words_show_while_they_are_spoken():
    floor = Floor()
    floor.speak()

    assert floor.words("what") == [do.ShowCaption(1, "what", is_final=False)]
    assert floor.words("what time") == [do.ShowCaption(1, "what time", is_final=False)]
    assert floor.words("what time") == []


def test_a_pause_asks_the_ear_at_once_and_then_waits_out_the_rest():
    floor = Floor()
    floor.speak()

    finalised, timed = floor.pause()

    assert finalised == do.Finalise(1)
    assert timed == do.SetTimer(1, delay_s=pytest.approx(EvenPause.usual_s - STOP_S))
    assert floor.phase is Phase.ENDPOINTING


def test_the_turn_is_answered_when_the_pause_is_over_and_the_words_are_there():
    floor = Floor(at=10.0)
    floor.speak(for_s=2.0)
    floor.pause()
    floor.words("what time is it", is_final=True)

    assert floor.wait()[:2] == [
        do.ShowCaption(1, "what time is it", is_final=True),
        do.RecordTurn(1, "what time is it", "spoken", began_at=10.0, ended_at=12.0),
    ]
    assert floor.phase is Phase.THINKING


def test_a_pause_that_is_over_waits_for_the_last_words():
    floor = Floor()
    floor.speak()
    floor.pause()
    waited = floor.due_at - floor.at + STOP_S
    assert floor.wait() == [do.SetTimer(2, pytest.approx(POLICY.transcript_s - waited + STOP_S))]

    floor.words("hello", is_final=True)

    assert floor.phase is Phase.THINKING


def test_an_ear_that_forgets_to_answer_does_not_hold_the_turn_up_for_ever():
    floor = Floor()
    floor.speak()
    floor.words("hello")
    floor.pause()
    floor.wait()

    floor.wait()

    assert floor.phase is Phase.THINKING
    assert floor.done[-2] == do.RecordTurn(1, "hello", "spoken", 0.0, pytest.approx(1.0))


def test_an_empty_text_after_the_final_one_takes_nothing_back():
    floor = Floor()
    floor.speak()
    floor.pause()
    floor.words("hello there", is_final=True)

    floor.words("")
    floor.wait()

    assert floor.phase is Phase.THINKING


def test_a_pause_in_the_middle_of_a_sentence_ends_nothing():
    floor = Floor()
    floor.speak()
    floor.pause()
    floor.words("it seems", is_final=True)
    first_timer = floor.state.timer
    floor.speak()

    assert floor.tell(on.TimerFired(floor.at, first_timer)) == []
    floor.pause()
    floor.words("like rain", is_final=True)
    floor.wait()

    assert floor.phase is Phase.THINKING
    assert do.ShowCaption(1, "it seems like rain", is_final=True) in floor.done


def test_a_cough_has_no_words_and_starts_no_turn():
    floor = Floor()

    floor.say("")

    assert floor.phase is Phase.LISTENING
    assert floor.state.turn == 0
    assert floor.done[-1] == do.ShowCaption(1, "", is_final=True)


def test_speaking_on_before_the_answer_is_heard_makes_the_same_turn_longer():
    floor = Floor().say("how many tracks")
    floor.forget()

    floor.speak()
    floor.pause()
    assert do.DropReply(1) in floor.words("are there", is_final=True)
    floor.wait()

    assert {a.turn for a in floor.done if isinstance(a, do.RecordTurn)} == {1}
    assert do.ShowCaption(1, "how many tracks are there", is_final=True) in floor.done


def test_releasing_the_talk_key_ends_the_turn_without_a_pause():
    floor = Floor()
    floor.speak()

    assert floor.commit() == [do.Finalise(1), do.SetTimer(1, delay_s=POLICY.transcript_s)]
    floor.words("stop the clock", is_final=True)

    assert floor.phase is Phase.THINKING


def test_words_that_come_after_their_turn_was_taken_do_not_run_into_the_next():
    floor = Floor()
    floor.speak()
    floor.words("hello")
    floor.pause()
    floor.wait()
    floor.wait()  # gave up on the last words of utterance 1
    floor.ready()
    floor.speak()

    assert floor.tell(on.TranscriptGrew(floor.at, 1, "hello there", is_final=True)) == []
    floor.words("the next")

    assert floor.done[-1] == do.ShowCaption(2, "the next", is_final=False)


def test_what_was_said_when_the_user_hangs_up_is_kept():
    floor = Floor()
    floor.speak()
    floor.words("remember this")

    assert floor.hang_up() == [
        do.RecordTurn(1, "remember this", "spoken", began_at=0.0, ended_at=1.0),
        do.EndSession(),
    ]


# --- an ear that is late --------------------------------------------------------------------------
def wordless() -> Floor:
    """Somebody has spoken, and the ear did not say a word in all the time it had."""
    floor = Floor()
    floor.speak()
    floor.pause()
    floor.wait()
    floor.wait()
    assert floor.phase is Phase.LISTENING
    assert floor.done[-1] == do.ShowCaption(1, "", is_final=True)
    return floor.forget()


def test_words_that_come_after_their_turn_was_forgotten_for_want_of_them_are_answered():
    floor = wordless()
    floor.at += 2.0

    floor.words("hello there", is_final=True)

    assert floor.phase is Phase.THINKING
    assert floor.done[:2] == [
        do.ShowCaption(1, "hello there", is_final=False),
        do.ShowCaption(1, "hello there", is_final=True),
    ]
    assert [action.turn for action in floor.done if isinstance(action, do.RecordTurn)] == [1]


def test_they_are_not_once_nobody_would_know_any_more_what_they_were_about():
    floor = wordless()
    floor.at += POLICY.late_words_s

    assert floor.words("hello there", is_final=True) == []
    assert floor.phase is Phase.LISTENING


def test_words_after_a_guess_that_had_none_are_the_turn_and_not_part_of_the_next():
    floor = Floor().say("")
    floor.forget()
    floor.at += POLICY.transcript_s

    floor.words("hello there", is_late=True)

    assert floor.phase is Phase.THINKING
    assert do.ShowCaption(1, "hello there", is_final=True) in floor.done
    assert do.Finalise(2) in floor.done  # else the next turn would begin with them


def test_words_that_nobody_waits_for_make_no_turn():
    floor = Floor().say("")
    floor.forget()

    assert floor.words("hello") == []
    assert floor.tell(on.TranscriptGrew(floor.at, 7, "hello", is_final=True)) == []
    assert floor.phase is Phase.LISTENING


def test_whoever_speaks_again_meanwhile_says_it_after_what_the_ear_still_owes():
    floor = wordless()
    floor.at += 1.0
    floor.speak()

    floor.words("what time", is_final=True)
    floor.words("is it")
    floor.pause()
    floor.words("is it", is_final=True)
    floor.wait()

    assert do.ShowCaption(1, "what time is it", is_final=True) in floor.done


def test_what_was_typed_instead_is_answered_alone():
    floor = wordless()
    floor.type("never mind")
    floor.ready()
    floor.over()

    assert floor.words("hello there", is_final=True) == []
    assert floor.phase is Phase.LISTENING
