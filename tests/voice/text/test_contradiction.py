import pytest

from voice.text.contradiction import contradicts

CONTRADICTED = """
    That's not what I asked.
    that is not what i asked
    No, that's not what I meant.
    No, I meant the other one.
    no i meant austria
    Wrong answer.
    That's wrong.
    That is completely wrong.
    No, that's not right.
    That isn't what I wanted to know.
    That wasn't the question.
    You misunderstood me.
    You didn't answer my question.
    I didn't ask for the capital.
    I was asking about Australia.
    No, not Austria.
    No.
    Nope!
    Sorry, I meant Australia.
    Actually, I asked for the river.
    Answer my question.
    You're wrong.
    Not what I asked.
    That’s not it.
"""
NOT_CONTRADICTED = """
    Thank you.
    And what about Italy?
    Why is that so?
    No problem.
    What is not in France?
    Is it wrong to eat meat?
    What does it mean?
    Tell me more about that.
    No, thank you, that is all.
    Nothing else.
    I know.
    What did I ask before?
    Great, and how old is it?
    Not bad.
"""


def lines(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


@pytest.mark.parametrize("text", lines(CONTRADICTED))
def test_somebody_says_that_it_was_no_answer(text):
    assert contradicts(text)


@pytest.mark.parametrize("text", lines(NOT_CONTRADICTED))
def test_somebody_goes_on(text):
    assert not contradicts(text)
