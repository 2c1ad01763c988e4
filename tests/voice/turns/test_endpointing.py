from dataclasses import replace

import pytest

from voice.turns.endpointing import PATIENCE, Endpointing, Evidence
from voice.turns.pauses import Habit

POLICY = Endpointing()
THINKER, HASTY = Habit(usual_s=1.0), Habit(usual_s=0.3)


def pause(text, **rest):
    return POLICY.pause(Evidence(text=text, **rest))


def test_the_less_finished_it_sounds_the_longer_it_waits():
    texts = ["what time is it", "I think we should leave", "my account", "I want to go to"]
    pauses = [pause(text) for text in texts]
    assert pauses == sorted(set(pauses))


@pytest.mark.parametrize("word", ["yes", "no", "seven", "Tomorrow."])
def test_a_one_word_answer_is_taken_soon(word):
    assert pause(word) <= 0.35


def test_without_words_it_waits_longer_than_for_a_statement():
    assert pause("I live in Berlin") < pause("") == POLICY.pause_s


def test_nothing_is_waited_for_longer_than_three_seconds():
    assert pause("and then", habit=Habit(usual_s=60.0)) < 3.0


def test_somebody_who_pauses_for_long_is_given_longer():
    text = "I have a house"
    assert pause(text, habit=HASTY) < pause(text) < pause(text, habit=THINKER)


def test_a_question_is_answered_as_soon_whoever_asks():
    assert pause("what time is it", habit=THINKER) == pause("what time is it", habit=HASTY)


@pytest.mark.parametrize("text", ["what time is it", "I have a house"])
def test_a_voice_that_does_not_sound_over_is_given_longer(text):
    assert pause(text, ends_probability=0.1) > pause(text)
    assert pause(text, ends_probability=0.9) == pause(text)


def test_a_voice_that_sounds_over_does_not_close_an_open_clause():
    assert pause("I want to go to", ends_probability=1.0) == pause("I want to go to")


def test_a_statement_is_doubted_sooner_than_a_question():
    assert pause("I have a house", ends_probability=0.7) > pause("I have a house")
    assert pause("what time is it", ends_probability=0.7) == pause("what time is it")


def test_an_ear_that_judges_turns_goes_before_all_else():
    assert pause("I want to go to", turn_over=True) == 0.0
    assert pause("what time is it", turn_over=False, ends_probability=1.0) == POLICY.open_s


def test_the_patient_wait_longer_for_statements_and_for_nothing_else():
    quick, patient = PATIENCE["quick"], PATIENCE["patient"]
    statement, question = Evidence("I have a house"), Evidence("what time is it")
    assert patient.pause(statement) > quick.pause(statement)
    assert patient.pause(question) == quick.pause(question)


def test_doubt_is_a_setting():
    never = replace(POLICY, finished_doubt=0.0)
    evidence = Evidence(text="what time is it", ends_probability=0.1)
    assert never.pause(evidence) == never.finished_s


def test_a_single_word_is_not_doubted():
    assert pause("yes", ends_probability=0.1) == pause("yes")
