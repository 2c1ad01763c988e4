"""When one question's answer may be given to another."""

import pytest

from conversations.sameness import Question, difference
from conversations.sameness.rules import RULES
from tests.conversations.sameness.different_questions import DIFFERENT, SAME


def pairs(table: str) -> list[tuple[str, str]]:
    return [
        (one.strip(), other.strip())
        for one, other in (line.split("|") for line in table.strip().splitlines())
    ]


ALL_DIFFERENT = [(rule, *pair) for rule, table in DIFFERENT.items() for pair in pairs(table)]


@pytest.mark.parametrize(("rule", "one", "other"), ALL_DIFFERENT)
def test_questions_that_differ_in_one_thing_have_different_answers(rule, one, other):
    assert difference(Question.of(one), Question.of(other)) is not None


@pytest.mark.parametrize(("rule", "one", "other"), ALL_DIFFERENT)
def test_the_rule_that_is_meant_sees_it_by_itself(rule, one, other):
    one, other = Question.of(one), Question.of(other)
    if rule == "names":
        assert one.names != other.names
    else:
        assert RULES[rule](one) != RULES[rule](other)


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_two_ways_to_ask_the_same_have_one_answer(one, other):
    assert difference(Question.of(one), Question.of(other)) is None
    assert difference(Question.of(other), Question.of(one)) is None


@pytest.mark.parametrize(("rule", "one", "other"), ALL_DIFFERENT)
def test_a_question_is_the_same_as_itself(rule, one, other):
    assert difference(Question.of(one), Question.of(one.lower().rstrip("?"))) is None


def test_there_are_as_many_pairs_as_were_asked_for():
    assert len(ALL_DIFFERENT) >= 200
