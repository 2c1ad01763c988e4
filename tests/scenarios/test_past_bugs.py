"""What went wrong in other voice systems, named as their tests and reports name it, and does not
here.
"""

from dataclasses import replace

import pytest

from tests.scenarios.call import POLICY, call
from tests.scenarios.timeline import (
    Client,
    Commits,
    Drops,
    Ear,
    Model,
    Mutes,
    Says,
    Stops,
    Tells,
    Types,
    Voice,
)

QUESTION = Says(0.96, 1.92, "what time is it")
LONG = "One two three four five. Six seven eight nine ten."
SLOW = {"model": Model(ttft_s=1.0), "policy": replace(POLICY, speculations_max=0)}


def near(at_s: float) -> object:
    return pytest.approx(at_s, abs=0.004)


def texts(seen) -> list[str]:
    return [text for _, text in seen.turns()]


def test_interruption_before_speaking():
    """Nothing of the reply was heard, so the turn goes on and is answered as one."""
    seen = call(QUESTION, Says(2.56, 3.2, "in Rome"), **SLOW)

    assert texts(seen)[-1] == "what time is it in Rome"
    assert seen.rows.turns == {1: "what time is it in Rome"}
    assert seen.heard() == [("It is noon.", False)]


def test_false_interruption_before_speaking_resumes():
    """A cough while it thinks costs neither the turn nor the reply."""
    seen = call(QUESTION, Says(2.56, 2.72), **SLOW)

    assert seen.rows.turns == {1: "what time is it"}
    assert seen.heard() == [("It is noon.", False)]
    assert len(seen.asked) == 1


def test_late_vad_end_after_committed_turn_arms_no_timer():
    """The key was let go while the voice still sounded: its end takes no second turn."""
    seen = call(QUESTION, Commits(1.888))

    assert texts(seen) == ["what time is it"]
    assert len(seen.of("reply_started")) == 1
    assert seen.at_rest == [("listening", "listening")]


def test_committed_turn_suppresses_resume():
    """Once it is interrupted, a reply never comes back, whatever becomes of the new turn."""
    seen = call(
        QUESTION,
        Says(3.2, 4.16, "no wait stop"),
        model=Model((LONG, "Yes."), ttft_s=0.05, failures=(1, 2, 3)),
    )

    assert [
        audio[1].reply for audio in seen.audio(1) if audio[0] > seen.times("interrupted")[0]
    ] == []
    assert seen.told()[-1] in ("assistant: Yes.", "notice: no_answer")


def test_interrupting_paused_speech_does_not_end_the_agent_twice():
    seen = call(QUESTION, Says(3.2, 3.4), Stops(3.5), model=Model((LONG,)))

    assert len(seen.times("reply_ended")) == len(seen.times("interrupted")) == 1


def test_transcript_after_the_wait_fires_at_once():
    seen = call(QUESTION, ear=Ear(interim_every_s=None, final_s=1.0))

    assert seen.turns() == [(near(3.08), "what time is it")]


def test_a_stuck_turn_ends_by_itself():
    """An ear that never answers, a voice that is heard for ever: somebody gives up."""
    seen = call(QUESTION, ear=Ear(final_s=None))

    assert seen.turns() == [(near(3.48), "what time is it")]


def test_words_without_a_voice_start_no_turn():
    """What an ear makes up out of silence."""
    ear = Ear(tells=(Tells(1.0, "thank you"), Tells(2.0, "Thank you.", is_final=True)))
    seen = call(ear=ear)

    assert seen.of("transcript_update") == []
    assert seen.of("reply_started") == []


def test_words_of_an_old_turn_do_not_run_into_the_next():
    """The ear answers after the turn was taken without it."""
    seen = call(QUESTION, Says(6.4, 7.04, "in Rome"), ear=Ear(interim_every_s=0.2, final_s=2.0))

    assert texts(seen) == ["what time is it", "in Rome"]


def test_a_sentence_cut_in_the_middle_stays_in_the_history_to_the_word():
    seen = call(
        QUESTION,
        Types(4.0, "go on"),
        Types(9.0, "and then"),
        model=Model((LONG, "Yes."), ttft_s=0.05),
        voice=Voice(character_s=0.1),
    )

    heard = seen.heard()[0][0]
    assert LONG.startswith(heard)
    assert 0 < len(heard.split()) < 5
    assert seen.rows.replies[1]["text"] == heard


def test_stt_is_recreated_after_it_broke():
    seen = call(QUESTION, Says(6.4, 7.36, "and in Rome"), ear=Ear(breaks_at_s=(4.0,)))

    assert texts(seen) == ["what time is it", "and in Rome"]
    assert [notice["code"] for notice in seen.of("notice")] == ["stt_down"]


def test_stt_that_breaks_in_mid_sentence_loses_no_word():
    seen = call(Says(0.96, 3.84, "one two three four five six"), ear=Ear(breaks_at_s=(2.0,)))

    assert texts(seen) == ["one two three four five six"]


def test_stt_is_not_recreated_while_closing():
    seen = call(QUESTION, ear=Ear(breaks_at_s=(3.98,)), ends_s=4.0)

    assert seen.left == []


def test_a_muted_microphone_ends_the_turn_that_was_spoken_before():
    """No frames are silence."""
    seen = call(Says(0.96, 3.84, "what time is it now or soon"), Mutes(1.92, 6.0))

    assert len(seen.turns()) == 1
    assert seen.turns()[0][0] < 2.6


def test_a_socket_that_drops_in_mid_reply_goes_on_where_it_was_heard():
    seen = call(
        QUESTION, Drops(3.5, 4.0), model=Model((LONG,), ttft_s=0.05), voice=Voice(character_s=0.1)
    )

    (first, cut), (rest, _) = seen.heard()
    assert not cut
    assert f"{first} {rest}" == LONG
    assert seen.of("reply_started")[1]["resumes"] == 1


def test_what_was_said_while_the_socket_was_gone_is_heard_and_interrupts_nobody():
    seen = call(
        QUESTION,
        Drops(3.0, 4.5),
        Says(3.2, 4.16, "and in Rome"),
        model=Model((LONG, "It is noon."), ttft_s=0.05),
    )

    assert seen.of("interrupted") == []
    assert texts(seen)[-1] == "and in Rome"
    assert seen.heard()[-1] == ("It is noon.", False)


def test_a_socket_that_only_seems_alive_is_replaced():
    seen = call(QUESTION, Drops(3.0, 3.2, noticed=False), Says(6.4, 7.36, "and in Rome"))

    assert texts(seen) == ["what time is it", "and in Rome"]


def test_a_voice_that_fails_midway_is_told_and_the_next_turn_works():
    seen = call(QUESTION, Types(6.0, "again"), voice=Voice(failures=(0,)))

    assert [notice["code"] for notice in seen.of("notice")] == ["no_answer"]
    assert seen.heard()[-1] == ("It is noon.", False)


def test_a_model_that_hangs_midway_does_not_hang_the_call():
    seen = call(QUESTION, Types(12.0, "again"), model=Model((LONG, "Yes."), hangs=(0,)))

    assert "notice: no_answer" in seen.told()
    assert seen.told()[-1] == "assistant: Yes."


def test_a_client_that_never_reports_hears_at_the_pace_of_playing():
    seen = call(QUESTION, client=Client(reports=False), voice=Voice(character_s=0.1))

    assert seen.heard() == [("It is noon.", False)]


def test_a_turn_that_is_taken_while_the_socket_is_gone_is_answered_when_it_is_back():
    """Its speculative reply was ready before, and says so only once."""
    quick = {"model": Model(ttft_s=0.02), "voice": Voice(ttfb_s=0.02)}
    seen = call(QUESTION, Drops(2.16, 3.0), ear=Ear(interim_every_s=0.1, lag_s=0.05), **quick)

    assert seen.heard() == [("It is noon.", False)]
    assert seen.at_rest == [("listening", "listening")]


def test_a_turn_that_is_taken_while_the_socket_is_gone_is_shown_to_the_next():
    seen = call(QUESTION, Drops(2.16, 3.0))

    assert [text for at, text in seen.turns() if at >= 3.0] == [QUESTION.text]


def test_a_reply_that_ended_while_the_socket_was_gone_has_its_end_shown_to_the_next():
    silent = Client(reports=False)
    seen = call(QUESTION, Stops(2.8), Drops(2.9, 4.0), client=silent, voice=Voice(character_s=0.1))

    assert seen.times("reply_ended", reply=1, interrupted=True) == [near(4.0)]


def test_a_failure_while_the_socket_is_gone_is_told_to_the_next():
    seen = call(Types(0.5, "hello"), Drops(0.6, 3.0), model=Model(failures=(0,)))

    assert seen.times("notice", code="no_answer") == [near(3.0)]


def test_a_noise_costs_no_answer_to_what_was_typed():
    """Nothing is being said that it could interrupt, and it brings no words."""
    seen = call(Types(0.32, "what time is it"), Says(0.512, 1.152), model=Model(ttft_s=1.5))

    assert seen.heard() == [("It is noon.", False)]


@pytest.mark.parametrize("final_s", [2.0, 3.9])
def test_an_ear_that_answers_late_loses_no_question(final_s):
    """The turn is forgotten for want of words, and comes back with them."""
    seen = call(QUESTION, ear=Ear(final_s=final_s, interim_every_s=None))

    assert seen.rows.turns == {1: "what time is it"}
    assert seen.told() == ["user: ", "user: what time is it", "assistant: It is noon."]


def test_a_cough_before_an_ear_that_is_late_has_answered_loses_no_question():
    seen = call(QUESTION, Says(4.0, 4.4), ear=Ear(final_s=2.2, interim_every_s=None))

    assert seen.rows.turns == {1: "what time is it"}
    assert seen.heard() == [("It is noon.", False)]
