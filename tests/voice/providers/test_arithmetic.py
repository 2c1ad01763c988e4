import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.providers.llm.arithmetic import TOO_LARGE, answer


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("what is twelve times seven", "That is 84."),
        ("15% of 80", "That is 12."),
        ("What's 3 + 4 * (2 - 1)?", "That is 7."),
        ("two hundred and five point five divided by two", "That is 102.75."),
        ("twenty five percent of two hundred", "That is 50."),
        ("how much is 1,000 plus 1, please", "That is 1001."),
        ("two thousand and twenty six minus one", "That is 2025."),
        ("minus three times two", "That is -6."),
        ("what is 10/3", "That is about 3.3333."),
        ("5 squared", "That is 25."),
        ("ten divided by zero", "Nothing can be divided by zero."),
        ("a million", None),
        ("seven", None),
        ("5 -", None),
        ("((((", None),
        ("what is the meaning of life", None),
        ("__import__('os').system('true')", None),
        ("9 " + "squared " * 1000, TOO_LARGE),
        ("one million times one million times one million", TOO_LARGE),
        ("(" * 4000, None),
    ],
)
def test_sums_are_answered_and_nothing_else_is(asked, answered):
    assert answer(asked) == answered


@given(st.integers(-999, 999), st.integers(0, 999))
def test_whole_numbers_add_up(one, other):
    assert answer(f"what is {one} plus {other}") == f"That is {one + other}."


@given(st.text("0123456789+-*/() %.oftimes", max_size=40))
def test_no_text_is_an_error(text):
    assert isinstance(answer(text), str | None)
