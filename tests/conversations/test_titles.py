import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.titles import TITLE_LENGTH, title_from


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("what's the time in Berlin?", "What's the time in Berlin?"),
        ("hello there.", "Hello there"),
        ("  two   lines\nof words ", "Two lines of words"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_the_first_words_become_the_title(text: str, title: str) -> None:
    assert title_from(text) == title


def test_a_long_text_is_cut_at_the_end_of_a_word() -> None:
    title = title_from(
        "please remember that the spare key lies under the third flower pot at the door"
    )

    assert title == "Please remember that the spare key lies under the third…"


@given(st.text())
def test_a_title_fits_on_a_line(text: str) -> None:
    assert len(title_from(text)) <= TITLE_LENGTH
    assert "\n" not in title_from(text)


def test_one_endless_word_is_cut() -> None:
    assert title_from("a" * 100) == f"A{'a' * (TITLE_LENGTH - 2)}…"
