"""Interruption in two steps: softer at once, then stopped or lifted."""

from tests.voice.turns.floor import Floor
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.state import Phase


def test_speech_over_a_reply_makes_it_softer_at_once():
    floor = Floor().answered()

    assert floor.speak()[0] == do.Duck(reply=1)
    assert floor.phase is Phase.SPEAKING


def test_words_of_their_own_interrupt():
    floor = Floor().answered()

    actions = floor.interrupt("wait a moment")

    assert do.InterruptReply(1, reply=1) in actions
    assert actions[-1] == do.ShowCaption(2, "wait a moment", is_final=False)
    assert floor.phase is Phase.HEARING


def test_what_interrupted_is_a_turn_like_any_other():
    floor = Floor().answered()
    floor.interrupt("wait a moment")

    floor.pause()
    floor.words("wait a moment please", is_final=True)
    floor.wait()

    assert do.ShowCaption(2, "wait a moment please", is_final=True) in floor.done
    assert floor.phase is Phase.THINKING


def test_what_interrupted_is_answered_even_if_the_ear_makes_something_up_in_the_end():
    floor = Floor().answered()
    floor.interrupt("wait a moment")

    floor.pause()
    floor.words("Subtitles by the Amara.org community", is_final=True)
    floor.wait()

    assert floor.phase is Phase.THINKING
    assert floor.state.turn == 2


def test_what_an_ear_makes_up_over_a_reply_is_no_turn():
    floor = Floor().answered()

    floor.speak(0.3)
    floor.words("Subtitles by the Amara.org community")
    floor.pause()
    floor.words("Subtitles by the Amara.org community", is_final=True)
    floor.over()
    floor.wait()

    assert floor.phase is Phase.LISTENING
    assert floor.state.turn == 1


def test_a_back_channel_lets_the_reply_go_on():
    floor = Floor().answered()
    floor.speak(0.3)
    floor.words("mm-hm")
    floor.pause()

    assert do.Unduck(reply=1) in floor.done
    assert floor.phase is Phase.SPEAKING


def test_no_caption_is_shown_of_what_may_be_nothing():
    floor = Floor().answered()
    floor.speak(0.3)
    floor.words("mm-hm")
    floor.pause()
    floor.words("mm-hm", is_final=True)

    assert not [action for action in floor.done if isinstance(action, do.ShowCaption)]


def test_a_cough_lets_the_reply_go_on():
    floor = Floor().answered()
    floor.speak(0.25)
    floor.dip()
    floor.pause()
    while floor.state.is_ducked:
        floor.wait()

    assert do.Unduck(reply=1) in floor.done
    assert floor.phase is Phase.SPEAKING


def test_coughs_do_not_add_up():
    floor = Floor().answered()
    for _ in range(4):
        floor.speak(0.3)
        floor.dip()
        floor.pause()

    assert not [action for action in floor.done if isinstance(action, do.InterruptReply)]


def test_a_back_channel_that_goes_on_with_more_interrupts():
    floor = Floor().answered()
    floor.speak(0.5)
    floor.words("yeah")
    floor.dip()
    floor.rise()
    floor.at += 1.0

    assert do.InterruptReply(1, reply=1) in floor.words("yeah but what about Friday")


def test_voice_without_words_interrupts_in_the_end():
    floor = Floor().answered()
    floor.speak(0.1)
    for _ in range(5):
        floor.wait()

    assert do.InterruptReply(1, reply=1) in floor.done
    assert floor.phase is Phase.HEARING


def test_the_assistants_own_words_are_no_interruption_and_no_turn():
    floor = Floor().answered()
    floor.speak(2.0)
    floor.words("there are three of them", is_echo=True)
    floor.pause()
    floor.words("there are three of them", is_final=True, is_echo=True)
    floor.over()

    assert do.Unduck(reply=1) in floor.done
    assert floor.phase is Phase.LISTENING
    assert floor.state.turn == 1


def test_a_yes_at_the_very_end_of_a_reply_is_an_answer():
    floor = Floor().answered()
    floor.speak(0.3)
    floor.words("yes")
    floor.pause()
    floor.words("yes", is_final=True)

    floor.over()
    floor.wait()

    assert do.ShowCaption(2, "yes", is_final=True) in floor.done
    assert floor.phase is Phase.THINKING


def test_a_yes_long_before_the_end_of_a_reply_is_forgotten():
    floor = Floor().answered()
    floor.speak(0.3)
    floor.words("yes")
    floor.pause()
    floor.words("yes", is_final=True)
    floor.at += 5.0

    floor.over()

    assert floor.phase is Phase.LISTENING
    assert floor.state.turn == 1


def test_the_next_thing_said_after_a_back_channel_does_not_inherit_its_words():
    floor = Floor().answered()
    floor.speak(0.3)
    floor.words("yes")
    floor.pause()
    floor.words("yes", is_final=True)
    floor.at += 2.0

    assert floor.interrupt("tell me more")[-1] == do.ShowCaption(2, "tell me more", is_final=False)


def test_a_final_text_that_comes_late_and_has_content_still_interrupts():
    floor = Floor().answered()
    floor.speak(0.65)
    floor.pause()
    while floor.state.is_ducked:
        floor.wait()
    floor.at += 2.0

    floor.words("stop that please", is_final=True)

    assert do.InterruptReply(1, reply=1) in floor.done
    assert do.ShowCaption(2, "stop that please", is_final=True) in floor.done


def test_releasing_the_talk_key_over_a_reply_interrupts_it():
    floor = Floor().answered()
    floor.speak(0.2)

    assert floor.commit()[0] == do.InterruptReply(1, reply=1)
    floor.words("yes", is_final=True)

    assert do.ShowCaption(2, "yes", is_final=True) in floor.done


def test_the_reply_to_a_typed_turn_is_released_softly_where_somebody_has_begun_to_speak():
    floor = Floor()
    floor.type("tell me a story")
    floor.speak(0.1)

    assert floor.ready()[:2] == [do.ReleaseReply(1, 1, 1, "model"), do.Duck(reply=1)]


def test_a_reply_that_ends_while_somebody_speaks_over_it_leaves_them_the_floor():
    floor = Floor().answered()
    floor.speak(0.3)

    assert do.CloseReply(1, reply=1) in floor.over()
    assert floor.phase is Phase.HEARING
    assert not floor.state.is_ducked


def test_a_socket_that_comes_back_does_not_find_the_reply_ducked():
    floor = Floor().answered()
    floor.speak(0.3)

    floor.tell(on.Rejoined(floor.at, reply=1))

    assert not floor.state.is_ducked


def test_an_echo_behind_the_users_own_words_leaves_them_theirs():
    here = Floor().say("mm-hm")
    here.speak()
    here.pause()

    here.words("seven", is_final=True, is_echo=True)
    here.wait()

    assert here.phase is Phase.THINKING
    assert [a.text for a in here.done if isinstance(a, do.RecordTurn)][-1] == "mm-hm"
