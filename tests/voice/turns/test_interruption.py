from dataclasses import replace

import pytest

from voice.turns.interruption import Interruption, Overlap, Verdict, due_s, judge

POLICY = Interruption()
INTERRUPTS, LETS_PASS, UNDECIDED = Verdict.INTERRUPTS, Verdict.LETS_PASS, Verdict.UNDECIDED


def going_on(voiced_s, text="", **rest):
    """The voice is still there."""
    return Overlap(voiced_s, text=text, **rest)


def over(voiced_s, silent_s, text="", **rest):
    """The voice has fallen silent."""
    return Overlap(voiced_s, silent_s, text, **rest)


def verdict(overlap):
    return judge(overlap, POLICY)


@pytest.mark.parametrize("text", ["stop", "No.", "wait", "what about the price", "Thanks"])
def test_words_with_content_interrupt_as_soon_as_they_are_there(text):
    assert verdict(going_on(0.5, text)) is INTERRUPTS
    assert verdict(over(0.5, 0.1, text)) is INTERRUPTS


def test_a_backchannel_lets_pass_once_it_is_over():
    assert verdict(going_on(0.35, "yeah")) is UNDECIDED
    assert verdict(over(0.35, 0.064, "yeah")) is LETS_PASS


def test_a_backchannel_that_is_drawn_out_lets_pass_in_time():
    assert verdict(going_on(POLICY.decide_s, "right okay")) is LETS_PASS


def test_a_backchannel_that_turns_into_an_objection_interrupts():
    assert verdict(going_on(0.6, "yeah")) is LETS_PASS
    assert verdict(going_on(0.8, "yeah but")) is INTERRUPTS


def test_the_first_word_of_a_longer_backchannel_waits_for_the_next():
    assert verdict(going_on(0.3, "I")) is UNDECIDED
    assert verdict(over(0.4, 0.1, "I")) is LETS_PASS
    assert verdict(going_on(0.4, "I meant")) is INTERRUPTS


def test_the_first_word_of_one_interrupts_if_nothing_follows():
    assert verdict(over(0.4, 0.2, "I", is_final=True)) is INTERRUPTS
    assert verdict(over(0.4, POLICY.last_word_s, "I")) is INTERRUPTS


def test_a_cough_lets_pass():
    assert verdict(going_on(0.2)) is UNDECIDED
    assert verdict(over(0.2, 0.1)) is UNDECIDED
    assert verdict(over(0.2, POLICY.silent_s)) is LETS_PASS


def test_a_longer_cough_lets_pass_as_soon_as_it_is_over():
    assert verdict(over(0.5, POLICY.dip_s)) is LETS_PASS


def test_a_voice_that_goes_on_without_words_interrupts():
    assert verdict(going_on(POLICY.wordless_s - 0.01)) is UNDECIDED
    assert verdict(going_on(POLICY.wordless_s)) is INTERRUPTS


def test_a_word_that_comes_late_interrupts_after_all():
    assert verdict(over(0.3, 0.25)) is LETS_PASS
    assert verdict(over(0.3, 0.35, "stop", is_final=True)) is INTERRUPTS


@pytest.mark.parametrize("overlap", [going_on(3.0, "the weather is"), over(0.5, 0.1, "stop")])
def test_echo_never_interrupts(overlap):
    assert verdict(replace(overlap, is_echo=True)) is LETS_PASS


def test_words_that_cannot_have_been_said_do_not_interrupt():
    assert verdict(over(0.25, 0.1, "Thank you for watching!")) is UNDECIDED
    assert verdict(over(0.25, 0.3, "Thank you for watching!")) is LETS_PASS


def test_backchannels_are_those_of_the_language():
    assert verdict(over(0.3, 0.1, "genau", language="de")) is LETS_PASS
    assert verdict(over(0.3, 0.1, "genau", language="en")) is INTERRUPTS


@pytest.mark.parametrize("text", ["", "yeah", "I", "thank you for watching"])
@pytest.mark.parametrize("silent_s", [None, 0.0, 0.032, 0.064, 0.15])
@pytest.mark.parametrize("voiced_s", [0.096, 0.3, 0.48, 0.55])
def test_when_it_is_due_it_is_decided(voiced_s, silent_s, text):
    """Asked again when it said so, with nothing new, there is a verdict: nobody stays ducked."""
    overlap = Overlap(voiced_s, silent_s, text)
    due = due_s(overlap, POLICY)
    if verdict(overlap) is not UNDECIDED:
        assert due is None
        return
    assert due is not None
    assert due > 0
    if silent_s is None:
        later = replace(overlap, voiced_s=voiced_s + due + 1e-6)
    else:
        later = replace(overlap, silent_s=silent_s + due + 1e-6)
    assert verdict(later) is not UNDECIDED


def test_a_false_one_is_let_pass_within_540_ms_of_its_onset():
    """600 ms at the speaker."""
    for voiced_ms in range(96, 470, 10):
        overlap = over(voiced_ms / 1000, 0.0)
        due = due_s(overlap, POLICY)
        assert due is not None
        assert voiced_ms / 1000 + due <= 0.54


def test_what_is_over_before_a_word_could_be_said_has_none():
    blip, word = POLICY.word_s - 0.05, POLICY.word_s + 0.05
    assert verdict(over(blip, 0.3, "uh I", is_final=True)) is not INTERRUPTS
    assert verdict(over(word, 0.3, "wait", is_final=True)) is INTERRUPTS


def test_a_voice_without_words_has_to_go_on_for_longer_where_an_echo_is_heard():
    assert verdict(going_on(POLICY.wordless_s)) is INTERRUPTS
    assert verdict(going_on(POLICY.wordless_s, has_echo=True)) is UNDECIDED
    assert verdict(going_on(POLICY.wordless_echo_s, has_echo=True)) is INTERRUPTS
    assert verdict(going_on(0.4, "wait", has_echo=True)) is INTERRUPTS
