from tests.voice.turns.floor import Floor
from voice.turns import actions as do
from voice.turns.state import Phase


def test_a_typed_turn_is_shown_kept_and_answered():
    floor = Floor(at=5.0)

    assert floor.type("hello") == [
        do.ShowCaption(1, "hello", is_final=True),
        do.RecordTurn(1, "hello", "typed", began_at=5.0, ended_at=5.0),
        do.StartReply(1, turn=1),
    ]


def test_typing_interrupts_a_reply():
    floor = Floor().answered()

    assert floor.type("stop")[0] == do.InterruptReply(1, reply=1)
    assert floor.state.turn == 2


def test_typing_drops_an_unfinished_spoken_turn():
    floor = Floor()
    floor.speak()
    floor.words("i was go")

    actions = floor.type("never mind")
    floor.pause()
    floor.words("i was going to say", is_final=True)

    assert do.ShowCaption(1, "never mind", is_final=True) in actions
    assert floor.phase is Phase.THINKING
    assert floor.state.turn == 1


def test_typing_again_before_the_answer_makes_two_turns_and_one_answer():
    floor = Floor()
    floor.type("one")

    actions = floor.type("two")

    assert actions[0] == do.DropReply(1)
    assert actions[-1] == do.StartReply(2, turn=2)
