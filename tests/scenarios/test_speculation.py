"""Answers that are begun before the turn is over: adopted, dropped, and never heard of.

They speak from 0.96 to 1.92 s; the dip is known at 1.984 and the turn is taken at 2.240.
"""

from dataclasses import replace

import pytest

from tests.scenarios.call import POLICY, call
from tests.scenarios.timeline import Ear, Model, Says, Tells, Voice

QUESTION = Says(0.96, 1.92, "what time is it")
FAST = Ear(interim_every_s=0.1, lag_s=0.05)
QUICK = {"ear": FAST, "voice": Voice(ttfb_s=0.05), "model": Model(ttft_s=0.05)}


def near(at_s: float) -> object:
    return pytest.approx(at_s, abs=0.004)


def test_an_answer_that_is_ready_is_heard_the_moment_the_turn_is_over():
    seen = call(QUESTION, **QUICK)

    assert seen.asked == [(near(1.984), "what time is it")]
    assert seen.times("reply_started") == [near(2.24)]
    assert seen.of("turn_metrics")[0]["adopted"] is True


def test_a_clause_that_may_be_all_is_answered_before_the_voice_falls_silent():
    seen = call(QUESTION, policy=replace(POLICY, clause_pause_s=0.35), **QUICK)

    assert seen.asked[0] == (near(1.618), "what time is")
    assert seen.asked[1] == (near(1.874), "what time is it")
    assert seen.times("reply_started") == [near(2.24)]
    assert seen.heard() == [("It is noon.", False)]


def test_one_that_takes_longer_is_heard_when_it_is_ready():
    seen = call(QUESTION, ear=FAST, model=Model(ttft_s=0.4), voice=Voice(ttfb_s=0.12))

    assert seen.asked == [(near(1.984), "what time is it")]
    assert seen.times("reply_started") == [near(1.984 + 0.4 + 0.02 + 0.12)]


def test_without_speculation_it_is_asked_when_the_turn_is_over():
    seen = call(QUESTION, policy=replace(POLICY, speculations_max=0), **QUICK)

    assert seen.asked == [(near(2.24), "what time is it")]
    assert seen.of("turn_metrics")[0]["adopted"] is False


def test_who_goes_on_hears_nothing_of_what_was_begun():
    seen = call(QUESTION, Says(2.112, 2.88, "in Rome"), **QUICK)

    assert [text for _, text in seen.asked] == ["what time is it", "what time is it in Rome"]
    assert [m["reply"] for m in seen.of("reply_started")] == [1]
    assert seen.turns() == [(near(3.2), "what time is it in Rome")]
    assert list(seen.rows.replies) == [1]


def test_other_words_at_last_are_another_question():
    ear = replace(FAST, tells=(Tells(2.0, "in Rome", is_final=True),))
    seen = call(QUESTION, ear=ear, model=QUICK["model"], voice=QUICK["voice"])

    assert [text for _, text in seen.asked][::2] == ["what time is it", "in Rome what time is it"]
    assert seen.turns() == [(near(2.24), "in Rome what time is it")]
    assert len(seen.rows.replies) == 1


def test_a_turn_is_answered_three_times_at_most():
    pieces = [
        Says(at, at + 0.24, f"word{n}") for n, at in enumerate((0.96, 1.312, 1.664, 2.016, 2.368))
    ]

    seen = call(*pieces, **QUICK)

    assert len(seen.asked) <= 4
    assert seen.of("turn_metrics")[0]["speculated"] <= 3
    assert seen.turns() == [(near(2.912), "word0 word1 word2 word3 word4")]


def test_one_that_fails_in_secret_is_asked_again():
    seen = call(QUESTION, ear=FAST, model=Model(ttft_s=0.05, failures=(0,)))

    assert [text for _, text in seen.asked] == ["what time is it"] * 2
    assert seen.of("notice") == []
    assert seen.heard() == [("It is noon.", False)]


def test_one_that_fails_when_it_is_wanted_is_told():
    seen = call(QUESTION, ear=FAST, model=Model(ttft_s=0.5, failures=(0, 1)))

    assert [notice["code"] for notice in seen.of("notice")] == ["no_answer"]
    assert seen.at_rest == [("listening", "listening")]


def test_a_tool_with_an_effect_waits_until_the_turn_is_certain():
    model = Model(ttft_s=0.05, remembers=(0,))
    seen = call(QUESTION, ear=FAST, model=model, voice=QUICK["voice"])

    assert seen.asked[0] == (near(1.984), "what time is it")
    assert [at >= 2.24 for at, _ in seen.rows.remembered] == [True]
    assert seen.heard() == [("It is noon.", False)]


def test_what_was_begun_for_nothing_is_not_remembered():
    model = Model(ttft_s=0.01, remembers=(0,))
    seen = call(QUESTION, Says(2.112, 2.88, "in Rome"), ear=FAST, model=model)

    assert [text for _, text in seen.asked] == ["what time is it", "what time is it in Rome"]
    assert seen.rows.remembered == []


def test_hanging_up_leaves_no_speculation_behind():
    seen = call(QUESTION, ends_s=2.1, **QUICK)

    assert seen.left == []
    assert seen.of("reply_started") == []
    assert seen.rows.turns == {1: "what time is it"}
