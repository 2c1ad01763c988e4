"""What an audio model, or an ear that judges turns, says of the end of a turn."""

from tests.voice.turns.floor import Floor
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.endpointing import Endpointing
from voice.turns.pauses import Habit
from voice.turns.policy import Policy
from voice.turns.state import Phase

POLICY = Policy(Endpointing())
QUESTION, STATEMENT = "what time is it", "I have a house"


def floor() -> Floor:
    return Floor(policy=POLICY)


def paused(text: str) -> Floor:
    """All of its words are there, and it is silent."""
    here = floor()
    here.speak()
    here.pause()
    here.words(text, is_final=True)
    return here


def answered_after_s(here: Floor) -> float:
    """Silence until the turn is taken."""
    assert here.state.speech is not None
    ended_at = here.state.speech.ended_at
    for _ in range(5):
        if here.phase is Phase.THINKING:
            break
        here.wait()
    return here.at - ended_at


def test_a_voice_that_does_not_sound_over_is_waited_for():
    here = paused(STATEMENT)

    here.judge(0.1)

    assert answered_after_s(here) > answered_after_s(paused(STATEMENT)) + 0.5


def test_a_voice_that_sounds_over_is_not_waited_for_longer():
    here = paused(STATEMENT)

    here.judge(0.99)

    assert answered_after_s(here) == answered_after_s(paused(STATEMENT))


def test_an_opinion_on_an_earlier_pause_does_not_count():
    here = paused(STATEMENT)
    old = on.EndJudged(here.at, here.state.speech.ended_at, 0.1)
    here.speak()
    here.pause()
    here.words("and a garden", is_final=True)

    here.tell(old)

    assert here.state.speech.ends_probability is None


def test_going_on_forgets_the_opinion():
    here = paused(STATEMENT)
    here.judge(0.1)

    here.speak()

    assert here.state.speech.ends_probability is None


def test_an_opinion_on_speech_over_a_reply_counts_once_it_has_interrupted():
    here = floor().answered()
    here.speak(0.5)
    here.pause()
    here.judge(0.1)

    here.words(STATEMENT, is_final=True)

    assert here.phase is Phase.ENDPOINTING
    assert here.state.speech.ends_probability == 0.1


def test_an_ear_that_says_the_turn_is_over_is_believed_at_once():
    here = floor()
    here.speak()
    here.words(STATEMENT, turn_over=False)
    here.pause()
    here.words(STATEMENT, is_final=True, turn_over=False)
    assert here.phase is Phase.ENDPOINTING

    here.words("", turn_over=True)

    assert here.phase is Phase.THINKING


def test_its_word_before_our_own_pause_counts_in_the_pause():
    here = floor()
    here.speak()
    here.words(QUESTION, turn_over=True)
    assert here.phase is Phase.HEARING

    here.pause()
    here.words(QUESTION, is_final=True, turn_over=True)

    assert here.phase is Phase.THINKING


def test_an_ear_that_says_the_turn_goes_on_is_waited_for():
    here = floor()
    here.speak()
    here.pause()
    here.words(QUESTION, is_final=True, turn_over=False)

    assert answered_after_s(here) >= POLICY.endpointing.open_s


def test_answers_are_begun_on_suspicion_while_such_an_ear_waits():
    here = floor()
    here.speak()
    here.pause()

    done = here.words(QUESTION, is_final=True, turn_over=False)

    assert any(isinstance(action, do.Speculate) for action in done)


def test_how_somebody_pauses_is_known_from_earlier_conversations():
    here = floor()

    here.begin(usual_pause_s=0.9)

    assert here.state.habit == Habit(0.9)


def test_its_last_words_and_its_verdict_come_together():
    here = floor()
    here.speak()
    here.words("I have", turn_over=False)
    here.pause()
    here.words("I have", is_final=True, turn_over=False)

    here.words("a house", turn_over=True)

    assert here.phase is Phase.THINKING


def test_words_that_came_after_the_answer_are_not_told_again_in_the_next_turn():
    here = floor()
    here.speak()
    here.pause()
    here.words("what time", is_final=True, turn_over=False)

    taken = here.words("is it", turn_over=True)

    assert do.Finalise(2) in taken
    here.tell(on.TranscriptGrew(here.at, 2, "is it", True))
    here.speak()
    here.words("and in Tokyo")
    assert here.state.speech.said == "what time is it and in Tokyo"
