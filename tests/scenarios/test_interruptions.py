"""Somebody speaks over a reply: it ducks at once, and a moment later it is clear whether it stops.

The first question is asked from 0.96 to 1.92 s; its answer is heard from 2.240 s for 4.9 s, and
over when 5 ms are left of it.
"""

import pytest

from tests.scenarios.call import POLICY, call
from tests.scenarios.seen import Seen
from tests.scenarios.timeline import Client, Commits, Ear, Model, Says, Stops, Types, Voice
from voice.turns.heard import Spoken, heard_text

COUNTING = "One two three four five. Six seven eight nine ten."
QUICK = {
    "model": Model((COUNTING, "It is noon."), ttft_s=0.05),
    "voice": Voice(ttfb_s=0.03, character_s=0.1),
}
ASKS = Says(0.96, 1.92, "please count to ten")


def over(*steps, **parts) -> Seen:
    """While it counts."""
    return call(ASKS, *steps, **QUICK | parts)


def near(at_s: float) -> object:
    return pytest.approx(at_s, abs=0.004)


def test_a_reply_that_nobody_interrupts_is_heard_to_its_end():
    seen = over()

    assert seen.times("reply_started") == [near(2.24)]
    assert seen.heard() == [(COUNTING, False)]
    assert seen.times("reply_ended") == [near(7.135)]


def test_a_voice_ducks_and_its_words_interrupt():
    seen = over(Says(3.2, 4.16, "no wait stop"))

    assert seen.times("duck", reply=1) == [near(3.296)]
    assert seen.times("interrupted", reply=1) == [near(3.542)]
    assert seen.heard()[0][1] is True
    assert seen.turns() == [(near(2.24), ASKS.text), (near(4.48), "no wait stop")]


def test_a_voice_without_words_interrupts_when_it_goes_on():
    seen = over(Says(3.2, 4.16, "no wait stop"), ear=Ear(interim_every_s=None))

    assert seen.times("interrupted", reply=1) == [near(3.2 + POLICY.interruption.wordless_s)]


@pytest.mark.parametrize("text", ["", "mm-hm", "right"])
def test_a_cough_or_a_backchannel_lifts_the_duck_and_nothing_is_lost(text):
    seen = over(Says(3.2, 3.52, text))

    assert seen.times("duck") == [near(3.296)]
    assert len(seen.times("unduck")) == 1
    assert seen.times("unduck")[0] <= 3.2 + 0.6
    assert seen.heard() == [(COUNTING, False)]
    assert seen.times("reply_ended") == [near(7.135)]
    assert len(seen.rows.turns) == 1


def test_what_was_let_pass_can_still_become_an_interruption():
    seen = over(Says(3.2, 3.52, "right"), Says(3.84, 4.48, "but why"))

    assert len(seen.times("duck")) == 2
    assert seen.heard()[0][1] is True
    assert "but why" in seen.turns()[-1][1]


def test_words_over_the_very_end_are_the_next_turn():
    seen = over(Says(7.04, 7.52, "and again"))

    assert [text for _, text in seen.turns()] == [ASKS.text, "and again"]
    assert [text for text, _ in seen.heard()] == [COUNTING, "It is noon."]


def test_a_key_silences_at_once():
    seen = over(Stops(2.9), client=Client(network_s=0.05))

    assert seen.times("interrupted") == [near(3.0)]
    assert seen.times("reply_ended") == [near(3.1)]  # a way there and back: the client has reported
    assert [text for _, text in seen.turns()] == [ASKS.text]


def test_a_typed_turn_silences_at_once_and_is_answered():
    seen = over(Types(3.0, "what time is it"))

    assert seen.times("interrupted") == [near(3.0)]
    assert seen.asked[-1] == (near(3.0), "what time is it")
    assert seen.heard()[1] == ("It is noon.", False)


def test_to_hold_the_key_and_let_it_go_interrupts_whatever_was_said():
    seen = over(Says(3.2, 3.52, "right"), Commits(3.45))

    assert seen.times("interrupted") == [near(3.45)]
    assert [text for _, text in seen.turns()] == [ASKS.text, "right"]


def test_a_reply_of_which_nothing_was_played_was_not_heard():
    seen = over(Stops(2.3), client=Client(buffer_s=0.3))

    assert seen.heard() == [("", True)]
    assert seen.rows.replies[1]["text"] == ""


def test_what_was_heard_is_what_the_client_played():
    voice = Voice(ttfb_s=0.03, character_s=1 / 15)
    seen = over(Stops(3.4), client=Client(network_s=0.1, buffer_s=0.2), voice=voice)

    # It was released at 2.34, since sound takes 0.1 s to the server, and heard 0.3 s later; the key
    # takes a way there and back. A sentence of 20 letters takes 1.6 s: the 12th is in “four”,
    # before its middle.
    assert seen.played[1] / 24_000 == near(3.4 + 0.2 - 2.34 - 0.3)
    assert seen.heard() == [("One two three", True)]


@pytest.mark.parametrize("tenth", range(10))
def test_words_that_were_heard_after_a_report_had_left_count_too(tenth):
    """The client reports at 3.25 and 3.5 s. What it sent before it got `interrupted`, 0.2 s after
    the key, is not its last word."""
    seen = over(Stops(3.0 + tenth / 20), client=Client(network_s=0.1, buffer_s=0.05))

    sentence = "One two three four five."
    spoken = Spoken(sentence, 0, samples=QUICK["voice"].samples(sentence), is_whole=True)
    assert seen.heard() == [(heard_text([spoken], seen.played[1]), True)]
    assert seen.times("reply_ended")[0] - seen.times("interrupted")[0] <= 0.5


def test_nobody_is_interrupted_twice():
    seen = over(Says(3.2, 4.16, "no wait stop"), Stops(3.5), Stops(3.6))

    assert len(seen.times("interrupted", reply=1)) == 1
    assert len(seen.times("reply_ended", reply=1)) == 1
