from unittest.mock import ANY

from tests.voice.turns.floor import Floor
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.state import Phase


def test_a_reply_has_no_number_until_it_is_heard():
    floor = Floor().say("hello")

    assert floor.ready() == [do.ReleaseReply(1, reply=1, turn=1, source="model")]
    assert floor.phase is Phase.SPEAKING


def test_a_reply_that_was_dropped_leaves_no_gap_in_the_numbers():
    floor = Floor()
    floor.type("hello")
    floor.type("hello again")

    assert floor.ready() == [do.ReleaseReply(2, reply=1, turn=2, source="model")]


def test_speech_recorded_before_the_socket_was_there_waits_for_the_end_of_the_reply():
    floor = Floor().answered()

    assert floor.speak(is_live=False) == []
    floor.pause()
    floor.words("next one please", is_final=True)
    assert floor.phase is Phase.SPEAKING
    floor.forget()
    floor.at += 3.0
    floor.over()

    assert floor.done[0] == do.CloseReply(1, reply=1)
    assert do.ShowCaption(2, "next one please", is_final=True) in floor.done
    assert floor.done[-1] == do.StartReply(2, turn=2, pause_s=ANY)


def test_speech_recorded_in_a_gap_waits_for_the_rest_of_the_reply_that_is_carried_on():
    floor = Floor().answered("tell me a story")
    floor.tell(on.Rejoined(0.0, reply=1))

    assert floor.speak(is_live=False) == []
    floor.pause()
    floor.words("next one please", is_final=True)
    assert do.ReleaseReply(2, 2, 1, "resumed", resumes=1) in floor.ready()
    floor.at += 3.0
    floor.over()

    assert do.ShowCaption(2, "next one please", is_final=True) in floor.done


def test_speech_that_waits_has_its_turn_when_the_reply_fails():
    floor = Floor()
    floor.type("tell me a story")
    floor.speak(is_live=False)
    floor.pause()
    floor.words("next one please", is_final=True)
    floor.forget()
    floor.at += 3.0

    floor.tell(on.ReplyFailed(floor.at, attempt=1))

    assert floor.done[:2] == [do.DropReply(1), do.ReportFailure(turn=1)]
    assert do.ShowCaption(2, "next one please", is_final=True) in floor.done


def test_going_on_live_with_what_began_earlier_does_interrupt():
    floor = Floor().answered()
    floor.speak(is_live=False)
    floor.pause()
    floor.words("wait", is_final=True)

    assert do.InterruptReply(1, reply=1) in floor.speak()
    floor.pause()
    floor.words("a moment", is_final=True)
    floor.wait()

    assert do.ShowCaption(2, "wait a moment", is_final=True) in floor.done


def test_the_stop_key_silences_and_starts_no_turn():
    floor = Floor().answered()

    assert floor.tell(on.StopAsked(0.0)) == [do.InterruptReply(1, reply=1)]
    assert floor.phase is Phase.LISTENING
    assert floor.state.turn == 1


def test_late_news_of_an_interrupted_reply_changes_nothing():
    floor = Floor().answered()
    floor.interrupt()
    before = floor.state

    assert floor.tell(on.ReplyOver(0.0, attempt=1)) == []
    assert floor.tell(on.ReplyFailed(0.0, attempt=1)) == []
    assert floor.state == before


def test_a_reply_that_fails_before_a_word_is_reported():
    floor = Floor().say("hello")

    assert floor.tell(on.ReplyFailed(0.0, attempt=1)) == [
        do.DropReply(1),
        do.ReportFailure(turn=1),
    ]
    assert floor.phase is Phase.LISTENING


def test_a_reply_that_breaks_off_is_heard_to_where_it_got():
    floor = Floor().answered()

    assert floor.tell(on.ReplyFailed(0.0, attempt=1)) == [do.ReportFailure(turn=1)]
    assert floor.over() == [do.CloseReply(1, reply=1)]


def test_a_reply_without_a_sound_ends_quietly():
    floor = Floor().say("hello")

    assert floor.over() == [do.DropReply(1)]
    assert floor.phase is Phase.LISTENING


def test_the_agent_may_speak_first():
    floor = Floor()

    assert floor.begin(greeting="Good morning.") == [do.Say(1, 0, "Good morning.")]
    assert floor.ready() == [do.ReleaseReply(1, reply=1, turn=0, source="greeting")]


def test_speaking_before_the_greeting_begins_the_first_turn():
    floor = Floor()
    floor.begin(greeting="Good morning.")

    assert do.DropReply(1) in floor.interrupt("hello can you")
    assert floor.done[-1] == do.ShowCaption(1, "hello can you", is_final=False)


def test_numbers_go_on_counting_in_a_conversation_that_is_continued():
    floor = Floor()
    floor.begin(turn=7, reply=9)

    floor.say("hello again")

    assert floor.ready() == [do.ReleaseReply(1, reply=10, turn=8, source="model")]


def test_a_socket_that_comes_back_gets_the_rest_as_a_new_reply():
    floor = Floor().answered()

    assert floor.tell(on.Rejoined(0.0, reply=1)) == [do.ResumeReply(2, turn=1, resumes=1)]
    assert floor.ready() == [do.ReleaseReply(2, reply=2, turn=1, source="resumed", resumes=1)]


def test_a_reply_that_another_process_was_playing_is_carried_on():
    floor = Floor()
    floor.begin(turn=3, reply=5, carries=5)

    assert floor.tell(on.Rejoined(0.0, reply=5)) == [do.ResumeReply(2, turn=3, resumes=5)]


def test_a_reply_that_only_the_new_socket_has_heard_is_not_carried_on():
    floor = Floor()
    floor.begin(turn=3, reply=5)
    floor.answered()

    assert floor.tell(on.Rejoined(0.0, reply=5)) == []


def test_a_turn_that_another_process_left_unanswered_is_answered():
    floor = Floor()

    assert floor.begin(turn=3, reply=5, is_unanswered=True) == [do.StartReply(1, turn=3)]
    assert floor.ready() == [do.ReleaseReply(1, reply=6, turn=3, source="model")]


def test_interrupting_what_was_carried_on_is_a_new_turn():
    floor = Floor().answered("tell me a story")
    floor.tell(on.Rejoined(0.0, reply=1))

    assert do.DropReply(2) in floor.interrupt("enough of that")
    assert floor.done[-1] == do.ShowCaption(2, "enough of that", is_final=False)


def test_hanging_up_silences_what_is_being_said():
    floor = Floor().answered()

    assert floor.hang_up() == [do.InterruptReply(1, reply=1), do.EndSession()]
    assert floor.phase is Phase.ENDED
