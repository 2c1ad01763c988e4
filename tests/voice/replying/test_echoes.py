from dataclasses import replace

import pytest

from voice.replying.echoes import EARLIEST_S, SURE_S, Echoes, without_echo
from voice.text.echo import SaidWord
from voice.turns.events import TranscriptGrew
from voice.turns.state import Speech

REPLY = "to reset the router hold the small button on the back"
SAID = [SaidWord(word, 0.4 * place) for place, word in enumerate(REPLY.split())]
"""Four seconds of a reply."""
ONSET = 3.0


def told(at, text, utterance=1, **rest):
    return TranscriptGrew(at, utterance, text, **rest)


def voice(began_at=ONSET, **rest):
    return Speech(1, began_at, began_at, began_at, **rest)


def after_echo(text, at, speech, said=SAID):
    """What is left of this, where the echo's first words had been told before anybody spoke."""
    echoes = Echoes()
    for early in ("to reset", "to reset the ruder hold"):
        echoes.taken_out(told(2.5, early), said, None, is_guarded=True)
    return echoes.taken_out(told(at, text), said, speech, is_guarded=True).text


def test_what_an_ear_told_before_the_voice_is_not_the_users():
    assert after_echo("to reset the ruder hold", ONSET + 0.5, voice()) == ""
    assert after_echo("to reset the ruder hold wait please", ONSET + 0.5, voice()) == "wait please"


def test_an_ear_may_change_its_mind_about_the_words_before():
    text = "to re set the router holds wait please"
    assert after_echo(text, ONSET + 0.5, voice()) == "wait please"


def test_without_a_reply_all_words_are_the_users():
    assert after_echo("to reset wait", ONSET + 0.5, voice(), said=[]) == "to reset wait"


def test_another_utterance_begins_anew():
    echoes = Echoes()
    echoes.taken_out(told(2.5, "to reset the ruder hold"), SAID, None, is_guarded=True)
    event = told(ONSET + 0.5, "what about Sunday", utterance=2)
    assert echoes.taken_out(event, SAID, voice(), is_guarded=True).text == "what about Sunday"


def test_what_is_told_after_a_cough_is_not_the_coughs():
    cough = replace(voice().paused(ONSET + 0.2, at=ONSET + 0.36), has_passed=True)
    echoes = Echoes()
    echoes.taken_out(told(ONSET + 0.5, "", is_final=True), SAID, cough, is_guarded=True)
    echoes.taken_out(told(ONSET + 0.9, "funny plants", utterance=2), SAID, cough, is_guarded=True)
    later = told(ONSET + 1.5, "funny plants stop now", utterance=2)
    assert echoes.taken_out(later, SAID, voice(ONSET + 1.0), is_guarded=True).text == "stop now"


def test_words_in_a_pause_of_who_has_the_floor_are_theirs():
    pause = voice().paused(ONSET + 0.5, at=ONSET + 0.66)
    echoes = Echoes()
    echoes.taken_out(told(ONSET + 0.8, "my name is", is_final=True), SAID, pause, is_guarded=True)
    late = told(ONSET + 1.2, "Jennifer", utterance=2)
    assert echoes.taken_out(late, SAID, pause, is_guarded=True).text == "Jennifer"


@pytest.mark.parametrize("is_guarded", [True, False])
def test_an_echo_has_no_words_or_is_called_one(is_guarded):
    event = without_echo(told(3.4, "hold the small"), SAID, voice(2.0), is_guarded=is_guarded)
    assert (event.text, event.is_echo) == (("", False) if is_guarded else ("hold the small", True))


def test_a_lone_vowel_counts_only_once_it_is_sure_that_somebody_speaks():
    def left(spoken_s):
        at = ONSET + spoken_s
        return without_echo(told(at, "u"), SAID[:2], voice(), is_guarded=True).text

    assert (left(SURE_S - 0.1), left(SURE_S + 0.1)) == ("", "u")


def test_words_that_come_with_the_voice_are_of_the_sound_before_it():
    echoes = Echoes()
    early = told(ONSET + EARLIEST_S - 0.1, "leap")
    assert echoes.taken_out(early, SAID, voice(), is_guarded=True).text == ""
    later = told(ONSET + 0.6, "leap wait please")
    assert echoes.taken_out(later, SAID, voice(), is_guarded=True).text == "wait please"
