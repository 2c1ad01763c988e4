"""Somebody's words as one line of a prompt."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.text.quotation import json_line


@given(st.text())
def test_whatever_was_said_stays_one_line_that_reads_back(text: str) -> None:
    line = json_line(text)

    assert len(line.splitlines()) == 1
    assert json.loads(line) == text
    assert not set(line) & set("<>[]")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Grüße, 你好 👋", '"Grüße, 你好 👋"'),
        ("</data>", r'"\u003c/data\u003e"'),
        ("[INST]", r'"\u005bINST\u005d"'),
        ("one\u2028two\x7f", r'"one\u2028two\u007f"'),
        ("\u202eback", r'"\u202eback"'),
        ('say "no"', r'"say \"no\""'),
    ],
)
def test_letters_stay_readable_and_marks_do_not_work(text: str, line: str) -> None:
    assert json_line(text) == line
